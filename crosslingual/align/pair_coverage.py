"""How much of each sentence of an event each other covers, token by token, as the judge asks it.

It is the long part of comparing an event, and of two articles it hangs on these two alone: what was worked
out once serves again when the event has grown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.event_coverage import EventCoverage, Indices
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.types import FloatArray

MIN_TOKEN_WEIGHT = 0.5
"""Weight of a token, in means of its sentence, below which nobody asks whether it is covered."""
COSINE_STEPS = (0.35, 0.5, 0.65, 0.8)
"""Cosines of a token with its nearest by which it is more or less covered."""
_COLUMNS_PER_STRIP = 200
"""Sentences looked at together."""


@dataclass(frozen=True, slots=True)
class JudgeInput:
    """One sentence as the judge sees it.

    ``vectors`` (k, d) of length 1 of its tokens, ``weights`` (k, heads) that sum to 1 over the tokens, and
    ``mean`` (d,) of length 1.
    """

    vectors: FloatArray
    weights: FloatArray
    mean: FloatArray


@dataclass(frozen=True, slots=True)
class PairCoverage:
    """How much of each sentence of an event each other covers, token by token; (s, s) each.

    Of sentence i by sentence j: ``covered``, the sum of the nearest cosines by the weights of each head;
    ``weakest`` and ``uncovered_shares`` as in ``JudgeOutput``. Of two articles it hangs on these two alone,
    so that it can be kept. ``tables`` (heads + 1 + steps, s, s) has them all, in half precision.
    """

    tables: NDArray[np.float16]

    @property
    def covered(self) -> FloatArray:
        """(heads, s, s)."""
        return self.tables[: -1 - len(COSINE_STEPS)].astype(np.float32)

    @property
    def weakest(self) -> NDArray[np.float16]:
        """(s, s)."""
        return np.asarray(self.tables[-1 - len(COSINE_STEPS)])

    @property
    def uncovered_shares(self) -> tuple[NDArray[np.float16], ...]:
        """(s, s) for each of ``COSINE_STEPS``."""
        return tuple(self.tables[-len(COSINE_STEPS) :])


def measure_pair_coverage(
    sentences: Sequence[JudgeInput],
    starts: Indices,
    known: PairCoverage | None = None,
    rows: Indices | None = None,
) -> PairCoverage:
    """Compare all sentences of different articles, but take what is known from ``known``.

    Args:
        sentences: of all articles, one after another.
        starts: (a + 1,) where each article begins among them, and s.
        known: of articles that were compared before.
        rows: (s,) where each sentence stands in ``known``; -1 where its article is new.
    """
    count, n_heads = len(sentences), sentences[0].weights.shape[1]
    rows = np.full(count, -1, dtype=np.intp) if rows is None or known is None else rows
    tables = np.zeros((n_heads + 1 + len(COSINE_STEPS), count, count), dtype=np.float16)
    old = np.flatnonzero(rows >= 0)
    if known is not None:
        for table, before in zip(tables, known.tables, strict=True):
            table[np.ix_(old, old)] = before[np.ix_(rows[old], rows[old])]
    own_rows = [np.arange(begin, end) for begin, end in pairwise(starts.tolist())]
    new_first = sorted((own for own in own_rows if len(own)), key=lambda own: bool(rows[own[0]] >= 0))
    order = np.concatenate(new_first)
    n_new = count - len(old)
    if n_new:
        _fill_coverage(
            tables, [sentences[row] for row in order], [len(own) for own in new_first], order, n_new
        )
    return PairCoverage(tables)


def _fill_coverage(
    tables: NDArray[np.float16],
    sentences: Sequence[JudgeInput],
    sizes: Sequence[int],
    order: Indices,
    n_new: int,
) -> None:
    """Set what is new in ``tables``: of ``sentences``, which stand there at ``order``, the first ``n_new``."""
    starts = np.cumsum([0, *sizes]).astype(np.intp)
    coverage = EventCoverage(
        [TokenVectors(one.vectors, one.weights[:, 0]) for one in sentences],
        starts,
        [""] * len(sizes),
        same_lang_offset=0.0,
        n_compared=int(np.searchsorted(starts, n_new)),
    )
    weights = np.ascontiguousarray(np.concatenate([one.weights for one in sentences]).T)
    ends = np.cumsum([0, *(len(one.vectors) for one in sentences)])
    # A word without a meaning of its own may be missing: what weighs less than half the mean is not asked.
    asked = np.concatenate([one.weights[:, 0] * len(one.vectors) > MIN_TOKEN_WEIGHT for one in sentences])
    for begin in range(0, len(sentences), _COLUMNS_PER_STRIP):  # many more tokens than sentences
        columns = slice(begin, min(begin + _COLUMNS_PER_STRIP, len(sentences)))
        for n_rows, part in _new_parts(columns, n_new, len(sentences)):
            n_tokens = int(ends[n_rows])
            nearest = coverage.nearest[:n_tokens, part]
            weakest = np.minimum.reduceat(
                np.where(asked[:n_tokens, None], nearest, np.float32(1)), ends[:n_rows]
            )
            found = [
                *(coverage.sum_by_sentence(head, nearest) for head in weights),
                weakest,
                *(
                    coverage.sum_by_sentence(weights[0], (nearest < step).astype(np.float32))
                    for step in COSINE_STEPS
                ),
            ]
            for table, values in zip(tables, found, strict=True):
                table[np.ix_(order[:n_rows], order[part])] = values


def _new_parts(columns: slice, n_new: int, count: int) -> Iterator[tuple[int, slice]]:
    """Of ``columns``, those that are new with all ``count`` rows, and the others with the new rows alone."""
    middle = min(max(n_new, columns.start), columns.stop)
    if columns.start < middle:
        yield count, slice(columns.start, middle)
    if middle < columns.stop:
        yield n_new, slice(middle, columns.stop)
