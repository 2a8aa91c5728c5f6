"""The word lists in ``data``, as patterns that find their words in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

from crosslingual.language.names import NAME_LANGUAGES
from crosslingual.language.numbers import KeyedSpan

_DATA_FOLDER = Path(__file__).with_name("data")
_CHINESE = "zh"
_TIME_ZONE_REGIONS = ("Europe/", "Asia/", "America/", "Africa/", "Australia/")
_AMBIGUOUS_CITIES = {"zh": {"圣路易斯", "中部"}, "en": {"Center", "Nome", "Reunion"}}
"""Cities whose name is a word."""


@cache
def lexicon_patterns(name: str, lang: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of list ``name`` in ``lang``, by group; none for other languages."""
    groups = _load_lexicon(name)
    return {group: compile_words(by_lang[lang], lang) for group, by_lang in groups.items() if lang in by_lang}


@cache
def section_patterns(name: str, section: str, lang: str) -> Mapping[str, str]:
    """The patterns in ``section`` of list ``name`` in ``lang``, by key and not compiled; none for other languages."""
    return {key: words[lang] for key, words in _load_lexicon(name)[section].items() if lang in words}


def find_peoples(text: str, lang: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Words of ``text`` made of a country's name, with its code; of several countries' if they share it."""
    pattern = _peoples_pattern(lang)
    for match in pattern.finditer(text) if pattern else ():
        for code in _country_codes(match[0], lang):
            yield code, match


@cache
def _peoples_pattern(lang: str) -> re.Pattern[str] | None:
    found = _load_lexicon("places")["peoples"].get(lang, {})
    return compile_words(f"(?:{'|'.join(found.values())}){_word_ending(lang)}", lang) if found else None


@lru_cache(maxsize=20_000)
def _country_codes(word: str, lang: str) -> tuple[str, ...]:
    found = _load_lexicon("places")["peoples"].get(lang, {})
    return tuple(
        code
        for code, pattern in found.items()
        if re.fullmatch(f"(?:{pattern}){_word_ending(lang)}", word, re.IGNORECASE)
    )


def _word_ending(lang: str) -> str:
    return "" if lang == _CHINESE else r"\w*"


def find_cities(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Cities of the list and of CLDR's time zones that ``text`` names."""
    known = _city_patterns(lang)
    for match in re.finditer("." if lang == _CHINESE else r"(?<!\w)\w", text) if known else ():
        for written, key in known.get(match[0], ()):
            if city := _compile_pattern(written, lang, 0).match(text, match.start()):
                yield key, *city.span()
                break


@cache
def _city_patterns(lang: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Patterns and keys by the letter they begin with, the longest first: 新德里 before 新.

    Each is compiled once a text has a word with that letter: of most languages few are needed.
    """
    if lang not in NAME_LANGUAGES:
        return {}
    own = {key: by_lang[lang].split("|") for key, by_lang in _load_lexicon("places")["cities"].items()}
    for zone, about in Locale.parse(lang).time_zones.items():
        key, city = zone.rpartition("/")[2].replace("_", " "), str(about.get("city", ""))
        if (
            zone.startswith(_TIME_ZONE_REGIONS)
            and len(city) > 1
            and city not in _AMBIGUOUS_CITIES.get(lang, ())
        ):
            own.setdefault(key, [_inflected_city(city, lang)])
    found: dict[str, list[tuple[str, str]]] = {}
    for written, key in sorted(
        ((one, key) for key, names in own.items() for one in names), key=lambda one: -len(one[0])
    ):
        found.setdefault(written[0], []).append((written, key))
    return found


def _inflected_city(name: str, lang: str) -> str:
    if lang in ("ru", "uk"):
        return (
            re.escape(re.sub("[аяьй]$", "", name)) + r"(?:[аяьйуеюыиіо]|ой|ом|ем|ью)?"
            if len(name) > 4
            else re.escape(name)
        )
    return re.escape(name) + ("s?" if lang == "de" else "")


@lru_cache(maxsize=5000)
def place_countries(key: str) -> frozenset[str]:
    """ISO codes of the countries that a place may stand for, by its key: its own, or that of a capital.

    Keys are those of ``find_countries`` and ``find_cities``; of another none is known.
    """
    if key.startswith("c:"):
        return frozenset({key[2:]})
    listed = _load_lexicon("places")["cities"].get(key)
    return (
        frozenset(listed.get("countries", "").split("|")) - {""}
        if listed
        else _zone_countries().get(key, frozenset())
    )


def find_zone_cities(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Cities that English, German and French may write as time zones do; some of these names are words or persons."""
    if lang in ("en", "de", "fr"):
        for match in _zone_city_pattern().finditer(text):
            yield match[0], *match.span()


@cache
def _zone_city_pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, _zone_countries()), key=len, reverse=True)
    return re.compile(rf"(?<![\w])(?:{'|'.join(names)})(?!\w)")


@cache
def _zone_countries() -> Mapping[str, frozenset[str]]:
    """Countries of the cities that are examples of time zones, most of which are capitals."""
    return {
        zone.rpartition("/")[2].replace("_", " "): frozenset({country})
        for zone, country in get_global("zone_territories").items()
    }


def compile_words(pattern: str, lang: str) -> re.Pattern[str]:
    """``pattern`` as it stands for whole words of ``lang`` in any case of letters."""
    return _compile_pattern(pattern, lang, re.IGNORECASE)


@cache
def _compile_pattern(pattern: str, lang: str, flags: int) -> re.Pattern[str]:
    edges = ("", "") if lang == _CHINESE else (r"(?<![\w])", r"(?!\w)")
    return re.compile(f"{edges[0]}(?:{pattern}){edges[1]}", flags)


@cache
def _load_lexicon(name: str) -> dict[str, Any]:
    content: dict[str, Any] = tomllib.loads((_DATA_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return content
