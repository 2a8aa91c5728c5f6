"""Fit the weights of ``crosslingual/framing/evidence.py`` and write ``divergence.json`` beside it.

Example: python scripts/fit_divergence.py --without ntrex.zh-en.jsonl --without ntrex.ru-en.jsonl
ntrex pud flores

Each name stands for line-parallel files with the ending of their language (``ntrex.zh``, ``ntrex.en``, …).
Differences are planted into them as ``scripts/planting.py`` has it; a pair without is what they are told
from. ``--without`` names files in the format of ``crosslingual evaluate divergence``: lines that stand
there are left out. A fifth is held out; what is printed last is measured on it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import click
import numpy as np
from numpy.typing import NDArray
from planting import KINDS as PLANTS  # type: ignore[import-not-found]
from planting import Planter
from sklearn.linear_model import LogisticRegression

from crosslingual.align.matching import PairWeights
from crosslingual.align.space import load_space
from crosslingual.evaluate.divergence import roc_auc
from crosslingual.evaluate.lines import read_lines
from crosslingual.framing import evidence
from crosslingual.framing.counterparts import SentencePair
from crosslingual.framing.differences import analyze_sentences, combine_probabilities
from crosslingual.framing.evidence import (
    DIFFERENCE_KINDS,
    DifferenceEvidence,
    score_differences,
    word_features,
)
from crosslingual.framing.word_vectors import WordEncoder
from crosslingual.model_store import load_encoder
from crosslingual.settings import Settings
from crosslingual.types import FloatArray

LANGS = ("zh", "ru", "uk", "de", "fr", "en")
OFTEN = {
    "number": 4,
    "date": 4,
    "name": 2,
    "negation": 2,
    "attribution": 4,
    "hedge": 1,
    "clause": 2,
    "words": 0.7,
}
"""How much sooner a kind is planted where several can be: the seldom possible come first."""
COUNTS = {"hedge": 150.0}
PLANTED = 500.0
"""How much all pairs of a kind count together, beside each pair without a difference as 1."""
WORDS = ("negation", "attribution", "hedge", "words")
"""Kinds by whose planted words the encoder's view of words without a counterpart is fitted."""
Line = dict[str, str]


@dataclass(frozen=True)
class Planted:
    """``tgt`` with a difference of ``kind`` at ``span``, or "none"; ``original`` is without.

    ``line`` is the number of the line all are of.
    """

    line: int
    src: tuple[str, str]
    tgt: tuple[str, str]
    original: tuple[str, str]
    kind: str
    span: tuple[int, int]

    @property
    def held_out(self) -> bool:
        """By the line, so that what is made of one stays on one side."""
        return zlib.crc32(str(self.line).encode()) % 5 == 0


def read(stems: Sequence[Path], without: Sequence[Path]) -> list[Line]:
    """Lines by language of all files, but those that stand in ``without``."""
    seen = {
        json.loads(row)[side] for path in without for row in read_lines(path) for side in ("src", "original")
    }
    lines = []
    for stem in stems:
        files = {lang: Path(f"{stem}.{lang}") for lang in LANGS}
        texts = {lang: read_lines(path) for lang, path in files.items() if path.is_file()}
        rows = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
        lines += [row for row in rows if not seen & set(row.values())]
    return lines


def planted(lines: Sequence[Line], chance: Random) -> Iterator[Planted]:
    """Every line with zh and ru against en, and one of other languages or directions for half of them."""
    planter = Planter({lang: [line[lang] for line in lines if lang in line] for lang in LANGS}, chance)
    for number, line in enumerate(lines):
        own = list(_changes(line["en"], "en", planter, 2 if "fr" in line and "uk" in line else 1))
        for lang in ("zh", "ru"):
            for kind, text, span in own:
                yield Planted(number, (line[lang], lang), (text, "en"), (line["en"], "en"), kind, span)
        if chance.random() < 0.5:
            src, tgt = chance.choice(
                [(a, b) for a in line for b in line if a != b and (a, b) not in (("zh", "en"), ("ru", "en"))]
            )
            for kind, text, span in _changes(line[tgt], tgt, planter, 1):
                yield Planted(number, (line[src], src), (text, tgt), (line[tgt], tgt), kind, span)


def _changes(
    text: str, lang: str, planter: Planter, count: int
) -> Iterator[tuple[str, str, tuple[int, int]]]:
    yield "none", text, (0, 0)
    for kind in sorted(PLANTS, key=lambda kind: -(planter.chance.random() ** (1 / OFTEN[kind]))):
        if count and (change := planter.plant(text, lang, kind)):
            yield kind, *change
            count -= 1


def fit(rows: FloatArray, truth: NDArray[np.bool_], counts: FloatArray, strength: float) -> PairWeights:
    """Logistic regression over features (p, f) and their squares."""
    width = rows.shape[1]
    nothing = (0.0,) * width
    start = PairWeights(
        0.0, _rounded(rows.mean(axis=0)), _rounded(np.maximum(rows.std(axis=0), 1e-3)), nothing, nothing
    )
    scaled = np.stack(
        [start.scale_feature(number, rows[:, number].astype(np.float32)) for number in range(width)], axis=1
    )
    both = np.concatenate([scaled, scaled**2], axis=1)
    model = LogisticRegression(C=strength, max_iter=5000).fit(both, truth, sample_weight=counts)
    return replace(
        start,
        bias=round(float(model.intercept_[0]), 3),
        linear=_rounded(model.coef_[0][:width]),
        squares=_rounded(model.coef_[0][width:]),
    )


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)


def fit_words(examples: Sequence[tuple[Planted, SentencePair, SentencePair | None]]) -> PairWeights:
    """Words that were planted, and those whose counterpart was cut, against all others."""
    rows, truth = [], []
    for example, pair, before in examples:
        if example.kind not in (*WORDS, "clause", "none"):
            continue
        for one in (pair, pair.swapped):
            rows.append(word_features(one))
            truth.append(np.zeros(len(rows[-1]), dtype=bool))
        if example.kind in WORDS:
            truth[-1][pair.right.words.indices_in_span(*example.span)] = True
        elif example.kind == "clause" and before and before.cosines.size:
            start = example.span[0]
            cut = before.right.words.indices_in_span(
                start, start + len(example.original[0]) - len(example.tgt[0])
            )
            truth[-2][:] = np.isin(before.cosines.argmax(axis=1), cut)
    everything = np.concatenate(truth)
    return fit(np.concatenate(rows), everything, np.ones(len(everything), dtype=np.float32), 1.0)


def write(weights: dict[str, PairWeights]) -> None:
    """``divergence.json`` anew, a line for each list."""
    told = []
    for kind, one in weights.items():
        lists = ",\n".join(
            f"      {json.dumps(name)}: {json.dumps(value)}" for name, value in asdict(one).items()
        )
        told.append(f"    {json.dumps(kind)}: {{\n{lists}\n    }}")
    inner = ",\n".join(told)
    made = "python scripts/fit_divergence.py; see there and docs/methods.md"
    Path(evidence.__file__).with_name("divergence.json").write_text(
        f'{{\n  "made by": "{made}",\n  "weights": {{\n{inner}\n  }}\n}}\n', encoding="utf-8"
    )
    evidence.load_weights.cache_clear()


@click.command()
@click.option("--without", multiple=True, type=click.Path(path_type=Path))
@click.argument("stems", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(without: tuple[Path, ...], stems: tuple[Path, ...]) -> None:
    """Fit to four fifths, report on the rest."""
    settings = Settings.load()
    aligner = WordEncoder(
        load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home).tokens
    )
    found = list(planted(read(stems, without), Random(7)))  # no secret
    cells = list(dict.fromkeys(cell for one in found for cell in (one.src, one.tgt, one.original)))
    known = analyze_sentences(cells, aligner)
    examples = [
        (
            one,
            SentencePair.from_sentences(known[one.src], known[one.tgt]),
            SentencePair.from_sentences(known[one.src], known[one.original]),
        )
        for one in found
    ]
    weights = {"words": fit_words([example for example in examples if not example[0].held_out])}
    write(weights)
    told = DifferenceEvidence.from_pairs([pair for _, pair, _ in examples])
    features = [one.features_by_kind() for one in told]
    kinds = np.array([one.kind for one in found])
    fitted = np.array([not one.held_out for one in found])
    for kind in DIFFERENCE_KINDS:
        own = fitted & ((kinds == kind) | (kinds == "none"))
        truth = kinds[own] == kind
        counts = np.where(truth, COUNTS.get(kind, PLANTED) / truth.sum(), 1.0)
        rows = np.array([features[place][kind] for place in np.flatnonzero(own)])
        weights[kind] = fit(rows, truth, counts, 0.1)
    write(weights)
    scores = np.array([combine_probabilities(one) for one in score_differences(told)])
    areas = {
        kind: round(roc_auc(scores[~fitted & (kinds == kind)], scores[~fitted & (kinds == "none")]), 4)
        for kind in PLANTS
    }
    print(json.dumps({"examples": len(found), "held out": areas}))


if __name__ == "__main__":
    main()
