"""How likely the sentences of an event's articles say the same: compared once, then kept with the library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosslingual.align import matching, pairs
from crosslingual.align.array_cache import space_digest
from crosslingual.align.encoded_article import load_encoded_article
from crosslingual.align.matching import PairProbabilities, score_pairs
from crosslingual.align.space import Space
from crosslingual.files import atomic_write, keep_latest
from crosslingual.library import Library
from crosslingual.types import Article, Sentence

CACHE_VERSION = 2
"""Raised when the same vectors and weights give other probabilities: what was kept is then not read again."""
CACHE_FOLDER = "compared"
MAX_CACHED_EVENTS = 40
"""Events of a library of which this is kept, the last ones used."""


def cached_pair_probabilities(
    library: Library,
    space: Space,
    articles: Sequence[Article],
    article_sentences: Sequence[Sequence[Sentence]],
) -> PairProbabilities:
    """Of ``articles`` with their sentences ``article_sentences``: from the library's folder where it was kept there.

    It hangs on nothing but the sentences and what compares them; corrections and translations change nothing.

    Raises:
        LibraryError: the library lacks vectors or tokens of the space's model.
    """
    path = library.path / CACHE_FOLDER / f"{_cache_key(space, articles, article_sentences)}.npz"
    kept = _read_cache(path, [len(own) for own in article_sentences])
    if kept is None:
        each = zip(articles, article_sentences, strict=True)
        kept = score_pairs(
            [load_encoded_article(library, space, article, own, space.judge) for article, own in each],
            space.judge,
        )
        with suppress(OSError):  # derived: what cannot be kept is compared again
            _write_cache(path, kept)
    return kept


def _cache_key(
    space: Space, articles: Sequence[Article], article_sentences: Sequence[Sequence[Sentence]]
) -> str:
    digest = hashlib.sha256(
        repr((CACHE_VERSION, space_digest(space), space.judge and space.judge.key)).encode()
    )
    digest.update(matching.WEIGHTS_PATH.read_bytes() + pairs.WEIGHTS_PATH.read_bytes())
    for article, own in zip(articles, article_sentences, strict=True):
        sentences = [(sentence.lang or article.lang, sentence.text) for sentence in own]
        digest.update(repr((article.lang, sentences)).encode(errors="replace"))
    return digest.hexdigest()[:24]


def _read_cache(path: Path, n_sentences: Sequence[int]) -> PairProbabilities | None:
    count = sum(n_sentences)
    above = np.triu_indices(count, 1)
    probabilities, scores = (np.zeros((count, count), dtype=np.float32) for _ in range(2))
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            probabilities[above], scores[above] = saved["probabilities"], saved["scores"]
            translations = tuple((int(one), int(other)) for one, other in saved["translations"])
        path.touch()
    except Exception:  # missing, or whatever a damaged file provokes
        return None
    article = np.repeat(np.arange(len(n_sentences)), n_sentences)
    sentence = np.concatenate([np.arange(size) for size in n_sentences] or [np.zeros(0, np.intp)])
    return PairProbabilities(
        article, sentence, probabilities + probabilities.T, scores + scores.T, translations
    )


def _write_cache(path: Path, pair_probabilities: PairProbabilities) -> None:
    above = np.triu_indices(len(pair_probabilities.article_indexes), 1)
    path.parent.mkdir(exist_ok=True)
    with atomic_write(path) as new, new.open("wb") as out:
        np.savez(
            out,
            allow_pickle=False,
            probabilities=pair_probabilities.probabilities[above],
            scores=pair_probabilities.margin_scores[above],
            translations=np.array(pair_probabilities.translation_pairs, dtype=np.int32).reshape(-1, 2),
        )
    keep_latest(path.parent.glob("*.npz"), MAX_CACHED_EVENTS)
