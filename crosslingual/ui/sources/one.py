"""One source: its fields to edit, its feeds to fetch, its merging and removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.types import Source
from crosslingual.ui import scene
from crosslingual.ui.add.draft import Draft
from crosslingual.ui.add.given import Given
from crosslingual.ui.add.intake import start
from crosslingual.ui.add.shown import label
from crosslingual.ui.sources import acts
from crosslingual.ui.sources.choices import pick_country, pick_kind, pick_languages, pick_ownership


def one(settings: Settings, source: Source, known: Mapping[str, Source], articles: int) -> None:
    """Draw all that can be done with ``source``, which has so many ``articles``."""
    _fields(settings, source)
    with st.container(horizontal=True, gap="small"):
        if source.feeds:
            _feeds(settings, source)
        with st.popover("Merge into another …"):
            _merge(settings, source, known, articles)
        if articles:
            with st.popover("Remove …"):
                _remove(settings, source, articles)


def _fields(settings: Settings, source: Source) -> None:
    def key(name: str) -> str:
        return f"sources.{name}.{source.id}"

    with st.form(f"sources.form.{source.id}"):
        names, facts = st.columns(2, gap="small"), st.columns(4, gap="small")
        name = names[0].text_input("Name", source.name, key=key("name"), max_chars=120)
        native = names[1].text_input(
            "Name in its own language", source.native_name, key=key("native"), max_chars=120
        )
        with facts[0]:
            country = pick_country(source, key("country"))
        with facts[1]:
            ownership = pick_ownership(source, key("ownership"))
        with facts[2]:
            kind = pick_kind(source, key("kind"))
        with facts[3]:
            languages = pick_languages(source, key("languages"))
        owner = st.text_input("Owner", source.owner, key=key("owner"), max_chars=300)
        lists = st.columns(2, gap="small")
        domains = lists[0].text_area("Domains, one a line", "\n".join(source.domains), key=key("domains"))
        feeds = lists[1].text_area("Feeds, one a line", "\n".join(source.feeds), key=key("feeds"))
        if st.form_submit_button("Save", key=key("save"), type="primary"):
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
            acts.save(settings, changed)
            st.rerun()


def _feeds(settings: Settings, source: Source) -> None:
    text = f"Fetch its {count(len(source.feeds), 'feed')} now"
    if st.button(text, key="sources.fetch", help="Shown before anything is stored."):
        start(settings, Draft(Given(urls=source.feeds, source=source.id)))
        st.switch_page(scene.place("add"))


def _merge(settings: Settings, source: Source, known: Mapping[str, Source], articles: int) -> None:
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
        f"{label(known[into].name)} gets the {count(articles, 'article')} of {label(source.name)}, and its"
        " names, domains and feeds. Of a text that both have, one article stays."
    )
    st.button(
        "Merge",
        key="sources.merge",
        type="primary",
        on_click=acts.merge,
        args=(settings, source, known[into]),
    )


def _remove(settings: Settings, source: Source, articles: int) -> None:
    st.markdown(
        f"{label(source.name)} goes, and with it {count(articles, 'article')} with all sentences, their"
        " vectors and their places in events. It can be undone."
    )
    st.button(
        f"Remove it with {count(articles, 'article')}",
        key="sources.remove",
        type="primary",
        on_click=acts.remove,
        args=(settings, source),
    )
