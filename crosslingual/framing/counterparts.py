"""Marks and names of two sentences held against each other: which have no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from crosslingual.framing.named import MOST, READ, Mark, marks
from crosslingual.framing.words import Words
from crosslingual.language.phonetics import alike, consonants, pinyin, transcriptions
from crosslingual.types import FloatArray

_LEAST = 2
"""Consonants that a name must have to be told by its sound."""
_LONGEST = 30
"""Letters of a name."""
_CAPITAL = re.compile(r"(?:(?![\d_])\w)+(?:['’-](?:(?![\d_])\w)+)*")
_OPENERS = '"«„“‘‚‹([{:.!?…—–'


@dataclass(frozen=True, eq=False)
class Sentence:
    """A text in a language, with what is known of it alone: worked out once for all pairs it is in."""

    text: str
    lang: str
    words: Words

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Its numbers, dates, stances and so on."""
        return marks(self.text, self.lang)

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Mark]]:
        """Its marks by what they are; kinds that it has."""
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            found.setdefault(mark.kind, []).append(mark)
        return found

    @cached_property
    def names(self) -> tuple[Mark, ...]:
        """Its capitalised words that may be names."""
        return tuple(_names(self))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences and the cosines (w, v) of their words."""

    one: Sentence
    other: Sentence
    cosines: FloatArray

    @classmethod
    def of(cls, one: Sentence, other: Sentence) -> Pair:
        """All words compared with all."""
        return cls(one, other, one.words.vectors @ other.words.vectors.T)

    @property
    def turned(self) -> Pair:
        """The same from the other side."""
        return Pair(self.other, self.one, self.cosines.T)

    def between(self, start: int, end: int, first: int, last: int) -> float:
        """The best cosine of a word within one span of ``one`` with a word within one of ``other``."""
        here = self.one.words.within(start, end)
        there = self.other.words.within(first, last)
        return float(self.cosines[np.ix_(here, there)].max()) if len(here) and len(there) else 0.0

    def covered(self, start: int, end: int) -> float:
        """The best cosine of a word within a span of ``one`` with any word of ``other``."""
        here = self.one.words.within(start, end)
        return float(self.cosines[here].max()) if len(here) and self.cosines.shape[1] else 0.0


@dataclass(frozen=True, slots=True)
class Lone:
    """A mark of one sentence without counterpart; ``instead`` stands for it opposite, as far as can be told.

    ``near`` is the cosine of the two, or else of the mark with what is nearest to it.
    """

    mark: Mark
    instead: Mark | None
    near: float


def lone(pair: Pair, kind: str) -> list[Lone]:
    """Firm marks of ``kind`` in ``pair.one`` whose key ``pair.other`` has not; each with its rival there."""
    mine, theirs = pair.one.by_kind.get(kind, ()), pair.other.by_kind.get(kind, ())
    if not mine:
        return []
    keys, own = {mark.key for mark in theirs}, {mark.key for mark in mine}
    left = [mark for mark in mine if mark.firm and not _answered(mark, keys, pair.other.text)]
    rivals = [mark for mark in theirs if mark.firm and not _answered(mark, own, pair.one.text)]
    return [_beside(pair, one, theirs) for one in _paired(pair, left, rivals)]


def _beside(pair: Pair, one: Lone, theirs: Sequence[Mark]) -> Lone:
    """With what stands there instead even if that has a counterpart of its own, as far as it is near."""
    if one.instead:
        return one
    near = [
        (pair.between(one.mark.start, one.mark.end, mark.start, mark.end), mark)
        for mark in theirs
        if mark.firm
    ]
    cosine, rival = max(near, key=lambda pair: pair[0], default=(0.0, None))
    return Lone(one.mark, rival, cosine) if rival and cosine >= BESIDE else one


def _answered(mark: Mark, keys: set[str], text: str) -> bool:
    if mark.key in keys:
        return True
    if mark.kind == "number":
        digits = mark.key.replace(".", "")
        return len(digits) > 2 and digits in re.sub(r"\D", "", text)
    return False


def _paired(pair: Pair, left: Sequence[Mark], rivals: Sequence[Mark]) -> Iterator[Lone]:
    """Each with the nearest of the rivals that no nearer one took."""
    near = sorted(
        (
            (pair.between(mark.start, mark.end, rival.start, rival.end), place, at)
            for place, mark in enumerate(left)
            for at, rival in enumerate(rivals)
        ),
        reverse=True,
    )
    taken: dict[int, tuple[int, float]] = {}
    for cosine, place, at in near:
        if place not in taken and at not in {one for one, _ in taken.values()}:
            taken[place] = at, cosine
    for place, mark in enumerate(left):
        if place in taken:
            at, cosine = taken[place]
            yield Lone(mark, rivals[at], cosine)
        else:
            yield Lone(mark, None, pair.covered(mark.start, mark.end))


def lone_negations(pair: Pair) -> list[Lone]:
    """Negations of ``pair.one`` that find none opposite.

    Each of either side is matched once, the nearest first, the firm before the loose.
    """
    mine, theirs = pair.one.by_kind.get("negation", ()), pair.other.by_kind.get("negation", ())
    if not mine:
        return []
    near = sorted(
        (
            (mark.firm + rival.firm, pair.between(mark.start, mark.end, rival.start, rival.end), place, at)
            for place, mark in enumerate(mine)
            for at, rival in enumerate(theirs)
            if mark.firm or rival.firm
        ),
        reverse=True,
    )
    used: set[int] = set()
    used_there: set[int] = set()
    for firm, cosine, place, at in near:
        if place not in used and at not in used_there and (firm == 2 or cosine >= LOOSE):
            used.add(place)
            used_there.add(at)
    return [
        Lone(mark, None, pair.covered(mark.start, mark.end))
        for place, mark in enumerate(mine)
        if mark.firm and place not in used
    ]


BESIDE = 0.4
"""Cosine from which a mark of the same kind stands instead of another."""
LOOSE = 0.3
"""Cosine from which a loose negation answers a firm one."""


def lone_stances(pair: Pair) -> list[Lone]:
    """Verbs of saying in ``pair.one`` whose stance ``pair.other`` takes nowhere, with the verb opposite.

    The verb opposite is the nearest of any stance.
    """
    mine, theirs = pair.one.by_kind.get("attribution", ()), pair.other.by_kind.get("attribution", ())
    if not mine:
        return []
    keys = {mark.key for mark in theirs}
    answered = {(mark.start, mark.end) for mark in mine if mark.key in keys}
    found = []
    for mark in mine:
        if (mark.start, mark.end) in answered:
            continue
        near = [(pair.between(mark.start, mark.end, rival.start, rival.end), rival) for rival in theirs]
        cosine, rival = max(near, key=lambda one: one[0], default=(0.0, None))
        covered = pair.covered(mark.start, mark.end)
        found.append(Lone(mark, rival, cosine) if rival and cosine >= 0.2 else Lone(mark, None, covered))
    return found


def lone_names(pair: Pair) -> list[Lone]:
    """Names in ``pair.one`` that sound like nothing opposite; where a name stands there instead, with it."""
    if not pair.one.names:
        return []
    text, opposite = pair.other.text, pair.other.names
    sounds = [(mark, consonants(mark.key)) for mark in opposite] if pair.other.lang != "zh" else []
    runs = transcriptions(text[:READ]) if pair.other.lang == "zh" else ()
    low = text.lower()
    spoken = pinyin(text) if pair.other.lang == "zh" else ""
    found = []
    for mark in pair.one.names:
        sound = consonants(mark.key)
        if (
            len(sound) < _LEAST
            or mark.key.lower() in low
            or (spoken and len(mark.key) > 3 and pinyin(mark.key) in spoken)
        ):
            continue
        if any(alike(sound, run, inside=True) for _, _, run in runs) or any(
            alike(sound, one) for _, one in sounds
        ):
            continue
        rival = _nearest_name(pair, mark, opposite, runs)
        found.append(
            Lone(mark, rival, pair.between(mark.start, mark.end, rival.start, rival.end) if rival else 0.0)
        )
    return found


def _nearest_name(
    pair: Pair, mark: Mark, opposite: Sequence[Mark], runs: Sequence[tuple[int, int, str]]
) -> Mark | None:
    """The name opposite that the word nearest to ``mark`` is part of."""
    here = pair.one.words.within(mark.start, mark.end)
    if not len(here) or not pair.cosines.shape[1]:
        return None
    start, end = pair.other.words.spans[int(pair.cosines[here].max(axis=0).argmax())]
    for rival in opposite:
        if rival.start < end and start < rival.end:
            return rival
    for first, last, _ in runs:
        if first < end and start < last and last - first > 1:
            return Mark("name", pair.other.text[first:last], first, last)
    return None


def _names(sentence: Sentence) -> Iterator[Mark]:
    """Capitalised words that are no known place, month or day, and do not begin the sentence."""
    text = sentence.text
    known = [mark for mark in sentence.marks if mark.kind in ("name", "date", "number")]
    for match in islice(_CAPITAL.finditer(text[:READ]), MOST):
        word = match[0]
        if not 4 <= len(word) <= _LONGEST or not word[0].isupper() or word.isupper():
            continue
        if sentence.lang == "zh" and not word.isascii():
            continue
        before = text[: match.start()].rstrip()
        first = not before or before[-1] in _OPENERS
        clear = not any(mark.start < match.end() and match.start() < mark.end for mark in known)
        if clear:
            yield Mark(
                "name", re.sub(r"['’]s?$", "", word), *match.span(), firm=not first and sentence.lang != "de"
            )
