"""The switch that counts copies once, and the words on which articles those are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from crosslingual.copies import copy_groups, find_copies
from crosslingual.errors import VectorsMissingError
from crosslingual.types import Article, Comparison, Copy
from crosslingual.ui.payload import unmarked
from crosslingual.ui.scene import Key, Scene

ONCE = "compare.copies"
_TOLD = 6  # groups
_TITLE = 90  # characters


def counted_once(now: Scene) -> tuple[Copy, ...]:
    """The event's copies, where the switch says that they count once; else none."""
    asked = st.toggle(
        "Count copies once",
        key=ONCE,
        bind="query-params",
        help="Articles that are one text, such as the same agency report in two papers or translated, count"
        " as one voice in “told by”: that of the first of them.",
    )
    if not asked:
        return ()
    try:
        found = _copies(now)
    except VectorsMissingError as error:
        st.html(f"<p class='copied'>Copies cannot be told yet: {escape(str(error))}.</p>")
        return ()
    return tuple(copy for copy in found if {copy.one, copy.other} <= set(now.event.articles))


def tell(comparison: Comparison) -> None:
    """Say which articles of the comparison count as one."""
    if not st.session_state.get(ONCE):
        return
    names = {column.source.id: unmarked(column.source.name, column.source) for column in comparison.columns}
    articles = {article.id: article for article in comparison.articles}
    groups = copy_groups(comparison.copies)
    lines = [
        f"{_listed([_named(articles[id_], names) for id_ in group])} are one text"
        f" ({_share(comparison.copies, group)} % of the shorter one’s sentences) and count once."
        for group in groups[:_TOLD]
    ]
    if len(groups) > _TOLD:
        lines.append(f"And {len(groups) - _TOLD:,} more such groups.")
    for line in lines or ["No two articles of this event are copies."]:
        st.html(f"<p class='copied' dir='auto'>{escape(line)}</p>")


def _copies(now: Scene) -> list[Copy]:
    kept = _kept(now.now)
    if not kept:
        bar = st.empty()

        def show(done: int, total: int) -> None:
            bar.progress(done / max(total, 1), f"Looking for copies: {done:,} of {total:,} pairs")

        kept.append(find_copies(now.library, now.space, show))
        bar.empty()
    return kept[0]


@st.cache_resource(max_entries=2, show_spinner=False)
def _kept(key: Key) -> list[list[Copy]]:  # noqa: ARG001  # what the cache goes by
    # Not what is found: a cached function cannot move a bar that stands outside of it.
    return []


def _named(article: Article, names: dict[str, str]) -> str:
    title = f" “{article.title[:_TITLE]}”" if article.title else ""
    return f"{names[article.source]}{title}"


def _share(copies: Iterable[Copy], group: tuple[str, ...]) -> int:
    return round(100 * min(copy.share for copy in copies if copy.one in group))


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
