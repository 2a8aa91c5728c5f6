"""Comparisons and searches as HTML for a notebook: plain tables without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from crosslingual.compare.corrections import manual_statements
from crosslingual.formatting import MANUAL_LABEL, format_count, format_sureness, to_percent
from crosslingual.types import Cell, Comparison, Source, SourceSummary, Statement, Translation

if TYPE_CHECKING:
    from crosslingual.search import Results

MAX_SHOWN_ROWS = 30
_CELL_STYLE = "style='text-align:left;vertical-align:top'"


def comparison_html(comparison: Comparison) -> str:
    """The statement table: what each source says, perhaps says, or was not found to say."""
    manual_ids = manual_statements(comparison)
    rows = []
    for statement in comparison.statements:
        sure = MANUAL_LABEL if statement.id in manual_ids else format_sureness(statement.probability)
        cells = "".join(
            f"<td {_CELL_STYLE}>{_statement_cell_html(statement, column)}</td>"
            for column in comparison.source_summaries
        )
        rows.append(
            f"<tr><th {_CELL_STYLE}>{statement.coverage} of {statement.n_sources}<br>{sure}</th>{cells}</tr>"
        )
    heads = "".join(
        f"<th {_CELL_STYLE}>{escape(column.source.name)}</th>" for column in comparison.source_summaries
    )
    caption = (
        f"{escape(comparison.event.title)}: {format_count(len(comparison.statements), 'statement')},"
        f" {format_count(len(comparison.exclusives), 'sentence')} only one source has"
    )
    return _table_html(caption, f"<th {_CELL_STYLE}>told by</th>{heads}", rows)


def results_html(results: Results, sources: Mapping[str, Source]) -> str:
    """The sentences found, best first; ``sources`` are the library's, by id."""
    from crosslingual.report.listing import select_hits
    from crosslingual.report.search import format_headline

    rows = []
    for hit in results.hits:
        source = sources.get(hit.entry.source)
        where = f"{escape(source.name if source else hit.entry.source)}<br>{escape(hit.entry.date[:10])}"
        text = _text_html(hit.sentence.text, hit.entry.lang, hit.translation)
        cells = "".join(
            f"<td {_CELL_STYLE}>{part}</td>" for part in (f"{to_percent(hit.probability)} %", where, text)
        )
        rows.append(f"<tr>{cells}</tr>")
    heads = "".join(f"<th {_CELL_STYLE}>{head}</th>" for head in ("same", "source, date", "sentence"))
    return _table_html(escape(format_headline(select_hits(results), results, sources)), heads, rows)


def rows_html(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """The first rows of a table, in these ``columns`` or all, and how many there are."""
    names = columns or tuple(rows[0] if rows else ())
    heads = "".join(f"<th {_CELL_STYLE}>{escape(name.replace('_', ' '))}</th>" for name in names)
    lines = [
        f"<tr>{''.join(f'<td {_CELL_STYLE}>{escape(_format_value(row[name]))}</td>' for name in names)}</tr>"
        for row in rows[:MAX_SHOWN_ROWS]
    ]
    more = f", the first {MAX_SHOWN_ROWS} are shown" if len(rows) > MAX_SHOWN_ROWS else ""
    return _table_html(f"{format_count(len(rows), 'row')}{more}", heads, lines)


def _format_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return (
        ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    )


def _table_html(caption: str, heads: str, rows: list[str]) -> str:
    return (
        f"<table><caption {_CELL_STYLE}>{caption}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _statement_cell_html(statement: Statement, column: SourceSummary) -> str:
    cells = [cell for cell in statement.cells if cell.source == column.source.id]
    if cells:
        return "<br>".join(map(_cell_html, cells))
    for cell in statement.perhaps:
        if cell.source == column.source.id:
            return f"<i>perhaps · {to_percent(cell.probability)} %:</i> {_cell_html(cell)}"
    return f"<i>not found in its {format_count(column.n_articles, 'article')}</i>"


def _cell_html(cell: Cell) -> str:
    return _text_html(cell.text, cell.lang, cell.translation)


def _text_html(text: str, lang: str, translation: Translation | None) -> str:
    said = f"<span lang='{escape(lang)}' dir='auto'>{escape(text)}</span>"
    return f"{escape(translation.text)}<br><small>{said}</small>" if translation else said
