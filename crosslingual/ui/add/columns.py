"""Which column of a table holds what: shown as guessed, for a person to confirm or change."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from crosslingual.readers import TablePreview
from crosslingual.readers.column_names import COLUMN_NAMES
from crosslingual.settings import Settings
from crosslingual.ui.add.form import start_reading
from crosslingual.ui.add.preview_model import Draft
from crosslingual.ui.add.widgets import render_message, render_section, render_table

_MAX_ROWS = 3
_MAX_COLUMNS = 12
_MAX_CELL_CHARS = 80  # characters
_FIELD_LABELS = {
    "text": "Text",
    "title": "Title",
    "date": "Date",
    "source": "Source",
    "lang": "Language",
    "url": "Link",
    "author": "Author",
}


def render_column_choices(settings: Settings, draft: Draft) -> None:
    """Draw the columns of the draft's tables; others than the guessed have it read anew."""
    for number, table in draft.tables.items():
        unsure = not table.mapping.text or bool(table.mapping.unsure)
        with st.expander("Columns of a table" + (": please confirm" if unsure else ""), expanded=unsure):
            _render_table_columns(settings, draft, number, table)


def _render_table_columns(settings: Settings, draft: Draft, file_index: int, table: TablePreview) -> None:
    render_section(str(draft.inputs.files[file_index].path))
    guessed = [_FIELD_LABELS[name].lower() for name in table.mapping.unsure]
    if not table.mapping.text:
        render_message("No column looks like the articles’ texts; say which it is.", "ask")
    elif guessed:
        render_message(f"Guessed from what the columns hold, so please look: {', '.join(guessed)}.", "ask")
    shown = range(min(len(table.header), _MAX_COLUMNS))
    render_table(
        [table.header[place][:_MAX_CELL_CHARS] for place in shown],
        [
            [row[place][:_MAX_CELL_CHARS] if place < len(row) else "" for place in shown]
            for row in table.rows[:_MAX_ROWS]
        ],
    )
    with st.form(f"add.columns.{draft.id}.{file_index}", border=False):
        places = st.columns(len(_FIELD_LABELS), gap="small")
        chosen = {
            name: place.selectbox(
                _FIELD_LABELS[name],
                ["", *table.header],
                index=1 + table.header.index(now) if (now := getattr(table.mapping, name)) else 0,
                format_func=lambda header: header or "none",
                key=f"add.column.{draft.id}.{file_index}.{name}",
            )
            for place, name in zip(places, _FIELD_LABELS, strict=True)
        }
        pressed = st.form_submit_button(
            "Read it with these columns", key=f"add.columns.{draft.id}.{file_index}.go"
        )
    if pressed:
        pairs = tuple((name, column) for name in COLUMN_NAMES if (column := chosen[name]))
        files = list(draft.inputs.files)
        files[file_index] = replace(files[file_index], columns=pairs)
        start_reading(settings, draft.with_files(tuple(files)))
        st.rerun()
