"""Differences inside a statement: how many of each kind between which sources, and the pairs of sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from crosslingual.formatting import format_count
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.framing.evidence import DIFFERENCE_KINDS
from crosslingual.framing.pipeline import Difference
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    SectionPart,
    SentenceGroup,
    SentenceItem,
)

KIND_NAMES = {"clause": "clause cut", "attribution": "verb of saying"}
MIN_SCORE = 0.7
"""Score from which a difference that is not sure is in the list."""
_COLUMNS = ("Compared", *(KIND_NAMES.get(kind, kind) for kind in DIFFERENCE_KINDS))
_HERE = " here"
"""How the description of what only one sentence says ends."""
_MAX_ROWS, _MAX_NAMED = 100, 3  # rows of that list, and differences that a row names


def differences_section(context: FramingContext) -> Iterator[SectionPart]:
    """Kinds of differences by source, the surest ones, and by pair of sources."""
    found = context.framing.differences
    if not found:
        yield Note(
            "No two sentences of different sources are in one statement, so that none can be held against"
            " another. Add what other sources wrote about the event."
        )
        return
    yield Note(
        "Two sentences of one statement are held against each other in their own languages. “Sure” stands only"
        " where both count the same thing, or are alike but for a name or date, and cannot both hold. “Perhaps” is"
        " all else: what only one of the two says, and what may be a paraphrase."
    )
    groups = {id(found): pair_group(context, found) for found in context.framing.differences}
    yield _source_grid(context, groups)
    yield _surest_grid(context, groups)
    yield _pair_grid(context, groups)
    if context.framing.n_skipped_pairs:
        yield Note(
            f"{format_count(context.framing.n_skipped_pairs, 'pair')} of very large statements were not looked at."
        )


def pair_group(context: FramingContext, difference: Difference) -> SentenceGroup:
    """Two sentences beside each other, with what differs marked."""
    number = context.view.statement_numbers[difference.statement]
    named = list(context.view.named_differences(difference))
    said = " · ".join(f"{span.kind}: {span.description} ({sureness(span)})" for span in named)
    return SentenceGroup(
        f"S{number}",
        tuple(
            SentenceItem(
                context.sentence_at(
                    place, [span for span in difference.divergence.spans if span.side == side]
                )
            )
            for side, place in enumerate((difference.left, difference.right))
        ),
        (said,) if said else (),
        side_by_side=True,
    )


def _source_grid(context: FramingContext, groups: Mapping[int, SentenceGroup]) -> Grid:
    """A heat map: of the pairs that a source is in, how many differ in each kind."""
    of: dict[str, list[Difference]] = defaultdict(list)
    for found in sorted(context.framing.differences, key=context.view.difference_rank):
        for side in {found.left.source, found.right.source}:
            of[side].append(found)
    rows = [
        GridRow(id_, name, tuple(_kind_cells(of[id_], groups)), chip=context.source_chip(id_))
        for id_, name in context.names.items()
        if of[id_]
    ]
    return Grid(
        "differing",
        "Who differs in what.",
        "Of the pairs of sentences that a source is in, how many have one of each kind that the other lacks or has"
        " otherwise, surely or perhaps; the darker, the larger their share.",
        "Source",
        _COLUMNS,
        tuple(rows),
        has_marks=True,
    )


def _kind_cells(pairs: Sequence[Difference], groups: Mapping[int, SentenceGroup]) -> Iterator[GridCell]:
    yield GridCell(format_count(len(pairs), "pair"), tuple(groups[id(pair)] for pair in pairs))
    for kind in DIFFERENCE_KINDS:
        those = [pair for pair in pairs if any(span.kind == kind for span in pair.divergence.spans)]
        yield GridCell(
            str(len(those)),
            tuple(groups[id(pair)] for pair in those),
            shade=len(those) / len(pairs) if those else None,
        )


def sureness(span: DifferenceSpan) -> str:
    """How sure a difference is, in a word."""
    return "sure" if span.is_sure else "perhaps"


def _surest_grid(context: FramingContext, groups: Mapping[int, SentenceGroup]) -> Grid:
    """The named differences: first the sure ones, then those where something else stands opposite."""
    rows: list[GridRow] = []
    for found in sorted(context.framing.differences, key=lambda one: _sureness_rank(context, one)):
        named = list(context.view.named_differences(found))
        is_sure = any(span.is_sure for span in named)
        if not named or (found.divergence.score < MIN_SCORE and not is_sure):
            continue
        told = [span for span in named if span.is_sure] or named
        sides = (found.left.source, found.right.source)
        rows.append(
            GridRow(
                str(len(rows)),
                " · ".join(_name_source(span, context.names[sides[span.side]]) for span in told[:_MAX_NAMED]),
                (
                    GridCell(", ".join(dict.fromkeys(KIND_NAMES.get(span.kind, span.kind) for span in told))),
                    *(GridCell(context.names[side]) for side in sides),
                    GridCell(sureness(told[0]), (groups[id(found)],)),
                ),
                subtext=f"S{context.view.statement_numbers[found.statement]}",
            )
        )
    shown = rows[:_MAX_ROWS]
    more = f" Shown are {len(shown)} of {len(rows):,}; the report has all." if len(rows) > len(shown) else ""
    return Grid(
        "sure",
        "The surest ones.",
        "What one sentence says against another comes first, then what only one of them says. Choose the word to read"
        f" both.{more}"
        if rows
        else "No pair differs in a number, date, name, negation or the like.",
        "Difference",
        ("Kind", "One source", "Another", "How sure"),
        tuple(shown),
        style="wide",
        has_marks=True,
    )


def _name_source(span: DifferenceSpan, name: str) -> str:
    """What differs, with the source that has it for "here"."""
    told = span.description.removesuffix(_HERE)
    return f"{told} in {name}" if told != span.description else told


def _sureness_rank(context: FramingContext, difference: Difference) -> tuple[bool, bool, float]:
    named = list(context.view.named_differences(difference))
    return (
        not any(span.is_sure for span in named),
        not any(span.stands_against for span in named),
        -difference.divergence.score,
    )


def _pair_grid(context: FramingContext, groups: Mapping[int, SentenceGroup]) -> Grid:
    between: dict[frozenset[str], list[Difference]] = defaultdict(list)
    for found in sorted(context.framing.differences, key=context.view.difference_rank):
        between[frozenset((found.left.source, found.right.source))].append(found)
    rows = []
    for one, other in combinations(context.names, 2):
        pairs = between[frozenset((one, other))]
        if not pairs:
            continue
        rows.append(
            GridRow(
                f"{one} {other}",
                f"{context.names[one]} – {context.names[other]}",
                tuple(_kind_cells(pairs, groups)),
            )
        )
    return Grid(
        "differences",
        "Between two sources.",
        "How many pairs of sentences, of those compared, have a difference of each kind; the darker, the"
        " larger their share. Choose a figure to read them, surest first.",
        "Between",
        _COLUMNS,
        tuple(rows),
        has_marks=True,
    )
