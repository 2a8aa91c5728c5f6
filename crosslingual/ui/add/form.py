"""Where files are dropped, which are read at once, and links or a text pasted, read by a button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_count
from crosslingual.language.codes import language_name
from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.readers import KNOWN_SUFFIXES, File
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui.add.inputs import AddInputs, inputs_from_links, inputs_from_text, inputs_from_uploads
from crosslingual.ui.add.preview_model import Draft, read_draft
from crosslingual.ui.add.widgets import render_message

DRAFT_KEY = "add.draft"
"""What this session has read and not stored."""
TEXT_FIELDS = ("title", "date", "source", "url")


def language_options() -> dict[str, str]:
    """Names of languages by their codes, in the order of the names."""
    return dict(sorted(((code, language_name(code)) for code in NEWS_LANGUAGES), key=lambda pair: pair[1]))


def render_form(settings: Settings) -> None:
    """Draw the three ways in."""
    files, text, links = st.tabs(["Files", "A text", "Links"])
    with files:
        _render_file_upload(settings)
    with text:
        _render_text_form(settings)
    with links:
        _render_link_form(settings)


def _render_file_upload(settings: Settings) -> None:
    uploads = st.file_uploader(
        "**Drop files here**, or choose them: web pages, PDF, scans, Word, EPUB, Excel, CSV, Parquet, JSON, text,"
        " Markdown, feeds, web archives, TMX, and ZIP files of these; as many as you like",
        help="By the end of the name: " + ", ".join(one.removeprefix(".") for one in KNOWN_SUFFIXES),
        accept_multiple_files=True,
        key="add.files",
    )
    st.html("<p class='lead'>They are read at once and shown; nothing is stored before you say so.</p>")
    if uploads:
        _start_preview(settings, partial(inputs_from_uploads, uploads))


def _render_text_form(settings: Settings) -> None:
    with st.form("add.text-form"):
        st.text_area("Text", key="add.text", height=200)
        title, date, source, lang = st.columns([12, 6, 8, 8], gap="small")
        title.text_input("Title", key="add.title")
        date.text_input("Date", key="add.date", placeholder="2024-05-16")
        source.text_input("Source", key="add.source", placeholder="Xinhua, or xinhuanet.com")
        names = language_options()
        lang.selectbox(
            "Language", ["", *names], format_func=lambda code: names.get(code, "as it reads"), key="add.lang"
        )
        st.text_input("Link", key="add.url", placeholder="https://")
        pressed = st.form_submit_button("Preview", key="add.read-text", type="primary")
    if pressed:
        fields = {name: str(st.session_state[f"add.{name}"] or "") for name in ("text", "lang", *TEXT_FIELDS)}
        _start_preview(settings, partial(inputs_from_text, fields))


def _render_link_form(settings: Settings) -> None:
    with st.form("add.links-form"):
        links = st.text_area(
            "Pages and feeds, one a line",
            key="add.links",
            height=140,
            placeholder="https://www.example.org/story\nhttps://www.example.org/feed.xml",
        )
        st.html(
            "<p class='lead'>Fetched when you press the button and never otherwise: one page after the"
            " other, as each site’s robots.txt allows, from public addresses only. A feed gives the pages"
            " that it names.</p>"
        )
        pressed = st.form_submit_button("Fetch and preview", key="add.fetch", type="primary")
    if pressed:
        _start_preview(settings, partial(inputs_from_links, links or ""))


def render_demo_button(settings: Settings) -> None:
    """Offer the demo articles, where there is no library yet."""
    paths = sorted(path for path in DEMO_FOLDER.rglob("*") if path.suffix in (".md", ".tmx"))
    files = tuple(map(File, paths))
    articles = sum(path.suffix == ".md" for path in paths)
    if articles:
        render_message(
            "There is no library yet. Drop your files, paste links, or look around with the demo first."
        )
        if st.button(f"Try it with {format_count(articles, 'demo article')}", key="add.demo"):
            _start_preview(settings, lambda: AddInputs(files=files))


def _start_preview(settings: Settings, make_inputs: Callable[[], AddInputs]) -> None:
    try:
        start_reading(settings, Draft(make_inputs()))
    except CrosslingualError as error:
        render_message(f"{error}.", "wrong")
        return
    st.rerun()


def start_reading(settings: Settings, draft: Draft) -> None:
    """Read ``draft`` in the background, and make it this session's."""
    jobs.start_job(draft.id, "Reading", partial(read_draft, draft, settings.library))
    st.session_state[DRAFT_KEY] = draft


def discard_draft(draft: Draft) -> None:
    """Forget what was read."""
    if job := jobs.current_job(draft.id):
        job.stop()
    st.session_state.pop(DRAFT_KEY, None)
