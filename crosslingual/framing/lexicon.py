"""Words that mark a source against the others (Monroe, Colaresi and Quinn 2008)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crosslingual.framing.cells import Trace, cells_of, trace
from crosslingual.language.terms import terms
from crosslingual.types import Cell, Comparison

MARKED = 1.96
"""z-score from which a word marks a source: once in forty by chance, for each word looked at."""
LEAST = 3
"""Occurrences below which a word tells nothing."""
SHOWN = 25
"""Words kept of a source and view."""
PRIOR = 0.5
"""Weight of the prior: as many words as this share of a side's, in the mean of both sides."""
_TRACES = 5

Counts = NDArray[np.float64]
View = Literal["all", "shared"]


@dataclass(frozen=True, slots=True)
class Term:
    """``term`` marks ``source`` against the other sources of its group.

    ``lang`` is the language counted in; ``translated`` of the ``count`` occurrences are the translator's
    word, made from another language. ``count`` of the source's ``of`` words are it, ``elsewhere`` of
    ``elsewhere_of`` of the others'. ``log_odds`` is the log-odds ratio, ``z`` it divided by its standard
    deviation. ``view`` is "all" text, or only statements that are "shared" with the sources compared to.
    ``form`` is the commonest form in the text; ``cells`` are some of the ``sentences`` it stands in.
    """

    view: View
    lang: str
    source: str
    against: tuple[str, ...]
    term: str
    form: str
    z: float
    log_odds: float
    count: int
    of: int
    elsewhere: int
    elsewhere_of: int
    translated: int
    sentences: int
    cells: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``original``: sources of one language, in it; ``across``: all sources, in the reader's language.

    ``untranslated`` sentences had no translation for ``across``, by source; they are not in it.
    """

    original: tuple[Term, ...]
    across: tuple[Term, ...]
    untranslated: dict[str, int]


Told = tuple[Cell, str, bool]
"""A sentence, the text of it that is counted, and whether that is a translation."""


def lexicon(comparison: Comparison, reader: str = "en") -> Lexicon:
    """The words that mark each source of ``comparison``, for a reader of ``reader``."""
    cells = cells_of(comparison)
    home = {
        (cell.article, cell.sentence): number
        for number, statement in enumerate(comparison.statements)
        for cell in statement.cells
    }
    original: list[Term] = []
    for lang in dict.fromkeys(cell.lang for cell in cells):
        told = [(cell, cell.text, False) for cell in cells if cell.lang == lang]
        original += _marked(told, lang, home)
    across, untranslated = [], Counter[str]()
    for cell in cells:
        if cell.lang == reader:
            across.append((cell, cell.text, False))
        elif cell.translation and cell.translation.lang == reader:
            across.append((cell, cell.translation.text, True))
        else:
            untranslated[cell.source] += 1
    return Lexicon(tuple(original), tuple(_marked(across, reader, home)), dict(untranslated))


def log_odds(one: Counts, other: Counts) -> tuple[Counts, Counts]:
    """Log-odds ratios and z-scores (v,) of words counted ``one`` times (v,) here and ``other`` there.

    delta = log((y1 + a) / (n1 + a0 - y1 - a)) - log((y2 + a) / (n2 + a0 - y2 - a)),
    z = delta / sqrt(1 / (y1 + a) + 1 / (y2 + a)), with the prior a = a0 p, p the word's share of both sides
    together and a0 = PRIOR (n1 + n2) / 2: what both use alike is drawn to 0, stop words with it. Exchanging
    the sides changes the sign only. Words that neither side has get 0.
    """
    n1, n2 = float(one.sum()), float(other.sum())
    both = one + other
    there = both > 0
    delta, z = np.zeros(len(one)), np.zeros(len(one))
    if not n1 or not n2:
        return delta, z
    weight = PRIOR * (n1 + n2) / 2
    prior = weight * both[there] / (n1 + n2)
    y1, y2 = one[there] + prior, other[there] + prior
    # A side with one word only would leave nothing to stand against.
    rest1, rest2 = np.maximum(n1 + weight - y1, 1e-9), np.maximum(n2 + weight - y2, 1e-9)
    delta[there] = np.log(y1 / rest1) - np.log(y2 / rest2)
    z[there] = delta[there] / np.sqrt(1 / y1 + 1 / y2)
    return delta, z


class _Counted:
    """Terms of sentences, counted once: which stand where."""

    def __init__(self, told: Sequence[Told], lang: str) -> None:
        self.told = told
        numbers: dict[str, int] = {}
        rows, columns = [], []
        self.forms: dict[int, Counter[str]] = defaultdict(Counter)
        for row, (_, text, _) in enumerate(told):
            for term, form in terms(text, lang):
                number = numbers.setdefault(term, len(numbers))
                rows.append(row)
                columns.append(number)
                self.forms[number][form] += 1
        self.names = list(numbers)
        self.rows, self.columns = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
        self.phrases = np.array([" " in name or chr(8203) in name for name in self.names], dtype=bool)

    def counts(self, chosen: NDArray[np.bool_]) -> Counts:
        """Occurrences (v,) of each term in the sentences that are ``chosen`` (n,)."""
        return np.bincount(self.columns[chosen[self.rows]], minlength=len(self.names)).astype(np.float64)


def _marked(told: Sequence[Told], lang: str, home: dict[tuple[str, int], int]) -> list[Term]:
    names = list(dict.fromkeys(cell.source for cell, _, _ in told))
    if len(names) < 2:
        return []
    counted = _Counted(told, lang)
    source = np.array([names.index(cell.source) for cell, _, _ in told])
    statement = np.array([home.get((cell.article, cell.sentence), -1) for cell, _, _ in told])
    found = []
    for number, name in enumerate(names):
        others = tuple(other for other in names if other != name)
        mine = source == number
        shared = np.intersect1d(statement[mine], statement[~mine])
        within = np.isin(statement, shared[shared >= 0])
        found += _terms(counted, mine, ~mine, ("all", lang, name, others))
        found += _terms(counted, mine & within, ~mine & within, ("shared", lang, name, others))
    return found


def _terms(
    counted: _Counted,
    mine: NDArray[np.bool_],
    rest: NDArray[np.bool_],
    key: tuple[View, str, str, tuple[str, ...]],
) -> list[Term]:
    one, other = counted.counts(mine), counted.counts(rest)
    delta, z = np.zeros(len(one)), np.zeros(len(one))
    for kind in (counted.phrases, ~counted.phrases):  # words against words, phrases against phrases
        delta[kind], z[kind] = log_odds(one[kind], other[kind])
    found: list[Term] = []
    parts: list[str] = []
    for place in np.lexsort((np.arange(len(z)), -z)):
        if z[place] < MARKED or len(found) == SHOWN:
            break
        if one[place] < LEAST:
            continue
        rows = np.unique(counted.rows[(counted.columns == place) & mine[counted.rows]])
        if len(rows) < 2:
            continue
        name = counted.names[place]
        if any(_within(name, part) or _within(part, name) for part in parts):
            continue  # the surer of a phrase and its words stands for both
        parts.append(name)
        of = one[counted.phrases == counted.phrases[place]].sum()
        elsewhere_of = other[counted.phrases == counted.phrases[place]].sum()
        translated = sum(
            int(((counted.columns == place) & (counted.rows == row)).sum())
            for row in rows
            if counted.told[row][2]
        )
        found.append(
            Term(
                *key,
                name.replace(chr(8203), ""),
                counted.forms[int(place)].most_common(1)[0][0],
                float(z[place]),
                float(delta[place]),
                int(one[place]),
                int(of),
                int(other[place]),
                int(elsewhere_of),
                translated,
                len(rows),
                tuple(trace(counted.told[row][0]) for row in rows[:_TRACES]),
            )
        )
    return found


def _within(part: str, whole: str) -> bool:
    return part in whole.replace(chr(8203), " ").split()
