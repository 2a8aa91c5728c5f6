"""Silences and exclusives: two matrices, and what only one source has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.compare.statements import MIN_PERHAPS_PROBABILITY
from crosslingual.formatting import format_count, to_percent
from crosslingual.framing.omissions import Exclusive, NearestSentence, Omission, SourceOverlap
from crosslingual.types import Statement
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    SectionPart,
    SentenceGroup,
    SentenceItem,
    grid_style,
)


def omissions_section(context: FramingContext) -> Iterator[SectionPart]:
    """Who shares what with whom, who carries which statement, and what only one has."""
    if len(context.names) < 2:
        yield Note(
            "Only one source tells this event, so that nothing can be missing from it. Add what others wrote:"
            " crosslingual add PATH"
        )
    elif not context.comparison.statements:
        yield Note(
            "No two sources share a statement, so that there is no silence to show; all they say is below."
        )
    else:
        yield _overlap_grid(context)
        yield _statement_grid(context)
    yield _exclusives_grid(context)


def omission_group(context: FramingContext, omission: Omission) -> SentenceGroup:
    """A silence: what the others say, and the sentence that comes nearest."""
    said = [
        SentenceItem(
            context.sentence_at(cell), context.view.statement_sureness(context.statements[omission.statement])
        )
        for cell in context.statements[omission.statement].cells
    ]
    return SentenceGroup(
        f"{'Perhaps in' if omission.is_perhaps else 'Not found in'} {context.names[omission.source]}",
        (*said, *_nearest_items(context, omission.nearest)),
        (
            f"{context.examined_text(omission.source)}."
            f" {len(omission.reporting_sources)} of {format_count(omission.n_sources, 'source')} carry it:"
            f" {context.join_names(omission.reporting_sources)}.",
            *(
                ("Perhaps it is said after all: see the sentence that comes nearest.",)
                if omission.is_perhaps
                else ()
            ),
        ),
    )


def _nearest_items(context: FramingContext, near: NearestSentence | None) -> tuple[SentenceItem, ...]:
    if near is None:
        return ()
    return (
        SentenceItem(
            context.sentence_at(near.cell),
            f"comes nearest to what stands before: {to_percent(near.probability)} % likely to say it",
        ),
    )


def _overlap_grid(context: FramingContext) -> Grid:
    pairs = {(pair.left, pair.right): pair for pair in context.framing.omissions.overlaps}
    missing = {(one.source, one.statement): one for one in context.framing.omissions.omissions}
    rows = []
    for one, name in context.names.items():
        cells = tuple(
            GridCell("–", style="own") if one == other else _overlap_cell(context, pairs[one, other], missing)
            for other in context.names
        )
        rows.append(
            GridRow(one, name, cells, subtext=context.examined_text(one), chip=context.source_chip(one))
        )
    return Grid(
        "ground",
        "Shared ground.",
        "Of the statements that the source of a row carries, how many the source of a column carries too."
        " Choose a figure: first what the column’s source leaves out, then what both say.",
        "Of what … carries",
        tuple(context.names.values()),
        tuple(rows),
        style=grid_style(len(context.names)),
    )


def _overlap_cell(
    context: FramingContext, pair: SourceOverlap, missing: dict[tuple[str, str], Omission]
) -> GridCell:
    left: list[SentenceItem] = []
    both = []
    for statement in context.comparison.statements:
        own = tuple(
            SentenceItem(context.sentence_at(cell)) for cell in statement.cells if cell.source == pair.left
        )
        theirs = tuple(
            SentenceItem(context.sentence_at(cell)) for cell in statement.cells if cell.source == pair.right
        )
        if own and theirs:
            both.append(SentenceGroup("Both say it", own + theirs, side_by_side=len(own) == len(theirs) == 1))
        elif own:
            left += (*own, *_nearest_items(context, missing[pair.right, statement.id].nearest))
    silent = SentenceGroup(
        f"{context.names[pair.left]} says, without a match in {context.names[pair.right]}",
        tuple(left),
        (f"{context.names[pair.right]}: {context.examined_text(pair.right)}",),
    )
    share = pair.share
    if not pair.n_reported:
        return GridCell("–", style="own")
    return GridCell(
        f"{pair.n_shared} of {pair.n_reported}",
        (*([silent] if left else []), *both),
        subtext=f"{round(100 * share)} %" if share is not None else "",
        shade=share,
    )


def _statement_grid(context: FramingContext) -> Grid:
    missing = {(one.source, one.statement): one for one in context.framing.omissions.omissions}
    rows = []
    for number, statement in enumerate(context.comparison.statements, 1):
        label = context.view.statement_label(statement.id)
        rows.append(
            GridRow(
                statement.id,
                label.translation or label.text,
                tuple(
                    _omission_cell(context, missing[id_, statement.id])
                    if (id_, statement.id) in missing
                    else _reported_cell(context, statement, id_)
                    for id_ in context.names
                ),
                lang=context.target_lang if label.translation else label.lang,
                subtext=f"S{number} · {statement.coverage} of {statement.n_sources}"
                f" · {context.view.statement_sureness(statement)}",
            )
        )
    return Grid(
        "matrix",
        "Who says what.",
        "A dot: the source carries the statement. A hatched field: it was not found in the source’s articles that are"
        " in the library. A question mark in it: one of the source’s sentences is"
        f" {to_percent(MIN_PERHAPS_PROBABILITY)} % likely, or more, to say it after all; without one, none is."
        " Choose a field to read the sentences.",
        "Statement",
        tuple(context.names.values()),
        tuple(rows),
        style=grid_style(len(context.names), "wide"),
    )


def _reported_cell(context: FramingContext, statement: Statement, source: str) -> GridCell:
    own = tuple(cell for cell in statement.cells if cell.source == source)
    others = tuple(cell for cell in statement.cells if cell.source != source)
    sure = context.view.statement_sureness(statement)
    return GridCell(
        "●",
        (
            SentenceGroup(
                f"{context.names[source]} says it",
                tuple(SentenceItem(context.sentence_at(cell)) for cell in own),
                (f"All of the row belong together: {sure}.",),
            ),
            SentenceGroup("So do", tuple(SentenceItem(context.sentence_at(cell)) for cell in others)),
        ),
        subtext=format_count(len(own), "sentence") if len(own) > 1 else "",
    )


def _omission_cell(context: FramingContext, omission: Omission) -> GridCell:
    articles = format_count(omission.n_articles, "article")
    sub = (
        f"{to_percent(omission.nearest.probability)} % likely after all"
        if omission.is_perhaps and omission.nearest
        else f"not in its {articles}"
    )
    return GridCell(
        "?" if omission.is_perhaps else "–", (omission_group(context, omission),), subtext=sub, style="hole"
    )


def _exclusives_grid(context: FramingContext) -> Grid:
    own: dict[str, list[Exclusive]] = defaultdict(list)
    for one in context.framing.omissions.exclusives:
        own[one.cell.source].append(one)
    rows = []
    for id_, name in context.names.items():
        firm = [one for one in own[id_] if not one.is_perhaps]
        doubtful = [one for one in own[id_] if one.is_perhaps]
        looked = context.examined[id_]
        rows.append(
            GridRow(
                id_,
                name,
                tuple(
                    GridCell(
                        f"{len(found):,} of {looked.n_sentences:,}",
                        (_exclusives_group(context, found),) if found else (),
                        share=len(found) / looked.n_sentences if looked.n_sentences else None,
                    )
                    for found in (firm, doubtful)
                ),
                subtext=context.examined_text(id_),
                chip=context.source_chip(id_),
            )
        )
    return Grid(
        "exclusives",
        "What only one source has.",
        "Sentences without a match elsewhere, the most central first. The same words count once.",
        "Source",
        ("Only here", "Perhaps also elsewhere"),
        tuple(rows),
    )


def _exclusives_group(context: FramingContext, exclusives: list[Exclusive]) -> SentenceGroup:
    items: list[SentenceItem] = []
    for one in exclusives:
        times = f"{one.n_occurrences} times" if one.n_occurrences > 1 else ""
        items.append(SentenceItem(context.sentence_at(one.cell), times))
        if one.is_perhaps:
            items += _nearest_items(context, one.nearest)
    return SentenceGroup("No other source has", tuple(items))
