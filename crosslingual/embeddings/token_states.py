"""Sentences as the tokens that carry their meaning, in one space for all languages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosslingual.types import FloatArray

MAX_DIMENSIONS = 192
"""Of a token's vector as it is stored."""
PACKING_VERSION = 1
"""How tokens are reduced and packed; raised with every change, so that what was packed before is not read."""
_WHITENING_POWER = 0.25
"""Power of the eigenvalues by which directions are divided: 0 leaves them, .5 whitens them altogether."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of one sentence: ``vectors`` (k, d) centred and of length 1, ``weights`` (k,) above 0."""

    vectors: FloatArray
    weights: FloatArray


@dataclass(frozen=True)
class TokenSpace:
    """What an encoder's token states are projected to.

    ``center`` (h,) is subtracted and ``basis`` (h, d) applied before they are stored; ``language_means``
    gives the point (d,) that only tells the language, ``default_mean`` that for any other language.
    """

    model: str
    center: FloatArray
    basis: FloatArray
    language_means: Mapping[str, FloatArray]
    default_mean: FloatArray

    @property
    def key(self) -> str:
        """The name under which packed tokens are stored: other projections have other names."""
        digest = hashlib.sha256(self.center.tobytes() + self.basis.tobytes())
        return f"{self.model}/tokens-{PACKING_VERSION}-{digest.hexdigest()[:12]}"

    def pack(self, states: FloatArray, weights: FloatArray) -> bytes:
        """``states`` (k, h) of one sentence and their ``weights`` (k,), d + 4 bytes a token.

        Each row is stored as whole numbers from -127 to 127 and what they are to be multiplied with.
        """
        rows = np.asarray((states - self.center) @ self.basis, dtype=np.float32)
        scales, levels = _quantize_rows(rows)
        return b"".join([scales.tobytes(), weights.astype("<f2").tobytes(), levels.tobytes()])

    def unpack(self, packed: bytes, lang: str) -> TokenVectors:
        """The tokens of a sentence in ``lang`` that ``pack`` packed."""
        dimensions = len(self.default_mean)
        count = len(packed) // (dimensions + 4)
        scales, weights = np.frombuffer(packed, "<f2", 2 * count).astype(np.float32).reshape(2, count)
        levels = np.frombuffer(packed, np.int8, offset=4 * count).reshape(count, dimensions)
        rows = levels * scales[:, None] - self.language_means.get(lang, self.default_mean)
        return TokenVectors(normalize_rows(rows), weights)

    def project_states(
        self, states: Sequence[FloatArray], weights: Sequence[FloatArray], lang: str
    ) -> list[TokenVectors]:
        """The tokens of sentences in ``lang`` that were never stored, as they would come from there."""
        return [self.unpack(self.pack(*one), lang) for one in zip(states, weights, strict=True)]


def pack_rows(rows: FloatArray) -> bytes:
    """``rows`` (k, d) in d + 2 bytes each: whole numbers from -127 to 127 and their unit."""
    scales, levels = _quantize_rows(rows)
    return scales.tobytes() + levels.tobytes()


def unpack_rows(packed: bytes, dimensions: int) -> FloatArray:
    """The rows (k, ``dimensions``) that ``pack_rows`` packed."""
    count = len(packed) // (dimensions + 2)
    scales = np.frombuffer(packed, "<f2", count).astype(np.float32)
    levels = np.frombuffer(packed, np.int8, offset=2 * count).reshape(count, dimensions)
    return levels * scales[:, None]


def _quantize_rows(rows: FloatArray) -> tuple[NDArray[np.float16], NDArray[np.int8]]:
    scales = np.maximum(np.abs(rows).max(axis=1, keepdims=True) / 127, 1e-7).astype("<f2")
    return scales, np.clip(np.rint(rows / scales), -127, 127).astype(np.int8)


def fit_token_space(
    model: str, native: Mapping[str, FloatArray], translated: Mapping[str, FloatArray]
) -> TokenSpace:
    """The token space of an encoder, from the states of translations.

    Args:
        model: the encoder's key.
        native: for each language the states (k, h) of all tokens of its texts.
        translated: for the same languages, those of the same texts in English.
    """
    english = np.concatenate(list(translated.values()))
    origin = english.mean(axis=0)
    means = {"en": origin} | {
        lang: origin + states.mean(axis=0) - translated[lang].mean(axis=0) for lang, states in native.items()
    }
    told = normalize_rows(
        np.concatenate([english - origin, *(states - means[lang] for lang, states in native.items())])
    )
    values, vectors = np.linalg.eigh(told.T.astype(np.float64) @ told / len(told))
    best = np.argsort(-values)[: min(MAX_DIMENSIONS, len(values))]
    basis = (vectors[:, best] / np.maximum(values[best], 1e-12) ** _WHITENING_POWER).astype(np.float32)
    centre = np.asarray(np.mean(list(means.values()), axis=0), dtype=np.float32)
    projected = {lang: (mean - centre) @ basis for lang, mean in means.items()}
    return TokenSpace(model, centre, basis, projected, np.zeros(len(best), dtype=np.float32))


def normalize_rows(rows: FloatArray) -> FloatArray:
    """``rows`` (n, d) of length 1."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
