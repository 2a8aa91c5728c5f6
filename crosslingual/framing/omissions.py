"""Silences and exclusives: what a source leaves out that others carry, and what only it carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosslingual.compare.statements import MIN_PERHAPS_PROBABILITY
from crosslingual.framing.cells import SentenceTrace, collect_cells, make_trace
from crosslingual.types import Cell, Comparison, FloatArray, SentenceIndex


@dataclass(frozen=True, slots=True)
class NearestSentence:
    """The sentence that comes nearest to saying it, with the ``probability`` that it does."""

    cell: SentenceTrace
    probability: float


@dataclass(frozen=True, slots=True)
class Omission:
    """``source`` does not carry ``statement`` (its id), which ``reporting_sources`` of the ``n_sources`` sources do.

    ``n_articles`` and ``n_sentences`` of the source were looked at. ``centrality`` lies between 0 and 1.
    ``is_perhaps``: it carries it perhaps, and ``nearest`` is the sentence that is meant; else there is none,
    and it was not found there.
    """

    source: str
    statement: str
    reporting_sources: tuple[str, ...]
    n_sources: int
    centrality: float
    n_articles: int
    n_sentences: int
    nearest: NearestSentence | None
    is_perhaps: bool


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A sentence that no other source has, with the sentence elsewhere that comes ``nearest``est.

    The source has the same words ``n_occurrences`` times; ``cell`` is the most central. ``is_perhaps``:
    ``nearest`` perhaps says the same.
    """

    cell: SentenceTrace
    n_occurrences: int
    centrality: float
    nearest: NearestSentence | None
    is_perhaps: bool


@dataclass(frozen=True, slots=True)
class SourceOverlap:
    """Of the ``n_reported`` statements that ``left`` carries, ``right`` carries ``n_shared``.

    ``share`` is both / carried; None where there is nothing to carry.
    """

    left: str
    right: str
    n_reported: int
    n_shared: int
    share: float | None


@dataclass(frozen=True, slots=True)
class SourceScope:
    """What was looked at of a source: the denominator of its silences.

    ``n_reported`` of the event's ``n_statements`` are told by it; ``n_sentences`` = those in statements +
    ``n_exclusive``.
    """

    source: str
    n_articles: int
    n_sentences: int
    n_exclusive: int
    n_reported: int
    n_statements: int


@dataclass(frozen=True, slots=True)
class Omissions:
    """``omissions`` by how many carry it, then centrality; ``exclusives`` by centrality; doubtful ones last.

    ``overlaps`` are all ordered pairs of sources, row by row of the matrix.
    """

    source_scopes: tuple[SourceScope, ...]
    overlaps: tuple[SourceOverlap, ...]
    omissions: tuple[Omission, ...]
    exclusives: tuple[Exclusive, ...]


def find_omissions(comparison: Comparison, vectors: FloatArray) -> Omissions:
    """What each source of ``comparison`` leaves out, and what only it carries.

    The centrality of a sentence is ½ (1 - its place in its article, from 0 to 1) + ½ the cosine of its
    vector and the event's centre, not below 0. The centre is the mean of the sources' means, so that a
    source with many articles does not set it alone. That of a statement is the mean over its sources of
    their most central sentence.

    Args:
        comparison: the event.
        vectors: (n, d) centred, of the sentences as ``collect_cells`` orders them.
    """
    cells = collect_cells(comparison)
    central = dict(
        zip(map(_sentence_key, cells), _cell_centralities(comparison, cells, vectors).tolist(), strict=True)
    )
    near = _LinkIndex(comparison, cells)
    names = [column.source.id for column in comparison.source_summaries]
    carriers = {
        statement.id: {cell.source for cell in statement.cells} for statement in comparison.statements
    }
    found = []
    for statement in comparison.statements:
        best: dict[str, float] = defaultdict(float)
        for cell in statement.cells:
            best[cell.source] = max(best[cell.source], central[_sentence_key(cell)])
        centrality = sum(best.values()) / len(best)
        for column in comparison.source_summaries:
            if column.source.id in best:
                continue
            said = next(
                (
                    NearestSentence(make_trace(cell), cell.probability)
                    for cell in statement.perhaps
                    if cell.source == column.source.id
                ),
                None,
            )
            found.append(
                Omission(
                    column.source.id,
                    statement.id,
                    tuple(name for name in names if name in best),
                    statement.n_sources,
                    centrality,
                    column.n_articles,
                    column.n_sentences,
                    said,
                    said is not None,
                )
            )
    found.sort(
        key=lambda one: (
            one.is_perhaps,
            -len(one.reporting_sources),
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
        cell = max(same, key=lambda one: central[_sentence_key(one)])
        said = near.find_nearest(same, set(names) - {cell.source})
        alone.append(
            Exclusive(make_trace(cell), len(same), central[_sentence_key(cell)], said, _is_perhaps(said))
        )
    alone.sort(key=lambda one: (one.is_perhaps, -one.centrality, one.cell.article, one.cell.sentence))
    carried = {name: {id_ for id_, sources in carriers.items() if name in sources} for name in names}
    looked = tuple(
        SourceScope(
            column.source.id,
            column.n_articles,
            column.n_sentences,
            column.n_exclusive,
            len(carried[column.source.id]),
            len(comparison.statements),
        )
        for column in comparison.source_summaries
    )
    pairs = tuple(_source_overlap(one, other, carried) for one in names for other in names if one != other)
    return Omissions(looked, pairs, tuple(found), tuple(alone))


def _source_overlap(left: str, right: str, reported_statements: dict[str, set[str]]) -> SourceOverlap:
    own, both = len(reported_statements[left]), len(reported_statements[left] & reported_statements[right])
    return SourceOverlap(left, right, own, both, both / own if own else None)


def _is_perhaps(nearest: NearestSentence | None) -> bool:
    return nearest is not None and nearest.probability >= MIN_PERHAPS_PROBABILITY


def _sentence_key(cell: Cell | SentenceTrace) -> tuple[str, int]:
    return cell.article, cell.sentence


def _cell_centralities(comparison: Comparison, cells: Sequence[Cell], vectors: FloatArray) -> FloatArray:
    sizes: dict[str, int] = defaultdict(int)
    for cell in cells:
        sizes[cell.article] += 1
    early = np.array([1 - cell.sentence / sizes[cell.article] for cell in cells], dtype=np.float32)
    sources = np.array([cell.source for cell in cells])
    means = [vectors[sources == column.source.id].mean(axis=0) for column in comparison.source_summaries]
    centre = np.mean(means, axis=0) if means else np.zeros(vectors.shape[1])
    alike = np.clip(vectors @ centre / max(float(np.linalg.norm(centre)), 1e-12), 0, 1)
    return np.asarray((early + alike) / 2, dtype=np.float32)


class _LinkIndex:
    """The links of a comparison from either end, to ask for the best one into some sources."""

    def __init__(self, comparison: Comparison, cells: Sequence[Cell]) -> None:
        self._article_numbers = {article.id: number for number, article in enumerate(comparison.articles)}
        self._cells = {self._sentence_index(cell): cell for cell in cells}
        self._links: dict[SentenceIndex, list[tuple[SentenceIndex, float]]] = defaultdict(list)
        for link in comparison.links:
            self._links[link.left].append((link.right, link.probability))
            self._links[link.right].append((link.left, link.probability))

    def find_nearest(self, cells: Sequence[Cell], sources: set[str]) -> NearestSentence | None:
        best: tuple[float, SentenceIndex] | None = None
        for cell in cells:
            for other, probability in self._links.get(self._sentence_index(cell), ()):
                if self._cells[other].source in sources and (best is None or probability > best[0]):
                    best = probability, other
        return best and NearestSentence(make_trace(self._cells[best[1]]), best[0])

    def _sentence_index(self, cell: Cell) -> SentenceIndex:
        return self._article_numbers[cell.article], cell.sentence
