"""Who was first with what, as JSON, rows of a table and for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crosslingual.formatting import shorten_title
from crosslingual.moments import Moment, describe_delay, describe_moment
from crosslingual.report.terminal import plain_text
from crosslingual.report.to_json import event_object
from crosslingual.timeline.statement_times import EventTimeline, StatementTelling, StatementTimeline

_SENTENCE_CELLS = 60
ROLE_LABELS = {"first": "first", "tied": "among the first; order unknown", "undated": "no date"}


def timeline_object(timeline: EventTimeline) -> dict[str, Any]:
    """``timeline`` as JSON-ready values."""
    return {
        "event": event_object(timeline.event),
        "sources": [
            {
                "source": lead.source,
                "first": lead.n_first,
                "tied": lead.n_tied,
                "later": lead.n_later,
                "undated": lead.n_undated,
            }
            for lead in timeline.leads
        ],
        "statements": [_statement_object(line) for line in timeline.statements],
    }


def _statement_object(line: StatementTimeline) -> dict[str, Any]:
    """One statement in time as JSON-ready values."""
    return {
        "statement": line.statement,
        "first_source": line.first_source,
        "tellings": [_telling_object(telling) for telling in line.tellings],
    }


def telling_rows(timeline: EventTimeline) -> list[dict[str, Any]]:
    """A row for each sentence of each statement."""
    return [
        {"statement": line.statement} | _telling_object(telling)
        for line in timeline.statements
        for telling in line.tellings
    ]


def moment_columns(moment: Moment) -> dict[str, Any]:
    """A time of publication as it is written, how exact it is, and in UTC where its zone is known."""
    return {
        "published": moment.written,
        "precision": moment.precision,
        "utc": moment.instant.isoformat() if moment.instant else "",
    }


def timeline_view(timeline: EventTimeline) -> Group:
    """For a terminal: what each source led in, then each statement with its sentences in order of time."""
    leads = Table(box=None, pad_edge=False)
    for heading in ("source", "first", "among the first", "later", "no date"):
        leads.add_column(heading, overflow="fold")
    for lead in timeline.leads:
        counts = (lead.n_first, lead.n_tied, lead.n_later, lead.n_undated)
        leads.add_row(plain_text(lead.source), *map(str, counts))
    table = Table(box=None, pad_edge=False)
    for heading in ("statement", "published", "source", "when", "sentence"):
        table.add_column(heading, overflow="fold")
    for line in timeline.statements:
        for place, telling in enumerate(line.tellings):
            table.add_row(
                "" if place else line.statement,
                describe_moment(telling.published),
                plain_text(telling.cell.source),
                plain_text(describe_role(telling)),
                plain_text(shorten_title(telling.cell.text, _SENTENCE_CELLS)),
            )
    return Group(leads, Text(""), table)


def describe_role(telling: StatementTelling) -> str:
    """``first``, ``2 h 5 min later (after reuters)``, ``no date``."""
    if telling.delay:
        return f"{describe_delay(telling.delay)} (after {telling.after})"
    return ROLE_LABELS[telling.role]


def _telling_object(telling: StatementTelling) -> dict[str, Any]:
    cell, delay = telling.cell, telling.delay
    return {
        "source": cell.source,
        "lang": cell.lang,
        **moment_columns(telling.published),
        "role": telling.role,
        "after": telling.after,
        "days_later": delay.days if delay else None,
        "minutes_later": delay.minutes if delay else None,
        "article": cell.article,
        "sentence": cell.sentence,
        "text": cell.text,
    }
