"""Comparisons and searches as HTML for a notebook: plain tables without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from crosslingual.corrections import by_hand
from crosslingual.report.words import BY_HAND, count, percent, sureness
from crosslingual.types import Cell, Column, Comparison, Source, Statement, Translation

if TYPE_CHECKING:
    from crosslingual.search import Results

_LEFT = "style='text-align:left;vertical-align:top'"


def comparison_html(comparison: Comparison) -> str:
    """The statement table: what each source says, perhaps says, or was not found to say."""
    made = by_hand(comparison)
    rows = []
    for one in comparison.statements:
        sure = BY_HAND if one.id in made else sureness(one.probability)
        told = "".join(f"<td {_LEFT}>{_said(one, column)}</td>" for column in comparison.columns)
        rows.append(f"<tr><th {_LEFT}>{one.coverage} of {one.of}<br>{sure}</th>{told}</tr>")
    heads = "".join(f"<th {_LEFT}>{escape(column.source.name)}</th>" for column in comparison.columns)
    caption = (
        f"{escape(comparison.event.title)}: {count(len(comparison.statements), 'statement')},"
        f" {count(len(comparison.exclusives), 'sentence')} only one source has"
    )
    return _table(caption, f"<th {_LEFT}>told by</th>{heads}", rows)


def results_html(results: Results, sources: Mapping[str, Source]) -> str:
    """The sentences found, best first; ``sources`` are the library's, by id."""
    from crosslingual.report.listing import listing
    from crosslingual.report.search import headline

    rows = []
    for hit in results.hits:
        source = sources.get(hit.entry.source)
        where = f"{escape(source.name if source else hit.entry.source)}<br>{escape(hit.entry.date[:10])}"
        said = _text(hit.sentence.text, hit.entry.lang, hit.translation)
        told = "".join(f"<td {_LEFT}>{part}</td>" for part in (f"{percent(hit.probability)} %", where, said))
        rows.append(f"<tr>{told}</tr>")
    heads = "".join(f"<th {_LEFT}>{head}</th>" for head in ("same", "source, date", "sentence"))
    return _table(escape(headline(listing(results), results, sources)), heads, rows)


def _table(caption: str, heads: str, rows: list[str]) -> str:
    return (
        f"<table><caption {_LEFT}>{caption}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _said(statement: Statement, column: Column) -> str:
    cells = [cell for cell in statement.cells if cell.source == column.source.id]
    if cells:
        return "<br>".join(map(_cell, cells))
    for cell in statement.perhaps:
        if cell.source == column.source.id:
            return f"<i>perhaps · {percent(cell.probability)} %:</i> {_cell(cell)}"
    return f"<i>not found in its {count(column.articles, 'article')}</i>"


def _cell(cell: Cell) -> str:
    return _text(cell.text, cell.lang, cell.translation)


def _text(text: str, lang: str, translation: Translation | None) -> str:
    said = f"<span lang='{escape(lang)}' dir='auto'>{escape(text)}</span>"
    return f"{escape(translation.text)}<br><small>{said}</small>" if translation else said
