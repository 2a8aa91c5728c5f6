"""What is called by several names that take a side: the shipped list, and its names in a sentence."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

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
from crosslingual.language.names import NAME_LANGUAGES

LIST_PATH = Path(__file__).with_name("naming.csv")
_GENERIC = "?"
"""Stands in the list behind a form that means many other things too."""
_SHORT_CHINESE = 2
_MAX_CHARS = 2000
"""Characters of a sentence that are read."""


@dataclass(frozen=True, slots=True)
class ListedReferent:
    """What ``renderings`` call, each by its key with its forms by language; ``labels`` say it without a side."""

    key: str
    labels: Mapping[str, str]
    renderings: Mapping[str, Mapping[str, Sequence[str]]]
    has_context: bool

    def rendering_label(self, rendering: str, lang: str) -> str:
        """What a rendering is called in ``lang``, else in English."""
        forms = self.renderings[rendering]
        return (forms.get(lang) or forms["en"])[0]


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A form of ``rendering`` of ``referent``, or where that is empty a word that tells what a text is about.

    One that ``is_generic`` means many other things too; one that ``is_short`` is of a word, or two signs of Chinese.
    """

    referent: str
    rendering: str
    is_generic: bool
    is_short: bool


@dataclass(frozen=True, slots=True)
class ListedMention:
    """Characters ``start`` to ``end`` of a sentence, which may be each of ``forms``."""

    start: int
    end: int
    forms: tuple[ListedForm, ...]


@cache
def load_referents() -> Mapping[str, ListedReferent]:
    """The shipped list, by the keys of what is named."""
    labels: dict[str, dict[str, str]] = {}
    renderings: dict[str, dict[str, dict[str, tuple[str, ...]]]] = defaultdict(dict)
    with_context = set()
    for row in _read_rows():
        key = row["referent"]
        if row["role"] == "name":
            labels[key] = {lang: row[lang] for lang in NAME_LANGUAGES}
        elif row["role"] == "about":
            with_context.add(key)
        else:
            forms = {
                lang: tuple(form.rstrip(_GENERIC) for form in row[lang].split("|") if form)
                for lang in NAME_LANGUAGES
            }
            renderings[key][forms["en"][0]] = {lang: own for lang, own in forms.items() if own}
    return {
        key: ListedReferent(key, own, renderings[key], key in with_context) for key, own in labels.items()
    }


def _read_rows() -> list[dict[str, str]]:
    with LIST_PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def find_listed(text: str, lang: str) -> list[ListedMention]:
    """Forms of the list in ``text``, in their order; the longest counts, and none overlap."""
    if lang not in NAME_LANGUAGES:
        return []
    text = text[:_MAX_CHARS]
    return [
        *_match_forms(text, lang, is_context=False),
        *_match_forms(text, lang, is_context=True),
    ]


def _match_forms(text: str, lang: str, *, is_context: bool) -> Iterator[ListedMention]:
    if lang == "zh":
        for start, end, forms in match_characters(text, _chinese_forms(is_context)):
            yield ListedMention(start, end, forms)
    else:
        for words, forms in match_words(
            text, lang, _spelled_forms(lang, is_context), partial(_has_capitals, text)
        ):
            yield ListedMention(words[0].start, words[-1].end, forms)


def _has_capitals(text: str, words: Sequence[NameWord], form: str) -> bool:
    """Whether ``words`` have capitals where ``form`` has; an acronym may have an ending: ХАМАСа."""
    for word, known in zip(words, name_words(form, ""), strict=True):
        written, listed = text[word.start : word.end], form[known.start : known.end]
        if not (has_capitals_of(written, listed) or written.startswith(listed)):
            return False
    return True


@cache
def _spelled_forms(lang: str, is_context: bool) -> WordIndex[tuple[ListedForm, ...]]:  # noqa: FBT001  # a cache's key
    found: dict[tuple[str, ...], tuple[str, list[ListedForm]]] = {}
    for form, listed in _listed_forms(lang, is_context=is_context):
        keys = tuple(word.key for word in name_words(form, lang))
        found.setdefault(keys, (form, []))[1].append(listed)
    return index_words(((form, tuple(dict.fromkeys(own))) for form, own in found.values()), lang)


@cache
def _chinese_forms(is_context: bool) -> CharacterIndex[tuple[ListedForm, ...]]:  # noqa: FBT001  # as above
    found: dict[str, list[ListedForm]] = {}
    for form, listed in _listed_forms("zh", is_context=is_context):
        found.setdefault(form, []).append(listed)
    return index_characters((form, tuple(dict.fromkeys(own))) for form, own in found.items())


def _listed_forms(lang: str, *, is_context: bool) -> Iterator[tuple[str, ListedForm]]:
    for row in _read_rows():
        if row["role"] == "name" or (row["role"] == "about") != is_context:
            continue
        rendering = "" if is_context else row["en"].split("|")[0].rstrip(_GENERIC)
        for form in filter(None, row[lang].split("|")):
            plain = form.rstrip(_GENERIC)
            is_short = len(plain) <= _SHORT_CHINESE if lang == "zh" else len(name_words(plain, lang)) == 1
            yield plain, ListedForm(row["referent"], rendering, form.endswith(_GENERIC), is_short)
