"""What is known of a sentence in a foreign language: names, places, numbers and dates, in the reader's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from anyascii import anyascii
from babel import Locale, UnknownLocaleError

from crosslingual.align.names import proper
from crosslingual.framing.named import Mark, amount, marks
from crosslingual.sources import country_name

MOST = 6
"""Items of a gist, of which each has at most ``WIDEST`` characters."""
WIDEST = 40
_NEAR = 2  # characters between a day and its month


def sounds(texts: Iterable[str], lang: str) -> dict[str, str]:
    """How the names in ``texts`` are written, by how they sound; what begins a sentence may be no name."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for key, start, end, first in proper(text, lang):
            if not first:
                found.setdefault(key, Counter())[text[start:end]] += 1
    return {key: forms.most_common(1)[0][0] for key, forms in found.items()}


def gist(text: str, lang: str, reader: str, known: Mapping[str, str], names: frozenset[str]) -> list[str]:
    """Names, places, numbers and dates of ``text`` in their order, as ``reader``'s language writes them.

    Args:
        text: a sentence in ``lang``.
        lang: its language, ISO 639-1.
        reader: the language that is read in.
        known: names as the event's articles in that language write them, by ``sounds``.
        names: what articles in ``lang`` show to be names, by ``known_names``.
    """
    found = [mark for mark in marks(text, lang) if mark.firm and mark.kind in ("number", "date", "name")]
    said = list(_dated(text, found, reader))
    taken = [(mark.start, mark.end) for mark in found]
    heard: dict[tuple[int, int], str] = {}
    for key, start, end, first in proper(text, lang):
        if any(start < until and since < end for since, until in taken):
            continue
        if key in known:
            heard[start, end] = known[key]
        elif (not first or text[start:end] in names) and lang != "de":  # every noun has a capital there
            heard.setdefault((start, end), anyascii(text[start:end]))
    said += [(start, end, written) for (start, end), written in heard.items()]
    return list(dict.fromkeys(written[:WIDEST] for *_, written in sorted(said)))[:MOST]


def _dated(text: str, found: list[Mark], reader: str) -> Iterator[tuple[int, int, str]]:
    """The marks in words; a day beside its month is one."""
    days = {
        other.start: mark
        for mark in found
        if mark.key.startswith("m:")
        for other in found
        if other.kind == "number" and other.key.isdecimal() and int(other.key) <= 31
        if 0 <= mark.start - other.end <= _NEAR or 0 <= other.start - mark.end <= _NEAR
    }
    joined = {month.start for month in days.values()}
    for mark in found:
        if month := days.get(mark.start):
            yield mark.start, mark.end, f"{mark.key} {_in_words(month, text, reader)}"
        elif mark.start not in joined:
            yield mark.start, mark.end, _in_words(mark, text, reader)


def _in_words(mark: Mark, text: str, reader: str) -> str:
    head, _, rest = mark.key.partition(":")
    if mark.kind == "number":
        percent = "%" in text[mark.start : mark.end + 2] or "роцент" in text[mark.start : mark.end + 12]
        year = mark.key == text[mark.start : mark.end] and len(mark.key) == 4
        return (mark.key if year else amount(mark.key)) + (" %" if percent else "")
    locale = _locale(reader)
    if head == "c":
        return country_name(rest, reader)
    if head == "m":
        return str(locale.months["format"]["wide"][int(rest)])
    if head == "d":
        return str(locale.days["format"]["wide"][int(rest) - 1])
    return _cities(reader).get(mark.key, mark.key) if mark.kind == "name" else text[mark.start : mark.end]


@cache
def _cities(reader: str) -> Mapping[str, str]:
    zones = _locale(reader).time_zones.items()
    return {zone.rpartition("/")[2].replace("_", " "): str(at["city"]) for zone, at in zones if "city" in at}


@cache
def _locale(reader: str) -> Locale:
    try:
        return Locale.parse(reader, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
