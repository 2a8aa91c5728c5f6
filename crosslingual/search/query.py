"""What is asked: words in any language, phrases that must occur, and where to look."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_MOST_PHRASES = 10
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”“]+)”|„([^“”„]+)[“”]|«([^»«]+)»|「([^」「]+)」|『([^』『]+)』")
_STRAIGHT = re.compile(r"\"([^\"]+)\"")
_STOPS = (".", "!", "?", "…", "。", "！", "？")
_CLOSERS = " \"'”’»)）]"
_CYRILLIC = re.compile(f"[{CYRILLIC}]")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` without the marks that made ``phrases`` of some of it; ``lang`` is empty where unsure.

    Phrases that are not ``meant`` so surely, between marks as texts have them, may turn out to be no more
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

    What stands in quotation marks has to occur as it is. Of a sentence, which may be copied from an
    article and quote somebody, that is so between straight marks only: what it quotes is in its language.

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
    sentence = _ends(text) or Query(_QUOTED.sub(" ", text), "").says
    quoted = _STRAIGHT if sentence else _QUOTED
    phrases = tuple(
        dict.fromkeys(
            found for match in quoted.finditer(text) if (found := next(filter(None, match.groups())).strip())
        )
    )
    if len(phrases) > _MOST_PHRASES:
        raise InputError(f"{len(phrases)} phrases in quotation marks; give at most {_MOST_PHRASES}")
    plain = _QUOTED.sub(lambda match: f" {next(filter(None, match.groups()))} ", text)
    plain = " ".join(plain.split())
    return Query(plain, detect(plain) or "", phrases, meant=bool(_STRAIGHT.search(text)) or not phrases)


@dataclass(frozen=True, slots=True)
class Filters:
    """Where to look; what is empty does not limit. ``since`` and ``until`` are days, ISO 8601, inclusive.

    ``articles`` are the ids of an event's.
    """

    langs: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    ownerships: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    articles: frozenset[str] | None = None

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
