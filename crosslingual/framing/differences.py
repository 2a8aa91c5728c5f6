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

from crosslingual.framing.counterparts import Lone, Pair, Sentence
from crosslingual.framing.evidence import Evidence, judge
from crosslingual.framing.named import READ, Mark, amount
from crosslingual.framing.words import Aligner
from crosslingual.language.phonetics import alike, consonants
from crosslingual.language.speakers import person
from crosslingual.types import FloatArray

Cell = tuple[str, str]
"""A sentence and its language, ISO 639-1."""

MISSING = 0.15
"""Probability from which a word is shown to have no counterpart."""
CLAUSE = 5
"""Words side by side without a counterpart from which they count as a clause."""
_TOGETHER = 500
"""Pairs that are weighed in one go."""
_SHOWN = 200
"""Differences of a pair that are told at most."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of the cell on ``side`` that the other has not, or has otherwise.

    ``kind`` is "number", "date", "name", "negation", "attribution", "hedge", "clause" or "words"; ``about``
    says in words what differs.
    """

    side: Literal[0, 1]
    start: int
    end: int
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """How likely two cells differ in what they say (``score``), by ``kinds``, and where."""

    score: float
    kinds: Mapping[str, float]
    spans: tuple[Span, ...]


def differences(
    pairs: Sequence[tuple[Cell, Cell]],
    aligner: Aligner,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Divergence]:
    """For each pair of cells what differs; the score is the same whichever comes first.

    Cells need not be translations, only tell the same: whatever one leaves out counts. All distinct cells are
    encoded together.
    """
    known = read_cells([cell for pair in pairs for cell in pair], aligner, progress=progress)
    return compare([(known[one], known[other]) for one, other in pairs])


def read_cells(
    cells: Iterable[Cell], aligner: Aligner, *, progress: Callable[[int, int], None] | None = None
) -> dict[Cell, Sentence]:
    """What is known of each of ``cells`` alone; ``progress`` is told how many of how many are encoded."""
    distinct = list(dict.fromkeys(cells))
    words = aligner.words(distinct, progress=progress)
    return {cell: Sentence(*cell, own) for cell, own in zip(distinct, words, strict=True)}


def compare(pairs: Sequence[tuple[Sentence, Sentence]]) -> list[Divergence]:
    """What differs between the two sentences of each pair."""
    told: list[Divergence] = []
    for start in range(0, len(pairs), _TOGETHER):
        found = Evidence.of([Pair.of(*pair) for pair in pairs[start : start + _TOGETHER]])
        told += map(_told_of, found, judge(found))
    return told


def _told_of(evidence: Evidence, kinds: dict[str, float]) -> Divergence:
    pair = evidence.pair
    if (pair.one.text, pair.one.lang) == (pair.other.text, pair.other.lang):
        return Divergence(0.0, {}, ())
    spans = sorted(_spans(evidence), key=lambda span: (span.side, span.start, span.end))
    return Divergence(score(kinds), kinds, tuple(spans[:_SHOWN]))


def score(kinds: Mapping[str, float]) -> float:
    """How likely there is any difference, if each kind comes about by itself."""
    return 1 - exp(sum(log1p(-min(one, 0.9999)) for one in kinds.values()))


def _spans(evidence: Evidence) -> Iterator[Span]:
    named = [span for side in (0, 1) for span in _named(evidence, side)]
    yield from dict.fromkeys(named)
    pair = evidence.pair
    for side, sentence, missing in zip((0, 1), (pair.one, pair.other), evidence.missing, strict=True):
        taken = [span for span in named if span.side == side]
        yield from _unmatched(side, sentence, missing, taken)


def _named(evidence: Evidence, side: int) -> Iterator[Span]:
    pair = evidence.pair.turned if side else evidence.pair
    own, opposite = pair.one.text, pair.other.text
    found = {**{kind: lone[side] for kind, lone in evidence.lone.items()}}
    found["name"] = [*found["name"], *(one for one in evidence.persons[side] if _another(one, pair))]
    for kind, lone in found.items():
        for one in lone:
            if kind == "attribution" and one.mark.key == "neutral":
                continue
            about = _about(kind, one, own, opposite)
            yield Span(_side(side), one.mark.start, one.mark.end, kind, about)
            if kind == "attribution" and one.instead:
                yield Span(_side(1 - side), one.instead.start, one.instead.end, kind, about)


def _another(one: Lone, pair: Pair) -> bool:
    """Whether somebody else stands opposite instead of a name that is told by its sound.

    Within one script the sounds of both are held against each other, since the case of either may be longer.
    Across scripts that is not sure enough (Путиным, Putin): there both have to be people known in several.
    """
    if one.instead is None:
        return False
    here, there = one.mark.key, one.instead.key
    if _script(pair.one.text) != _script(pair.other.text):
        people = person(here, pair.one.lang), person(there, pair.other.lang)
        return all(people) and people[0] != people[1]
    return not any(alike(*each) for each in permutations((consonants(here), consonants(there))))


def _script(text: str) -> str:
    """The script that most letters of ``text`` are of: its name in Unicode, ``CYRILLIC``."""
    letters = Counter(unicodedata.name(char, "").split(" ")[0] for char in text[:READ] if char.isalpha())
    return max(letters, key=letters.__getitem__, default="")


def _side(side: int) -> Literal[0, 1]:
    return 1 if side else 0


def _about(kind: str, one: Lone, own: str, opposite: str) -> str:
    here = _told(kind, one.mark, own)
    if one.instead and kind not in ("negation", "hedge"):
        return f"{here} against {_told(kind, one.instead, opposite)}"
    return {
        "negation": f"{here}: negated only here",
        "hedge": f"{here}: less sure here",
        "attribution": f"{here}: no such stance opposite",
    }.get(kind, f"{here}: not opposite")


def _told(kind: str, mark: Mark, text: str) -> str:
    written = text[mark.start : mark.end].strip()
    telling: dict[str, Callable[[str], str]] = {"number": _amount, "date": _day, "attribution": str}
    meant = telling[kind](mark.key) if kind in telling else ""
    plain = written.lower().replace(",", "")
    return f"{written} ({meant})" if meant and meant.lower().replace(",", "") != plain else written


def _amount(key: str) -> str:
    return amount(key) if len(key) > 4 else key  # a year has no comma


def _day(key: str) -> str:
    locale = Locale.parse("en")
    kind, number = key.split(":")
    names = locale.months["format"]["wide"] if kind == "m" else locale.days["format"]["wide"]
    return str(names[int(number) - (kind == "d")])


def _unmatched(side: int, sentence: Sentence, missing: FloatArray, taken: Sequence[Span]) -> Iterator[Span]:
    """Clauses without counterpart, and outside them runs of words that no named difference covers."""
    places = sentence.words.spans.tolist()
    named = [any(span.start < end and start < span.end for span in taken) for start, end in places]
    lacks = [probability >= MISSING for probability in missing.tolist()]
    clauses = [run for run in _runs(_bridged(lacks, named)) if len(run) >= CLAUSE]
    inside = {place for run in clauses for place in run}
    rest = [
        lack and not own and place not in inside
        for place, (lack, own) in enumerate(zip(lacks, named, strict=True))
    ]
    for run in [*clauses, *_runs(rest)]:
        yield _run(side, [places[place] for place in run])


def _bridged(lacks: Sequence[bool], named: Sequence[bool]) -> list[bool]:
    """``lacks`` with what is named, and the single words between two of either, as a clause has them."""
    either = [lack or own for lack, own in zip(lacks, named, strict=True)]
    return [
        here or (0 < place < len(either) - 1 and either[place - 1] and either[place + 1])
        for place, here in enumerate(either)
    ]


def _runs(marked: Sequence[bool]) -> Iterator[list[int]]:
    """Places side by side that are ``marked``."""
    for is_marked, places in groupby(range(len(marked)), key=marked.__getitem__):
        if is_marked:
            yield list(places)


def _run(side: int, run: Sequence[tuple[int, int]]) -> Span:
    kind = "clause" if len(run) >= CLAUSE else "words"
    count = "1 word" if len(run) == 1 else f"{len(run)} words"
    return Span(_side(side), run[0][0], run[-1][1], kind, f"{count} without counterpart")
