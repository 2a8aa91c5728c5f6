"""How each source calls what several call otherwise, as JSON, rows and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group
from rich.table import Table

from crosslingual.framing.naming import NamedReferent, Rendering
from crosslingual.report.tables import mention_rows
from crosslingual.report.terminal import plain_text

_MAX_FORMS = 2
"""Forms of a rendering that a terminal shows for each source."""


def naming_object(naming: Sequence[NamedReferent], event: str) -> dict[str, Any]:
    """``naming`` in the event with this id, as JSON-ready values."""
    return {
        "event": event,
        "referents": [
            {
                "key": referent.key,
                "name": referent.label,
                "kind": referent.kind,
                "sources": list(referent.sources),
                "renderings": [
                    {
                        "key": rendering.key,
                        "name": rendering.label,
                        "doubtful": rendering.is_doubtful,
                        "sources": rendering.sources,
                        "mentions": list(mention_rows(rendering)),
                    }
                    for rendering in referent.renderings
                ],
            }
            for referent in naming
        ],
    }


def naming_view(naming: Sequence[NamedReferent]) -> Group:
    """A table for each of ``naming``: its renderings down, its sources across, with counts and forms."""
    parts: list[Any] = []
    for referent in naming:
        table = Table(box=None, pad_edge=False, title=plain_text(referent.label), title_justify="left")
        table.add_column("called", overflow="fold")
        for source in referent.sources:
            table.add_column(plain_text(source), overflow="fold")
        for rendering in referent.renderings:
            table.add_row(
                plain_text(rendering.label + "?" * rendering.is_doubtful),
                *(plain_text(_cell_text(rendering, source)) for source in referent.sources),
            )
        parts += [table, ""]
    return Group(*parts[:-1])


def _cell_text(rendering: Rendering, source: str) -> str:
    forms = rendering.forms_of(source)
    if not forms:
        return "–"
    shown = ", ".join(list(forms)[:_MAX_FORMS])
    return f"{sum(forms.values())} {shown}{' …' if len(forms) > _MAX_FORMS else ''}"
