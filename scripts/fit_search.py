"""Fit the weights of ``crosslingual/search/rank.py`` and write ``rank.json`` beside it.

Example: python scripts/fit_search.py --distractors news pud.zh:pud.en ntrex.zh:ntrex.en ntrex.uk:ntrex.en

Each pair of line-parallel files, their languages the endings of their names, gives queries and what they
should find among the lines of the other file and all articles of the folder. Of every twenty lines the first
ten are fitted to, at most MOST of a pair; the others are for measuring: crosslingual evaluate search.
With --gold, sentences of events told freely are queries too, which should find those of the same statement.
What comes first is learned as a choice among all that is found (a softmax over them); the probability by a
logistic regression, where for every other query its line is not among what is found.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align.space import load_space
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.search import held_out, put_distractors, put_lines
from crosslingual.evaluate.statements import read_events
from crosslingual.library import Library
from crosslingual.models import load_encoder
from crosslingual.reader import Reader
from crosslingual.search import Query, SearchIndex, ask, rank
from crosslingual.search.find import compare
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

MOST = 300
"""Queries of a pair of files."""
STRENGTH = 1e-4
FREE = 4.0
"""As how many queries a freely told sentence counts in probabilities: there are few of them."""
_CLAUSES = re.compile(r"[,;:—–，；：、。.!?]\s+|[，；：。]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHORTEST, _SHORTEST_HAN = 25, 8  # characters of a clause
Case = tuple[FloatArray, NDArray[np.bool_]]


def fit(cases: Sequence[Case], whole: Sequence[bool], counts: Sequence[float]) -> rank.Ranking:
    """Weights from features (n, f) of what each query found, and which of it is right."""
    able = [(rows, right) for (rows, right), one in zip(cases, whole, strict=True) if one and right.any()]
    rows = np.concatenate([rows for rows, _ in able])
    means, deviations = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    start = rank.Ranking(_rounded(means), _rounded(deviations), (), (), 0)
    scaled = [
        torch.tensor(
            np.clip((own - np.array(start.means)) / np.array(start.deviations), -5, 5), dtype=torch.float32
        )
        for own, _ in able
    ]
    right = [torch.tensor(own) for _, own in able]
    joined, sizes = torch.cat(scaled), [len(own) for own in scaled]
    weights = torch.zeros(joined.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=400, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        parts = torch.split(joined @ weights, sizes)
        losses = [
            torch.logsumexp(one, 0) - torch.logsumexp(one[own], 0)
            for one, own in zip(parts, right, strict=True)
        ]
        loss = torch.stack(losses).mean() + STRENGTH * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own gap
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # as above
    return calibrated(replace(start, weights=_rounded(weights.detach().numpy())), cases, counts)


def calibrated(ranked: rank.Ranking, cases: Sequence[Case], weights: Sequence[float]) -> rank.Ranking:
    """With what makes probabilities of features; each case counts as much as its weight."""
    rows, truth, counts = [], [], []
    for number, ((own, right), weight) in enumerate(zip(cases, weights, strict=True)):
        shown = ~right if number % 2 and right.sum() == 1 else np.ones(len(right), np.bool_)
        rows.append(ranked.scaled(own[shown]))
        truth.append(right[shown])
        counts.append(np.full(int(shown.sum()), weight))
    model = LogisticRegression(max_iter=1000).fit(
        np.concatenate(rows), np.concatenate(truth), sample_weight=np.concatenate(counts)
    )
    return replace(ranked, sure=_rounded(model.coef_[0]), start=round(float(model.intercept_[0]), 4))


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def report(name: str, ranking: rank.Ranking, cases: Sequence[Case]) -> dict[str, object]:
    """Recall at 1 and 10, and how far probabilities are from what is so."""
    order = [np.argsort(-ranking.scores(rows)) for rows, _ in cases]
    first = [bool(right[own[0]]) for own, (_, right) in zip(order, cases, strict=True)]
    top = [bool(right[own[:10]].any()) for own, (_, right) in zip(order, cases, strict=True)]
    sure = np.concatenate([ranking.probabilities(rows) for rows, _ in cases])
    truth = np.concatenate([right for _, right in cases])
    shown = sure >= 0.1
    bins = np.minimum((sure[shown] * 10).astype(int), 9)
    error = sum(
        abs(sure[shown][bins == one].mean() - truth[shown][bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    )
    found = {"recall@1": np.mean(first), "recall@10": np.mean(top), "calibration error": error}
    return {"pair": name, "queries": len(cases)} | {key: round(float(one), 4) for key, one in found.items()}


def gather(pair: str, library: Library, index: SearchIndex, reader: Reader) -> list[Case]:
    """What each line of the first file finds in the library with the lines of the other."""
    space = load_space(Settings.load().encoder, Settings.load().home)
    one, other = (Path(name) for name in pair.split(":"))
    lines = list(zip(read_lines(one), read_lines(other), strict=True))
    ids = put_lines(library, reader, [target for _, target in lines], other.suffix[1:])
    pairs = [
        pair
        for place, pair in enumerate(lines)
        if not held_out(place) and pair[0].strip() and pair[1].strip()
    ]
    cases = []
    for number, (line, target) in enumerate(pairs[:: max(1, len(pairs) // MOST)]):
        asked = clause(line) if _is_clause(number) else line
        plain = Query(re.sub('["“”„«»「」『』]', " ", asked), one.suffix[1:])
        found = compare(library, index, space, ask(plain, reader.encoder, space))
        cases.append((found.rows, np.array([one.text.strip() == target.strip() for one in found.sentences])))
    library.remove(ids)
    return cases


def _is_clause(number: int) -> bool:
    return number % 3 == 2


def clause(line: str) -> str:
    """The longest part of ``line`` between commas and the like, if it is long enough to tell something."""
    longest = max(_CLAUSES.split(line), key=len).strip()
    return longest if len(longest) >= (_SHORTEST_HAN if _HAN.search(longest) else _SHORTEST) else line


def gather_gold(path: Path, library: Library, index: SearchIndex, reader: Reader) -> list[Case]:
    """What each sentence of a gold statement finds in the library with the articles of its event."""
    space = load_space(Settings.load().encoder, Settings.load().home)
    cases = []
    for event in read_events(path):
        ids = [
            one
            for sentences, lang in zip(event.sentences, event.languages, strict=True)
            for one in put_lines(library, reader, sentences, lang)
        ]
        for statement in event.statements:
            told = [
                (event.sentences[article][place], event.languages[article])
                for article, places in statement.items()
                for place in places
            ]
            texts = {text for text, _ in told}
            for text, lang in told:
                query = Query(re.sub('["“”„«»「」『』]', " ", text), lang)
                found = compare(library, index, space, ask(query, reader.encoder, space))
                other = np.array([one.text != text for one in found.sentences])
                right = np.array([one.text in texts for one in found.sentences])
                cases.append((found.rows[other], right[other]))
        library.remove(ids)
    return cases


@click.command()
@click.option("--distractors", required=True, type=click.Path(path_type=Path))
@click.option("--keep", type=click.Path(path_type=Path), help="Where the library is kept between runs.")
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="Events with gold statements.")
@click.argument("pairs", nargs=-1, required=True)
def main(distractors: Path, keep: Path | None, gold: tuple[Path, ...], pairs: tuple[str, ...]) -> None:
    """Fit, and report on what was fitted to."""
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    reader = Reader(load_encoder(settings.encoder, settings.home), space.tokens)
    fitted: dict[str, list[Case]] = {}
    with tempfile.TemporaryDirectory() as folder, Library(keep or Path(folder)) as library:
        put_distractors(library, reader, distractors)
        index = SearchIndex(library, space)
        for pair in pairs:
            fitted[pair] = gather(pair, library, index, reader)
        for path in gold:
            fitted[path.name] = gather_gold(path, library, index, reader)
    told = [
        (case, free or not _is_clause(number), FREE if free else 1.0)
        for name, own in fitted.items()
        for free in [name.endswith(".jsonl")]
        for number, case in enumerate(own)
    ]
    ranking = fit([case for case, *_ in told], [one for _, one, _ in told], [count for *_, count in told])
    write(ranking)
    for pair, cases in fitted.items():
        print(json.dumps(report(pair, ranking, cases)), flush=True)


def write(ranking: rank.Ranking) -> None:
    """``rank.json`` anew."""
    told = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(ranking).items())
    made = "python scripts/fit_search.py; see there and docs/search.md"
    Path(rank.__file__).with_suffix(".json").write_text(
        f'{{\n  "made by": "{made}",\n{told}\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
