"""Free retellings: which sentences of an event's articles say the same thing, in whatever order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.beads import Overlaps
from crosslingual.align.event_coverage import EventCoverage
from crosslingual.align.features import find_repeats, keep_nearest_repeats, order_features, pair_features
from crosslingual.align.judge import Judge
from crosslingual.align.margin import margin_scores
from crosslingual.align.pair_coverage import JudgeInput, PairCoverage
from crosslingual.align.pairs import PairContext, predict_pairs
from crosslingual.align.parallel import align_probabilities, are_partial_translations, are_translations
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.align.transitivity import transitivity_features
from crosslingual.align.translation import build_overlaps
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.language.numbers import number_keys
from crosslingual.types import FloatArray, SentenceIndex

WEIGHTS_PATH = Path(__file__).with_suffix(".json")
SAME_LANGUAGE_OFFSET = np.float32(0.2)
"""By how much sentences of one language lie nearer than of two, saying the same or not: the weights are
fitted across languages (median of linked sentences in the demo gold)."""
TRANSLATION_ODDS = np.float32(3 / 7)
"""Odds by which the weights fitted to translations are best at .5, where rows are shown from .7 on."""
_MIN_PROBABILITY = 0.01
"""Probability below which a pair is not judged again."""
_UNCOVERED_COSINE = 0.35
"""Cosine that the nearest of a sentence's tokens has with a token whose meaning is not there."""

RowIndices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PairWeights:
    """Of a logistic regression over features of a pair of sentences and their squares.

    A feature counts in standard deviations from its mean, three at the most.
    """

    bias: float
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    linear: tuple[float, ...]
    squares: tuple[float, ...]

    def scale_feature(self, index: int, feature: FloatArray) -> FloatArray:
        """Feature ``index`` as it counts."""
        moved = (feature - np.float32(self.means[index])) / np.float32(self.deviations[index])
        return np.asarray(np.clip(moved, -3, 3, out=moved), dtype=np.float32)

    def predict(self, features: Sequence[FloatArray]) -> FloatArray:
        """From ``features`` of one shape, that shape."""
        logits = np.full(features[0].shape, self.bias, dtype=np.float32)
        for number, feature in enumerate(features):
            scaled = self.scale_feature(number, feature)
            logits += scaled * (np.float32(self.linear[number]) + np.float32(self.squares[number]) * scaled)
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


@cache
def load_round_weights() -> tuple[PairWeights, ...]:
    """The weights of each round, as ``scripts/fit_matching.py`` fitted them."""
    content = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))
    return tuple(
        PairWeights(weights.pop("bias"), **{name: tuple(values) for name, values in weights.items()})
        for weights in content["rounds"]
    )


@dataclass(frozen=True, slots=True)
class EncodedArticle:
    """One article as alignment sees it: its n sentences' ``texts`` and their ``tokens``.

    ``vectors`` (n, d) has one centred row of length 1 per sentence. ``judge_inputs`` are the sentences as the
    learned judge sees them, none where it has not seen them.
    """

    source: str
    lang: str
    texts: Sequence[str]
    vectors: FloatArray
    tokens: Sequence[TokenVectors]
    judge_inputs: Sequence[JudgeInput] = ()


@dataclass(frozen=True, slots=True)
class PairProbabilities:
    """How likely each two sentences of an event say the same.

    The articles' sentences stand one after another: ``article_indexes`` (s,) and ``sentence_indexes`` (s,)
    name them. ``probabilities`` and ``margin_scores``, both (s, s), are symmetric and 0 within an
    article. ``translation_pairs`` are the pairs of articles that turned out to be one text in two languages.
    """

    article_indexes: RowIndices
    sentence_indexes: RowIndices
    probabilities: FloatArray
    margin_scores: FloatArray
    translation_pairs: tuple[tuple[int, int], ...] = ()

    def row_of(self, sentence: SentenceIndex) -> int:
        """Row of a sentence."""
        first = int(np.searchsorted(self.article_indexes, sentence[0]))
        return first + sentence[1]

    def sentence_at(self, row: int) -> SentenceIndex:
        """The sentence of a row."""
        return int(self.article_indexes[row]), int(self.sentence_indexes[row])


def score_pairs(
    articles: Sequence[EncodedArticle],
    judge: Judge | None = None,
    rounds: Sequence[PairWeights] = (),
    coverage: PairCoverage | None = None,
) -> PairProbabilities:
    """How likely every two sentences of different articles say the same.

    Where ``judge`` has seen all sentences, that is learned: see ``align.pairs``; ``coverage`` is of these, where
    it is known. Else the first of
    ``rounds``, by default those shipped, judges each pair by itself; each later one by what the one before
    thought of the pairs around it: the order of telling, what other partners of either leave uncovered,
    third articles. Articles that then turn out to be translations of one text are aligned in their order.
    """
    sizes = [len(telling.vectors) for telling in articles]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp)
    if judge and all(
        len(telling.judge_inputs) == size for telling, size in zip(articles, sizes, strict=True)
    ):
        judged = score_with_judge(articles, judge, starts, coverage)
        probabilities = rescore_translations(articles, judged, starts)
    else:
        probabilities = score_by_rounds(articles, rounds or load_round_weights())
    translations = []
    for a, b in combinations(range(len(articles)), 2):
        here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
        if are_translations(probabilities[here]):
            translations.append((a, b))
            sides = (article_overlaps(articles[one]) for one in (a, b))
            probabilities[here] = align_probabilities(probabilities[here], *sides)
            probabilities[here[::-1]] = probabilities[here].T
    return PairProbabilities(
        np.repeat(np.arange(len(sizes)), sizes),
        np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0, np.intp)]),
        probabilities,
        margin_matrix(articles, starts),
        tuple(translations),
    )


def score_with_judge(
    articles: Sequence[EncodedArticle], judge: Judge, starts: RowIndices, coverage: PairCoverage | None = None
) -> FloatArray:
    """Probabilities (s, s) of all pairs by ``judge`` and what stands around them; 0 within an article."""
    found = np.zeros((starts[-1], starts[-1]), dtype=np.float32)
    if sum(len(telling.judge_inputs) > 0 for telling in articles) < 2:
        return found
    sentences = [one for telling in articles for one in telling.judge_inputs]
    vectors = np.concatenate([telling.vectors for telling in articles if len(telling.vectors)])
    texts = [text for telling in articles for text in telling.texts]
    langs = [telling.lang for telling in articles]
    each = np.repeat(langs, np.diff(starts)).tolist()
    context = PairContext(
        judge.judge_pairs(sentences, starts, langs, coverage),
        vectors @ vectors.T,
        texts,
        each,
        starts,
        [telling.source for telling in articles],
    )
    if len(context.rows):
        judged = predict_pairs(context.compute_features())
        found[context.rows, context.columns] = found[context.columns, context.rows] = judged
    return found


def score_by_rounds(articles: Sequence[EncodedArticle], rounds: Sequence[PairWeights]) -> FloatArray:
    """Probabilities (s, s) of all pairs by weights that were fitted to translations; 0 within an article."""
    comparing = PairScorer(articles)
    first, *others = rounds
    probabilities = comparing.score(first)
    for weights in others:
        probabilities = comparing.score(weights, probabilities)
    return probabilities


def rescore_translations(
    articles: Sequence[EncodedArticle], probabilities: FloatArray, starts: RowIndices
) -> FloatArray:
    """``probabilities`` (s, s), but of articles that are partly one text in two languages what is known of these.

    There the weights that were fitted to translations are surer. What two sentences of two such articles both
    have in common with a sentence of a third, they have in common: it was cut otherwise by its translator.
    """
    partly = [
        (a, b)
        for a, b in combinations(range(len(articles)), 2)
        if articles[a].lang != articles[b].lang
        and are_partial_translations(probabilities[starts[a] : starts[a + 1], starts[b] : starts[b + 1]])
    ]
    if not partly:
        return probabilities
    chosen = sorted({article for pair in partly for article in pair})
    surer = score_by_rounds([articles[article] for article in chosen], load_round_weights())
    own = np.concatenate([np.arange(starts[article], starts[article + 1]) for article in chosen])
    whole = np.zeros_like(probabilities)
    whole[np.ix_(own, own)] = surer / (surer + (1 - surer) * TRANSLATION_ODDS)
    linked = np.zeros((len(articles), len(articles)), dtype=bool)
    for a, b in partly:
        linked[a, b] = linked[b, a] = True
    for a, b in partly:
        rows, columns = np.s_[starts[a] : starts[a + 1]], np.s_[starts[b] : starts[b + 1]]
        block = whole[rows, columns].copy()
        for third in np.flatnonzero(linked[a] & linked[b]).tolist():
            for node in range(int(starts[third]), int(starts[third + 1])):
                block = np.maximum(block, np.minimum.outer(whole[rows, node], whole[node, columns]))
        probabilities[rows, columns] = block
        probabilities[columns, rows] = block.T
    return probabilities


def margin_matrix(articles: Sequence[EncodedArticle], starts: RowIndices) -> FloatArray:
    """Margin scores (s, s); 0 within an article."""
    scores = np.zeros((starts[-1], starts[-1]), dtype=np.float32)
    for a, b in combinations(range(len(articles)), 2):
        here = np.s_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
        if scores[here].size:
            scores[here] = margin_scores(articles[a].vectors @ articles[b].vectors.T)
            scores[here[::-1]] = scores[here].T
    return scores


def article_overlaps(article: EncodedArticle) -> Overlaps:
    """The article as order-keeping alignment sees it."""
    return build_overlaps(article.vectors, [len(text) for text in article.texts], article.tokens)


class PairScorer:
    """All sentences of an event with what is known of each pair before anything is judged."""

    def __init__(self, articles: Sequence[EncodedArticle]) -> None:
        """Compare each article's vectors and tokens with each other's."""
        sizes = [len(telling.vectors) for telling in articles]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]).astype(np.intp)
        article = np.repeat(np.arange(len(sizes)), sizes)
        self.cross_article: NDArray[np.bool_] = article[:, None] != article[None, :]
        self._features: list[FloatArray] = []
        if not self.cross_article.any():
            return
        vectors = np.concatenate([telling.vectors for telling in articles if len(telling.vectors)])
        langs = np.repeat([telling.lang for telling in articles], sizes)
        nearer = SAME_LANGUAGE_OFFSET * (langs[:, None] == langs[None, :])
        cosines = np.where(self.cross_article, vectors @ vectors.T - nearer, np.float32(0)).astype(np.float32)
        tokens = [one for telling in articles for one in telling.tokens]
        self._coverage = EventCoverage(tokens, self._starts, [telling.lang for telling in articles])
        written = [number_keys(text, telling.lang) for telling in articles for text in telling.texts]
        texts = [text for telling in articles for text in telling.texts]
        self._repeats = find_repeats(texts, self._starts)
        self._features = pair_features(cosines, self._coverage, written, self._starts, self._repeats)

    def score(self, weights: PairWeights, previous: FloatArray | None = None) -> FloatArray:
        """Probabilities (s, s) of all pairs, in the light of those ``previous``; 0 within an article.

        What was next to impossible before stays so.
        """
        found = np.zeros(self.cross_article.shape, dtype=np.float32) if previous is None else previous.copy()
        rows, columns = self.candidate_pairs(previous)
        if len(rows):
            judged = weights.predict(self.compute_features(rows, columns, previous))
            found[rows, columns] = found[columns, rows] = judged
        return found

    def candidate_pairs(self, previous: FloatArray | None = None) -> tuple[RowIndices, RowIndices]:
        """Rows and columns (p,) of the pairs to be judged, each once."""
        asked = self.cross_article if previous is None else previous >= _MIN_PROBABILITY
        rows, columns = np.nonzero(np.triu(asked))
        return rows, columns

    def compute_features(
        self, rows: RowIndices, columns: RowIndices, previous: FloatArray | None = None
    ) -> list[FloatArray]:
        """Features, each (p,), of the pairs; more of them in the light of probabilities (s, s) ``previous``."""
        own = [feature[rows, columns] for feature in self._features]
        if previous is None:
            return own
        partners = keep_nearest_repeats(previous >= LIKELY_PROBABILITY, previous, self._repeats, self._starts)
        there = self._coverage.marginal_coverage(partners, _UNCOVERED_COSINE, rows, columns)
        back = self._coverage.marginal_coverage(partners, _UNCOVERED_COSINE, columns, rows)
        return [
            *own,
            *(feature[rows, columns] for feature in order_features(previous, self._starts)),
            np.minimum(there, back),
            np.maximum(there, back),
            *transitivity_features(previous, self._starts, rows, columns),
        ]
