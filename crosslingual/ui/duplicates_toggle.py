"""The switch that counts copies once, and the words on which articles those are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from crosslingual.errors import VectorsMissingError
from crosslingual.events.duplicates import find_duplicates, group_duplicates
from crosslingual.formatting import shorten_title
from crosslingual.types import Article, Comparison, Duplicate
from crosslingual.ui.event_context import CacheKey, EventContext, LibraryContext
from crosslingual.ui.serialize import strip_demo_suffix

COUNT_ONCE_KEY = "compare.copies"
_MAX_GROUPS = 6  # groups
_MAX_TITLE_CELLS = 90


def pick_duplicates(context: EventContext) -> tuple[Duplicate, ...]:
    """The event's copies, where the switch says that they count once; else none."""
    asked = st.toggle(
        "Count copies once",
        key=COUNT_ONCE_KEY,
        bind="query-params",
        help="Articles that are one text, such as the same agency report in two papers or translated, count"
        " as one voice in “told by”: that of the first of them.",
    )
    if not asked:
        return ()
    found = find_library_duplicates(context)
    return tuple(copy for copy in found if {copy.left, copy.right} <= set(context.event.articles))


def render_duplicates(comparison: Comparison) -> None:
    """Say which articles of the comparison count as one."""
    if not st.session_state.get(COUNT_ONCE_KEY):
        return
    names = {
        column.source.id: strip_demo_suffix(column.source.name, column.source)
        for column in comparison.source_summaries
    }
    articles = {article.id: article for article in comparison.articles}
    groups = group_duplicates(comparison.duplicates)
    lines = [
        f"{_join_names([_article_label(articles[id_], names) for id_ in group])} are one text"
        f" ({_min_share_percent(comparison.duplicates, group)} % of the shorter one’s sentences) and count once."
        for group in groups[:_MAX_GROUPS]
    ]
    if len(groups) > _MAX_GROUPS:
        lines.append(f"And {len(groups) - _MAX_GROUPS:,} more such groups.")
    for line in lines or ["No two articles of this event are copies."]:
        st.html(f"<p class='copied' dir='auto'>{escape(line)}</p>")


def find_library_duplicates(context: EventContext | LibraryContext) -> list[Duplicate]:
    """The library's pairs of articles that are one text, with a bar while it takes; none where vectors lack."""
    kept = _duplicates_cache(context.key._replace(revision=context.library.revision))
    if not kept:
        bar = st.empty()

        def report(done: int, total: int) -> None:
            bar.progress(done / max(total, 1), f"Looking for copies: {done:,} of {total:,} pairs")

        try:
            kept.append(find_duplicates(context.library, context.space, report))
        except VectorsMissingError as error:
            bar.html(f"<p class='copied'>Copies cannot be told yet: {escape(str(error))}.</p>")
            return []
        bar.empty()
    return kept[0]


@st.cache_resource(max_entries=2, show_spinner=False)
def _duplicates_cache(key: CacheKey) -> list[list[Duplicate]]:  # noqa: ARG001  # what the cache goes by
    # Not what is found: a cached function cannot move a bar that stands outside of it.
    return []


def _article_label(article: Article, names: dict[str, str]) -> str:
    title = f" “{shorten_title(article.title, _MAX_TITLE_CELLS)}”" if article.title else ""
    return f"{names[article.source]}{title}"


def _min_share_percent(duplicates: Iterable[Duplicate], group: tuple[str, ...]) -> int:
    return round(100 * min(copy.share for copy in duplicates if copy.left in group))


def _join_names(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
