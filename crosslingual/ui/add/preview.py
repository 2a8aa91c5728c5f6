"""What was read, before it is stored: asked for, mended in place, looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.language.codes import language_name
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.ui import jobs
from crosslingual.ui.add.columns import confirm
from crosslingual.ui.add.draft import FIRST, Draft, Otherwise, Row, Word, sentences_of
from crosslingual.ui.add.intake import drop, languages
from crosslingual.ui.add.run import begin
from crosslingual.ui.add.shown import line, section
from crosslingual.ui.add.trouble import troubles

PAGE = 100
"""Articles shown at once."""
SAID = "add.said"
"""What came of the last thing done, told once."""
_BEGINS = 160  # characters of a text
_READ = 300  # sentences shown of one article
_NAMES = {"title": "Title", "date": "Date", "source": "Source", "lang": "Language", "keep": "Add"}


def preview(settings: Settings, draft: Draft) -> None:
    """Draw the draft, with the buttons that store it or drop it."""
    _head(settings, draft)
    confirm(settings, draft)
    if draft.rows:
        _asked(draft)
        _table(draft)
    if draft.problems:
        section("What could not be read", "Everything else is added without it.")
        troubles(draft.problems, "add.problems")
    if draft.rows:
        _one(draft)


def _head(settings: Settings, draft: Draft) -> None:
    told, buttons = st.columns([24, 16], vertical_alignment="bottom", gap="small")
    langs = {lang for row in draft.rows if (lang := draft.record(row).lang)}
    undated = sum(not draft.record(row).date for row in draft.rows)
    parts = [
        count(sum(row.sentences for row in draft.rows), "sentence"),
        count(len(langs), "language"),
        *([count(draft.translations, "translation")] if draft.translations else []),
        *([count(len(draft.held), "article") + " in the library already"] if draft.held else []),
        *(
            [f"{len(draft.copies):,} {'copy' if len(draft.copies) == 1 else 'copies'} of others among them"]
            if draft.copies
            else []
        ),
        *([count(undated, "article") + " without a date"] if undated else []),
        *([count(draft.unchanged, "page") + " held already"] if draft.unchanged else []),
    ]
    rest = f" These are the first {FIRST:,}; the rest is added as it is read." if draft.rest else ""
    with told:
        st.html(
            f"<div class='headline'><h1>{count(len(draft.rows), 'article')} read, nothing stored yet</h1>"
            f"<p>{escape(' · '.join(parts))}.{rest}</p></div>"
        )
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button("Discard", key="add.discard", on_click=drop, args=(draft,))
        kept = sum(draft.words.get(row.place, Word()).keep and not draft.asks(row) for row in draft.rows)
        something = kept or draft.translations or draft.rest
        if draft.rest:
            text = f"Add these {kept:,} and the rest"
        elif kept or not draft.translations:
            text = f"Add {count(kept, 'article')}"
        else:
            text = f"Add {count(draft.translations, 'translation')}"
        if asking := [
            row for row in draft.rows if draft.words.get(row.place, Word()).keep and draft.asks(row)
        ]:
            needs = "needs" if len(asking) == 1 else "need"
            text += f" ({len(asking):,} {needs} {_lacking(draft, asking)})"
        if st.button(text, key="add.add", type="primary", disabled=not something):
            _begin(settings, draft)
    if (job := jobs.current(draft.id)) and job.wrong:
        line(f"Reading ended early: {job.said}.", "wrong")
    if said := st.session_state.pop(SAID, None):
        line(said, "wrong")


def _lacking(draft: Draft, rows: Sequence[Row]) -> str:
    """What articles lack that cannot be added: ``a source``, ``a language`` or both."""
    lacking = {one for row in rows for one in draft.asks(row)}
    return " and ".join(f"a {one}" for one in ("source", "language") if one in lacking)


def _begin(settings: Settings, draft: Draft) -> None:
    if (job := jobs.current(str(settings.library))) and not job.running:
        jobs.dismiss(str(settings.library), job.id)
    try:
        begin(draft, settings)
    except CrosslingualError as error:
        st.session_state[SAID] = f"Not added: {error}."
    else:
        drop(draft)
    st.rerun()


def _asked(draft: Draft) -> None:
    """What must be said before all can be added: once for all that lack it."""
    asking = [row for row in draft.rows if draft.asks(row)]
    without = {
        "source": sum(not row.record.source and not row.record.url for row in draft.rows),
        "language": sum(not row.lang for row in draft.rows),
    }
    if not any(without.values()):
        return
    if asking:
        text = (
            f"{count(len(asking), 'article')} must have a source and a language before"
            f" {'it' if len(asking) == 1 else 'they'} can be added. Say it here for all, or in the table for"
            " each; what is left without is not added."
        )
        line(text, "ask")
    source, lang = st.columns(2, gap="small")
    if without["source"]:
        with source:
            _for_all_source(draft, without["source"])
    if without["language"]:
        with lang:
            _for_all_lang(draft, without["language"])


def _for_all_source(draft: Draft, number: int) -> None:
    names = sorted(
        {one.name for one in draft.known.values() if not one.demo} | {draft.otherwise.source} - {""}
    )
    key = f"add.source-of-all.{draft.id}"
    said = st.selectbox(
        f"Source of the {count(number, 'article')} that {'names' if number == 1 else 'name'} none",
        names,
        index=names.index(draft.otherwise.source) if draft.otherwise.source else None,
        placeholder="Pick one, or write a name or a domain",
        accept_new_options=True,
        key=key,
    )
    _otherwise(draft, replace(draft.otherwise, source=str(said or "")[:120].strip()))


def _for_all_lang(draft: Draft, number: int) -> None:
    names = languages()
    codes = list(names)
    said = st.selectbox(
        f"Language of the {count(number, 'article')} where it is not sure",
        codes,
        index=codes.index(draft.otherwise.lang) if draft.otherwise.lang else None,
        format_func=lambda code: names[code],
        placeholder="Pick one",
        key=f"add.lang-of-all.{draft.id}",
    )
    _otherwise(draft, replace(draft.otherwise, lang=said or ""))


def _otherwise(draft: Draft, said: Otherwise) -> None:
    if said != draft.otherwise:
        draft.otherwise = said
        st.rerun()  # the counts above are of before


def _table(draft: Draft) -> None:
    pages = -(-len(draft.rows) // PAGE)
    number = 1
    section(
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
    rows = draft.rows[PAGE * (number - 1) : PAGE * number]
    for row in rows:
        if wrong := draft.wrong.get(row.place):
            line(f"“{_called(draft, row)}”: {wrong}. It stays as it was.", "wrong")
    key = f"add.table.{draft.id}.{number}"
    st.data_editor(
        [_cells(draft, row) for row in rows],
        key=key,
        on_change=_take,
        args=(draft, rows, key),
        num_rows="fixed",
        hide_index=True,
        placeholder="",
        height=min(38 + 35 * len(rows), 480),
        column_config=_columns(),
        disabled=["Asks", "Sentences", "Begins", "From"],
    )


def _columns() -> dict[str, Any]:
    names = languages()
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


def _cells(draft: Draft, row: Row) -> dict[str, object]:
    record = draft.record(row)
    source = draft.source(record)
    asks = [f"{one}?" for one in draft.asks(row)]
    if row.place in draft.held:
        asks.append("known")
    elif source and source.id not in draft.known:
        asks.append("new source")
    if not record.date:
        asks.append("no date")
    if row.place in draft.copies:
        asks.append(f"copy of {draft.copies[row.place]}")
    return {
        "Add": draft.words.get(row.place, Word()).keep,
        "Asks": ", ".join(asks),
        "Title": record.title,
        "Date": record.date[:16].replace("T", " "),
        "Source": source.name if source else "",
        "Language": language_name(record.lang) if record.lang else None,
        "Sentences": row.sentences,
        "Begins": " ".join(record.text[: 2 * _BEGINS].split())[:_BEGINS],
        "From": _from(row),
    }


def _from(row: Row) -> str:
    place = str(row.record.path)
    return f"{place}:{row.record.line}" if row.record.line > 1 else place


def _take(draft: Draft, rows: Sequence[Row], key: str) -> None:
    mend(draft, rows, st.session_state[key]["edited_rows"])


def mend(draft: Draft, rows: Sequence[Row], edited: Mapping[int, Mapping[str, object]]) -> None:
    """Take what was written into the table: new cells by the numbers of ``rows`` and the columns' names."""
    fields = {shown: field for field, shown in _NAMES.items()}
    codes = {name: code for code, name in languages().items()}
    for number, cells in edited.items():
        changes = {fields[name]: value for name, value in cells.items() if name in fields}
        if "lang" in changes:
            changes["lang"] = codes.get(str(changes["lang"]), "")
        row = rows[int(number)]
        if any(changes[name] != _now(draft, row, name) for name in changes):
            draft.say(row, changes)


def _now(draft: Draft, row: Row, name: str) -> object:
    if name == "keep":
        return draft.words.get(row.place, Word()).keep
    return getattr(draft.record(row), name)


def _called(draft: Draft, row: Row) -> str:
    record = draft.record(row)
    return record.title[:80] or " ".join(record.text[:80].split())


def _one(draft: Draft) -> None:
    """One article as it would be stored: its sentences, those in another language marked."""
    section("As it would be stored")
    place = st.selectbox(
        "Article",
        range(len(draft.rows)),
        format_func=lambda number: f"{number + 1} · {_called(draft, draft.rows[number])}",
        key=f"add.one.{draft.id}",
        label_visibility="collapsed",
    )
    record = draft.record(draft.rows[place or 0])
    told = sentences_of(record)
    items = "".join(
        f"<li dir='auto' lang='{lang}'>{escape(one.text)}"
        + (f"<i>{escape(language_name(lang))}</i>" if lang != record.lang and record.lang else "")
        + "</li>"
        for one, lang in told[:_READ]
    )
    more = f"<p class='sub'>and {len(told) - _READ:,} more sentences</p>" if len(told) > _READ else ""
    source = draft.source(record)
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
