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
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align import matching
from crosslingual.align.matching import LIKELY, Telling, Weights, liken
from crosslingual.align.space import load_space
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.statements import GoldEvent, read_events, score, tellings
from crosslingual.models import load_encoder
from crosslingual.settings import Settings
from crosslingual.statements import fold, statements_at
from crosslingual.types import FloatArray

ROUNDS = 3
STRENGTH = 1.0  # of the regularisation, inverse, on features scaled to a variance of 1
Event = tuple[GoldEvent, list[Telling]]


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


def labels(event: GoldEvent, known: dict[str, int]) -> list[NDArray[np.bool_]]:
    """Of every two articles, (n, m): which sentences hold a common line."""
    lines = [[lines_of(sentence, known) for sentence in article] for article in event.sentences]
    return [
        np.array([[bool(one & other) for other in lines[b]] for one in lines[a]])
        for a, b in combinations(range(len(lines)), 2)
    ]


def fit(rows: Sequence[FloatArray], truth: Sequence[NDArray[np.bool_]]) -> Weights:
    """Logistic regression over the features (n, m, f) of all pairs and their squares."""
    flat = np.concatenate([row.reshape(-1, row.shape[2]) for row in rows])
    nothing = (0.0,) * flat.shape[1]
    deviations = np.maximum(flat.std(axis=0), 1e-6)
    start = Weights(0.0, _rounded(flat.mean(axis=0), 4), _rounded(deviations, 4), nothing, nothing)
    scaled = start.scaled(flat)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(
        np.concatenate([scaled, scaled**2], axis=1), np.concatenate([one.ravel() for one in truth])
    )
    linear, squares = np.split(model.coef_[0], 2)
    bias = round(float(model.intercept_[0]), 3)
    return replace(start, bias=bias, linear=_rounded(linear, 3), squares=_rounded(squares, 3))


def _rounded(values: FloatArray, digits: int) -> tuple[float, ...]:
    return tuple(round(float(value), digits) for value in values)


def fit_rounds(events: Sequence[Event], truth: Sequence[list[NDArray[np.bool_]]]) -> tuple[Weights, ...]:
    """The weights of each round, each on what those before made of the same events."""
    rounds: list[Weights] = []
    flat = [one for event in truth for one in event]
    compared = [matching.Comparing(told) for _, told in events]
    before: list[FloatArray | None] = [None] * len(events)
    for _ in range(ROUNDS):
        rows = [list(comparing.features(seen)) for comparing, seen in zip(compared, before, strict=True)]
        rounds.append(fit([row for event in rows for row in event], flat))
        before = [comparing.judge(rounds[-1], seen) for comparing, seen in zip(compared, before, strict=True)]
    return tuple(rounds)


def write(rounds: Sequence[Weights]) -> None:
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


def measure(events: Sequence[Event], rounds: tuple[Weights, ...]) -> dict[str, float]:
    """F1 of links and omissions, and the links' precision."""
    predicted = []
    for _, told in events:
        groups = []
        for places, _ in statements_at(fold(liken(told, rounds)), LIKELY, [str(a) for a in range(len(told))]):
            group: dict[int, tuple[int, ...]] = {}
            for article, sentence in places:
                group[article] = (*group.get(article, ()), sentence)
            groups.append(group)
        predicted.append(groups)
    found = score([gold for gold, _ in events], predicted)
    return {name: round(scores.f1, 4) for name, scores in found.items()} | {
        "precision": round(found["links"].precision, 4)
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
        name: list(zip(events, tellings(events, encoder, space), strict=True))
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
