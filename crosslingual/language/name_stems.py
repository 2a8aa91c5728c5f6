"""Names cut into words whose endings of case are gone, so that one name is one key in all its forms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ \u00a0\-–.'’ʼ·]{0,2}[«“\"„]?")
"""What may stand between two words of one name."""
_DECLINED_LANGS = frozenset({"ru", "uk"})
_CYRILLIC_ENDINGS = (
    "ого", "его", "ому", "ему", "ими", "ыми", "ами", "ями", "ой", "ей", "ою", "ею", "єю", "ым", "им", "ом", "ем",
    "ём", "єм", "ах", "ях", "ая", "яя", "ую", "юю", "ый", "ий", "ое", "ее", "ые", "ие", "ых", "их", "ої", "ій",
    "а", "я", "у", "ю", "е", "и", "ы", "о", "ь", "й", "і", "ї", "є",
)  # fmt: skip
_VOWELS = "аеиоуыэюяіїєйь"
"""Go from the end of a stem too: Сергей and Сергея are серг."""
_MIN_STEM = 3
"""Letters that stay of a word."""


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a text from ``start`` to ``end``, and the ``key`` that it has in every case."""

    start: int
    end: int
    key: str


def name_words(text: str, lang: str) -> list[NameWord]:
    """The words of ``text`` in their order; hyphens and apostrophes divide them."""
    return [NameWord(*match.span(), word_key(match[0], lang)) for match in _WORD.finditer(text)]


def is_name_gap(text: str) -> bool:
    """Whether ``text`` may stand between two words of one name."""
    return bool(_GAP.fullmatch(text))


@lru_cache(maxsize=50_000)
def word_key(word: str, lang: str) -> str:
    """``word`` in small letters without accents and, in a language that declines names, without its ending."""
    small = word.casefold()
    if small.isascii():
        return small[:-1] if lang == "de" and len(small) > _MIN_STEM and small.endswith("s") else small
    if lang in _DECLINED_LANGS or "а" <= small[0] <= "ґ":
        small = small.replace("ё", "е")
        for ending in _CYRILLIC_ENDINGS:
            if small.endswith(ending) and len(small) >= len(ending) + _MIN_STEM:
                stem = small[: -len(ending)]
                return stem.rstrip(_VOWELS) if len(stem.rstrip(_VOWELS)) >= _MIN_STEM else stem
        return small
    return "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
