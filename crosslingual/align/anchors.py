"""What stays the same in any language: numbers."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers(text: str) -> frozenset[str]:
    """The numbers that ``text`` writes in digits, as it writes them."""
    return frozenset(_NUMBER.findall(text))
