"""Names as they sound, so that one typed in a script is found in another.

Chinese names are told by their syllables (习近平, Xi Jinping, Си Цзиньпин), other names by their consonants,
countries and cities by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosslingual.language.lexicons import cities
from crosslingual.language.names import countries, proper
from crosslingual.language.phonetics import consonants, transcriptions
from crosslingual.language.transliteration import syllables

LETTERS, CHARACTERS = "l:", "k:"
"""Begin the key of a name's consonants, from an alphabet and from Chinese, which only ``alike`` compares."""

_WORD = re.compile(r"[^\W\d_]+")


def places(text: str, lang: str, *, whole: bool = False) -> Iterator[str]:
    """Keys of the countries and cities that ``text`` names; where ``whole``, only if it is nothing else."""
    for key, start, end in (*countries(text, lang), *cities(text, lang)):
        if whole and text[start:end] != text:
            continue
        yield key.lower().replace(" ", "_") if ":" in key else f"m:{key.lower().replace(' ', '_')}"


def spellings(text: str, lang: str) -> Iterator[str]:
    """Keys of the names in ``text`` by their sound, those that need no comparing."""
    for key, *_ in proper(text, lang):
        yield key


def consonant_keys(text: str) -> Iterator[str]:
    """Keys, beginning with ``LETTERS`` or ``CHARACTERS``, of what may be names from another script."""
    for _, _, sound in transcriptions(text):
        if len(sound) > 1:
            yield CHARACTERS + sound
    for match in _WORD.finditer(text):
        if match[0][0].isupper() and len(match[0]) > 2 and len(sound := consonants(match[0])) > 1:
            yield LETTERS + sound


def heard(text: str, lang: str) -> str:
    """All keys of ``text``, with spaces between: the syllables in their order, then the others."""
    keys = [syllable for word in syllables(text, lang) for syllable in word]
    return " ".join([*keys, *places(text, lang), *spellings(text, lang), *consonant_keys(text)])
