from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.embeddings.model_loading import load_model
from crosslingual.embeddings.token_selection import MAX_CHARS_PER_TOKEN, cut_texts
from crosslingual.errors import ModelError
from crosslingual.model_store import DEFAULT_ENCODER, encoder_key, load_encoder
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

pytestmark = pytest.mark.model

TEXTS = (
    "中国国家主席与俄罗斯总统在北京举行会谈。",
    "Переговоры прошли в Пекине в четверг.",
    "The presidents met in Beijing on Thursday.",
    "Das Treffen dauerte länger als geplant, weil noch über Gaslieferungen gesprochen wurde.",
    "Les deux présidents se sont rencontrés jeudi.",
    "Президенти зустрілися у четвер.",
    "Beijing.",
    "",
    "The talks, which both sides called constructive, touched on trade, energy, culture and the war. " * 6,
)


@pytest.fixture(scope="module")
def vectors(encoder: SentenceEncoder) -> FloatArray:
    return encoder.encode(TEXTS)


@pytest.fixture(scope="module")
def plain(home: Path) -> SentenceTransformer:
    import torch

    return load_model(home / "models" / DEFAULT_ENCODER, torch.float32)


def cosines(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray((left * right).sum(axis=1), dtype=np.float32)


def test_no_text_gives_no_vector(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_vectors_are_float32_of_length_one_for_the_empty_text_too(
    encoder: SentenceEncoder, vectors: FloatArray
) -> None:
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_sentence_is_nearest_to_its_translation(encoder: SentenceEncoder) -> None:
    other = (
        "Президент Китая и президент России провели переговоры в Пекине.",
        "Die Präsidenten trafen sich am Donnerstag in Peking.",
        "La réunion a duré plus longtemps que prévu, car on a encore parlé des livraisons de gaz.",
    )
    ours = encoder.encode([TEXTS[0], TEXTS[2], TEXTS[3]])
    assert (ours @ encoder.encode(other).T).argmax(axis=1).tolist() == [0, 1, 2]


@settings(max_examples=15, deadline=None)
@given(places=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=12))
def test_a_text_has_the_same_vector_in_any_batch_and_order(
    encoder: SentenceEncoder, vectors: FloatArray, places: Sequence[int]
) -> None:
    again = encoder.encode([TEXTS[place] for place in places])
    assert cosines(again, vectors[list(places)]).min() >= 0.999


def test_native_precision_agrees_with_plain_float32_and_its_prompt(
    vectors: FloatArray, plain: SentenceTransformer
) -> None:
    assert plain.prompts[str(plain.default_prompt_name)] == "query: "
    expected = plain.encode([f"query: {text}" for text in TEXTS], prompt="")
    assert cosines(vectors, expected).min() >= 0.995
    passages = plain.encode([f"passage: {text}" for text in TEXTS], prompt="")
    assert cosines(vectors, expected).mean() > cosines(vectors, passages).mean() + 0.005


def test_bfloat16_agrees_with_float32_wherever_it_is_not_native(
    home: Path, plain: SentenceTransformer
) -> None:
    import torch

    half = load_model(home / "models" / DEFAULT_ENCODER, torch.bfloat16)
    left, right = (np.asarray(model.encode(list(TEXTS)), np.float32) for model in (half, plain))
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    assert cosines(left, right).min() >= 0.995


def test_progress_counts_up_to_all_texts(tiny_model: Path) -> None:
    told: list[tuple[int, int]] = []
    texts = ["a b c d e f g h"] * 400
    SentenceEncoder(tiny_model, "tiny").encode(texts, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (400, 400)
    assert len(told) > 1


def test_texts_are_cut_at_what_a_network_can_see() -> None:
    assert cut_texts(["harbour" * 100, "half \ud83d"], 2) == [
        ("harbour" * 100)[: 2 * MAX_CHARS_PER_TOKEN],
        "half ?",
    ]
    assert cut_texts(["harbour" * 100], None) == ["harbour" * 100]


@pytest.mark.parametrize("unit", ["слово ", "字", "x"])
def test_a_text_of_a_megabyte_is_cut_before_it_is_tokenised(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, unit: str
) -> None:
    from transformers import PreTrainedTokenizerBase

    read: list[int] = []
    tokenise = PreTrainedTokenizerBase.__call__

    def watched(self: Any, texts: list[str], **options: Any) -> Any:
        read.extend(map(len, texts))
        return tokenise(self, texts, **options)

    monkeypatch.setattr(PreTrainedTokenizerBase, "__call__", watched)
    long, cut = encoder.encode([unit * (1_000_000 // len(unit)), unit * (12_000 // len(unit))])
    assert 0 < max(read) < 20_000
    assert long @ cut >= 0.999


def test_another_model_works_by_its_path_with_a_key_of_its_own(tiny_model: Path, home: Path) -> None:
    import torch

    other = load_encoder(str(tiny_model), home)
    assert other.name == encoder_key(str(tiny_model), home) != encoder_key(DEFAULT_ENCODER, home)
    expected = load_model(tiny_model, torch.float32).encode(["a plain text", "b"], normalize_embeddings=True)
    assert cosines(other.encode(["a plain text", "b"]), expected).min() >= 0.995


def test_the_prompt_of_a_models_own_configuration_is_used(tiny_model: Path, tmp_path: Path) -> None:
    prompted = tmp_path / "prompted"
    shutil.copytree(tiny_model, prompted)
    path = prompted / "config_sentence_transformers.json"
    configuration = json.loads(path.read_text(encoding="utf-8"))
    configuration |= {"prompts": {"topic": "find this: "}, "default_prompt_name": "topic"}
    path.write_text(json.dumps(configuration), encoding="utf-8")
    bare = SentenceEncoder(tiny_model, "bare")
    with_prompt = SentenceEncoder(prompted, "prompted").encode(["some text"])
    assert cosines(with_prompt, bare.encode(["find this: some text"])).min() >= 0.9999
    assert cosines(with_prompt, bare.encode(["some text"])).max() < 0.9999


@pytest.mark.parametrize("damage", ["model.safetensors", "tokenizer.json", "modules.json", "config.json"])
def test_a_damaged_folder_is_one_clear_line(tiny_model: Path, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_model, broken)
    (broken / damage).write_bytes(b"\0damaged")
    with pytest.raises(ModelError, match="broken") as caught:
        SentenceEncoder(broken, "broken")
    assert "\n" not in str(caught.value)


def test_vectors_that_are_no_numbers_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    broken = tmp_path / "nan"
    shutil.copytree(tiny_model, broken)
    weights = load_file(broken / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] = np.full(32, np.nan, np.float32)
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="no numbers"):
        SentenceEncoder(broken, "nan").encode(["a"])


@pytest.mark.parametrize("of", ["tiny", "default"])
def test_tokens_are_spelled_without_the_layers_above_them(tiny_model: Path, home: Path, of: str) -> None:
    name = str(tiny_model) if of == "tiny" else DEFAULT_ENCODER
    other = load_encoder(name, home)
    other.__dict__["_lower_network"] = None  # as where a network is not built so
    spelled, read, vectors = other.token_states(TEXTS), other.encode_with_tokens(TEXTS), other.encode(TEXTS)
    for first in ("token_states", "encode_with_tokens"):
        one = load_encoder(name, home)
        getattr(one, first)(TEXTS)
        for quick, whole in zip(one.token_states(TEXTS), spelled, strict=True):
            assert np.array_equal(quick.states, whole.states)
        network = cast("Any", one._model[0]).auto_model
        assert 0 < len(one._lower_network.encoder.layer) < len(network.encoder.layer)
        for quick_states, states in zip(one.encode_with_tokens(TEXTS).states, read.states, strict=True):
            assert np.array_equal(quick_states, states), "the network itself is as it was"
        assert np.array_equal(one.encode(TEXTS), vectors)
