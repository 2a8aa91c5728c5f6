"""The statement table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.corrections import by_hand
from crosslingual.doubts import words
from crosslingual.report.words import (
    BY_HAND,
    UNLEARNED,
    changed,
    count,
    made_by,
    percent,
    printable,
    sureness,
)
from crosslingual.tuned import layers_for
from crosslingual.types import (
    Act,
    Article,
    Bead,
    Cell,
    Column,
    Comparison,
    Copy,
    Event,
    Source,
    Statement,
)


def events_table(events: Iterable[Event]) -> Table:
    """An event a row, its title first; by its id ``crosslingual compare`` is told to name it."""
    table = Table(box=None, pad_edge=False)
    table.add_column("title", overflow="fold", ratio=1)
    table.add_column("dates", no_wrap=True)
    for heading in ("articles", "sources"):
        table.add_column(heading, no_wrap=True, justify="right")
    for heading in ("languages", "event"):
        table.add_column(heading, no_wrap=True)  # an id broken over two lines cannot be copied
    for event in events:
        table.add_row(
            _plain(event.title or "untitled"),
            _plain(dates(event)),
            str(len(event.articles)),
            str(len(event.sources)),
            _plain(" ".join(event.languages)),
            _plain(event.id),
        )
    return table


def bitext_table(one: str, other: str, beads: Iterable[Bead]) -> Table:
    """Two texts side by side, a row a bead; ``one`` and ``other`` name them."""
    table = Table(show_lines=True, expand=True)
    for heading in (one, other):
        table.add_column(_plain(heading), ratio=1)
    for bead in beads:
        table.add_row(
            *(_plain(" ".join(sentence.text for sentence in side)) for side in (bead.src, bead.tgt))
        )
    return table


def copies_table(copies: Iterable[Copy], articles: Mapping[str, Article]) -> Table:
    """A row for two articles that are one text; ``articles`` by their ids."""
    table = Table(show_lines=True, expand=True)
    for heading in ("in common", "one", "other"):
        table.add_column(heading, ratio=None if heading == "in common" else 1, overflow="fold")
    for copy in copies:
        common = f"{count(copy.common, 'sentence')}\n{percent(copy.share)} %"
        sides = (articles[id_] for id_ in (copy.one, copy.other))
        table.add_row(
            f"{common}\ntranslated" if copy.translated else common,
            *(
                _plain(f"{one.source} · {one.lang} · {one.date[:10]} · {one.id} {one.title}".rstrip())
                for one in sides
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
            _plain(source.id),
            str(counts.get(source.id, 0)),
            _plain(source.country or "?"),
            "?" if source.ownership == "unknown" else source.ownership,
            _plain(" ".join(source.languages) or "?"),
            _plain(source.name),
        )
    return table


def acts_table(acts: Iterable[Act]) -> Table:
    """A row for each act: what ``crosslingual undo`` is told to name it."""
    table = Table(box=None, pad_edge=False)
    for heading in ("act", "when (UTC)", "what"):
        table.add_column(heading, no_wrap=True)
    table.add_column("of")
    for act in acts:
        undone = " (undone)" if act.undone else ""
        table.add_row(
            act.id,
            act.made[:16].replace("T", " "),
            act.kind + undone,
            _plain(f"{act.told}: {', '.join(changed(act))}"),
        )
    return table


def dates(event: Event) -> str:
    """``2024-05-16`` or ``2024-05-15 – 2024-05-17``; empty where no article has a date."""
    return event.start if event.start == event.end else f"{event.start} – {event.end}"


def comparison_view(comparison: Comparison) -> RenderableType:
    """Headline, sources with their counts, statements with holes as holes, then what only one has."""
    columns = comparison.columns
    table = Table(show_lines=True, expand=True)
    table.add_column("told by", min_width=12)
    for column in columns:
        table.add_column(_heading(column), ratio=1, overflow="fold")
    made = by_hand(comparison)
    for statement in comparison.statements:
        sure = BY_HAND if statement.id in made else sureness(statement.probability)
        table.add_row(
            f"{statement.coverage} of {statement.of}\n{sure}",
            *(_told(statement, column) for column in columns),
        )
    parts: list[RenderableType] = [headline(comparison), table]
    for column in columns:
        cells = [cell for cell in comparison.exclusives if cell.source == column.source.id]
        if cells:
            parts.append(
                Text(f"\nOnly {_plain(column.source.name)} ({len(cells)} of {column.sentences} sentences)")
            )
            parts.extend(Text("  – ").append_text(_text(cell)) for cell in cells)
    return Group(*parts)


def headline(comparison: Comparison) -> Text:
    """What the event is, and what was compared."""
    event, columns = comparison.event, comparison.columns
    everywhere = sum(statement.coverage == statement.of for statement in comparison.statements)
    return Text.assemble(
        (str(_plain(event.title)), "bold"),
        f"\n{_plain(dates(event))} · {count(len(event.articles), 'article')} · "
        f"{count(len(columns), 'source')} · {count(len(comparison.statements), 'statement')},"
        f" {everywhere} told by all · "
        f"{count(len(comparison.exclusives), 'sentence')} only one source has · "
        f"at least {sureness(comparison.threshold)}\n",
        ("" if layers_for(comparison.encoder) else f"{UNLEARNED}\n", "yellow"),
    )


def _heading(column: Column) -> Text:
    return Text.assemble(
        _plain(column.source.name),
        (f"\n{count(column.articles, 'article')}, {count(column.sentences, 'sentence')}: ", "dim"),
        (f"{column.shared} shared, {column.exclusive} only here", "dim"),
    )


def _told(statement: Statement, column: Column) -> Text:
    cells = [cell for cell in statement.cells if cell.source == column.source.id]
    if cells:
        return Text("\n").join(_text(cell) for cell in cells)
    for cell in statement.perhaps:
        if cell.source == column.source.id:
            return Text(f"perhaps · {percent(cell.probability)} %: ", style="yellow").append_text(_text(cell))
    return Text(f"— not found in its {count(column.articles, 'article')}", style="dim")


def _text(cell: Cell) -> Text:
    if cell.translation is None:
        return _plain(cell.text)
    made = cell.translation
    doubts = [(f" (?) {_plain(words(doubt))}", "yellow") for doubt in made.doubts]
    return Text.assemble(
        _plain(made.text), *doubts, (f" [{_plain(cell.text)} · {_plain(made_by(made))}]", "dim")
    )


def _plain(text: str) -> Text:
    """``text`` as it reads: no markup, and no control character that would steer the terminal."""
    return Text(printable(text))
