"""Numbers in German, which writes them as one word: einundzwanzig, dreihunderttausend, zweieinhalb."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

NumberPart = tuple[Decimal, bool, bool, bool]
"""A value, whether it multiplies what stands before it, whether it is exact, and may multiply nothing."""

_UNITS = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_TEENS = [
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_SUFFIX = "(?:jährig|tägig|köpfig|stündig|fach|mal|ste|te)\\w{0,2}"
_MAX_WORD_CHARS = 80


def split_german_number(word: str) -> list[NumberPart]:
    """The parts of a compound of numbers, in small letters; none where ``word`` is something else.

    An ordinal or an age (einundzwanzigste, -jährig) is not exact.
    """
    match = (
        _compound_pattern().fullmatch(word.replace("dreissig", "dreißig"))
        if len(word) <= _MAX_WORD_CHARS
        else None
    )
    if not match:
        return []
    values = [_atom_values()[atom] for atom in re.findall(_atom_pattern(), match["number"])]
    parts = [(value, value in (100, 1000), True, True) for value in values]
    if match["tail"]:
        parts[-1] = (*parts[-1][:2], False, True)
    return parts


@cache
def _atom_values() -> dict[str, Decimal]:
    found = {"hundert": Decimal(100), "tausend": Decimal(1000), "eins": Decimal(1)}
    found |= {name: Decimal(value) for value, name in enumerate(_TEENS, 10)}
    for value, ten in enumerate(_TENS, 2):
        found[ten] = Decimal(10 * value)
        found |= {f"{unit}und{ten}": Decimal(10 * value + n) for n, unit in enumerate(_UNITS, 1)}
    for value, unit in enumerate(_UNITS, 1):
        found |= {unit: Decimal(value), f"{unit}einhalb": value + Decimal("0.5")}
    return found


@cache
def _atom_pattern() -> str:
    """The longest first: siebenundzwanzig before sieben."""
    return "|".join(sorted(_atom_values(), key=len, reverse=True))


@cache
def _compound_pattern() -> re.Pattern[str]:
    return re.compile(f"(?P<number>(?:{_atom_pattern()})+)(?P<tail>{_SUFFIX})?")
