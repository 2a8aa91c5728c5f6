"""Where files are dropped, which are read at once, and links or a text pasted, read by a button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from crosslingual.align.space import DEMO
from crosslingual.errors import CrosslingualError
from crosslingual.ingest import FORMATS, File
from crosslingual.language.codes import language_name
from crosslingual.language.detect import LANGUAGES
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.ui import jobs
from crosslingual.ui.add.draft import Draft, read_draft
from crosslingual.ui.add.given import Given, linked, pasted, uploaded
from crosslingual.ui.add.shown import line

DRAFT = "add.draft"
"""What this session has read and not stored."""
FIELDS = ("title", "date", "source", "url")


def languages() -> dict[str, str]:
    """Names of languages by their codes, in the order of the names."""
    return dict(sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda pair: pair[1]))


def intake(settings: Settings) -> None:
    """Draw the three ways in."""
    files, text, links = st.tabs(["Files", "A text", "Links"])
    with files:
        _files(settings)
    with text:
        _text(settings)
    with links:
        _links(settings)


def _files(settings: Settings) -> None:
    uploads = st.file_uploader(
        "**Drop files here**, or choose them: web pages, PDF, Word, EPUB, Excel, CSV, Parquet, JSON, text,"
        " Markdown, feeds, web archives, TMX, and ZIP files of these; as many as you like",
        help="By the end of the name: " + ", ".join(one.removeprefix(".") for one in FORMATS),
        accept_multiple_files=True,
        key="add.files",
    )
    st.html("<p class='lead'>They are read at once and shown; nothing is stored before you say so.</p>")
    if uploads:
        _try(settings, partial(uploaded, uploads))


def _text(settings: Settings) -> None:
    with st.form("add.text-form"):
        st.text_area("Text", key="add.text", height=200)
        title, date, source, lang = st.columns([12, 6, 8, 8], gap="small")
        title.text_input("Title", key="add.title")
        date.text_input("Date", key="add.date", placeholder="2024-05-16")
        source.text_input("Source", key="add.source", placeholder="Xinhua, or xinhuanet.com")
        names = languages()
        lang.selectbox(
            "Language", ["", *names], format_func=lambda code: names.get(code, "as it reads"), key="add.lang"
        )
        st.text_input("Link", key="add.url", placeholder="https://")
        pressed = st.form_submit_button("Preview", key="add.read-text", type="primary")
    if pressed:
        fields = {name: str(st.session_state[f"add.{name}"] or "") for name in ("text", "lang", *FIELDS)}
        _try(settings, partial(pasted, fields))


def _links(settings: Settings) -> None:
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
        _try(settings, partial(linked, links or ""))


def demo(settings: Settings) -> None:
    """Offer the demo articles, where there is no library yet."""
    paths = sorted(path for path in DEMO.rglob("*") if path.suffix in (".md", ".tmx"))
    files = tuple(map(File, paths))
    articles = sum(path.suffix == ".md" for path in paths)
    if articles:
        line("There is no library yet. Drop your files, paste links, or look around with the demo first.")
        if st.button(f"Try it with {count(articles, 'demo article')}", key="add.demo"):
            _try(settings, lambda: Given(files=files))


def _try(settings: Settings, give: Callable[[], Given]) -> None:
    try:
        start(settings, Draft(give()))
    except CrosslingualError as error:
        line(f"{error}.", "wrong")
        return
    st.rerun()


def start(settings: Settings, draft: Draft) -> None:
    """Read ``draft`` in the background, and make it this session's."""
    jobs.start(draft.id, "Reading", partial(read_draft, draft, settings.library))
    st.session_state[DRAFT] = draft


def drop(draft: Draft) -> None:
    """Forget what was read."""
    if job := jobs.current(draft.id):
        job.stop()
    st.session_state.pop(DRAFT, None)
