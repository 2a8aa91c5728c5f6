"""Fit the maps of ``crosslingual/embeddings/projection.py`` and write ``projection.npz`` beside it.

Example: python scripts/fit_mapping.py --distractors news --whole pud --whole tatoeba.deu-eng ntrex flores

Each name stands for line-parallel files with the ending of their language (``ntrex.zh``, ``ntrex.en``, …). Of
every forty lines the first ten are fitted to; the third ten are for ``scripts/fit_search.py``, which has to
be run after this, and the others for measuring. Of ``--whole`` names all lines are fitted to.

A map is I + U. Of a batch of translations each line is to be nearer to its own than to the others' and to
sentences of the articles in the folder, by a softmax over cosines (vectors) or over how much the two cover
each other (tokens, against lines and sentences that are near by their vectors).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

from crosslingual.align.space import Space, load_space
from crosslingual.embeddings import projection
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.embeddings.encoder import Encoder
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.search import store_distractors
from crosslingual.language.detect import detect_language
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER, load_encoder
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

VECTOR_STEPS, VECTOR_BATCH, VECTOR_HEAT, VECTOR_PENALTY = 1000, 256, 0.06, 2e-3
TOKEN_STEPS, TOKEN_BATCH, TOKEN_HEAT, TOKEN_PENALTY = 800, 64, 0.05, 1e-3
RATE = 1e-3
OTHERS = 2000  # sentences of articles in a step
NEAR = 3  # of the nearest sentences of articles one is taken
Told = tuple[torch.Tensor, torch.Tensor]  # vectors (k, t) of tokens, and weights (k,)


@dataclass(frozen=True)
class Lines:
    """The sentences of one language: ``vectors`` (n, d), and their tokens."""

    vectors: torch.Tensor
    tokens: Sequence[Told]


@dataclass(frozen=True)
class Parallel:
    """Lines in several languages, ``fitted`` (m,) of them to be fitted to."""

    langs: Mapping[str, Lines]
    fitted: torch.Tensor

    def pairs(self) -> Iterator[tuple[Parallel, str, str]]:
        """Each pair of languages, both ways."""
        for one in self.langs:
            yield from ((self, one, other) for other in self.langs if other != one)


def read_all(texts: Sequence[str], lang: str, encoder: Encoder, space: Space) -> Lines:
    """Sentences in ``lang``, encoded."""
    vectors: list[FloatArray] = []
    tokens: list[Told] = []
    for start in range(0, len(texts), 1500):  # the states of many are large
        read = encoder.encode_with_tokens(texts[start : start + 1500])
        vectors.append(space.center_vectors(read.vectors, lang))
        tokens += map(half, space.tokens.project_states(read.states, read.weights, lang))
    return Lines(torch.tensor(np.concatenate(vectors)), tokens)


def half(told: TokenVectors) -> Told:
    """Tokens in half precision: there are millions."""
    return torch.tensor(told.vectors, dtype=torch.float16), torch.tensor(told.weights)


def parallel_lines(name: Path) -> dict[str, list[str]]:
    """The lines of the files that begin with ``name``, by language."""
    told = {}
    for path in sorted(name.parent.glob(f"{name.name}.*")):
        lines = read_lines(path)
        if path.suffix != ".docids" and (lang := detect_language("\n".join(lines)[:100_000])):
            told[lang] = lines
    if len(told) < 2 or len({len(lines) for lines in told.values()}) != 1:
        raise SystemExit(f"{name}: give line-parallel files in several languages, ending as {name.name}.zh")
    return told


def read_parallel(name: Path, encoder: Encoder, space: Space, *, whole: bool) -> Parallel:
    """The files that begin with ``name``, encoded."""
    langs = {lang: read_all(lines, lang, encoder, space) for lang, lines in parallel_lines(name).items()}
    count = len(next(iter(langs.values())).tokens)
    return Parallel(langs, torch.tensor([i for i in range(count) if whole or i // 10 % 4 == 0]))


def read_news(library: Library, space: Space) -> dict[str, Lines]:
    """All sentences of a library by language."""
    told: dict[str, list[str]] = {}
    langs = {entry.article: entry.lang for entry in library.lookup.article_entries()}
    for article, own in library.load_sentences(langs).items():
        told.setdefault(langs[article], []).extend(sentence.text for sentence in own)
    return {lang: as_told(library, texts, lang, space) for lang, texts in told.items()}


def as_told(library: Library, texts: Sequence[str], lang: str, space: Space) -> Lines:
    """Sentences in ``lang`` that the library has encoded."""
    unique = list(dict.fromkeys(texts))
    vectors = space.center_vectors(library.load_vectors(space.model, unique), lang)
    packed = library.load_tokens(space.tokens.key, unique)
    return Lines(torch.tensor(vectors), [half(space.tokens.unpack(one, lang)) for one in packed])


def mapped(rows: torch.Tensor, extra: torch.Tensor) -> torch.Tensor:
    """``rows`` (n, d) after I + ``extra`` (d, d), of length 1."""
    return normalize(rows + rows @ extra, dim=1)


def covered(src: Sequence[Told], tgt: Sequence[Told], extra: torch.Tensor) -> torch.Tensor:
    """(n, m): how much n sentences and m cover each other's tokens, added up; see ``align/text_coverage.py``."""

    def joined(told: Sequence[Told]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rows = torch.cat([rows for rows, _ in told]).float()
        owner = torch.repeat_interleave(torch.tensor([len(weights) for _, weights in told]))
        weights = torch.cat([weights for _, weights in told])
        return mapped(rows, extra), weights, owner

    def one_way(
        cosines: torch.Tensor, weights: torch.Tensor, owner: torch.Tensor, opposite: torch.Tensor
    ) -> torch.Tensor:
        n, m = int(owner[-1]) + 1, int(opposite[-1]) + 1
        best = torch.full((len(cosines), m), -2.0)
        best = best.scatter_reduce(1, opposite[None].expand(len(cosines), -1), cosines, "amax")
        sums = torch.zeros(n, m).index_add(0, owner, best * weights[:, None])
        return sums / torch.zeros(n).index_add(0, owner, weights)[:, None]

    (a, a_weights, a_owner), (b, b_weights, b_owner) = joined(src), joined(tgt)
    cosines = a @ b.T
    there = one_way(cosines, a_weights, a_owner, b_owner)
    return torch.as_tensor(there + one_way(cosines.T, b_weights, b_owner, a_owner).T)


class Fit:
    """Steps of Adam towards a map I + U, over pairs of languages drawn by the root of their lines."""

    def __init__(self, sets: Sequence[Parallel], size: int, steps: int) -> None:
        torch.manual_seed(0)
        self.extra = torch.zeros(size, size, requires_grad=True)
        self._pairs = [pair for one in sets for pair in one.pairs()]
        weights = torch.tensor([float(len(one.fitted)) ** 0.5 for one, _, _ in self._pairs])
        self._drawn = torch.multinomial(weights, steps, replacement=True).tolist()
        self._adam = torch.optim.Adam([self.extra], lr=RATE)
        self._rate = torch.optim.lr_scheduler.CosineAnnealingLR(self._adam, steps)

    def batches(self, size: int) -> Iterator[tuple[Parallel, str, str, torch.Tensor]]:
        """For each step parallel lines, the two languages, and places to be fitted to."""
        for drawn in self._drawn:
            one, src, tgt = self._pairs[drawn]
            yield one, src, tgt, one.fitted[torch.randperm(len(one.fitted))[:size]]

    def step(self, scores: torch.Tensor, penalty: float) -> None:
        """``scores`` (n, m): of row i, column i is right."""
        loss = cross_entropy(scores, torch.arange(len(scores))) + penalty * (self.extra**2).sum()
        self._adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own gap
        self._adam.step()
        self._rate.step()


def fit_vectors(sets: Sequence[Parallel], news: Mapping[str, Lines]) -> torch.Tensor:
    """U (d, d) of the vectors."""
    vectors = torch.cat([lines.vectors for lines in news.values()])
    fit = Fit(sets, vectors.shape[1], VECTOR_STEPS)
    for one, src, tgt, places in fit.batches(VECTOR_BATCH):
        others = vectors[torch.randperm(len(vectors))[:OTHERS]]
        rows = torch.cat([one.langs[src].vectors[places], one.langs[tgt].vectors[places], others])
        told = mapped(rows, fit.extra)
        fit.step(told[: len(places)] @ told[len(places) :].T / VECTOR_HEAT, VECTOR_PENALTY)
    return fit.extra.detach()


def fit_tokens(sets: Sequence[Parallel], news: Mapping[str, Lines], of_vectors: torch.Tensor) -> torch.Tensor:
    """U (t, t) of the tokens, among what is near by mapped vectors."""
    near_news = {lang: mapped(lines.vectors, of_vectors) for lang, lines in news.items()}
    size = sets[0].langs[next(iter(sets[0].langs))].tokens[0][0].shape[1]
    fit = Fit(sets, size, TOKEN_STEPS)
    for step, (one, src, tgt, places) in enumerate(fit.batches(TOKEN_BATCH)):
        queries, lines = mapped(one.langs[src].vectors[places], of_vectors), one.langs[tgt]
        own = set(places.tolist())
        fitted = mapped(lines.vectors[one.fitted], of_vectors)
        near = one.fitted[torch.topk(queries @ fitted.T, 4).indices]
        others = [lines.tokens[place] for place in dict.fromkeys(near.flatten().tolist()) if place not in own]
        lang = tgt if tgt in news else list(news)[step % len(news)]
        found = torch.topk(queries @ near_news[lang].T, NEAR).indices[:, torch.randint(NEAR, (1,))]
        others += [news[lang].tokens[place] for place in dict.fromkeys(found.flatten().tolist())]
        asked = [one.langs[src].tokens[place] for place in places.tolist()]
        right = [lines.tokens[place] for place in places.tolist()]
        fit.step(covered(asked, right + others, fit.extra) / 2 / TOKEN_HEAT, TOKEN_PENALTY)
    return fit.extra.detach()


@click.command()
@click.option("--distractors", required=True, type=click.Path(path_type=Path), help="A folder of articles.")
@click.option("--keep", type=click.Path(path_type=Path), help="Where their library is kept between runs.")
@click.option("--whole", multiple=True, type=click.Path(path_type=Path), help="Fitted to in all lines.")
@click.argument("names", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(distractors: Path, keep: Path | None, whole: tuple[Path, ...], names: tuple[Path, ...]) -> None:
    """Fit both maps, first that of the vectors."""
    home = Settings.load().home
    encoder, space = load_encoder(DEFAULT_ENCODER, home), load_space(DEFAULT_ENCODER, home)
    sets = [read_parallel(name, encoder, space, whole=name in whole) for name in (*names, *whole)]
    with tempfile.TemporaryDirectory() as folder, Library(keep or Path(folder)) as library:
        store_distractors(library, ArticleEncoder(encoder, space.tokens), distractors)
        news = read_news(library, space)
    print({lang: len(lines.tokens) for lang, lines in news.items()}, flush=True)
    of_vectors = fit_vectors(sets, news)
    print(f"vectors: |U| {of_vectors.norm():.1f}", flush=True)
    of_tokens = fit_tokens(sets, news, of_vectors)
    print(f"tokens: |U| {of_tokens.norm():.1f}", flush=True)
    states = space.tokens.basis @ (np.eye(len(of_tokens)) + of_tokens.numpy())
    np.savez(
        Path(projection.__file__).with_suffix(".npz"),
        model=np.array(DEFAULT_ENCODER),
        vectors=(np.eye(len(of_vectors)) + of_vectors.numpy()).astype(np.float16),
        states=states.astype(np.float16),
    )


if __name__ == "__main__":
    main()
