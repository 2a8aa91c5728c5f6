"""Articles on the same happening, grouped across languages without translation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from crosslingual.align.space import Space
from crosslingual.errors import NotFoundError
from crosslingual.index import FlatIndex
from crosslingual.library import Library
from crosslingual.library.folder import INDEX_FOLDER
from crosslingual.types import Article, Event, FloatArray

WINDOW_DAYS = 4
"""Days that may lie between two articles on one happening."""
MIN_MEAN_COSINE = 0.2
"""Mean cosine at which articles, and groups of articles, are on one happening."""
N_NEIGHBORS = 50
"""Articles looked at around each; a larger event holds together by its groups."""
TITLE_WEIGHT = 0.5
"""Weight of the title beside the mean of the sentences."""
VECTOR_VERSION = f"1 {TITLE_WEIGHT}"
"""How an article's vector is made; its number grows with every change, so that no older index is read."""


def find_events(
    library: Library, space: Space, *, target_lang: str = "en", engines: Sequence[str] = ()
) -> list[Event]:
    """The library's events of two or more articles, newest first, titled for a reader of ``target_lang``.

    A title is translated by a person, or else by the first of ``engines`` that did.
    Near articles within ``WINDOW_DAYS`` days are grouped by average linkage: a group holds together what is
    on average at least ``MIN_MEAN_COSINE`` alike, so that a chain of days does not make one event of a long
    story.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    order, vectors = load_article_vectors(library, space)
    if len(order) < 2:
        return []
    days = np.array([_day_number(article.date) for article in order])
    events = []
    for group in _group_articles(vectors, days):
        centrality = vectors[group] @ vectors[group].sum(axis=0)
        members = [order[group[place]] for place in np.argsort(-centrality, kind="stable")]
        events.append(_make_event(members, _choose_title(library, members, target_lang, engines)))
    return sorted(events, key=lambda event: (event.end, event.id), reverse=True)


def load_article_vectors(library: Library, space: Space) -> tuple[list[Article], FloatArray]:
    """The library's n articles, and (n, d) what each is about: a centred row of length 1.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    articles = _articles_by_key(library)
    index = _update_article_index(library, space.model, articles)
    order = [articles[int(number)] for number in index.ids]
    rows = zip(index.all_vectors(), order, strict=True)
    centred = [space.center_vectors(row[None], article.lang) for row, article in rows]
    return order, np.concatenate(centred) if centred else np.zeros((0, 1), np.float32)


def find_event(name: str, events: Sequence[Event]) -> Event:
    """The event whose id is ``name`` or begins so, or in which there is an article ``name``.

    Raises:
        NotFoundError: there is none, or there are several.
    """
    exact = [event for event in events if name == event.id or name in event.articles]
    found = exact or [event for event in events if name and event.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"event {name!r}: the ids of {len(found)} events begin so; give more of it")
    raise NotFoundError(f"event {name!r}: not in this library; list what is with: crosslingual events")


def _articles_by_key(library: Library) -> dict[int, Article]:
    # By content, not by row: an index that outlived its library would fit the rows of another.
    return {int(article.id[:15], 16): article for article in library.load_articles()}


def _update_article_index(library: Library, model: str, articles: dict[int, Article]) -> FlatIndex:
    """The index of article vectors beside the library, brought up to date; made anew if need be."""
    key = hashlib.sha256(f"{model}\0{VECTOR_VERSION}".encode()).hexdigest()
    path = library.path / INDEX_FOLDER / f"articles-{key[:12]}.faiss"
    index = FlatIndex.load(path)
    held = set(index.ids.tolist()) if index else set()
    if not held <= articles.keys():  # some were removed
        index, held = None, set()
    new = [number for number in articles if number not in held]
    if new:
        vectors = _compute_article_vectors(library, model, [articles[number] for number in new])
        index = index or FlatIndex(vectors.shape[1])
        index.add(np.array(new, dtype=np.int64), vectors)
        with suppress(OSError):  # derived: what cannot be kept is made again
            index.save(path)
    return index or FlatIndex(1)


def _compute_article_vectors(library: Library, model: str, articles: Sequence[Article]) -> FloatArray:
    """(n, d): the mean of an article's sentences, the first weighing most, and its title; length 1."""
    sentences = library.load_sentences([article.id for article in articles])
    rows = []
    for article in articles:
        texts = [sentence.text for sentence in sentences[article.id]]
        weights = 1 / np.sqrt(np.arange(1, len(texts) + 1))
        weights /= max(weights.sum(), 1e-12)
        if article.title:
            texts.append(article.title)
            weights = np.append(weights, TITLE_WEIGHT)
        row = weights @ library.load_vectors(model, texts)
        rows.append(row / max(float(np.linalg.norm(row)), 1e-12))
    return np.asarray(rows, dtype=np.float32)


def _day_number(iso_date: str) -> float:
    """The day as a number; NaN where the article has no date: it may then be of any day."""
    try:
        return float(date.fromisoformat(iso_date[:10]).toordinal())
    except ValueError:
        return float("nan")


def _group_articles(vectors: FloatArray, days: NDArray[np.float64]) -> list[list[int]]:
    near = FlatIndex.from_vectors(vectors).search(vectors, min(N_NEIGHBORS, len(vectors)))
    one = np.repeat(np.arange(len(vectors)), near.ids.shape[1])
    other, cosines = near.ids.ravel(), near.cosines.ravel()
    linked = (cosines >= MIN_MEAN_COSINE) & ~(np.abs(days[one] - days[other]) > WINDOW_DAYS)
    graph = coo_array((np.ones(linked.sum()), (one[linked], other[linked])), shape=(len(vectors),) * 2)
    _, labels = connected_components(graph, directed=False)
    parts = (np.flatnonzero(labels == label) for label in np.flatnonzero(np.bincount(labels) > 1))
    return [group for places in parts for group in _split_group(places, vectors[places], days[places])]


def _split_group(
    indexes: NDArray[np.intp], vectors: FloatArray, days: NDArray[np.float64]
) -> list[list[int]]:
    """Average linkage of what may be several happenings; articles too far apart in time count as unlike."""
    cosines = np.clip(vectors @ vectors.T, -1, 1)
    cosines[np.abs(days[:, None] - days[None, :]) > WINDOW_DAYS] = 0
    distances = 1 - cosines[np.triu_indices(len(indexes), 1)]
    labels = fcluster(linkage(distances, "average"), 1 - MIN_MEAN_COSINE, "distance")
    return [indexes[labels == label].tolist() for label in np.flatnonzero(np.bincount(labels) > 1)]


def _choose_title(
    library: Library, members: Sequence[Article], target_lang: str, engines: Sequence[str]
) -> str:
    """The most central title in the reader's language, or one translated into it, or the most central."""
    titled = [article for article in members if article.title]
    for article in titled:
        if article.lang == target_lang:
            return article.title
    for article in titled:
        if found := library.memory.find_best([article.title], article.lang, target_lang, engines):
            return found[article.title].text
    return titled[0].title if titled else members[0].text[:80]


def _make_event(members: Sequence[Article], title: str) -> Event:
    ordered = sorted(members, key=lambda article: (article.date, article.id))
    dates = [article.date[:10] for article in ordered if article.date]
    first = min(ordered, key=lambda article: (not article.date, article.date, article.id))
    return Event(
        id=f"{first.date[:10] or 'undated'}-{first.id[:6]}",
        title=title,
        start=min(dates, default=""),
        end=max(dates, default=""),
        articles=tuple(article.id for article in ordered),
        sources=tuple(dict.fromkeys(article.source for article in ordered)),
        languages=tuple(dict.fromkeys(article.lang for article in ordered)),
    )
