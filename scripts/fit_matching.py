"""Fit the weights of ``crosslingual/align/matching.py`` and write ``matching.json`` beside it.

Example: python scripts/fit_matching.py --lines ntrex.zh --lines ntrex.ru --lines ntrex.en
ntrex.zh-en.jsonl ntrex.ru-en.jsonl ntrex.zh-ru-en.jsonl

The files are in the format of ``crosslingual evaluate statements``, made from line-parallel ones, which
``--lines`` names: two sentences of different languages are a pair where they hold a common line, and a
statement is what such pairs chain together. Events are fitted to or held out by a hash of their names,
so that what is made of one document stays on one side in all files. What is printed last is measured
on those held out.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align import matching
from crosslingual.align.matching import EncodedArticle, PairWeights, score_pairs
from crosslingual.align.space import load_space
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.compare.statements import DEFAULT_THRESHOLD, build_merge_forest
from crosslingual.evaluate.calibration import calibrate_by_languages
from crosslingual.evaluate.gold_events import GoldEvent, read_events
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.statements import (
    encode_events,
    score_statements,
    statements_at_threshold,
)
from crosslingual.model_store import load_encoder
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

ROUNDS = 3
STRENGTH = 1.0  # of the regularisation, inverse, on features scaled to a variance of 1
Event = tuple[GoldEvent, list[EncodedArticle]]


def lines_of(sentence: str, known: dict[str, int]) -> frozenset[int]:
    """The lines that were joined to make ``sentence``, longest first."""
    rest, found = sentence.strip(), set()
    while rest:
        for end in range(len(rest), 0, -1):
            if (line := known.get(rest[:end].strip())) is not None:
                found.add(line)
                rest = rest[end:].strip()
                break
        else:
            raise SystemExit(f"not made of lines of --lines: {sentence[:80]}")
    return frozenset(found)


def labels(event: GoldEvent, known: dict[str, int]) -> NDArray[np.bool_]:
    """(s, s): which sentences of the event hold a common line."""
    lines = [lines_of(sentence, known) for article in event.sentences for sentence in article]
    return np.array([[bool(one & other) for other in lines] for one in lines])


def fit(rows: Sequence[FloatArray], truth: NDArray[np.bool_]) -> PairWeights:
    """Logistic regression over features, each (p,) of the same pairs, and their squares."""
    nothing = (0.0,) * len(rows)
    means, deviations = ([float(one(row)) for row in rows] for one in (np.mean, np.std))
    start = PairWeights(0.0, _rounded(means, 4), _rounded(np.maximum(deviations, 1e-4), 4), nothing, nothing)
    scaled = np.stack([start.scale_feature(number, row) for number, row in enumerate(rows)], axis=1)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(
        np.concatenate([scaled, scaled**2], axis=1), truth
    )
    linear, squares = np.split(model.coef_[0], 2)
    bias = round(float(model.intercept_[0]), 3)
    return replace(start, bias=bias, linear=_rounded(linear, 3), squares=_rounded(squares, 3))


def _rounded(values: Iterable[float], digits: int) -> tuple[float, ...]:
    return tuple(round(float(value), digits) for value in values)


def fit_rounds(events: Sequence[Event], truth: Sequence[NDArray[np.bool_]]) -> tuple[PairWeights, ...]:
    """The weights of each round, each on what those before made of the same events."""
    rounds: list[PairWeights] = []
    compared = [matching.PairScorer(told) for _, told in events]
    before: list[FloatArray | None] = [None] * len(events)
    for _ in range(ROUNDS):
        pairs = [comparing.candidate_pairs(seen) for comparing, seen in zip(compared, before, strict=True)]
        found = [
            comparing.compute_features(*own, seen)
            for comparing, own, seen in zip(compared, pairs, before, strict=True)
        ]
        rows = [np.concatenate(column) for column in zip(*found, strict=True)]
        rounds.append(fit(rows, np.concatenate([one[own] for one, own in zip(truth, pairs, strict=True)])))
        before = [comparing.score(rounds[-1], seen) for comparing, seen in zip(compared, before, strict=True)]
    return tuple(rounds)


def write(rounds: Sequence[PairWeights]) -> None:
    """``matching.json`` anew, a line for each list."""
    told = [
        ",\n".join(
            f"      {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(weights).items()
        )
        for weights in rounds
    ]
    inner = ",\n".join(f"    {{\n{one}\n    }}" for one in told)
    made = "python scripts/fit_matching.py; see there and docs/evaluation.md"
    Path(matching.__file__).with_suffix(".json").write_text(
        f'{{\n  "made by": "{made}",\n  "rounds": [\n{inner}\n  ]\n}}\n', encoding="utf-8"
    )


def measure(events: Sequence[Event], rounds: tuple[PairWeights, ...]) -> dict[str, float]:
    """F1 of links and omissions; largest calibration error and least precision at SURE of a language pair."""
    gold = [event for event, _ in events]
    bonds = [build_merge_forest(score_pairs(told, rounds=rounds)) for _, told in events]
    found = score_statements(
        gold, [statements_at_threshold(*one, LIKELY_PROBABILITY) for one in zip(gold, bonds, strict=True)]
    )
    shown = calibrate_by_languages(gold, bonds, DEFAULT_THRESHOLD).values()
    return {name: round(scores.f1, 4) for name, scores in found.items()} | {
        "calibration error": round(max(one.error for one in shown), 4),
        f"precision at {DEFAULT_THRESHOLD}": round(min(one.precision for one in shown), 4),
    }


@click.command()
@click.option("--lines", multiple=True, required=True, type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(lines: tuple[Path, ...], files: tuple[Path, ...]) -> None:
    """Fit to one half, report on the other."""
    settings = Settings.load()
    encoder = load_encoder(settings.encoder, settings.home)
    space = load_space(settings.encoder, settings.home)
    known = {line.strip(): place for path in lines for place, line in enumerate(read_lines(path))}
    gold = {path.name: read_events(path) for path in files}
    told = {
        name: list(zip(events, encode_events(events, encoder, space), strict=True))
        for name, events in gold.items()
    }
    half = {
        side: {
            name: [one for one in events if zlib.crc32(one[0].event.encode()) % 2 == side]
            for name, events in told.items()
        }
        for side in (0, 1)
    }
    fitted = [one for events in half[0].values() for one in events]
    rounds = fit_rounds(fitted, [labels(event, known) for event, _ in fitted])
    write(rounds)
    print(json.dumps({"held out": {name: measure(events, rounds) for name, events in half[1].items()}}))
    print(json.dumps({"fitted": {name: measure(events, rounds) for name, events in half[0].items()}}))


if __name__ == "__main__":
    main()
