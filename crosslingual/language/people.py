"""One key for a person in all scripts: of people who are known in several, else by the sound of a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crosslingual.language.phonetics import (
    find_transcriptions,
    loose_consonants,
    sound_skeleton,
    sounds_alike,
)
from crosslingual.language.quote_rules import load_quote_rules

_MIN_CONSONANTS = 3
"""Consonants by which a name is told in another script."""
_CYRILLIC = re.compile("[\u0400-\u052f]")


def person_key(name: str, lang: str) -> str:
    """A key that is one for all spellings of a person: of the people known in several scripts, else by sound.

    A surname decides; Chinese names that are not in the list are their own.
    """
    if known := find_known_person(name, lang):
        return known
    if lang == "zh":
        return name
    words = name.split()
    return (sound_skeleton(words[-1]) if words else "") or name.casefold()


def find_known_person(name: str, lang: str) -> str:
    """Whom of the people known in several scripts ``name`` means; empty where it is none of them."""
    for known, forms in load_quote_rules()["people"].items():
        for form in forms:
            if lang == "zh" and form in name:
                return str(known)
            if lang != "zh" and re.search(rf"(?<!\w){re.escape(form)}\w{{0,4}}(?!\w)", name):
                return str(known)
    return ""


def match_speaker_keys(speakers: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Of keys that ``person_key`` gave, with a name and its language each, those of one person in two scripts.

    Each such key with the one that stands for both: a Chinese name with the one name in letters whose
    consonants it could transcribe, a Cyrillic one with the one Latin name of the same consonants. Where two
    could be meant, none is.
    """
    sounds = {
        key: loose_consonants(name.split()[-1])
        for key, (name, lang) in speakers.items()
        if lang != "zh" and name.split() and key not in load_quote_rules()["people"]
    }
    found: dict[str, str] = {}
    for key, (name, lang) in speakers.items():
        if key in load_quote_rules()["people"]:
            continue
        if lang == "zh":
            runs = [sound for _, _, sound in find_transcriptions(name)]
            fits = [
                other
                for other, sound in sounds.items()
                if len(sound) >= _MIN_CONSONANTS
                and any(sounds_alike(sound, run, inside=True) for run in runs)
            ]
        elif _CYRILLIC.search(name):
            fits = [
                other
                for other, sound in sounds.items()
                if len(sound) >= _MIN_CONSONANTS
                and sound == sounds[key]
                and not _CYRILLIC.search(speakers[other][0])
            ]
        else:
            continue
        if len(fits) == 1 and fits[0] != key:
            found[key] = fits[0]
    return {key: found.get(other, other) for key, other in found.items()}
