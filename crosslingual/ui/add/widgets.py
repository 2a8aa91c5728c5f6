"""How the pages Add and Sources say things: every text is escaped, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from crosslingual.ui import components

_MARKDOWN_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


def render_styles() -> None:
    """What these pages look like beyond the others."""
    st.html(f"<style>{components.read_asset('add.css')}</style>")


def render_heading(title: str, lead: str) -> None:
    """The page's title, and what it is for."""
    st.html(f"<div class='headline'><h1>{escape(title)}</h1><p>{escape(lead)}</p></div>")


def render_section(title: str, lead: str = "") -> None:
    """A part's title, and what to know of it."""
    told = f"<p class='lead' dir='auto'>{escape(lead)}</p>" if lead else ""
    st.html(f"<h2 class='section' dir='auto'>{escape(title)}</h2>{told}")


def render_message(text: str, kind: str = "") -> None:
    """One line; ``kind`` is ``wrong``, ``ask`` or nothing."""
    st.html(f"<p class='line {kind}' role='status' dir='auto'>{escape(text)}</p>")


def render_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numeric_columns: Sequence[int] = ()
) -> None:
    """A table of texts; columns in ``numeric_columns`` hold figures."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if place in numeric_columns else ''} dir='auto'>{escape(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    st.html(
        f"<div class='sheet' tabindex='0'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def escape_markdown(text: str) -> str:
    """``text`` for a label that would read Markdown in it: no mark of it counts."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))
