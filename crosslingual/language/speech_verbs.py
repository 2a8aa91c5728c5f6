"""Verbs of saying: their stance, which bring words, which cite an outlet. The list is ``data/speech.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from crosslingual.language.lexicons import compile_words

SPEECH_PATH = Path(__file__).parent / "data" / "speech.toml"
_NO_STANCE = "other"
_LOOKAROUND = re.compile(r"\(\?<?[!=][^)]*\)")

VerbUse = Literal["quote", "weak", "inverted"]
"""What a verb does; the head of the list says what each means."""


@cache
def load_speech_verbs() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By language and stance the patterns of verbs, each with its uses, parted by blanks."""
    return tomllib.loads(SPEECH_PATH.read_text(encoding="utf-8"))


@cache
def stance_patterns(lang: str) -> Mapping[str, re.Pattern[str]]:
    """What reports speech in ``lang``, by the stance that it takes; none for other languages."""
    groups = load_speech_verbs().get(lang, {})
    return {
        stance: compile_words("|".join(verbs), lang)
        for stance, verbs in groups.items()
        if stance != _NO_STANCE
    }


@cache
def verb_alternatives(lang: str, use: VerbUse) -> str:
    """A pattern of the verbs in ``lang`` that have ``use``, the longest first; empty where there are none."""
    found = {
        verb
        for verbs in load_speech_verbs().get(lang, {}).values()
        for verb, uses in verbs.items()
        if use in uses.split()
    }
    return "|".join(sorted(found, key=lambda verb: (-len(_LOOKAROUND.sub("", verb)), verb)))


@cache
def quoting_verbs(lang: str) -> re.Pattern[str]:
    """Whole words in ``lang`` that bring somebody's words."""
    return re.compile(rf"(?<![\w-])(?:{verb_alternatives(lang, 'quote')})(?![\w-])")


@cache
def citing_verbs(lang: str, use: VerbUse) -> re.Pattern[str]:
    """What cites an outlet as ``use`` says; a pattern that finds nothing where ``lang`` has none."""
    return compile_words(verb_alternatives(lang, use) or "(?!)", lang)
