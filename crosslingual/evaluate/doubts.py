"""Doubts on translations by hand, half of them with a fault planted.

One sentence has one fault or none. The translations left as they are should raise no doubt, though a few
are free, or wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.align.space import Space
from crosslingual.doubts import cosines, doubts
from crosslingual.doubts.limits import Limits, fit
from crosslingual.doubts.named import names_of
from crosslingual.doubts.shape import TOKEN
from crosslingual.encode import Encoder
from crosslingual.errors import InputError
from crosslingual.language.names import countries
from crosslingual.language.scripts import HAN_LANGUAGES

_SEED = 5
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, its translation as a person made it, and as it is judged; ``fault`` is empty without."""

    src: str
    human: str
    tgt: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Of ``planted`` faults of a kind, the share that raised any doubt, and the share that raised its own."""

    planted: int
    recall: float
    named: float


@dataclass(frozen=True, slots=True)
class DoubtScores:
    """How many of the doubted have a fault, how many of the faults are doubted, by kind, and the rest.

    ``false_alarms`` is the share of doubted among the ``untouched``, ``alarms`` how many by code; ``limits``
    are those that the human translations of these files give (see ``crosslingual.doubts.limits``).
    """

    planted: int
    untouched: int
    precision: float
    recall: dict[str, Found]
    false_alarms: float
    alarms: dict[str, int]
    limits: Limits


class Planter:
    """Makes faults in translations into ``lang``, the same for the same input."""

    def __init__(self, pairs: Sequence[tuple[str, str]], lang: str) -> None:
        self._pairs = pairs
        self._lang = lang
        self._joint = "" if lang in HAN_LANGUAGES else " "
        self._chance = np.random.RandomState(_SEED)  # not default_rng: NumPy promises that it stays the same
        self._names = [name for _, tgt in pairs for name in _names(tgt, lang)]

    def pairs(self) -> list[Pair]:
        """All pairs, half of them, drawn by lot, with a fault; each kind as often as it can be made."""
        drawn = set(self._chance.permutation(len(self._pairs))[: len(self._pairs) // 2].tolist())
        made: Counter[str] = Counter()
        return [
            self._planted(place, made) if place in drawn else Pair(src, tgt, tgt)
            for place, (src, tgt) in enumerate(self._pairs)
        ]

    def _planted(self, place: int, made: Counter[str]) -> Pair:
        src, tgt = self._pairs[place]
        for kind in sorted(FAULTS, key=lambda kind: made[kind]):
            faulty = FAULTS[kind][1](self, place)
            if faulty and faulty != tgt:
                made[kind] += 1
                return Pair(src, tgt, faulty, kind)
        return Pair(src, tgt, tgt)

    def repeat(self, place: int) -> str:
        """The last words over and over, as a decoder that hangs writes them."""
        text = self._pairs[place][1]
        ends = [match.start() for match in TOKEN.finditer(text)]
        if not ends:
            return ""
        loop = text[ends[-min(len(ends), self._chance.randint(1, 6))] :].rstrip(".。!?！？ ")
        return text.rstrip(".。 ") + (self._joint + loop) * self._chance.randint(3, 20)

    def copy(self, place: int) -> str:
        """The source, or the translation's first half and then the source's second."""
        src, tgt = self._pairs[place]
        if self._chance.randint(2):
            return src
        return tgt[: _middle(tgt, 0.5)] + self._joint + src[_middle(src, 0.5) :]

    def cut(self, place: int) -> str:
        """The first 30 to 60 hundredths."""
        tgt = self._pairs[place][1]
        return tgt[: _middle(tgt, self._chance.uniform(0.3, 0.6))].rstrip()

    def change(self, place: int) -> str:
        """One number with a nought more, or another digit."""
        tgt = self._pairs[place][1]
        if not (match := self._any(list(_DIGITS.finditer(tgt)))):
            return ""
        number, at = match[0], self._chance.randint(len(match[0]))
        digit = str((int(number[at]) + self._chance.randint(1, 10)) % 10)
        other = number + "0" if self._chance.randint(2) else number[:at] + digit + number[at + 1 :]
        return tgt[: match.start()] + other + tgt[match.end() :]

    def drop(self, place: int) -> str:
        """Without one number."""
        tgt = self._pairs[place][1]
        match = self._any(list(re.finditer(r"\d+(?:[.,]\d+)* ?", tgt)))
        return tgt[: match.start()] + tgt[match.end() :] if match else ""

    def unname(self, place: int) -> str:
        """Without one name, or with one from elsewhere for it."""
        tgt = self._pairs[place][1]
        own = _names(tgt, self._lang)
        if not own:
            return ""
        name = own[self._chance.randint(len(own))]
        other = self._names[self._chance.randint(len(self._names))] if self._chance.randint(2) else ""
        return tgt.replace(name, other).replace("  ", " ") if other not in own else ""

    def swap(self, place: int) -> str:
        """The translation of another sentence."""
        return self._pairs[(place + self._chance.randint(1, max(2, len(self._pairs)))) % len(self._pairs)][1]

    def _any(self, matches: Sequence[re.Match[str]]) -> re.Match[str] | None:
        return matches[self._chance.randint(len(matches))] if matches else None


FAULTS: dict[str, tuple[str, Callable[[Planter, int], str]]] = {
    "repeated": ("repetition", Planter.repeat),
    "copied": ("copied", Planter.copy),
    "cut": ("length", Planter.cut),
    "number changed": ("numbers", Planter.change),
    "number dropped": ("numbers", Planter.drop),
    "name": ("names", Planter.unname),
    "swapped": ("meaning", Planter.swap),
}
"""By kind of fault, the code of the doubt that is its own, and what makes it."""


def score(pairs: Sequence[Pair], found: Sequence[Sequence[str]], limits: Limits) -> DoubtScores:
    """Scores of the doubts ``found`` on ``pairs``."""
    codes = [{doubt.partition(":")[0] for doubt in one} for one in found]
    faulty = [(pair.fault, own) for pair, own in zip(pairs, codes, strict=True) if pair.fault]
    clean = [own for pair, own in zip(pairs, codes, strict=True) if not pair.fault]
    hits, alarms = sum(bool(own) for _, own in faulty), sum(map(bool, clean))
    recall = {}
    for kind, (code, _) in FAULTS.items():
        own = [one for fault, one in faulty if fault == kind]
        if own:
            recall[kind] = Found(
                len(own), sum(map(bool, own)) / len(own), sum(code in one for one in own) / len(own)
            )
    return DoubtScores(
        len(faulty),
        len(clean),
        hits / (hits + alarms) if hits else 0.0,
        recall,
        alarms / len(clean) if clean else 0.0,
        dict(sorted(Counter(code for own in clean for code in own).items())),
        limits,
    )


def evaluate(
    src: Sequence[str],
    tgt: Sequence[str],
    langs: tuple[str, str],
    encoder: Encoder,
    space: Space,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DoubtScores:
    """Scores on the first ``limit`` lines of line-parallel ``src`` and ``tgt``, a human translation.

    Raises:
        InputError: the sides differ in length, or are empty.
    """
    pairs = Planter(parallel(src, tgt, limit), langs[1]).pairs()
    texts = [[pair.src for pair in pairs], [pair.tgt for pair in pairs], [pair.human for pair in pairs]]
    every = list(dict.fromkeys(text for side in texts for text in side))
    rows = {text: row for row, text in enumerate(every)}
    vectors = encoder.encode(every, progress=progress)
    ours, theirs, human = (
        space.centred(vectors[[rows[text] for text in side]], lang)
        for side, lang in zip(texts, (*langs, langs[1]), strict=True)
    )
    found = doubts(texts[0], texts[1], *langs, cosines(ours, theirs))
    return score(pairs, found, fit(texts[0], texts[2], cosines(ours, human)))


def parallel(src: Sequence[str], tgt: Sequence[str], limit: int | None = None) -> list[tuple[str, str]]:
    """The first ``limit`` lines that say something on both sides.

    Raises:
        InputError: the sides differ in length, or no line does.
    """
    if len(src) != len(tgt):
        raise InputError(
            f"{len(src)} and {len(tgt)} lines: not line-parallel; give two files in which the same line "
            "says the same"
        )
    pairs = [pair for pair in zip(src, tgt, strict=True) if all(side.strip() for side in pair)][:limit]
    if not pairs:
        raise InputError("no line says something on both sides; give two files of sentences, one a line")
    return pairs


def _names(text: str, lang: str) -> list[str]:
    return [*(text[start:end] for _, start, end in countries(text, lang)), *names_of(text, lang)]


def _middle(text: str, share: float) -> int:
    """Where a word ends, about ``share`` through the text."""
    ends = [match.end() for match in TOKEN.finditer(text)]
    return ends[int(len(ends) * share)] if len(ends) > 1 else 0
