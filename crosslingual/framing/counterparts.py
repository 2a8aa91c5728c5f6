"""Marks and names of two sentences held against each other: which have no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crosslingual.framing.mentions import Mention, find_mentions
from crosslingual.framing.name_mentions import find_name_mentions
from crosslingual.framing.word_vectors import SentenceWords
from crosslingual.language.lexicons import place_countries
from crosslingual.language.name_stems import name_words
from crosslingual.types import FloatArray


@dataclass(frozen=True, eq=False)
class AnalyzedSentence:
    """A text in a language, with what is known of it alone: worked out once for all pairs it is in."""

    text: str
    lang: str
    words: SentenceWords

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Its numbers, dates, stances and so on."""
        return find_mentions(self.text, self.lang)

    @cached_property
    def mentions_by_kind(self) -> Mapping[str, Sequence[Mention]]:
        """Its marks by what they are; kinds that it has."""
        found: dict[str, list[Mention]] = {}
        for mark in self.mentions:
            found.setdefault(mark.kind, []).append(mark)
        return found

    @cached_property
    def name_mentions(self) -> tuple[Mention, ...]:
        """Its capitalised words that may be names."""
        return tuple(find_name_mentions(self.text, self.lang, self.mentions))


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two sentences and the cosines (w, v) of their words."""

    left: AnalyzedSentence
    right: AnalyzedSentence
    cosines: FloatArray

    @classmethod
    def from_sentences(cls, left: AnalyzedSentence, right: AnalyzedSentence) -> SentencePair:
        """All words compared with all."""
        return cls(left, right, left.words.vectors @ right.words.vectors.T)

    @property
    def swapped(self) -> SentencePair:
        """The same from the other side."""
        return SentencePair(self.right, self.left, self.cosines.T)

    def span_cosine(self, start: int, end: int, right_start: int, right_end: int) -> float:
        """The best cosine of a word within one span of ``left`` with a word within one of ``right``."""
        here = self.left.words.indices_in_span(start, end)
        there = self.right.words.indices_in_span(right_start, right_end)
        return float(self.cosines[np.ix_(here, there)].max()) if len(here) and len(there) else 0.0

    def best_cosine(self, start: int, end: int) -> float:
        """The best cosine of a word within a span of ``left`` with any word of ``right``."""
        here = self.left.words.indices_in_span(start, end)
        return float(self.cosines[here].max()) if len(here) and self.cosines.shape[1] else 0.0

    def likeness_beside(self, span: tuple[int, int], right_span: tuple[int, int]) -> float:
        """How near the words outside ``span`` and ``right_span`` are to the nearest opposite, of the less covered side.

        The mean of their cosines by weight: about .7 of translations, under .5 of reports that tell one thing freely.
        """
        return min(self._cover_beside(span), self.swapped._cover_beside(right_span))

    def _cover_beside(self, span: tuple[int, int]) -> float:
        if not self.cosines.size:
            return 0.0
        weights = self.left.words.weights.copy()
        weights[self.left.words.indices_in_span(*span)] = 0
        total = float(weights.sum())
        return float((weights * self.cosines.max(axis=1)).sum()) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class UnmatchedMention:
    """A mark of one sentence without counterpart; ``rival`` stands for it opposite, as far as can be told.

    ``cosine`` is the cosine of the two, or else of the mark with what is nearest to it.
    """

    mention: Mention
    rival: Mention | None
    cosine: float


def find_unmatched(pair: SentencePair, kind: str) -> list[UnmatchedMention]:
    """Firm marks of ``kind`` in ``pair.left`` whose key ``pair.right`` has not; each with its rival there."""
    mine, theirs = pair.left.mentions_by_kind.get(kind, ()), pair.right.mentions_by_kind.get(kind, ())
    if not mine:
        return []
    left = [mark for mark in mine if mark.is_firm and not has_counterpart(mark, pair.left, pair.right)]
    rivals = [mark for mark in theirs if mark.is_firm and not has_counterpart(mark, pair.right, pair.left)]
    return [_add_near_rival(pair, one, theirs) for one in _pair_with_rivals(pair, left, rivals)]


def _add_near_rival(
    pair: SentencePair, unmatched: UnmatchedMention, candidates: Sequence[Mention]
) -> UnmatchedMention:
    """With what stands there instead even if that has a counterpart of its own, as far as it is near."""
    if unmatched.rival:
        return unmatched
    near = [
        (pair.span_cosine(unmatched.mention.start, unmatched.mention.end, mark.start, mark.end), mark)
        for mark in candidates
        if mark.is_firm
    ]
    cosine, rival = max(near, key=lambda pair: pair[0], default=(0.0, None))
    return (
        UnmatchedMention(unmatched.mention, rival, cosine)
        if rival and cosine >= MIN_RIVAL_COSINE
        else unmatched
    )


def has_counterpart(mention: Mention, sentence: AnalyzedSentence, opposite: AnalyzedSentence) -> bool:
    """Whether ``opposite`` has a mark of the same kind that means what ``mention`` of ``sentence`` does."""
    marks = opposite.mentions_by_kind.get(mention.kind, ())
    if any(mark.key == mention.key for mark in marks):
        return True
    if mention.kind == "number":
        digits = mention.key.replace(".", "")
        return len(digits) > 2 and digits in re.sub(r"\D", "", opposite.text)
    if mention.kind == "name":
        own = {mark.key for mark in sentence.mentions_by_kind["name"] if mark.is_firm}
        return any(
            mark.key not in own and _may_stand_for(mention.key, mark.key) for mark in marks
        ) or _is_written_there(sentence.text[mention.start : mention.end], sentence, opposite)
    return False


def _is_written_there(name: str, sentence: AnalyzedSentence, opposite: AnalyzedSentence) -> bool:
    """Whether the words of a name stand in another sentence of its language, in whatever case."""
    if sentence.lang != opposite.lang:
        return False
    words = {word.key for word in name_words(name, sentence.lang)}
    return bool(words) and words <= {word.key for word in name_words(opposite.text, opposite.lang)}


def _may_stand_for(key: str, other: str) -> bool:
    """Whether one place is a country, and the other a city of it, which news name for one another: Kyiv, Ukraine."""
    is_one_country = key.startswith("c:") != other.startswith("c:")
    return is_one_country and not place_countries(key).isdisjoint(place_countries(other))


def _pair_with_rivals(
    pair: SentencePair, unmatched: Sequence[Mention], rivals: Sequence[Mention]
) -> Iterator[UnmatchedMention]:
    """Each with the nearest of the rivals that no nearer one took."""
    near = sorted(
        (
            (pair.span_cosine(mark.start, mark.end, rival.start, rival.end), place, at)
            for place, mark in enumerate(unmatched)
            for at, rival in enumerate(rivals)
        ),
        reverse=True,
    )
    taken: dict[int, tuple[int, float]] = {}
    for cosine, place, at in near:
        if place not in taken and at not in {one for one, _ in taken.values()}:
            taken[place] = at, cosine
    for place, mark in enumerate(unmatched):
        if place in taken:
            at, cosine = taken[place]
            yield UnmatchedMention(mark, rivals[at], cosine)
        else:
            yield UnmatchedMention(mark, None, pair.best_cosine(mark.start, mark.end))


def find_unmatched_negations(pair: SentencePair) -> list[UnmatchedMention]:
    """Negations of ``pair.left`` that find none opposite.

    Each of either side is matched once, the nearest first, the firm before the loose.
    """
    mine, theirs = (
        pair.left.mentions_by_kind.get("negation", ()),
        pair.right.mentions_by_kind.get("negation", ()),
    )
    if not mine:
        return []
    near = sorted(
        (
            (
                mark.is_firm + rival.is_firm,
                pair.span_cosine(mark.start, mark.end, rival.start, rival.end),
                place,
                at,
            )
            for place, mark in enumerate(mine)
            for at, rival in enumerate(theirs)
            if mark.is_firm or rival.is_firm
        ),
        reverse=True,
    )
    used: set[int] = set()
    used_there: set[int] = set()
    for firm, cosine, place, at in near:
        if place not in used and at not in used_there and (firm == 2 or cosine >= MIN_LOOSE_COSINE):
            used.add(place)
            used_there.add(at)
    return [
        UnmatchedMention(mark, None, pair.best_cosine(mark.start, mark.end))
        for place, mark in enumerate(mine)
        if mark.is_firm and place not in used
    ]


MIN_RIVAL_COSINE = 0.4
"""Cosine from which a mark of the same kind stands instead of another."""
MIN_LOOSE_COSINE = 0.3
"""Cosine from which a loose negation answers a firm one."""


def find_unmatched_stances(pair: SentencePair) -> list[UnmatchedMention]:
    """Verbs of saying in ``pair.left`` whose stance ``pair.right`` takes nowhere, with the verb opposite.

    The verb opposite is the nearest of any stance.
    """
    mine, theirs = (
        pair.left.mentions_by_kind.get("attribution", ()),
        pair.right.mentions_by_kind.get("attribution", ()),
    )
    if not mine:
        return []
    keys = {mark.key for mark in theirs}
    answered = {(mark.start, mark.end) for mark in mine if mark.key in keys}
    found = []
    for mark in mine:
        if (mark.start, mark.end) in answered:
            continue
        near = [(pair.span_cosine(mark.start, mark.end, rival.start, rival.end), rival) for rival in theirs]
        cosine, rival = max(near, key=lambda one: one[0], default=(0.0, None))
        covered = pair.best_cosine(mark.start, mark.end)
        found.append(
            UnmatchedMention(mark, rival, cosine)
            if rival and cosine >= 0.2
            else UnmatchedMention(mark, None, covered)
        )
    return found
