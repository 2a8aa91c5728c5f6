"""Who cites whom, for a terminal."""

from __future__ import annotations

from rich.table import Table

from crosslingual.citations.values import CitationGraph
from crosslingual.report.terminal import plain_text


def edges_table(graph: CitationGraph) -> Table:
    """A row for each edge; a question mark stands behind what is doubtful in all its sentences."""
    table = Table(box=None, pad_edge=False)
    table.add_column("who", overflow="fold")
    table.add_column("takes from", overflow="fold")
    table.add_column("how", no_wrap=True)
    for heading in ("sentences or copies", "doubtful", "articles"):
        table.add_column(heading, justify="right")
    table.add_column("first", no_wrap=True)
    for edge in graph.edges:
        doubt = "?" * (edge.n_doubtful == edge.n_items)
        outside = "" if edge.is_in_library else " (not in the library)"
        table.add_row(
            plain_text(edge.citing),
            plain_text(edge.cited_name + doubt + outside),
            edge.kind,
            str(edge.n_items),
            str(edge.n_doubtful),
            str(edge.n_articles),
            plain_text(edge.first_date),
        )
    return table
