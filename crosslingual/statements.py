"""Alignments of every pair of articles, folded into statements."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from crosslingual.align.matching import Likeness, Nodes
from crosslingual.types import Bond, FloatArray, Place

SURE = 0.7
"""The threshold that is used where none is asked for. Less sure statements come after all these."""
PERHAPS = 0.05
"""Probability from which a sentence may say what a row says: below it, the row is not found there."""
FAINT = 0.3
"""Probability below which nothing is tied, whatever threshold is asked for."""
SLOPE = 1.43
"""How the log-odds of the mean of links are stretched, around ``SURE``, to those of belonging together: what
is sure is surer than its links, and what is not is less so, being chosen among many
(``scripts/fit_pairs.py``)."""
Ties = Mapping[tuple[Place, Place], str]
"""Two sentences, and the id of the correction that says so."""


def fold(likeness: Likeness, together: Ties | None = None, apart: Ties | None = None) -> list[Bond]:
    """The bonds that tie sentences into statements, surest first; their tree is cut by ``statements_at``.

    Groups are joined best first, by the mean of all links between them (average linkage: Sokal and Michener
    1958), so that one false link cannot melt two statements; a sentence that tells what two others tell
    stands in one of them, and beside the other. A join is never surer than those inside the groups, so that
    the statements at a higher threshold are parts of those at a lower.

    Args:
        likeness: of all sentences of the event.
        together: what a person has joined; it stays joined at every threshold.
        apart: what a person has parted; it is joined at none.
    """
    bonds = sorted(
        _Folding(likeness, together or {}, apart or {}).bonds(), key=lambda bond: -bond.probability
    )
    return sorted([*bonds, *_beside(likeness, bonds, apart or {})], key=lambda bond: -bond.probability)


def statements_at(
    bonds: Iterable[Bond], threshold: float, sources: Sequence[str]
) -> list[tuple[tuple[Place, ...], float]]:
    """The groups of sentences of two or more sources at ``threshold``, and how sure each is.

    A group is as sure as the weakest of its bonds. A sentence may stand in several. ``sources[a]`` is the
    source of article a.
    """
    return [(group.places, group.probability) for group in groups_at(bonds, threshold, sources)]


class Group(NamedTuple):
    """Sentences that say the same: all ``places`` in their order, of which ``own`` stand here first of all.

    The others are guests, which have a row of their own or stand alone. ``made`` is whether nothing but
    corrections holds it together: there is no probability to speak of then.
    """

    places: tuple[Place, ...]
    probability: float
    own: tuple[Place, ...]
    made: bool


def groups_at(bonds: Iterable[Bond], threshold: float, sources: Sequence[str]) -> list[Group]:
    """What ``statements_at`` gives, with whose row each is; of two alike the surer."""
    sure = [bond for bond in bonds if bond.probability >= threshold]
    groups: dict[int, tuple[list[Place], float, bool]] = {}
    home: dict[Place, list[Place]] = {}
    for bond, one, other in joins(sure):
        parts = [groups.pop(id(part), (part, 1.0, True)) for part in (one, other)]
        weakest = min(bond.probability, *(part[1] for part in parts))
        groups[id(one)] = one, weakest, bool(bond.correction) and all(part[2] for part in parts)
    for group, *_ in groups.values():
        home.update(dict.fromkeys(group, group))
    guests: dict[int, dict[Place, None]] = {}
    for bond in sure:
        if bond.beside:
            host = home.setdefault(bond.other, [bond.other])
            if bond.one not in host:
                guests.setdefault(id(host), {})[bond.one] = None
                groups[id(host)] = host, min(bond.probability, groups.get(id(host), (host, 1.0))[1]), False
    found: dict[tuple[Place, ...], Group] = {}
    for own, probability, made in groups.values():
        places = tuple(sorted([*own, *guests.get(id(own), ())]))
        if places not in found or probability > found[places].probability:
            found[places] = Group(places, probability, tuple(sorted(own)), made)
    return sorted(
        group for group in found.values() if len({sources[article] for article, _ in group.places}) > 1
    )


def may_say(
    likeness: Likeness,
    members: Nodes,
    sources: Sequence[str],
    apart: Ties | None = None,
    sure: float = 1.0,
) -> list[tuple[Place, float, float]]:
    """Of each source without one of a row's ``members``, the sentence that may say it all the same.

    That is what is likeliest to say the same as any of the members: its probability and margin score, the
    likeliest first, from ``PERHAPS`` on. The link has to hold and the row, which is ``sure``: so it is no
    surer than the row. ``apart`` is what a person has parted.
    """
    near = likeness.probabilities[members] * np.float32(sure)
    for pair in apart or {}:
        one, other = map(likeness.node, pair)
        near[members == one, other] = near[members == other, one] = 0
    best, best_of = near.max(axis=0), near.argmax(axis=0)
    of = np.array([sources[article] for article in likeness.article])
    found = []
    for source in dict.fromkeys(sources):
        own = np.flatnonzero(of == source)
        if not len(own) or source in of[members]:
            continue
        node = int(own[best[own].argmax()])
        if best[node] >= PERHAPS:
            score = float(likeness.scores[members[best_of[node]], node])
            found.append((likeness.place(node), float(best[node]), score))
    return sorted(found, key=lambda one: -one[1])


def joins(bonds: Iterable[Bond]) -> Iterator[tuple[Bond, list[Place], list[Place]]]:
    """Each bond that joins two groups, with their members until then; the first then takes in the second."""
    homes: dict[Place, list[Place]] = {}
    for bond in bonds:
        if bond.beside:
            continue
        one, other = (homes.setdefault(place, [place]) for place in (bond.one, bond.other))
        if one is not other:
            yield bond, one, other
            one += other
            homes.update(dict.fromkeys(other, one))


def _beside(likeness: Likeness, bonds: Sequence[Bond], apart: Ties) -> Iterator[Bond]:
    """Bonds of sentences that say what other rows say than their own: a long one tells more than one thing.

    Rows are those at ``SURE``. What counts is the mean of the sentence's links with the row's members in
    other articles: it has to be like all of them.
    """
    probabilities, article = likeness.probabilities, likeness.article
    groups: dict[int, list[Place]] = {}
    for _, one, other in joins(bond for bond in bonds if bond.probability >= SURE):
        groups.pop(id(other), None)
        groups[id(one)] = one
    hosts = [np.array([likeness.node(place) for place in group]) for group in groups.values()]
    parted = {tuple(map(likeness.node, pair)) for pair in apart}
    parted |= {pair[::-1] for pair in parted}
    for host in hosts:
        links = probabilities[:, host]
        elsewhere = article[:, None] != article[host][None, :]
        support = sureness((links * elsewhere).sum(axis=1) / np.maximum(elsewhere.sum(axis=1), 1))
        support[host] = 0
        for guest in np.flatnonzero(support >= FAINT).tolist():
            if not any((guest, member) in parted for member in host.tolist()):
                best = int(host[links[guest].argmax()])
                ends = likeness.place(guest), likeness.place(best)
                yield Bond(*ends, float(support[guest]), beside=True)


def sureness(mean: FloatArray) -> FloatArray:
    """How often sentences belong together whose links have these ``mean`` probabilities (n,)."""
    odds = np.clip(mean, 1e-6, 1 - 1e-6)
    centre = np.log(SURE / (1 - SURE))
    logits = SLOPE * (np.log(odds / (1 - odds)) - centre) + centre
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


class _Folding:
    """Agglomerative grouping by average linkage; a group is named by its lowest member."""

    def __init__(self, likeness: Likeness, together: Ties, apart: Ties) -> None:
        self._likeness, self._together = likeness, together
        across = likeness.article[:, None] != likeness.article[None, :]
        self._sums = np.where(across, likeness.probabilities, np.float32(0))
        self._counts = across.astype(np.float32)
        self._barred = np.zeros(across.shape, dtype=bool)
        for pair in apart:
            one, other = map(likeness.node, pair)
            self._barred[one, other] = self._barred[other, one] = True
        self._members = {node: [node] for node in range(len(across))}
        self._home = np.arange(len(across))
        self._height = np.ones(len(across))
        self._queue: list[tuple[float, int, int, int, int]] = []

    def bonds(self) -> Iterator[Bond]:
        for pair, correction in self._together.items():
            one, other = (int(self._home[self._likeness.node(place)]) for place in pair)
            if one != other and not self._barred[one, other]:
                self._join(min(one, other), max(one, other), 1.0)
                yield Bond(*pair, 1.0, correction)
        for group in list(self._members):
            self._weigh(group, after=group)
        while self._queue:
            support, one, other, *sizes = heapq.heappop(self._queue)
            if sizes != [len(self._members.get(group, ())) for group in (one, other)]:
                continue  # a group has grown since
            height = min(-support, self._height[one], self._height[other])
            first, second = sorted(map(self._likeness.place, self._ends(one, other)))
            yield Bond(first, second, float(height))
            self._join(one, other, height)
            self._weigh(one)

    def _join(self, one: int, other: int, height: float) -> None:
        """``other`` goes into ``one``."""
        gone = self._members.pop(other)
        self._members[one] += gone
        self._home[gone] = one
        self._height[one] = height
        for table in (self._sums, self._counts, self._barred):
            table[one] += table[other]
            table[:, one] = table[one]
            table[other] = table[:, other] = 0

    def _weigh(self, group: int, after: int = -1) -> None:
        """Put the joins of ``group`` with others, those named above ``after``, into the queue."""
        supports = sureness(self._sums[group] / np.maximum(self._counts[group], 1))
        supports[self._barred[group]] = 0
        supports[group] = 0
        for other in np.flatnonzero(supports >= FAINT).tolist():
            if other > after:
                one, another = sorted((group, other))
                sizes = len(self._members[one]), len(self._members[another])
                heapq.heappush(self._queue, (-float(supports[other]), one, another, *sizes))

    def _ends(self, one: int, other: int) -> tuple[int, int]:
        """The likeliest link between two groups."""
        mine, theirs = self._members[one], self._members[other]
        links = self._likeness.probabilities[np.ix_(mine, theirs)]
        row, column = np.unravel_index(int(links.argmax()), links.shape)
        return mine[int(row)], theirs[int(column)]
