"""How far coders agree, and who carries which code, on the page; with files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from crosslingual.coding.adjudication import finished_coders
from crosslingual.coding.agreement import measure_agreement
from crosslingual.coding.prevalence import count_codes
from crosslingual.coding.refi_project import can_be_exported
from crosslingual.coding.unit_view import load_coded_articles
from crosslingual.formatting import format_count
from crosslingual.library.codebook import sort_codes
from crosslingual.report.coding import (
    agreement_rows,
    describe_prevalence,
    progress_rows,
    share_rows,
    shorten_value,
    shown_tests,
    test_rows,
)
from crosslingual.report.coding_export import export_bytes
from crosslingual.ui.add.widgets import render_message, render_section, render_table
from crosslingual.ui.event_context import EventContext, LibraryContext, with_open_library
from crosslingual.ui.page_parts import render_csv

AGREEMENT_COLUMNS = {
    "code": "Code",
    "kind": "Kind",
    "lang": "Language",
    "coders": "Coders",
    "n_units": "Passages",
    "percent": "Agree",
    "cohen": "Cohen's κ",
    "fleiss": "Fleiss' κ",
    "alpha": "Krippendorff's α",
}
SHARE_COLUMNS = {
    "code": "Code",
    "kind": "Kind",
    "source": "Source",
    "lang": "Language",
    "state": "Told",
    "n_coded": "With the code",
    "n_units": "Passages",
    "share": "Share",
}
TEST_COLUMNS = {
    "code": "Code",
    "kind": "Kind",
    "by": "By",
    "n_units": "Passages",
    "method": "Test",
    "p_value": "p",
    "adjusted": "p, corrected",
}


def render_agreement(context: EventContext) -> None:
    """Draw how far coders agree, and how far each is."""
    library = context.library
    units, codes = library.load_coding_units(), sort_codes(library.load_codes())
    progress = progress_rows(units)
    if not progress:
        render_message("Nobody has coded anything yet; begin with the queue.", "ask")
        return
    articles = load_coded_articles(library, units)
    rows = agreement_rows(measure_agreement(units, codes, articles), codes)
    if rows:
        lead = (
            "Of passages that two coders or more were offered and have done. κ and α are 1 for full agreement, 0 for"
            " what chance would give; a dash is where one value alone was given."
        )
        render_section("Agreement", lead)
        _render_rows(rows, AGREEMENT_COLUMNS, "n_units")
    else:
        render_message("No passage was done by two coders yet.", "ask")
    render_section("Coders")
    _render_rows(
        progress,
        {"coder": "Coder", "n_offered": "Offered", "n_finished": "Done", "n_codings": "Codings"},
        "n_offered",
    )
    with st.container(horizontal=True, gap="small", key="coding-downloads"):
        if rows:
            render_csv("agreement.csv", "coding.agreement", lambda: rows, "How far coders agree")
        if any(unit.codings or unit.decision or finished_coders(unit) for unit in units):
            _render_download(
                context, "Codings (CSV)", "codings.csv", "text/csv", "One line a coding, for R or pandas"
            )
        if can_be_exported(units, codes, articles):
            _render_download(
                context,
                "Project (REFI-QDA)",
                "coding.qdpx",
                "application/zip",
                "For ATLAS.ti, MAXQDA, NVivo, QualCoder: it holds the articles that were coded",
            )


def render_counts(context: EventContext) -> None:
    """Draw who carries which code in the event."""
    library = context.library
    codes = sort_codes(library.load_codes())
    counted = count_codes(context.compare_sources(), library.load_coding_units(), codes)
    if not counted.shares:
        render_message(
            "Nothing of this event is coded yet, or coders differ and nobody has decided."
            if codes
            else "There are no codes yet: make some under Codebook first.",
            "ask",
        )
        if counted.n_open or counted.n_gone:
            render_message(describe_prevalence(counted))
        return
    render_section("Who carries which code", describe_prevalence(counted))
    shares, tests = share_rows(counted, codes), test_rows(counted, codes)
    _render_rows(shares, SHARE_COLUMNS, "n_coded")
    known = [row for row in tests if row["p_value"] is not None]
    lead = (
        "Whether a code's share differs by source, language, or between what several sources say and what one says"
        f" alone. Corrected for {format_count(len(known), 'test')} (Benjamini and Hochberg)."
        if tests
        else "None: whole statements were coded, which several sources share."
    )
    render_section("Tests", lead)
    if tests:
        _render_rows(shown_tests(tests), TEST_COLUMNS, "n_units")
    with st.container(horizontal=True, gap="small", key="coding-downloads"):
        render_csv("codes.csv", "coding.counts", lambda: shares, "Who carries which code")


def _render_download(context: EventContext, label: str, name: str, mime: str, tip: str) -> None:
    def make(whole: LibraryContext) -> bytes:
        return export_bytes(whole.library, Path(name))[0]

    st.download_button(
        label,
        with_open_library(context.whole, make),
        name,
        mime,
        key=f"coding.{name}",
        on_click="ignore",
        help=tip,
    )


def _render_rows(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], first_figure: str) -> None:
    """A table; columns from ``first_figure`` on hold figures."""
    places = list(columns)
    texts = [tuple(shorten_value(row[name]) for name in columns) for row in rows]
    render_table(list(columns.values()), texts, range(places.index(first_figure), len(places)))
