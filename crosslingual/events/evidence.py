"""How likely two articles are on one event: what they are about, whom and what they name, when they appeared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crosslingual.events.article_names import name_weight
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

WINDOW_DAYS = 4
"""Days that may lie between two articles whose likeness counts."""
_MIN_NAMED = 5.0
"""Weight of names, in nats, that an article is taken to have at least: one name shared of one tells little."""

INTERCEPT, COSINE_WEIGHT, NAMES_WEIGHT, DAY_WEIGHT, SAME_LANG_WEIGHT = -3.26, 9.18, 7.6, -0.38, -0.83
"""Of a logistic model, fitted by ``scripts/fit_events.py``, for articles of one week."""
UNDATED_LOG_ODDS = -3.0
"""What is added where one of the two has no date, and may be of any year."""


@dataclass(frozen=True, slots=True)
class ArticleProfiles:
    """What n articles are compared by.

    ``days`` (n,) count days, NaN of an article without a date; ``vectors`` (n, d) are centred and mapped, of
    length 1; ``names[i]`` are keys of ``article_names``.
    """

    days: NDArray[np.float64]
    langs: Sequence[str]
    vectors: FloatArray
    names: Sequence[frozenset[str]]

    def __len__(self) -> int:
        return len(self.days)

    def select_articles(self, places: NDArray[np.intp]) -> ArticleProfiles:
        """Those at ``places``, in their order."""
        return ArticleProfiles(
            self.days[places],
            [self.langs[place] for place in places],
            self.vectors[places],
            [self.names[place] for place in places],
        )

    def join_articles(self, other: ArticleProfiles) -> ArticleProfiles:
        """These, and the ``other`` behind them."""
        return ArticleProfiles(
            np.concatenate([self.days, other.days]),
            [*self.langs, *other.langs],
            np.concatenate([self.vectors, other.vectors]),
            [*self.names, *other.names],
        )


def score_articles(left: ArticleProfiles, right: ArticleProfiles) -> NDArray[np.float64]:
    """(n, m): log odds that articles of both sides, if dated of one week, are on one event."""
    features = article_features(left, right)
    weights = (COSINE_WEIGHT, NAMES_WEIGHT, DAY_WEIGHT, SAME_LANG_WEIGHT)
    base = np.where(np.isnan(day_distances(left.days, right.days)), INTERCEPT + UNDATED_LOG_ODDS, INTERCEPT)
    return base + sum(weight * values for weight, values in zip(weights, features, strict=True))


def article_features(left: ArticleProfiles, right: ArticleProfiles) -> list[NDArray[np.float64]]:
    """(n, m) each: cosine, root of the share of names in common, days between (0 if unknown), one language."""
    cosines = (left.vectors @ right.vectors.T).astype(np.float64)
    days = np.nan_to_num(day_distances(left.days, right.days))
    same = np.array(left.langs)[:, None] == np.array(right.langs)[None, :]
    return [cosines, np.sqrt(_shared_names(left.names, right.names)), days, same.astype(np.float64)]


def day_distances(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, m): days between, NaN where one of the two has no date."""
    return np.abs(left[:, None] - right[None, :])


def _shared_names(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """(n, m): weight of the names that both have, by the geometric mean of what each has."""
    columns = {key: place for place, key in enumerate(sorted({key for names in left for key in names}))}
    weights = np.array([name_weight(key) for key in columns])
    there = name_matrix(left, columns)
    back = name_matrix(right, columns)
    shared = ((there * weights) @ back.T).toarray()
    whole = [np.array([sum(map(name_weight, names)) for names in side]) for side in (left, right)]
    divisor = np.sqrt(whole[0][:, None] * whole[1][None, :]) + _MIN_NAMED
    result: NDArray[np.float64] = shared / divisor
    return result


def name_matrix(names: Sequence[frozenset[str]], columns: dict[str, int]) -> csr_array:
    """(n, k): 1 where one of n has the name of a column; names without a column are left out."""
    from scipy.sparse import csr_array

    places = [[columns[key] for key in own if key in columns] for own in names]
    ends = np.cumsum([0, *map(len, places)])
    indices = np.array([place for own in places for place in own], dtype=np.intp)
    return csr_array((np.ones(len(indices)), indices, ends), shape=(len(names), len(columns)))
