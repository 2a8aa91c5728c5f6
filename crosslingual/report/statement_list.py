"""Many sources on a terminal: statements as a list with who tells them, or as a matrix of signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.formatting import strip_control_chars, to_percent
from crosslingual.language.codes import language_name
from crosslingual.report.terminal import comparison_headline
from crosslingual.types import Cell, Comparison, SourceSummary, Statement

REPORTED_SIGN, PERHAPS_SIGN, NOT_FOUND_SIGN = "●", "?", "·"
_MAX_NAME_CHARS = 28  # characters
_MAX_LINE_CELLS = 80  # cells of a terminal


def list_view(comparison: Comparison, target_lang: str) -> RenderableType:
    """Each statement in the target language where it can be, with how many tell it and who, by language."""
    names = _short_names(comparison)
    parts: list[RenderableType] = [comparison_headline(comparison)]
    for number, statement in enumerate(comparison.statements, 1):
        parts.append(
            Text.assemble(
                (f"\n{number}. {format_coverage(statement)}", "bold"),
                f" · {to_percent(statement.probability)} %\n",
                *_label_parts(statement, target_lang),
            )
        )
        parts += [
            Text.assemble((f"  {language_name(lang)}: ", "dim"), tellers)
            for lang, tellers in _sources_by_language(statement, names, target_lang)
        ]
    return Group(*parts)


def matrix_view(comparison: Comparison, target_lang: str) -> RenderableType:
    """A row a statement, a sign a source; the numbers above the columns are named below the table."""
    columns = _order_columns(comparison, target_lang)
    heads = [f"{number:>2}" for number in range(1, len(columns) + 1)]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("told by", no_wrap=True)
    table.add_column(" ".join(heads), no_wrap=True)  # one column: narrow ones of their own are squeezed out
    table.add_column("statement")
    for statement in comparison.statements:
        states = _source_signs(statement)
        text = Text.assemble(*_label_parts(statement, target_lang))
        text.truncate(_MAX_LINE_CELLS, overflow="ellipsis")
        row = (states.get(column.source.id, NOT_FOUND_SIGN) for column, _ in columns)
        table.add_row(
            format_coverage(statement),
            " ".join(sign.rjust(len(head)) for sign, head in zip(row, heads, strict=True)),
            text,
        )
    legend = "\n".join(
        f"{number:>3} {strip_control_chars(column.source.name)} ({lang})"
        for number, (column, lang) in enumerate(columns, 1)
    )
    signs = f"{REPORTED_SIGN} tells it   {PERHAPS_SIGN} perhaps   {NOT_FOUND_SIGN} not found"
    return Group(comparison_headline(comparison), table, Text(f"\n{signs}\n{legend}", style="dim"))


def matrix_rows(comparison: Comparison, target_lang: str) -> list[dict[str, Any]]:
    """A flat row a statement; a column a source holds what it says, or ``?`` and what it perhaps says."""
    rows = []
    for statement in comparison.statements:
        label = _label_cell(statement, target_lang)
        row: dict[str, Any] = {
            "statement": statement.id,
            "text": label.text,
            "lang": label.lang,
            "translation": label.translation.text if label.translation else "",
            "told_by": statement.coverage,
            "perhaps": len({cell.source for cell in statement.perhaps}),
            "n_sources": statement.n_sources,
            "probability": round(statement.probability, 4),
        }
        for column in comparison.source_summaries:
            sure = [cell.text for cell in statement.cells if cell.source == column.source.id]
            unsure = [f"? {cell.text}" for cell in statement.perhaps if cell.source == column.source.id]
            row[f"source {column.source.id}"] = " ".join(sure or unsure)
        rows.append(row)
    return rows


def format_coverage(statement: Statement) -> str:
    """``10 + 4? of 17``: ten tell it, four perhaps."""
    perhaps = len({cell.source for cell in statement.perhaps})
    return f"{statement.coverage}{f' + {perhaps}?' if perhaps else ''} of {statement.n_sources}"


def _label_cell(statement: Statement, target_lang: str) -> Cell:
    """The sentence for a statement: in the target language, else translated, else the surest."""
    return min(
        statement.cells,
        key=lambda cell: (
            cell.lang != target_lang,
            cell.translation is None,
            -cell.probability,
            len(cell.text),
        ),
    )


def _label_parts(statement: Statement, target_lang: str) -> Iterator[str | tuple[str, str]]:
    label = _label_cell(statement, target_lang)
    if label.translation and label.lang != target_lang:
        yield strip_control_chars(label.translation.text)
        yield f" ({language_name(label.lang)}, translated)", "dim"
    else:
        yield strip_control_chars(label.text)
        if label.lang != target_lang:
            yield f" ({language_name(label.lang)})", "dim"


def _source_signs(statement: Statement) -> dict[str, str]:
    return {cell.source: PERHAPS_SIGN for cell in statement.perhaps} | {
        cell.source: REPORTED_SIGN for cell in statement.cells
    }


def _sources_by_language(
    statement: Statement, names: dict[str, str], target_lang: str
) -> Iterator[tuple[str, str]]:
    """By language, the target language first, then those with most, who tells it and who perhaps does."""
    reporting: dict[str, dict[str, str]] = {}
    perhaps: dict[str, dict[str, str]] = {}
    for cells, group in ((statement.cells, reporting), (statement.perhaps, perhaps)):
        for cell in cells:
            if cell.source in names:
                group.setdefault(cell.lang, {})[cell.source] = names[cell.source]
    langs = dict.fromkeys((*reporting, *perhaps))
    for lang in sorted(langs, key=lambda lang: (lang != target_lang, -len(reporting.get(lang, ())), lang)):
        sure, unsure = (", ".join(group.get(lang, {}).values()) for group in (reporting, perhaps))
        yield lang, "; ".join(part for part in (sure, unsure and f"perhaps {unsure}") if part)


def _order_columns(comparison: Comparison, target_lang: str) -> list[tuple[SourceSummary, str]]:
    """The columns with their language, the target language first."""
    langs = {article.source: article.lang for article in reversed(comparison.articles)}
    columns = [(column, langs.get(column.source.id, "")) for column in comparison.source_summaries]
    return sorted(columns, key=lambda item: (item[1] != target_lang, item[1]))


def _short_names(comparison: Comparison) -> dict[str, str]:
    def shorten_name(name: str) -> str:
        return name if len(name) <= _MAX_NAME_CHARS else f"{name[: _MAX_NAME_CHARS - 1].rstrip()}…"

    return {
        column.source.id: shorten_name(strip_control_chars(column.source.name))
        for column in comparison.source_summaries
    }
