"""Which links between sentences are shown as the evidence of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from crosslingual.align.matching import PairProbabilities, RowIndices
from crosslingual.compare.statements import MIN_PERHAPS_PROBABILITY
from crosslingual.types import Cell, Link, MergeEdge

LINKS_PER_SENTENCE = 5
"""Links kept of each sentence: those that won and those that lost."""
MIN_LINK_PROBABILITY = 0.05
"""Probability below which a link is no candidate."""


def with_best_link(
    cell: Cell, node: int, group: RowIndices, pair_probabilities: PairProbabilities, sources: Sequence[str]
) -> Cell:
    """``cell`` with its best link within its statement, to another source if it has one."""
    others = group[group != node]
    abroad = [other for other in others if sources[pair_probabilities.article_indexes[other]] != cell.source]
    choice = np.array(abroad) if abroad else others
    best = choice[pair_probabilities.probabilities[node, choice].argmax()]
    return replace(
        cell,
        score=float(pair_probabilities.margin_scores[node, best]),
        probability=float(pair_probabilities.probabilities[node, best]),
    )


def select_evidence_links(
    pair_probabilities: PairProbabilities, merge_edges: Iterable[MergeEdge], sources: Sequence[str]
) -> list[Link]:
    """The links that are evidence, each pair once.

    Those are the ``LINKS_PER_SENTENCE`` best of each sentence, its best of each source that may say it, and
    those that tie statements.
    """
    probabilities = pair_probabilities.probabilities
    if not len(probabilities):
        return []
    count = min(LINKS_PER_SENTENCE, len(probabilities))
    best = np.argpartition(-probabilities, count - 1, axis=1)[:, :count]
    pairs = {
        (min(node, other), max(node, other))
        for node, row in enumerate(best.tolist())
        for other in row
        if probabilities[node, other] >= MIN_LINK_PROBABILITY
    }
    of = np.array([sources[article] for article in pair_probabilities.article_indexes])
    for source in dict.fromkeys(sources):
        own = np.flatnonzero(of == source)
        if len(own):
            best = probabilities[:, own].argmax(axis=1)
            near = np.flatnonzero(probabilities[np.arange(len(of)), own[best]] >= MIN_PERHAPS_PROBABILITY)
            pairs |= {
                (min(a, b), max(a, b)) for a, b in zip(near.tolist(), own[best[near]].tolist(), strict=True)
            }
    for bond in merge_edges:
        if bond.correction:  # a person's word is no measurement
            continue
        ends = pair_probabilities.row_of(bond.left), pair_probabilities.row_of(bond.right)
        pairs.add((min(ends), max(ends)))
    return [
        Link(
            pair_probabilities.sentence_at(one),
            pair_probabilities.sentence_at(other),
            float(probabilities[one, other]),
            float(pair_probabilities.margin_scores[one, other]),
        )
        for one, other in sorted(pairs)
    ]
