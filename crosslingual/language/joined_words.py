"""Words that run together, as in Russian and Ukrainian texts that lost their links."""

from __future__ import annotations

import re

_SCRIPT_CHANGE = re.compile("(?<=[а-яёіїєґ])(?=[A-Za-z])|(?<=[A-Za-z])(?=[а-яёіїєґ])")
_LOST_BLANK = re.compile(
    "(?:(?<=ет)|(?<=ёт)|(?<=ют)|(?<=ит)|(?<=ут)|(?<=ил)|(?<=ал)|(?<=ла)|(?<=ло)|(?<=ли)|(?<=ой)|(?<=ью)|(?<=ії)|(?<=ть)|(?<=є))"
    "(?=[А-ЯЁІЇЄҐ][а-яёіїєґ])"
    "|(?<=ло)(?=агентство|издание)"
    "|(?<=[а-яё]{2})(?=(?:сообща[ею]т|переда[её]т|цитирует|информирует|уточняет|утвержда[ею]т|заявля[ею]т|заявил[аио]?)(?![а-яё]))"
)
"""Where two words of Cyrillic run together, as in texts that lost their links: «сообщаетБи-би-си», «Каксообщает»."""


def part_joined_words(text: str, lang: str) -> tuple[str, list[int]]:
    """``text`` with a blank where words run together that cite or are of two scripts; where its characters stood."""
    patterns = (_SCRIPT_CHANGE, _LOST_BLANK) if lang in ("ru", "uk") else ()
    cuts = {match.start() for pattern in patterns for match in pattern.finditer(text)}
    places = [place for place in range(len(text)) for _ in range(1 + (place in cuts))]
    parted = "".join(f" {char}" if place in cuts else char for place, char in enumerate(text))
    return parted, places
