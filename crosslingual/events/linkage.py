"""New articles join events that stand, or found new ones; what stands is not taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.events.evidence import WINDOW_DAYS, ArticleProfiles, day_distances, score_articles

JOIN_PROBABILITY = 0.2
"""Mean probability from which articles, and groups of articles, are on one event: what is told of one happening
has many sides, and two of them need not be alike."""
MERGE_PROBABILITY = 0.35
"""The same for two events that stand."""
MAX_SPAN_DAYS = 10
"""Days from the first article of an event to its last: what goes on is another event of one story."""
N_EVENTS = 8
"""Events that are considered for an article."""
MAX_MEMBERS = 40
"""Articles of an event, the latest, that a new one is held against."""


@dataclass(frozen=True, slots=True)
class GroupingResult:
    """``homes`` (n,) is the event of each new article, numbers from -1 downwards being new events.

    ``merges`` are events that stand, each with the one that it was merged into.
    """

    homes: NDArray[np.int64]
    merges: dict[int, int]


def group_articles(
    new: ArticleProfiles,
    standing: ArticleProfiles,
    events: NDArray[np.int64],
    spans: NDArray[np.float64],
    separated: Set[tuple[int, int]] = frozenset(),
) -> GroupingResult:
    """Find the events of n new articles, by average linkage that begins from what stands.

    Two groups are as alike as their articles are on average, of those that appeared within ``WINDOW_DAYS``.

    Args:
        new: the articles.
        standing: m articles that are grouped already.
        events: (m,) their events' numbers, above 0.
        spans: (m, 2) first and last day of their events, NaN of one without any date.
        separated: pairs of events, smaller number first, that must not become one.
    """
    if not len(new):
        return GroupingResult(np.zeros(0, dtype=np.int64), {})
    from scipy.special import expit  # a fifth of what asking for events takes that are grouped

    chosen = _choose_standing(new, standing, events)
    items = new.join_articles(standing.select_articles(chosen))
    own = np.concatenate([-1 - np.arange(len(new)), events[chosen]])
    numbers, groups = np.unique(own, return_inverse=True)
    scores = expit(score_articles(items, items))
    near = ~(day_distances(items.days, items.days) > WINDOW_DAYS)
    np.fill_diagonal(near, val=False)
    member = np.zeros((len(numbers), len(items)))
    member[groups, np.arange(len(items))] = 1
    days = np.concatenate([np.stack([new.days, new.days], axis=1), spans[chosen].reshape(-1, 2)])
    first, last = np.full(len(numbers), np.inf), np.full(len(numbers), -np.inf)
    np.fmin.at(first, groups, days[:, 0])
    np.fmax.at(last, groups, days[:, 1])
    linkage = _Linkage(
        numbers,
        member @ np.where(near, scores, 0) @ member.T,
        member @ near @ member.T,
        first,
        last,
        separated,
    )
    linkage.join_groups()
    roots = linkage.roots[groups[: len(new)]]
    merges = {
        int(number): int(numbers[root])
        for number, root in zip(numbers, linkage.roots, strict=True)
        if number > 0 and numbers[root] != number
    }
    return GroupingResult(numbers[roots], merges)


def _choose_standing(
    new: ArticleProfiles, standing: ArticleProfiles, events: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Places of the articles of those events that have one which may be on the event of a new article."""
    if not len(standing):
        return np.zeros(0, dtype=np.intp)
    from scipy.special import expit

    scores = expit(score_articles(new, standing))
    scores[day_distances(new.days, standing.days) > WINDOW_DAYS] = 0
    wanted: set[int] = set()
    for row in scores:
        best = np.argsort(-row)[: N_EVENTS * 4]
        likely = [int(events[place]) for place in best if row[place] > JOIN_PROBABILITY]
        wanted.update(list(dict.fromkeys(likely))[:N_EVENTS])
    places: list[NDArray[np.intp]] = [
        np.flatnonzero(events == event)[-MAX_MEMBERS:] for event in sorted(wanted)
    ]
    return np.concatenate([np.zeros(0, dtype=np.intp), *places])


class _Linkage:
    """Groups that are joined two by two, the most alike first."""

    def __init__(
        self,
        numbers: NDArray[np.int64],
        sums: NDArray[np.float64],
        counts: NDArray[np.float64],
        first: NDArray[np.float64],
        last: NDArray[np.float64],
        separated: Iterable[tuple[int, int]],
    ) -> None:
        """Of g groups: ``sums`` and ``counts`` (g, g) of the scores between them, ``first`` and ``last`` day."""
        self.roots = np.arange(len(numbers))
        self._numbers, self._sums, self._counts = numbers, sums, counts
        self._first, self._last = first, last
        places = {int(number): place for place, number in enumerate(numbers)}
        self._apart = np.zeros(sums.shape, dtype=bool)
        for one, other in separated:
            if one in places and other in places:
                self._apart[places[one], places[other]] = self._apart[places[other], places[one]] = True

    def join_groups(self) -> None:
        """Join until no two are alike enough."""
        means = self._means(np.arange(len(self.roots)))
        while True:
            one, other = np.unravel_index(np.argmax(means), means.shape)
            if means[one, other] < 0:
                return
            # The group of the older event goes on; of new ones, that of the first article.
            keep, drop = self._order_pair(int(one), int(other))
            self._join_pair(keep, drop)
            means[drop], means[:, drop] = -np.inf, -np.inf
            means[keep] = self._means(np.array([keep]))[0]
            means[:, keep] = means[keep]

    def _order_pair(self, one: int, other: int) -> tuple[int, int]:
        left, right = int(self._numbers[one]), int(self._numbers[other])
        if (left > 0) != (right > 0):
            return (one, other) if left > 0 else (other, one)
        return (one, other) if abs(left) < abs(right) else (other, one)

    def _join_pair(self, keep: int, drop: int) -> None:
        self.roots[self.roots == drop] = keep
        for table in (self._sums, self._counts):
            table[keep] += table[drop]
            table[:, keep] += table[:, drop]
        self._apart[keep] |= self._apart[drop]
        self._apart[:, keep] |= self._apart[:, drop]
        self._first[keep] = min(self._first[keep], self._first[drop])
        self._last[keep] = max(self._last[keep], self._last[drop])

    def _means(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """(r, g): by how much the mean of two groups is above what joins them; minus infinity if nothing may."""
        counts = self._counts[rows]
        means = np.divide(self._sums[rows], counts, out=np.full(counts.shape, -np.inf), where=counts > 0)
        stand = (self._numbers[rows, None] > 0) & (self._numbers[None, :] > 0)
        span = np.maximum(self._last[rows, None], self._last) - np.minimum(
            self._first[rows, None], self._first
        )
        gone = self.roots != np.arange(len(self.roots))
        forbidden = self._apart[rows] | (span > MAX_SPAN_DAYS) | gone[None, :]
        forbidden |= rows[:, None] == np.arange(len(self.roots))[None, :]
        means -= np.where(stand, MERGE_PROBABILITY, JOIN_PROBABILITY)
        means[forbidden] = -np.inf
        return np.asarray(means)
