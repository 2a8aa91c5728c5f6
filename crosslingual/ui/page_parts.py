"""What several pages draw alike: a line that is said, a table to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import streamlit as st

from crosslingual.report.tables import csv_bytes


def render_said(text: str, *, is_error: bool = False) -> None:
    """A line that says what came of something, or why there is nothing."""
    st.html(f"<p class='search-said{' wrong' if is_error else ''}' role='status'>{escape(text)}</p>")


def render_csv(file_name: str, key: str, make_rows: Callable[[], Iterable[dict[str, Any]]], tip: str) -> None:
    """A button that hands out a table as ``file_name``; its rows are made when it is pressed.

    The page has been drawn by then and its library closed: see ``event_context.with_open_library``.
    """
    st.download_button(
        "CSV",
        lambda: csv_bytes(make_rows()),
        file_name,
        "text/csv",
        key=key,
        on_click="ignore",
        help=tip,
    )
