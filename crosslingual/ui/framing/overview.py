"""The sources at a glance: what was looked at of each, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from crosslingual.frame import Difference
from crosslingual.report.words import count
from crosslingual.types import Cell as Sentence
from crosslingual.ui.framing.differences import pair_group
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Row
from crosslingual.ui.framing.silences import silence_group
from crosslingual.ui.framing.telling import Telling

COLUMNS = (
    "Articles",
    "Sentences",
    "Statements it carries",
    "Sentences only it has",
    "Leaves out",
    "Named differences",
    "Quotations",
)


def overview(telling: Telling) -> Iterator[Part]:
    """Each source with its figures."""
    yield Note(
        "A statement is what two sources or more say. A silence means that it was not found in the articles"
        " that were looked at, not that the source never said it. Every figure opens to its sentences."
    )
    pairs: dict[str, list[Difference]] = defaultdict(list)
    for one in telling.framing.differences:
        if any(telling.view.named(one)):
            for side in (one.one, one.other):
                pairs[side.source].append(one)
    yield Grid(
        "overview",
        "The sources",
        "“Leaves out” counts statements of others without a match here, less those where a match is as likely"
        " as not; “named differences” pairs of sentences with another number, date, name, negation, verb of"
        " saying or hedge.",
        "Source",
        COLUMNS,
        tuple(_row(telling, id_, pairs[id_]) for id_ in telling.names),
    )


def _row(telling: Telling, source: str, pairs: list[Difference]) -> Row:
    looked, own = telling.looked[source], telling.cells[source]
    first = {cell.article: cell for cell in reversed(own)}
    home = {(cell.article, cell.sentence) for one in telling.comparison.statements for cell in one.cells}
    shared = [cell for cell in own if (cell.article, cell.sentence) in home]
    alone = [cell for cell in own if (cell.article, cell.sentence) not in home]
    silent = [one for one in telling.framing.silences.silences if one.source == source and not one.doubtful]
    speech = [one for one in telling.framing.quotes.quotes if one.source == source and one.kind == "speech"]
    return Row(
        source,
        telling.names[source],
        (
            Cell(f"{looked.articles:,}", _sentences(telling, "How each begins", first.values())),
            Cell(f"{looked.sentences:,}", _sentences(telling, "All its sentences", own)),
            _part(looked.carried, looked.statements, _sentences(telling, "In statements", shared)),
            _part(looked.exclusive, looked.sentences, _sentences(telling, "Only here", alone)),
            _part(len(silent), looked.statements, tuple(silence_group(telling, one) for one in silent)),
            Cell(count(len(pairs), "pair"), tuple(pair_group(telling, one) for one in pairs)),
            Cell(
                count(len(speech), "quotation"),
                tuple(
                    Group(f"“{one.text}”", tuple(Item(telling.told(place)) for place in one.sentences))
                    for one in speech
                ),
            ),
        ),
        sub=telling.about(source),
        chip=telling.chip(source),
    )


def _part(number: int, of: int, groups: tuple[Group, ...]) -> Cell:
    return Cell(f"{number:,} of {of:,}", groups if number else (), share=number / of if of else None)


def _sentences(telling: Telling, title: str, cells: Iterable[Sentence]) -> tuple[Group, ...]:
    items = tuple(Item(telling.told(cell)) for cell in cells)
    return (Group(title, items),) if items else ()
