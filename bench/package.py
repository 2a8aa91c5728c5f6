"""An argostranslate package of the size and architecture of the real ones, without training.

6 + 6 layers, 512 dimensions, 8 heads, 2,048 feed-forward, 32,000 pieces, 8-bit integers, layers normalised
before each part, as OpenNMT-py trains them for argostranslate. The weights are random and small, save those
that make a cipher: the last layer looks from place t of the translation to place t / ``RATIO`` of the source
and writes the piece that belongs to the piece it finds there; the end comes when the source has been read.
So translations have lengths that depend on their source, and probabilities as sure as those of a trained
model, which rounding seldom overturns.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.attention_spec import MultiHeadAttentionSpec
from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec
from numpy.typing import NDArray
from sentencepiece import sentencepiece_model_pb2

LAYERS, DIMENSIONS, HEADS, WIDE, PIECES = 6, 512, 8, 2_048, 32_000
RATIO = 1.25  # pieces of the translation for each of the source
HEAD = DIMENSIONS // HEADS
RAMP, LENGTH, PLACE, CONTENT = 0, 1, slice(2, HEAD), slice(HEAD, DIMENSIONS)
"""Which dimensions hold the place as a number, the source's length, the place as waves, and the piece."""
POSITIONS = 1_024
RISE = 0.05  # of the ramp at each place
Array = NDArray[np.float32]


def make_package(folder: Path, src: str, tgt: str, texts: Sequence[str]) -> Path:
    """The package in ``folder``, unpacked, with pieces learnt from ``texts``; returns ``folder``."""
    pieces = _pieces(texts)
    (folder / "model").mkdir(parents=True)
    spec = _spec(np.random.default_rng(1))
    vocabulary = ["<unk>", "<s>", "</s>", *(piece.piece for piece in pieces.pieces[3:])]
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder / "model"))
    (folder / "sentencepiece.model").write_bytes(pieces.SerializeToString())
    metadata = {"package_version": "0.0", "argos_version": "1.11", "from_code": src, "to_code": tgt}
    names = {"from_name": src, "to_name": tgt, "description": "random weights, for measuring speed"}
    (folder / "metadata.json").write_text(json.dumps(metadata | names))
    return folder


def _pieces(texts: Sequence[str]) -> Any:
    """What a small corpus yields, and pieces that no text holds up to ``PIECES``."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=made,
        vocab_size=PIECES,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    model: Any = sentencepiece_model_pb2.ModelProto.FromString(made.getvalue())  # type: ignore[attr-defined]
    least = min(piece.score for piece in model.pieces)
    for number in range(len(model.pieces), PIECES):
        model.pieces.add(piece=f"▁w{number}", score=least - 10)
    return model


def _spec(chance: np.random.Generator) -> TransformerSpec:
    spec = TransformerSpec.from_config((LAYERS, LAYERS), HEADS)
    _normal(spec.encoder.layer_norm, spec.decoder.layer_norm)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        _normal(layer.ffn.layer_norm, layer.self_attention.layer_norm)
        _random(chance, layer.ffn.linear_0, WIDE, DIMENSIONS)
        _random(chance, layer.ffn.linear_1, DIMENSIONS, WIDE, quiet=True)
        _attention(chance, layer.self_attention, 3 * DIMENSIONS)
    for layer in spec.decoder.layer:
        _normal(layer.attention.layer_norm)
        _attention(chance, layer.attention, DIMENSIONS, 2 * DIMENSIONS)
    embeddings = chance.standard_normal((PIECES, DIMENSIONS), np.float32) / DIMENSIONS**0.5
    embeddings[:, : CONTENT.start] = 0
    spec.encoder.embeddings[0].weight = embeddings
    spec.decoder.embeddings.weight = embeddings.copy()
    spec.encoder.position_encodings.encodings = _positions(np.arange(POSITIONS, dtype=np.float64))
    spec.decoder.position_encodings.encodings = _positions(np.arange(POSITIONS) / RATIO)
    _cipher(spec.decoder.layer[-1].attention)
    _projection(spec.decoder.projection, embeddings, chance)
    return spec


def _positions(places: NDArray[np.float64]) -> Array:
    waves = places[:, None] * np.geomspace(1, 1 / 500, (PLACE.stop - PLACE.start) // 2)
    made = np.zeros((len(places), DIMENSIONS), np.float32)
    made[:, RAMP] = places * RISE
    made[:, PLACE] = np.concatenate([np.sin(waves), np.cos(waves)], axis=1)
    return made


def _cipher(attention: MultiHeadAttentionSpec) -> None:
    """Head 0 takes the mean place of the source for its length; the others the piece at the same place."""
    query, memory, output = (np.zeros_like(linear.weight) for linear in attention.linear)
    key, value = memory[:DIMENSIONS], memory[DIMENSIONS:]
    for head in range(1, HEADS):
        for row, place in enumerate(range(PLACE.start, PLACE.stop), head * HEAD):
            query[row, place] = key[row, place] = 6
    value[0, RAMP] = 1
    output[LENGTH, 0] = 2  # the mean is half the length
    value[CONTENT, CONTENT] = np.eye(DIMENSIONS - HEAD)
    output[CONTENT, CONTENT] = 3 * np.eye(DIMENSIONS - HEAD)
    for linear, weight in zip(attention.linear, (query, memory, output), strict=True):
        linear.weight = weight


def _projection(projection: LinearSpec, embeddings: Array, chance: np.random.Generator) -> None:
    """Each piece's score is its cipher's likeness to what was found; the end's, how far that is."""
    weight = np.empty_like(embeddings)
    weight[3:] = embeddings[3:][chance.permutation(PIECES - 3)] * 0.7
    weight[:3] = 0
    weight[2, RAMP], weight[2, LENGTH] = 300, -300
    bias = np.zeros(PIECES, np.float32)
    bias[:2], bias[2] = -30, 13
    projection.weight, projection.bias = weight, bias


def _attention(chance: np.random.Generator, attention: MultiHeadAttentionSpec, *rows: int) -> None:
    for linear, count in zip(attention.linear, rows, strict=False):
        _random(chance, linear, count, DIMENSIONS)
    _random(chance, attention.linear[-1], DIMENSIONS, DIMENSIONS, quiet=True)


def _random(
    chance: np.random.Generator, linear: LinearSpec, rows: int, columns: int, *, quiet: bool = False
) -> None:
    linear.weight = chance.standard_normal((rows, columns), np.float32) / columns**0.5
    if quiet:  # adds little, and nothing to the dimensions with a meaning
        linear.weight *= 0.2
        linear.weight[: CONTENT.start] = 0
    linear.bias = np.zeros(rows, np.float32)


def _normal(*norms: LayerNormSpec) -> None:
    for norm in norms:
        norm.gamma, norm.beta = np.ones(DIMENSIONS, np.float32), np.zeros(DIMENSIONS, np.float32)
