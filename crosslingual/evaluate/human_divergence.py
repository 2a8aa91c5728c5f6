"""How well differences are told that people marked, against what the cosine of the encoder tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import Encoder
from crosslingual.evaluate.labelled_divergence import EXCLUDED_LABEL, LabelledPair, token_spans
from crosslingual.extras import needs_extra
from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair
from crosslingual.framing.differences import TextWithLang, unmatched_share
from crosslingual.framing.evidence import missing_probabilities, passage_distances
from crosslingual.framing.word_vectors import SentenceWords, WordEncoder
from crosslingual.language.sentences import sentence_spans
from crosslingual.types import FloatArray

BASELINE = "cosine"
"""What the others are held against."""
N_RESAMPLES = 200
_SEED = 11
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class PairScores:
    """How well pairs that differ are told from those that do not.

    ``auc`` is the area under the ROC curve, ``average_precision`` that under precision and recall. F1 of the
    classes, and their mean weighted by size, are at thresholds that the other half of the pairs chose. ``ahead``
    is how much more ``auc`` is than that of the cosine, with the 95 % interval of a bootstrap over the pairs.
    """

    auc: float
    average_precision: float
    f1_equivalent: float
    f1_divergent: float
    f1_weighted: float
    ahead: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class TokenScores:
    """How well tokens that differ are told.

    ``spearman`` is the rank correlation with the labels over all judged tokens (Vamvas and Sennrich 2023). F1 of tokens
    that anybody marked and of the others, and their product (Briakou and Carpuat 2020), are at thresholds that the
    other half of the texts chose. ``ahead`` is how much more ``spearman`` is than that of the cosine, with the
    95 % interval of a bootstrap over the texts.
    """

    spearman: float
    f1_divergent: float
    f1_equal: float
    f1_product: float
    ahead: tuple[float, float, float] | None = None


_ScoresT = TypeVar("_ScoresT", PairScores, TokenScores)


@dataclass(frozen=True, slots=True)
class HumanDivergenceScores:
    """Scores by what tells the differences; ``pairs`` is empty where people judged tokens only.

    "unmatched": how likely words have no counterpart, as the app marks them. "passage": how far the words around are
    from all that stands opposite. "cosine": of the sentences' vectors, of words with the nearest one opposite (as
    diffAlign of Vamvas and Sennrich 2023 has it, with the states that the app takes).
    """

    n_pairs: int
    pairs: Mapping[str, PairScores]
    tokens: Mapping[str, TokenScores]


def evaluate_human_divergence(
    pairs: Sequence[LabelledPair],
    encoder: Encoder,
    space: Space,
    words: WordEncoder,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> HumanDivergenceScores:
    """Scores of ``pairs``, and of the cosine of ``encoder`` beside them."""
    analyzed = _analyze_texts(pairs, words, progress)
    sides = [_score_words(analyzed[pair.left], analyzed[pair.right]) for pair in pairs]
    by_token = {
        name: [_score_tokens(pair, analyzed, one[name]) for pair, one in zip(pairs, sides, strict=True)]
        for name in sides[0]
    }
    tokens = _compare_tokens(pairs, by_token)
    if not any(pair.kind for pair in pairs):
        return HumanDivergenceScores(len(pairs), {}, tokens)
    unmatched = np.array([unmatched_share(one["unmatched"]) for one in sides], dtype=np.float32)
    cosines = -_sentence_cosines(pairs, encoder, space)
    return HumanDivergenceScores(
        len(pairs),
        _compare_pairs(
            np.array([pair.is_divergent for pair in pairs]), {"unmatched": unmatched, BASELINE: cosines}
        ),
        tokens,
    )


def _analyze_texts(
    pairs: Sequence[LabelledPair], words: WordEncoder, progress: Callable[[int, int], None] | None
) -> dict[TextWithLang, AnalyzedSentence]:
    """The words of each text, encoded sentence by sentence: a document is longer than what an encoder reads."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.left, pair.right)))
    pieces = [(text, lang, span) for text, lang in texts for span in sentence_spans(text, lang)]
    encoded = words.encode_words(
        [(text[slice(*span)], lang) for text, lang, span in pieces], progress=progress
    )
    own: dict[TextWithLang, list[SentenceWords]] = {text: [] for text in texts}
    for (text, lang, span), found in zip(pieces, encoded, strict=True):
        own[text, lang].append(replace(found, spans=found.spans + span[0]))
    return {text: AnalyzedSentence(*text, _join_words(found)) for text, found in own.items()}


def _join_words(parts: Sequence[SentenceWords]) -> SentenceWords:
    return SentenceWords(
        np.concatenate([one.spans for one in parts]),
        np.concatenate([one.vectors for one in parts]),
        np.concatenate([one.weights for one in parts]),
    )


def _score_words(left: AnalyzedSentence, right: AnalyzedSentence) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Of both sides' words, by measure, how likely each has no counterpart."""
    pair = SentencePair.from_sentences(left, right)
    here, there = missing_probabilities([pair, pair.swapped])
    cosines = pair.cosines
    nearest = [
        cosines.max(axis=axis) if cosines.size else np.zeros(size)
        for axis, size in ((1, len(here)), (0, len(there)))
    ]
    far = [np.asarray(1 - own, dtype=np.float32) for own in nearest]
    return {
        "passage": (passage_distances(pair), passage_distances(pair.swapped)),
        "unmatched": (here, there),
        BASELINE: (far[0], far[1]),
    }


def _score_tokens(
    pair: LabelledPair,
    analyzed: Mapping[TextWithLang, AnalyzedSentence],
    scores: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """A score for each token of both sides: the highest of the words in it, 0 where there is none."""
    found = []
    for text, own in zip((pair.left, pair.right), scores, strict=True):
        known = analyzed[text].words
        for start, end in token_spans(text[0]):
            inside = known.indices_in_span(start, end)
            found.append(float(own[inside].max()) if len(inside) else 0.0)
    return np.array(found, dtype=np.float32)


def _sentence_cosines(pairs: Sequence[LabelledPair], encoder: Encoder, space: Space) -> FloatArray:
    left, right = (
        space.center_by_language(encoder.encode([text for text, _ in texts]), [lang for _, lang in texts])
        for texts in ([pair.left for pair in pairs], [pair.right for pair in pairs])
    )
    return np.asarray((left * right).sum(axis=1), dtype=np.float32)


def _compare_pairs(truth: NDArray[np.bool_], scores: Mapping[str, FloatArray]) -> dict[str, PairScores]:
    with needs_extra("evaluate"):
        from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
    found = {}
    for name, own in scores.items():
        told = _cross_thresholds(own, truth, np.arange(len(truth)))
        equivalent, divergent = f1_score(truth, told, average=None, labels=[False, True])
        found[name] = PairScores(
            float(roc_auc_score(truth, own)),
            float(average_precision_score(truth, own)),
            float(equivalent),
            float(divergent),
            float(f1_score(truth, told, average="weighted")),
        )

    def difference(name: str, places: NDArray[np.intp]) -> float:
        drawn = truth[places]
        if drawn.all() or not drawn.any():
            return 0.0
        return float(
            roc_auc_score(drawn, scores[name][places]) - roc_auc_score(drawn, scores[BASELINE][places])
        )

    return _add_leads(found, difference, len(truth))


def _compare_tokens(
    pairs: Sequence[LabelledPair], scores: Mapping[str, Sequence[FloatArray]]
) -> dict[str, TokenScores]:
    with needs_extra("evaluate"):
        from sklearn.metrics import f1_score
    labels = [np.array([*pair.left_labels, *pair.right_labels]) for pair in pairs]
    kept = [own != EXCLUDED_LABEL for own in labels]
    gold = [own[judged] for own, judged in zip(labels, kept, strict=True)]
    texts = np.repeat(np.arange(len(pairs)), [len(own) for own in gold])
    truth = np.concatenate(gold) > 0
    judged = {name: [own[places] for own, places in zip(scores[name], kept, strict=True)] for name in scores}
    found = {}
    for name, own in judged.items():
        told = _cross_thresholds(np.concatenate(own), truth, texts)
        equal, divergent = f1_score(truth, told, average=None, labels=[False, True])
        found[name] = TokenScores(
            _spearman(np.concatenate(own), np.concatenate(gold)),
            float(divergent),
            float(equal),
            float(divergent * equal),
        )

    def difference(name: str, places: NDArray[np.intp]) -> float:
        drawn = np.concatenate([gold[place] for place in places])
        ours, theirs = (np.concatenate([judged[one][place] for place in places]) for one in (name, BASELINE))
        return _spearman(ours, drawn) - _spearman(theirs, drawn)

    return _add_leads(found, difference, len(pairs))


def _spearman(scores: FloatArray, labels: FloatArray) -> float:
    from scipy.stats import spearmanr

    if len(set(labels.tolist())) < 2 or len(set(scores.tolist())) < 2:
        return 0.0
    return float(spearmanr(scores, labels).statistic)


def _cross_thresholds(
    scores: FloatArray, truth: NDArray[np.bool_], groups: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """What passes the threshold of the best weighted F1 in the other half of ``groups``, both ways."""
    half = np.random.default_rng(_SEED).permutation(int(groups.max()) + 1)[groups] % 2 == 0
    told = np.zeros(len(truth), dtype=bool)
    for chosen, scored in ((half, ~half), (~half, half)):
        if chosen.any() and scored.any():
            told[scored] = scores[scored] >= _best_threshold(scores[chosen], truth[chosen])
    return told


def _best_threshold(scores: FloatArray, truth: NDArray[np.bool_]) -> float:
    """The score from which on "differs" has the best F1, weighted by the size of the classes."""
    order = np.argsort(-scores, kind="stable")
    hits, told = np.cumsum(truth[order]), np.arange(1, len(truth) + 1)
    n_divergent, n_equal = int(truth.sum()), int((~truth).sum())
    divergent = 2 * hits / (told + n_divergent)
    equal_hits, equal_told = n_equal - (told - hits), len(truth) - told
    equal = 2 * equal_hits / np.maximum(equal_told + n_equal, 1)
    ordered = scores[order]
    is_last_of_tie = np.append(ordered[1:] != ordered[:-1], True)
    weighted = np.where(is_last_of_tie, divergent * n_divergent + equal * n_equal, -1.0)
    return float(ordered[int(np.argmax(weighted))])


def _add_leads(
    found: Mapping[str, _ScoresT], difference: Callable[[str, NDArray[np.intp]], float], size: int
) -> dict[str, _ScoresT]:
    """``found`` with how far each is ahead of the baseline, by ``difference`` over resamples of ``size`` places."""
    return {
        name: one if name == BASELINE else replace(one, ahead=_bootstrap(partial(difference, name), size))
        for name, one in found.items()
    }


def _bootstrap(difference: Callable[[NDArray[np.intp]], float], size: int) -> tuple[float, float, float]:
    """``difference`` of all places, and the ends of its 95 % interval over resamples of them."""
    rng = np.random.default_rng(_SEED)
    drawn = [difference(rng.integers(0, size, size)) for _ in range(N_RESAMPLES)]
    low, high = np.percentile(drawn, _INTERVAL)
    return difference(np.arange(size)), float(low), float(high)
