"""The sources at a glance: what was looked at of each, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from crosslingual.formatting import format_count
from crosslingual.framing.pipeline import Difference
from crosslingual.types import Cell as Sentence
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.differences import pair_group
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    SectionPart,
    SentenceGroup,
    SentenceItem,
)
from crosslingual.ui.framing.omissions import omission_group

COLUMNS = (
    "Articles",
    "Sentences",
    "Statements it carries",
    "Sentences only it has",
    "Leaves out",
    "Named differences",
    "Quotations",
)


def overview_section(context: FramingContext) -> Iterator[SectionPart]:
    """Each source with its figures."""
    yield Note(
        "A statement is what two sources or more say. A silence means that it was not found in the articles"
        " that were looked at, not that the source never said it; of a headline only it says next to nothing. Titles"
        " are not counted beside a text. Every figure opens to its sentences."
    )
    pairs: dict[str, list[Difference]] = defaultdict(list)
    for one in context.framing.differences:
        if any(context.view.named_differences(one)):
            for side in (one.left, one.right):
                pairs[side.source].append(one)
    yield Grid(
        "overview",
        "The sources",
        "“Leaves out” counts statements of others without a match here, less those where a match is as likely"
        " as not; “named differences” pairs of sentences of which one has a number, date, name, negation,"
        " verb of saying or hedge that the other lacks or has otherwise, surely or perhaps.",
        "Source",
        COLUMNS,
        tuple(_source_row(context, id_, pairs[id_]) for id_ in context.names),
    )


def _source_row(context: FramingContext, source: str, pairs: list[Difference]) -> GridRow:
    looked, own = context.examined[source], context.source_sentences[source]
    first = {cell.article: cell for cell in reversed(own)}
    home = {(cell.article, cell.sentence) for one in context.comparison.statements for cell in one.cells}
    shared = [cell for cell in own if (cell.article, cell.sentence) in home]
    alone = [cell for cell in own if (cell.article, cell.sentence) not in home]
    silent = [
        one for one in context.framing.omissions.omissions if one.source == source and not one.is_perhaps
    ]
    speech = [one for one in context.framing.quotes.quotes if one.source == source and one.kind == "speech"]
    return GridRow(
        source,
        context.names[source],
        (
            GridCell(
                f"{looked.n_articles:,}",
                _sentence_groups(context, "How each begins", first.values()),
                subtext=context.headline_text(source),
            ),
            GridCell(f"{looked.n_sentences:,}", _sentence_groups(context, "All its sentences", own)),
            _share_cell(
                looked.n_reported, looked.n_statements, _sentence_groups(context, "In statements", shared)
            ),
            _share_cell(
                looked.n_exclusive, looked.n_sentences, _sentence_groups(context, "Only here", alone)
            ),
            _share_cell(
                len(silent), looked.n_statements, tuple(omission_group(context, one) for one in silent)
            ),
            GridCell(format_count(len(pairs), "pair"), tuple(pair_group(context, one) for one in pairs)),
            GridCell(
                format_count(len(speech), "quotation"),
                tuple(
                    SentenceGroup(
                        f"“{one.text}”",
                        tuple(SentenceItem(context.sentence_at(place)) for place in one.sentences),
                    )
                    for one in speech
                ),
            ),
        ),
        subtext=context.source_details(source),
        chip=context.source_chip(source),
    )


def _share_cell(n_part: int, n_total: int, groups: tuple[SentenceGroup, ...]) -> GridCell:
    return GridCell(
        f"{n_part:,} of {n_total:,}", groups if n_part else (), share=n_part / n_total if n_total else None
    )


def _sentence_groups(
    context: FramingContext, title: str, cells: Iterable[Sentence]
) -> tuple[SentenceGroup, ...]:
    items = tuple(SentenceItem(context.sentence_at(cell)) for cell in cells)
    return (SentenceGroup(title, items),) if items else ()
