"""What grouping knows of a library's articles: made once for each, kept in the library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

import numpy as np

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.events.article_names import article_names
from crosslingual.events.evidence import ArticleProfiles
from crosslingual.library import Library
from crosslingual.types import Article, FloatArray

N_LEAD_SENTENCES, N_NAMED_SENTENCES = 3, 6
"""Sentences that tell what an article is about, and those that are read for names: news begins with both."""
TITLE_WEIGHT = 1.0
"""Weight of the title beside the mean of the sentences."""
PROFILE_VERSION = f"2 {N_LEAD_SENTENCES} {N_NAMED_SENTENCES} {TITLE_WEIGHT}"
"""How a profile is made; its number grows with every change, so that no older one is read."""

_ARTICLES_PER_LOOKUP = 500


def load_profiles(library: Library, space: Space, articles: Mapping[int, tuple[str, str]]) -> ArticleProfiles:
    """The profiles of articles, by their numbers, with language and date, in their order.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    numbers = list(articles)
    stored = _complete_profiles(library, space.model, numbers)
    rows = [space.project_vectors(stored[number][0][None], lang) for number, (lang, _) in articles.items()]
    return ArticleProfiles(
        np.array([day_number(iso_date) for _, iso_date in articles.values()], dtype=np.float64),
        [lang for lang, _ in articles.values()],
        np.concatenate(rows) if rows else np.zeros((0, len(space.default_mean)), np.float32),
        [stored[number][1] for number in numbers],
    )


def make_profile(
    article: Article, sentences: Sequence[str], vectors: FloatArray
) -> tuple[FloatArray, frozenset[str]]:
    """What an article is about (d,), of length 1, and what it names.

    Args:
        article: the article.
        sentences: its first ``N_NAMED_SENTENCES``, or fewer.
        vectors: those of the first ``N_LEAD_SENTENCES``, and of the title if there is one, (n, d).
    """
    weights = 1 / np.sqrt(np.arange(1, min(len(sentences), N_LEAD_SENTENCES) + 1))
    weights /= max(weights.sum(), 1e-12)
    if article.title:
        weights = np.append(weights, TITLE_WEIGHT)
    row = np.asarray(weights @ vectors, dtype=np.float32)
    names = article_names([article.title, *sentences], article.lang)
    return row / max(float(np.linalg.norm(row)), 1e-12), names


def profile_key(model: str) -> str:
    """The name under which profiles that are made with an encoder are stored."""
    return f"{model} articles {hashlib.sha256(PROFILE_VERSION.encode()).hexdigest()[:8]}"


def vector_texts(article: Article, sentences: Sequence[str]) -> list[str]:
    """What the vector of an article is made of: its first sentences, and its title if it has one."""
    return [*sentences[:N_LEAD_SENTENCES], *([article.title] if article.title else ())]


def day_number(iso_date: str) -> float:
    """The day as a number; NaN where the article has no date: it may then be of any day."""
    day = parse_day(iso_date)
    return float(day.toordinal()) if day else float("nan")


def parse_day(iso_date: str) -> date | None:
    """The day of a date or time; None where the article has no date."""
    try:
        return date.fromisoformat(iso_date[:10])
    except ValueError:
        return None


def _complete_profiles(
    library: Library, model: str, numbers: Sequence[int]
) -> dict[int, tuple[FloatArray, frozenset[str]]]:
    """The profiles of articles; those that are missing are made, and kept if the library can be written."""
    key = profile_key(model)
    stored = library.load_profiles(key, numbers)
    missing = [number for number in numbers if number not in stored]
    for start in range(0, len(missing), _ARTICLES_PER_LOOKUP):
        made = _make_profiles(library, model, missing[start : start + _ARTICLES_PER_LOOKUP])
        stored |= made
        with suppress(LibraryError):  # derived: what cannot be kept is made again
            library.put_profiles(key, made)
    return stored


def _make_profiles(
    library: Library, model: str, numbers: Iterable[int]
) -> dict[int, tuple[FloatArray, frozenset[str]]]:
    articles = library.articles_by_number(numbers)
    sentences = library.load_sentences([article.id for article in articles.values()])
    lead = {id_: [one.text for one in own[:N_NAMED_SENTENCES]] for id_, own in sentences.items()}
    texts = {number: vector_texts(article, lead[article.id]) for number, article in articles.items()}
    vectors = library.load_vectors(model, [text for own in texts.values() for text in own])
    ends = np.cumsum([len(own) for own in texts.values()])
    return {
        number: make_profile(article, lead[article.id], vectors[end - len(texts[number]) : end])
        for (number, article), end in zip(articles.items(), ends, strict=True)
    }
