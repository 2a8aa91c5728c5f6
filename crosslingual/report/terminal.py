"""The statement table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.compare.corrections import manual_statements
from crosslingual.formatting import (
    MANUAL_LABEL,
    describe_probabilities,
    engine_label,
    format_changes,
    format_count,
    format_sureness,
    strip_control_chars,
    to_percent,
)
from crosslingual.translation.quality import format_issue
from crosslingual.types import (
    Article,
    Bead,
    Cell,
    Comparison,
    Duplicate,
    Event,
    Operation,
    Source,
    SourceSummary,
    Statement,
    Story,
)


def events_table(events: Iterable[Event]) -> Table:
    """An event a row, its title first, with the id that ``crosslingual compare`` takes."""
    table = Table(box=None, pad_edge=False)
    table.add_column("title", overflow="fold", ratio=1)
    table.add_column("dates", no_wrap=True)
    for heading in ("articles", "sources"):
        table.add_column(heading, no_wrap=True, justify="right")
    for heading in ("languages", "event"):
        table.add_column(heading, no_wrap=True)  # an id broken over two lines cannot be copied
    for event in events:
        table.add_row(
            plain_text(event.title or "untitled"),
            plain_text(format_dates(event)),
            str(len(event.articles)),
            str(len(event.sources)),
            plain_text(" ".join(event.languages)),
            plain_text(event.id),
        )
    return table


def articles_table(articles: Iterable[Article]) -> Table:
    """An article a row, its title first, with the id that the commands take."""
    table = Table(box=None, pad_edge=False)
    table.add_column("title", overflow="fold", ratio=1)
    for heading in ("date", "language", "source", "article"):
        table.add_column(heading, no_wrap=True)  # an id broken over two lines cannot be copied
    for article in articles:
        cells = (article.title or "untitled", article.date[:10], article.lang, article.source, article.id)
        table.add_row(*map(plain_text, cells))
    return table


def bitext_table(src_name: str, tgt_name: str, beads: Iterable[Bead]) -> Table:
    """Two texts side by side, a row a bead; ``src_name`` and ``tgt_name`` name them."""
    table = Table(show_lines=True, expand=True)
    for heading in (src_name, tgt_name):
        table.add_column(plain_text(heading), ratio=1)
    for bead in beads:
        table.add_row(
            *(plain_text(" ".join(sentence.text for sentence in side)) for side in (bead.src, bead.tgt))
        )
    return table


def duplicates_table(duplicates: Iterable[Duplicate], articles: Mapping[str, Article]) -> Table:
    """A row for two articles that are one text; ``articles`` by their ids."""
    table = Table(show_lines=True, expand=True)
    for heading in ("in common", "one", "other"):
        table.add_column(heading, ratio=None if heading == "in common" else 1, overflow="fold")
    for duplicate in duplicates:
        shared = f"{format_count(duplicate.shared_sentences, 'sentence')}\n{to_percent(duplicate.share)} %"
        sides = (articles[id_] for id_ in (duplicate.left, duplicate.right))
        table.add_row(
            f"{shared}\ntranslated" if duplicate.translated else shared,
            *(
                plain_text(
                    f"{article.source} · {article.lang} · {article.date[:10]} · {article.id} {article.title}".rstrip()
                )
                for article in sides
            ),
        )
    return table


def sources_table(sources: Iterable[Source], counts: Mapping[str, int]) -> Table:
    """A row for each source; what is not known of one is a question mark."""
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "articles", "country", "ownership", "languages"):
        table.add_column(heading, no_wrap=True)
    table.add_column("name")
    for source in sources:
        table.add_row(
            plain_text(source.id),
            str(counts.get(source.id, 0)),
            plain_text(source.country or "?"),
            "?" if source.ownership == "unknown" else source.ownership,
            plain_text(" ".join(source.languages) or "?"),
            plain_text(source.name),
        )
    return table


def operations_table(operations: Iterable[Operation]) -> Table:
    """A row for each operation, with the id that ``crosslingual undo`` takes."""
    table = Table(box=None, pad_edge=False)
    for heading in ("operation", "when (UTC)", "what"):
        table.add_column(heading, no_wrap=True)
    table.add_column("of")
    for operation in operations:
        undone = " (undone)" if operation.undone else ""
        table.add_row(
            operation.id,
            operation.created_at[:16].replace("T", " "),
            operation.kind + undone,
            plain_text(
                ": ".join(filter(None, (operation.description, ", ".join(format_changes(operation)))))
            ),
        )
    return table


def format_dates(event: Event | Story) -> str:
    """``2024-05-16`` or ``2024-05-15 – 2024-05-17``; empty where no article has a date."""
    return event.start if event.start == event.end else f"{event.start} – {event.end}"


def comparison_view(comparison: Comparison) -> RenderableType:
    """Headline, sources with their counts, statements with holes as holes, then what only one has."""
    columns = comparison.source_summaries
    table = Table(show_lines=True, expand=True)
    table.add_column("told by", min_width=12)
    for column in columns:
        table.add_column(_column_heading(column), ratio=1, overflow="fold")
    manual_ids = manual_statements(comparison)
    for statement in comparison.statements:
        sureness = MANUAL_LABEL if statement.id in manual_ids else format_sureness(statement.probability)
        table.add_row(
            f"{statement.coverage} of {statement.n_sources}\n{sureness}",
            *(_statement_cell(statement, column) for column in columns),
        )
    parts: list[RenderableType] = [comparison_headline(comparison), table]
    for column in columns:
        cells = [cell for cell in comparison.exclusives if cell.source == column.source.id]
        if cells:
            parts.append(
                Text(
                    f"\nOnly {plain_text(column.source.name)} ({len(cells)} of {column.n_sentences} sentences)"
                )
            )
            parts.extend(Text("  – ").append_text(_cell_text(cell)) for cell in cells)
    return Group(*parts)


def comparison_headline(comparison: Comparison) -> Text:
    """What the event is, and what was compared."""
    event, columns = comparison.event, comparison.source_summaries
    everywhere = sum(statement.coverage == statement.n_sources for statement in comparison.statements)
    return Text.assemble(
        (str(plain_text(event.title)), "bold"),
        f"\n{plain_text(format_dates(event))} · {format_count(len(event.articles), 'article')} · "
        f"{format_count(len(columns), 'source')} · {format_count(len(comparison.statements), 'statement')},"
        f" {everywhere} told by all · "
        f"{format_count(len(comparison.exclusives), 'sentence')} only one source has · "
        f"links from {to_percent(comparison.threshold)} % on\n",
        (f"{note}\n" if (note := describe_probabilities(comparison)) else "", "yellow"),
    )


def _column_heading(column: SourceSummary) -> Text:
    return Text.assemble(
        plain_text(column.source.name),
        (
            f"\n{format_count(column.n_articles, 'article')}, {format_count(column.n_sentences, 'sentence')}: ",
            "dim",
        ),
        (f"{column.n_shared} shared, {column.n_exclusive} only here", "dim"),
    )


def _statement_cell(statement: Statement, column: SourceSummary) -> Text:
    cells = [cell for cell in statement.cells if cell.source == column.source.id]
    if cells:
        return Text("\n").join(_cell_text(cell) for cell in cells)
    for cell in statement.perhaps:
        if cell.source == column.source.id:
            return Text(f"perhaps · {to_percent(cell.probability)} %: ", style="yellow").append_text(
                _cell_text(cell)
            )
    return Text(f"— not found in its {format_count(column.n_articles, 'article')}", style="dim")


def _cell_text(cell: Cell) -> Text:
    if cell.translation is None:
        return plain_text(cell.text)
    translation = cell.translation
    issues = [(f" (?) {plain_text(format_issue(issue))}", "yellow") for issue in translation.issues]
    return Text.assemble(
        plain_text(translation.text),
        *issues,
        (f" [{plain_text(cell.text)} · {plain_text(engine_label(translation))}]", "dim"),
    )


def plain_text(text: str) -> Text:
    """``text`` as it reads: no markup, and no control character that would steer the terminal."""
    return Text(strip_control_chars(text))
