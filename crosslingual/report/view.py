"""What the report's page shows of a comparison and its framing: chosen, ordered, ready for the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.corrections import by_hand
from crosslingual.frame import Difference, Framing
from crosslingual.framing.axes import Stand
from crosslingual.framing.cells import Trace
from crosslingual.framing.differences import Span
from crosslingual.framing.lexicon import Term
from crosslingual.framing.retold import Elsewhere
from crosslingual.language.codes import country_name
from crosslingual.report.sentences import PLAIN, Told, anchor, told_of
from crosslingual.report.words import BY_HAND, UNLEARNED, made_by, percent, sureness
from crosslingual.sources import web_link
from crosslingual.tuned import layers_for
from crosslingual.types import Article, Cell, Comparison, Statement

DIFFERENCES, OF_STATEMENT = 60, 3
"""Pairs of sentences on the page, and of one statement; the tables hold all."""
SILENCES = 8
"""Statements that a source leaves out, and sentences only it has, on the page."""
QUOTES, VOICES = 60, 6
TERMS = 8
"""Words of a source and view on the page."""
WIDTH, LEFT, ROW = 720, 190, 22
"""Of the plot of an axis, in pixels; ``LEFT`` of them for names."""


class View:
    """The page's parts; each is asked for once by the template."""

    def __init__(self, comparison: Comparison, framing: Framing, reader: str) -> None:
        self.comparison, self.framing, self.reader = comparison, framing, reader
        self.event = comparison.event
        self.columns = comparison.columns
        self.names = {column.source.id: column.source.name for column in comparison.columns}
        self.numbers = {column.source.id: number for number, column in enumerate(comparison.columns, 1)}
        self.labels = {one.id: number for number, one in enumerate(comparison.statements, 1)}
        self.hand = by_hand(comparison)
        self.caution = "" if layers_for(comparison.encoder) else UNLEARNED
        every = [cell for one in comparison.statements for cell in one.cells]
        self._cells = {(cell.article, cell.sentence): cell for cell in (*every, *comparison.exclusives)}
        self._home = {(c.article, c.sentence): one.id for one in comparison.statements for c in one.cells}
        self._statements = {one.id: one for one in comparison.statements}
        self._order = {article.id: number for number, article in enumerate(comparison.articles)}
        self._links = {(one.one, one.other): one.probability for one in comparison.links}

    def told(self, place: Cell | Trace, spans: Sequence[Span] = ()) -> Told:
        """The sentence at ``place`` with ``spans`` of it marked."""
        return told_of(self._cells[place.article, place.sentence], spans)

    def label(self, statement: str) -> Told:
        """The sentence that stands for a statement: one in the reader's language if there is any."""
        cells = self._statements[statement].cells
        return self.told(
            max(
                cells,
                key=lambda cell: (
                    cell.lang == self.reader,
                    bool(cell.translation),
                    cell.probability,
                    -cells.index(cell),
                ),
            )
        )

    def sure(self, statement: Statement) -> str:
        """How sure it is, in words; "by hand" where nothing else holds it together."""
        return BY_HAND if statement.id in self.hand else sureness(statement.probability)

    def sources(self) -> Iterator[dict[str, Any]]:
        """Each source with what was looked at and what came of it."""
        firm: dict[str, int] = defaultdict(int)
        for one in self.framing.silences.silences:
            firm[one.source] += not one.doubtful
        looked = {one.source: one for one in self.framing.silences.looked}
        for column in self.columns:
            source = column.source
            yield {
                "column": column,
                "source": source,
                "country": country_name(source.country) if source.country else "",
                "languages": sorted({a.lang for a in self.comparison.articles if a.source == source.id}),
                "looked": looked[source.id],
                "silent": firm[source.id],
            }

    def matrix(self) -> Iterator[tuple[Statement, Told, list[tuple[Told, bool] | None]]]:
        """Each statement with what stands for it, and of each source the first sentence that says it.

        With the sentence stands whether it is sure; where none says it, perhaps or not, there is None.
        """
        for statement in self.comparison.statements:
            first: dict[str, tuple[Told, bool]] = {}
            for cells, sure in ((statement.cells, True), (statement.perhaps, False)):
                for cell in cells:
                    if cell.source not in first:
                        first[cell.source] = self.told(cell), sure
            yield (
                statement,
                self.label(statement.id),
                [first.get(column.source.id) for column in self.columns],
            )

    def statements(self) -> Iterator[dict[str, Any]]:
        """Each statement with its sentences, how sure each is, and who is silent."""
        for one in self.comparison.statements:
            carriers = {cell.source for cell in (*one.cells, *one.perhaps)}
            yield {
                "statement": one,
                "cells": [(self.told(cell), percent(cell.probability)) for cell in one.cells],
                "perhaps": [(self.told(cell), percent(cell.probability)) for cell in one.perhaps],
                "silent": [column for column in self.columns if column.source.id not in carriers],
            }

    def differences(self) -> list[dict[str, Any]]:
        """Pairs that are as likely to be told of one thing as to differ in it; each sentence once.

        Without the first, what was put together wrongly would stand before all else.
        """
        shown: list[dict[str, Any]] = []
        told: dict[str, set[str]] = defaultdict(set)
        for one in sorted(self.framing.differences, key=self.rank):
            seen, sides = told[one.statement], {anchor(one.one), anchor(one.other)}
            if len(shown) == DIFFERENCES or len(seen) == 2 * OF_STATEMENT:
                continue
            if seen & sides or not one.divergence.spans:
                continue
            seen |= sides
            spans = one.divergence.spans
            shown.append(
                {
                    "statement": one.statement,
                    "sure": percent(one.divergence.score),
                    "sides": [
                        self.told(place, [span for span in spans if span.side == side])
                        for side, place in enumerate((one.one, one.other))
                    ],
                    "named": list(self.named(one)),
                }
            )
        return shown

    def named(self, one: Difference) -> Iterator[tuple[str, str]]:
        """Kinds of what can be named, and what is said of it; the same from either side once."""
        seen: set[frozenset[str]] = set()
        for span in one.divergence.spans:
            sides = frozenset((span.kind, *span.about.split(" against ")))
            if span.kind not in PLAIN and sides not in seen:
                seen.add(sides)
                yield span.kind, span.about

    def rank(self, one: Difference) -> tuple[Any, ...]:
        """What to sort pairs by: named differences first, then as likely of one thing as different."""
        return (
            not any(self.named(one)),
            -round(one.divergence.score * self._linked(one), 4),
            one.one.article,
            one.one.start,
            one.other.article,
            one.other.start,
        )

    def _linked(self, one: Difference) -> float:
        """How likely both of a pair say the same: 0 where no link was a candidate."""
        places = sorted((self._order[place.article], place.sentence) for place in (one.one, one.other))
        return self._links.get((places[0], places[1]), 0.0)

    def overlap(self) -> Iterator[tuple[str, list[Any]]]:
        """Row by row of the matrix, None on its diagonal."""
        pairs = {(pair.one, pair.other): pair for pair in self.framing.silences.pairs}
        for one in self.names:
            yield one, [pairs.get((one, other)) for other in self.names]

    def silences(self) -> Iterator[dict[str, Any]]:
        """Of each source what it leaves out and what only it has, the first of each and how many more."""
        silences = self.framing.silences
        for column in self.columns:
            id_ = column.source.id
            left = [one for one in silences.silences if one.source == id_]
            alone = [one for one in silences.exclusives if one.cell.source == id_]
            yield {
                "column": column,
                "left": left[:SILENCES],
                "left_more": len(left[SILENCES:]),
                "alone": alone[:SILENCES],
                "alone_more": len(alone[SILENCES:]),
            }

    def voices(self) -> Iterator[tuple[str, list[Any], int]]:
        """Of each source that quotes its speakers, the first and how many more."""
        for id_ in self.names:
            own = [voice for voice in self.framing.quotes.voices if voice.source == id_]
            if own:
                yield id_, own[:VOICES], len(own[VOICES:])

    def quotes(self) -> list[tuple[Any, list[Elsewhere]]]:
        """Speech with its fate in the other sources, the most repeated first."""
        fates: dict[str, list[Elsewhere]] = defaultdict(list)
        for one in self.framing.retold:
            fates[one.quote].append(one)
        speech = [quote for quote in self.framing.quotes.quotes if quote.kind == "speech"]
        speech.sort(key=lambda quote: (-sum(one.fate != "dropped" for one in fates[quote.id]), -quote.units))
        return [(quote, fates[quote.id]) for quote in speech[:QUOTES]]

    def lexicon(self) -> Iterator[tuple[str, str, list[tuple[str, list[Term]]]]]:
        """Groups: where counted, the source, and of each view its words."""
        for where, terms in (
            ("original", self.framing.lexicon.original),
            ("across", self.framing.lexicon.across),
        ):
            for id_ in self.names:
                views = [
                    (view, [term for term in terms if term.source == id_ and term.view == view][:TERMS])
                    for view in ("all", "shared")
                ]
                if any(found for _, found in views):
                    yield where, id_, views

    def axes(self) -> Iterator[dict[str, Any]]:
        """Each axis with its plot: where intervals begin and end, in pixels."""
        by: dict[str, list[Stand]] = defaultdict(list)
        for stand in self.framing.stands:
            by[stand.axis].append(stand)
        for stands in by.values():
            least = min(min(one.lowest, one.bias) for one in stands)
            most = max(max(one.highest, one.bias) for one in stands)
            pad = max((most - least) * 0.06, 0.02)
            low, high = least - pad, most + pad

            def x(value: float, low: float = low, high: float = high) -> float:
                return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - 8), 1)

            yield {
                "high": stands[0].high,
                "low": stands[0].low,
                "event": x(stands[0].event),
                "zero": x(0.0) if low < 0 < high else None,
                "stands": stands,
                "height": ROW * len(stands) + 34,
                "rows": [
                    (ROW * number + 14, stand, x(stand.lowest), x(stand.bias), x(stand.highest))
                    for number, stand in enumerate(stands)
                ],
            }

    def frames(self) -> Iterator[tuple[str, list[Any]]]:
        """Each frame with its portions in the order of the sources."""
        by: dict[str, list[Any]] = defaultdict(list)
        for one in self.framing.portions:
            by[one.name].append(one)
        yield from by.items()

    def articles(self) -> Iterator[tuple[Article, str, list[tuple[Told, str]]]]:
        """All sentences of all articles, each with the statement that has it, or none."""
        of: dict[str, list[Cell]] = defaultdict(list)
        for (id_, _), cell in sorted(self._cells.items()):
            of[id_].append(cell)
        for article in self.comparison.articles:
            yield (
                article,
                web_link(article.url),
                [
                    (self.told(cell), self._home.get((cell.article, cell.sentence), ""))
                    for cell in of[article.id]
                ],
            )

    def engines(self) -> list[tuple[str, int]]:
        """What translated, and how many sentences."""
        count: dict[str, int] = defaultdict(int)
        for cell in self._cells.values():
            if cell.translation:
                count[made_by(cell.translation)] += 1
        return sorted(count.items(), key=lambda one: (-one[1], one[0]))
