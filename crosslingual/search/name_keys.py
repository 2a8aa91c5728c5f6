"""Names as they sound, so that one typed in a script is found in another.

Chinese names are told by their syllables (习近平, Xi Jinping, Си Цзиньпин), other names by their consonants,
countries, cities and the names of the shipped list by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosslingual.language.known_names import find_listed_names
from crosslingual.language.lexicons import find_cities
from crosslingual.language.names import find_countries, find_proper_names
from crosslingual.language.phonetics import find_transcriptions, loose_consonants
from crosslingual.language.transliteration import name_syllables

ALPHABET_PREFIX, CHINESE_PREFIX = "l:", "k:"
"""Begin the key of a name's consonants, from an alphabet and from Chinese, which only ``sounds_alike`` compares."""

_WORD = re.compile(r"[^\W\d_]+")


def place_keys(text: str, lang: str, *, whole_text: bool = False) -> Iterator[str]:
    """Keys of the countries, cities and names of the list in ``text``; where ``whole_text``, only if it is no more."""
    listed = ((one.key, one.start, one.end) for one in find_listed_names(text, lang))
    for key, start, end in (*find_countries(text, lang), *find_cities(text, lang), *listed):
        if whole_text and text[start:end] != text:
            continue
        yield key.lower().replace(" ", "_") if ":" in key else f"m:{key.lower().replace(' ', '_')}"


def sound_keys(text: str, lang: str) -> Iterator[str]:
    """Keys of the names in ``text`` by their sound, those that need no comparing."""
    for key, *_ in find_proper_names(text, lang):
        yield key


def consonant_keys(text: str) -> Iterator[str]:
    """Keys, beginning with ``ALPHABET_PREFIX`` or ``CHINESE_PREFIX``, of what may be names from another script."""
    for _, _, sound in find_transcriptions(text):
        if len(sound) > 1:
            yield CHINESE_PREFIX + sound
    for match in _WORD.finditer(text):
        if match[0][0].isupper() and len(match[0]) > 2 and len(sound := loose_consonants(match[0])) > 1:
            yield ALPHABET_PREFIX + sound


def join_keys(text: str, lang: str) -> str:
    """All keys of ``text``, with spaces between: the syllables in their order, then the others."""
    keys = [syllable for word in name_syllables(text, lang) for syllable in word]
    return " ".join([*keys, *place_keys(text, lang), *sound_keys(text, lang), *consonant_keys(text)])
