"""What ``data/quotes.toml`` says of who speaks: roles, pronouns, people."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_RULES_PATH = Path(__file__).parent / "data" / "quotes.toml"


@cache
def load_quote_rules() -> dict[str, Any]:
    """The tables of the file, by language, and ``people``."""
    return tomllib.loads(_RULES_PATH.read_text(encoding="utf-8"))
