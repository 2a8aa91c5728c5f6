from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.align.beads import MAX_SIDE_SENTENCES, Overlaps, TokenFeatures
from crosslingual.align.path import IMPOSSIBLE_SCORE, Corridor, find_best_path, find_corridor
from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.align.translation import align_overlaps, align_texts, build_overlaps, encode_overlaps
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.embeddings.token_states import TokenVectors
from crosslingual.evaluate.alignment import BeadSides, bead_sides, score_alignments
from crosslingual.tmx import read_tmx
from crosslingual.types import FloatArray
from tests.helpers.reference_vecalign import reference_align

Told = tuple[Overlaps, Overlaps, list[BeadSides]]


def unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def told(steps: list[tuple[int, int]], noise: float = 0.5, seed: int = 1) -> Told:
    """Two texts in which step (a, b) is one thing said in a and in b sentences, and the gold beads."""
    chance = np.random.default_rng(seed)
    src: list[FloatArray] = []
    tgt: list[FloatArray] = []
    gold: list[BeadSides] = []
    for a, b in steps:
        parts = chance.normal(size=(a * b or 1, 64))  # so that either side can be cut from the same parts
        gold.append((tuple(range(len(src), len(src) + a)), tuple(range(len(tgt), len(tgt) + b))))
        src += [part.sum(axis=0) for part in np.array_split(parts, a)] if a else []
        tgt += [part.sum(axis=0) for part in np.array_split(parts, b)] if b else []
    return _overlaps(src, noise, chance), _overlaps(tgt, noise, chance), gold


def _overlaps(sentences: list[FloatArray], noise: float, chance: np.random.Generator) -> Overlaps:
    lengths = np.asarray([int(20 * np.linalg.norm(vector)) for vector in sentences], dtype=np.int64)
    sums = np.cumsum(np.concatenate([np.zeros((1, 64)), np.reshape(sentences, (-1, 64))]), axis=0)
    runs = []
    for size in range(1, MAX_SIDE_SENTENCES + 1):
        vectors = sums[size:] - sums[:-size] if len(sums) > size else np.zeros((0, 64))
        runs.append(unit(np.asarray(vectors + noise * chance.normal(size=vectors.shape), np.float32)))
    return Overlaps(tuple(runs), lengths)


def with_tokens(side: Overlaps, chance: np.random.Generator) -> Overlaps:
    """As it is, and each sentence has from one to six tokens that lie around its own vector."""
    tokens = []
    for vector in side.runs[0]:
        vectors = unit(vector + 0.5 * chance.normal(size=(chance.integers(1, 7), len(vector))) / 8)
        tokens.append(TokenVectors(vectors, chance.uniform(1, 8, len(vectors)).astype(np.float32)))
    return Overlaps(side.runs, side.lengths, tokens)


STEPS = [(1, 1)] * 6 + [(1, 2), (2, 1)]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([(1, 1), (1, 2), (3, 1), (1, 0), (0, 1), (2, 2)]), max_size=30),
    st.floats(0, 5),
    st.integers(0, 9),
    st.booleans(),
)
def test_every_sentence_stands_once_and_in_order(
    steps: list[tuple[int, int]], noise: float, seed: int, tokens: bool
) -> None:
    src, tgt, _ = told(steps, noise, seed)
    if tokens:
        chance = np.random.default_rng(seed)
        src, tgt = with_tokens(src, chance), with_tokens(tgt, chance)
    alignments = align_overlaps(src, tgt)
    assert [i for one in alignments for i in one.src] == list(range(len(src)))
    assert [j for one in alignments for j in one.tgt] == list(range(len(tgt)))
    for one in alignments:
        assert one.src or one.tgt
        assert np.isfinite(one.score)


def test_beads_and_gaps_are_found() -> None:
    steps = (STEPS * 6)[:40] + [(1, 0), (1, 0)] + STEPS * 3 + [(0, 1)] * 3 + STEPS * 3
    src, tgt, gold = told(steps)
    assert score_alignments([gold], [bead_sides(align_overlaps(src, tgt))]).strict.f1 > 0.95


def mass(covered: Sequence[TokenVectors], by: Sequence[TokenVectors]) -> float:
    """Weight of the tokens of ``covered``, each times its cosine with the nearest."""
    opposite = np.concatenate([one.vectors for one in by])
    return sum(float((one.vectors @ opposite.T).max(axis=1) @ one.weights) for one in covered)


def expected_features(
    src: Sequence[TokenVectors], tgt: Sequence[TokenVectors], bead: BeadSides
) -> list[float]:
    """The features of tokens, sentence by sentence; the first, of a side each, in their order."""
    shares, inner, outer = [], [], [0.0]
    weights = []
    for (one, own), (other, opposite) in itertools.permutations(zip((src, tgt), bead, strict=True)):
        here, there = [one[i] for i in own], [other[j] for j in opposite]
        covered = mass(here, there)
        weights.append(sum(float(sentence.weights.sum()) for sentence in here))
        shares.append(covered / weights[-1])
        if len(there) > 1:
            inner += [(covered - mass(here, there[1:])) / there[0].weights.sum()]
            inner += [(covered - mass(here, there[:-1])) / there[-1].weights.sum()]
        outer += [
            (mass(here, [*there, other[j]]) - covered) / float(other[j].weights.sum())
            for j in (opposite[0] - 1, opposite[-1] + 1)
            if 0 <= j < len(other)
        ]
    size = np.log(min(weights)) - 4
    low, high = min(shares), max(shares)
    return [
        low,
        high,
        size,
        low * size,
        high * size,
        min(inner, default=0),
        sum(inner),
        max(outer),
        sum(outer),
    ]


def test_features_of_a_block_are_those_of_each_bead() -> None:
    chance = np.random.default_rng(3)
    src, tgt = (with_tokens(side, chance) for side in told([*STEPS, (2, 2)])[:2])
    assert src.tokens
    assert tgt.tokens
    features = TokenFeatures(src, tgt)
    n, m = len(src), len(tgt)
    for rows, columns in ((slice(0, n + 1), slice(0, m + 1)), (slice(3, 5), slice(2, 9))):
        found = features(rows, columns)
        for place, (a, b) in enumerate(features.beads):
            for i, j in itertools.product(range(max(a, rows.start), rows.stop), range(b, columns.stop)):
                if j >= columns.start:
                    bead = tuple(range(i - a, i)), tuple(range(j - b, j))
                    here = found[place, 2:, i - rows.start, j - columns.start]
                    assert here == pytest.approx(expected_features(src.tokens, tgt.tokens, bead), abs=1e-3)


def test_sides_can_be_swapped() -> None:
    src, tgt, _ = told(STEPS * 6, noise=0.7)
    there, back = bead_sides(align_overlaps(src, tgt)), bead_sides(align_overlaps(tgt, src))
    pairs = {bead for bead in there if all(bead)}
    assert pairs == {(tgt_side, src_side) for src_side, tgt_side in back if src_side and tgt_side}


def test_a_long_text_is_found_through_insertions_larger_than_the_corridor() -> None:
    """Too long to compare all with all, and its middle is missing on one side."""
    steps = STEPS * 60 + [(0, 1)] * 200 + STEPS * 60 + [(1, 0)] * 150 + STEPS * 40
    src, tgt, gold = told(steps)
    corridor = find_corridor(src.runs[0], tgt.runs[0])
    cells = int((corridor.high - corridor.low + 1).sum())
    assert cells < 100 * (len(src) + len(tgt)) < len(src) * len(tgt)
    assert score_alignments([gold], [bead_sides(align_overlaps(src, tgt))]).strict.f1 > 0.95


def test_the_best_path_is_the_best_of_all() -> None:
    chance = np.random.default_rng(4)
    n, m, gap = 3, 4, -0.4
    shapes = [(1, 1), (1, 2), (2, 1)]
    worth = chance.normal(size=(len(shapes), n + 1, m + 1)).astype(np.float32)
    for place, (a, b) in enumerate(shapes):
        worth[place, :a] = worth[place, :, :b] = IMPOSSIBLE_SCORE

    def every(i: int, j: int) -> list[float]:
        if not i and not j:
            return [0.0]
        totals = [total + gap for total in (every(i - 1, j) if i else []) + (every(i, j - 1) if j else [])]
        for place, (a, b) in enumerate(shapes):
            if a <= i and b <= j:
                totals += [total + float(worth[place, i, j]) for total in every(i - a, j - b)]
        return totals

    path = find_best_path(Corridor.full(n, m), shapes, lambda rows, columns: worth[:, rows, columns], gap)
    assert sum(a for (a, _), _ in path) == n
    assert sum(b for (_, b), _ in path) == m
    assert sum(value for _, value in path) == pytest.approx(max(every(n, m)), abs=1e-5)


def test_a_corridor_leads_from_corner_to_corner() -> None:
    path = [(1, 1)] * 5 + [(0, 1)] * 300 + [(1, 0)] * 200 + [(1, 1)] * 50
    n, m = 2 * 255 - 1, 2 * 355
    corridor = Corridor.around_path(path, 2, n, m)
    assert corridor.low[0] == 0
    assert corridor.high[-1] == m
    assert (np.diff(corridor.low) >= 0).all()
    assert (np.diff(corridor.high) >= 0).all()
    assert (corridor.low[1:] <= corridor.high[:-1]).all(), "rows touch, or no path could pass"


def test_a_run_is_the_mean_of_its_sentences_by_length() -> None:
    vectors = unit(np.random.default_rng(5).normal(size=(4, 8)).astype(np.float32))
    lengths = [5, 40, 12, 90]
    own = vectors - vectors.sum(axis=0) / (4 + 20)
    for size, runs in enumerate(build_overlaps(vectors, lengths).runs, 1):
        places = [slice(start, start + size) for start in range(5 - size)]
        means = [np.average(own[place], axis=0, weights=lengths[place]) for place in places]
        assert runs == pytest.approx(unit(np.reshape(means, (-1, 8))), abs=1e-5)


def test_a_single_token_a_sentence_is_as_good_as_none() -> None:
    vectors = unit(np.random.default_rng(5).normal(size=(2, 8)).astype(np.float32))
    tokens = [
        TokenVectors(vectors[:1], np.ones(1, np.float32)),
        TokenVectors(vectors, np.ones(2, np.float32)),
    ]
    assert build_overlaps(vectors[:1], [9], tokens[:1]).tokens is None
    assert build_overlaps(vectors, [9, 9], tokens).tokens == tokens


def test_an_empty_side_leaves_gaps() -> None:
    src, tgt, _ = told([(1, 0), (1, 0)])
    assert bead_sides(align_overlaps(src, tgt)) == [((0,), ()), ((1,), ())]
    assert bead_sides(align_overlaps(tgt, src)) == [((), (0,)), ((), (1,))]
    assert align_overlaps(tgt, tgt) == []


def joined(texts: list[str], sizes: list[int], joint: str) -> list[str]:
    ends = list(itertools.accumulate(sizes, initial=0))
    return [joint.join(texts[start:end]) for start, end in itertools.pairwise(ends)]


@pytest.fixture(scope="session")
def memory() -> dict[str, list[tuple[str, str]]]:
    """By language: sentences and their English translations, in the order of the articles."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(DEMO_FOLDER.glob("*/memory.tmx")):
        for entry in read_tmx(path):
            if entry.tgt_lang == "en":
                pairs.setdefault(entry.src_lang, []).append((entry.src, entry.tgt))
    return pairs


def test_a_translation_is_better_aligned_than_by_plain_vecalign(
    memory: dict[str, list[tuple[str, str]]], encoder: SentenceEncoder, demo_space: Space
) -> None:
    chance = np.random.default_rng(6)
    gold: list[list[BeadSides]] = []
    ours: list[list[BeadSides]] = []
    plain: list[list[BeadSides]] = []
    for lang in ("zh", "ru"):
        shapes = [*[(1, 1)] * 7, *[(1, 2), (2, 1)] * 3, (1, 3), (0, 1), (1, 0)]
        src, tgt, path, i, j, place = [], [], [], 0, 0, 0
        while place + 3 <= len(memory[lang]):
            a, b = shapes[chance.integers(len(shapes))]
            used = max(a, b)
            chunk = memory[lang][place : place + used]
            src += joined(
                [text for text, _ in chunk], {0: [], 1: [used]}.get(a, [1] * a), " " if lang != "zh" else ""
            )
            tgt += joined([text for _, text in chunk], {0: [], 1: [used]}.get(b, [1] * b), " ")
            path.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
            i, j, place = i + a, j + b, place + used
        sides = (
            encode_overlaps(src, lang, encoder, demo_space),
            encode_overlaps(tgt, "en", encoder, demo_space),
        )
        gold.append(path)
        ours.append(bead_sides(align_overlaps(*sides)))
        plain.append(reference_align(sides[0].runs, sides[1].runs))
    assert score_alignments(gold, ours).strict.f1 > score_alignments(gold, plain).strict.f1


def test_few_sentences_are_aligned_too(encoder: SentenceEncoder, demo_space: Space) -> None:
    alignments = align_texts(
        ["Президент прибыл в Пекин.", "Переговоры длились три часа, подписано 12 документов."],
        "ru",
        ["The president arrived in Beijing.", "The talks lasted three hours.", "12 documents were signed."],
        "en",
        encoder,
        demo_space,
    )
    assert bead_sides(alignments) == [((0,), (0,)), ((1,), (1, 2))]
