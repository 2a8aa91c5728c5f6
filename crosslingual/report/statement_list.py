"""Many sources on a terminal: statements as a list with who tells them, or as a matrix of signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.language.codes import language_name
from crosslingual.report.terminal import headline
from crosslingual.report.words import percent, printable
from crosslingual.types import Cell, Column, Comparison, Statement

TOLD, PERHAPS, NOT_FOUND = "●", "?", "·"
_NAME = 28  # characters
_LINE = 80  # cells of a terminal


def list_view(comparison: Comparison, reader: str) -> RenderableType:
    """Each statement in ``reader``'s language where it can be, with how many tell it and who, by language."""
    names = _names(comparison)
    parts: list[RenderableType] = [headline(comparison)]
    for number, statement in enumerate(comparison.statements, 1):
        parts.append(
            Text.assemble(
                (f"\n{number}. {told_by(statement)}", "bold"),
                f" · {percent(statement.probability)} %\n",
                *_sentence(statement, reader),
            )
        )
        parts += [
            Text.assemble((f"  {language_name(lang)}: ", "dim"), tellers)
            for lang, tellers in _tellers(statement, names, reader)
        ]
    return Group(*parts)


def matrix_view(comparison: Comparison, reader: str) -> RenderableType:
    """A row a statement, a sign a source; the numbers above the columns are named below the table."""
    columns = _ordered(comparison, reader)
    heads = [f"{number:>2}" for number in range(1, len(columns) + 1)]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("told by", no_wrap=True)
    table.add_column(" ".join(heads), no_wrap=True)  # one column: narrow ones of their own are squeezed out
    table.add_column("statement")
    for statement in comparison.statements:
        states = _states(statement)
        text = Text.assemble(*_sentence(statement, reader))
        text.truncate(_LINE, overflow="ellipsis")
        row = (states.get(column.source.id, NOT_FOUND) for column, _ in columns)
        table.add_row(
            told_by(statement),
            " ".join(sign.rjust(len(head)) for sign, head in zip(row, heads, strict=True)),
            text,
        )
    legend = "\n".join(
        f"{number:>3} {printable(column.source.name)} ({lang})"
        for number, (column, lang) in enumerate(columns, 1)
    )
    signs = f"{TOLD} tells it   {PERHAPS} perhaps   {NOT_FOUND} not found"
    return Group(headline(comparison), table, Text(f"\n{signs}\n{legend}", style="dim"))


def matrix_rows(comparison: Comparison, reader: str) -> list[dict[str, Any]]:
    """A flat row a statement; a column a source holds what it says, or ``?`` and what it perhaps says."""
    rows = []
    for statement in comparison.statements:
        label = _label(statement, reader)
        row: dict[str, Any] = {
            "statement": statement.id,
            "text": label.text,
            "lang": label.lang,
            "translation": label.translation.text if label.translation else "",
            "told_by": statement.coverage,
            "perhaps": len({cell.source for cell in statement.perhaps}),
            "of": statement.of,
            "probability": round(statement.probability, 4),
        }
        for column in comparison.columns:
            own = [cell.text for cell in statement.cells if cell.source == column.source.id]
            unsure = [f"? {cell.text}" for cell in statement.perhaps if cell.source == column.source.id]
            row[f"source {column.source.id}"] = " ".join(own or unsure)
        rows.append(row)
    return rows


def told_by(statement: Statement) -> str:
    """``10 + 4? of 17``: ten tell it, four perhaps."""
    perhaps = len({cell.source for cell in statement.perhaps})
    return f"{statement.coverage}{f' + {perhaps}?' if perhaps else ''} of {statement.of}"


def _label(statement: Statement, reader: str) -> Cell:
    """The sentence for a statement: in the reader's language, else translated, else the surest."""
    return min(
        statement.cells,
        key=lambda cell: (cell.lang != reader, cell.translation is None, -cell.probability, len(cell.text)),
    )


def _sentence(statement: Statement, reader: str) -> Iterator[str | tuple[str, str]]:
    label = _label(statement, reader)
    if label.translation and label.lang != reader:
        yield printable(label.translation.text)
        yield f" ({language_name(label.lang)}, translated)", "dim"
    else:
        yield printable(label.text)
        if label.lang != reader:
            yield f" ({language_name(label.lang)})", "dim"


def _states(statement: Statement) -> dict[str, str]:
    return {cell.source: PERHAPS for cell in statement.perhaps} | {
        cell.source: TOLD for cell in statement.cells
    }


def _tellers(statement: Statement, names: dict[str, str], reader: str) -> Iterator[tuple[str, str]]:
    """By language, the reader's first, then those with most, who tells it and who perhaps does."""
    told: dict[str, dict[str, str]] = {}
    perhaps: dict[str, dict[str, str]] = {}
    for cells, by in ((statement.cells, told), (statement.perhaps, perhaps)):
        for cell in cells:
            if cell.source in names:
                by.setdefault(cell.lang, {})[cell.source] = names[cell.source]
    langs = dict.fromkeys((*told, *perhaps))
    for lang in sorted(langs, key=lambda lang: (lang != reader, -len(told.get(lang, ())), lang)):
        sure, unsure = (", ".join(by.get(lang, {}).values()) for by in (told, perhaps))
        yield lang, "; ".join(part for part in (sure, unsure and f"perhaps {unsure}") if part)


def _ordered(comparison: Comparison, reader: str) -> list[tuple[Column, str]]:
    """The columns with their language, the reader's first."""
    langs = {article.source: article.lang for article in reversed(comparison.articles)}
    columns = [(column, langs.get(column.source.id, "")) for column in comparison.columns]
    return sorted(columns, key=lambda item: (item[1] != reader, item[1]))


def _names(comparison: Comparison) -> dict[str, str]:
    def short(name: str) -> str:
        return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"

    return {column.source.id: short(printable(column.source.name)) for column in comparison.columns}
