"""An attribution: who says, by which words, what."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]
"""Characters ``start`` to ``end`` of a text."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a text says that ``source`` said ``content``; ``cue`` are the words that say so.

    Each is the spans of one text, in order; ``source`` is empty where the text names nobody, ``content`` where what
    was said stands in another sentence.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
