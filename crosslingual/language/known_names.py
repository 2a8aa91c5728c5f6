"""Persons, places and organisations of the news that are known by name in six languages."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from babel import Locale

from crosslingual.language.lexicons import find_cities
from crosslingual.language.name_matching import (
    CharacterIndex,
    WordIndex,
    has_capitals_of,
    index_characters,
    index_words,
    match_characters,
    match_words,
)
from crosslingual.language.name_stems import NameWord, name_words
from crosslingual.language.names import NAME_LANGUAGES, find_countries

EntityKind = Literal["person", "place", "organisation"]

NAMES_PATH = Path(__file__).with_name("data") / "known_names.csv"
_LATIN_LANGUAGES = ("de", "fr")
"""Languages that write a name as English does where the list has no form of their own."""
_NO_FORM = "-"
_MIN_CHINESE = 2
"""Characters of a name in Chinese; one alone is a word."""
_CLOSING = {"«": "»", "“": "”", '"': '"', "„": "“"}


@dataclass(frozen=True, slots=True)
class KnownName:
    """Who or what is known: ``forms`` are its names by language, the first one its whole name."""

    key: str
    kind: EntityKind
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class KnownMention:
    """Characters ``start`` to ``end`` of a text, which name ``key``."""

    start: int
    end: int
    key: str
    kind: EntityKind


def find_known_names(text: str, lang: str) -> list[KnownMention]:
    """Names of the list, of countries and of well-known cities in ``text``, in their order; none overlap.

    Of names that overlap the longest counts: the ministry, not the country in its name.
    """
    found = [
        *find_listed_names(text, lang),
        *(KnownMention(start, end, key, "place") for key, start, end in find_countries(text, lang)),
        *(
            KnownMention(start, end, f"city:{key}", "place")
            for key, start, end in find_cities(text, lang)
            if key not in _listed_places()
        ),
    ]
    return keep_longest(found)


def find_listed_names(text: str, lang: str) -> list[KnownMention]:
    """Names of the shipped list in ``text``, in their order; none overlap."""
    if lang not in NAME_LANGUAGES:
        return []
    return list(_find_chinese(text) if lang == "zh" else _find_spelled(text, lang))


def keep_longest(found: Sequence[KnownMention]) -> list[KnownMention]:
    """Those of ``found`` that overlap no longer one, in their order; of equal ones the first."""
    kept: list[KnownMention] = []
    for one in sorted(found, key=lambda one: one.start - one.end):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def known_label(key: str, lang: str) -> str:
    """The whole name of ``key`` in ``lang``, else in English; empty of a key that is not known."""
    if key.startswith("c:"):
        locale = Locale.parse(lang if lang in NAME_LANGUAGES else "en")
        return str(locale.territories.get(key[2:], key[2:]))
    if key.startswith("city:"):
        return key.removeprefix("city:")
    known = load_known_names().get(key)
    return (known.forms.get(lang) or known.forms["en"])[0] if known else ""


@cache
def load_known_names() -> Mapping[str, KnownName]:
    """The shipped list by key: that of a country as ``find_countries`` gives it, else kind and name in English."""
    countries = {str(name): code for code, name in Locale.parse("en").territories.items() if len(code) == 2}
    found = {}
    with NAMES_PATH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind: Any = row["kind"]
            forms = {lang: tuple(_read_forms(row, lang)) for lang in NAME_LANGUAGES}
            name = forms["en"][0]
            key = f"c:{countries[name]}" if kind == "place" and name in countries else f"{kind}:{name}"
            found[key] = KnownName(key, kind, {lang: own for lang, own in forms.items() if own})
    return found


def _read_forms(row: Mapping[str, str], lang: str) -> Iterator[str]:
    written = row[lang]
    if not written and lang in _LATIN_LANGUAGES:
        written = row["en"]
    names = [name for name in written.split("|") if name and name != _NO_FORM]
    yield from names
    if row["family"] == "last":
        mark = "·" if lang == "zh" else " "
        for family in dict.fromkeys(name.rpartition(mark)[2] for name in names if mark in name):
            if family not in names and len(family) >= _MIN_CHINESE:
                yield family


@cache
def _listed_places() -> frozenset[str]:
    return frozenset(name for one in load_known_names().values() for name in one.forms["en"])


@cache
def _chinese_names() -> CharacterIndex[KnownName]:
    return index_characters(
        (form, known) for known in load_known_names().values() for form in known.forms.get("zh", ())
    )


def _find_chinese(text: str) -> Iterator[KnownMention]:
    for start, end, known in match_characters(text, _chinese_names()):
        yield KnownMention(start, end, known.key, known.kind)


@cache
def _spelled_names(lang: str) -> WordIndex[KnownName]:
    return index_words(
        ((form, known) for known in load_known_names().values() for form in known.forms.get(lang, ())), lang
    )


def _find_spelled(text: str, lang: str) -> Iterator[KnownMention]:
    for words, known in match_words(text, lang, _spelled_names(lang), partial(_is_written_as, text)):
        yield KnownMention(words[0].start, _closed_end(text, words), known.key, known.kind)


def _is_written_as(text: str, words: Sequence[NameWord], form: str) -> bool:
    """Whether ``words`` have capitals where ``form`` has them, and an ending where it has one."""
    for word, known in zip(words, name_words(form, ""), strict=True):
        written, listed = text[word.start : word.end], form[known.start : known.end]
        if not has_capitals_of(written, listed):
            return False
        if "а" <= word.key[0] <= "ґ" and _fold(written) == word.key != _fold(listed):
            return False  # a name that has an ending has one in every case: "Газ" is not "Газа"
    return True


def _fold(word: str) -> str:
    return word.casefold().replace("ё", "е")


def _closed_end(text: str, words: Sequence[NameWord]) -> int:
    """The end of the last word, with the mark that closes a quotation within the name."""
    end = words[-1].end
    inside = text[words[0].start : end]
    for mark, closing in _CLOSING.items():
        if mark in inside and text[end : end + 1] in (closing, "”"):
            return end + 1
    return end
