"""Fit the weights of ``crosslingual/events/evidence.py``: how likely two articles are on one event.

    python scripts/fit_events.py FILE... --cache DIR

FILES and the cache are those of ``crosslingual evaluate events``. An event counts by a power of its pairs, so that
a large one does not decide alone. Articles on different events of any time are the other class, as if they
had appeared within days of one another: two visits of one guest are to be told apart by more than their dates.
Printed are the weights of all events, and those that each of five folds of events gives.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align.space import load_space
from crosslingual.evaluate.events import build_profiles, read_stream
from crosslingual.events.evidence import WINDOW_DAYS, article_features, day_distances
from crosslingual.library import Library
from crosslingual.model_store import load_encoder
from crosslingual.settings import Settings

PRIOR_SHIFT = 3.0
"""Added to the intercept: of articles of one week that share names more are on one event than of the pairs here."""
MAX_PAIRS, EVENT_POWER, POSITIVE_SHARE, N_FOLDS = 60_000, 0.3, 0.05, 5


def fit_weights(
    features: NDArray[np.float64], same: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intercept, and the weight of each feature."""
    model = LogisticRegression(C=10, max_iter=3000).fit(features, same, weights)
    return np.append(model.intercept_ + PRIOR_SHIFT, model.coef_[0])


def main() -> None:
    """Print the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True)
    given = parser.parse_args()
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    stream = [one for one in read_stream(given.files) if one.event]
    with Library(given.cache) as cache:
        profiles = build_profiles(
            [one.article for one in stream],
            load_encoder(settings.encoder, settings.home).encode,
            space,
            cache,
        )
    events = np.array([one.event for one in stream])
    random = np.random.default_rng(0)
    left, right = np.triu_indices(len(stream), 1)
    same = events[left] == events[right]
    distances = day_distances(profiles.days, profiles.days)[left, right]
    other = random.choice(np.flatnonzero(~same), min(MAX_PAIRS, int((~same).sum())), replace=False)
    chosen = np.concatenate([np.flatnonzero(same & ~(distances > WINDOW_DAYS)), other])
    left, right, same = left[chosen], right[chosen], same[chosen]
    features = np.stack([table[left, right] for table in article_features(profiles, profiles)], axis=1)
    features[~same, 2] = random.integers(0, WINDOW_DAYS + 1, int((~same).sum()))
    counts = Counter(events[left[same]].tolist())
    weights = np.array(
        [counts[event] ** (EVENT_POWER - 1) if event in counts else 1 for event in events[left]]
    )
    weights[~same] = 1
    weights[same] *= (~same).sum() * POSITIVE_SHARE / weights[same].sum()
    print("all events:", fit_weights(features, same, weights).round(2).tolist())
    folds = np.array([zlib.crc32(event.encode()) % N_FOLDS for event in events])
    for fold in range(N_FOLDS):
        kept = (folds[left] != fold) & (folds[right] != fold)
        print(
            f"without fold {fold}:", fit_weights(features[kept], same[kept], weights[kept]).round(2).tolist()
        )


if __name__ == "__main__":
    main()
