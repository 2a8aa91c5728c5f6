"""Silences and exclusives: what a source leaves out that others carry, and what only it carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.framing.cells import Trace, cells_of, trace
from crosslingual.statements import PERHAPS
from crosslingual.types import Cell, Comparison, FloatArray, Place


@dataclass(frozen=True, slots=True)
class Near:
    """The sentence that comes nearest to saying it, with the ``probability`` that it does."""

    cell: Trace
    probability: float


@dataclass(frozen=True, slots=True)
class Silence:
    """``source`` does not carry ``statement`` (its id), which ``carriers`` of the ``of`` sources do.

    ``articles`` and ``sentences`` of the source were looked at. ``centrality`` lies between 0 and 1.
    ``doubtful``: it carries it perhaps, and ``near`` is the sentence that is meant; else there is none, and
    it was not found there.
    """

    source: str
    statement: str
    carriers: tuple[str, ...]
    of: int
    centrality: float
    articles: int
    sentences: int
    near: Near | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A sentence that no other source has, with the sentence elsewhere that comes ``near``est.

    The source has the same words ``times`` times; ``cell`` is the most central. ``doubtful``: ``near``
    perhaps says the same.
    """

    cell: Trace
    times: int
    centrality: float
    near: Near | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Of the ``carried`` statements that ``one`` carries, ``other`` carries ``both``.

    ``share`` is both / carried; None where there is nothing to carry.
    """

    one: str
    other: str
    carried: int
    both: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at of a source: the denominator of its silences.

    ``carried`` of the event's ``statements`` are told by it; ``sentences`` = those in statements +
    ``exclusive``.
    """

    source: str
    articles: int
    sentences: int
    exclusive: int
    carried: int
    statements: int


@dataclass(frozen=True, slots=True)
class Silences:
    """``silences`` by how many carry it, then centrality; ``exclusives`` by centrality; doubtful ones last.

    ``pairs`` are all ordered pairs of sources, row by row of the matrix.
    """

    looked: tuple[Looked, ...]
    pairs: tuple[Pair, ...]
    silences: tuple[Silence, ...]
    exclusives: tuple[Exclusive, ...]


def silences(comparison: Comparison, vectors: FloatArray) -> Silences:
    """What each source of ``comparison`` leaves out, and what only it carries.

    The centrality of a sentence is ½ (1 - its place in its article, from 0 to 1) + ½ the cosine of its
    vector and the event's centre, not below 0. The centre is the mean of the sources' means, so that a
    source with many articles does not set it alone. That of a statement is the mean over its sources of
    their most central sentence.

    Args:
        comparison: the event.
        vectors: (n, d) centred, of the sentences as ``cells_of`` orders them.
    """
    cells = cells_of(comparison)
    central = dict(zip(map(_key, cells), _centrality(comparison, cells, vectors).tolist(), strict=True))
    near = _Near(comparison, cells)
    names = [column.source.id for column in comparison.columns]
    carriers = {
        statement.id: {cell.source for cell in statement.cells} for statement in comparison.statements
    }
    found = []
    for statement in comparison.statements:
        best: dict[str, float] = defaultdict(float)
        for cell in statement.cells:
            best[cell.source] = max(best[cell.source], central[_key(cell)])
        centrality = sum(best.values()) / len(best)
        for column in comparison.columns:
            if column.source.id in best:
                continue
            said = next(
                (
                    Near(trace(cell), cell.probability)
                    for cell in statement.perhaps
                    if cell.source == column.source.id
                ),
                None,
            )
            found.append(
                Silence(
                    column.source.id,
                    statement.id,
                    tuple(name for name in names if name in best),
                    statement.of,
                    centrality,
                    column.articles,
                    column.sentences,
                    said,
                    said is not None,
                )
            )
    found.sort(
        key=lambda one: (
            one.doubtful,
            -len(one.carriers),
            -one.centrality,
            one.statement,
            names.index(one.source),
        )
    )
    texts: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in comparison.exclusives:
        texts[cell.source, cell.text].append(cell)
    alone = []
    for same in texts.values():
        cell = max(same, key=lambda one: central[_key(one)])
        said = near.of(same, set(names) - {cell.source})
        alone.append(Exclusive(trace(cell), len(same), central[_key(cell)], said, _doubtful(said)))
    alone.sort(key=lambda one: (one.doubtful, -one.centrality, one.cell.article, one.cell.sentence))
    carried = {name: {id_ for id_, sources in carriers.items() if name in sources} for name in names}
    looked = tuple(
        Looked(
            column.source.id,
            column.articles,
            column.sentences,
            column.exclusive,
            len(carried[column.source.id]),
            len(comparison.statements),
        )
        for column in comparison.columns
    )
    pairs = tuple(_pair(one, other, carried) for one in names for other in names if one != other)
    return Silences(looked, pairs, tuple(found), tuple(alone))


def _pair(one: str, other: str, carried: dict[str, set[str]]) -> Pair:
    own, both = len(carried[one]), len(carried[one] & carried[other])
    return Pair(one, other, own, both, both / own if own else None)


def _doubtful(near: Near | None) -> bool:
    return near is not None and near.probability >= PERHAPS


def _key(cell: Cell | Trace) -> tuple[str, int]:
    return cell.article, cell.sentence


def _centrality(comparison: Comparison, cells: Sequence[Cell], vectors: FloatArray) -> FloatArray:
    sizes: dict[str, int] = defaultdict(int)
    for cell in cells:
        sizes[cell.article] += 1
    early = np.array([1 - cell.sentence / sizes[cell.article] for cell in cells], dtype=np.float32)
    sources = np.array([cell.source for cell in cells])
    means = [vectors[sources == column.source.id].mean(axis=0) for column in comparison.columns]
    centre = np.mean(means, axis=0) if means else np.zeros(vectors.shape[1])
    alike = np.clip(vectors @ centre / max(float(np.linalg.norm(centre)), 1e-12), 0, 1)
    return np.asarray((early + alike) / 2, dtype=np.float32)


class _Near:
    """The links of a comparison from either end, to ask for the best one into some sources."""

    def __init__(self, comparison: Comparison, cells: Sequence[Cell]) -> None:
        self._numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._cells = {self._place(cell): cell for cell in cells}
        self._links: dict[Place, list[tuple[Place, float]]] = defaultdict(list)
        for link in comparison.links:
            self._links[link.one].append((link.other, link.probability))
            self._links[link.other].append((link.one, link.probability))

    def of(self, cells: Sequence[Cell], sources: set[str]) -> Near | None:
        best: tuple[float, Place] | None = None
        for cell in cells:
            for other, probability in self._links.get(self._place(cell), ()):
                if self._cells[other].source in sources and (best is None or probability > best[0]):
                    best = probability, other
        return best and Near(trace(self._cells[best[1]]), best[0])

    def _place(self, cell: Cell) -> Place:
        return self._numbers[cell.article], cell.sentence
