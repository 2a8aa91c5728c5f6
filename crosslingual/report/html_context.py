"""What the report's page shows of a comparison and its framing: chosen, ordered, ready for the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.compare.corrections import manual_statements
from crosslingual.formatting import (
    MANUAL_LABEL,
    describe_probabilities,
    engine_label,
    format_sureness,
    to_percent,
)
from crosslingual.framing.axes import AxisScore
from crosslingual.framing.cells import SentenceTrace
from crosslingual.framing.claims import Claim
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
MAX_CLAIMS = 60
"""Statements on the page of which a source says whose claim they are."""
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
        self.statement_numbers = {
            statement.id: number for number, statement in enumerate(comparison.statements, 1)
        }
        self.manual_statement_ids = manual_statements(comparison)
        self.probability_note = describe_probabilities(comparison)
        in_statements = [cell for statement in comparison.statements for cell in statement.cells]
        self._cells = {
            (cell.article, cell.sentence): cell for cell in (*in_statements, *comparison.exclusives)
        }
        self._statement_by_sentence = {
            (cell.article, cell.sentence): statement.id
            for statement in comparison.statements
            for cell in statement.cells
        }
        self._statements = {statement.id: statement for statement in comparison.statements}
        self._article_numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._link_probabilities = {(link.left, link.right): link.probability for link in comparison.links}

    def page_sentence(
        self, sentence: Cell | SentenceTrace, spans: Sequence[DifferenceSpan] = ()
    ) -> PageSentence:
        """The sentence at ``sentence`` with ``spans`` of it marked."""
        return make_page_sentence(self._cells[sentence.article, sentence.sentence], spans)

    def statement_label(self, statement_id: str) -> PageSentence:
        """The sentence that stands for a statement: one in the target language if there is any."""
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
        n_sure_omissions: dict[str, int] = defaultdict(int)
        for omission in self.framing.omissions.omissions:
            n_sure_omissions[omission.source] += not omission.is_perhaps
        scopes = {scope.source: scope for scope in self.framing.omissions.source_scopes}
        for column in self.columns:
            source = column.source
            yield {
                "column": column,
                "source": source,
                "country": country_name(source.country) if source.country else "",
                "languages": sorted(
                    {article.lang for article in self.comparison.articles if article.source == source.id}
                ),
                "looked": scopes[source.id],
                "silent": n_sure_omissions[source.id],
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
        for statement in self.comparison.statements:
            carriers = {cell.source for cell in (*statement.cells, *statement.perhaps)}
            yield {
                "statement": statement,
                "cells": [
                    (self.page_sentence(cell), to_percent(cell.probability)) for cell in statement.cells
                ],
                "perhaps": [
                    (self.page_sentence(cell), to_percent(cell.probability)) for cell in statement.perhaps
                ],
                "silent": [column for column in self.columns if column.source.id not in carriers],
            }

    def difference_rows(self) -> list[dict[str, Any]]:
        """Pairs that are as likely to say one thing as to differ in it; each sentence once.

        Without the first, what was put together wrongly would stand before all else.
        """
        rows: list[dict[str, Any]] = []
        used_anchors: dict[str, set[str]] = defaultdict(set)
        for difference in sorted(self.framing.differences, key=self.difference_rank):
            used = used_anchors[difference.statement]
            sides = {sentence_anchor(difference.left), sentence_anchor(difference.right)}
            if len(rows) == MAX_DIFFERENCES or len(used) == 2 * MAX_DIFFERENCES_PER_STATEMENT:
                continue
            if used & sides or not difference.divergence.spans:
                continue
            used |= sides
            spans = difference.divergence.spans
            rows.append(
                {
                    "statement": difference.statement,
                    "sides": [
                        self.page_sentence(trace, [span for span in spans if span.side == side])
                        for side, trace in enumerate((difference.left, difference.right))
                    ],
                    "named": list(self.named_differences(difference)),
                }
            )
        return rows

    def named_differences(self, difference: Difference) -> Iterator[DifferenceSpan]:
        """What can be named, the sure first; the same from either side once."""
        seen: set[frozenset[str]] = set()
        for span in sorted(difference.divergence.spans, key=lambda span: not span.is_sure):
            sides = frozenset((span.kind, *span.description.split(" against ")))
            if span.kind not in UNNAMED_KINDS and sides not in seen:
                seen.add(sides)
                yield span

    def difference_rank(self, difference: Difference) -> tuple[Any, ...]:
        """What to sort pairs by: sure differences first, then named ones, then as likely of one thing as different."""
        named = list(self.named_differences(difference))
        return (
            not any(span.is_sure for span in named),
            not any(span.stands_against for span in named),
            not named,
            -round(difference.divergence.score * self._pair_probability(difference), 4),
            difference.left.article,
            difference.left.start,
            difference.right.article,
            difference.right.start,
        )

    def _pair_probability(self, difference: Difference) -> float:
        """How likely both of a pair say the same: 0 where no link was a candidate."""
        indexes = sorted(
            (self._article_numbers[trace.article], trace.sentence)
            for trace in (difference.left, difference.right)
        )
        return self._link_probabilities.get((indexes[0], indexes[1]), 0.0)

    def overlap_rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Row by row of the matrix, None on its diagonal."""
        pairs = {(pair.left, pair.right): pair for pair in self.framing.omissions.overlaps}
        for source in self.names:
            yield source, [pairs.get((source, other)) for other in self.names]

    def omission_groups(self) -> Iterator[dict[str, Any]]:
        """Of each source what it leaves out and what only it has, the first of each and how many more."""
        measured = self.framing.omissions
        for column in self.columns:
            id_ = column.source.id
            left = [found for found in measured.omissions if found.source == id_]
            alone = [found for found in measured.exclusives if found.cell.source == id_]
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
            shares = [share for share in self.framing.quotes.speaker_shares if share.source == id_]
            if shares:
                yield id_, shares[:MAX_SPEAKERS], len(shares[MAX_SPEAKERS:])

    def claim_rows(self) -> tuple[list[tuple[str, dict[str, list[Claim]]]], int]:
        """Statements that a source attributes, by source whose claim it is; and of how many they are the first.

        Those first that some sources say themselves and others attribute.
        """
        by_statement: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
        for claim in self.framing.claims:
            by_statement[claim.statement][claim.sentence.source].append(claim)
        rows = [
            (statement, dict(by_source))
            for statement, by_source in by_statement.items()
            if any(claim.cue for own in by_source.values() for claim in own)
        ]
        rows.sort(key=lambda row: -_is_disputed(row[1]))
        return rows[:MAX_CLAIMS], len(rows)

    def quote_rows(self) -> list[tuple[Any, list[QuoteReuse]]]:
        """Speech with its fate in the other sources, the most repeated first."""
        reuses: dict[str, list[QuoteReuse]] = defaultdict(list)
        for reuse in self.framing.quote_reuse:
            reuses[reuse.quote].append(reuse)
        speech = [quote for quote in self.framing.quotes.quotes if quote.kind == "speech"]
        speech.sort(
            key=lambda quote: (
                -sum(reuse.fate not in ("perhaps", "not found") for reuse in reuses[quote.id]),
                -quote.n_words,
            )
        )
        return [(quote, reuses[quote.id]) for quote in speech[:MAX_QUOTES]]

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
        scores_by_axis: dict[str, list[AxisScore]] = defaultdict(list)
        for score in self.framing.axis_scores:
            scores_by_axis[score.axis].append(score)
        for scores in scores_by_axis.values():
            least = min(min(score.ci_low, score.bias) for score in scores)
            most = max(max(score.ci_high, score.bias) for score in scores)
            pad = max((most - least) * 0.06, 0.02)
            low, high = least - pad, most + pad

            def to_pixels(value: float, low: float = low, high: float = high) -> float:
                return round(LABEL_WIDTH + (value - low) / (high - low) * (PLOT_WIDTH - LABEL_WIDTH - 8), 1)

            yield {
                "high": scores[0].high,
                "low": scores[0].low,
                "event": to_pixels(scores[0].event_bias),
                "zero": to_pixels(0.0) if low < 0 < high else None,
                "stands": scores,
                "height": ROW_HEIGHT * len(scores) + 34,
                "rows": [
                    (
                        ROW_HEIGHT * number + 14,
                        score,
                        to_pixels(score.ci_low),
                        to_pixels(score.bias),
                        to_pixels(score.ci_high),
                    )
                    for number, score in enumerate(scores)
                ],
            }

    def frame_rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Each frame with its portions in the order of the sources."""
        shares_by_frame: dict[str, list[Any]] = defaultdict(list)
        for share in self.framing.frame_shares:
            shares_by_frame[share.name].append(share)
        yield from shares_by_frame.items()

    def article_rows(self) -> Iterator[tuple[Article, str, list[tuple[PageSentence, str]]]]:
        """All sentences of all articles, each with the statement that has it, or none."""
        cells_by_article: dict[str, list[Cell]] = defaultdict(list)
        for (id_, _), cell in sorted(self._cells.items()):
            cells_by_article[id_].append(cell)
        for article in self.comparison.articles:
            yield (
                article,
                web_link(article.url),
                [
                    (
                        self.page_sentence(cell),
                        self._statement_by_sentence.get((cell.article, cell.sentence), ""),
                    )
                    for cell in cells_by_article[article.id]
                ],
            )

    def count_engines(self) -> list[tuple[str, int]]:
        """What translated, and how many sentences."""
        counts: dict[str, int] = defaultdict(int)
        for cell in self._cells.values():
            if cell.translation:
                counts[engine_label(cell.translation)] += 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _is_disputed(by_source: dict[str, list[Claim]]) -> bool:
    """Whether some sources say a statement themselves and others only according to somebody."""
    own = [any(not claim.cue for claim in claims) for claims in by_source.values()]
    return any(own) and not all(own)
