"""The default encoder for a few sentences: its network in NumPy, there long before PyTorch is imported.

The same weights, the same arithmetic in float32 and the same tokens: what it gives is what
``SentenceEncoder`` gives, to within rounding. It computes in one thread, so that many sentences take longer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.encoder import EncodedTexts, TokenStates
from crosslingual.embeddings.token_selection import (
    LAYER_FRACTION,
    cut_texts,
    piece_weights,
    select_token_spans,
)
from crosslingual.embeddings.word_pieces import UnigramPieces, load_pieces
from crosslingual.errors import ModelError
from crosslingual.threads import one_thread
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    Progress = Callable[[int, int], None]

_LAYER_PREFIX = "encoder.layer.{}."
_TOKENS_PER_BATCH = 512
"""Tokens whose states are multiplied together: one product of many rows is quicker than many of few."""


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A text as far as it is read, with the ids (k,) and spans (k, 2) of its tokens."""

    text: str
    ids: NDArray[np.int64]
    spans: NDArray[np.int64]
    is_special: NDArray[np.bool_]


class QuickEncoder:
    """The encoder that :mod:`crosslingual.model_store.e5` wrote into a folder.

    ``encode_with_tokens`` gives no states of tuned layers: of what is stored, ``SentenceEncoder`` makes them.
    """

    def __init__(self, path: Path, name: str, pieces_cache: Path) -> None:
        """Of the model in folder ``path``; its sorted pieces are kept at ``pieces_cache``.

        Raises:
            ModelError: the folder is damaged.
        """
        self.name = name
        try:
            self._config = json.loads((path / "config.json").read_text(encoding="utf-8"))
            told = json.loads((path / "config_sentence_transformers.json").read_text(encoding="utf-8"))
            self._prompt: str = told["prompts"][told["default_prompt_name"]]
            self.dimensions = int(self._config["hidden_size"])
            self._max_tokens = int(self._config["max_position_embeddings"])
            found = load_pieces(path / "tokenizer.json", pieces_cache)
            self._network = _BertNetwork(path / "model.safetensors", self._config)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path}: damaged ({error}); install it again") from error
        if found is None:
            raise ModelError(f"{path}: its tokenizer is another than was installed; install it again")
        self._pieces: UnigramPieces = found

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> FloatArray:
        """Vectors (n, dimensions) of length 1 for n ``texts``, as those of ``Encoder``."""
        return self.encode_with_tokens(texts, progress=progress).vectors

    def encode_with_tokens(self, texts: Sequence[str], *, progress: Progress | None = None) -> EncodedTexts:
        """Vectors and tokens of ``texts``, as of :class:`crosslingual.embeddings.encoder.Encoder`."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        states: list[FloatArray] = []
        weights = []
        for batch in _make_batches(self._tokenize_texts(texts)):
            layers = self._network.layer_states([tokens.ids for tokens in batch])
            for tokens, lower, upper in zip(batch, layers[self._n_lower_layers], layers[-1], strict=True):
                mean = upper.mean(axis=0)
                vectors[len(states)] = mean / np.linalg.norm(mean)
                own = self._token_weights[tokens.ids]
                kept = np.flatnonzero(own > 0)[self._n_prompt_tokens :]
                if not len(kept):  # all common words, or nothing at all
                    kept = np.arange(len(tokens.ids))
                states.append(lower[kept])
                weights.append(np.maximum(own[kept], 1))
                if progress:
                    progress(len(states), len(texts))
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name}: gives vectors that are no numbers; install it again")
        return EncodedTexts(vectors, tuple(states), tuple(weights))

    def token_states(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[TokenStates]:
        """The tokens of each text with their places in it, as those of ``TokenEncoder``."""
        spellings: list[TokenStates] = []
        for batch in _make_batches(self._tokenize_texts(texts)):
            lower = self._network.layer_states([tokens.ids for tokens in batch], self._n_lower_layers)[-1]
            for tokens, states in zip(batch, lower, strict=True):
                spans = tokens.spans - len(self._prompt)
                kept, own = select_token_spans(tokens.text, spans, tokens.is_special)
                spellings.append(TokenStates(own, states[kept], self._token_weights[tokens.ids[kept]]))
                if progress:
                    progress(len(spellings), len(texts))
        return spellings

    def _tokenize_texts(self, texts: Sequence[str]) -> Iterator[_Tokens]:
        whole = cut_texts(texts, self._max_tokens)
        tokenizer, ids = self._make_tokenizer(whole)
        for text in whole:
            found = tokenizer.encode(self._prompt + text)
            spans = np.array(found.offsets, dtype=np.int64).reshape(-1, 2)
            is_special = np.array(found.special_tokens_mask, dtype=np.bool_)
            yield _Tokens(text, ids[found.ids], spans, is_special)

    def _make_tokenizer(self, texts: Sequence[str]) -> tuple[Tokenizer, NDArray[np.int64]]:
        tokenizer, ids = self._pieces.build_tokenizer([self._prompt + text for text in texts])
        tokenizer.enable_truncation(self._max_tokens)
        return tokenizer, ids

    @property
    def _n_lower_layers(self) -> int:
        """After how many layers the states of tokens are taken."""
        return round(int(self._config["num_hidden_layers"]) * LAYER_FRACTION)

    @cached_property
    def _token_weights(self) -> FloatArray:
        weights = piece_weights(self._pieces.scores)
        weights[[token["id"] for token in json.loads(self._pieces.tokenizer_json)["added_tokens"]]] = 0
        return weights

    @cached_property
    def _n_prompt_tokens(self) -> int:
        """How many tokens that would be kept the prompt puts before each text."""
        tokenizer, ids = self._make_tokenizer([""])
        found = tokenizer.encode(self._prompt.strip(), add_special_tokens=False)
        return int((self._token_weights[ids[found.ids]] > 0).sum())


def _make_batches(texts: Iterable[_Tokens]) -> Iterator[list[_Tokens]]:
    """``texts`` in their order, as many at once as have ``_TOKENS_PER_BATCH`` tokens."""
    batch: list[_Tokens] = []
    for tokens in texts:
        batch.append(tokens)
        if sum(len(one.ids) for one in batch) >= _TOKENS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _BertNetwork:
    """BERT (Devlin et al. 2019), from the file of its weights, which is mapped and not read."""

    def __init__(self, path: Path, config: dict[str, float]) -> None:
        from safetensors import SafetensorError, safe_open

        try:
            self._file: Any = safe_open(path, "np")
        except SafetensorError as error:
            raise ValueError(str(error)) from error
        self._n_layers, self._n_heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
        self._epsilon = config["layer_norm_eps"]
        self._tensors: dict[str, FloatArray] = {}

    def layer_states(
        self, texts: Sequence[NDArray[np.int64]], n_layers: int | None = None
    ) -> list[list[FloatArray]]:
        """States of the tokens of ``texts``, each their ids (k,): the embeddings, then after each of ``n_layers``.

        Each layer has an array (k, h) for each text.
        """
        spans = list(pairwise([0, *accumulate(map(len, texts))]))
        with one_thread():
            layers = self._compute_layers(texts, spans, self._n_layers if n_layers is None else n_layers)
        return [[states[start:end] for start, end in spans] for states in layers]

    def _compute_layers(
        self, texts: Sequence[NDArray[np.int64]], spans: Sequence[tuple[int, int]], n_layers: int
    ) -> list[FloatArray]:
        table = self._file.get_slice("embeddings.word_embeddings.weight")
        words = np.concatenate([table[id_ : id_ + 1] for ids in texts for id_ in ids.tolist()])
        positions = self._load_tensor("embeddings.position_embeddings.weight")
        embedded = words + np.concatenate([positions[: len(ids)] for ids in texts])
        embedded += self._load_tensor("embeddings.token_type_embeddings.weight")[0]
        states = [self._layer_norm(embedded, "embeddings.LayerNorm")]
        for number in range(n_layers):
            states.append(self._run_layer(states[-1], spans, _LAYER_PREFIX.format(number)))
        return states

    def _run_layer(self, states: FloatArray, spans: Sequence[tuple[int, int]], name: str) -> FloatArray:
        seen = self._apply_linear(
            self._self_attention(states, spans, f"{name}attention.self."), f"{name}attention.output.dense"
        )
        middle = self._layer_norm(seen + states, f"{name}attention.output.LayerNorm")
        wide = _gelu(self._apply_linear(middle, f"{name}intermediate.dense"))
        return self._layer_norm(
            self._apply_linear(wide, f"{name}output.dense") + middle, f"{name}output.LayerNorm"
        )

    def _self_attention(self, states: FloatArray, spans: Sequence[tuple[int, int]], name: str) -> FloatArray:
        """What each token sees of the others of its text, which stands in one of ``spans``: (k, h)."""
        queries, keys, values = (
            self._apply_linear(states, f"{name}{part}")
            .reshape(len(states), self._n_heads, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        seen = np.empty_like(queries)
        for start, end in spans:
            own = slice(start, end)
            scores = (
                queries[:, own] @ keys[:, own].transpose(0, 2, 1) / np.float32(np.sqrt(queries.shape[-1]))
            )
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            seen[:, own] = scores / scores.sum(axis=-1, keepdims=True) @ values[:, own]
        return seen.transpose(1, 0, 2).reshape(states.shape)

    def _apply_linear(self, states: FloatArray, name: str) -> FloatArray:
        return states @ self._load_tensor(f"{name}.weight").T + self._load_tensor(f"{name}.bias")

    def _layer_norm(self, states: FloatArray, name: str) -> FloatArray:
        moved = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((moved * moved).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        normal: FloatArray = moved / spread * self._load_tensor(f"{name}.weight") + self._load_tensor(
            f"{name}.bias"
        )
        return normal

    def _load_tensor(self, name: str) -> FloatArray:
        if name not in self._tensors:
            self._tensors[name] = self._file.get_tensor(name)
        return self._tensors[name]


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
