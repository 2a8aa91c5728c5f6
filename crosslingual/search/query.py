"""What is asked: words in any language, phrases that must occur, and where to look."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crosslingual.errors import InputError
from crosslingual.language.detect import detect
from crosslingual.language.scripts import CYRILLIC, HAN_CHARACTER
from crosslingual.language.tokenize import folded
from crosslingual.types import Source

LONGEST = 2_000
"""Characters of a query."""
FEW_WORDS = 4
"""Words up to which a query names something; a longer one says something."""
_FEW_CHARACTERS = 6  # of Chinese
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”“]+)”|„([^“”„]+)[“”]|«([^»«]+)»|「([^」「]+)」|『([^』『]+)』")
_STOPS = (".", "!", "?", "…", "。", "！", "？")
_CLOSERS = " \"'”’»)）]"
_CYRILLIC = re.compile(f"[{CYRILLIC}]")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` without quotation marks; ``lang`` is empty where unsure. ``phrases`` have to occur.

    A phrase that is not ``meant`` so surely, between marks as texts have them, may turn out to be no more
    than text.
    """

    text: str
    lang: str
    phrases: tuple[str, ...] = ()
    meant: bool = True

    @property
    def short(self) -> bool:
        """Whether it only names something, so that what it names is looked for rather than what it says.

        What ends as a sentence does says something.
        """
        return not _ends(self.text) and not self.says

    @property
    def says(self) -> bool:
        """Whether it has more words than a name."""
        characters = len(HAN_CHARACTER.findall(self.text))
        return (
            characters > _FEW_CHARACTERS or len(_WORD.findall(HAN_CHARACTER.sub("", self.text))) > FEW_WORDS
        )

    @property
    def guesses(self) -> tuple[str, ...]:
        """The languages it may be in."""
        if self.lang:
            return (self.lang,)
        if HAN_CHARACTER.search(self.text):
            return ("zh",)
        return ("ru", "uk") if _CYRILLIC.search(self.text) else ("en",)

    def holds(self, text: str) -> bool:
        """Whether ``text`` has all the phrases in it."""
        plain = folded(text) if self.phrases else ""
        return all(folded(phrase) in plain for phrase in self.phrases)


def _ends(text: str) -> bool:
    """Whether it ends as a sentence does."""
    return text.rstrip(_CLOSERS).endswith(_STOPS)


def parse(typed: str) -> Query:
    """The query that was typed.

    What is one quotation as a whole has to occur as it is; of other marks than straight ones, only where it
    is a few words: a sentence between them is copied from a text. Marks inside a query are part of what is
    said: a sentence of a news report quotes, and its translations quote in other words.

    Raises:
        InputError: there are no words in it, or too many.
    """
    text = " ".join(typed.replace("\0", " ").split())
    if not _WORD.search(text):
        raise InputError("the query has no words; type a sentence or a few words in any language")
    if len(text) > LONGEST:
        raise InputError(
            f"the query has {len(text):,} characters; give at most {LONGEST:,}, a sentence or two"
        )
    plain = " ".join(_QUOTED.sub(lambda match: f" {_inside(match)} ", text).split())
    query = Query(plain, detect(plain) or "")
    whole = _QUOTED.fullmatch(text)
    if whole is None or not (whole[1] or query.short):
        return query
    return replace(query, phrases=(_inside(whole),), meant=bool(whole[1]))


def with_phrase(query: Query, phrase: str) -> Query:
    """``query``, of which what is found has to have ``phrase`` as it is, too; quotation marks around it fall.

    Raises:
        InputError: there are no words in the phrase, or it is too long.
    """
    text = " ".join(phrase.replace("\0", " ").split())
    if whole := _QUOTED.fullmatch(text):
        text = _inside(whole)
    if not _WORD.search(text) or len(text) > LONGEST:
        raise InputError(f"exact phrase {text[:40]!r}: give some words, {LONGEST:,} characters at most")
    return replace(query, phrases=(*query.phrases, text), meant=True)


def _inside(match: re.Match[str]) -> str:
    return str(next(filter(None, match.groups()))).strip()


@dataclass(frozen=True, slots=True)
class Filters:
    """Where to look; what is empty does not limit. ``since`` and ``until`` are days, ISO 8601, inclusive.

    ``articles`` are the ids of an event's. ``phrase`` has to occur in what is found.
    """

    langs: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    ownerships: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    articles: frozenset[str] | None = None
    phrase: str = ""

    def admits_lang(self, lang: str) -> bool:
        """Whether articles in ``lang`` are looked at."""
        return not self.langs or lang in self.langs

    def admits_source(self, source: Source) -> bool:
        """Whether articles of ``source`` are looked at."""
        return (
            (not self.sources or source.id in self.sources)
            and (not self.countries or source.country in self.countries)
            and (not self.ownerships or source.ownership in self.ownerships)
        )

    def admits_day(self, day: str) -> bool:
        """Whether articles of ``day`` are looked at; one without a date has none to fit."""
        return (not self.since or day >= self.since) and (not self.until or "" < day <= self.until)
