"""What could not be read or added: file, reason, what next; to look at and to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import streamlit as st

from crosslingual.ingest import Problem
from crosslingual.ui.add.shown import sheet

SHOWN = 50
_HERE = {
    "add it, or name the outlet with --source": "add it again, and say in the preview whose it is",
    "give it with --lang": "add it again, and say its language in the preview",
    "name it with --column text=NAME": "pick it above the preview",
    "name it with --column text=KEY": "pick it above the preview",
}
"""What stands for a flag of the command line here."""


def troubles(problems: Sequence[Problem], key: str) -> None:
    """A table of ``problems``, and a button that saves all of them."""
    sheet(("From", "What is wrong", "What next"), [told(problem) for problem in problems[:SHOWN]])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if len(problems) > SHOWN:
            st.html(f"<p class='lead'>and {len(problems) - SHOWN:,} more, all of them in the list</p>")
        st.download_button(
            "Save this list (CSV)",
            as_csv(problems),
            file_name="problems.csv",
            mime="text/csv",
            key=key,
            on_click="ignore",
            type="tertiary",
        )


def told(problem: Problem) -> tuple[str, str, str]:
    """Where it is, what is wrong, and what to do: what stands behind the last semicolon."""
    place = str(problem).removesuffix(f": {problem.message}")[:300]
    wrong, sign, then = problem.message.rpartition("; ")
    return (place, wrong, _sentence(_HERE.get(then, then))) if sign else (place, then, "")


def as_csv(problems: Sequence[Problem]) -> str:
    """The same as a table that spreadsheets open as text: none of its cells begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("from", "what is wrong", "what next"))
    writer.writerows([_harmless(cell) for cell in told(problem)] for problem in problems)
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
