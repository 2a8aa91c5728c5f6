"""A person's word on what belongs together: made, checked against the event, stored, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Literal
from uuid import uuid4

from crosslingual.compare.statements import LinkConstraints
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.types import Article, Comparison, Correction, Event, Sentence, SentenceIndex

SentenceRef = tuple[str, int]
"""A sentence: its article's id and the offset where it begins."""
MAX_PAIRS = 50_000
"""Pairs of sentences that one correction may tie or part."""
ACTIONS = ("reject", "split", "join")


@dataclass(frozen=True, slots=True)
class CorrectionGroup:
    """What a person did at one stroke; ``id`` takes it back, ``corrections`` are what it is made of."""

    id: str
    kind: Literal["rejected", "split", "joined"]
    corrections: tuple[Correction, ...]

    @property
    def left(self) -> tuple[SentenceRef, ...]:
        """The sentences that were rejected, split off or joined."""
        return self.corrections[0].left

    @property
    def right(self) -> tuple[SentenceRef, ...]:
        """Those they were parted from or joined with."""
        return self.corrections[0].right

    @property
    def created_at(self) -> str:
        """When: UTC, ISO 8601."""
        return self.corrections[0].created_at


def store_correction(
    library: Library, event: Event, action: object, left: object, right: object
) -> CorrectionGroup:
    """Store what a person says of two sets of sentences of ``event``; nothing is taken on trust.

    Args:
        library: keeps it.
        event: what all sentences must belong to.
        action: ``reject`` (``left`` does not belong to ``right``), ``split`` (``left`` is a row of its own,
            apart from ``right``) or ``join`` (both are one row).
        left: sentences, each an article's id and the offset where the sentence begins.
        right: as ``left``, and none of them.

    Raises:
        InputError: the action is none of these, or a sentence is not one of the event's.
    """
    if action not in ACTIONS:
        raise InputError(f"{str(action)[:40]!r} is no correction; reload the page")
    told = library.load_sentences(event.articles).values()
    known = {(sentence.article, sentence.start) for sentences in told for sentence in sentences}
    first, second = _check_sentences(left, known), _check_sentences(right, known)
    if set(first) & set(second):
        raise InputError("the same sentence stands on both sides; reload the page")
    if len(first) * len(second) > MAX_PAIRS:
        raise InputError(
            f"a correction ties or parts {MAX_PAIRS:,} pairs at most; take fewer sentences at a time"
        )
    if (
        action == "join"
        and len({one.source for one in library.load_articles({id_ for id_, _ in first + second})}) < 2
    ):
        raise InputError("a row needs sentences of two sources; nothing was changed")
    id_, made = uuid4().hex, datetime.now(UTC).isoformat(timespec="seconds")
    kind: Literal["together", "apart"] = "together" if action == "join" else "apart"
    corrections = [Correction(id_, kind, first, second, made)]
    if action == "split" and len({article for article, _ in first}) > 1:
        # What only those left behind held together would fall apart.
        corrections.append(Correction(f"{id_}+", "together", first[:1], first[1:], made))
    library.add_corrections(corrections)
    return _make_group(corrections)


def undo_correction(library: Library, event: Event, group_id: object) -> CorrectionGroup:
    """Take back what was done to ``event`` at one stroke.

    Raises:
        InputError: there is none with this id, or it was taken back already.
    """
    for stroke in group_corrections(library.load_corrections(event.articles)):
        # Both halves, though one of them may name none of the articles that are left.
        if stroke.id == group_id and library.remove_corrections([stroke.id, f"{stroke.id}+"]):
            return stroke
    raise InputError("that correction is gone already; it was taken back elsewhere")


def group_corrections(corrections: Iterable[Correction]) -> Iterator[CorrectionGroup]:
    """Corrections in the portions in which they were made, in their order."""
    portions: dict[str, list[Correction]] = {}
    for correction in corrections:
        portions.setdefault(correction.id.rstrip("+"), []).append(correction)
    yield from map(_make_group, portions.values())


def manual_statements(comparison: Comparison) -> frozenset[str]:
    """Ids of the statements that nothing but corrections holds together; they have no probability."""
    tied = {
        end
        for bond in comparison.merge_edges
        if bond.probability >= comparison.threshold and not bond.correction
        for end in (bond.left, bond.right)
    }
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}
    corrected = {end for bond in comparison.merge_edges if bond.correction for end in (bond.left, bond.right)}
    return frozenset(
        statement.id
        for statement in comparison.statements
        if (places := {(numbers.get(cell.article, -1), cell.sentence) for cell in statement.cells})
        & corrected
        and not places & tied
    )


def link_constraints(
    corrections: Iterable[Correction],
    articles: Sequence[Article],
    article_sentences: Sequence[Sequence[Sentence]],
) -> tuple[LinkConstraints, LinkConstraints]:
    """What was joined and what was parted by hand, as pairs of sentences; the last word on a pair counts."""
    numbers = {article.id: number for number, article in enumerate(articles)}
    ties: dict[str, dict[tuple[SentenceIndex, SentenceIndex], str]] = {"together": {}, "apart": {}}
    for correction in corrections:
        sides = [
            [
                (numbers[id_], index)
                for id_, start in side
                if id_ in numbers
                and (index := _sentence_at_offset(article_sentences[numbers[id_]], start)) is not None
            ]
            for side in (correction.left, correction.right)
        ]
        for one, other in product(*sides):
            if one[0] == other[0] and one[1] == other[1]:
                continue
            pair = (min(one, other), max(one, other))
            for table in ties.values():
                table.pop(pair, None)
            ties[correction.kind][pair] = correction.id
    return ties["together"], ties["apart"]


def _sentence_at_offset(sentences: Sequence[Sentence], offset: int) -> int | None:
    """The index of the sentence that holds offset ``offset``."""
    for sentence in sentences:
        if sentence.start <= offset < sentence.end:
            return sentence.index
    return None


def _make_group(corrections: Sequence[Correction]) -> CorrectionGroup:
    first = corrections[0]
    if first.kind == "together":
        return CorrectionGroup(first.id, "joined", tuple(corrections))
    alone = len(first.left) == 1 and len(corrections) == 1
    return CorrectionGroup(first.id, "rejected" if alone else "split", tuple(corrections))


def _check_sentences(sentences: object, known: Set[SentenceRef]) -> tuple[SentenceRef, ...]:
    if not isinstance(sentences, list | tuple) or not 0 < len(sentences) <= MAX_PAIRS:
        raise InputError("a correction names one sentence or more on either side; reload the page")
    found: dict[SentenceRef, None] = {}
    for item in sentences:
        if not isinstance(item, list | tuple) or len(item) != 2:
            raise InputError("a sentence is an article's id and an offset; reload the page")
        article, start = item
        if not isinstance(article, str) or not isinstance(start, int) or isinstance(start, bool):
            raise InputError("a sentence is an article's id and an offset; reload the page")
        if (article, start) not in known:
            raise InputError(
                "this event has changed since the page was drawn: a sentence is no longer in it; nothing was"
                " changed, and the table shows the event as it is now"
            )
        found[article, start] = None
    return tuple(found)
