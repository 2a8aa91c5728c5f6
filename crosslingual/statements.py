"""Alignments of every pair of sources, folded into statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from crosslingual.align.matching import match
from crosslingual.types import Alignment, FloatArray

Node = tuple[int, int]

AGREEMENT = 0.5
"""Two groups become one when at least this share of the article pairs between them is linked."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as alignment sees it: ``vectors`` (n, d), one centred row of length 1 per sentence."""

    source: str
    lang: str
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Member:
    """Sentence ``sentence`` of article ``article`` (its place in the list); scores of its best link."""

    article: int
    sentence: int
    score: float
    probability: float


def find_statements(tellings: Sequence[Telling]) -> list[tuple[Member, ...]]:
    """What two or more sources say: each sentence in at most one statement, members in order.

    Articles of one source are compared as well: what it says again stands with what it said before, and
    what it does not is kept from one statement by their lack of agreement.
    """
    aligned = {
        (a, b): match(
            tellings[a].vectors, tellings[b].vectors, same_language=tellings[a].lang == tellings[b].lang
        )
        for a, b in combinations(range(len(tellings)), 2)
    }
    return fold(aligned, [telling.source for telling in tellings])


def fold(
    aligned: Mapping[tuple[int, int], Iterable[Alignment]], sources: Sequence[str]
) -> list[tuple[Member, ...]]:
    """Group the sentences that alignments of article pairs (a, b) tie together.

    Links are taken best first, and two groups are joined only when ``AGREEMENT`` of the article pairs
    between them are linked, so that one false link cannot melt two statements.
    """
    links: dict[Node, dict[Node, Alignment]] = {}
    ordered: list[tuple[float, Node, Node]] = []
    for (a, b), found in aligned.items():
        for alignment in found:
            for i, j in product(alignment.src, alignment.tgt):
                links.setdefault((a, i), {})[b, j] = alignment
                links.setdefault((b, j), {})[a, i] = alignment
                ordered.append((-alignment.probability, (a, i), (b, j)))
    groups = {node: frozenset([node]) for node in links}
    for _, one, other in sorted(ordered):
        if other not in groups[one] and _agree(groups[one], groups[other], links):
            joined = groups[one] | groups[other]
            groups.update(dict.fromkeys(joined, joined))
    statements = {group for group in groups.values() if len({sources[a] for a, _ in group}) > 1}
    return [
        tuple(_member(node, group, links, sources) for node in sorted(group))
        for group in sorted(statements, key=min)
    ]


def _agree(
    one: frozenset[Node],
    other: frozenset[Node],
    links: Mapping[Node, Mapping[Node, Alignment]],
) -> bool:
    pairs = {(a, b) for a, _ in one for b, _ in other if a != b}
    linked = {(node[0], to[0]) for node in one for to in links[node] if to in other}
    return len(linked) >= AGREEMENT * len(pairs)


def _member(
    node: Node,
    group: frozenset[Node],
    links: Mapping[Node, Mapping[Node, Alignment]],
    sources: Sequence[str],
) -> Member:
    """``node`` with its best link within ``group``, to another source if it has one."""
    _, best = max(
        ((to, alignment) for to, alignment in links[node].items() if to in group),
        key=lambda link: (sources[link[0][0]] != sources[node[0]], link[1].probability, link[1].score),
    )
    return Member(*node, best.score, best.probability)
