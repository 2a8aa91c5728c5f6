"""Small stand-ins for what takes seconds to load; the real ones are in ``conftest.py``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import TokenStates
from crosslingual.embeddings.token_states import TokenSpace


def flat_space(model: str, dimensions: int) -> Space:
    """A space that moves nothing, for vectors and tokens that a test makes."""
    nowhere = np.zeros(dimensions, np.float32)
    tokens = TokenSpace(model, nowhere, np.eye(dimensions, dtype=np.float32), {}, nowhere)
    return Space(model, {}, nowhere, tokens)


class Letters:
    """Each character is a token; its state is all zeros but for one place."""

    def token_states(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> list[TokenStates]:
        return [
            TokenStates(
                np.array([[place, place + 1] for place in range(len(text))], dtype=np.int64).reshape(-1, 2),
                np.eye(64, dtype=np.float32)[[ord(char) % 64 for char in text]],
                np.ones(len(text), dtype=np.float32),
            )
            for text in texts
        ]


class EchoEngine:
    """An engine into some languages, which says each sentence again in brackets."""

    name = "echo"
    batch_size = 8

    def __init__(self, targets: Collection[str], *, is_fast: bool = True) -> None:
        self.targets = targets
        self.is_fast = is_fast

    def route(self, src: str, tgt: str) -> str:
        return f"{src}-{tgt} 1" if tgt in self.targets else ""

    def say(self, text: str) -> str:
        return f"[{text}]"

    def translate(self, texts: Sequence[str], *_: object, **__: object) -> list[str]:
        return [self.say(text) for text in texts]
