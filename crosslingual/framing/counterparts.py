"""Marks and names of two sentences held against each other: which have no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from crosslingual.framing.mentions import MAX_CHARS, MAX_MENTIONS, Mention, find_mentions
from crosslingual.framing.word_vectors import SentenceWords
from crosslingual.language.phonetics import find_transcriptions, loose_consonants, sounds_alike, to_pinyin
from crosslingual.types import FloatArray

_MIN_NAME_CONSONANTS = 2
"""Consonants that a name must have to be told by its sound."""
_MAX_NAME_CHARS = 30
"""Letters of a name."""
_WORD_PATTERN = re.compile(r"(?:(?![\d_])\w)+(?:['’-](?:(?![\d_])\w)+)*")
_OPENING_CHARS = '"«„“‘‚‹([{:.!?…—–'


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
        return tuple(_find_name_mentions(self))


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


@dataclass(frozen=True, slots=True)
class UnmatchedMention:
    """A mark of one sentence without counterpart; ``rival`` stands for it opposite, as far as can be told.

    ``cosine`` is the cosine of the two, or else of the mark with what is nearest to it.
    """

    mention: Mention
    rival: Mention | None
    cosine: float


def find_unmatched(pair: SentencePair, kind: str) -> list[UnmatchedMention]:
    """Firm marks of ``kind`` in ``pair.one`` whose key ``pair.right`` has not; each with its rival there."""
    mine, theirs = pair.left.mentions_by_kind.get(kind, ()), pair.right.mentions_by_kind.get(kind, ())
    if not mine:
        return []
    keys, own = {mark.key for mark in theirs}, {mark.key for mark in mine}
    left = [mark for mark in mine if mark.is_firm and not _has_counterpart(mark, keys, pair.right.text)]
    rivals = [mark for mark in theirs if mark.is_firm and not _has_counterpart(mark, own, pair.left.text)]
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


def _has_counterpart(mention: Mention, opposite_keys: set[str], opposite_text: str) -> bool:
    if mention.key in opposite_keys:
        return True
    if mention.kind == "number":
        digits = mention.key.replace(".", "")
        return len(digits) > 2 and digits in re.sub(r"\D", "", opposite_text)
    return False


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
    """Negations of ``pair.one`` that find none opposite.

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
    """Verbs of saying in ``pair.one`` whose stance ``pair.right`` takes nowhere, with the verb opposite.

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


def find_unmatched_names(pair: SentencePair) -> list[UnmatchedMention]:
    """Names in ``pair.one`` that sound like nothing opposite; where a name stands there instead, with it."""
    if not pair.left.name_mentions:
        return []
    text, opposite = pair.right.text, pair.right.name_mentions
    sounds = [(mark, loose_consonants(mark.key)) for mark in opposite] if pair.right.lang != "zh" else []
    runs = find_transcriptions(text[:MAX_CHARS]) if pair.right.lang == "zh" else ()
    low = text.lower()
    spoken = to_pinyin(text) if pair.right.lang == "zh" else ""
    found = []
    for mark in pair.left.name_mentions:
        sound = loose_consonants(mark.key)
        if (
            len(sound) < _MIN_NAME_CONSONANTS
            or mark.key.lower() in low
            or (spoken and len(mark.key) > 3 and to_pinyin(mark.key) in spoken)
        ):
            continue
        if any(sounds_alike(sound, run, inside=True) for _, _, run in runs) or any(
            sounds_alike(sound, one) for _, one in sounds
        ):
            continue
        rival = _nearest_name(pair, mark, opposite, runs)
        found.append(
            UnmatchedMention(
                mark, rival, pair.span_cosine(mark.start, mark.end, rival.start, rival.end) if rival else 0.0
            )
        )
    return found


def _nearest_name(
    pair: SentencePair,
    mention: Mention,
    candidates: Sequence[Mention],
    chinese_runs: Sequence[tuple[int, int, str]],
) -> Mention | None:
    """The name opposite that the word nearest to ``mention`` is part of."""
    here = pair.left.words.indices_in_span(mention.start, mention.end)
    if not len(here) or not pair.cosines.shape[1]:
        return None
    start, end = pair.right.words.spans[int(pair.cosines[here].max(axis=0).argmax())]
    for rival in candidates:
        if rival.start < end and start < rival.end:
            return rival
    for first, last, _ in chinese_runs:
        if first < end and start < last and last - first > 1:
            return Mention("name", pair.right.text[first:last], first, last)
    return None


def _find_name_mentions(sentence: AnalyzedSentence) -> Iterator[Mention]:
    """Capitalised words that are no known place, month or day, and do not begin the sentence."""
    text = sentence.text
    known = [mark for mark in sentence.mentions if mark.kind in ("name", "date", "number")]
    for match in islice(_WORD_PATTERN.finditer(text[:MAX_CHARS]), MAX_MENTIONS):
        word = match[0]
        if not 4 <= len(word) <= _MAX_NAME_CHARS or not word[0].isupper() or word.isupper():
            continue
        if sentence.lang == "zh" and not word.isascii():
            continue
        before = text[: match.start()].rstrip()
        first = not before or before[-1] in _OPENING_CHARS
        clear = not any(mark.start < match.end() and match.start() < mark.end for mark in known)
        if clear:
            yield Mention(
                "name",
                re.sub(r"['’]s?$", "", word),
                *match.span(),
                is_firm=not first and sentence.lang != "de",
            )
