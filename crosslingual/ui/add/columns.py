"""Which column of a table holds what: shown as guessed, for a person to confirm or change."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crosslingual.ingest import Table
from crosslingual.ingest.columns import NAMES
from crosslingual.settings import Settings
from crosslingual.ui.add.draft import Draft
from crosslingual.ui.add.intake import start
from crosslingual.ui.add.shown import line, section, sheet

TABLES = 5
"""Tables whose columns are shown; of more, all are read as guessed."""
_ROWS = 3
_COLUMNS = 12
_CELL = 80  # characters
_FIELDS = {
    "text": "Text",
    "title": "Title",
    "date": "Date",
    "source": "Source",
    "lang": "Language",
    "url": "Link",
    "author": "Author",
}


def confirm(settings: Settings, draft: Draft) -> None:
    """Draw the columns of the draft's tables; others than the guessed have it read anew."""
    for number, table in list(draft.tables.items())[:TABLES]:
        unsure = not table.mapping.text or bool(table.mapping.unsure)
        with st.expander("Columns of a table" + (": please confirm" if unsure else ""), expanded=unsure):
            _one(settings, draft, number, table)


def _one(settings: Settings, draft: Draft, number: int, table: Table) -> None:
    section(str(draft.given.files[number].path))
    guessed = [_FIELDS[name].lower() for name in table.mapping.unsure]
    if not table.mapping.text:
        line("No column looks like the articles’ texts; say which it is.", "ask")
    elif guessed:
        line(f"Guessed from what the columns hold, so please look: {', '.join(guessed)}.", "ask")
    shown = range(min(len(table.header), _COLUMNS))
    sheet(
        [table.header[place][:_CELL] for place in shown],
        [[row[place][:_CELL] if place < len(row) else "" for place in shown] for row in table.rows[:_ROWS]],
    )
    with st.form(f"add.columns.{draft.id}.{number}", border=False):
        places = st.columns(len(_FIELDS), gap="small")
        chosen = {
            name: place.selectbox(
                _FIELDS[name],
                ["", *table.header],
                index=1 + table.header.index(now) if (now := getattr(table.mapping, name)) else 0,
                format_func=lambda header: header or "none",
                key=f"add.column.{draft.id}.{number}.{name}",
            )
            for place, name in zip(places, _FIELDS, strict=True)
        }
        pressed = st.form_submit_button(
            "Read it with these columns", key=f"add.columns.{draft.id}.{number}.go"
        )
    if pressed:
        pairs = tuple((name, column) for name in NAMES if (column := chosen[name]))
        files = list(draft.given.files)
        files[number] = replace(files[number], columns=pairs)
        start(settings, draft.again(tuple(files)))
        st.rerun()
