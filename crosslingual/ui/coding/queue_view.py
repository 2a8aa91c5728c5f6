"""A coder's queue on the page: a passage, a key for each code, what is done, and passages to offer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from crosslingual.coding.unit_view import PassageView, UnitView, iterate_queue, load_unit_view
from crosslingual.coding.units import offer_event_units
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.formatting import format_count
from crosslingual.library.codebook import Code, code_paths, sort_codes
from crosslingual.library.coding_values import Coding, CodingUnit, Passage, make_passage
from crosslingual.report.coding import describe_gone
from crosslingual.ui.add.widgets import escape_markdown, render_message, render_section
from crosslingual.ui.check.question import article_html
from crosslingual.ui.event_context import EventContext

KEYS = "123456789efghijklmopqstvwxyz"
"""Keys of codes in their order; further ones have none. N is done, U takes back, C and R are the app's."""
KINDS = {
    "cell": "What one source says of a statement",
    "statement": "A statement, with all who tell it",
    "sentence": "Single sentences",
}
MEMO_KEY, WORDS_KEY, ROUND_KEY = "coding.memo", "coding.words", "coding.round"
"""The fields have a new key with each code given: else they would keep what was typed."""
OFFERED_KEY, REOPENED_KEY = "coding.offered", "coding.reopened"
"""What came of an offer, for the next drawing; the unit that was taken back, which comes first."""
DEFAULT_SIZE, MAX_SIZE = 40, 5_000


def render_queue(context: EventContext, coder: str) -> None:
    """Draw what ``coder`` has to do next, or what can be offered."""
    library = context.library
    codes = sort_codes(library.load_codes())
    units = library.load_coding_units()
    if not codes:
        render_message("There are no codes yet: make some under Codebook first.", "ask")
        return
    n_offered = sum(task.coder == coder for unit in units for task in unit.tasks)
    n_done = sum(unit.is_done_by(coder) for unit in units)
    if said := st.session_state.pop(OFFERED_KEY, ""):
        render_message(said)
    left = [*iterate_queue(units, coder)]
    reopened = st.session_state.get(REOPENED_KEY)
    unit = next((one for one in left if one.id == reopened), left[0] if left else None)
    if unit is None:
        if n_offered:
            render_message(
                f"All {format_count(n_offered, 'passage')} in the queue of {coder} are done. Disagreements show once"
                " all coders are."
            )
            _render_undo(context, coder)
        _render_offer(context, coder, is_first=not n_offered)
        _render_withdrawal(context, units)
        return
    view = load_unit_view(library, unit, context.target_lang, context.settings.engine_priority)
    render_unit(view, f"Passage {n_done + 1:,} of {n_offered:,}", context.target_lang)
    _render_keys(context, view, codes, coder, is_first=not n_done)
    st.progress(n_done / n_offered)
    _render_meanings(codes)
    with st.expander("Offer more passages, or take an offer back", key="coding.more"):
        _render_offer(context, coder, is_first=False)
        _render_withdrawal(context, units)


def render_unit(view: UnitView, place: str, target_lang: str) -> None:
    """Draw the passages of a unit with what stands around them."""
    told = {"statement": "A statement", "cell": "What one source says", "span": "A few words"}
    title = told.get(view.unit.kind, "A sentence")
    parts = "".join(_passage_html(one, view.unit.kind, target_lang) for one in view.passages)
    gone = f"<p class='line wrong'>{escape(describe_gone(view.n_gone))}.</p>" if view.n_gone else ""
    st.html(
        f"<div class='question'><p role='status'>{escape(place)}</p><h2>{escape(title)}</h2></div>{gone}"
        f"<div class='asked{'' if len(view.passages) > 1 else ' whole'}'>{parts}</div>"
    )


def find_words(view: UnitView, words: str) -> Passage | None:
    """Where ``words`` stand in a unit's passages; None for the whole unit, where none are given.

    Raises:
        InputError: they stand nowhere in it, or more than once.
    """
    wanted = words.strip()
    if not wanted:
        return None
    found: list[Passage] = []
    for one in view.passages:
        place = one.text.find(wanted)
        while place >= 0 and len(found) < 2:
            start = one.passage.start + place
            found.append(
                make_passage(one.passage.article, one.shown.article.text, start, start + len(wanted))
            )
            place = one.text.find(wanted, place + 1)
    if len(found) > 1:
        raise InputError(f"{wanted[:60]!r} stands there twice; copy more of it")
    if not found:
        raise InputError(f"{wanted[:60]!r} does not stand in this passage; copy the words from it")
    return found[0]


def _passage_html(one: PassageView, kind: str, target_lang: str) -> str:
    html = article_html(one.shown, target_lang)
    if kind != "span":
        return html
    return html.replace(
        "</section>", f"<p class='said'>To be coded: <b dir='auto'>{escape(one.text)}</b></p></section>"
    )


def _render_keys(
    context: EventContext, view: UnitView, codes: Sequence[Code], coder: str, *, is_first: bool
) -> None:
    """A button for each code, with its key; bound to the passage, so that none counts for the next one unseen."""
    unit, paths = view.unit, code_paths(codes)
    given = unit.codes_of(coder)
    with st.container(horizontal=True, gap="small", key="coding-notes"):
        suffix = f"{unit.id}.{st.session_state.setdefault(ROUND_KEY, 0)}"
        memo = st.text_input("Memo, kept with the next code", key=f"{MEMO_KEY}.{suffix}", max_chars=2_000)
        words = st.text_input("Only these words of it", key=f"{WORDS_KEY}.{suffix}", max_chars=2_000)
    with st.container(horizontal=True, gap="small", key="check-answers"):
        for number, code in enumerate(codes):
            is_given = code.id in given
            if st.button(
                f"{'✓ ' if is_given else ''}{escape_markdown(paths[code.id])}",
                key=f"coding.{unit.id}.{code.id}",
                type="primary" if is_given else "secondary",
                shortcut=KEYS[number] if number < len(KEYS) else None,
                help=escape_markdown(code.definition[:300]) or None,
            ):
                _toggle_code(context, view, code, coder, memo, words)
        if st.button("Done, next", key=f"coding.done.{unit.id}", shortcut="n", icon=":material/check:"):
            _finish_unit(context, unit.id, coder, memo, words)
        if not is_first:
            _render_undo(context, coder)
    shown = [one for one in unit.codings if one.memo or one.passage]
    if shown:
        told = "; ".join(_describe_coding(one, view, paths) for one in shown)
        st.html(f"<p class='framing-note'>{escape(told)}</p>")


def _describe_coding(coding: Coding, view: UnitView, paths: dict[str, str]) -> str:
    words = [paths.get(coding.code, ""), quote_part(coding, view), coding.memo]
    return ": ".join(word for word in words if word)


def quote_part(coding: Coding, view: UnitView) -> str:
    """The words that a coding is of alone; empty where it is of the whole unit."""
    if coding.passage is None:
        return ""
    texts = {one.passage.article: one.shown.article.text for one in view.passages}
    part = texts.get(coding.passage.article, "")[coding.passage.start : coding.passage.end]
    return f"“{part}”" if part else ""


def _toggle_code(
    context: EventContext, view: UnitView, code: Code, coder: str, memo: str, words: str
) -> None:
    unit: CodingUnit = view.unit
    own = [one.id for one in unit.codings if (one.code, one.coder) == (code.id, coder)]
    try:
        part = find_words(view, words)
        if own and part is None and not memo.strip():
            context.library.remove_codings(own)
        else:
            context.library.add_coding(unit, Coding(code.id, coder, memo, part))
    except CrosslingualError as error:
        render_message(f"Not done: {error}.", "wrong")
        return
    st.session_state[ROUND_KEY] += 1
    st.rerun()


def _finish_unit(context: EventContext, unit_id: str, coder: str, memo: str, words: str) -> None:
    if memo.strip() or words.strip():
        render_message(
            "Not done: what you typed is not kept yet; press the code that it goes with, or clear it.",
            "wrong",
        )
        return
    try:
        context.library.finish_task(unit_id, coder)
    except CrosslingualError as error:
        render_message(f"Not done: {error}.", "wrong")
        return
    st.session_state.pop(REOPENED_KEY, None)
    st.rerun()


def _render_undo(context: EventContext, coder: str) -> None:
    if st.button("Take the last passage back", key="coding.undo", shortcut="u", type="tertiary"):
        try:
            st.session_state[REOPENED_KEY] = context.library.reopen_task(coder)
        except CrosslingualError as error:
            render_message(f"Not done: {error}.", "wrong")
            return
        st.rerun()


def _render_meanings(codes: Sequence[Code]) -> None:
    paths = code_paths(codes)
    with st.expander("What the codes mean", key="coding.meanings"):
        rows = "".join(
            f"<p class='code'><i style='background: {escape(one.color)}'></i><b dir='auto'>{escape(paths[one.id])}</b>"
            f" <span dir='auto'>{escape(one.definition)}</span>"
            + (f"<small dir='auto'>{escape(one.examples)}</small>" if one.examples else "")
            + "</p>"
            for one in codes
        )
        st.html(rows)


def _render_offer(context: EventContext, coder: str, *, is_first: bool) -> None:
    if is_first:
        render_section(
            "Passages to code",
            "They are drawn from the event above and put into a queue for each coder, who sees nobody else's codes."
            " Searches and lists are offered by: crosslingual code offer",
        )
    with st.form(f"coding.offer.{is_first}", border=is_first):
        kind = st.selectbox("What", list(KINDS), format_func=KINDS.__getitem__, key="coding.kind")
        size = st.number_input("How many, at random", 1, MAX_SIZE, DEFAULT_SIZE, key="coding.size")
        names = st.text_input(
            "Coders, with commas between", value=coder, key="coding.coders", max_chars=1_000
        )
        is_asked = st.form_submit_button("Offer", type="primary")
    if is_asked:
        coders = [name for name in names.split(",") if name.strip()]
        try:
            _, n_tasks = offer_event_units(
                context.library, context.compare_sources(), kind, coders, int(size)
            )
        except CrosslingualError as error:
            render_message(f"Not done: {error}.", "wrong")
            return
        st.session_state[OFFERED_KEY] = f"{format_count(n_tasks, 'task')} offered."
        st.rerun()


def _render_withdrawal(context: EventContext, units: Sequence[CodingUnit]) -> None:
    """Offers with something that nobody has finished, to be taken back."""
    open_ids = {task.offer for unit in units for task in unit.tasks if not task.done_order}
    offers = {one.id: one for one in context.library.load_coding_offers() if one.id in open_ids}
    if not offers:
        return
    with st.form("coding.withdraw", border=False):
        chosen = st.selectbox(
            "An offer to take back; what is finished or coded stays",
            list(offers),
            format_func=lambda id_: (
                f"{offers[id_].created_at[:16].replace('T', ' ')} {offers[id_].description}"
            ),
        )
        is_asked = st.form_submit_button("Take the offer back")
    if is_asked:
        try:
            count = context.library.withdraw_offer(chosen)
        except CrosslingualError as error:
            render_message(f"Not done: {error}.", "wrong")
            return
        st.session_state[OFFERED_KEY] = f"{format_count(count, 'task')} taken back."
        st.rerun()
