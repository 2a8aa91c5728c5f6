from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import MAX_DIMENSIONS, fit_token_space, normalize_rows

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

SAME = {
    "zh": "普京上周访问了北京。",
    "ru": "На прошлой неделе Путин посетил Пекин.",
    "en": "Putin visited Beijing last week.",
}
OTHER = "The harvest of apples was poor because of late frost."


@given(st.integers(1, 40), st.integers(0, 99))
def test_what_is_packed_comes_back_nearly_as_it_was(count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    translated = chance.standard_normal((300, 24), np.float32)
    native = translated + 3 * chance.standard_normal(24, np.float32)
    space = fit_token_space("m", {"xx": native}, {"xx": translated})
    weights = chance.uniform(1, 20, count).astype(np.float32)
    packed = space.pack(native[:count], weights)
    assert len(packed) == count * (24 + 4)
    found = space.unpack(packed, "xx")
    np.testing.assert_allclose(found.weights, weights, rtol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, rtol=1e-5)
    exact = normalize_rows(
        np.asarray((native[:count] - space.center) @ space.basis - space.language_means["xx"], np.float32)
    )
    assert (found.vectors * exact).sum(axis=1).min() > 0.999
    (again,) = space.project_states([native[:count]], [weights], "xx")
    np.testing.assert_array_equal(again.vectors, found.vectors)


def test_the_offset_of_a_language_goes() -> None:
    chance = np.random.default_rng(1)
    translated = chance.standard_normal((500, 24), np.float32)
    native = translated + 9 * np.ones(24, np.float32)
    space = fit_token_space("m", {"xx": native}, {"xx": translated})
    one, other = (
        space.unpack(space.pack(states[:9], np.ones(9, np.float32)), lang).vectors
        for states, lang in ((native, "xx"), (translated, "en"))
    )
    assert ((one @ other.T).argmax(axis=1) == np.arange(9)).all()


def test_another_projection_is_stored_under_another_key(demo_space: Space) -> None:
    chance = np.random.default_rng(1)
    states = chance.standard_normal((50, 8), np.float32)
    one, other = (fit_token_space("m", {"xx": states + shift}, {"xx": states}).key for shift in (1, 2))
    assert len({one, other, demo_space.tokens.key}) == 3
    assert demo_space.tokens.key.startswith(demo_space.model)


def test_words_of_one_meaning_are_nearest_across_languages(
    encoder: SentenceEncoder, demo_space: Space
) -> None:
    texts = [*SAME.values(), OTHER]
    read = encoder.encode_with_tokens(texts)
    np.testing.assert_allclose(read.vectors, encoder.encode(texts), atol=1e-2)
    tokens = [
        demo_space.tokens.project_states([states], [weights], lang)[0]
        for states, weights, lang in zip(read.states, read.weights, (*SAME, "en"), strict=True)
    ]
    assert all(one.vectors.shape == (len(one.weights), MAX_DIMENSIONS) for one in tokens)

    def covered(one: int, other: int) -> float:
        nearest = (tokens[one].vectors @ tokens[other].vectors.T).max(axis=1)
        return float(nearest @ tokens[one].weights / tokens[one].weights.sum())

    for one in range(3):
        for other in range(3):
            if one != other:
                assert covered(one, other) > covered(one, 3) + 0.1


def test_common_words_prompts_and_marks_are_left_out(encoder: SentenceEncoder) -> None:
    (short, long, empty) = encoder.encode_with_tokens(["Beijing", "the of and, Beijing.", ""]).weights
    assert len(short) >= 1
    assert len(long) == len(short)
    assert len(empty) >= 1
    assert min(map(min, (short, long, empty))) >= 1
