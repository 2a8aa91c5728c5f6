"""What the report's page shows of a comparison and its framing: chosen, ordered, ready for the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.compare.corrections import manual_statements
from crosslingual.embeddings.tuned_layers import find_tuned_layers
from crosslingual.formatting import (
    MANUAL_LABEL,
    UNCALIBRATED_WARNING,
    engine_label,
    format_sureness,
    to_percent,
)
from crosslingual.framing.axes import AxisScore
from crosslingual.framing.cells import SentenceTrace
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.framing.lexicon import DistinctiveTerm
from crosslingual.framing.pipeline import Difference, Framing
from crosslingual.framing.quote_reuse import QuoteReuse
from crosslingual.language.codes import country_name
from crosslingual.report.sentences import UNNAMED_KINDS, PageSentence, make_page_sentence, sentence_anchor
from crosslingual.sources import web_link
from crosslingual.types import Article, Cell, Comparison, Statement

MAX_DIFFERENCES, MAX_DIFFERENCES_PER_STATEMENT = 60, 3
"""Pairs of sentences on the page, and of one statement; the tables hold all."""
MAX_OMISSIONS = 8
"""Statements that a source leaves out, and sentences only it has, on the page."""
MAX_QUOTES, MAX_SPEAKERS = 60, 6
MAX_TERMS = 8
"""Words of a source and view on the page."""
PLOT_WIDTH, LABEL_WIDTH, ROW_HEIGHT = 720, 190, 22
"""Of the plot of an axis, in pixels; ``LABEL_WIDTH`` of them for names."""


class PageContext:
    """The page's parts; each is asked for once by the template."""

    def __init__(self, comparison: Comparison, framing: Framing, target_lang: str) -> None:
        self.comparison, self.framing, self.target_lang = comparison, framing, target_lang
        self.event = comparison.event
        self.columns = comparison.source_summaries
        self.names = {column.source.id: column.source.name for column in comparison.source_summaries}
        self.source_numbers = {
            column.source.id: number for number, column in enumerate(comparison.source_summaries, 1)
        }
        self.statement_numbers = {one.id: number for number, one in enumerate(comparison.statements, 1)}
        self.manual_statement_ids = manual_statements(comparison)
        self.encoder_warning = "" if find_tuned_layers(comparison.encoder) else UNCALIBRATED_WARNING
        every = [cell for one in comparison.statements for cell in one.cells]
        self._cells = {(cell.article, cell.sentence): cell for cell in (*every, *comparison.exclusives)}
        self._statement_by_sentence = {
            (c.article, c.sentence): one.id for one in comparison.statements for c in one.cells
        }
        self._statements = {one.id: one for one in comparison.statements}
        self._article_numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._link_probabilities = {(one.left, one.right): one.probability for one in comparison.links}

    def page_sentence(
        self, sentence: Cell | SentenceTrace, spans: Sequence[DifferenceSpan] = ()
    ) -> PageSentence:
        """The sentence at ``sentence`` with ``spans`` of it marked."""
        return make_page_sentence(self._cells[sentence.article, sentence.sentence], spans)

    def statement_label(self, statement_id: str) -> PageSentence:
        """The sentence that stands for a statement: one in the reader's language if there is any."""
        cells = self._statements[statement_id].cells
        return self.page_sentence(
            max(
                cells,
                key=lambda cell: (
                    cell.lang == self.target_lang,
                    bool(cell.translation),
                    cell.probability,
                    -cells.index(cell),
                ),
            )
        )

    def statement_sureness(self, statement: Statement) -> str:
        """How sure it is, in words; "by hand" where nothing else holds it together."""
        return (
            MANUAL_LABEL
            if statement.id in self.manual_statement_ids
            else format_sureness(statement.probability)
        )

    def source_rows(self) -> Iterator[dict[str, Any]]:
        """Each source with what was looked at and what came of it."""
        firm: dict[str, int] = defaultdict(int)
        for one in self.framing.omissions.omissions:
            firm[one.source] += not one.is_perhaps
        looked = {one.source: one for one in self.framing.omissions.source_scopes}
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

    def matrix_rows(self) -> Iterator[tuple[Statement, PageSentence, list[tuple[PageSentence, bool] | None]]]:
        """Each statement with what stands for it, and of each source the first sentence that says it.

        With the sentence stands whether it is sure; where none says it, perhaps or not, there is None.
        """
        for statement in self.comparison.statements:
            first: dict[str, tuple[PageSentence, bool]] = {}
            for cells, sure in ((statement.cells, True), (statement.perhaps, False)):
                for cell in cells:
                    if cell.source not in first:
                        first[cell.source] = self.page_sentence(cell), sure
            yield (
                statement,
                self.statement_label(statement.id),
                [first.get(column.source.id) for column in self.columns],
            )

    def statement_rows(self) -> Iterator[dict[str, Any]]:
        """Each statement with its sentences, how sure each is, and who is silent."""
        for one in self.comparison.statements:
            carriers = {cell.source for cell in (*one.cells, *one.perhaps)}
            yield {
                "statement": one,
                "cells": [(self.page_sentence(cell), to_percent(cell.probability)) for cell in one.cells],
                "perhaps": [(self.page_sentence(cell), to_percent(cell.probability)) for cell in one.perhaps],
                "silent": [column for column in self.columns if column.source.id not in carriers],
            }

    def difference_rows(self) -> list[dict[str, Any]]:
        """Pairs that are as likely to be told of one thing as to differ in it; each sentence once.

        Without the first, what was put together wrongly would stand before all else.
        """
        shown: list[dict[str, Any]] = []
        told: dict[str, set[str]] = defaultdict(set)
        for one in sorted(self.framing.differences, key=self.difference_rank):
            seen, sides = told[one.statement], {sentence_anchor(one.left), sentence_anchor(one.right)}
            if len(shown) == MAX_DIFFERENCES or len(seen) == 2 * MAX_DIFFERENCES_PER_STATEMENT:
                continue
            if seen & sides or not one.divergence.spans:
                continue
            seen |= sides
            spans = one.divergence.spans
            shown.append(
                {
                    "statement": one.statement,
                    "sure": to_percent(one.divergence.score),
                    "sides": [
                        self.page_sentence(place, [span for span in spans if span.side == side])
                        for side, place in enumerate((one.left, one.right))
                    ],
                    "named": list(self.named_differences(one)),
                }
            )
        return shown

    def named_differences(self, difference: Difference) -> Iterator[tuple[str, str]]:
        """Kinds of what can be named, and what is said of it; the same from either side once."""
        seen: set[frozenset[str]] = set()
        for span in difference.divergence.spans:
            sides = frozenset((span.kind, *span.description.split(" against ")))
            if span.kind not in UNNAMED_KINDS and sides not in seen:
                seen.add(sides)
                yield span.kind, span.description

    def difference_rank(self, difference: Difference) -> tuple[Any, ...]:
        """What to sort pairs by: named differences first, then as likely of one thing as different."""
        return (
            not any(self.named_differences(difference)),
            -round(difference.divergence.score * self._pair_probability(difference), 4),
            difference.left.article,
            difference.left.start,
            difference.right.article,
            difference.right.start,
        )

    def _pair_probability(self, difference: Difference) -> float:
        """How likely both of a pair say the same: 0 where no link was a candidate."""
        places = sorted(
            (self._article_numbers[place.article], place.sentence)
            for place in (difference.left, difference.right)
        )
        return self._link_probabilities.get((places[0], places[1]), 0.0)

    def overlap_rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Row by row of the matrix, None on its diagonal."""
        pairs = {(pair.left, pair.right): pair for pair in self.framing.omissions.overlaps}
        for one in self.names:
            yield one, [pairs.get((one, other)) for other in self.names]

    def omission_groups(self) -> Iterator[dict[str, Any]]:
        """Of each source what it leaves out and what only it has, the first of each and how many more."""
        silences = self.framing.omissions
        for column in self.columns:
            id_ = column.source.id
            left = [one for one in silences.omissions if one.source == id_]
            alone = [one for one in silences.exclusives if one.cell.source == id_]
            yield {
                "column": column,
                "left": left[:MAX_OMISSIONS],
                "left_more": len(left[MAX_OMISSIONS:]),
                "alone": alone[:MAX_OMISSIONS],
                "alone_more": len(alone[MAX_OMISSIONS:]),
            }

    def speaker_groups(self) -> Iterator[tuple[str, list[Any], int]]:
        """Of each source that quotes its speakers, the first and how many more."""
        for id_ in self.names:
            own = [voice for voice in self.framing.quotes.speaker_shares if voice.source == id_]
            if own:
                yield id_, own[:MAX_SPEAKERS], len(own[MAX_SPEAKERS:])

    def quote_rows(self) -> list[tuple[Any, list[QuoteReuse]]]:
        """Speech with its fate in the other sources, the most repeated first."""
        fates: dict[str, list[QuoteReuse]] = defaultdict(list)
        for one in self.framing.quote_reuse:
            fates[one.quote].append(one)
        speech = [quote for quote in self.framing.quotes.quotes if quote.kind == "speech"]
        speech.sort(
            key=lambda quote: (-sum(one.fate != "dropped" for one in fates[quote.id]), -quote.n_words)
        )
        return [(quote, fates[quote.id]) for quote in speech[:MAX_QUOTES]]

    def term_groups(self) -> Iterator[tuple[str, str, list[tuple[str, list[DistinctiveTerm]]]]]:
        """Groups: where counted, the source, and of each view its words."""
        for where, terms in (
            ("original", self.framing.lexicon.original),
            ("across", self.framing.lexicon.across),
        ):
            for id_ in self.names:
                views = [
                    (view, [term for term in terms if term.source == id_ and term.view == view][:MAX_TERMS])
                    for view in ("all", "shared")
                ]
                if any(found for _, found in views):
                    yield where, id_, views

    def axis_plots(self) -> Iterator[dict[str, Any]]:
        """Each axis with its plot: where intervals begin and end, in pixels."""
        by: dict[str, list[AxisScore]] = defaultdict(list)
        for stand in self.framing.axis_scores:
            by[stand.axis].append(stand)
        for stands in by.values():
            least = min(min(one.ci_low, one.bias) for one in stands)
            most = max(max(one.ci_high, one.bias) for one in stands)
            pad = max((most - least) * 0.06, 0.02)
            low, high = least - pad, most + pad

            def to_pixels(value: float, low: float = low, high: float = high) -> float:
                return round(LABEL_WIDTH + (value - low) / (high - low) * (PLOT_WIDTH - LABEL_WIDTH - 8), 1)

            yield {
                "high": stands[0].high,
                "low": stands[0].low,
                "event": to_pixels(stands[0].event_bias),
                "zero": to_pixels(0.0) if low < 0 < high else None,
                "stands": stands,
                "height": ROW_HEIGHT * len(stands) + 34,
                "rows": [
                    (
                        ROW_HEIGHT * number + 14,
                        stand,
                        to_pixels(stand.ci_low),
                        to_pixels(stand.bias),
                        to_pixels(stand.ci_high),
                    )
                    for number, stand in enumerate(stands)
                ],
            }

    def frame_rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Each frame with its portions in the order of the sources."""
        by: dict[str, list[Any]] = defaultdict(list)
        for one in self.framing.frame_shares:
            by[one.name].append(one)
        yield from by.items()

    def article_rows(self) -> Iterator[tuple[Article, str, list[tuple[PageSentence, str]]]]:
        """All sentences of all articles, each with the statement that has it, or none."""
        of: dict[str, list[Cell]] = defaultdict(list)
        for (id_, _), cell in sorted(self._cells.items()):
            of[id_].append(cell)
        for article in self.comparison.articles:
            yield (
                article,
                web_link(article.url),
                [
                    (
                        self.page_sentence(cell),
                        self._statement_by_sentence.get((cell.article, cell.sentence), ""),
                    )
                    for cell in of[article.id]
                ],
            )

    def count_engines(self) -> list[tuple[str, int]]:
        """What translated, and how many sentences."""
        count: dict[str, int] = defaultdict(int)
        for cell in self._cells.values():
            if cell.translation:
                count[engine_label(cell.translation)] += 1
        return sorted(count.items(), key=lambda one: (-one[1], one[0]))
