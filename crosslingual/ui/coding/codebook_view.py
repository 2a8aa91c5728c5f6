"""The codebook on the page: made, edited, removed, taken back, imported and handed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from crosslingual.coding.refi_codebook import add_imported, codebook_bytes, parse_codebook
from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_count
from crosslingual.library.codebook import COLORS, MAX_NAME_CHARS, MAX_NOTE_CHARS, Code, code_paths, sort_codes
from crosslingual.report.coding import code_rows
from crosslingual.ui.add.widgets import escape_markdown, render_message
from crosslingual.ui.event_context import EventContext, LibraryContext, with_open_library

SAID_KEY = "coding.said"
"""What came of the last change, for the next drawing of the page."""
_TOP = ""


def render_codebook(context: EventContext) -> None:
    """Draw the codes, and the forms that change them."""
    library = context.library
    codes = sort_codes(library.load_codes())
    said, kind = st.session_state.pop(SAID_KEY, ("", ""))
    if said:
        render_message(said, kind)
    if codes:
        st.html(_codes_html(codes, context))
    else:
        render_message("No codes yet. A code is what you mark passages as: a frame, a blame, a topic.", "ask")
    if library.is_read_only:
        if codes:
            _render_codebook_file(context)
        return
    with st.expander("Add a code", expanded=True, key="coding.add"):
        _render_form(context, codes, None)
    if codes:
        with st.expander("Change or remove a code", key="coding.edit"):
            paths = code_paths(codes)
            chosen = st.selectbox("Code", list(paths), format_func=paths.__getitem__, key="coding.chosen")
            picked = next(one for one in codes if one.id == chosen)
            _render_form(context, codes, picked)
            if st.button("Remove it, with what was coded with it", key="coding.remove"):
                _change(lambda: library.remove_code(picked.id).description)
    with st.expander("Exchange (REFI-QDA)", key="coding.exchange"):
        _render_exchange(context, codes)
    operations = library.load_operations("codes")
    done = next((one for one in operations if not one.undone and one.kind != "undo"), None)
    if done and st.button(
        f"Undo: {escape_markdown(done.description)}", key="coding.undo-code", type="tertiary"
    ):
        _change(lambda: library.undo_operation(done.id).description)


def _codes_html(codes: Sequence[Code], context: EventContext) -> str:
    counts = {row["id"]: row["n_codings"] for row in code_rows(codes, context.library.load_coding_units())}
    depths: dict[str, int] = {}
    lines = []
    for code in codes:
        depths[code.id] = depths.get(code.parent, -1) + 1
        examples = f"<small dir='auto'>{escape(code.examples)}</small>" if code.examples else ""
        lines.append(
            f"<tr><td style='padding-left: {14 + 22 * depths[code.id]}px'><i style='background: {escape(code.color)}'>"
            f"</i><b dir='auto'>{escape(code.name)}</b></td><td dir='auto'>{escape(code.definition)}{examples}</td>"
            f"<td class='n'>{counts[code.id]:,}</td></tr>"
        )
    return (
        "<div class='sheet codes' tabindex='0'><table><thead><tr><th>Code</th><th>Definition and examples</th>"
        f"<th>Given</th></tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _render_form(context: EventContext, codes: Sequence[Code], picked: Code | None) -> None:
    paths = code_paths(codes)
    parents = [_TOP, *(id_ for id_ in paths if picked is None or id_ != picked.id)]
    key = picked.id if picked else "new"
    with st.form(f"coding.form.{key}", border=False, clear_on_submit=picked is None):
        name = st.text_input("Name", picked.name if picked else "", max_chars=MAX_NAME_CHARS)
        definition = st.text_area(
            "Definition", picked.definition if picked else "", max_chars=MAX_NOTE_CHARS, height=80
        )
        examples = st.text_area(
            "Examples", picked.examples if picked else "", max_chars=MAX_NOTE_CHARS, height=80
        )
        with st.container(horizontal=True, gap="small"):
            parent = st.selectbox(
                "Below",
                parents,
                parents.index(picked.parent) if picked else 0,
                format_func=lambda id_: paths.get(id_, "nothing"),
                width=260,
            )
            color = st.color_picker("Colour", picked.color if picked else COLORS[len(codes) % len(COLORS)])
        is_asked = st.form_submit_button("Keep the changes" if picked else "Add", type="primary")
    if not is_asked:
        return
    library = context.library
    given = {
        "name": name,
        "definition": definition,
        "examples": examples,
        "color": color,
        "parent": parent or _TOP,
    }
    if picked is None:
        _change(lambda: library.add_codes([Code(**given)]).description)
    else:
        changes = {field: value for field, value in given.items() if value != getattr(picked, field)}
        _change(lambda: library.edit_code(picked.id, **changes).description)


def _render_exchange(context: EventContext, codes: Sequence[Code]) -> None:
    st.caption(
        "Codebooks (.qdc) go to and come from ATLAS.ti, MAXQDA, NVivo, QualCoder, Taguette and others."
    )
    if codes:
        _render_codebook_file(context)
    given = st.file_uploader("Codebook to add", type=["qdc", "xml"], key="coding.file", max_upload_size=16)
    if given is not None and st.button("Add its codes", key="coding.import"):
        content, name = given.getvalue(), given.name
        _change(lambda: _import_codes(context, content, name))


def _render_codebook_file(context: EventContext) -> None:
    st.download_button(
        "Codebook (.qdc)",
        with_open_library(context.whole, _make_codebook),
        "codebook.qdc",
        "application/xml",
        key="coding.qdc",
        on_click="ignore",
    )


def _make_codebook(context: LibraryContext) -> bytes:
    return codebook_bytes(context.library.load_codes())


def _import_codes(context: EventContext, content: bytes, name: str) -> str:
    new = add_imported(context.library, parse_codebook(content, name), name)
    return f"{format_count(len(new.codes), 'new code')}. {'; '.join(new.flaws)}".strip()


def _change(change: Callable[[], str]) -> None:
    """Do it, say what came of it, and draw the page anew."""
    try:
        st.session_state[SAID_KEY] = (f"Done: {change()}", "")
    except CrosslingualError as error:
        st.session_state[SAID_KEY] = (f"Not done: {error}.", "wrong")
    st.rerun()
