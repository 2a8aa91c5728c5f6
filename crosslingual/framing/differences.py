"""Differences inside a statement: what one sentence says that another, in any language, does not say so."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from math import exp, log1p
from typing import Literal

from babel import Locale

from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair, UnmatchedMention
from crosslingual.framing.evidence import DifferenceEvidence, score_differences
from crosslingual.framing.mentions import MAX_CHARS, Mention, format_amount
from crosslingual.framing.word_vectors import WordEncoder
from crosslingual.language.people import find_known_person
from crosslingual.language.phonetics import loose_consonants, sounds_alike
from crosslingual.types import FloatArray

TextWithLang = tuple[str, str]
"""A sentence and its language, ISO 639-1."""

MIN_MISSING_PROBABILITY = 0.15
"""Probability from which a word is shown to have no counterpart."""
MIN_CLAUSE_WORDS = 5
"""Words side by side without a counterpart from which they count as a clause."""
_PAIRS_PER_BATCH = 500
"""Pairs that are weighed in one go."""
_MAX_SPANS = 200
"""Differences of a pair that are told at most."""


@dataclass(frozen=True, slots=True)
class DifferenceSpan:
    """Characters ``start`` to ``end`` of the cell on ``side`` that the other has not, or has otherwise.

    ``kind`` is "number", "date", "name", "negation", "attribution", "hedge", "clause" or "words";
    ``description`` says in words what differs.
    """

    side: Literal[0, 1]
    start: int
    end: int
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """How likely two cells differ in what they say, by ``kinds`` and all together, and where."""

    score: float
    kinds: Mapping[str, float]
    spans: tuple[DifferenceSpan, ...]


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
    return Divergence(combine_probabilities(kinds), kinds, tuple(spans[:_MAX_SPANS]))


def combine_probabilities(kind_probabilities: Mapping[str, float]) -> float:
    """How likely there is any difference, if each kind comes about by itself."""
    return 1 - exp(sum(log1p(-min(one, 0.9999)) for one in kind_probabilities.values()))


def _difference_spans(evidence: DifferenceEvidence) -> Iterator[DifferenceSpan]:
    named = [span for side in (0, 1) for span in _mention_spans(evidence, side)]
    yield from dict.fromkeys(named)
    pair = evidence.pair
    for side, sentence, missing in zip(
        (0, 1), (pair.left, pair.right), evidence.missing_probabilities, strict=True
    ):
        taken = [span for span in named if span.side == side]
        yield from _unmatched_spans(side, sentence, missing, taken)


def _mention_spans(evidence: DifferenceEvidence, side: int) -> Iterator[DifferenceSpan]:
    pair = evidence.pair.swapped if side else evidence.pair
    own, opposite = pair.left.text, pair.right.text
    found = {**{kind: lone[side] for kind, lone in evidence.unmatched.items()}}
    found["name"] = [
        *found["name"],
        *(one for one in evidence.unmatched_names[side] if _is_other_person(one, pair)),
    ]
    for kind, lone in found.items():
        for one in lone:
            if kind == "attribution" and one.mention.key == "neutral":
                continue
            about = _describe_difference(kind, one, own, opposite)
            yield DifferenceSpan(_side_literal(side), one.mention.start, one.mention.end, kind, about)
            if kind == "attribution" and one.rival:
                yield DifferenceSpan(_side_literal(1 - side), one.rival.start, one.rival.end, kind, about)


def _is_other_person(unmatched: UnmatchedMention, pair: SentencePair) -> bool:
    """Whether somebody else stands opposite instead of a name that is told by its sound.

    Within one script the sounds of both are held against each other, since the case of either may be longer.
    Across scripts that is not sure enough (Путиным, Putin): there both have to be people known in several.
    """
    if unmatched.rival is None:
        return False
    here, there = unmatched.mention.key, unmatched.rival.key
    if _main_script(pair.left.text) != _main_script(pair.right.text):
        people = find_known_person(here, pair.left.lang), find_known_person(there, pair.right.lang)
        return all(people) and people[0] != people[1]
    return not any(
        sounds_alike(*each) for each in permutations((loose_consonants(here), loose_consonants(there)))
    )


def _main_script(text: str) -> str:
    """The script that most letters of ``text`` are of: its name in Unicode, ``CYRILLIC``."""
    letters = Counter(unicodedata.name(char, "").split(" ")[0] for char in text[:MAX_CHARS] if char.isalpha())
    return max(letters, key=letters.__getitem__, default="")


def _side_literal(side: int) -> Literal[0, 1]:
    return 1 if side else 0


def _describe_difference(kind: str, unmatched: UnmatchedMention, own_text: str, opposite_text: str) -> str:
    here = _describe_mention(kind, unmatched.mention, own_text)
    if unmatched.rival and kind not in ("negation", "hedge"):
        return f"{here} against {_describe_mention(kind, unmatched.rival, opposite_text)}"
    return {
        "negation": f"{here}: negated only here",
        "hedge": f"{here}: less sure here",
        "attribution": f"{here}: no such stance opposite",
    }.get(kind, f"{here}: not opposite")


def _describe_mention(kind: str, mention: Mention, text: str) -> str:
    written = text[mention.start : mention.end].strip()
    telling: dict[str, Callable[[str], str]] = {
        "number": _format_amount,
        "date": _format_day,
        "attribution": str,
    }
    meant = telling[kind](mention.key) if kind in telling else ""
    plain = written.lower().replace(",", "")
    return f"{written} ({meant})" if meant and meant.lower().replace(",", "") != plain else written


def _format_amount(key: str) -> str:
    return format_amount(key) if len(key) > 4 else key  # a year has no comma


def _format_day(key: str) -> str:
    locale = Locale.parse("en")
    kind, number = key.split(":")
    names = locale.months["format"]["wide"] if kind == "m" else locale.days["format"]["wide"]
    return str(names[int(number) - (kind == "d")])


def _unmatched_spans(
    side: int,
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


def _make_run_span(side: int, word_spans: Sequence[tuple[int, int]]) -> DifferenceSpan:
    kind = "clause" if len(word_spans) >= MIN_CLAUSE_WORDS else "words"
    count = "1 word" if len(word_spans) == 1 else f"{len(word_spans)} words"
    return DifferenceSpan(
        _side_literal(side), word_spans[0][0], word_spans[-1][1], kind, f"{count} without counterpart"
    )
