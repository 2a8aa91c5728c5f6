"""What translates: one protocol for packages, models in a folder, and language models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

Progress = Callable[[int, int], None]
"""Told how many of how many texts are done; what it raises stops the work."""


class Engine(Protocol):
    """A translator that works on this machine. It is given sentences, and never splits them."""

    @property
    def name(self) -> str:
        """Under which its translations are kept and shown."""

    @property
    def batch_size(self) -> int:
        """How many sentences are worth translating before what is done is stored."""

    @property
    def is_fast(self) -> bool:
        """Whether it keeps up with articles that are added; others translate when they are asked to."""

    def route(self, src: str, tgt: str) -> str:
        """Version of what would translate ``src`` to ``tgt``, naming each package on the way.

        Empty where it cannot. Cheap: no model is loaded.
        """

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        """``texts`` in their order, translated; what could not be translated is empty.

        Raises:
            ModelError: it cannot translate this way, or its model cannot be loaded.
        """


def choose_engine(engines: Iterable[Engine], src: str, tgt: str) -> Engine | None:
    """The first of ``engines`` that translates ``src`` to ``tgt``."""
    return next((engine for engine in engines if engine.route(src, tgt)), None)
