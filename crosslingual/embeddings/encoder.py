"""Texts → vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.model_loading import load_model, select_native_dtype
from crosslingual.embeddings.prompted_tokenizer import PromptedTokenizer
from crosslingual.embeddings.token_selection import LAYER_FRACTION, cut_texts
from crosslingual.embeddings.tuned_layers import MAX_TOKENS, find_tuned_layers
from crosslingual.errors import ModelError
from crosslingual.heap import release_freed_memory
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    import torch

TOKENS_PER_BATCH = 1024
"""Tokens in a batch, padding included: enough to fill the vector units, few enough to stay in cache."""

_MANY_TEXTS = 100  # encoded at once, from which on it is worth while to give back what they took

_NETWORK_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a network is told of its tokens."""


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """What an encoder makes of n texts: ``vectors`` (n, d) of length 1, and of each the tokens that matter.

    ``states[i]`` (k, h) are hidden states inside the network, at least one row; ``weights[i]`` (k,) say how
    much each token tells. ``tuned_states[i]`` (1 + m, h) are the states that its tuned layers make, of the
    sentence's mean and of all its tokens; there are none of an encoder without such layers.
    """

    vectors: FloatArray
    states: tuple[FloatArray, ...]
    weights: tuple[FloatArray, ...]
    tuned_states: tuple[FloatArray, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenStates:
    """All tokens of one text that stand for some of its characters, common words too.

    ``spans`` (k, 2) are where each begins and ends in the text, in order; ``states`` (k, h) its hidden state
    and ``weights`` (k,) how much it tells, as in a ``EncodedTexts``, but 0 of common words.
    """

    spans: NDArray[np.int64]
    states: FloatArray
    weights: FloatArray


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def name(self) -> str:
        """Model name and digest: the key under which its vectors are stored."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """Vectors (n, dimensions) of length 1 for n ``texts``, in their order.

        ``progress`` is told how many of how many are done.
        """

    def encode_with_tokens(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> EncodedTexts:
        """Vectors as ``encode`` gives them, and the states of the tokens, in one pass."""


class TokenEncoder(Protocol):
    """What tells where in a text the tokens stand that it makes states of."""

    def token_states(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> list[TokenStates]:
        """The tokens of each text, with their places in it."""


class SentenceEncoder:
    """A sentence-transformers model from disk, in bfloat16 where the processor multiplies that natively.

    The prompt that the model's own configuration names as default (E5's ``query: ``) goes before each text.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Load the model in folder ``path``; never from a hub.

        Raises:
            ModelError: the folder holds no sentence-transformers model that can be loaded.
        """
        self.name = name
        self._model = load_model(path, select_native_dtype())
        dimensions = self._model.get_embedding_dimension()
        if not dimensions:
            raise ModelError(f"{path}: gives no sentence vectors; choose another encoder")
        self.dimensions = int(dimensions)
        self._prompt = self._model.prompts.get(self._model.default_prompt_name or "")
        self._tokens = PromptedTokenizer(
            self._model.tokenizer, self._prompt or "", self._model.max_seq_length
        )
        network = getattr(self._model[0], "auto_model", None)
        if network is not None:
            network.config.output_hidden_states = True
        release_freed_memory()

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """Vectors (n, dimensions) float32 of length 1 for n ``texts``, in their order.

        Texts beyond the model's length are cut there. ``progress`` is told how many of how many are done.

        Raises:
            ModelError: the model gave a vector that is no number, or zero.
        """
        return self._encode_texts(texts, progress, with_tokens=False).vectors

    def encode_with_tokens(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> EncodedTexts:
        """Vectors as ``encode`` gives them, and the states of the tokens that carry meaning.

        The states are those two thirds up the network, where tokens of one meaning are nearest across
        languages; above, they turn to the sentence. A token's weight is its surprisal in the tokenizer's
        own unigram model less that of a common word, as far as the tokenizer has one, and common words
        are left out; else all weigh 1. An encoder without tokens gives each sentence as one.
        """
        return self._encode_texts(texts, progress, with_tokens=True)

    def token_states(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> list[TokenStates]:
        """The tokens of each text, with their places in it and states as ``encode_with_tokens`` takes them.

        A tokenizer that does not tell places, and an encoder without tokens, give none. What lies beyond the
        model's length has no tokens.
        """
        cut = cut_texts(texts, self._model.max_seq_length)
        floats = np.zeros((0, self.dimensions), dtype=np.float32)
        nothing = TokenStates(np.zeros((0, 2), dtype=np.int64), floats, floats[:, 0])
        spellings = [nothing] * len(cut)
        if not self._tokens.tells_places:
            return spellings
        done = 0
        for batch in self._make_batches(cut):
            states = self._layer_states([cut[place] for place in batch])
            if states is None:
                return spellings
            for place, row in zip(batch, states, strict=True):
                kept, spans, weights = self._tokens.find_spans(cut[place])
                spellings[place] = TokenStates(spans, row[kept], weights)
            done += len(batch)
            if progress:
                progress(done, len(cut))
        return spellings

    def _encode_texts(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None, *, with_tokens: bool
    ) -> EncodedTexts:
        texts = cut_texts(texts, self._model.max_seq_length)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        tokens = [(vectors[:0], vectors[:0, 0])] * len(texts)
        tuned = [vectors[:0]] * len(texts if with_tokens and self._tuned_layers else ())
        done = 0
        for batch in self._make_batches(texts):
            features = self._run_network([texts[place] for place in batch])
            vectors[batch] = features["sentence_embedding"][:, : self.dimensions].float().numpy()
            if with_tokens:
                for place, found in zip(batch, self._select_tokens(features, vectors[batch]), strict=True):
                    tokens[place] = found
            if with_tokens and self._tuned_layers:
                for place, rows in zip(
                    batch, self._run_tuned_layers(self._tuned_layers, features), strict=True
                ):
                    tuned[place] = rows
            done += len(batch)
            if progress:
                progress(done, len(texts))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not (np.isfinite(lengths) & (lengths > 0)).all():
            raise ModelError(
                f"{self.name}: gives vectors that are no numbers; install it again or choose another"
            )
        # What was normalised in bfloat16 is of length 1 to three digits only.
        vectors /= lengths
        if len(texts) >= _MANY_TEXTS:
            release_freed_memory()
        return EncodedTexts(
            vectors,
            tuple(states for states, _ in tokens),
            tuple(weights for _, weights in tokens),
            tuple(tuned),
        )

    def _run_network(self, texts: list[str]) -> dict[str, Any]:
        import torch

        with torch.inference_mode():
            features = self._model.preprocess(texts, prompt=self._prompt)
            return self._model(features)  # type: ignore[no-any-return]  # torch's own gap

    def _layer_states(self, texts: list[str]) -> FloatArray | None:
        """States (n, k, h) of the tokens of ``texts`` at ``LAYER_FRACTION``; None of an encoder without tokens."""
        import torch

        if self._lower_network is None:
            layers = self._run_network(texts).get("all_layer_embeddings")
            return None if layers is None else _states_at_depth(layers)
        with torch.inference_mode():
            features = self._model.preprocess(texts, prompt=self._prompt)
            asked = {name: features[name] for name in _NETWORK_INPUTS if name in features}
            states: FloatArray = self._lower_network(**asked).last_hidden_state.float().numpy()
            return states

    @cached_property
    def _lower_network(self) -> Any:
        """The network up to ``LAYER_FRACTION``; None where it is not built as BERT's are.

        What is above is a third of the work, of which states have no need.
        """
        network = getattr(self._model[0], "auto_model", None)
        layers = getattr(getattr(network, "encoder", None), "layer", None)
        if network is None or layers is None:
            return None
        lower, encoder = copy(network), copy(network.encoder)
        lower.config = encoder.config = copy(network.config)
        lower.config.output_hidden_states = False
        # A copied module shares the table of its parts; and layers get hooks from the network that they are
        # in, so that none may be in two. The embeddings, most of the weights, are the same.
        lower._modules, encoder._modules = dict(network._modules), dict(network.encoder._modules)
        encoder.layer = deepcopy(layers[: round(len(layers) * LAYER_FRACTION)])
        lower.encoder = encoder
        return lower

    @cached_property
    def _tuned_layers(self) -> tuple[int, Any] | None:
        """After which layer the tuned ones branch off, and these; None of an encoder that has none."""
        layers = find_tuned_layers(self.name)
        network = getattr(getattr(self._model[0], "auto_model", None), "encoder", None)
        if layers is None or network is None:
            return None
        return layers.first_layer, layers.apply_to(network.layer).eval()

    def _run_tuned_layers(
        self, tuned_layers: tuple[int, Any], features: dict[str, Any]
    ) -> Iterator[FloatArray]:
        """What the tuned layers make of each text: its mean, then its tokens without marks and prompt."""
        import torch

        first, layers = tuned_layers
        here = features["attention_mask"][:, :MAX_TOKENS]
        with torch.inference_mode():
            states = features["all_layer_embeddings"][first][:, :MAX_TOKENS]
            mask = (1 - here[:, None, None, :].to(states.dtype)) * -1e4
            for layer in layers:
                states = layer(states, mask)
                states = states[0] if isinstance(states, tuple) else states
        prompt = 1 + len(self._tokens.prompt_ids)
        for row, length in zip(states.float().numpy(), here.sum(dim=1).tolist(), strict=True):
            own = row[prompt : max(length - 1, prompt + 1)] if length > prompt else row[:length]
            yield np.concatenate([row[:length].mean(axis=0, keepdims=True), own])

    def _select_tokens(
        self, features: dict[str, Any], vectors: FloatArray
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        layers = features.get("all_layer_embeddings")
        if layers is None:
            ones = np.ones(1, dtype=np.float32)
            yield from ((row[None], ones) for row in vectors)
            return
        states = _states_at_depth(layers)
        present = features["attention_mask"].bool().numpy()
        for row, ids, here in zip(states, features["input_ids"].numpy(), present, strict=True):
            kept, weights = self._tokens.keep_telling(ids, here)
            yield row[kept], weights

    def _make_batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Places in ``texts``, longest first, in batches of like length, so that little is padded."""
        lengths = self._tokens.count_tokens(texts)
        order = sorted(range(len(texts)), key=lengths.__getitem__, reverse=True)
        start = 0
        while start < len(order):
            size = max(1, TOKENS_PER_BATCH // lengths[order[start]])
            yield order[start : start + size]
            start += size


def _states_at_depth(layer_states: Sequence[torch.Tensor]) -> FloatArray:
    """Of the states after each layer, the embeddings' first, those at ``LAYER_FRACTION``."""
    states: FloatArray = layer_states[round((len(layer_states) - 1) * LAYER_FRACTION)].float().numpy()
    return states
