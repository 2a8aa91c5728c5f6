"""Where coders differ, side by side on the page, and what is decided."""

from __future__ import annotations

from html import escape

import streamlit as st

from crosslingual.coding.adjudication import Disagreement, find_disagreements
from crosslingual.coding.unit_view import UnitView, load_unit_view
from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_count
from crosslingual.library.codebook import Code, code_paths, sort_codes
from crosslingual.library.coding_values import CodingDecision
from crosslingual.report.coding import progress_rows
from crosslingual.ui.add.widgets import render_message, render_table
from crosslingual.ui.coding.queue_view import quote_part, render_unit
from crosslingual.ui.event_context import EventContext

PLACE_KEY, REOPENED_KEY = "coding.place", "coding.undecided"
"""The second is the unit whose decision was taken back, which is shown next."""


def render_disagreements(context: EventContext, coder: str) -> None:
    """Draw the units that coders coded differently, one at a time, the undecided ones first."""
    library = context.library
    units = library.load_coding_units()
    found = sorted(find_disagreements(units), key=lambda one: one.is_decided)
    codes = sort_codes(library.load_codes())
    if not found:
        render_message(
            "No disagreements: a passage is shown here once all who were offered it are done, and differ.",
            "ask",
        )
        rows = [
            (str(row["coder"]), *(f"{row[name]:,}" for name in ("n_offered", "n_finished")))
            for row in progress_rows(units)
        ]
        if rows:
            render_table(("Coder", "Offered", "Done"), rows, (1, 2))
        return
    n_open = sum(not one.is_decided for one in found)
    render_message(f"{format_count(len(found), 'passage')} coded differently, {n_open:,} not decided.")
    place = 0
    if len(found) > 1:
        if st.session_state.get(PLACE_KEY, 1) > len(found):  # some were settled elsewhere
            del st.session_state[PLACE_KEY]
        reopened = st.session_state.pop(REOPENED_KEY, "")
        if reopened in (ids := [one.unit.id for one in found]):
            st.session_state[PLACE_KEY] = ids.index(reopened) + 1
        place = int(st.number_input("Passage", 1, len(found), key=PLACE_KEY, width=160)) - 1
    one = found[place]
    view = load_unit_view(library, one.unit, context.target_lang, context.settings.engine_priority)
    render_unit(view, f"{place + 1:,} of {len(found):,}", context.target_lang)
    st.html(_coders_html(one, view, codes))
    _render_decision(context, one, codes, coder)


def _coders_html(one: Disagreement, view: UnitView, codes: list[Code]) -> str:
    paths, colors = code_paths(codes), {code.id: code.color for code in codes}
    cards = []
    for name in one.coders:
        own = [coding for coding in one.unit.codings if coding.coder == name and coding.code in paths]
        lines = "".join(
            f"<p class='code{' disputed' if coding.code in one.disputed else ''}'>"
            f"<i style='background: {escape(colors[coding.code])}'></i><b dir='auto'>{escape(paths[coding.code])}</b>"
            f" <span dir='auto'>{escape(' '.join((quote_part(coding, view), coding.memo)).strip())}</span></p>"
            for coding in own
        )
        cards.append(f"<section><h3 dir='auto'>{escape(name)}</h3>{lines or '<p>No code</p>'}</section>")
    return f"<div class='asked coders'>{''.join(cards)}</div>"


def _render_decision(context: EventContext, one: Disagreement, codes: list[Code], coder: str) -> None:
    paths, made, unit = code_paths(codes), one.unit.decision, one.unit
    if made is not None:
        told = ", ".join(paths[id_] for id_ in sorted(made.codes, key=paths.__getitem__)) or "no code"
        render_message(f"{made.coder} decided: {told}. {made.memo}".strip())
        if st.button("Take the decision back", key=f"coding.undecide.{unit.id}", type="tertiary"):
            context.library.remove_decision(unit.id)
            st.session_state[REOPENED_KEY] = unit.id
            st.rerun()
    given = frozenset[str]().union(*(unit.codes_of(name) for name in one.coders))
    agreed = sorted(given - one.disputed if made is None else made.codes, key=paths.__getitem__)
    with st.form(f"coding.decide.{unit.id}"):
        chosen = st.multiselect("What it has in the end", list(paths), agreed, format_func=paths.__getitem__)
        memo = st.text_input("Why", max_chars=2_000)
        is_asked = st.form_submit_button("Decide", type="primary")
    if is_asked:
        try:
            context.library.add_decision(unit.id, CodingDecision(coder, frozenset(chosen), memo))
        except CrosslingualError as error:
            render_message(f"Not done: {error}.", "wrong")
            return
        st.rerun()
