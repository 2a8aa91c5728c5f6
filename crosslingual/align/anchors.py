"""What stays the same in any language: numbers, dates, countries, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crosslingual.language.names import find_calendar_words, find_countries, find_proper_names
from crosslingual.language.numbers import find_numbers


@dataclass(frozen=True, slots=True)
class Anchor:
    """What two sentences share if both have it under the same ``key``; ``text`` is how it is written.

    ``is_weak`` ones count only beside one that is not: German writes every noun as others write names.
    """

    key: str
    text: str
    is_weak: bool = False


@lru_cache(maxsize=20_000)
def find_anchors(text: str, lang: str, names: frozenset[str] = frozenset()) -> tuple[Anchor, ...]:
    """Values of numbers, months, days of the week, countries and names in ``text``, in their order.

    Args:
        text: a sentence.
        lang: its language, ISO 639-1.
        names: what ``collect_names`` found in texts of this language; a word that begins the sentence, which
            every word does with a capital, is a name only if it is among them.
    """
    found = [
        (start, end, Anchor(key, text[start:end].strip())) for key, start, end in find_numbers(text, lang)
    ]
    for key, start, end in (*find_countries(text, lang), *find_calendar_words(text, lang)):
        if not any(start < other_end and other_start < end for other_start, other_end, _ in found):
            found.append((start, end, Anchor(key, text[start:end])))
    taken = [(start, end) for start, end, _ in found]
    for key, start, end, first in find_proper_names(text, lang):
        clear = not any(start < other_end and other_start < end for other_start, other_end in taken)
        if clear and (not first or text[start:end] in names):
            found.append((start, end, Anchor(key, text[start:end], is_weak=lang == "de")))
    unique = {anchor.key: anchor for _, _, anchor in sorted(found, key=lambda one: one[:2], reverse=True)}
    return tuple(reversed(unique.values()))


def collect_names(texts: Iterable[str], lang: str) -> frozenset[str]:
    """Words that ``texts`` write with a capital inside a sentence."""
    return frozenset(
        text[start:end]
        for text in texts
        for _, start, end, first in find_proper_names(text, lang)
        if not first
    )
