"""What is asked: words in any language, phrases that must occur, and where to look."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crosslingual.errors import InputError
from crosslingual.language.detect import detect_language
from crosslingual.language.scripts import CYRILLIC, HAN_CHARACTER
from crosslingual.language.tokenize import fold_text
from crosslingual.types import Source

MAX_QUERY_CHARS = 2_000
"""Characters of a query."""
MAX_NAME_WORDS = 4
"""Words up to which a query names something; a longer one says something."""
_MAX_NAME_CHARACTERS = 6  # of Chinese
_QUOTED_TEXT = re.compile(r"\"([^\"]+)\"|“([^”“]+)”|„([^“”„]+)[“”]|«([^»«]+)»|「([^」「]+)」|『([^』『]+)』")
_SENTENCE_ENDINGS = (".", "!", "?", "…", "。", "！", "？")
_CLOSING_MARKS = " \"'”’»)）]"
_CYRILLIC_LETTER = re.compile(f"[{CYRILLIC}]")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` without quotation marks; ``lang`` is empty where unsure. ``phrases`` have to occur.

    A phrase that is not ``requires_phrases`` so surely, between marks as texts have them, may turn out to be
    no more than text.
    """

    text: str
    lang: str
    phrases: tuple[str, ...] = ()
    requires_phrases: bool = True

    @property
    def is_short(self) -> bool:
        """Whether it only names something, so that what it names is looked for rather than what it says.

        What ends as a sentence does says something.
        """
        return not _ends_sentence(self.text) and not self.is_longer_than_name

    @property
    def is_longer_than_name(self) -> bool:
        """Whether it has more words than a name."""
        characters = len(HAN_CHARACTER.findall(self.text))
        return (
            characters > _MAX_NAME_CHARACTERS
            or len(_WORD.findall(HAN_CHARACTER.sub("", self.text))) > MAX_NAME_WORDS
        )

    @property
    def possible_langs(self) -> tuple[str, ...]:
        """The languages it may be in."""
        if self.lang:
            return (self.lang,)
        if HAN_CHARACTER.search(self.text):
            return ("zh",)
        return ("ru", "uk") if _CYRILLIC_LETTER.search(self.text) else ("en",)

    def matches_phrases(self, text: str) -> bool:
        """Whether ``text`` has all the phrases in it."""
        plain = fold_text(text) if self.phrases else ""
        return all(fold_text(phrase) in plain for phrase in self.phrases)


def _ends_sentence(text: str) -> bool:
    """Whether it ends as a sentence does."""
    return text.rstrip(_CLOSING_MARKS).endswith(_SENTENCE_ENDINGS)


def parse_query(typed_text: str) -> Query:
    """The query that was typed.

    What is one quotation as a whole has to occur as it is; of other marks than straight ones, only where it
    is a few words: a sentence between them is copied from a text. Marks inside a query are part of what is
    said: a sentence of a news report quotes, and its translations quote in other words.

    Raises:
        InputError: there are no words in it, or too many.
    """
    text = " ".join(typed_text.replace("\0", " ").split())
    if not _WORD.search(text):
        raise InputError("the query has no words; type a sentence or a few words in any language")
    if len(text) > MAX_QUERY_CHARS:
        raise InputError(
            f"the query has {len(text):,} characters; give at most {MAX_QUERY_CHARS:,}, a sentence or two"
        )
    plain = " ".join(_QUOTED_TEXT.sub(lambda match: f" {_quoted_content(match)} ", text).split())
    query = Query(plain, detect_language(plain) or "")
    whole = _QUOTED_TEXT.fullmatch(text)
    if whole is None or not (whole[1] or query.is_short):
        return query
    return replace(query, phrases=(_quoted_content(whole),), requires_phrases=bool(whole[1]))


def add_phrase(query: Query, phrase: str) -> Query:
    """``query``, of which what is found has to have ``phrase`` as it is, too; quotation marks around it fall.

    Raises:
        InputError: there are no words in the phrase, or it is too long.
    """
    text = " ".join(phrase.replace("\0", " ").split())
    if whole := _QUOTED_TEXT.fullmatch(text):
        text = _quoted_content(whole)
    if not _WORD.search(text) or len(text) > MAX_QUERY_CHARS:
        raise InputError(
            f"exact phrase {text[:40]!r}: give some words, {MAX_QUERY_CHARS:,} characters at most"
        )
    return replace(query, phrases=(*query.phrases, text), requires_phrases=True)


def _quoted_content(match: re.Match[str]) -> str:
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
