"""The Sources page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from crosslingual.library import Library
from crosslingual.report.words import count
from crosslingual.settings import Settings
from crosslingual.sources import country_name, language_name
from crosslingual.types import Source
from crosslingual.ui import scene
from crosslingual.ui.add.history import history, said
from crosslingual.ui.add.shown import heading, section, style
from crosslingual.ui.sources import acts
from crosslingual.ui.sources.choices import pick_country, pick_languages, pick_ownership
from crosslingual.ui.sources.one import one

ONE = "sources.one"
"""The source that is edited."""
_TO_COMPLETE = 5
_LISTED = 200


def page() -> None:
    """Draw the page; whatever goes wrong is said on it."""
    scene.framed(_page)


def _page(settings: Settings) -> None:
    style()
    with Library(settings.library, create=False) as library:
        counts = library.article_counts()
        here = sorted(library.sources(), key=lambda source: (source.complete, -counts.get(source.id, 0)))
        known = library.known_sources()
        lead = f"{count(len(here), 'source')} with {count(sum(counts.values()), 'article')} in this library"
        heading("Sources", lead)
        said()
        incomplete = [source for source in here if not source.complete]
        if incomplete:
            _complete(settings, incomplete, counts)
        if here:
            section("In this library")
            _list(here, counts)
        section("Edit, merge or remove")
        _choose(settings, {source.id: source for source in here} | known, counts)
        history(settings, library, ("edit", "merge", "remove", "undo"))


def _complete(settings: Settings, sources: Sequence[Source], counts: Mapping[str, int]) -> None:
    section(
        f"{count(len(sources), 'source')} to complete",
        "Readers judge a source by its country, its ownership and its language. None of them is guessed.",
    )
    for source in sources[:_TO_COMPLETE]:
        with st.form(f"sources.complete.{source.id}"):
            about = [count(counts.get(source.id, 0), "article"), *source.domains[:1]]
            name, country, ownership, languages, button = st.columns(
                [9, 8, 6, 10, 4], vertical_alignment="bottom", gap="small"
            )
            name.html(
                f"<p class='lead' dir='auto'><b>{escape(source.name)}</b><br>{escape(' · '.join(about))}</p>"
            )
            with country:
                picked = pick_country(source, f"sources.quick.country.{source.id}")
            with ownership:
                word = pick_ownership(source, f"sources.quick.ownership.{source.id}")
            with languages:
                langs = pick_languages(source, f"sources.quick.languages.{source.id}")
            if button.form_submit_button("Save", key=f"sources.quick.save.{source.id}"):
                changed = replace(source, country=picked, ownership=word, languages=langs)  # type: ignore[arg-type]
                acts.save(settings, changed)
                st.rerun()
    if len(sources) > _TO_COMPLETE:
        st.html(f"<p class='lead'>and {len(sources) - _TO_COMPLETE:,} more after these</p>")


def _list(sources: Sequence[Source], counts: Mapping[str, int]) -> None:
    rows = "".join(
        "<tr>"
        f"<td dir='auto'>{escape(source.name)}"
        f"<small dir='auto'>{escape(' · '.join(_also(source)))}</small></td>"
        f"<td class=n>{counts.get(source.id, 0):,}</td>"
        + "".join(
            f"<td>{escape(text)}</td>" if text else "<td class=ask>not known</td>"
            for text in (
                country_name(source.country) if source.country else "",
                "" if source.ownership == "unknown" else source.ownership,
                ", ".join(map(language_name, source.languages)),
            )
        )
        + f"<td>{escape(source.kind)}</td></tr>"
        for source in sources[:_LISTED]
    )
    head = "".join(
        f"<th>{name}</th>" for name in ("Source", "Articles", "Country", "Ownership", "Languages", "Kind")
    )
    st.html(f"<div class='sheet'><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")
    if len(sources) > _LISTED:
        st.html(f"<p class='lead'>and {len(sources) - _LISTED:,} more: crosslingual sources list</p>")


def _also(source: Source) -> list[str]:
    """By what else a source is known."""
    return [text for text in (source.native_name, *source.domains[:2]) if text]


def _choose(settings: Settings, known: Mapping[str, Source], counts: Mapping[str, int]) -> None:
    if st.session_state.get(ONE) not in known:
        st.session_state.pop(ONE, None)
    chosen = st.selectbox(
        "Source",
        list(known),
        index=None,
        format_func=lambda id_: f"{known[id_].name} · {count(counts.get(id_, 0), 'article')}",
        placeholder="Pick one, of this library or of the shipped list",
        key=ONE,
    )
    if chosen:
        one(settings, known[chosen], known, counts.get(chosen, 0))
