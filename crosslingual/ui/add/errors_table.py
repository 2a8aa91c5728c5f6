"""What could not be read or added: file, reason, what next; to look at and to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import streamlit as st

from crosslingual.readers import Problem
from crosslingual.ui.add.widgets import render_table

MAX_PROBLEMS = 50
_APP_HINTS = {
    'name the outlet with --source, or as "source" in the file': (
        "add it again, and say in the preview whose it is"
    ),
    "give it with --lang": "add it again, and say its language in the preview",
    "name it with --column text=NAME": "pick it above the preview",
    "name it with --column text=KEY": "pick it above the preview",
}
"""What stands for a flag of the command line here."""


def render_problems(problems: Sequence[Problem], key: str) -> None:
    """A table of ``problems``, and a button that saves all of them."""
    render_table(
        ("From", "What is wrong", "What next"),
        [split_problem(problem) for problem in problems[:MAX_PROBLEMS]],
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if len(problems) > MAX_PROBLEMS:
            st.html(f"<p class='lead'>and {len(problems) - MAX_PROBLEMS:,} more, all of them in the list</p>")
        st.download_button(
            "Save this list (CSV)",
            problems_csv(problems),
            file_name="problems.csv",
            mime="text/csv",
            key=key,
            on_click="ignore",
            type="tertiary",
        )


def split_problem(problem: Problem) -> tuple[str, str, str]:
    """Where it is, what is wrong, and what to do: what stands behind the last semicolon."""
    place = str(problem).removesuffix(f": {problem.message}")[:300]
    wrong, sign, then = problem.message.rpartition("; ")
    return (place, wrong, _capitalize(_APP_HINTS.get(then, then))) if sign else (place, then, "")


def problems_csv(problems: Sequence[Problem]) -> str:
    """The same as a table that spreadsheets open as text: none of its cells begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("from", "what is wrong", "what next"))
    writer.writerows([_escape_formula(cell) for cell in split_problem(problem)] for problem in problems)
    return out.getvalue()


def _escape_formula(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]
