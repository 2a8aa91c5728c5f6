"""What changed between two versions of an article: its sentences, and the statements that it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from crosslingual.library import normalize_text
from crosslingual.library.versions import ArticleVersion
from crosslingual.types import Comparison, Sentence, Statement

MIN_EDITED_LIKENESS = 0.6
"""Share of the letters of two sentences that follow one another in both, from which one is the other, edited."""
_MAX_PLACES_APART = 10  # of a sentence and its edited form, among those that differ
_MAX_LETTERS_COMPARED = 500

ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that only one of two versions has, or that has another form in each; the missing side is None."""

    kind: ChangeKind
    before: Sentence | None
    after: Sentence | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A statement of others that an article told before and tells no more (``removed``), or tells now (``added``).

    The statement is as in the comparison with that version of the article.
    """

    kind: Literal["added", "removed"]
    statement: Statement


@dataclass(frozen=True, slots=True)
class VersionStep:
    """From one version of an article to the next: the sentences that changed."""

    before: ArticleVersion
    after: ArticleVersion
    changes: tuple[SentenceChange, ...]


def diff_versions(versions: Sequence[ArticleVersion]) -> list[VersionStep]:
    """What changed from each version of an article to the next."""
    return [
        VersionStep(before, after, diff_sentences(before.sentences, after.sentences))
        for before, after in pairwise(versions)
    ]


def diff_sentences(before: Sequence[Sentence], after: Sequence[Sentence]) -> tuple[SentenceChange, ...]:
    """What changed from one version to the next, in the order of the later text.

    Another layout, other quotation marks or capitals are no change, nor is another place in the text.
    """
    old, new = ([normalize_text(sentence.text) for sentence in side] for side in (before, after))
    moved = Counter(old) & Counter(new)
    blocks = SequenceMatcher(None, old, new).get_opcodes()
    for name, start, end, *_ in blocks:
        if name == "equal":
            moved.subtract(old[start:end])
    taken = [+moved, +moved]
    found: list[SentenceChange] = []
    for name, start, end, other_start, other_end in blocks:
        if name != "equal":
            left = _take_others(before[start:end], old[start:end], taken[0])
            right = _take_others(after[other_start:other_end], new[other_start:other_end], taken[1])
            found += _pair_edited(left, right)
    return tuple(found)


def _take_others(
    sentences: Sequence[Sentence], keys: Sequence[str], moved: Counter[str]
) -> list[tuple[Sentence, str]]:
    """The sentences with their keys, without those that only moved."""
    left = []
    for sentence, key in zip(sentences, keys, strict=True):
        if moved[key] > 0:
            moved[key] -= 1
        elif key:
            left.append((sentence, key))
    return left


def _pair_edited(
    before: Sequence[tuple[Sentence, str]], after: Sequence[tuple[Sentence, str]]
) -> list[SentenceChange]:
    pairs: dict[int, int] = {}
    first_free = 0
    for place, (_, key) in enumerate(before):
        near = range(
            max(first_free, place - _MAX_PLACES_APART), min(len(after), place + _MAX_PLACES_APART + 1)
        )
        likest = max(((_likeness(key, after[other][1]), -other) for other in near), default=(0.0, 0))
        if likest[0] >= MIN_EDITED_LIKENESS:
            pairs[-likest[1]] = place
            first_free = 1 - likest[1]
    paired = {place: other for other, place in pairs.items()}
    changes: list[SentenceChange] = []
    next_removed = 0
    for other, (sentence, _) in enumerate(after):
        if other in pairs:
            changes += [
                SentenceChange("removed", one, None) for one, _ in before[next_removed : pairs[other]]
            ]
            next_removed = pairs[other] + 1
            changes.append(SentenceChange("changed", before[pairs[other]][0], sentence))
        else:
            changes.append(SentenceChange("added", None, sentence))
    rest = range(next_removed, len(before))
    return changes + [
        SentenceChange("removed", before[place][0], None) for place in rest if place not in paired
    ]


def _likeness(left: str, right: str) -> float:
    matcher = SequenceMatcher(
        None, left[:_MAX_LETTERS_COMPARED], right[:_MAX_LETTERS_COMPARED], autojunk=False
    )
    if matcher.real_quick_ratio() < MIN_EDITED_LIKENESS or matcher.quick_ratio() < MIN_EDITED_LIKENESS:
        return 0.0
    return matcher.ratio()


def diff_rows(before: Comparison, former: str, after: Comparison, newest: str) -> tuple[RowChange, ...]:
    """What became of the statements of an event when the article ``former`` was replaced by ``newest``.

    Args:
        before: the event with the former version in the newest one's place.
        former: its article's id.
        after: the event as it is, with the same threshold.
        newest: the id of its article.
    """
    sides = [_told_with(comparison, article) for comparison, article in ((before, former), (after, newest))]
    shared = [frozenset().union(*(cells for _, cells in side)) for side in sides]
    gone = [RowChange("removed", one) for one, cells in sides[0] if not cells & shared[1]]
    new = [RowChange("added", one) for one, cells in sides[1] if not cells & shared[0]]
    return (*gone, *new)


def _told_with(comparison: Comparison, article: str) -> list[tuple[Statement, frozenset[tuple[str, int]]]]:
    """The statements that the article tells, with the sentences of others in each."""
    found = []
    for statement in comparison.statements:
        others = frozenset((cell.article, cell.start) for cell in statement.cells if cell.article != article)
        if len(others) < len(statement.cells) and others:
            found.append((statement, others))
    return found
