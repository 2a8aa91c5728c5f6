"""One source: its fields to edit, its feeds to fetch, its merging and removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from crosslingual.formatting import format_count
from crosslingual.settings import Settings
from crosslingual.types import Source
from crosslingual.ui import event_context
from crosslingual.ui.add.form import start_reading
from crosslingual.ui.add.inputs import AddInputs
from crosslingual.ui.add.preview_model import Draft
from crosslingual.ui.add.widgets import escape_markdown
from crosslingual.ui.sources import actions
from crosslingual.ui.sources.choices import pick_country, pick_kind, pick_languages, pick_ownership


def render_source(settings: Settings, source: Source, known: Mapping[str, Source], articles: int) -> None:
    """Draw all that can be done with ``source``, which has so many ``articles``."""
    _render_fields(settings, source)
    with st.container(horizontal=True, gap="small"):
        if source.feeds:
            _render_feeds(settings, source)
        with st.popover("Merge into another …"):
            _render_merge(settings, source, known, articles)
        if articles:
            with st.popover("Remove …"):
                _render_removal(settings, source, articles)


def _render_fields(settings: Settings, source: Source) -> None:
    def widget_key(name: str) -> str:
        return f"sources.{name}.{source.id}"

    with st.form(f"sources.form.{source.id}"):
        names, facts = st.columns(2, gap="small"), st.columns(4, gap="small")
        name = names[0].text_input("Name", source.name, key=widget_key("name"), max_chars=120)
        native = names[1].text_input(
            "Name in its own language", source.native_name, key=widget_key("native"), max_chars=120
        )
        with facts[0]:
            country = pick_country(source, widget_key("country"))
        with facts[1]:
            ownership = pick_ownership(source, widget_key("ownership"))
        with facts[2]:
            kind = pick_kind(source, widget_key("kind"))
        with facts[3]:
            languages = pick_languages(source, widget_key("languages"))
        owner = st.text_input("Owner", source.owner, key=widget_key("owner"), max_chars=300)
        lists = st.columns(2, gap="small")
        domains = lists[0].text_area(
            "Domains, one a line", "\n".join(source.domains), key=widget_key("domains")
        )
        feeds = lists[1].text_area("Feeds, one a line", "\n".join(source.feeds), key=widget_key("feeds"))
        if st.form_submit_button("Save", key=widget_key("save"), type="primary"):
            changed = replace(
                source,
                name=name.strip(),
                native_name=native.strip(),
                country=country,
                ownership=ownership,  # type: ignore[arg-type]  # checked when it is stored
                kind=kind,
                languages=languages,
                owner=owner.strip(),
                domains=tuple(domains.lower().split()),
                feeds=tuple(feeds.split()),
            )
            actions.save_source(settings, changed)
            st.rerun()


def _render_feeds(settings: Settings, source: Source) -> None:
    text = f"Fetch its {format_count(len(source.feeds), 'feed')} now"
    if st.button(text, key="sources.fetch", help="Shown before anything is stored."):
        start_reading(settings, Draft(AddInputs(urls=source.feeds, default_source=source.id)))
        st.switch_page(event_context.app_page("add"))


def _render_merge(settings: Settings, source: Source, known: Mapping[str, Source], articles: int) -> None:
    others = [id_ for id_ in known if id_ != source.id]
    into = st.selectbox(
        "Into",
        others,
        index=None,
        format_func=lambda id_: known[id_].name,
        placeholder="Pick the one that stays",
        key=f"sources.into.{source.id}",
    )
    if into is None:
        return
    st.markdown(
        f"{escape_markdown(known[into].name)} gets the {format_count(articles, 'article')} of"
        f" {escape_markdown(source.name)}, and its"
        " names, domains and feeds. Of a text that both have, one article stays."
    )
    st.button(
        "Merge",
        key="sources.merge",
        type="primary",
        on_click=actions.merge_sources,
        args=(settings, source, known[into]),
    )


def _render_removal(settings: Settings, source: Source, articles: int) -> None:
    st.markdown(
        f"{escape_markdown(source.name)} goes, and with it"
        f" {format_count(articles, 'article')} with all sentences, their"
        " vectors and their places in events. It can be undone."
    )
    st.button(
        f"Remove it with {format_count(articles, 'article')}",
        key="sources.remove",
        type="primary",
        on_click=actions.remove_source,
        args=(settings, source),
    )
