"""The tokens that a model makes of its prompt and a text: how many, where, how much each tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.embeddings.token_selection import piece_weights, select_token_spans
from crosslingual.types import FloatArray


class PromptedTokenizer:
    """A model's tokenizer, the prompt that goes before each text, and the length at which the model cuts."""

    def __init__(self, tokenizer: Any, prompt: str, max_tokens: int | None) -> None:
        self._tokenizer, self._prompt, self._max_tokens = tokenizer, prompt, max_tokens

    @property
    def tells_places(self) -> bool:
        """Whether it tells where in a text its tokens stand."""
        return bool(getattr(self._tokenizer, "is_fast", False))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Of each text one more than its tokens, or its characters where there is no tokenizer."""
        from transformers import PreTrainedTokenizerBase

        if not texts or not isinstance(self._tokenizer, PreTrainedTokenizerBase):
            return [1 + len(text) for text in texts]
        tokens = self._tokenizer(list(texts), truncation=True, max_length=self._max_tokens)
        return [1 + len(ids) for ids in tokens["input_ids"]]

    def find_spans(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.int64], FloatArray]:
        """Which tokens of the prompt and ``text`` stand for some of its characters: places, spans (k, 2), weights."""
        encoded = self._tokenizer(
            self._prompt + text,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            truncation=True,
            max_length=self._max_tokens,
        )
        special = np.array(encoded["special_tokens_mask"], dtype=bool)
        spans = np.array(encoded["offset_mapping"], dtype=np.int64).reshape(-1, 2) - len(self._prompt)
        kept, own = select_token_spans(text, spans, special)
        return kept, own, self.weights[np.array(encoded["input_ids"])[kept]]

    def keep_telling(
        self, ids: NDArray[np.int64], is_present: NDArray[np.bool_]
    ) -> tuple[NDArray[np.intp], FloatArray]:
        """Which of the tokens ``ids`` of prompt and text are no common words, without the prompt's; their weights.

        All that are present where none is kept.
        """
        weights = self.weights[ids]
        kept = np.flatnonzero(is_present & (weights > 0))[self._n_prompt_tokens :]
        if not len(kept):  # all common words, or nothing at all
            kept = np.flatnonzero(is_present)
        return kept, np.maximum(weights[kept], 1)

    @cached_property
    def prompt_ids(self) -> list[int]:
        """The tokens that the prompt puts before each text."""
        prompt = self._prompt.strip()
        return list(self._tokenizer(prompt, add_special_tokens=False)["input_ids"]) if prompt else []

    @cached_property
    def _n_prompt_tokens(self) -> int:
        """How many of these would be kept."""
        return int((self.weights[self.prompt_ids] > 0).sum())

    @cached_property
    def weights(self) -> FloatArray:
        """By token id (v,); 0 for what is left out: special tokens and common words."""
        tokenizer = self._tokenizer
        weights = np.ones(max(len(tokenizer), *tokenizer.get_vocab().values()) + 1, dtype=np.float32)
        backend: Any = getattr(tokenizer, "backend_tokenizer", None)  # those written in Python have none
        model: dict[str, Any] = json.loads(backend.to_str())["model"] if backend else {"type": ""}
        if model["type"] == "Unigram":
            scores = np.array([score for _, score in model["vocab"]], dtype=np.float32)
            weights[: len(scores)] = piece_weights(scores)
        weights[tokenizer.all_special_ids] = 0
        return weights
