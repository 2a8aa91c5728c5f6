"""Differences inside a statement: what one sentence says that another, in any language, does not say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, log1p

from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair
from crosslingual.framing.evidence import DifferenceEvidence, score_differences
from crosslingual.framing.named_differences import DifferenceSpan as DifferenceSpan
from crosslingual.framing.named_differences import Side, find_named_differences
from crosslingual.framing.word_vectors import WordEncoder
from crosslingual.types import FloatArray

TextWithLang = tuple[str, str]
"""A sentence and its language, ISO 639-1."""

MIN_MISSING_PROBABILITY = 0.15
"""Probability from which a word is shown to have no counterpart."""
MIN_CLAUSE_WORDS = 5
"""Words side by side without a counterpart from which they count as a clause."""
_SIDES: tuple[Side, Side] = (0, 1)
_PAIRS_PER_BATCH = 500
"""Pairs that are weighed in one go."""
_MAX_SPANS = 200
"""Differences of a pair that are told at most."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """How likely two cells differ in what they say, by ``kinds`` and all together, and where.

    ``unmatched_share`` is the share of words, mean of both sides, that have no counterpart: of all that is told of
    differences it agrees best with what people call one (docs/evaluation.md).
    """

    score: float
    kinds: Mapping[str, float]
    spans: tuple[DifferenceSpan, ...]
    unmatched_share: float = 0.0


def find_differences(
    pairs: Sequence[tuple[TextWithLang, TextWithLang]],
    word_encoder: WordEncoder,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Divergence]:
    """For each pair of cells what differs; the score is the same whichever comes first.

    Cells need not be translations, only tell the same: whatever one leaves out counts. All distinct cells are
    encoded together.
    """
    known = analyze_sentences([cell for pair in pairs for cell in pair], word_encoder, progress=progress)
    return compare_pairs([(known[one], known[other]) for one, other in pairs])


def analyze_sentences(
    texts: Iterable[TextWithLang],
    word_encoder: WordEncoder,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> dict[TextWithLang, AnalyzedSentence]:
    """What is known of each of ``texts`` alone; ``progress`` is told how many of how many are encoded."""
    distinct = list(dict.fromkeys(texts))
    words = word_encoder.encode_words(distinct, progress=progress)
    return {cell: AnalyzedSentence(*cell, own) for cell, own in zip(distinct, words, strict=True)}


def compare_pairs(pairs: Sequence[tuple[AnalyzedSentence, AnalyzedSentence]]) -> list[Divergence]:
    """What differs between the two sentences of each pair."""
    told: list[Divergence] = []
    for start in range(0, len(pairs), _PAIRS_PER_BATCH):
        found = DifferenceEvidence.from_pairs(
            [SentencePair.from_sentences(*pair) for pair in pairs[start : start + _PAIRS_PER_BATCH]]
        )
        told += map(_build_divergence, found, score_differences(found))
    return told


def _build_divergence(evidence: DifferenceEvidence, kinds: dict[str, float]) -> Divergence:
    pair = evidence.pair
    if (pair.left.text, pair.left.lang) == (pair.right.text, pair.right.lang):
        return Divergence(0.0, {}, ())
    spans = sorted(_difference_spans(evidence), key=lambda span: (span.side, span.start, span.end))
    return Divergence(
        combine_probabilities(kinds),
        kinds,
        tuple(spans[:_MAX_SPANS]),
        unmatched_share(evidence.missing_probabilities),
    )


def unmatched_share(missing_probabilities: tuple[FloatArray, FloatArray]) -> float:
    """The mean over both sides of the mean probability that a word has no counterpart; a side without words has 0."""
    return sum(float(own.mean()) if len(own) else 0.0 for own in missing_probabilities) / 2


def combine_probabilities(kind_probabilities: Mapping[str, float]) -> float:
    """How likely there is any difference, if each kind comes about by itself."""
    return 1 - exp(sum(log1p(-min(one, 0.9999)) for one in kind_probabilities.values()))


def _difference_spans(evidence: DifferenceEvidence) -> Iterator[DifferenceSpan]:
    named = [span for side in _SIDES for span in find_named_differences(evidence, side)]
    yield from dict.fromkeys(named)
    pair = evidence.pair
    for side, sentence, missing in zip(
        _SIDES, (pair.left, pair.right), evidence.missing_probabilities, strict=True
    ):
        taken = [span for span in named if span.side == side]
        yield from _unmatched_spans(side, sentence, missing, taken)


def _unmatched_spans(
    side: Side,
    sentence: AnalyzedSentence,
    missing_probabilities: FloatArray,
    mention_spans: Sequence[DifferenceSpan],
) -> Iterator[DifferenceSpan]:
    """Clauses without counterpart, and outside them runs of words that no named difference covers."""
    places = sentence.words.spans.tolist()
    named = [any(span.start < end and start < span.end for span in mention_spans) for start, end in places]
    lacks = [probability >= MIN_MISSING_PROBABILITY for probability in missing_probabilities.tolist()]
    clauses = [run for run in _find_runs(_bridge_gaps(lacks, named)) if len(run) >= MIN_CLAUSE_WORDS]
    inside = {place for run in clauses for place in run}
    rest = [
        lack and not own and place not in inside
        for place, (lack, own) in enumerate(zip(lacks, named, strict=True))
    ]
    for run in [*clauses, *_find_runs(rest)]:
        yield _make_run_span(side, [places[place] for place in run])


def _bridge_gaps(is_missing: Sequence[bool], is_mentioned: Sequence[bool]) -> list[bool]:
    """``is_missing`` with what is named, and the single words between two of either, as a clause has them."""
    either = [lack or own for lack, own in zip(is_missing, is_mentioned, strict=True)]
    return [
        here or (0 < place < len(either) - 1 and either[place - 1] and either[place + 1])
        for place, here in enumerate(either)
    ]


def _find_runs(flags: Sequence[bool]) -> Iterator[list[int]]:
    """Places side by side that are ``flags``."""
    for is_marked, places in groupby(range(len(flags)), key=flags.__getitem__):
        if is_marked:
            yield list(places)


def _make_run_span(side: Side, word_spans: Sequence[tuple[int, int]]) -> DifferenceSpan:
    kind = "clause" if len(word_spans) >= MIN_CLAUSE_WORDS else "words"
    count = "1 word" if len(word_spans) == 1 else f"{len(word_spans)} words"
    return DifferenceSpan(side, word_spans[0][0], word_spans[-1][1], kind, f"{count} without counterpart")
