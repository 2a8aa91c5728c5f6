"""Silences and exclusives: two matrices, and what only one source has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.framing.silences import Exclusive, Near, Pair, Silence
from crosslingual.report.words import count, percent
from crosslingual.types import Statement
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Row, look_of
from crosslingual.ui.framing.telling import Telling


def silences(telling: Telling) -> Iterator[Part]:
    """Who shares what with whom, who carries which statement, and what only one has."""
    if len(telling.names) < 2:
        yield Note(
            "Only one source tells this event, so that nothing can be missing from it. Add what others wrote:"
            " crosslingual add PATH"
        )
    elif not telling.comparison.statements:
        yield Note(
            "No two sources share a statement, so that there is no silence to show; all they say is below."
        )
    else:
        yield _ground(telling)
        yield _matrix(telling)
    yield _alone(telling)


def silence_group(telling: Telling, one: Silence) -> Group:
    """A silence: what the others say, and the sentence that comes nearest."""
    said = [
        Item(telling.told(cell), telling.view.sure(telling.statements[one.statement]))
        for cell in telling.statements[one.statement].cells
    ]
    return Group(
        f"{'Perhaps in' if one.doubtful else 'Not found in'} {telling.names[one.source]}",
        (*said, *_nearest(telling, one.near)),
        (
            f"{telling.looked_at(one.source)}. {len(one.carriers)} of {count(one.of, 'source')} carry it:"
            f" {telling.listed(one.carriers)}.",
            *(
                ("Perhaps it is said after all: see the sentence that comes nearest.",)
                if one.doubtful
                else ()
            ),
        ),
    )


def _nearest(telling: Telling, near: Near | None) -> tuple[Item, ...]:
    if near is None:
        return ()
    return (
        Item(
            telling.told(near.cell),
            f"comes nearest to what stands before: {percent(near.probability)} % likely to say it",
        ),
    )


def _ground(telling: Telling) -> Grid:
    pairs = {(pair.one, pair.other): pair for pair in telling.framing.silences.pairs}
    missing = {(one.source, one.statement): one for one in telling.framing.silences.silences}
    rows = []
    for one, name in telling.names.items():
        cells = tuple(
            Cell("–", look="own") if one == other else _overlap(telling, pairs[one, other], missing)
            for other in telling.names
        )
        rows.append(Row(one, name, cells, sub=telling.looked_at(one), chip=telling.chip(one)))
    return Grid(
        "ground",
        "Shared ground.",
        "Of the statements that the source of a row carries, how many the source of a column carries too."
        " Choose a figure: first what the column’s source leaves out, then what both say.",
        "Of what … carries",
        tuple(telling.names.values()),
        tuple(rows),
        look=look_of(len(telling.names)),
    )


def _overlap(telling: Telling, pair: Pair, missing: dict[tuple[str, str], Silence]) -> Cell:
    left: list[Item] = []
    both = []
    for statement in telling.comparison.statements:
        own = tuple(Item(telling.told(cell)) for cell in statement.cells if cell.source == pair.one)
        theirs = tuple(Item(telling.told(cell)) for cell in statement.cells if cell.source == pair.other)
        if own and theirs:
            both.append(Group("Both say it", own + theirs, beside=len(own) == len(theirs) == 1))
        elif own:
            left += (*own, *_nearest(telling, missing[pair.other, statement.id].near))
    silent = Group(
        f"{telling.names[pair.one]} says, without a match in {telling.names[pair.other]}",
        tuple(left),
        (f"{telling.names[pair.other]}: {telling.looked_at(pair.other)}",),
    )
    share = pair.share
    if not pair.carried:
        return Cell("–", look="own")
    return Cell(
        f"{pair.both} of {pair.carried}",
        (*([silent] if left else []), *both),
        sub=f"{round(100 * share)} %" if share is not None else "",
        shade=share,
    )


def _matrix(telling: Telling) -> Grid:
    missing = {(one.source, one.statement): one for one in telling.framing.silences.silences}
    rows = []
    for number, statement in enumerate(telling.comparison.statements, 1):
        label = telling.view.label(statement.id)
        rows.append(
            Row(
                statement.id,
                label.translation or label.text,
                tuple(
                    _hole(telling, missing[id_, statement.id])
                    if (id_, statement.id) in missing
                    else _carried(telling, statement, id_)
                    for id_ in telling.names
                ),
                lang=telling.reader if label.translation else label.lang,
                sub=f"S{number} · {statement.coverage} of {statement.of} · {telling.view.sure(statement)}",
            )
        )
    return Grid(
        "matrix",
        "Who says what.",
        "A dot: the source carries the statement. A hatched field: not found in its articles; a question mark"
        " where the source perhaps says it. Choose a field to read the sentences.",
        "Statement",
        tuple(telling.names.values()),
        tuple(rows),
        look=look_of(len(telling.names), "wide"),
    )


def _carried(telling: Telling, statement: Statement, source: str) -> Cell:
    own = tuple(cell for cell in statement.cells if cell.source == source)
    others = tuple(cell for cell in statement.cells if cell.source != source)
    sure = telling.view.sure(statement)
    return Cell(
        "●",
        (
            Group(
                f"{telling.names[source]} says it",
                tuple(Item(telling.told(cell)) for cell in own),
                (f"All of the row belong together: {sure}.",),
            ),
            Group("So do", tuple(Item(telling.told(cell)) for cell in others)),
        ),
        sub=count(len(own), "sentence") if len(own) > 1 else "",
    )


def _hole(telling: Telling, one: Silence) -> Cell:
    articles = count(one.articles, "article")
    sub = (
        f"{percent(one.near.probability)} % likely after all"
        if one.doubtful and one.near
        else f"not in its {articles}"
    )
    return Cell("?" if one.doubtful else "–", (silence_group(telling, one),), sub=sub, look="hole")


def _alone(telling: Telling) -> Grid:
    own: dict[str, list[Exclusive]] = defaultdict(list)
    for one in telling.framing.silences.exclusives:
        own[one.cell.source].append(one)
    rows = []
    for id_, name in telling.names.items():
        firm = [one for one in own[id_] if not one.doubtful]
        doubtful = [one for one in own[id_] if one.doubtful]
        looked = telling.looked[id_]
        rows.append(
            Row(
                id_,
                name,
                tuple(
                    Cell(
                        f"{len(found):,} of {looked.sentences:,}",
                        (_exclusives(telling, found),) if found else (),
                        share=len(found) / looked.sentences if looked.sentences else None,
                    )
                    for found in (firm, doubtful)
                ),
                sub=telling.looked_at(id_),
                chip=telling.chip(id_),
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


def _exclusives(telling: Telling, found: list[Exclusive]) -> Group:
    items: list[Item] = []
    for one in found:
        times = f"{one.times} times" if one.times > 1 else ""
        items.append(Item(telling.told(one.cell), times))
        if one.doubtful:
            items += _nearest(telling, one.near)
    return Group("No other source has", tuple(items))
