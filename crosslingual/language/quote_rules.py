"""What ``data/quotes.toml`` says of who speaks: verbs of speech, roles, pronouns, people."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_RULES_PATH = Path(__file__).parent / "data" / "quotes.toml"
_VERB_ENDINGS = {
    "ru": "(?:л|ла|ло|ли|ет|ёт|ют|ит|ят|ется|ится|лся|лась|лись)?",
    "uk": "(?:в|ла|ло|ли|є|ють|ить|ять|ється|иться|вся|лася|лися|а|ий|ні|на|їть|ів|іла|іли)?",
}


@cache
def load_quote_rules() -> dict[str, Any]:
    """The tables of the file, by language, and ``people``."""
    return tomllib.loads(_RULES_PATH.read_text(encoding="utf-8"))


@cache
def verb_alternatives(lang: str) -> str:
    """A pattern of the verbs of speech in ``lang``, the longest first."""
    suffix = _VERB_ENDINGS.get(lang, "")
    words = sorted(load_quote_rules()[lang]["verbs"], key=len, reverse=True)
    return "|".join(
        re.escape(word[:-1]) + suffix if word.endswith("-") else re.escape(word) for word in words
    )


@cache
def verb_pattern(lang: str) -> re.Pattern[str]:
    """The same of whole words."""
    return re.compile(rf"(?<![\w-])(?:{verb_alternatives(lang)})(?![\w-])")
