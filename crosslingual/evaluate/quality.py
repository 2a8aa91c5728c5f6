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
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import InputError
from crosslingual.language.names import find_countries
from crosslingual.language.scripts import HAN_LANGUAGES
from crosslingual.translation.quality import find_issues, translation_cosines
from crosslingual.translation.quality.limits import QualityLimits, fit_limits
from crosslingual.translation.quality.names import find_names
from crosslingual.translation.quality.repetition import TOKEN_PATTERN

_SEED = 5
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PlantedTranslation:
    """A sentence, its translation as a person made it, and as it is judged; ``fault`` is empty without."""

    src: str
    reference: str
    tgt: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FaultScores:
    """Of ``planted`` faults of a kind, the share that raised any doubt, and the share that raised its own."""

    planted: int
    recall: float
    code_recall: float


@dataclass(frozen=True, slots=True)
class IssueScores:
    """How many of the doubted have a fault, how many of the faults are doubted, by kind, and the rest.

    ``false_alarms`` is the share of doubted among the ``untouched``, ``alarms`` how many by code; ``limits``
    are those that the human translations of these files give (see ``crosslingual.find_issues.limits``).
    """

    planted: int
    untouched: int
    precision: float
    recall: dict[str, FaultScores]
    false_alarms: float
    alarms: dict[str, int]
    limits: QualityLimits


class FaultPlanter:
    """Makes faults in translations into ``lang``, the same for the same input."""

    def __init__(self, pairs: Sequence[tuple[str, str]], lang: str) -> None:
        self._pairs = pairs
        self._lang = lang
        self._separator = "" if lang in HAN_LANGUAGES else " "
        self._random = np.random.RandomState(_SEED)  # not default_rng: NumPy promises that it stays the same
        self._known_names = [name for _, tgt in pairs for name in _find_names(tgt, lang)]

    def plant_faults(self) -> list[PlantedTranslation]:
        """All pairs, half of them, drawn by lot, with a fault; each kind as often as it can be made."""
        drawn = set(self._random.permutation(len(self._pairs))[: len(self._pairs) // 2].tolist())
        made: Counter[str] = Counter()
        return [
            self._plant_fault(place, made) if place in drawn else PlantedTranslation(src, tgt, tgt)
            for place, (src, tgt) in enumerate(self._pairs)
        ]

    def _plant_fault(self, index: int, fault_counts: Counter[str]) -> PlantedTranslation:
        src, tgt = self._pairs[index]
        for kind in sorted(FAULT_KINDS, key=lambda kind: fault_counts[kind]):
            faulty = FAULT_KINDS[kind][1](self, index)
            if faulty and faulty != tgt:
                fault_counts[kind] += 1
                return PlantedTranslation(src, tgt, faulty, kind)
        return PlantedTranslation(src, tgt, tgt)

    def repeat_ending(self, index: int) -> str:
        """The last words over and over, as a decoder that hangs writes them."""
        text = self._pairs[index][1]
        ends = [match.start() for match in TOKEN_PATTERN.finditer(text)]
        if not ends:
            return ""
        loop = text[ends[-min(len(ends), self._random.randint(1, 6))] :].rstrip(".。!?！？ ")
        return text.rstrip(".。 ") + (self._separator + loop) * self._random.randint(3, 20)

    def copy_source(self, index: int) -> str:
        """The source, or the translation's first half and then the source's second."""
        src, tgt = self._pairs[index]
        if self._random.randint(2):
            return src
        return tgt[: _word_end_at(tgt, 0.5)] + self._separator + src[_word_end_at(src, 0.5) :]

    def truncate_text(self, index: int) -> str:
        """The first 30 to 60 hundredths."""
        tgt = self._pairs[index][1]
        return tgt[: _word_end_at(tgt, self._random.uniform(0.3, 0.6))].rstrip()

    def change_number(self, index: int) -> str:
        """One number with a nought more, or another digit."""
        tgt = self._pairs[index][1]
        if not (match := self._choose_match(list(_DIGITS.finditer(tgt)))):
            return ""
        number, at = match[0], self._random.randint(len(match[0]))
        digit = str((int(number[at]) + self._random.randint(1, 10)) % 10)
        other = number + "0" if self._random.randint(2) else number[:at] + digit + number[at + 1 :]
        return tgt[: match.start()] + other + tgt[match.end() :]

    def drop_number(self, index: int) -> str:
        """Without one number."""
        tgt = self._pairs[index][1]
        match = self._choose_match(list(re.finditer(r"\d+(?:[.,]\d+)* ?", tgt)))
        return tgt[: match.start()] + tgt[match.end() :] if match else ""

    def replace_name(self, index: int) -> str:
        """Without one name, or with one from elsewhere for it."""
        tgt = self._pairs[index][1]
        own = _find_names(tgt, self._lang)
        if not own:
            return ""
        name = own[self._random.randint(len(own))]
        other = (
            self._known_names[self._random.randint(len(self._known_names))] if self._random.randint(2) else ""
        )
        return tgt.replace(name, other).replace("  ", " ") if other not in own else ""

    def swap_translation(self, index: int) -> str:
        """The translation of another sentence."""
        return self._pairs[(index + self._random.randint(1, max(2, len(self._pairs)))) % len(self._pairs)][1]

    def _choose_match(self, matches: Sequence[re.Match[str]]) -> re.Match[str] | None:
        return matches[self._random.randint(len(matches))] if matches else None


FAULT_KINDS: dict[str, tuple[str, Callable[[FaultPlanter, int], str]]] = {
    "repeated": ("repetition", FaultPlanter.repeat_ending),
    "copied": ("copied", FaultPlanter.copy_source),
    "cut": ("length", FaultPlanter.truncate_text),
    "number changed": ("numbers", FaultPlanter.change_number),
    "number dropped": ("numbers", FaultPlanter.drop_number),
    "name": ("names", FaultPlanter.replace_name),
    "swapped": ("meaning", FaultPlanter.swap_translation),
}
"""By kind of fault, the code of the doubt that is its own, and what makes it."""


def score_issues(
    pairs: Sequence[PlantedTranslation], issues: Sequence[Sequence[str]], limits: QualityLimits
) -> IssueScores:
    """Scores of the doubts ``issues`` on ``plant_faults``."""
    codes = [{doubt.partition(":")[0] for doubt in one} for one in issues]
    faulty = [(pair.fault, own) for pair, own in zip(pairs, codes, strict=True) if pair.fault]
    clean = [own for pair, own in zip(pairs, codes, strict=True) if not pair.fault]
    hits, alarms = sum(bool(own) for _, own in faulty), sum(map(bool, clean))
    recall = {}
    for kind, (code, _) in FAULT_KINDS.items():
        own = [one for fault, one in faulty if fault == kind]
        if own:
            recall[kind] = FaultScores(
                len(own), sum(map(bool, own)) / len(own), sum(code in one for one in own) / len(own)
            )
    return IssueScores(
        len(faulty),
        len(clean),
        hits / (hits + alarms) if hits else 0.0,
        recall,
        alarms / len(clean) if clean else 0.0,
        dict(sorted(Counter(code for own in clean for code in own).items())),
        limits,
    )


def evaluate_issues(
    src: Sequence[str],
    tgt: Sequence[str],
    langs: tuple[str, str],
    encoder: Encoder,
    space: Space,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> IssueScores:
    """Scores on the first ``limit`` lines of line-parallel ``src`` and ``tgt``, a human translation.

    Raises:
        InputError: the sides differ in length, or are empty.
    """
    pairs = FaultPlanter(pair_lines(src, tgt, limit), langs[1]).plant_faults()
    texts = [[pair.src for pair in pairs], [pair.tgt for pair in pairs], [pair.reference for pair in pairs]]
    every = list(dict.fromkeys(text for side in texts for text in side))
    rows = {text: row for row, text in enumerate(every)}
    vectors = encoder.encode(every, progress=progress)
    ours, theirs, human = (
        space.center_vectors(vectors[[rows[text] for text in side]], lang)
        for side, lang in zip(texts, (*langs, langs[1]), strict=True)
    )
    found = find_issues(texts[0], texts[1], *langs, translation_cosines(ours, theirs))
    return score_issues(pairs, found, fit_limits(texts[0], texts[2], translation_cosines(ours, human)))


def pair_lines(src: Sequence[str], tgt: Sequence[str], limit: int | None = None) -> list[tuple[str, str]]:
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


def _find_names(text: str, lang: str) -> list[str]:
    return [*(text[start:end] for _, start, end in find_countries(text, lang)), *find_names(text, lang)]


def _word_end_at(text: str, share: float) -> int:
    """Where a word ends, about ``share`` through the text."""
    ends = [match.end() for match in TOKEN_PATTERN.finditer(text)]
    return ends[int(len(ends) * share)] if len(ends) > 1 else 0
