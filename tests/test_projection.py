from __future__ import annotations

import numpy as np
import pytest

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.embeddings.projection import find_projections, load_fitted_projection
from crosslingual.embeddings.token_states import TokenSpace, normalize_rows
from crosslingual.model_store import DEFAULT_ENCODER
from crosslingual.tmx import read_tmx
from crosslingual.types import FloatArray


def test_the_shipped_maps_are_of_the_default_encoder() -> None:
    fitted = load_fitted_projection()
    assert fitted.model == DEFAULT_ENCODER
    assert fitted.vectors.shape == (384, 384)
    assert fitted.states.shape[0] == 384
    assert np.isfinite(fitted.vectors).all()
    assert np.isfinite(fitted.states).all()


@pytest.mark.parametrize(("model", "size"), [("another@1", 384), (f"{DEFAULT_ENCODER}@1", 16)])
def test_another_encoder_has_none_and_stays_as_it_is(model: str, size: int) -> None:
    basis = np.eye(size, dtype=np.float32)
    nothing = np.zeros(size, np.float32)
    space = Space(model, {}, nothing, TokenSpace(model, nothing, basis, {}, nothing))
    assert find_projections(model, size, basis).vectors is None
    rows = np.random.default_rng(1).normal(size=(3, size)).astype(np.float32)
    np.testing.assert_array_equal(space.project_vectors(rows, "en"), space.center_vectors(rows, "en"))
    packed = space.tokens.pack(rows, np.ones(3, np.float32))
    told, plain = space.unpack_projected_tokens(packed, "en"), space.tokens.unpack(packed, "en")
    np.testing.assert_array_equal(told.vectors, plain.vectors)


@pytest.mark.parametrize("seed", [1, 2])
def test_tokens_are_mapped_alike_however_the_basis_lies(seed: int) -> None:
    """Eigenvectors come with other signs, and turned within a plane, on another machine."""
    chance = np.random.default_rng(seed)
    basis = np.linalg.qr(chance.normal(size=(384, 192)))[0].astype(np.float32)
    turned = basis @ np.linalg.qr(chance.normal(size=(192, 192)))[0].astype(np.float32)
    states = chance.normal(size=(5, 384)).astype(np.float32)

    def cosines(own: FloatArray) -> FloatArray:
        maps = find_projections(f"{DEFAULT_ENCODER}@any", 384, own)
        assert maps.tokens is not None
        rows = normalize_rows(np.asarray(states @ own @ maps.tokens, np.float32))
        return rows @ rows.T

    np.testing.assert_allclose(cosines(basis), cosines(turned), atol=1e-3)


def test_translations_stand_out_more_than_without(encoder: SentenceEncoder, demo_space: Space) -> None:
    """Of the demo's hand-made translations, to which the maps were not fitted."""
    pairs = {
        (e.src_lang, e.src, e.tgt)
        for path in DEMO_FOLDER.glob("*/memory.tmx")
        for e in read_tmx(path)
        if e.tgt_lang == "en"
    }
    told = {lang: sorted((src, tgt) for own, src, tgt in pairs if own == lang) for lang in ("zh", "ru")}
    right, ahead = (
        {"center_vectors": 0, "project_vectors": 0},
        {"center_vectors": 0.0, "project_vectors": 0.0},
    )
    for lang, own in told.items():
        native, english = (encoder.encode([pair[side] for pair in own]) for side in (0, 1))
        for name in right:
            place = getattr(demo_space, name)
            cosines = place(native, lang) @ place(english, "en").T
            own_cosines = np.diag(cosines).copy()
            np.fill_diagonal(cosines, -1)
            right[name] += int((own_cosines > cosines.max(axis=1)).sum())
            ahead[name] += float((own_cosines - cosines.max(axis=1)).mean())
    total = sum(map(len, told.values()))
    assert right["project_vectors"] >= right["center_vectors"] >= 0.9 * total
    assert ahead["project_vectors"] > ahead["center_vectors"]
