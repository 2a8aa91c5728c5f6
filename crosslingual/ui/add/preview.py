"""What was read, before it is stored: asked for, mended in place, looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.formatting import format_count, shorten_title
from crosslingual.language.codes import language_name
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui.add.columns import render_column_choices
from crosslingual.ui.add.errors_table import render_problems
from crosslingual.ui.add.form import discard_draft, language_options
from crosslingual.ui.add.import_job import start_adding
from crosslingual.ui.add.preview_model import (
    MAX_PREVIEW_ARTICLES,
    ArticleDefaults,
    ArticleEdits,
    Draft,
    DraftArticle,
    record_sentences,
)
from crosslingual.ui.add.widgets import render_message, render_section

PAGE_SIZE = 100
"""Articles shown at once."""
MESSAGE_KEY = "add.said"
"""What came of the last thing done, told once."""
_MAX_EXCERPT_CHARS = 160  # characters of a text
_MAX_SENTENCES = 300  # sentences shown of one article
_FIELD_LABELS = {"title": "Title", "date": "Date", "source": "Source", "lang": "Language", "keep": "Add"}


def render_preview(settings: Settings, draft: Draft) -> None:
    """Draw the draft, with the buttons that store it or drop it."""
    _render_header(settings, draft)
    render_column_choices(settings, draft)
    if draft.articles:
        _render_default_fields(draft)
        _render_table(draft)
    if draft.problems:
        render_section("What could not be read", "Everything else is added without it.")
        render_problems(draft.problems, "add.problems")
    if draft.articles:
        _render_article(draft)


def _render_header(settings: Settings, draft: Draft) -> None:
    told, buttons = st.columns([24, 16], vertical_alignment="bottom", gap="small")
    langs = {lang for row in draft.articles if (lang := draft.edited_record(row).lang)}
    undated = sum(not draft.edited_record(row).date for row in draft.articles)
    parts = [
        format_count(sum(row.n_sentences for row in draft.articles), "sentence"),
        format_count(len(langs), "language"),
        *([format_count(draft.n_translations, "translation")] if draft.n_translations else []),
        *(
            [format_count(len(draft.existing_indexes), "article") + " in the library already"]
            if draft.existing_indexes
            else []
        ),
        *(
            [
                f"{len(draft.duplicate_titles):,} {'copy' if len(draft.duplicate_titles) == 1 else 'copies'}"
                " of others among them"
            ]
            if draft.duplicate_titles
            else []
        ),
        *(
            [f"{len(draft.stored_duplicate_titles):,} much like one in the library"]
            if draft.stored_duplicate_titles
            else []
        ),
        *([format_count(undated, "article") + " without a date"] if undated else []),
        *(
            [format_count(draft.n_unchanged_pages, "page") + " held already"]
            if draft.n_unchanged_pages
            else []
        ),
    ]
    rest = (
        f" These are the first {MAX_PREVIEW_ARTICLES:,}; the rest is added as it is read."
        if draft.has_more
        else ""
    )
    with told:
        st.html(
            f"<div class='headline'><h1>{format_count(len(draft.articles), 'article')} read, nothing stored yet</h1>"
            f"<p>{escape(' · '.join(parts))}.{rest}</p></div>"
        )
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button("Discard", key="add.discard", on_click=discard_draft, args=(draft,))
        kept = sum(
            draft.edits.get(row.item_index, ArticleEdits()).included and not draft.missing_fields(row)
            for row in draft.articles
        )
        something = kept or draft.n_translations or draft.has_more
        if draft.has_more:
            text = f"Add these {kept:,} and the rest"
        elif kept or not draft.n_translations:
            text = f"Add {format_count(kept, 'article')}"
        else:
            text = f"Add {format_count(draft.n_translations, 'translation')}"
        if asking := [
            row
            for row in draft.articles
            if draft.edits.get(row.item_index, ArticleEdits()).included and draft.missing_fields(row)
        ]:
            needs = "needs" if len(asking) == 1 else "need"
            text += f" ({len(asking):,} {needs} {_missing_fields_text(draft, asking)})"
        if st.button(text, key="add.add", type="primary", disabled=not something):
            _start_adding(settings, draft)
    if (job := jobs.current_job(draft.id)) and job.has_failed:
        render_message(f"Reading ended early: {job.message}.", "wrong")
    if said := st.session_state.pop(MESSAGE_KEY, None):
        render_message(said, "wrong")


def _missing_fields_text(draft: Draft, articles: Sequence[DraftArticle]) -> str:
    """What articles lack that cannot be added: ``a source``, ``a language`` or both."""
    lacking = {one for row in articles for one in draft.missing_fields(row)}
    return " and ".join(f"a {one}" for one in ("source", "language") if one in lacking)


def _start_adding(settings: Settings, draft: Draft) -> None:
    if (job := jobs.current_job(str(settings.library))) and not job.is_running:
        jobs.dismiss_job(str(settings.library), job.id)
    try:
        start_adding(draft, settings)
    except CrosslingualError as error:
        st.session_state[MESSAGE_KEY] = f"Not added: {error}."
    else:
        discard_draft(draft)
    st.rerun()


def _render_default_fields(draft: Draft) -> None:
    """What must be said before all can be added: once for all that lack it."""
    asking = [row for row in draft.articles if draft.missing_fields(row)]
    without = {
        "source": sum(not row.record.source and not row.record.url for row in draft.articles),
        "language": sum(not row.lang for row in draft.articles),
    }
    if not any(without.values()):
        return
    if asking:
        text = (
            f"{format_count(len(asking), 'article')} must have a source and a language before"
            f" {'it' if len(asking) == 1 else 'they'} can be added. Say it here for all, or in the table for"
            " each; what is left without is not added."
        )
        render_message(text, "ask")
    source, lang = st.columns(2, gap="small")
    if without["source"]:
        with source:
            _pick_default_source(draft, without["source"])
    if without["language"]:
        with lang:
            _pick_default_lang(draft, without["language"])


def _pick_default_source(draft: Draft, n_articles: int) -> None:
    names = sorted(
        {one.name for one in draft.known_sources.values() if not one.demo} | {draft.defaults.source} - {""}
    )
    key = f"add.source-of-all.{draft.id}"
    said = st.selectbox(
        f"Source of the {format_count(n_articles, 'article')} that {'names' if n_articles == 1 else 'name'} none",
        names,
        index=names.index(draft.defaults.source) if draft.defaults.source else None,
        placeholder="Pick one, or write a name or a domain",
        accept_new_options=True,
        key=key,
    )
    _set_defaults(draft, replace(draft.defaults, source=str(said or "")[:120].strip()))


def _pick_default_lang(draft: Draft, n_articles: int) -> None:
    names = language_options()
    codes = list(names)
    said = st.selectbox(
        f"Language of the {format_count(n_articles, 'article')} where it is not sure",
        codes,
        index=codes.index(draft.defaults.lang) if draft.defaults.lang else None,
        format_func=lambda code: names[code],
        placeholder="Pick one",
        key=f"add.lang-of-all.{draft.id}",
    )
    _set_defaults(draft, replace(draft.defaults, lang=said or ""))


def _set_defaults(draft: Draft, defaults: ArticleDefaults) -> None:
    if defaults != draft.defaults:
        draft.defaults = defaults
        st.rerun()  # the counts above are of before


def _render_table(draft: Draft) -> None:
    pages = -(-len(draft.articles) // PAGE_SIZE)
    number = 1
    render_section(
        "Articles",
        "Write into the table to mend a title, date, source or language; untick what to leave out.",
    )
    if pages > 1:
        number = int(
            st.segmented_control(
                "Page", list(range(1, pages + 1)), default=1, required=True, key=f"add.page.{draft.id}"
            )
            or 1
        )
    rows = draft.articles[PAGE_SIZE * (number - 1) : PAGE_SIZE * number]
    for row in rows:
        if wrong := draft.edit_errors.get(row.item_index):
            render_message(f"“{_article_label(draft, row)}”: {wrong}. It stays as it was.", "wrong")
    key = f"add.table.{draft.id}.{number}"
    st.data_editor(
        [_table_cells(draft, row) for row in rows],
        key=key,
        on_change=_on_table_change,
        args=(draft, rows, key),
        num_rows="fixed",
        hide_index=True,
        placeholder="",
        height=min(38 + 35 * len(rows), 480),
        column_config=_column_config(),
        disabled=["Asks", "Sentences", "Begins", "From"],
    )


def _column_config() -> dict[str, Any]:
    names = language_options()
    column = st.column_config
    return {
        "Add": column.CheckboxColumn(width=70),
        "Asks": column.TextColumn("", width=150),
        "Title": column.TextColumn(width=280, max_chars=2_000),
        "Date": column.TextColumn(width=110, max_chars=40),
        "Source": column.TextColumn(
            width=150, max_chars=120, help="A name or a domain; a new one makes a new source."
        ),
        "Language": column.SelectboxColumn(options=list(names.values()), width=110),
        "Sentences": column.NumberColumn(width=80),
        "Begins": column.TextColumn(width=290),
        "From": column.TextColumn(width=150),
    }


def _table_cells(draft: Draft, article: DraftArticle) -> dict[str, object]:
    record = draft.edited_record(article)
    source = draft.find_source(record)
    asks = [f"{one}?" for one in draft.missing_fields(article)]
    if article.item_index in draft.existing_indexes:
        asks.append("known")
    elif source and source.id not in draft.known_sources:
        asks.append("new source")
    if article.record.is_date_doubtful and record.date == article.record.date:
        asks.append("date not sure")
    elif not record.date:
        asks.append("no date")
    if article.item_index in draft.duplicate_titles:
        asks.append(f"copy of {draft.duplicate_titles[article.item_index]}")
    elif article.item_index in draft.stored_duplicate_titles:
        asks.append(f"much like {draft.stored_duplicate_titles[article.item_index]} in the library")
    return {
        "Add": draft.edits.get(article.item_index, ArticleEdits()).included,
        "Asks": ", ".join(asks),
        "Title": record.title,
        "Date": record.date[:16].replace("T", " "),
        "Source": source.name if source else "",
        "Language": language_name(record.lang) if record.lang else None,
        "Sentences": article.n_sentences,
        "Begins": " ".join(record.text[: 2 * _MAX_EXCERPT_CHARS].split())[:_MAX_EXCERPT_CHARS],
        "From": _origin_label(article),
    }


def _origin_label(article: DraftArticle) -> str:
    place = str(article.record.path)
    return f"{place}:{article.record.line}" if article.record.line > 1 else place


def _on_table_change(draft: Draft, articles: Sequence[DraftArticle], key: str) -> None:
    apply_table_edits(draft, articles, st.session_state[key]["edited_rows"])


def apply_table_edits(
    draft: Draft, articles: Sequence[DraftArticle], edited_rows: Mapping[int, Mapping[str, object]]
) -> None:
    """Take what was written into the table: new cells by the numbers of ``articles`` and the columns' names."""
    fields = {shown: field for field, shown in _FIELD_LABELS.items()}
    codes = {name: code for code, name in language_options().items()}
    for number, cells in edited_rows.items():
        changes = {fields[name]: value for name, value in cells.items() if name in fields}
        if "lang" in changes:
            changes["lang"] = codes.get(str(changes["lang"]), "")
        row = articles[int(number)]
        if any(changes[name] != _current_value(draft, row, name) for name in changes):
            draft.apply_edits(row, changes)


def _current_value(draft: Draft, article: DraftArticle, field: str) -> object:
    if field == "keep":
        return draft.edits.get(article.item_index, ArticleEdits()).included
    return getattr(draft.edited_record(article), field)


def _article_label(draft: Draft, article: DraftArticle) -> str:
    record = draft.edited_record(article)
    return shorten_title(record.title or record.text[:200], 80)


def _render_article(draft: Draft) -> None:
    """One article as it would be stored: its sentences, those in another language marked."""
    render_section("As it would be stored")
    place = st.selectbox(
        "Article",
        range(len(draft.articles)),
        format_func=lambda number: f"{number + 1} · {_article_label(draft, draft.articles[number])}",
        key=f"add.one.{draft.id}",
        label_visibility="collapsed",
    )
    record = draft.edited_record(draft.articles[place or 0])
    told = record_sentences(record)
    items = "".join(
        f"<li dir='auto' lang='{lang}'>{escape(one.text)}"
        + (f"<i>{escape(language_name(lang))}</i>" if lang != record.lang and record.lang else "")
        + "</li>"
        for one, lang in told[:_MAX_SENTENCES]
    )
    more = (
        f"<p class='sub'>and {len(told) - _MAX_SENTENCES:,} more sentences</p>"
        if len(told) > _MAX_SENTENCES
        else ""
    )
    source = draft.find_source(record)
    about = [
        source.name if source else "no source",
        record.date[:16].replace("T", " "),
        record.author,
        record.url,
    ]
    st.html(
        f"<div class='story'><h3 dir='auto'>{escape(record.title or 'Untitled')}</h3>"
        f"<p class='sub' dir='auto'>{escape(' · '.join(part for part in about if part))}</p>"
        f"<ol>{items}</ol>{more}</div>"
    )
