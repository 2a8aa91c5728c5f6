"""Fit ``crosslingual/align/pairs.npz``: what a pair of sentences is worth in the light of its event.

Example: python scripts/fit_pairs.py ../shared/eval a.pt b.pt --model MODEL

Each checkpoint of ``scripts/fit_judge.py`` judges the events of the folds that it was not fitted to; boosted
trees (Friedman 2001) are fitted to that. What is printed is measured with trees that have not seen the fold.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import fit_judge  # type: ignore[import-not-found]
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score

from crosslingual.align import pairs
from crosslingual.align.judge import Judge
from crosslingual.align.matching import PairProbabilities
from crosslingual.align.pair_coverage import JudgeInput
from crosslingual.align.pairs import PairContext
from crosslingual.align.space import Space, load_space
from crosslingual.compare import statements
from crosslingual.evaluate.calibration import iterate_shown_pairs, measure_confidence
from crosslingual.evaluate.gold_events import read_events
from crosslingual.evaluate.statements import (
    PredictedEvent,
    score_rows,
    score_statements,
    statements_at_threshold,
)
from crosslingual.settings import Settings

RUNS = 3


@dataclass
class Cases:
    """Pairs of an event: ``features`` (p, f), whether they are linked (p,), how many links were lost.

    Sentences ``rows`` and ``columns`` (p,) are counted over all articles, which begin at ``starts`` (a + 1,).
    """

    file: str
    name: str
    fold: int
    starts: NDArray[np.intp]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    features: NDArray[np.float32]
    truth: NDArray[np.bool_]
    lost: int


def judge_of(state: dict[str, torch.Tensor]) -> Judge:
    """The judge's head, for states that need no unpacking."""
    nothing = np.zeros(1, np.float32)
    layers = {
        name: one.numpy() for name, one in state.items() if name.split(".")[0] in ("linear", "mixed", "weigh")
    }
    return Judge("", nothing, nothing, nothing, {}, {}, layers)


@torch.no_grad()
def vectors_of(lower: fit_judge.Lower, texts: list[str]) -> dict[str, NDArray[np.float32]]:
    """The encoder's own vectors, from what its lower layers made."""
    found = {}
    texts = sorted(set(texts), key=lambda text: len(lower.kept[text]))
    for start in range(0, len(texts), 32):
        states, here = lower.batch(texts[start : start + 32])
        mask = (1 - here[:, None, None, :]) * -1e4
        for layer in lower.network.encoder.layer[lower.cut :]:
            states = fit_judge.first(layer(states, mask))
        pooled = (states * here[:, :, None]).sum(1) / here.sum(1, keepdim=True)
        for text, row in zip(
            texts[start : start + 32], torch.nn.functional.normalize(pooled, dim=-1), strict=True
        ):
            found[text] = row.numpy()
    return found


@torch.no_grad()
def cases_of(
    net: fit_judge.Judge,
    judge: Judge,
    lower: fit_judge.Lower,
    space: Space,
    vectors: dict[str, NDArray[np.float32]],
    event: fit_judge.Labelled,
) -> tuple[list[str], Cases]:
    """The names of the features, and the pairs of ``event`` that are looked at."""
    told = fit_judge.encode(net, lower, event)
    sentences = [
        JudgeInput(tokens[own > 0].numpy(), weights[own > 0].numpy(), pooled.numpy())
        for tokens, weights, own, pooled in zip(*told, strict=True)
    ]
    starts = np.cumsum([0, *map(len, event.articles)]).astype(np.intp)
    langs = [lang for own in event.articles for lang, _ in own]
    texts = [text for own in event.articles for _, text in own]
    rows = space.center_by_language(np.stack([vectors[text] for text in texts]), langs)
    seen = judge.judge_pairs(sentences, starts, [own[0][0] for own in event.articles])
    context = PairContext(seen, rows @ rows.T, texts, langs, starts, event.sources)
    features = context.compute_features()
    truth, counts = (one.numpy() for one in fit_judge.targets(event))
    here = context.rows, context.columns
    sure = counts[here] > 0
    return list(features), Cases(
        event.file,
        event.name,
        fit_judge.fold_of(event.name),
        starts,
        context.rows[sure],
        context.columns[sure],
        np.stack(list(features.values()), axis=1)[sure],
        truth[here][sure] > 0,
        int(((truth > 0) & (counts > 0)).sum()) - int((truth[here][sure] > 0).sum()),
    )


def fit(cases: list[Cases]) -> list[HistGradientBoostingClassifier]:
    """Small trees, many of them, ``RUNS`` times: the mean of runs hangs less on chance than one."""
    features = np.concatenate([one.features for one in cases])
    truth = np.concatenate([one.truth for one in cases])
    return [
        HistGradientBoostingClassifier(
            max_iter=250,
            learning_rate=0.05,
            max_leaf_nodes=12,
            l2_regularization=10.0,
            min_samples_leaf=80,
            max_features=0.5,
            random_state=run,
        ).fit(features, truth)
        for run in range(RUNS)
    ]


def predict(
    models: list[HistGradientBoostingClassifier], features: NDArray[np.float32]
) -> NDArray[np.float64]:
    """(p,) probabilities by the mean of the log-odds of ``models``."""
    logits = np.mean([model.decision_function(features) for model in models], axis=0)
    return np.asarray(1 / (1 + np.exp(-logits)))


def write(models: list[HistGradientBoostingClassifier], names: list[str]) -> None:
    """The trees as arrays: a row a tree, a column a node; a leaf leads to itself and adds its share of the mean."""
    trees = [own[0].nodes for model in models for own in model._predictors]
    size = max(map(len, trees))
    arrays: dict[str, NDArray[Any]] = {
        "feature": np.zeros((len(trees), size), np.int16),
        "threshold": np.full((len(trees), size), np.inf, np.float32),
        "left": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "right": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "value": np.zeros((len(trees), size), np.float32),
    }
    for row, nodes in enumerate(trees):
        inner = np.flatnonzero(nodes["is_leaf"] == 0)
        arrays["feature"][row, inner] = nodes["feature_idx"][inner]
        arrays["threshold"][row, inner] = nodes["num_threshold"][inner]
        arrays["left"][row, inner] = nodes["left"][inner]
        arrays["right"][row, inner] = nodes["right"][inner]
        arrays["value"][row, : len(nodes)] = nodes["value"] / len(models)
    base = np.float32(np.mean([model._baseline_prediction.item() for model in models]))
    np.savez_compressed(pairs.WEIGHTS_PATH, names=np.array(names), base=base, **arrays)  # type: ignore[arg-type]


def measure(cases: list[Cases], scores: list[NDArray[np.float64]]) -> dict[str, dict[str, float]]:
    """By file, over all pairs: average precision, and precision and recall from .7 on."""
    found = {}
    files: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(cases):
        files[one.file].append(place)
    for file, places in files.items():
        score = np.concatenate([scores[place] for place in places])
        truth = np.concatenate([cases[place].truth for place in places])
        links = truth.sum() + sum(cases[place].lost for place in places)
        sure = score >= 0.7
        found[file] = {
            "average precision": round(average_precision_score(truth, score) * truth.sum() / links, 4),
            "precision at .7": round(float(truth[sure].mean()), 4),
            "recall at .7": round(float(truth[sure].sum() / links), 4),
        }
    return found


def table_of(case: Cases, score: NDArray[np.float64]) -> PairProbabilities:
    """How likely each two sentences of an event say the same, where its labelled pairs have ``score`` (p,)."""
    sizes = np.diff(case.starts)
    table = np.zeros((case.starts[-1], case.starts[-1]), np.float32)
    table[case.rows, case.columns] = table[case.columns, case.rows] = score
    index = np.concatenate([np.arange(size) for size in sizes])
    return PairProbabilities(np.repeat(np.arange(len(sizes)), sizes), index, table, table)


def measure_rows(data: Path, cases: list[Cases], scores: list[NDArray[np.float64]]) -> dict[str, Any]:
    """By file: links that stand in rows at .7, how sure these and the silences are, purity and spread of rows."""
    found = {}
    for file in dict.fromkeys(one.file for one in cases):
        gold = {event.event: event for event in read_events(data / "real" / f"{file}.jsonl")}
        events, predicted = [], []
        for one, score in zip(cases, scores, strict=True):
            if one.file == file:
                table = table_of(one, score)
                events.append(gold[one.name])
                predicted.append(PredictedEvent(table, statements.build_merge_forest(table)))
        rows = [
            statements_at_threshold(event, own.merge_edges, statements.DEFAULT_THRESHOLD)
            for event, own in zip(events, predicted, strict=True)
        ]
        found[file] = {
            "links": asdict(score_statements(events, rows)["links"]),
            "sureness": asdict(
                measure_confidence(
                    events, predicted, statements.MIN_PERHAPS_PROBABILITY, statements.DEFAULT_THRESHOLD
                )
            ),
            "rows": asdict(score_rows(events, rows)),
        }
    return found


def slope(cases: list[Cases], scores: list[NDArray[np.float64]]) -> float:
    """How the log-odds of links are stretched to those of standing together; each file counts alike."""
    statements.LOGIT_SLOPE = 1.0
    levels: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one, score in zip(cases, scores, strict=True):
        likeness = table_of(one, score)
        linked = set(zip(one.rows[one.truth].tolist(), one.columns[one.truth].tolist(), strict=True))
        for first, second, level in iterate_shown_pairs(statements.build_merge_forest(likeness)):
            if first[0] != second[0]:
                ends = sorted(map(likeness.row_of, (first, second)))
                levels[one.file].append((level, (ends[0], ends[1]) in linked))
    said, so = (
        np.concatenate(side) for side in zip(*(np.array(own).T for own in levels.values()), strict=True)
    )
    weights = np.concatenate([np.full(len(own), 1 / len(own)) for own in levels.values()])
    odds = np.clip(said, 1e-6, 1 - 1e-6)
    centre = np.log(statements.DEFAULT_THRESHOLD / (1 - statements.DEFAULT_THRESHOLD))

    def loss(steep: float) -> float:
        logits = steep * (np.log(odds / (1 - odds)) - centre) + centre
        return float((weights * np.logaddexp(0, np.where(so > 0, -logits, logits))).sum())

    return round(float(minimize_scalar(loss, (0.5, 3.0)).x), 2)


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True))
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--model", type=click.Path(path_type=Path), required=True, help="The encoder's folder.")
@click.option("--kept", type=click.Path(path_type=Path), help="What fit_judge.py kept of the frozen layers.")
def main(data: Path, checkpoints: tuple[Path, ...], model: Path, kept: Path | None) -> None:
    """Fit, measure by folds, write."""
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    real = fit_judge.real_events(data)
    cases: list[Cases] = []
    taken: set[int] = set()
    names: list[str] = []
    for path in checkpoints:
        told = torch.load(path)
        lower = fit_judge.Lower(model, told["cut"])
        if kept:
            lower.kept = torch.load(kept)
        net = fit_judge.Judge(lower, told["top"], told["size"], told["heads"], 0.0)
        net.load_state_dict(told["state"])
        net.eval()
        own = set(told["without"]) - taken
        taken |= own
        events = [one for one in real if fit_judge.fold_of(one.name) in own]
        texts = [text for event in events for article in event.articles for _, text in article]
        lower.add(texts)
        vectors = vectors_of(lower, texts)
        judge = judge_of(told["state"])
        for event in events:
            names, one = cases_of(net, judge, lower, space, vectors, event)
            if len(one.truth):
                cases.append(one)
    scores: list[NDArray[np.float64]] = [np.zeros(0)] * len(cases)
    for fold in {one.fold for one in cases}:
        trees = fit([one for one in cases if one.fold != fold])
        for place, one in enumerate(cases):
            if one.fold == fold:
                scores[place] = predict(trees, one.features)
    write(fit(cases), names)
    print(json.dumps(measure(cases, scores), indent=1))
    print(json.dumps(measure_rows(data, cases, scores), indent=1))
    print("SLOPE of statements.py:", slope(cases, scores))


if __name__ == "__main__":
    main()
