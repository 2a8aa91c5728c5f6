"""Fit the weights of ``crosslingual/search/reranker.py`` and write ``reranker.json`` beside it.

Example: python scripts/fit_search.py --distractors news --gold corpora/gold/beijing-summit.jsonl ntrex flores

Each name stands for line-parallel files with the ending of their language (``ntrex.zh``, ``ntrex.en``, …).
Lines of each language are queries, at most MOST of them, which should find their like among the lines of all
other languages and the articles of the folder. Of every forty lines the third ten are fitted to: the first
ten are for ``scripts/fit_mapping.py``, the others for measuring (``crosslingual evaluate search``).
With --gold, sentences of events told freely are queries too, which should find those of the same statement,
and nothing in a library of the other events. What says the same is learned by logistic regression, also from
queries that nothing answers, and from small libraries, where what is nearest is not near; what comes first by
a softmax, too, from whole lines.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import click
import numpy as np
import torch
from fit_mapping import parallel_lines  # type: ignore[import-not-found]
from numpy.typing import NDArray
from torch.nn import functional

from crosslingual.align.space import Space, load_space
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.evaluate.gold_events import GoldEvent, read_events
from crosslingual.evaluate.search import store_distractors, store_lines
from crosslingual.library import Library
from crosslingual.model_store import load_encoder
from crosslingual.search import (
    Query,
    SearchIndex,
    encode_query,
    reranker,
)
from crosslingual.search.candidates import find_candidates
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

MOST = 150
"""Queries of a file."""
ABSENT = 50
"""Of them, those that are asked before there is anything to find."""
SMALL = 5, 5, 5, 5, 20, 20, 20, 20, 60, 60
"""Lines of each language in each small library."""
PENALTY, PENALTY_ORDER = 1e-5, 1e-4
FREE = 4.0
"""As how many queries a freely told sentence counts in probabilities: there are few of them."""
COPIED = 5
"""Of so many queries one is asked again among lines of its own language, the very line included."""
_CLAUSES = re.compile(r"[,;:—–，；：、。.!?]\s+|[，；：。]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SHORTEST, _SHORTEST_HAN = 25, 8  # characters of a clause


@dataclass(frozen=True)
class Case:
    """What a query found: features (n, f), which of it is ``right``, and its ``langs``, both (n,).

    A ``whole`` one asked with all of a line; in a ``free`` one several may be right at once.
    """

    rows: FloatArray
    right: NDArray[np.bool_]
    langs: NDArray[np.str_]
    free: bool
    whole: bool


@cache
def space_of_default() -> Space:
    """The space of the encoder that is set."""
    settings = Settings.load()
    return load_space(settings.encoder, settings.home)


def fit(cases: Sequence[Case]) -> reranker.RankingModel:
    """Weights from what each query found; one of a ``free`` query counts as FREE others.

    The order is learned from features and squares alone: with all products it put fewer lines of NTREX first
    that it had not seen.
    """
    rows = np.concatenate([case.rows for case in cases])
    right = np.concatenate([case.right for case in cases])
    counts = np.concatenate([np.full(len(case.right), FREE if case.free else 1.0) for case in cases])
    start = reranker.RankingModel(_rounded(rows.mean(axis=0)), _rounded(np.maximum(rows.std(axis=0), 1e-6)))
    terms = start.expand_features(rows)
    spread = np.maximum(terms.std(axis=0), 1e-6)
    scaled = torch.tensor(terms / spread)
    one, other = np.triu_indices(rows.shape[1])
    alone = np.append(np.arange(rows.shape[1]), rows.shape[1] + np.flatnonzero(one == other))
    by_itself = scaled[:, alone]
    places, chosen = _choices(cases)
    truth, shares = torch.tensor(right, dtype=torch.float32), torch.tensor(counts / counts.sum()).float()

    def unlike(weights: torch.Tensor) -> torch.Tensor:
        """Log loss, with the start as the last of ``weights``, which is not held down."""
        odds = scaled @ weights[:-1] + weights[-1]
        losses = functional.binary_cross_entropy_with_logits(odds, truth, reduction="none")
        return losses @ shares + PENALTY * (weights[:-1] ** 2).sum()

    def behind(weights: torch.Tensor) -> torch.Tensor:
        """That of all that a choice is between, the right comes before the rest."""
        nothing = torch.tensor(-1e9)
        scores = torch.where(places >= 0, (by_itself @ weights)[places.clamp(min=0)], nothing)
        own = torch.logsumexp(torch.where(chosen, scores, nothing), 1)
        return (torch.logsumexp(scores, 1) - own).mean() + PENALTY_ORDER * (weights**2).sum()

    fitted, order = _least(unlike, len(spread) + 1), np.zeros(len(spread), np.float32)
    order[alone] = _least(behind, len(alone))
    return replace(
        start,
        weights=_rounded(fitted[:-1] / spread),
        intercept=round(float(fitted[-1]), 4),
        ranking_weights=_rounded(order / spread),
    )


def _least(loss: Callable[[torch.Tensor], torch.Tensor], size: int) -> FloatArray:
    """The weights (size,) with the least loss."""
    weights = torch.zeros(size, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=400, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        lost = loss(weights)
        lost.backward()  # type: ignore[no-untyped-call]  # torch's own gap
        return lost

    optimiser.step(closure)  # type: ignore[no-untyped-call]  # as above
    return weights.detach().numpy()


def _choices(cases: Sequence[Case]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows (c, m) of all cases together that whole lines chose between, -1 for none, and which are right.

    Among all that a line found, and among what it found in each language.
    """
    chosen, start = [], 0
    for case in cases:
        groups = [case.langs == lang for lang in np.unique(case.langs)]
        for group in (np.ones(len(case.langs), np.bool_), *groups) if case.whole else ():
            own = np.flatnonzero(group)
            if case.right[own].any() and not case.right[own].all():
                chosen.append((start + own, case.right[own]))
        start += len(case.langs)
    shape = len(chosen), max(len(own) for own, _ in chosen)
    places, right = np.full(shape, -1), np.zeros(shape, np.bool_)
    for number, (own, truth) in enumerate(chosen):
        places[number, : len(own)], right[number, : len(own)] = own, truth
    return torch.tensor(places), torch.tensor(right)


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def report(name: str, ranking: reranker.RankingModel, cases: Sequence[Case]) -> dict[str, object]:
    """What of a kind of queries is found, and how often any is answered at all.

    Recall at 1 and 10 of those that have an answer; from a probability of .5 on, precision and recall.
    """
    sure = [ranking.predict_probabilities(case.rows) for case in cases]
    order = [case.right[np.argsort(-ranking.predict_scores(case.rows))] for case in cases if case.right.any()]
    claimed = np.concatenate(sure) >= LIKELY_PROBABILITY
    right = np.concatenate([case.right for case in cases])
    found = {
        "recall@1": sum(own[0] for own in order) / max(len(order), 1),
        "recall@10": sum(own[:10].any() for own in order) / max(len(order), 1),
        "precision": right[claimed].sum() / max(claimed.sum(), 1),
        "recall": claimed[right].sum() / max(right.sum(), 1),
        "answered": np.mean([(own >= LIKELY_PROBABILITY).any() for own in sure]),
    }
    return {"queries": name, "number": len(cases)} | {key: round(float(one), 4) for key, one in found.items()}


def third_tens(told: Mapping[str, Sequence[str]]) -> list[int]:
    """The places of parallel lines that are fitted to."""
    return [place for place in range(len(next(iter(told.values())))) if place // 10 % 4 == 2]


def gather(name: Path, library: Library, index: SearchIndex, reader: ArticleEncoder) -> dict[str, list[Case]]:
    """What lines of each language find in the library with those of all others: whole ones, and clauses.

    Before they are put there, they find nothing that says the same.
    """
    told = parallel_lines(name)
    thirds = third_tens(told)
    chosen = thirds[:: max(1, len(thirds) // MOST)]
    absent = chosen[:: MOST // ABSENT]
    found = {
        f"{name.name} {lang} absent": [
            case_of(text, lang, set(), library, index, reader)
            for text in _some_cut(lines[place] for place in absent)
        ]
        for lang, lines in told.items()
    }
    return found | asked(name.name, told, chosen, library, index, reader)


def gather_small(name: Path, reader: ArticleEncoder) -> dict[str, list[Case]]:
    """The same in small libraries, where hardly anything is near to a query."""
    told = parallel_lines(name)
    thirds = third_tens(told)
    found: dict[str, list[Case]] = {}
    for size in SMALL:
        if len(thirds) < 2 * size:
            break
        here, elsewhere, thirds = thirds[:size], thirds[size : 2 * size], thirds[2 * size :]
        own = {lang: [lines[place] for place in here] for lang, lines in told.items()}
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
            index = SearchIndex(library, space_of_default())
            for kind, cases in asked(
                f"small {name.name}",
                own,
                range(0, size, 3),
                library,
                index,
                reader,
                {lang: [lines[place] for place in elsewhere[::3]] for lang, lines in told.items()},
            ).items():
                found.setdefault(kind, []).extend(cases)
            index.close()
    return found


def asked(
    name: str,
    told: Mapping[str, Sequence[str]],
    places: Sequence[int],
    library: Library,
    index: SearchIndex,
    reader: ArticleEncoder,
    absent: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, list[Case]]:
    """What lines at ``places`` of each language find among those of the others, and ``absent`` ones."""
    found: dict[str, list[Case]] = {}
    like = {place: {own[place].strip() for own in told.values()} for place in places}
    ids = {lang: store_lines(library, reader, lines, lang) for lang, lines in told.items()}
    for lang, lines in told.items():
        library.remove_articles(ids[lang])
        here = [place for place in places if lines[place].strip()]
        for number, (place, text) in enumerate(
            zip(here, _some_cut(lines[place] for place in here), strict=True)
        ):
            kind = "clauses" if _is_clause(number) else "lines"
            case = case_of(text, lang, like[place], library, index, reader, whole=kind == "lines")
            found.setdefault(f"{name} {lang} {kind}", []).append(case)
        for text in _some_cut((absent or {}).get(lang, ())):
            case = case_of(text, lang, set(), library, index, reader)
            found.setdefault(f"{name} {lang} absent", []).append(case)
        ids[lang] = store_lines(library, reader, lines, lang)
        copied = here[::COPIED]
        for place, text in zip(copied, _some_cut(lines[place] for place in copied), strict=True):
            case = case_of(text, lang, like[place], library, index, reader, itself=True)
            found.setdefault(f"{name} {lang} copies", []).append(case)
    library.remove_articles(one for own in ids.values() for one in own)
    return found


def case_of(
    asked: str,
    lang: str,
    like: set[str],
    library: Library,
    index: SearchIndex,
    reader: ArticleEncoder,
    *,
    free: bool = False,
    whole: bool = False,
    itself: bool = False,
) -> Case:
    """What a query finds, but for itself, unless that is to be found too."""
    space = space_of_default()
    query = Query(re.sub('["“”„«»「」『』]', " ", asked), lang)
    found = find_candidates(library, index, space, encode_query(query, reader.encoder, space))
    other = np.array([itself or one.text != asked for one in found.sentences], np.bool_)
    right = np.array([one.text.strip() in like for one in found.sentences], np.bool_)
    langs = np.array([one.lang for one in found.entries], np.str_)
    return Case(found.features[other], right[other], langs[other], free, whole)


def _is_clause(number: int) -> bool:
    return number % 2 == 1


def _some_cut(lines: Iterable[str]) -> list[str]:
    """``lines``, every other cut to a clause."""
    return [clause(line, number) if _is_clause(number) else line for number, line in enumerate(lines)]


def clause(line: str, number: int = 0) -> str:
    """A part of ``line`` between commas and the like that is long enough to tell something, if there is one.

    Of several it is the one that ``number`` comes to.
    """
    parts = [part.strip() for part in _CLAUSES.split(line)]
    parts = [part for part in parts if len(part) >= (_SHORTEST_HAN if _HAN.search(part) else _SHORTEST)]
    return parts[number // 2 % len(parts)] if parts else line


def gather_gold(path: Path, library: Library, index: SearchIndex, reader: ArticleEncoder) -> list[Case]:
    """What each sentence of a gold statement finds in the library with the articles of its event."""
    cases = []
    for event in read_events(path):
        ids = _put_event(library, reader, event)
        for statement in event.statements:
            told = [
                (event.sentences[article][place], event.languages[article])
                for article, places in statement.items()
                for place in places
            ]
            like = {text for text, _ in told}
            cases += [case_of(text, lang, like, library, index, reader, free=True) for text, lang in told]
        library.remove_articles(ids)
    return cases


def _put_event(library: Library, reader: ArticleEncoder, event: GoldEvent) -> list[str]:
    told = zip(event.sentences, event.languages, strict=True)
    return [one for sentences, lang in told for one in store_lines(library, reader, sentences, lang)]


def gather_unanswered(paths: Sequence[Path], reader: ArticleEncoder) -> list[Case]:
    """What each sentence of an event finds in a library of the others, where nobody says it."""
    events = [event for path in paths for event in read_events(path)]
    cases = []
    for event in events:
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
            for other in events:
                if other is not event:
                    _put_event(library, reader, other)
            index = SearchIndex(library, space_of_default())
            for sentences, lang in zip(event.sentences, event.languages, strict=True):
                cases += [case_of(text, lang, set(), library, index, reader) for text in _some_cut(sentences)]
            index.close()
    return cases


@click.command()
@click.option("--distractors", required=True, type=click.Path(path_type=Path))
@click.option("--keep", type=click.Path(path_type=Path), help="Where the library is kept between runs.")
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="Events with gold statements.")
@click.argument("names", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(distractors: Path, keep: Path | None, gold: tuple[Path, ...], names: tuple[Path, ...]) -> None:
    """Fit, and report on what was fitted to."""
    settings = Settings.load()
    space = space_of_default()
    reader = ArticleEncoder(load_encoder(settings.encoder, settings.home), space.tokens)
    found: dict[str, list[Case]] = {}
    with tempfile.TemporaryDirectory() as folder, Library(keep or Path(folder)) as library:
        store_distractors(library, reader, distractors)
        index = SearchIndex(library, space)
        for name in names:
            found |= gather_small(name, reader) | gather(name, library, index, reader)
        for path in gold:
            found[path.name] = gather_gold(path, library, index, reader)
        found["other events"] = gather_unanswered(gold, reader)
    found = {kind: [case for case in own if len(case.right)] for kind, own in found.items()}
    ranking = fit([case for own in found.values() for case in own])
    write(ranking)
    for kind, cases in found.items():
        print(json.dumps(report(kind, ranking, cases)), flush=True)


def write(ranking: reranker.RankingModel) -> None:
    """``reranker.json`` anew."""
    told = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(ranking).items())
    made = "python scripts/fit_search.py; see there and docs/search.md"
    Path(reranker.__file__).with_suffix(".json").write_text(
        f'{{\n  "made by": "{made}",\n{told}\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
