"""Outlets by name: agencies, broadcasters, newspapers and sites, in six languages and all cases."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from crosslingual.language.citation_rules import load_citation_rules
from crosslingual.language.name_matching import (
    has_capitals_of,
    index_characters,
    index_words,
    match_characters,
    match_words,
)
from crosslingual.language.name_stems import NameWord, name_words
from crosslingual.types import Source

OUTLETS_PATH = Path(__file__).with_name("data") / "outlets.csv"
CITATION_LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")
_AMBIGUOUS, _SHARED = "?", "??"
"""Stand in the list behind a name that is a common word too, and one that other outlets have as well."""
_ARTICLES = frozenset({"The", "Le", "La", "Les", "Der", "Die", "El"})
"""May be written small at the head of a name."""


@dataclass(frozen=True, slots=True)
class OutletName:
    """``form`` names ``outlet``, by its id.

    One that ``is_ambiguous`` may be a common word as well, one that ``is_shared`` another outlet too.
    """

    outlet: str
    form: str
    is_ambiguous: bool
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class OutletMention:
    """Characters ``start`` to ``end`` of a text, which name ``outlet``; it is empty where it is in no list."""

    start: int
    end: int
    outlet: str
    is_ambiguous: bool = False
    is_shared: bool = False


class OutletFinder:
    """Finds outlets of the shipped list and of ``sources`` in texts of six languages.

    A source that the list has under the same id, or a demo source that imitates one, is that outlet.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._names: dict[str, list[OutletName]] = {lang: [] for lang in CITATION_LANGUAGES}
        self.labels: dict[str, str] = {}
        for outlet, forms in load_outlets().items():
            self.labels[outlet] = forms["en"][0].form
            for lang in CITATION_LANGUAGES:
                own = forms[lang] if lang == "en" else [*forms[lang], *forms["en"]]
                self._names[lang] += list(dict.fromkeys(own))
        for source in sources:
            if not source.demo:
                self._add_source(source)
        chinese = [*self._names["zh"], *_with_marks(self._names["zh"])]
        self._chinese = index_characters((name.form, name) for name in chinese)
        self._spelled = {
            lang: index_words(((name.form, name) for name in self._names[lang]), lang)
            for lang in CITATION_LANGUAGES[1:]
        }

    def _add_source(self, source: Source) -> None:
        self.labels[source.id] = source.name
        names = dict.fromkeys((source.name, source.native_name, *source.aliases, *source.domains))
        for name in names:
            if name in source.domains or any(c.isupper() or ord(c) > 0x2E80 for c in name[:1]):
                for lang in CITATION_LANGUAGES:
                    self._names[lang].append(OutletName(source.id, name, is_ambiguous=len(name) < 3))

    def find_outlets(self, text: str, lang: str) -> list[OutletMention]:
        """Outlets that ``text`` names, in their order; the longest name counts, and none overlap."""
        if lang not in self._names:
            return []
        if lang == "zh":
            spans = match_characters(text, self._chinese, partial(_is_cut, text))
        else:
            matches = match_words(text, lang, self._spelled[lang], partial(_is_written_as, text))
            spans = ((words[0].start, words[-1].end, name) for words, name in matches)
        return [
            OutletMention(start, end, name.outlet, name.is_ambiguous, name.is_shared)
            for start, end, name in spans
        ]


@cache
def load_outlets() -> Mapping[str, Mapping[str, Sequence[OutletName]]]:
    """The shipped list: names of each outlet by language. Ids are those of ``corpora/sources.toml`` where it has it."""
    with OUTLETS_PATH.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: {
                lang: [
                    OutletName(
                        row["id"],
                        form.rstrip(_AMBIGUOUS),
                        form.endswith(_AMBIGUOUS),
                        form.endswith(_SHARED),
                    )
                    for form in row[lang].split("|")
                    if form
                ]
                for lang in CITATION_LANGUAGES
            }
            for row in csv.DictReader(file)
        }


def _with_marks(names: Iterable[OutletName]) -> Iterator[OutletName]:
    """德国《世界报》 of 德国世界报."""
    countries = load_citation_rules()["zh"]["countries"].split("|")
    for name in names:
        for country in countries:
            if name.form.startswith(country):
                yield OutletName(name.outlet, f"{country}《{name.form[len(country) :]}》", name.is_ambiguous)


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether the characters are part of a longer word: 联合报 in 联合报告, AP in APEC."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before.isascii() and before.isalnum() and text[start].isascii()) or (
        after.isascii() and after.isalnum() and text[end - 1].isascii()
    ):
        return True
    parting = load_citation_rules()["zh"]["not_before"].get(text[end - 1], "")
    return bool(after) and after in parting and not text.startswith("社论", end)


def _is_written_as(text: str, words: Sequence[NameWord], form: str) -> bool:
    """Whether ``words`` have capitals where ``form`` has them, an article at its head aside."""
    listed = name_words(form, "")
    if len(listed) != len(words):
        return False
    for word, known in zip(words, listed, strict=True):
        written, wanted = text[word.start : word.end], form[known.start : known.end]
        is_article = known.start == 0 and wanted in _ARTICLES and len(words) > 1
        if not is_article and not has_capitals_of(written, wanted):
            return False
    return True
