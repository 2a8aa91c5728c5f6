"""All sentences of a comparison in one order, which the measures share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosslingual.align.space import Space
from crosslingual.library import Library
from crosslingual.types import Cell, Comparison, FloatArray, Statement


@dataclass(frozen=True, slots=True)
class SentenceTrace:
    """Where a number comes from: a sentence, by its article's id, its index and its offsets there."""

    source: str
    article: str
    sentence: int
    start: int
    end: int
    text: str


def make_trace(cell: Cell) -> SentenceTrace:
    """``cell`` without what the measures do not repeat."""
    return SentenceTrace(cell.source, cell.article, cell.sentence, cell.start, cell.end, cell.text)


def collect_cells(comparison: Comparison) -> list[Cell]:
    """Every sentence of the event once: by the order of the articles, then as they are told."""
    order = {article.id: number for number, article in enumerate(comparison.articles)}
    told = [cell for statement in comparison.statements for cell in statement.cells]
    every = {(order[cell.article], cell.sentence): cell for cell in (*told, *comparison.exclusives)}
    return [every[place] for place in sorted(every)]


def statements_by_sentence(statements: Iterable[Statement]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Ids of the statements that each sentence stands in, by its article and index."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for statement in statements:
        for cell in statement.cells:
            found[cell.article, cell.sentence].append(statement.id)
    return {place: tuple(dict.fromkeys(ids)) for place, ids in found.items()}


def load_cell_vectors(library: Library, space: Space, cells: Sequence[Cell]) -> FloatArray:
    """The centred vectors (n, d) of ``cells``, of length 1.

    Raises:
        LibraryError: the library lacks vectors of the space's model.
    """
    vectors = library.load_vectors(space.model, [cell.text for cell in cells])
    return space.center_by_language(vectors, [cell.lang for cell in cells])
