"""Where sources stand on own axes, over a library, by month."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crosslingual.align.space import Space
from crosslingual.corpus.scope import CountedArticle, CountedSentence
from crosslingual.framing.axes import MAX_MOVERS, AxisModel
from crosslingual.library import Library
from crosslingual.types import FloatArray

ALL_MONTHS = ""
"""The key of all months together."""
NO_MONTH = "no date"
"""The month of articles without a date."""
EncodedSentences = Callable[[Sequence[CountedSentence]], FloatArray]
"""Gives the centred vectors (n, d) of sentences."""


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence and where it stands on the axis."""

    sentence: CountedSentence
    position: float


@dataclass(slots=True)
class SourcePosition:
    """Positions of the sentences of one source on one axis: of ``n_sentences`` in ``n_articles``.

    ``highest`` and ``lowest`` are its outermost sentences, kept for all months together.
    """

    n_sentences: int = 0
    n_articles: int = 0
    total: float = 0.0
    highest: list[PlacedSentence] = field(default_factory=list)
    lowest: list[PlacedSentence] = field(default_factory=list)
    _squares: float = 0.0
    _products: float = 0.0
    _sizes: float = 0.0

    @property
    def mean(self) -> float:
        """The mean position: 1 is the high pole's mean, -1 the low one's."""
        return self.total / self.n_sentences if self.n_sentences else 0.0

    def add_article(self, positions: FloatArray) -> None:
        """Count an article by the positions (n,) of its sentences."""
        n, total = len(positions), float(positions.sum())
        self.n_sentences += n
        self.n_articles += 1
        self.total += total
        self._squares += total**2
        self._products += total * n
        self._sizes += n**2

    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean; none for a single article.

        Sentences of one article are not independent, so articles are the unit: the linearized variance of a ratio
        (Cochran 1977, Sampling Techniques, 6.3), m/(m-1) Σ(s - r n)² / N², with s the sum of an article's n
        positions, and Student's t with m - 1 degrees of freedom for m articles.
        """
        m, r = self.n_articles, self.mean
        if m < 2:  # nothing varies
            return None
        from scipy.special import stdtrit

        squares = max(self._squares - 2 * r * self._products + r**2 * self._sizes, 0.0)
        half = float(stdtrit(m - 1, 0.975)) * math.sqrt(m / (m - 1) * squares) / self.n_sentences
        return r - half, r + half


AxisPositions = Mapping[str, Mapping[str, Mapping[str, SourcePosition]]]
"""Positions by axis, month (``ALL_MONTHS`` first, then the newest) and source."""


def place_articles(
    model: AxisModel, articles: Iterable[CountedArticle], load_vectors: EncodedSentences
) -> AxisPositions:
    """Where the sources of ``articles`` stand on each axis of ``model``, each article read once."""
    found: dict[tuple[int, str, str], SourcePosition] = {}
    months: set[str] = set()
    for entry, sentences in articles:
        if not sentences:
            continue
        month = entry.date[:7] or NO_MONTH
        months.add(month)
        positions = _place_sentences(model, sentences, load_vectors(sentences))
        for k in range(len(model.axes)):
            for key in ((k, ALL_MONTHS, entry.source), (k, month, entry.source)):
                found.setdefault(key, SourcePosition()).add_article(positions[:, k])
            _keep_outermost(found[k, ALL_MONTHS, entry.source], sentences, positions[:, k])
    order = [ALL_MONTHS, *sorted(months - {NO_MONTH}, reverse=True), *sorted(months & {NO_MONTH})]
    sources = sorted({source for _, _, source in found})
    return {
        axis.id: {
            month: {source: found[k, month, source] for source in sources if (k, month, source) in found}
            for month in order
        }
        for k, axis in enumerate(model.axes)
    }


def load_sentence_vectors(library: Library, space: Space, sentences: Sequence[CountedSentence]) -> FloatArray:
    """The centred vectors (n, d) of ``sentences``, of length 1.

    Raises:
        LibraryError: the library lacks vectors of the space's model.
    """
    vectors = library.load_vectors(space.model, [one.text for one in sentences])
    return space.center_by_language(vectors, [one.lang for one in sentences])


def _place_sentences(
    model: AxisModel, sentences: Sequence[CountedSentence], vectors: FloatArray
) -> FloatArray:
    langs = np.array([sentence.lang for sentence in sentences])
    positions = np.zeros((len(sentences), len(model.axes)), dtype=np.float32)
    for lang in dict.fromkeys(langs.tolist()):
        positions[langs == lang] = model.project_vectors(vectors[langs == lang], lang)
    return positions


def _keep_outermost(own: SourcePosition, sentences: Sequence[CountedSentence], positions: FloatArray) -> None:
    placed = [PlacedSentence(one, float(p)) for one, p in zip(sentences, positions, strict=True)]
    own.highest = _distinct(sorted([*own.highest, *placed], key=lambda one: -one.position))
    own.lowest = _distinct(sorted([*own.lowest, *placed], key=lambda one: one.position))


def _distinct(placed: Sequence[PlacedSentence]) -> list[PlacedSentence]:
    chosen: dict[str, PlacedSentence] = {}
    for one in placed:
        if len(chosen) == MAX_MOVERS:
            break
        chosen.setdefault(one.sentence.text, one)
    return list(chosen.values())
