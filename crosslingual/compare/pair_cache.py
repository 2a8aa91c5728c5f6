"""How likely the sentences of an event's articles say the same: compared once, then kept with the library.

What is kept of two articles alone serves again when the event has grown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosslingual.align import matching, pairs
from crosslingual.align.array_cache import space_digest
from crosslingual.align.encoded_article import load_encoded_article
from crosslingual.align.judge import Judge
from crosslingual.align.matching import EncodedArticle, PairProbabilities, score_pairs
from crosslingual.align.pair_coverage import PairCoverage, measure_pair_coverage
from crosslingual.align.space import Space
from crosslingual.files import keep_latest, save_arrays
from crosslingual.library import Library
from crosslingual.library.folder import COMPARED_FOLDER
from crosslingual.types import Article, Sentence

CACHE_VERSION = 4
"""Raised when the same vectors and weights give other probabilities: what was kept is then not read again."""
CACHE_FOLDER = COMPARED_FOLDER
COVERAGE_FOLDER = "coverage"
MAX_CACHED_COVERAGES, MAX_COVERAGE_SENTENCES = 6, 3_000
"""Events of which the coverage of sentences is kept, 14 bytes a pair of them, and how large these may be."""
MAX_CACHED_EVENTS = 40
"""Events of a library of which this is kept, the last ones used."""


def cached_pair_probabilities(
    library: Library,
    space: Space,
    articles: Sequence[Article],
    article_sentences: Sequence[Sequence[Sentence]],
) -> PairProbabilities:
    """Of ``articles`` with their sentences ``article_sentences``: from the library's folder where it was kept there.

    It hangs on nothing but the sentences, their articles' sources and what compares them; corrections and
    translations change nothing.

    Raises:
        LibraryError: the library lacks vectors or tokens of the space's model.
    """
    path = _cache_path(library, space, articles, article_sentences)
    kept = _read_cache(path, [len(own) for own in article_sentences])
    with suppress(OSError):  # a library may be there to be read alone
        if kept is not None:
            path.touch()  # the last ones used are kept
    if kept is None:
        each = list(zip(articles, article_sentences, strict=True))
        encoded = [load_encoded_article(library, space, article, own, space.judge) for article, own in each]
        keys = [_article_key(space, article, own) for article, own in each]
        coverage = cached_coverage(path.parent / COVERAGE_FOLDER, space.judge, encoded, keys)
        kept = score_pairs(encoded, space.judge, (), coverage)
        with suppress(OSError):  # derived: what cannot be kept is compared again
            _write_cache(path, kept)
    return kept


def read_pair_probabilities(
    library: Library,
    space: Space,
    articles: Sequence[Article],
    article_sentences: Sequence[Sequence[Sentence]],
) -> PairProbabilities | None:
    """The same where it was kept; None where it would have to be worked out."""
    path = _cache_path(library, space, articles, article_sentences)
    return _read_cache(path, [len(own) for own in article_sentences])


def kept_comparisons_state(library: Library) -> str:
    """Changes whenever another event was compared: the key for caches of what is read of comparisons."""
    names = sorted(path.name for path in (library.path / CACHE_FOLDER).glob("*.npz"))
    return hashlib.sha256(repr(names).encode()).hexdigest()[:16]


def _cache_path(
    library: Library,
    space: Space,
    articles: Sequence[Article],
    article_sentences: Sequence[Sequence[Sentence]],
) -> Path:
    return library.path / CACHE_FOLDER / f"{_cache_key(space, articles, article_sentences)}.npz"


def cached_coverage(
    folder: Path, judge: Judge | None, articles: Sequence[EncodedArticle], keys: Sequence[str]
) -> PairCoverage | None:
    """How much the sentences of ``articles`` cover one another, measured where ``folder`` does not know it yet.

    There ``keys`` name the articles. None where there is nothing for a judge to see.
    """
    sentences = [one for article in articles for one in article.judge_inputs]
    if judge is None or not sentences or any(len(a.judge_inputs) != len(a.texts) for a in articles):
        return None
    sizes = [len(article.texts) for article in articles]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    known, known_starts = _find_coverage(folder, keys)
    rows = np.concatenate(
        [
            np.arange(size) + known_starts[key] if key in known_starts else np.full(size, -1)
            for key, size in zip(keys, sizes, strict=True)
        ]
    ).astype(np.intp)
    coverage = measure_pair_coverage(sentences, starts, known, rows)
    if len(sentences) <= MAX_COVERAGE_SENTENCES:
        with suppress(OSError):  # as above
            _write_coverage(folder, keys, sizes, coverage)
    return coverage


def _article_key(space: Space, article: Article, sentences: Sequence[Sentence]) -> str:
    content = repr((CACHE_VERSION, space.judge and space.judge.key, _article_content(article, sentences)))
    return hashlib.sha256(content.encode(errors="replace")).hexdigest()[:24]


def _article_content(article: Article, sentences: Sequence[Sentence]) -> tuple[str, list[tuple[str, str]]]:
    """What of an article is compared."""
    return article.lang, [(sentence.lang or article.lang, sentence.text) for sentence in sentences]


def _find_coverage(folder: Path, keys: Sequence[str]) -> tuple[PairCoverage | None, dict[str, int]]:
    """What is kept of the most sentences of the articles ``keys``, and where each article begins in it."""
    best: tuple[int, Path | None, dict[str, int]] = (0, None, {})
    for path in sorted(folder.glob("*.npz")):
        with suppress(Exception):  # whatever a damaged file provokes
            with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                held, sizes = saved["articles"].tolist(), saved["sizes"]
            starts = dict(zip(held, (np.cumsum(sizes) - sizes).tolist(), strict=True))
            n_known = int(sum(size for key, size in zip(held, sizes.tolist(), strict=True) if key in keys))
            if n_known > best[0]:
                best = n_known, path, {key: starts[key] for key in keys if key in starts}
    _, found, starts = best
    if found is None:
        return None, {}
    try:
        with found.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            tables, count = saved["tables"], int(saved["sizes"].sum())
        known = tables.dtype == np.float16 and tables.shape[1:] == (count, count)
        return (PairCoverage(tables), starts) if known else (None, {})
    except Exception:  # as above
        return None, {}


def _write_coverage(folder: Path, keys: Sequence[str], sizes: Sequence[int], coverage: PairCoverage) -> None:
    path = folder / f"{hashlib.sha256(repr(keys).encode()).hexdigest()[:24]}.npz"
    save_arrays(path, {"articles": np.array(keys), "sizes": np.array(sizes), "tables": coverage.tables})
    keep_latest(folder.glob("*.npz"), MAX_CACHED_COVERAGES)


def scoring_key(space: Space) -> str:
    """Names all that a probability hangs on beside the texts: the encoder's space, the judge, the weights."""
    digest = hashlib.sha256(
        repr((CACHE_VERSION, space_digest(space), space.judge and space.judge.key)).encode()
    )
    digest.update(matching.WEIGHTS_PATH.read_bytes() + pairs.WEIGHTS_PATH.read_bytes())
    return digest.hexdigest()[:24]


def _cache_key(
    space: Space, articles: Sequence[Article], article_sentences: Sequence[Sequence[Sentence]]
) -> str:
    digest = hashlib.sha256(scoring_key(space).encode())
    for article, own in zip(articles, article_sentences, strict=True):
        content = (article.source, _article_content(article, own))
        digest.update(repr(content).encode(errors="replace"))
    return digest.hexdigest()[:24]


def _read_cache(path: Path, n_sentences: Sequence[int]) -> PairProbabilities | None:
    if not path.is_file():
        return None
    count = sum(n_sentences)
    above = np.triu_indices(count, 1)
    probabilities, scores = (np.zeros((count, count), dtype=np.float32) for _ in range(2))
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            probabilities[above], scores[above] = saved["probabilities"], saved["scores"]
            translations = tuple((int(one), int(other)) for one, other in saved["translations"])
    except Exception:  # whatever a damaged file provokes
        return None
    article = np.repeat(np.arange(len(n_sentences)), n_sentences)
    sentence = np.concatenate([np.arange(size) for size in n_sentences] or [np.zeros(0, np.intp)])
    return PairProbabilities(
        article, sentence, probabilities + probabilities.T, scores + scores.T, translations
    )


def _write_cache(path: Path, pair_probabilities: PairProbabilities) -> None:
    above = np.triu_indices(len(pair_probabilities.article_indexes), 1)
    arrays = {
        "probabilities": pair_probabilities.probabilities[above],
        "scores": pair_probabilities.margin_scores[above],
        "translations": np.array(pair_probabilities.translation_pairs, dtype=np.int32).reshape(-1, 2),
    }
    save_arrays(path, arrays)
    keep_latest(path.parent.glob("*.npz"), MAX_CACHED_EVENTS)
