"""What ``data/citing.toml`` says of how one outlet cites another."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RULES_PATH = Path(__file__).parent / "data" / "citing.toml"

LISTED_OUTLET = "\ufffc"
"""Stands for each character of an outlet's name in what is between another and the words that cite it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Characters ``start`` to ``end`` cite an outlet.

    ``is_weak``: a verb that any speaker may have. ``is_adjacent``: at most a word stands between.
    """

    start: int
    end: int
    is_weak: bool = False
    is_doubtful: bool = False
    is_adjacent: bool = False


@cache
def load_citation_rules() -> dict[str, Any]:
    """The tables of the file by language."""
    return tomllib.loads(RULES_PATH.read_text(encoding="utf-8"))


@cache
def rule_pattern(lang: str, name: str) -> re.Pattern[str]:
    """One entry of a language as a pattern: of whole words, in Chinese of characters."""
    pattern = load_citation_rules()[lang][name]
    if lang == "zh":
        return re.compile(pattern)
    flags = 0 if name == "capitals" else re.IGNORECASE
    return re.compile(rf"(?<![\w])(?:{pattern})(?!\w)", flags)
