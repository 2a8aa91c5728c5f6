"""What a person is asked: cells of comparisons, drawn at random by how likely they are and by languages.

A cell is a sentence and another source of its event. It is found where the sentence stands in a row with one of
that source, else perhaps said or silent, as the app says of rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.matching import PairProbabilities
from crosslingual.compare.calibration import calibrate_pairs
from crosslingual.compare.corrections import manual_statements
from crosslingual.compare.statements import MIN_PERHAPS_PROBABILITY
from crosslingual.library.judgements import CheckItem
from crosslingual.types import Article, Comparison, FloatArray, Sentence

FOUND, PERHAPS, SILENT = "found", "perhaps", "silent"
_BOUNDS = {FOUND: (0.0, 0.5, 0.7, 0.85, 0.95), PERHAPS: (0.0, 0.3), SILENT: (0.0,)}
"""Where the strata of each state begin, as probabilities."""
STRATA = tuple(f"{state} {bound:.2f}" for state, bounds in _BOUNDS.items() for bound in bounds)
"""Names of the strata, in order."""
SHARES = {FOUND: 0.5, PERHAPS: 0.2, SILENT: 0.3}
"""What of a sample is drawn from the strata of each state."""
_MIN_PER_STRATUM = 2
_MIN_DEVIATION = 0.1
"""Standard deviation that a stratum is taken to have at least, however sure its probabilities are."""

Indices = NDArray[np.intp]
_T = TypeVar("_T")
_Key = TypeVar("_Key", str, int)
ItemKey = tuple[str, int, str]
"""A cell by what outlives another comparison: article, offset of the sentence, other source."""


@dataclass(frozen=True, slots=True)
class CellTable:
    """Cells of an event's comparison, all arrays (n,).

    ``rows`` are those of the sentences in the pairs' order, ``sources`` the other sources' numbers among
    ``source_ids``, ``others`` the likeliest sentence there, ``strata`` numbers of ``STRATA``. ``langs`` names the
    languages of either side, ``ru-zh``.
    """

    articles: Sequence[Article]
    sentences: Sequence[Sentence]
    source_ids: Sequence[str]
    rows: Indices
    sources: Indices
    others: Indices
    probabilities: FloatArray
    strata: Indices
    langs: Sequence[str]

    def make_item(self, cell: int) -> CheckItem:
        """The cell as it is asked."""
        own, other = (self.sentences[int(side[cell])] for side in (self.rows, self.others))
        stratum = STRATA[int(self.strata[cell])]
        return CheckItem(
            0,
            "silence" if stratum.startswith(SILENT) else "pair",
            stratum,
            float(self.probabilities[cell]),
            self.langs[cell],
            own.article,
            own.start,
            self.source_ids[int(self.sources[cell])],
            other.article,
            other.start,
        )

    def cell_key(self, cell: int) -> ItemKey:
        """What names the cell."""
        own = self.sentences[int(self.rows[cell])]
        return own.article, own.start, self.source_ids[int(self.sources[cell])]


def list_cells(
    comparison: Comparison, shipped: PairProbabilities, article_sentences: Sequence[Sequence[Sentence]]
) -> CellTable:
    """All cells of ``comparison``, with their ``shipped`` probabilities, before any calibration.

    What is perhaps said is so by the probabilities in use, as in the app. ``article_sentences`` are those of the
    comparison's articles. What a person has put together is no cell: nothing was found there.
    """
    articles = comparison.articles
    sentences = [sentence for own in article_sentences for sentence in own]
    source_ids = list(dict.fromkeys(article.source for article in articles))
    number_of = {id_: number for number, id_ in enumerate(source_ids)}
    source = np.array([number_of[articles[a].source] for a in shipped.article_indexes], dtype=np.intp)
    partners, corrected = _find_partners(comparison, shipped)
    in_use = calibrate_pairs(shipped, comparison.calibration).probabilities
    parts: list[tuple[Indices, Indices, Indices, FloatArray, Indices]] = []
    for number in range(len(source_ids)):
        own = np.flatnonzero(source == number)
        asking = np.flatnonzero(source != number)
        asking = asking[~np.isin(asking, list(corrected))]
        if not len(own) or not len(asking):
            continue
        near = shipped.probabilities[np.ix_(asking, own)]
        best = near.argmax(axis=1)
        others, likeliest = own[best], near[np.arange(len(asking)), best]
        state = np.where(in_use[asking, others] >= MIN_PERHAPS_PROBABILITY, 1, 2)
        for place, row in enumerate(asking.tolist()):
            there = [other for other in partners.get(row, ()) if source[other] == number]
            if there:
                choice = max(there, key=lambda other: shipped.probabilities[row, other])
                others[place], likeliest[place], state[place] = (
                    choice,
                    shipped.probabilities[row, choice],
                    0,
                )
        parts.append(
            (asking, np.full(len(asking), number), others, likeliest, _find_strata(state, likeliest))
        )
    if not parts:
        empty = np.zeros(0, dtype=np.intp)
        return CellTable(
            articles,
            sentences,
            source_ids,
            empty,
            empty,
            empty,
            np.zeros(0, np.float32),
            empty,
            (),
        )
    rows, sources, others, probabilities, strata = (np.concatenate(side) for side in zip(*parts, strict=True))
    lang_of = [articles[a].lang for a in shipped.article_indexes]
    langs = [
        "-".join(sorted((lang_of[row], lang_of[other])))
        for row, other in zip(rows.tolist(), others.tolist(), strict=True)
    ]
    return CellTable(articles, sentences, source_ids, rows, sources, others, probabilities, strata, langs)


def draw_items(
    tables: Sequence[CellTable], size: int, seed: int, known: Iterable[ItemKey] = ()
) -> tuple[list[CheckItem], dict[str, int]]:
    """``size`` items at random in the order to ask them, and how many cells each stratum has.

    Each state gets its share; within it strata get as many as Neyman's allocation gives by the probabilities, two
    at least. In a stratum, cells are put in order of their languages and drawn systematically, so that each pair of
    languages gets its part. Whoever stops early has judged a smaller sample of the same kind: the strata are asked in
    turn. ``known`` are cells that were drawn before.

    Args:
        tables: of the events that are looked at.
        size: how many; fewer where there are not so many.
        seed: of the random numbers; the same gives the same.
        known: not drawn again, but counted.
    """
    rng = np.random.default_rng(seed)
    strata = np.concatenate([table.strata for table in tables] or [np.zeros(0, np.intp)])
    probabilities = np.concatenate([table.probabilities for table in tables] or [np.zeros(0, np.float32)])
    places = [(number, cell) for number, table in enumerate(tables) for cell in range(len(table.rows))]
    asked = set(known)
    is_known = np.array(
        [tables[t].cell_key(cell) in asked for t, cell in places] if asked else [], dtype=bool
    )
    free = ~is_known if asked else np.ones(len(strata), dtype=bool)
    members = [np.flatnonzero((strata == number) & free) for number in range(len(STRATA))]
    drawn: list[tuple[float, CheckItem]] = []
    for number, count in enumerate(_allocate([probabilities[own] for own in members], size)):
        own = rng.permutation(members[number])
        order = sorted(
            range(len(own)), key=lambda one: tables[places[own[one]][0]].langs[places[own[one]][1]]
        )
        picks = np.floor((np.arange(count) + rng.random()) * len(own) / max(count, 1)).astype(int)
        for rank, pick in enumerate(rng.permutation(picks).tolist()):
            table, cell = places[int(own[order[pick]])]
            drawn.append(((rank + rng.random()) / count, tables[table].make_item(cell)))
    drawn.sort(key=lambda one: one[0])
    return [replace(item, number=number) for number, (_, item) in enumerate(drawn, 1)], count_cells(tables)


def count_cells(tables: Sequence[CellTable]) -> dict[str, int]:
    """How many cells each stratum has in ``tables``."""
    return {
        name: sum(int((table.strata == number).sum()) for table in tables)
        for number, name in enumerate(STRATA)
    }


def choose_events(events: Sequence[_T], most: int, seed: int) -> list[_T]:
    """``most`` of ``events`` at random, in their order; all where there are no more."""
    if len(events) <= most:
        return list(events)
    chosen = np.random.default_rng(seed).choice(len(events), size=most, replace=False)
    return [events[number] for number in sorted(chosen.tolist())]


def _find_partners(
    comparison: Comparison, shipped: PairProbabilities
) -> tuple[dict[int, set[int]], set[int]]:
    """Of each sentence, by its row, those that stand in a row with it; and those that a person has put there."""
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}
    by_hand = manual_statements(comparison)
    partners: dict[int, set[int]] = {}
    corrected: set[int] = set()
    for statement in comparison.statements:
        rows = [shipped.row_of((numbers[cell.article], cell.sentence)) for cell in statement.cells]
        if statement.id in by_hand:
            corrected.update(rows)
        for row in rows:
            partners.setdefault(row, set()).update(rows)
    return partners, corrected


def _find_strata(state: Indices, probabilities: FloatArray) -> Indices:
    """Numbers of ``STRATA`` for cells whose state is 0 found, 1 perhaps, 2 silent."""
    numbers = np.zeros(len(state), dtype=np.intp)
    first = 0
    for code, bounds in enumerate(_BOUNDS.values()):
        own = state == code
        numbers[own] = first + np.searchsorted(bounds, probabilities[own], side="right") - 1
        first += len(bounds)
    return numbers


def _allocate(probabilities: Sequence[FloatArray], size: int) -> list[int]:
    """How many to draw from each stratum, whose cells have these probabilities."""
    counts = [0] * len(STRATA)
    left, states = size, [state for state in SHARES if _state_numbers(state, probabilities)]
    wanted = _share_out({state: SHARES[state] for state in states}, dict.fromkeys(states, size), left)
    room = {
        state: sum(len(probabilities[n]) for n in _state_numbers(state, probabilities)) for state in states
    }
    for state in states:  # what one state cannot give, another does
        wanted[state] = min(wanted[state], room[state])
    spare = size - sum(wanted.values())
    for state in states:
        more = min(spare, room[state] - wanted[state])
        wanted[state], spare = wanted[state] + more, spare - more
    for state in states:
        numbers = _state_numbers(state, probabilities)
        weights = {
            n: len(probabilities[n])
            * max(_MIN_DEVIATION, math.sqrt(float((probabilities[n] * (1 - probabilities[n])).mean())))
            for n in numbers
        }
        capacity = {n: len(probabilities[n]) for n in numbers}
        for n, count in _share_out(weights, capacity, wanted[state], _MIN_PER_STRATUM).items():
            counts[n] = count
    return counts


def _state_numbers(state: str, probabilities: Sequence[FloatArray]) -> list[int]:
    return [n for n, name in enumerate(STRATA) if name.startswith(state) and len(probabilities[n])]


def _share_out(
    weights: dict[_Key, float], capacity: dict[_Key, int], total: int, at_least: int = 0
) -> dict[_Key, int]:
    """``total`` by ``weights``, whole numbers, none above its ``capacity``; each ``at_least`` so many where it goes."""
    given = Counter(dict.fromkeys(weights, 0))
    for _ in range(at_least):
        for key in sorted(weights, key=lambda one: -weights[one]):
            if given.total() < total and given[key] < capacity[key]:
                given[key] += 1
    whole = sum(weights.values())
    for _ in range(min(total, sum(capacity.values())) - given.total()):
        # One at a time to who lacks most of its part: Hamilton's rest without rounding above what there is.
        open_keys = [key for key in weights if given[key] < capacity[key]]
        key = max(open_keys, key=lambda one: total * weights[one] / whole - given[one])
        given[key] += 1
    return dict(given)


def state_strata(state: str) -> Sequence[str]:
    """Names of the strata of a state, in order."""
    return [name for name in STRATA if name.startswith(state)]
