"""The report's tables: flat rows of a comparison and its framing, as CSV and as JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crosslingual.compare.corrections import manual_statements
from crosslingual.report.framing import round_numbers
from crosslingual.types import Article, Cell, Comparison

if TYPE_CHECKING:  # the tables of a search need no measures
    from crosslingual.framing.axes import AxisScore
    from crosslingual.framing.cells import SentenceTrace
    from crosslingual.framing.naming import NamedReferent, Rendering
    from crosslingual.framing.pipeline import Framing

TableRow = dict[str, Any]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet read a cell as a formula, or begin another cell."""
_LIST_SEPARATOR = "; "


def build_tables(comparison: Comparison, framing: Framing) -> dict[str, list[TableRow]]:
    """The rows of each table by its name; rows of a table have the same columns."""
    builder = _RowBuilder(comparison)
    tables = {
        "statements": builder.statement_rows(),
        "exclusives": builder.exclusive_rows(framing),
        "differences": builder.difference_rows(framing),
        "silences": builder.omission_rows(framing),
        "overlap": (field_values(pair) for pair in framing.omissions.overlaps),
        "quotes": builder.quote_rows(framing),
        "quotes-elsewhere": builder.quote_reuse_rows(framing),
        "voices": (field_values(voice) for voice in framing.quotes.speaker_shares),
        "claims": builder.claim_rows(framing),
        "lexicon": builder.lexicon_rows(framing),
        "axes": score_rows(framing.axis_scores),
        "frames": builder.frame_rows(framing),
        "naming": naming_rows(framing.naming),
    }
    return {name: [round_numbers(row) for row in rows] for name, rows in tables.items()}


def statement_rows(comparison: Comparison) -> list[TableRow]:
    """The rows of the table ``statements`` alone, which needs no framing."""
    return [round_numbers(row) for row in _RowBuilder(comparison).statement_rows()]


def naming_rows(naming: Iterable[NamedReferent]) -> Iterator[TableRow]:
    """A row for each sentence that names something by one of several names."""
    for referent in naming:
        for rendering in referent.renderings:
            for row in mention_rows(rendering):
                yield {
                    "referent": referent.label,
                    "kind": referent.kind,
                    "rendering": rendering.label,
                } | row


def mention_rows(rendering: Rendering) -> Iterator[TableRow]:
    """A row for each mention of ``rendering``."""
    for one in rendering.mentions:
        yield {
            "source": one.sentence.source,
            "lang": one.lang,
            "form": one.form,
            "doubtful": one.is_doubtful,
            "article": one.sentence.article,
            "sentence": one.sentence.sentence,
            "start": one.start,
            "end": one.end,
            "text": one.sentence.text,
        }


def csv_bytes(rows: Iterable[TableRow]) -> bytes:
    """``rows`` as RFC 4180 has it, in UTF-8 with the mark by which spreadsheets know it.

    A text that a spreadsheet would take for a formula gets a ' before it. Lists are joined by "; ".
    """
    out = io.StringIO(newline="")
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
        writer.writerow({name: _csv_value(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8-sig", errors="replace")


def jsonl_bytes(rows: Iterable[TableRow]) -> bytes:
    """``rows``, an object a line, in UTF-8."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode(errors="replace")


def field_values(value: Any) -> TableRow:
    """The fields of a dataclass with slots."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _csv_value(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        value = _LIST_SEPARATOR.join(map(str, value))
    if isinstance(value, Mapping):
        value = _LIST_SEPARATOR.join(f"{name} {item}" for name, item in value.items())
    if isinstance(value, str):
        value = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return value


def score_rows(scores: Iterable[AxisScore]) -> list[TableRow]:
    """A row for each axis and source."""
    rows = []
    for score in scores:
        row = field_values(score)
        for end in ("towards_high", "towards_low"):
            row[end] = [_format_trace(mover.cell) for mover in row[end]]
        rows.append(round_numbers(row))
    return rows


class _RowBuilder:
    """A comparison with what its rows need to name one another."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._articles = {article.id: article for article in comparison.articles}
        in_statements = [cell for statement in comparison.statements for cell in statement.cells]
        self._cells = {
            (cell.article, cell.sentence): cell for cell in (*in_statements, *comparison.exclusives)
        }

    def statement_rows(self) -> Iterator[TableRow]:
        manual_ids = manual_statements(self._comparison)
        for statement in self._comparison.statements:
            reporting = [(cell, "says it") for cell in statement.cells]
            for cell, state in (*reporting, *((cell, "perhaps") for cell in statement.perhaps)):
                yield {
                    "statement": statement.id,
                    "state": state,
                    "coverage": statement.coverage,
                    "n_sources": statement.n_sources,
                    "probability": statement.probability,
                    "manual": statement.id in manual_ids,
                    **self._sentence_columns(cell),
                    "cell_probability": cell.probability,
                    "margin_score": cell.score,
                }

    def exclusive_rows(self, framing: Framing) -> Iterator[TableRow]:
        for exclusive in framing.omissions.exclusives:
            yield {
                **self._sentence_columns(self._find_cell(exclusive.cell)),
                "n_occurrences": exclusive.n_occurrences,
                "centrality": exclusive.centrality,
                "is_perhaps": exclusive.is_perhaps,
                **_nearest_columns(
                    exclusive.nearest.cell if exclusive.nearest else None,
                    exclusive.nearest.probability if exclusive.nearest else None,
                ),
            }

    def difference_rows(self, framing: Framing) -> Iterator[TableRow]:
        """A row for each span; of a pair without any, one row with an empty kind."""
        for difference in framing.differences:
            pair = {
                "statement": difference.statement,
                "score": difference.divergence.score,
                **_side_columns("left", difference.left, self._find_cell(difference.left)),
                **_side_columns("right", difference.right, self._find_cell(difference.right)),
            }
            sides = (difference.left, difference.right)
            for span in difference.divergence.spans:
                yield pair | {
                    "in": sides[span.side].source,
                    "kind": span.kind,
                    "description": span.description,
                    "is_sure": span.is_sure,
                    "words": sides[span.side].text[span.start : span.end],
                    "start": span.start,
                    "end": span.end,
                }
            if not difference.divergence.spans:
                yield pair | dict.fromkeys(
                    ("in", "kind", "description", "is_sure", "words", "start", "end"), ""
                )

    def omission_rows(self, framing: Framing) -> Iterator[TableRow]:
        first_texts = {statement.id: statement.cells[0].text for statement in self._comparison.statements}
        for omission in framing.omissions.omissions:
            yield {
                "source": omission.source,
                "statement": omission.statement,
                "first_told": first_texts[omission.statement],
                "n_reporting": len(omission.reporting_sources),
                "n_sources": omission.n_sources,
                "reporting_sources": omission.reporting_sources,
                "centrality": omission.centrality,
                "articles_looked_at": omission.n_articles,
                "sentences_looked_at": omission.n_sentences,
                "is_perhaps": omission.is_perhaps,
                **_nearest_columns(
                    omission.nearest.cell if omission.nearest else None,
                    omission.nearest.probability if omission.nearest else None,
                ),
            }

    def quote_rows(self, framing: Framing) -> Iterator[TableRow]:
        for quote in framing.quotes.quotes:
            row = field_values(quote)
            del row["sentences"]
            yield row | {"url": self._articles[quote.article].url}

    def quote_reuse_rows(self, framing: Framing) -> Iterator[TableRow]:
        for reuse in framing.quote_reuse:
            row = field_values(reuse)
            cell = row.pop("cell")
            yield row | {"sentence": _format_trace(cell), "text": cell.text if cell else ""}

    def claim_rows(self, framing: Framing) -> Iterator[TableRow]:
        for claim in framing.claims:
            yield {
                "statement": claim.statement,
                "source": claim.sentence.source,
                "sentence": _format_trace(claim.sentence),
                "lang": claim.lang,
                "says_itself": not claim.cue,
                "speaker": claim.speaker,
                "cue": claim.cue,
                "text": claim.sentence.text,
            }

    def lexicon_rows(self, framing: Framing) -> Iterator[TableRow]:
        for group, terms in (("original", framing.lexicon.original), ("across", framing.lexicon.across)):
            for term in terms:
                row = field_values(term)
                row["cells"] = [_format_trace(cell) for cell in term.cells]
                yield {"counted_in": group} | row

    def frame_rows(self, framing: Framing) -> Iterator[TableRow]:
        for share in framing.frame_shares:
            yield field_values(share) | {"evidence": [_format_trace(item.cell) for item in share.evidence]}

    def _find_cell(self, trace: SentenceTrace) -> Cell:
        return self._cells[trace.article, trace.sentence]

    def _sentence_columns(self, cell: Cell) -> TableRow:
        article: Article = self._articles[cell.article]
        translation = cell.translation
        return {
            "source": cell.source,
            "article": cell.article,
            "sentence": cell.sentence,
            "start": cell.start,
            "end": cell.end,
            "lang": cell.lang,
            "text": cell.text,
            "translation": translation.text if translation else "",
            "translation_lang": translation.lang if translation else "",
            "engine": translation.engine if translation else "",
            "engine_version": translation.version if translation else "",
            "issues": translation.issues if translation else (),
            "date": article.date,
            "title": article.title,
            "url": article.url,
        }


def _side_columns(name: str, trace: SentenceTrace, cell: Cell) -> TableRow:
    return {
        f"{name}_source": trace.source,
        f"{name}_sentence": _format_trace(trace),
        f"{name}_lang": cell.lang,
        f"{name}_text": trace.text,
    }


def _nearest_columns(trace: SentenceTrace | None, probability: float | None) -> TableRow:
    return {
        "nearest_sentence": _format_trace(trace),
        "nearest_text": trace.text if trace else "",
        "nearest_probability": probability,
    }


def _format_trace(trace: SentenceTrace | None) -> str:
    """``ARTICLE:SENTENCE``, the article's id and the sentence's index in it."""
    return f"{trace.article}:{trace.sentence}" if trace else ""
