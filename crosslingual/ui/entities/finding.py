"""The names of an event or of a library for the page: found once, with a bar while it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

import streamlit as st

from crosslingual.embeddings.encoder import TokenEncoder
from crosslingual.entities.linking import link_names
from crosslingual.entities.overview import EntityOverview, load_overview
from crosslingual.entities.reading import read_article_names
from crosslingual.entities.values import ArticleNames, Entity
from crosslingual.model_store import load_encoder_for
from crosslingual.ui.article_scope import ArticleScope
from crosslingual.ui.event_context import CacheKey, LibraryContext

_STEPS = 100
_MIN_STEP = 4
"""Articles between two moves of the bar, at least."""


@dataclass(slots=True)
class _EntitySlot:
    """The entities of a scope, or the place for them; two windows do not look for the same twice."""

    lock: Lock = field(default_factory=Lock)
    entities: Sequence[Entity] | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _entity_slot(library: str, revision: str, model: str, event_id: str) -> _EntitySlot:  # noqa: ARG001  # what the cache goes by
    return _EntitySlot()


def find_entities(context: LibraryContext, scope: ArticleScope) -> Sequence[Entity]:
    """Who and what the articles of ``scope`` name, what most sources name first.

    What was read of an article is kept in the library: a page that is left goes on where it was.

    Raises:
        ModelError: the encoder cannot be loaded.
    """
    library, revision, model, *_ = context.key
    slot = _entity_slot(library, revision, model, scope.event.id if scope.event else "")
    if slot.entities is None:
        bar = st.empty()
        bar.progress(0.0, "Finding names: preparing …")
        with slot.lock:
            if slot.entities is None:
                slot.entities = link_names(_read_names(context, scope, bar.progress))
        bar.empty()
    return slot.entities


def _read_names(
    context: LibraryContext, scope: ArticleScope, report: Callable[[float, str], object]
) -> list[ArticleNames]:
    @cache
    def load() -> TokenEncoder:
        return load_encoder_for(scope.n_sentences, context.settings.encoder, context.settings.home)

    total = len(scope.articles)
    step = max(_MIN_STEP, -(-total // _STEPS))
    ids = list(scope.articles)
    found: list[ArticleNames] = []
    for start in range(0, total, step):
        found += read_article_names(context.library, context.key.model, load, ids[start : start + step])
        report(len(found) / total, f"Finding names: {len(found):,} of {total:,} articles read")
    return found


def load_naming(context: LibraryContext, scope: ArticleScope, entity: Entity) -> EntityOverview:
    """Who names ``entity``, and who does not, with the words beside it in ``MAX_WORD_ARTICLES`` articles at most."""
    event_id = scope.event.id if scope.event else ""
    return _load_naming(context.key, event_id, entity.key, context, scope, entity)


@st.cache_resource(max_entries=32, show_spinner="Reading who names it …")
def _load_naming(
    key: CacheKey,  # noqa: ARG001  # what the cache goes by
    event_id: str,  # noqa: ARG001
    entity_key: str,  # noqa: ARG001
    _context: LibraryContext,
    _scope: ArticleScope,
    _entity: Entity,
) -> EntityOverview:
    return load_overview(_context.library, _entity, _scope.articles)
