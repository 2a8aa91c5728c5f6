"""Precision, recall and F1 from counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a set was found; each figure lies between 0 and 1."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def from_counts(cls, hit: int, predicted: int, gold: int) -> Scores:
        """Scores of ``predicted`` items, ``hit`` of which are among the ``gold`` ones.

        Nothing found where there is nothing to find is perfect; a share of nothing otherwise is 0.
        """
        if not predicted and not gold:
            return cls(precision=1.0, recall=1.0, f1=1.0)
        return cls(
            precision=hit / predicted if predicted else 0.0,
            recall=hit / gold if gold else 0.0,
            f1=2 * hit / (predicted + gold),
        )
