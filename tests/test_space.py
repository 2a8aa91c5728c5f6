from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from crosslingual.align import space as module
from crosslingual.align.space import Space, fit_space, load_space
from crosslingual.embeddings.encoder import EncodedTexts
from crosslingual.embeddings.token_states import TokenSpace
from crosslingual.model_store import DEFAULT_ENCODER
from crosslingual.types import FloatArray

TOPICS = 12
NO_TOKENS = TokenSpace("m", np.zeros(3, np.float32), np.eye(3, dtype=np.float32), {}, np.zeros(3, np.float32))
PAIRS = [(lang, f"{lang} {topic}", f"en {topic}") for lang in ("zh", "ru") for topic in range(TOPICS)]


class OffsetEncoder:
    """Vectors of a topic plus an offset that only tells the language: ``"zh 3"`` is topic 3 in Chinese."""

    name = "offset@1"
    dimensions = 24

    def __init__(self) -> None:
        chance = np.random.default_rng(2)
        self._topics = chance.normal(size=(TOPICS, self.dimensions))
        self._offsets = {lang: 8 * chance.normal(size=self.dimensions) for lang in ("zh", "ru", "en")}

    def encode_with_tokens(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> EncodedTexts:
        vectors = self.encode(texts)
        return EncodedTexts(
            vectors, tuple(row[None] for row in vectors), (np.ones(1, np.float32),) * len(vectors)
        )

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        rows = [self._topics[int(text[3:])] + self._offsets[text[:2]] for text in texts]
        return np.asarray(rows, dtype=np.float32)


def test_the_offset_of_a_language_goes_and_the_meaning_stays() -> None:
    encoder = OffsetEncoder()
    space = fit_space(encoder, PAIRS)
    raw, centred = {}, {}
    for lang in ("zh", "ru", "en"):
        vectors = encoder.encode([f"{lang} {topic}" for topic in range(TOPICS)])
        raw[lang] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        centred[lang] = space.center_vectors(vectors, lang)
    itself = np.arange(TOPICS)
    for one, other in (("zh", "ru"), ("zh", "en"), ("ru", "en")):
        across, within = raw[one] @ raw[other].T, raw[one] @ raw[one].T
        assert across.max() < within.min(), "without it a language is nearer to itself than to any meaning"
        assert ((centred[one] @ centred[other].T).argmax(axis=1) == itself).all()
        np.testing.assert_allclose((centred[one] * centred[other]).sum(axis=1), 1, atol=1e-3)


def test_vectors_are_of_length_one_even_where_nothing_is_left() -> None:
    space = Space("m", {"en": np.ones(3, np.float32)}, np.zeros(3, np.float32), NO_TOKENS)
    moved = space.center_vectors(np.array([[3, 2, 1], [1, 1, 2]], np.float32), "en")
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, rtol=1e-6)
    assert np.isfinite(space.center_vectors(np.ones((1, 3), np.float32), "en")).all()
    assert space.center_vectors(np.zeros((0, 3), np.float32), "en").shape == (0, 3)


def test_a_language_it_was_not_fitted_to_is_moved_by_the_mean_of_all() -> None:
    encoder = OffsetEncoder()
    space = fit_space(encoder, PAIRS)
    np.testing.assert_allclose(
        space.default_mean, np.mean(list(space.language_means.values()), axis=0), rtol=1e-5
    )
    vectors = encoder.encode(["zh 1"])
    expected = vectors - space.default_mean
    np.testing.assert_allclose(
        space.center_vectors(vectors, "ja"), expected / np.linalg.norm(expected), rtol=1e-5
    )


def test_what_is_saved_loads_equal_for_its_own_model_only(tmp_path: Path) -> None:
    space, path = fit_space(OffsetEncoder(), PAIRS), tmp_path / "deep" / "space.npz"
    space.save(path)
    loaded = Space.load(path, "offset@1")
    assert loaded is not None
    assert loaded.language_means.keys() == space.language_means.keys()
    for lang, mean in space.language_means.items():
        assert (loaded.language_means[lang] == mean).all()
    assert (loaded.default_mean == space.default_mean).all()
    assert loaded.tokens.key == space.tokens.key
    assert loaded.tokens.language_means.keys() == space.tokens.language_means.keys()
    assert Space.load(path, "offset@2") is None
    assert [file.name for file in path.parent.iterdir()] == ["space.npz"]


def test_a_damaged_or_foreign_file_is_no_space(tmp_path: Path) -> None:
    path = tmp_path / "space.npz"
    fit_space(OffsetEncoder(), PAIRS).save(path)
    whole = path.read_bytes()
    np.save(tmp_path / "array.npy", np.ones(3))
    foreign = (
        b"",
        b"text",
        whole[:99],
        whole[: len(whole) // 2],
        whole[:-1],
        whole[:150] + b"\0" + whole[151:],
    )
    for content in (*foreign, (tmp_path / "array.npy").read_bytes()):
        path.write_bytes(content)
        assert Space.load(path, "offset@1") is None
    assert Space.load(tmp_path, "offset@1") is None
    assert Space.load(tmp_path / "nothing", "offset@1") is None


def test_the_space_is_fitted_once_and_again_when_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []

    def load(name: str, home: Path) -> OffsetEncoder:
        loads.append(name)
        return OffsetEncoder()

    monkeypatch.setattr(module, "load_encoder", load)
    monkeypatch.setattr(module, "encoder_key", lambda name, home: OffsetEncoder.name)
    monkeypatch.setattr(module, "_load_demo_pairs", lambda: PAIRS)
    first = load_space("offset", tmp_path)
    assert (load_space("offset", tmp_path).default_mean == first.default_mean).all()
    assert loads == ["offset"]
    (saved,) = tmp_path.rglob("*.npz")
    saved.write_bytes(saved.read_bytes()[:200])
    assert (load_space("offset", tmp_path).default_mean == first.default_mean).all()
    assert loads == ["offset", "offset"]


def test_the_real_space_is_there_without_the_encoder(
    demo_space: Space, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str, home: Path) -> None:
        raise AssertionError("the encoder is loaded again")

    monkeypatch.setattr(module, "load_encoder", load)
    again = load_space(DEFAULT_ENCODER, home)
    assert set(again.language_means) == {"zh", "ru", "uk", "en", "de", "fr"}
    assert all((again.language_means[lang] == mean).all() for lang, mean in demo_space.language_means.items())
