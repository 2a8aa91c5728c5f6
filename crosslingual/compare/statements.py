"""Alignments of every pair of articles, folded into statements."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from crosslingual.align.matching import PairProbabilities, RowIndices
from crosslingual.types import FloatArray, MergeEdge, SentenceIndex

DEFAULT_THRESHOLD = 0.7
"""The threshold that is used where none is asked for. Less sure statements come after all these."""
MIN_PERHAPS_PROBABILITY = 0.05
"""Probability from which a sentence may say what a row says: below it, the row is not found there."""
MIN_PROBABILITY = 0.3
"""Probability below which nothing is tied, whatever threshold is asked for."""
LOGIT_SLOPE = 1.41
"""How the log-odds of the mean of links are stretched, around ``DEFAULT_THRESHOLD``, to those of belonging
together: what is sure is surer than its links, and what is not is less so, being chosen among many
(``scripts/fit_pairs.py``)."""
LinkConstraints = Mapping[tuple[SentenceIndex, SentenceIndex], str]
"""Two sentences, and the id of the correction that says so."""


def build_merge_forest(
    pair_probabilities: PairProbabilities,
    must_link: LinkConstraints | None = None,
    cannot_link: LinkConstraints | None = None,
) -> list[MergeEdge]:
    """The bonds that tie sentences into statements, surest first; their tree is cut by ``cut_forest``.

    Groups are joined best first, by the mean of all links between them (average linkage: Sokal and Michener
    1958), so that one false link cannot melt two statements; a sentence that tells what two others tell
    stands in one of them, and beside the other. A join is never surer than those inside the groups, so that
    the statements at a higher threshold are parts of those at a lower.

    Args:
        pair_probabilities: of all sentences of the event.
        must_link: what a person has joined; it stays joined at every threshold.
        cannot_link: what a person has parted; it is joined at none.
    """
    bonds = sorted(
        _ForestBuilder(pair_probabilities, must_link or {}, cannot_link or {}).iterate_edges(),
        key=lambda bond: -bond.probability,
    )
    return sorted(
        [*bonds, *_find_secondary_edges(pair_probabilities, bonds, cannot_link or {})],
        key=lambda bond: -bond.probability,
    )


def cut_forest(
    merge_edges: Iterable[MergeEdge], threshold: float, sources: Sequence[str]
) -> list[tuple[tuple[SentenceIndex, ...], float]]:
    """The groups of sentences of two or more sources at ``threshold``, and how sure each is.

    A group is as sure as the weakest of its bonds. A sentence may stand in several. ``sources[a]`` is the
    source of article a.
    """
    return [
        (group.sentences, group.probability) for group in groups_at_threshold(merge_edges, threshold, sources)
    ]


class SentenceGroup(NamedTuple):
    """Sentences that say the same: all ``sentences`` in order; ``primary_sentences`` stand here first of all.

    The others are guests, which have a row of their own or stand alone. ``is_manual`` is whether nothing but
    corrections holds it together: there is no probability to speak of then.
    """

    sentences: tuple[SentenceIndex, ...]
    probability: float
    primary_sentences: tuple[SentenceIndex, ...]
    is_manual: bool


def groups_at_threshold(
    merge_edges: Iterable[MergeEdge], threshold: float, sources: Sequence[str]
) -> list[SentenceGroup]:
    """What ``cut_forest`` gives, with whose row each is; of two alike the surer."""
    sure = [bond for bond in merge_edges if bond.probability >= threshold]
    groups: dict[int, tuple[list[SentenceIndex], float, bool]] = {}
    home: dict[SentenceIndex, list[SentenceIndex]] = {}
    for bond, one, other in iterate_merges(sure):
        parts = [groups.pop(id(part), (part, 1.0, True)) for part in (one, other)]
        weakest = min(bond.probability, *(part[1] for part in parts))
        groups[id(one)] = one, weakest, bool(bond.correction) and all(part[2] for part in parts)
    for group, *_ in groups.values():
        home.update(dict.fromkeys(group, group))
    guests: dict[int, dict[SentenceIndex, None]] = {}
    for bond in sure:
        if bond.is_secondary:
            host = home.setdefault(bond.right, [bond.right])
            if bond.left not in host:
                guests.setdefault(id(host), {})[bond.left] = None
                groups[id(host)] = host, min(bond.probability, groups.get(id(host), (host, 1.0))[1]), False
    found: dict[tuple[SentenceIndex, ...], SentenceGroup] = {}
    for own, probability, made in groups.values():
        places = tuple(sorted([*own, *guests.get(id(own), ())]))
        if places not in found or probability > found[places].probability:
            found[places] = SentenceGroup(places, probability, tuple(sorted(own)), made)
    return sorted(
        group for group in found.values() if len({sources[article] for article, _ in group.sentences}) > 1
    )


def find_perhaps(
    pair_probabilities: PairProbabilities,
    members: RowIndices,
    sources: Sequence[str],
    cannot_link: LinkConstraints | None = None,
    group_probability: float = 1.0,
) -> list[tuple[SentenceIndex, float, float]]:
    """Of each source without one of a row's ``members``, the sentence that may say it all the same.

    That is what is likeliest to say the same as any of the members: its probability and margin score, the
    likeliest first, from ``MIN_PERHAPS_PROBABILITY`` on. The link has to hold and the row, which is
    ``group_probability``: so it is no surer than the row. ``cannot_link`` is what a person has parted.
    """
    near = pair_probabilities.probabilities[members] * np.float32(group_probability)
    for pair in cannot_link or {}:
        one, other = map(pair_probabilities.row_of, pair)
        near[members == one, other] = near[members == other, one] = 0
    best, best_of = near.max(axis=0), near.argmax(axis=0)
    of = np.array([sources[article] for article in pair_probabilities.article_indexes])
    found = []
    for source in dict.fromkeys(sources):
        own = np.flatnonzero(of == source)
        if not len(own) or source in of[members]:
            continue
        node = int(own[best[own].argmax()])
        if best[node] >= MIN_PERHAPS_PROBABILITY:
            score = float(pair_probabilities.margin_scores[members[best_of[node]], node])
            found.append((pair_probabilities.sentence_at(node), float(best[node]), score))
    return sorted(found, key=lambda one: -one[1])


def iterate_merges(
    merge_edges: Iterable[MergeEdge],
) -> Iterator[tuple[MergeEdge, list[SentenceIndex], list[SentenceIndex]]]:
    """Each bond that joins two groups, with their members until then; the first then takes in the second."""
    homes: dict[SentenceIndex, list[SentenceIndex]] = {}
    for bond in merge_edges:
        if bond.is_secondary:
            continue
        one, other = (homes.setdefault(place, [place]) for place in (bond.left, bond.right))
        if one is not other:
            yield bond, one, other
            one += other
            homes.update(dict.fromkeys(other, one))


def _find_secondary_edges(
    pair_probabilities: PairProbabilities, merge_edges: Sequence[MergeEdge], cannot_link: LinkConstraints
) -> Iterator[MergeEdge]:
    """Bonds of sentences that say what other rows say than their own: a long one tells more than one thing.

    Rows are those at ``DEFAULT_THRESHOLD``. What counts is the mean of the sentence's links with the row's
    members in other articles: it has to be like all of them.
    """
    probabilities, article = pair_probabilities.probabilities, pair_probabilities.article_indexes
    groups: dict[int, list[SentenceIndex]] = {}
    for _, one, other in iterate_merges(
        bond for bond in merge_edges if bond.probability >= DEFAULT_THRESHOLD
    ):
        groups.pop(id(other), None)
        groups[id(one)] = one
    hosts = [np.array([pair_probabilities.row_of(place) for place in group]) for group in groups.values()]
    parted = {tuple(map(pair_probabilities.row_of, pair)) for pair in cannot_link}
    parted |= {pair[::-1] for pair in parted}
    for host in hosts:
        links = probabilities[:, host]
        elsewhere = article[:, None] != article[host][None, :]
        support = row_probability((links * elsewhere).sum(axis=1) / np.maximum(elsewhere.sum(axis=1), 1))
        support[host] = 0
        for guest in np.flatnonzero(support >= MIN_PROBABILITY).tolist():
            if not any((guest, member) in parted for member in host.tolist()):
                best = int(host[links[guest].argmax()])
                ends = pair_probabilities.sentence_at(guest), pair_probabilities.sentence_at(best)
                yield MergeEdge(*ends, float(support[guest]), is_secondary=True)


def row_probability(mean_probability: FloatArray) -> FloatArray:
    """How often sentences belong together whose links have these ``mean_probability`` probabilities (n,)."""
    odds = np.clip(mean_probability, 1e-6, 1 - 1e-6)
    centre = np.log(DEFAULT_THRESHOLD / (1 - DEFAULT_THRESHOLD))
    logits = LOGIT_SLOPE * (np.log(odds / (1 - odds)) - centre) + centre
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


class _ForestBuilder:
    """Agglomerative grouping by average linkage; a group is named by its lowest member."""

    def __init__(
        self, pair_probabilities: PairProbabilities, must_link: LinkConstraints, cannot_link: LinkConstraints
    ) -> None:
        self._pair_probabilities, self._must_link = pair_probabilities, must_link
        across = pair_probabilities.article_indexes[:, None] != pair_probabilities.article_indexes[None, :]
        self._sums = np.where(across, pair_probabilities.probabilities, np.float32(0))
        self._counts = across.astype(np.float32)
        self._is_forbidden = np.zeros(across.shape, dtype=bool)
        for pair in cannot_link:
            one, other = map(pair_probabilities.row_of, pair)
            self._is_forbidden[one, other] = self._is_forbidden[other, one] = True
        self._members = {node: [node] for node in range(len(across))}
        self._group_of_node = np.arange(len(across))
        self._group_probability = np.ones(len(across))
        self._queue: list[tuple[float, int, int, int, int]] = []

    def iterate_edges(self) -> Iterator[MergeEdge]:
        for pair, correction in self._must_link.items():
            one, other = (int(self._group_of_node[self._pair_probabilities.row_of(place)]) for place in pair)
            if one != other and not self._is_forbidden[one, other]:
                self._merge_groups(min(one, other), max(one, other), 1.0)
                yield MergeEdge(*pair, 1.0, correction)
        for group in list(self._members):
            self._queue_merges(group, after=group)
        while self._queue:
            support, one, other, *sizes = heapq.heappop(self._queue)
            if sizes != [len(self._members.get(group, ())) for group in (one, other)]:
                continue  # a group has grown since
            height = min(-support, self._group_probability[one], self._group_probability[other])
            first, second = sorted(
                map(self._pair_probabilities.sentence_at, self._likeliest_link(one, other))
            )
            yield MergeEdge(first, second, float(height))
            self._merge_groups(one, other, height)
            self._queue_merges(one)

    def _merge_groups(self, target: int, merged: int, probability: float) -> None:
        """``merged`` goes into ``target``."""
        gone = self._members.pop(merged)
        self._members[target] += gone
        self._group_of_node[gone] = target
        self._group_probability[target] = probability
        for table in (self._sums, self._counts, self._is_forbidden):
            table[target] += table[merged]
            table[:, target] = table[target]
            table[merged] = table[:, merged] = 0

    def _queue_merges(self, group: int, after: int = -1) -> None:
        """Put the joins of ``group`` with others, those named above ``after``, into the queue."""
        supports = row_probability(self._sums[group] / np.maximum(self._counts[group], 1))
        supports[self._is_forbidden[group]] = 0
        supports[group] = 0
        for other in np.flatnonzero(supports >= MIN_PROBABILITY).tolist():
            if other > after:
                one, another = sorted((group, other))
                sizes = len(self._members[one]), len(self._members[another])
                heapq.heappush(self._queue, (-float(supports[other]), one, another, *sizes))

    def _likeliest_link(self, left: int, right: int) -> tuple[int, int]:
        """The likeliest link between two groups."""
        mine, theirs = self._members[left], self._members[right]
        links = self._pair_probabilities.probabilities[np.ix_(mine, theirs)]
        row, column = np.unravel_index(int(links.argmax()), links.shape)
        return mine[int(row)], theirs[int(column)]
