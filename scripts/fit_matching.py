"""Fit the weights of ``crosslingual/align/matching.py`` and print them.

Example: python scripts/fit_matching.py ntrex.zh-en.jsonl ntrex.ru-en.jsonl ntrex.zh-ru-en.jsonl

The files are in the format of ``crosslingual evaluate statements``. Every second event is fitted to; the
others, which are not, give the calibration that is printed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align.matching import ALONE, Weights, lead_features, link_probabilities, order_features
from crosslingual.align.space import Space, load_space
from crosslingual.encode import Encoder
from crosslingual.evaluate.statements import GoldEvent, links, read_events
from crosslingual.models import load_encoder
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

Pairs = list[tuple[FloatArray, NDArray[np.bool_]]]


def article_pairs(events: Sequence[GoldEvent], encoder: Encoder, space: Space) -> Pairs:
    """Cosines (n, m) of every two articles of an event, and which of their sentences are linked."""
    texts = list({text for event in events for article in event.sentences for text in article})
    encoded = dict(zip(texts, encoder.encode(texts), strict=True))
    pairs: Pairs = []
    for event in events:
        vectors = [
            space.centred(np.array([encoded[text] for text in sentences]), lang)
            for sentences, lang in zip(event.sentences, event.languages, strict=True)
        ]
        gold = links(event.statements)
        for a, b in combinations(range(len(vectors)), 2):
            linked = np.zeros((len(vectors[a]), len(vectors[b])), dtype=bool)
            for one, i, other, j in gold:
                if (one, other) == (a, b):
                    linked[i, j] = True
            pairs.append((np.asarray(vectors[a] @ vectors[b].T, np.float32), linked))
    return pairs


def fit(pairs: Pairs, features: Callable[[FloatArray], FloatArray]) -> Weights:
    """Logistic regression over ``features`` (n, m, f) of all pairs of sentences."""
    rows = [features(cosines) for cosines, _ in pairs]
    flat = np.concatenate([row.reshape(-1, row.shape[2]) for row in rows])
    labels = np.concatenate([linked.ravel() for _, linked in pairs])
    model = LogisticRegression(C=1000, max_iter=5000).fit(flat, labels)
    return Weights(round(float(model.intercept_[0]), 2), tuple(round(float(w), 2) for w in model.coef_[0]))


def calibration_error(probabilities: FloatArray, linked: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean distance of what is said from what is so, weighted by bin."""
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(probabilities[here].mean() - linked[here].mean()) * here.mean()
            for here in (places == place for place in range(bins))
            if here.any()
        )
    )


def main() -> None:
    """Fit to even events, report on odd ones."""
    settings = Settings.load()
    encoder = load_encoder(settings.encoder, settings.home)
    space = load_space(settings.encoder, settings.home)
    gold = {path: read_events(Path(path)) for path in sys.argv[1:]}
    fitted = [pair for events in gold.values() for pair in article_pairs(events[::2], encoder, space)]
    print("ALONE", alone := fit(fitted, lead_features))

    def both(cosines: FloatArray) -> FloatArray:
        leads = lead_features(cosines)
        return np.concatenate([leads, order_features(alone.probabilities(leads))], axis=2)

    print("IN_ORDER", fit(fitted, both))
    print("now shipped: ALONE", ALONE)
    errors = {}
    for path, events in gold.items():
        held = article_pairs(events[1::2], encoder, space)
        probabilities = np.concatenate([link_probabilities(cosines).ravel() for cosines, _ in held])
        linked = np.concatenate([linked.ravel() for _, linked in held])
        errors[path] = round(calibration_error(probabilities, linked), 4)
    print(json.dumps({"calibration_error_of_shipped": errors}))


if __name__ == "__main__":
    main()
