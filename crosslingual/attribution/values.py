"""An attribution: who says, by which words, what."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]
"""Characters ``start`` to ``end`` of a text."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a text says that ``source`` said ``content``; ``cue`` are the words that say so.

    Each is the spans of one text, in order; ``source`` is empty where the text names nobody. ``is_report`` is false
    where the source only wants, supports or blames, denies it, has not said it, is nobody, or only might say it: then
    the text tells so, not the source.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    is_report: bool = True
