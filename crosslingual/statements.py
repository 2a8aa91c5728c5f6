"""Alignments of every pair of articles, folded into statements."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from crosslingual.align.matching import Likeness, Nodes
from crosslingual.types import Bond, Place

FAINT = 0.3
"""Probability below which nothing is tied, whatever threshold is asked for."""
_EXPLAINED = 0.5
"""Probability from which a member has its counterpart in an article already."""
_TRIED = 3
"""Best links between two groups by which they may be joined."""
_OWN_VOICE = 1.5
"""What a link itself counts beside each member's word on it."""

Ties = Mapping[tuple[Place, Place], str]
"""Two sentences, and the id of the correction that says so."""


def fold(likeness: Likeness, together: Ties | None = None, apart: Ties | None = None) -> list[Bond]:
    """The bonds that tie sentences into statements, surest first; their tree is cut by ``statements_at``.

    Groups are joined best first. What counts for a join is not the link alone but the mean of it and of
    what the other members say: everyone in one group who has no counterpart of his own in the other's
    article should be like the other end of the link, so that one false link cannot melt two statements,
    while a sentence that tells what two others tell may stand beside both. A join is never surer than
    those inside the groups, so that the statements at a higher threshold are parts of those at a lower.

    Args:
        likeness: of all sentences of the event.
        together: what a person has joined; it stays joined at every threshold.
        apart: what a person has parted; it is joined at none.
    """
    return sorted(_Folding(likeness, together or {}, apart or {}).bonds(), key=lambda bond: -bond.probability)


def statements_at(
    bonds: Iterable[Bond], threshold: float, sources: Sequence[str]
) -> list[tuple[tuple[Place, ...], float]]:
    """The groups of sentences of two or more sources at ``threshold``, and how sure each is.

    A group is as sure as the weakest of its bonds. ``sources[a]`` is the source of article a.
    """
    groups: dict[int, tuple[list[Place], float]] = {}
    for bond, one, other in joins(bond for bond in bonds if bond.probability >= threshold):
        parts = (groups.pop(id(part), (part, 1.0))[1] for part in (one, other))
        groups[id(one)] = one, min(bond.probability, *parts)
    return sorted(
        (tuple(sorted(group)), sure)
        for group, sure in groups.values()
        if len({sources[article] for article, _ in group}) > 1
    )


def joins(bonds: Iterable[Bond]) -> Iterator[tuple[Bond, list[Place], list[Place]]]:
    """Each bond that joins two groups, with their members until then; the first then takes in the second."""
    homes: dict[Place, list[Place]] = {}
    for bond in bonds:
        one, other = (homes.setdefault(place, [place]) for place in (bond.one, bond.other))
        if one is not other:
            yield bond, one, other
            one += other
            homes.update(dict.fromkeys(other, one))


class _Folding:
    """Agglomerative grouping; a group is named by its lowest member."""

    def __init__(self, likeness: Likeness, together: Ties, apart: Ties) -> None:
        self._likeness = likeness
        self._probabilities = likeness.probabilities
        self._article = likeness.article
        self._together = together
        rows, columns = np.nonzero(np.triu(self._probabilities, 1) >= FAINT)
        self._near: dict[int, set[int]] = {}
        for one, other in zip(rows.tolist(), columns.tolist(), strict=True):
            self._near.setdefault(one, set()).add(other)
            self._near.setdefault(other, set()).add(one)
        self._parted: dict[int, set[int]] = {}
        for pair in apart:
            a, b = map(likeness.node, pair)
            self._parted.setdefault(a, set()).add(b)
            self._parted.setdefault(b, set()).add(a)
        self._members: dict[int, Nodes] = {}
        self._home: dict[int, int] = {}
        self._height: dict[int, float] = {}
        self._queue: list[tuple[float, int, int, int, int]] = []

    def bonds(self) -> Iterator[Bond]:
        for pair, correction in self._together.items():
            a, b = (self._of(self._likeness.node(place)) for place in pair)
            if a != b and b not in map(self._of, self._parted.get(a, ())):
                self._join(a, b, 1.0)
                yield Bond(*pair, 1.0, correction)
        for group in sorted(set(map(self._of, self._near))):
            self._weigh(group, after=group)
        while self._queue:
            support, one, other, *sizes = heapq.heappop(self._queue)
            if sizes != [len(self._members.get(group, ())) for group in (one, other)]:
                continue  # a group has grown since
            ends = self._support(one, other)[1]
            height = min(-support, self._height[one], self._height[other])
            first, second = sorted(map(self._likeness.place, ends))
            yield Bond(first, second, height)
            self._weigh(self._join(one, other, height))

    def _of(self, node: int) -> int:
        if node not in self._home:
            self._home[node], self._members[node], self._height[node] = node, np.array([node]), 1.0
        return self._home[node]

    def _join(self, one: int, other: int, height: float) -> int:
        kept, gone = sorted((one, other))
        self._members[kept] = np.concatenate([self._members[kept], self._members.pop(gone)])
        self._home.update(dict.fromkeys(self._members[kept].tolist(), kept))
        self._height[kept] = height
        for table in (self._near, self._parted):
            table[kept] = table.get(kept, set()) | table.pop(gone, set())
        return kept

    def _weigh(self, group: int, after: int = -1) -> None:
        """Put the joins of ``group`` with its neighbours, those named above ``after``, into the queue."""
        members = self._members[group].tolist()
        parted = {self._of(node) for node in self._parted.get(group, ())}
        for other in {self._of(node) for node in self._near.get(group, ())} - parted - {group, *members}:
            if other > after:
                support, _ = self._support(group, other)
                if support >= FAINT:
                    sizes = (len(self._members[group]), len(self._members[other]))
                    heapq.heappush(self._queue, (-support, group, other, *sizes))

    def _support(self, one: int, other: int) -> tuple[float, tuple[int, int]]:
        """How sure a join is, and the link it goes by."""
        mine, theirs = self._members[one], self._members[other]
        if len(mine) == len(theirs) == 1:
            return float(self._probabilities[one, other]), (one, other)
        links = self._probabilities[np.ix_(mine, theirs)]
        order = np.argsort(-links, axis=None, kind="stable")[:_TRIED]
        best = (0.0, (one, other))
        pairs = len(mine) > 1 and len(theirs) > 1
        for x, y in zip(*np.unravel_index(order, links.shape), strict=True):
            if links[x, y] < FAINT:
                break
            ends = int(mine[x]), int(theirs[y])
            settled = pairs and self._has(mine, ends[1]) and self._has(theirs, ends[0])
            votes = [
                *self._votes(mine, *ends, settled=settled),
                *self._votes(theirs, *ends[::-1], settled=settled),
            ]
            support = (_OWN_VOICE * float(links[x, y]) + sum(votes)) / (_OWN_VOICE + len(votes))
            best = max(best, (support, ends))
        return best

    def _has(self, group: Nodes, end: int) -> bool:
        """Whether ``group`` has a member in the article of ``end``."""
        return bool((self._article[group] == self._article[end]).any())

    def _votes(self, group: Nodes, own: int, end: int, *, settled: bool) -> list[float]:
        """How like ``end`` the others of ``group`` are, who stand in neither article of the link.

        Unless the ends are ``settled``, both with a counterpart in the other's article beside them, those do
        not vote who have one there: what they say is told there, and ``end`` may be what comes next.
        """
        if len(group) == 1:
            return []
        articles = self._article[group]
        counterparts = group[articles == self._article[end]]
        voters = group[(articles != self._article[own]) & (articles != self._article[end])]
        if len(counterparts) and len(voters) and not settled:
            paired = self._probabilities[np.ix_(voters, counterparts)].max(axis=1) >= _EXPLAINED
            voters = voters[~paired]
        return [float(probability) for probability in self._probabilities[voters, end]]
