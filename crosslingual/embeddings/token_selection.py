"""Which tokens of a text an encoder sees, which of them are kept, and how much each tells."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from crosslingual.types import FloatArray

MAX_CHARS_PER_TOKEN = 32
"""More than any token stands for; XLM-R's longest has 16."""

LAYER_FRACTION = 2 / 3
"""Share of the network's layers after which the states of tokens are taken."""
_COMMON_SURPRISAL, _MIN_EXTRA_SURPRISAL = 6.0, 3.0
"""Surprisal, in nats, of what tells nothing, and how much more a token must have to be kept."""


def cut_texts(texts: Iterable[str], max_tokens: int | None) -> list[str]:
    """``texts`` as far as a network that takes ``max_tokens`` can see them; None takes all.

    Half a surrogate pair, which JSON can smuggle in and at which tokenizers stop, is a question mark. What is beyond
    would be cut away after it was tokenised, which takes seconds for a megabyte.
    """
    end = max_tokens and max_tokens * MAX_CHARS_PER_TOKEN
    return [text.encode(errors="replace").decode()[:end] for text in texts]


def piece_weights(scores: FloatArray) -> FloatArray:
    """How much each piece of a unigram tokenizer tells (v,), by its ``scores`` (v,); 0 of common words."""
    return np.where(
        -scores > _COMMON_SURPRISAL + _MIN_EXTRA_SURPRISAL, -scores - _COMMON_SURPRISAL, 0
    ).astype(np.float32)


def select_token_spans(
    text: str, spans: NDArray[np.int64], is_special: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Which of k tokens stand for characters of ``text``, and the spans of these without space before them.

    Args:
        text: what was cut.
        spans: (k, 2) as the tokenizer tells them; the prompt's begin below 0.
        is_special: (k,) which are marks of the tokenizer's own.
    """
    own = spans.copy()
    for span in own:  # a token may begin with the space before it, the first with the prompt's last
        span[0] = max(span[0], 0)
        while span[0] < span[1] and text[span[0]].isspace():
            span[0] += 1
    kept = np.flatnonzero(~is_special & (own[:, 1] > own[:, 0]))
    return kept, own[kept]
