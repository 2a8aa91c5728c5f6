"""Who, where and on what day: what an article names, as keys that are the same in every script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from math import log
from pathlib import Path

from crosslingual.language.lexicons import find_cities, find_peoples
from crosslingual.language.names import find_calendar_words, find_countries, find_proper_names
from crosslingual.language.phonetics import find_transcriptions, loose_consonants
from crosslingual.language.transliteration import name_syllables

MAX_CHARS = 600
"""Characters of a sentence that are read for names."""
_MIN_CONSONANTS = 3
"""Consonants of a name below which it sounds like many others."""
_CHINESE_NAME_CHARS = 3  # a family name and a given name of two
_MAX_NAMES = 120
"""Names of an article that are kept."""
_WORD = re.compile(r"[^\W\d_]{4,40}")
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?\s?$", re.ASCII)
_DAY_AFTER_MONTH = re.compile(r"\s(\d{1,2})(?!\d|:)", re.ASCII)
_CHINESE_DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]", re.ASCII)


def article_names(texts: Iterable[str], lang: str) -> frozenset[str]:
    """What an article's title and first sentences name: persons and places by sound, peoples, days.

    Chinese names are keyed by their syllables (``n:xi-jin-ping``), others strictly by how they sound in an
    alphabet (``s:``) and loosely by consonants, from any script (``l:``), countries and cities by what they
    are, days as ``t:10-18``.
    """
    found: dict[str, None] = {}
    for text in texts:
        # Half of a surrogate pair is nothing that a word cutter takes.
        for key in _find_keys(text[:MAX_CHARS].encode(errors="replace").decode(), lang):
            found[key] = None
            if len(found) >= _MAX_NAMES:
                return frozenset(found)
    return frozenset(found)


def _find_keys(text: str, lang: str) -> Iterator[str]:
    yield from (f"g:{place}" for place, *_ in find_cities(text, lang))
    yield from (country for country, *_ in find_countries(text, lang))
    # 日 is also a day: of one character nothing is told.
    yield from (f"c:{code}" for code, match in find_peoples(text, lang) if len(match[0]) > 1)
    yield from _find_days(text, lang)
    if lang == "zh":
        yield from _find_chinese_names(text)
        sounds = (sound for _, _, sound in find_transcriptions(text))
    else:
        for syllables in name_syllables(text, lang, declined=True):
            if len(syllables) > 1:
                yield f"n:{'-'.join(syllables)}"
        yield from (key for key, *_ in find_proper_names(text, lang) if len(key) > _MIN_CONSONANTS + 1)
        words = (match[0] for match in _WORD.finditer(text))
        sounds = (loose_consonants(word) for word in words if word[0].isupper())
    yield from (f"l:{sound}" for sound in sounds if len(sound) >= _MIN_CONSONANTS)


def _find_chinese_names(text: str) -> Iterator[str]:
    """Persons as the word cutter tells them: by their given names, which other scripts write as one word."""
    import rjieba

    for word, tag in rjieba.tag(text):
        if tag.startswith("nr") and len(word) == _CHINESE_NAME_CHARS:
            for syllables in name_syllables(word[1:]):
                yield f"n:{'-'.join(syllables)}"


def _find_days(text: str, lang: str) -> Iterator[str]:
    for match in _CHINESE_DAY.finditer(text):
        yield from _day_key(int(match[1]), int(match[2]))
    if lang == "zh":
        return
    for key, start, end in find_calendar_words(text, lang):
        if not key.startswith("m:"):
            continue
        day = _DAY_OF_MONTH.search(text, max(0, start - 6), start) or _DAY_AFTER_MONTH.match(text, end)
        if day:
            yield from _day_key(int(key[2:]), int(day[1]))


def _day_key(month: int, day: int) -> Iterator[str]:
    if 1 <= month <= 12 and 1 <= day <= 31:
        yield f"t:{month}-{day}"


@cache
def _shares() -> tuple[float, dict[str, float]]:
    """How many articles were counted, and in how many of them the commonest names stand."""
    counted = json.loads((Path(__file__).parent / "name_counts.json").read_text(encoding="utf-8"))
    return float(counted["articles"]), {key: float(count) for key, count in counted["counts"].items()}


def name_weight(key: str) -> float:
    """How much a name tells: the logarithm of how many articles there are to one that has it."""
    articles, counts = _shares()
    return log(articles / max(counts.get(key, 0.0), _MIN_COUNT))


_MIN_COUNT = 4
"""Articles that any name is taken to stand in: what was not counted is rare, but not unheard of."""
