"""How likely the sentences of an event's articles say the same: compared once, then kept with the library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from crosslingual.align import matching, pairs
from crosslingual.align.matching import Likeness, liken
from crosslingual.align.space import Space
from crosslingual.align.telling import telling_of
from crosslingual.disk import draft, keep_latest
from crosslingual.framing.kept import space_digest
from crosslingual.library import Library
from crosslingual.types import Article, Sentence

RECIPE = 2
"""Raised when the same vectors and weights give other probabilities: what was kept is then not read again."""
FOLDER = "compared"
KEPT = 40
"""Events of a library of which this is kept, the last ones used."""


def likeness_of(
    library: Library, space: Space, articles: Sequence[Article], told: Sequence[Sequence[Sentence]]
) -> Likeness:
    """Of ``articles`` with their sentences ``told``: from the library's folder where it was kept there.

    It hangs on nothing but the sentences and what compares them; corrections and translations change nothing.

    Raises:
        LibraryError: the library lacks vectors or tokens of the space's model.
    """
    path = library.path / FOLDER / f"{_digest(space, articles, told)}.npz"
    kept = _read(path, [len(own) for own in told])
    if kept is None:
        each = zip(articles, told, strict=True)
        kept = liken(
            [telling_of(library, space, article, own, space.judge) for article, own in each], space.judge
        )
        with suppress(OSError):  # derived: what cannot be kept is compared again
            _keep(path, kept)
    return kept


def _digest(space: Space, articles: Sequence[Article], told: Sequence[Sequence[Sentence]]) -> str:
    digest = hashlib.sha256(repr((RECIPE, space_digest(space), space.judge and space.judge.key)).encode())
    digest.update(matching.WEIGHTS.read_bytes() + pairs.WEIGHTS.read_bytes())
    for article, own in zip(articles, told, strict=True):
        sentences = [(sentence.lang or article.lang, sentence.text) for sentence in own]
        digest.update(repr((article.lang, sentences)).encode(errors="replace"))
    return digest.hexdigest()[:24]


def _read(path: Path, sizes: Sequence[int]) -> Likeness | None:
    count = sum(sizes)
    above = np.triu_indices(count, 1)
    probabilities, scores = (np.zeros((count, count), dtype=np.float32) for _ in range(2))
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            probabilities[above], scores[above] = saved["probabilities"], saved["scores"]
            translations = tuple((int(one), int(other)) for one, other in saved["translations"])
        path.touch()
    except Exception:  # missing, or whatever a damaged file provokes
        return None
    article = np.repeat(np.arange(len(sizes)), sizes)
    sentence = np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, np.intp)])
    return Likeness(article, sentence, probabilities + probabilities.T, scores + scores.T, translations)


def _keep(path: Path, likeness: Likeness) -> None:
    above = np.triu_indices(len(likeness.article), 1)
    path.parent.mkdir(exist_ok=True)
    with draft(path) as new, new.open("wb") as out:
        np.savez(
            out,
            allow_pickle=False,
            probabilities=likeness.probabilities[above],
            scores=likeness.scores[above],
            translations=np.array(likeness.translations, dtype=np.int32).reshape(-1, 2),
        )
    keep_latest(path.parent.glob("*.npz"), KEPT)
