"""Fit the weights of ``crosslingual/search/rank.py`` and write ``rank.json`` beside it.

Example: python scripts/fit_search.py --distractors news --gold corpora/gold/beijing-summit.jsonl ntrex flores

Each name stands for line-parallel files with the ending of their language (``ntrex.zh``, ``ntrex.en``, …).
Lines of each language are queries, at most MOST of them, which should find their like among the lines of all
other languages and the articles of the folder. Of every forty lines the third ten are fitted to: the first
ten are for ``scripts/fit_mapping.py``, the others for measuring (``crosslingual evaluate search``).
With --gold, sentences of events told freely are queries too, which should find those of the same statement.
What comes first is learned as a choice among all that is found, and among what is found in each language
(a softmax over them); the probability by a logistic regression, where of every other query no like is found.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import numpy as np
import torch
from fit_mapping import parallel_lines  # type: ignore[import-not-found]
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from crosslingual.align.matching import LIKELY
from crosslingual.align.space import Space, load_space
from crosslingual.evaluate.search import put_distractors, put_lines
from crosslingual.evaluate.statements import read_events
from crosslingual.library import Library
from crosslingual.models import load_encoder
from crosslingual.reader import Reader
from crosslingual.search import Query, SearchIndex, ask, rank
from crosslingual.search.find import compare
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

MOST = 200
"""Queries of a file."""
STRENGTH = 1e-4
FREE = 4.0
"""As how many queries a freely told sentence counts in probabilities: there are few of them."""
_CLAUSES = re.compile(r"[,;:—–，；：、。.!?]\s+|[，；：。]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHORTEST, _SHORTEST_HAN = 25, 8  # characters of a clause


@dataclass(frozen=True)
class Case:
    """What a query found: features (n, f), which of it is ``right``, and its ``langs``, both (n,).

    In a ``free`` one several may be right at once.
    """

    rows: FloatArray
    right: NDArray[np.bool_]
    langs: NDArray[np.str_]
    free: bool


def fit(cases: Sequence[Case], whole: Sequence[bool], counts: Sequence[float]) -> rank.Ranking:
    """Weights from what each query found; the order from those that are ``whole``, not a clause or free."""
    able = [case for case, one in zip(cases, whole, strict=True) if one]
    rows = np.concatenate([case.rows for case in able])
    means, deviations = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    start = rank.Ranking(_rounded(means), _rounded(deviations), (), (), 0)
    scaled = torch.tensor(start.scaled(rows))
    places, right = _choices(able)
    weights = torch.zeros(scaled.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=400, line_search_fn="strong_wolfe")
    nothing = torch.tensor(-1e9)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = torch.where(places >= 0, (scaled @ weights)[places], nothing)
        among = torch.logsumexp(torch.where(right, scores, nothing), 1)
        loss = (torch.logsumexp(scores, 1) - among).mean() + STRENGTH * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own gap
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # as above
    return calibrated(replace(start, weights=_rounded(weights.detach().numpy())), cases, counts)


def _choices(cases: Sequence[Case]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows (c, m) of all cases together that a choice is between, -1 for none, and which are right."""
    chosen, start = [], 0
    for case in cases:
        groups = [case.langs == lang for lang in np.unique(case.langs)]
        for group in (np.ones(len(case.langs), np.bool_), *groups):
            own = np.flatnonzero(group)
            if case.right[own].any() and not case.right[own].all():
                chosen.append((start + own, case.right[own]))
        start += len(case.langs)
    shape = len(chosen), max(len(own) for own, _ in chosen)
    places, right = np.full(shape, -1), np.zeros(shape, np.bool_)
    for number, (own, truth) in enumerate(chosen):
        places[number, : len(own)], right[number, : len(own)] = own, truth
    return torch.tensor(places), torch.tensor(right)


def calibrated(ranked: rank.Ranking, cases: Sequence[Case], weights: Sequence[float]) -> rank.Ranking:
    """With what makes probabilities of features; each case counts as much as its weight."""
    rows, truth, counts = [], [], []
    for number, (case, weight) in enumerate(zip(cases, weights, strict=True)):
        shown = ~case.right if number % 2 and not case.free else np.ones(len(case.right), np.bool_)
        rows.append(ranked.scaled(case.rows[shown]))
        truth.append(case.right[shown])
        counts.append(np.full(int(shown.sum()), weight))
    model = LogisticRegression(max_iter=1000).fit(
        np.concatenate(rows), np.concatenate(truth), sample_weight=np.concatenate(counts)
    )
    return replace(ranked, sure=_rounded(model.coef_[0]), start=round(float(model.intercept_[0]), 4))


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def report(name: str, ranking: rank.Ranking, cases: Sequence[Case]) -> dict[str, object]:
    """Recall at 1 and 10, how far probabilities are from what is so, precision and recall from .5 on."""
    order = [np.argsort(-ranking.scores(case.rows)) for case in cases]
    first = [bool(case.right[own[0]]) for own, case in zip(order, cases, strict=True)]
    top = [bool(case.right[own[:10]].any()) for own, case in zip(order, cases, strict=True)]
    sure = np.concatenate([ranking.probabilities(case.rows) for case in cases])
    truth = np.concatenate([case.right for case in cases])
    shown = sure >= 0.1
    bins = np.minimum((sure[shown] * 10).astype(int), 9)
    error = sum(
        abs(sure[shown][bins == one].mean() - truth[shown][bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    )
    found = {
        "recall@1": np.mean(first),
        "recall@10": np.mean(top),
        "calibration error": error,
        "precision": truth[sure >= LIKELY].mean(),
        "recall": (sure[truth] >= LIKELY).mean(),
    }
    return {"queries": name, "number": len(cases)} | {key: round(float(one), 4) for key, one in found.items()}


def gather(name: Path, library: Library, index: SearchIndex, reader: Reader) -> dict[str, list[Case]]:
    """What lines of each language find in the library with those of all others: whole ones, and clauses."""
    space = load_space(Settings.load().encoder, Settings.load().home)
    told = parallel_lines(name)
    found: dict[str, list[Case]] = {}
    ids = {lang: put_lines(library, reader, lines, lang) for lang, lines in told.items()}
    for lang, lines in told.items():
        library.remove(ids[lang])
        places = [place for place, line in enumerate(lines) if place // 10 % 4 == 2 and line.strip()]
        for number, place in enumerate(places[:: max(1, len(places) // MOST)]):
            like = {own[place].strip() for own in told.values()}
            asked = clause(lines[place]) if _is_clause(number) else lines[place]
            case = case_of(asked, lang, like, library, index, reader, space)
            kind = "clauses" if _is_clause(number) else "lines"
            found.setdefault(f"{name.name} {lang} {kind}", []).append(case)
        ids[lang] = put_lines(library, reader, lines, lang)
    library.remove(one for own in ids.values() for one in own)
    return found


def case_of(
    asked: str,
    lang: str,
    like: set[str],
    library: Library,
    index: SearchIndex,
    reader: Reader,
    space: Space,
    *,
    free: bool = False,
) -> Case:
    """What a query finds, but for itself."""
    query = Query(re.sub('["“”„«»「」『』]', " ", asked), lang)
    found = compare(library, index, space, ask(query, reader.encoder, space))
    other = np.array([one.text != asked for one in found.sentences])
    right = np.array([one.text.strip() in like for one in found.sentences])
    langs = np.array([one.lang for one in found.entries])
    return Case(found.rows[other], right[other], langs[other], free)


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
            like = {text for text, _ in told}
            cases += [
                case_of(text, lang, like, library, index, reader, space, free=True) for text, lang in told
            ]
        library.remove(ids)
    return cases


@click.command()
@click.option("--distractors", required=True, type=click.Path(path_type=Path))
@click.option("--keep", type=click.Path(path_type=Path), help="Where the library is kept between runs.")
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="Events with gold statements.")
@click.argument("names", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(distractors: Path, keep: Path | None, gold: tuple[Path, ...], names: tuple[Path, ...]) -> None:
    """Fit, and report on what was fitted to."""
    settings = Settings.load()
    space = load_space(settings.encoder, settings.home)
    reader = Reader(load_encoder(settings.encoder, settings.home), space.tokens)
    found: dict[str, list[Case]] = {}
    with tempfile.TemporaryDirectory() as folder, Library(keep or Path(folder)) as library:
        put_distractors(library, reader, distractors)
        index = SearchIndex(library, space)
        for name in names:
            found |= gather(name, library, index, reader)
        for path in gold:
            found[path.name] = gather_gold(path, library, index, reader)
    told = [
        (case, kind.endswith(" lines"), FREE if case.free else 1.0)
        for kind, own in found.items()
        for case in own
    ]
    ranking = fit([case for case, *_ in told], [one for _, one, _ in told], [count for *_, count in told])
    write(ranking)
    for kind, cases in found.items():
        print(json.dumps(report(kind, ranking, cases)), flush=True)


def write(ranking: rank.Ranking) -> None:
    """``rank.json`` anew."""
    told = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(ranking).items())
    made = "python scripts/fit_search.py; see there and docs/search.md"
    Path(rank.__file__).with_suffix(".json").write_text(
        f'{{\n  "made by": "{made}",\n{told}\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
