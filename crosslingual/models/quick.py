"""The default encoder for a few sentences: its network in NumPy, there long before PyTorch is imported.

The same weights, the same arithmetic in float32 and the same tokens: what it gives is what
``SentenceEncoder`` gives, to within rounding. Sentences are read one by one, so that many take longer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.encode import (
    CHARACTERS_PER_TOKEN,
    DEPTH,
    Reading,
    Spelling,
    piece_weights,
    places_of,
)
from crosslingual.errors import ModelError
from crosslingual.models.pieces import Pieces, load_pieces
from crosslingual.threads import one_thread
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    Progress = Callable[[int, int], None]

_LAYER = "encoder.layer.{}."


class QuickEncoder:
    """The encoder that :mod:`crosslingual.models.e5` wrote into a folder.

    ``read`` gives no states of tuned layers: of what is stored, ``SentenceEncoder`` makes them.
    """

    def __init__(self, path: Path, name: str, pieces: Path) -> None:
        """Of the model in folder ``path``; its sorted pieces are kept at ``pieces``.

        Raises:
            ModelError: the folder is damaged.
        """
        self.name = name
        try:
            self._shape = json.loads((path / "config.json").read_text(encoding="utf-8"))
            told = json.loads((path / "config_sentence_transformers.json").read_text(encoding="utf-8"))
            self._prompt: str = told["prompts"][told["default_prompt_name"]]
            self.dimensions = int(self._shape["hidden_size"])
            self._longest = int(self._shape["max_position_embeddings"])
            found = load_pieces(path / "tokenizer.json", pieces)
            self._network = _Network(path / "model.safetensors", self._shape)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path}: damaged ({error}); install it again") from error
        if found is None:
            raise ModelError(f"{path}: its tokenizer is another than was installed; install it again")
        self._pieces: Pieces = found

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> FloatArray:
        """Vectors (n, dimensions) of length 1 for n ``texts``, as of :class:`crosslingual.encode.Encoder`."""
        return self.read(texts, progress=progress).vectors

    def read(self, texts: Sequence[str], *, progress: Progress | None = None) -> Reading:
        """Vectors and tokens of ``texts``, as of :class:`crosslingual.encode.Encoder`."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        states, weights = [], []
        for place, (_, ids, _, _) in enumerate(self._cut(texts)):
            layers = self._network.layers(ids)
            mean = layers[-1].mean(axis=0)
            vectors[place] = mean / np.linalg.norm(mean)
            own = self._weights[ids]
            kept = np.flatnonzero(own > 0)[self._prompt_tokens :]
            if not len(kept):  # all common words, or nothing at all
                kept = np.arange(len(ids))
            states.append(layers[self._depth][kept])
            weights.append(np.maximum(own[kept], 1))
            if progress:
                progress(place + 1, len(texts))
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name}: gives vectors that are no numbers; install it again")
        return Reading(vectors, tuple(states), tuple(weights))

    def spell(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Spelling]:
        """The tokens of each text with their places in it, as of :class:`crosslingual.encode.Speller`."""
        spellings = []
        for text, ids, spans, special in self._cut(texts):
            states = self._network.layers(ids, self._depth)[-1]
            kept, own = places_of(text, spans - len(self._prompt), special)
            spellings.append(Spelling(own, states[kept], self._weights[ids[kept]]))
            if progress:
                progress(len(spellings), len(texts))
        return spellings

    def _cut(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
        """Each text as far as it is read, the ids (k,) of its tokens, their spans and which are special."""
        whole = [
            text.encode(errors="replace").decode()[: self._longest * CHARACTERS_PER_TOKEN] for text in texts
        ]
        tokenizer, ids = self._tokenizer(whole)
        for text in whole:
            found = tokenizer.encode(self._prompt + text)
            spans = np.array(found.offsets, dtype=np.int64).reshape(-1, 2)
            yield text, ids[found.ids], spans, np.array(found.special_tokens_mask, dtype=np.bool_)

    def _tokenizer(self, texts: Sequence[str]) -> tuple[Tokenizer, NDArray[np.int64]]:
        tokenizer, ids = self._pieces.tokenizer([self._prompt + text for text in texts])
        tokenizer.enable_truncation(self._longest)
        return tokenizer, ids

    @property
    def _depth(self) -> int:
        """After how many layers the states of tokens are taken."""
        return round(int(self._shape["num_hidden_layers"]) * DEPTH)

    @cached_property
    def _weights(self) -> FloatArray:
        weights = piece_weights(self._pieces.scores)
        weights[[token["id"] for token in json.loads(self._pieces.rest)["added_tokens"]]] = 0
        return weights

    @cached_property
    def _prompt_tokens(self) -> int:
        """How many tokens that would be kept the prompt puts before each text."""
        tokenizer, ids = self._tokenizer([""])
        found = tokenizer.encode(self._prompt.strip(), add_special_tokens=False)
        return int((self._weights[ids[found.ids]] > 0).sum())


class _Network:
    """BERT (Devlin et al. 2019), from the file of its weights, which is mapped and not read."""

    def __init__(self, path: Path, shape: dict[str, float]) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            self._file: Any = safe_open(path, "np")
        except SafetensorError as error:
            raise ValueError(str(error)) from error
        self._count, self._heads = int(shape["num_hidden_layers"]), int(shape["num_attention_heads"])
        self._epsilon = shape["layer_norm_eps"]
        self._held: dict[str, FloatArray] = {}

    def layers(self, ids: NDArray[np.int64], count: int | None = None) -> list[FloatArray]:
        """States (k, h) of the tokens ``ids`` (k,): the embeddings, then after each of ``count`` layers."""
        with one_thread():
            return self._layers(ids, self._count if count is None else count)

    def _layers(self, ids: NDArray[np.int64], count: int) -> list[FloatArray]:
        table = self._file.get_slice("embeddings.word_embeddings.weight")
        words = np.concatenate([table[id_ : id_ + 1] for id_ in ids.tolist()])
        embedded = words + self._of("embeddings.position_embeddings.weight")[: len(ids)]
        embedded += self._of("embeddings.token_type_embeddings.weight")[0]
        states = [self._normal(embedded, "embeddings.LayerNorm")]
        for number in range(count):
            states.append(self._layer(states[-1], _LAYER.format(number)))
        return states

    def _layer(self, states: FloatArray, name: str) -> FloatArray:
        seen = self._linear(
            self._attention(states, f"{name}attention.self."), f"{name}attention.output.dense"
        )
        middle = self._normal(seen + states, f"{name}attention.output.LayerNorm")
        wide = _gelu(self._linear(middle, f"{name}intermediate.dense"))
        return self._normal(self._linear(wide, f"{name}output.dense") + middle, f"{name}output.LayerNorm")

    def _attention(self, states: FloatArray, name: str) -> FloatArray:
        """What each token sees of the others: (k, h)."""
        queries, keys, values = (
            self._linear(states, f"{name}{part}").reshape(len(states), self._heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = queries @ keys.transpose(0, 2, 1) / np.float32(np.sqrt(queries.shape[-1]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen: FloatArray = scores / scores.sum(axis=-1, keepdims=True) @ values
        return seen.transpose(1, 0, 2).reshape(states.shape)

    def _linear(self, states: FloatArray, name: str) -> FloatArray:
        return states @ self._of(f"{name}.weight").T + self._of(f"{name}.bias")

    def _normal(self, states: FloatArray, name: str) -> FloatArray:
        moved = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((moved * moved).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        normal: FloatArray = moved / spread * self._of(f"{name}.weight") + self._of(f"{name}.bias")
        return normal

    def _of(self, name: str) -> FloatArray:
        if name not in self._held:
            self._held[name] = self._file.get_tensor(name)
        return self._held[name]


def _gelu(values: FloatArray) -> FloatArray:
    """Each value times the share of a normal distribution below it.

    The error function is that of Abramowitz and Stegun (1964), 7.1.26: right to 1.5e-7.
    """
    size = np.abs(values) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    above = series * np.exp(-size * size) / 2
    passed: FloatArray = values * np.where(values < 0, above, 1 - above)
    return passed
