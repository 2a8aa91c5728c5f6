"""Passages that are coded, codings, tasks and decisions, as a library keeps them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from uuid import uuid4

from crosslingual.errors import InputError
from crosslingual.library.database import content_hash, replace_surrogates

UNIT_KINDS = ("statement", "cell", "sentence", "span")
"""What can be coded: a row, what one source says of it, a sentence, some words of one."""
JOINERS = ("\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}")
"""Letters of Persian and scripts of India are told apart by them."""
ALL_OFFERED = "nothing to offer: these coders have all of it already"
MAX_CODER_CHARS, MAX_MEMO_CHARS = 80, 20_000


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Characters ``start`` to ``end`` of the text of an article, by its id; ``text_hash`` is that of what stands there.

    It outlives another segmentation, threshold or grouping, as no row's number does.
    """

    article: str
    start: int
    end: int
    text_hash: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Coding:
    """A ``coder`` gave a unit the code with id ``code``; to ``passage`` of it alone, where there is one."""

    code: str
    coder: str
    memo: str = ""
    passage: Passage | None = None
    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class CodingTask:
    """A unit was offered to ``coder`` by the offer with this id; ``done_order`` is 0 until it is finished."""

    coder: str
    offer: str
    done_at: str = ""
    done_order: int = 0


@dataclass(frozen=True, slots=True)
class CodingDecision:
    """What ``coder`` decided that a unit has: the codes with these ids, and no others."""

    coder: str
    codes: frozenset[str]
    memo: str = ""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class CodingUnit:
    """What is coded at once. ``kind`` is one of ``UNIT_KINDS``; ``decision`` is the newest."""

    kind: str
    passages: tuple[Passage, ...]
    id: str = field(default_factory=lambda: uuid4().hex[:12])
    tasks: tuple[CodingTask, ...] = ()
    codings: tuple[Coding, ...] = ()
    decision: CodingDecision | None = None

    @property
    def key(self) -> tuple[str, tuple[Passage, ...]]:
        """What it is, whoever offered it."""
        return self.kind, tuple(sorted(self.passages))

    def is_done_by(self, coder: str) -> bool:
        """Whether ``coder`` was offered it and has finished it."""
        return any(task.coder == coder and task.done_order for task in self.tasks)

    def codes_of(self, coder: str) -> frozenset[str]:
        """Ids of the codes that ``coder`` gave it, or a part of it."""
        return frozenset(one.code for one in self.codings if one.coder == coder)

    def places_of(self, coder: str) -> frozenset[tuple[str, str]]:
        """The codes that ``coder`` gave it, each with an article that carries it: all, or that of the words alone."""
        articles = [passage.article for passage in self.passages]
        return frozenset(
            (one.code, article)
            for one in self.codings
            if one.coder == coder
            for article in ([one.passage.article] if one.passage else articles)
        )


@dataclass(frozen=True, slots=True)
class CodingOffer:
    """Units that were offered at once; ``description`` says what they were drawn from."""

    id: str
    created_at: str
    description: str
    seed: int


def make_passage(article: str, text: str, start: int, end: int) -> Passage:
    """Characters ``start`` to ``end`` of the ``text`` of the article with this id."""
    return Passage(article, start, end, content_hash(text[start:end]))


def is_intact(passage: Passage, text: str) -> bool:
    """Whether ``text``, the article's, still has there what was coded."""
    return (
        0 <= passage.start < passage.end <= len(text)
        and content_hash(text[passage.start : passage.end]) == passage.text_hash
    )


def check_coder(name: str) -> str:
    """A coder's name as it is kept.

    Raises:
        InputError: it is none.
    """
    folded = " ".join(unicodedata.normalize("NFC", replace_surrogates(name)).split())
    if len(folded) > MAX_CODER_CHARS or not can_be_seen(folded):
        raise InputError(
            f"a coder's name has 1 to {MAX_CODER_CHARS} characters that can be seen: {folded[:40]!r}"
        )
    return folded


def can_be_seen(name: str) -> bool:
    """Whether a name has characters and each shows, or joins others that do."""
    for joiner in JOINERS:
        name = name.replace(joiner, "")
    return bool(name.strip()) and name.isprintable()


def check_memo(memo: str) -> str:
    """A memo as it is kept.

    Raises:
        InputError: it is too long.
    """
    kept = replace_surrogates(memo).replace("\0", "\N{REPLACEMENT CHARACTER}").strip()
    if len(kept) > MAX_MEMO_CHARS:
        raise InputError(f"a memo of more than {MAX_MEMO_CHARS:,} characters")
    return kept
