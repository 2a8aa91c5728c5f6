"""The Entities page: the names of an event or of the library, or one of them with who names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from crosslingual.entities.overview import EntityOverview, choose_entity, find_by_name
from crosslingual.entities.tagger import find_tagger
from crosslingual.entities.values import Entity
from crosslingual.errors import NotFoundError
from crosslingual.formatting import format_count
from crosslingual.report.entities import LIST_ONLY_WARNING, entity_row, mention_rows
from crosslingual.ui import components, event_context
from crosslingual.ui.article_scope import ArticleScope, open_event_scope, open_library_scope, pick_scope
from crosslingual.ui.entities.finding import find_entities, load_naming
from crosslingual.ui.entities.name_list import ALL_KINDS, KIND_NAMES, SORTS, select_entities, serialize_list
from crosslingual.ui.entities.one_entity import serialize_entity
from crosslingual.ui.event_context import EventContext, LibraryContext, with_open_library
from crosslingual.ui.page_parts import render_csv, render_said

ENTITY_PARAM = "entity"
SCOPE_KEY = "entities.scope"
KIND_KEY, TEXT_KEY, SORT_KEY = "entities.kind", "entities.text", "entities.sort"
SHOWN_KEY = "entities.shown"
"""How much is shown, and of what."""
PAGE_SIZE, MAX_NAME_CHARS = 200, 200
SENTENCES_PER_SOURCE, MORE_SENTENCES = 5, 10
"""Sentences of each source that are shown at first, and how many times as many when more are asked for."""
SCRIPTS = ("dom.js", "entities.js")
STYLES = ("compare.css", "search.css", "entities.css")


def render_page() -> None:
    """Draw the page; whatever the user can mend is said on it, with the command that mends it."""
    event_context.render_event_page(_render_event, without_events=_render_library)


def _render_event(context: EventContext) -> None:
    _render_scope(*open_event_scope(context))


def _render_library(context: LibraryContext) -> None:
    """No two articles are on one happening: there is the library alone."""
    _render_scope(context, open_library_scope(context), {})


def _render_scope(context: LibraryContext, scope: ArticleScope, params: dict[str, str]) -> None:
    for key, first in ((KIND_KEY, ALL_KINDS), (TEXT_KEY, ""), (SORT_KEY, next(iter(SORTS)))):
        # Written anew: a widget forgets what was chosen while it is not drawn.
        st.session_state[key] = st.session_state.get(key, first)
    asked = " ".join(st.query_params.get(ENTITY_PARAM, "")[:MAX_NAME_CHARS].split())
    tools = st.container(horizontal=True, vertical_alignment="center", gap="small", key="entities-tools")
    if params:
        with tools:
            pick_scope(SCOPE_KEY)
    if not find_tagger(context.key.model):
        render_said(LIST_ONLY_WARNING)
    entities = find_entities(context, scope)
    if not entities:
        render_said(
            f"No person, place or organisation was found in {format_count(len(scope.articles), 'article')}."
        )
    elif asked:
        _render_asked(context, scope, entities, asked, params)
    else:
        with tools:
            found = _filter_entities(context, scope, entities)
        _render_list(context, scope, found, len(entities), params)


def _filter_entities(
    context: LibraryContext, scope: ArticleScope, entities: Sequence[Entity]
) -> Sequence[Entity]:
    kind = st.segmented_control(
        "Kind",
        list(KIND_NAMES),
        format_func=KIND_NAMES.__getitem__,
        key=KIND_KEY,
        required=True,
        label_visibility="collapsed",
    )
    text = st.text_input(
        "Name",
        key=TEXT_KEY,
        max_chars=MAX_NAME_CHARS,
        placeholder="A name, in any script",
        label_visibility="collapsed",
        width=165,
    )
    sort = st.selectbox("Sort", list(SORTS), key=SORT_KEY, label_visibility="collapsed", width=175)
    found = select_entities(
        entities, kind=str(kind), text=text or "", sort=sort, lang=context.key.target_lang
    )
    _render_download("names", lambda: [entity_row(one, len(scope.sources)) for one in found])
    return found


def _render_list(
    context: LibraryContext, scope: ArticleScope, found: Sequence[Entity], n_all: int, params: dict[str, str]
) -> None:
    n_shown = _shown_amount("", PAGE_SIZE)
    doubtful = sum(entity.is_doubtful for entity in found)
    told = f"<b>{format_count(len(found), 'name')}</b>" + (f" of {n_all:,}" if len(found) < n_all else "")
    if doubtful:
        told += f" · {doubtful:,} of them doubtful (?): perhaps no name, or several"
    st.html(f"<p class='search-summary' role='status'>{told}</p>")
    if not found:
        render_said("No name matches. Clear the field, or choose All.")
        return
    data = serialize_list(found[:n_shown], len(scope.sources), context.key.target_lang, params)
    _draw_component("list", data)
    if (left := len(found) - n_shown) > 0:
        st.button(
            f"Show {min(left, PAGE_SIZE)} more of {left:,}",
            key="entities.more",
            on_click=_show_more,
            args=("", n_shown + PAGE_SIZE),
        )


def _render_asked(
    context: LibraryContext,
    scope: ArticleScope,
    entities: Sequence[Entity],
    asked: str,
    params: dict[str, str],
) -> None:
    try:
        entity = choose_entity(asked, entities) if find_by_name(asked, entities) else None
        told = f"{asked}: no article here names it"
    except NotFoundError as error:
        entity, told = None, str(error)
    if entity is None:
        render_said(f"{told}.", is_error=True)
        _draw_component("none", {"params": params})
        return
    overview = load_naming(context, scope, entity)
    per_source = _shown_amount(entity.key, SENTENCES_PER_SOURCE)
    data = serialize_entity(context, scope, overview, per_source, params)
    _draw_component("one", data)
    left = sum(group["all"] - len(group["sentences"]) for group in data["groups"])
    with st.container(horizontal=True, gap="small", key="entities-more"):
        if left:
            st.button(
                f"Show more of {format_count(left, 'other sentence')}",
                key="entities.more",
                on_click=_show_more,
                args=(entity.key, per_source * MORE_SENTENCES),
            )
        _render_download("mentions", with_open_library(context, partial(_mention_rows, overview)))


def _mention_rows(overview: EntityOverview, context: LibraryContext) -> list[dict[str, Any]]:
    sentences = context.library.load_sentences({mention.article for mention in overview.entity.mentions})
    texts = {(one.article, one.index): one.text for own in sentences.values() for one in own}
    return list(mention_rows(overview, texts))


def _draw_component(name: str, data: dict[str, Any]) -> None:
    components.draw_component("entities", STYLES, SCRIPTS, data | {"view": name}, f"entities.{name}")


def _shown_amount(of: str, first: int) -> int:
    """How much of the list, or of an entity's sentences, is shown; ``first`` until more was asked for."""
    kept, amount = st.session_state.get(SHOWN_KEY, ("", 0))
    return max(amount, first) if kept == of else first


def _show_more(of: str, amount: int) -> None:
    st.session_state[SHOWN_KEY] = of, amount


def _render_download(name: str, make_rows: Callable[[], list[dict[str, Any]]]) -> None:
    tip = f"All {name}, also those that are not shown"
    render_csv(f"{name}.csv", f"entities.{name}.csv", make_rows, tip)
