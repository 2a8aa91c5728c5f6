"""Sentences by their words: a query's words in all their forms, its phrases, and its names as they sound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from crosslingual.framing.sound import alike
from crosslingual.search.query import Query
from crosslingual.search.sounds import SOUND, consonant_keys, places, spellings, syllables
from crosslingual.search.store import View
from crosslingual.search.words import words

FOUND = 200
"""Sentences that each way of looking up gives at most."""
_MOST_WORDS = 40  # of a query
_COMMON = 50_000
"""Sentences in which all words together may stand; commoner ones tell little and cost much."""
_MOST_SOUNDS = 60


def look_up(view: View, query: Query, among: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of sentences that have words of the query, best first; its names in other scripts after them.

    Where there are phrases, only sentences that may have them all.
    """
    found: dict[int, None] = {}
    must = " AND ".join(f"({_phrase(phrase, query)})" for phrase in query.phrases)
    for asked in _ways(view, query):
        whole = f"({must}) AND ({asked})" if must else asked
        found.update(dict.fromkeys(view.matching(whole, FOUND, among)))
    return list(found)


def with_phrases(view: View, query: Query, among: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of sentences that may have all phrases of the query."""
    must = " AND ".join(f"({_phrase(phrase, query)})" for phrase in query.phrases)
    return view.matching(must, FOUND, among)


def _ways(view: View, query: Query) -> Iterator[str]:
    if by_words := _by_words(view, query):
        yield by_words
    if query.short:
        text = _capitalised(query.text)
        keys = [
            _any("heard", {*places(text, lang), *spellings(text, lang)}) for lang in query.guesses
        ]
        runs = [run for run in syllables(text, query.guesses[0]) if run]
        spoken = [syllable for run in runs for syllable in run]
        if len(spoken) > 1:
            yield f"heard : {_sequence(spoken)}"
        if any(keys):
            yield " OR ".join(filter(None, keys))
        if by_sound := _by_sound(view, text):
            yield by_sound


def _capitalised(text: str) -> str:
    """Names are often typed in small letters."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split())


def _by_words(view: View, query: Query) -> str:
    """The rarest of its words, in all forms, any of them."""
    forms = {
        form
        for lang in query.guesses
        for place, word in enumerate(words(query.text, lang))
        if place < _MOST_WORDS
        for form in word
    }
    counted = sorted((count, form) for form in forms if (count := view.documents("said", form)))
    chosen, total = [], 0
    for count, form in counted:
        total += count
        if chosen and total > _COMMON:
            break
        chosen.append(form)
    return _any("said", chosen)


def _by_sound(view: View, text: str) -> str:
    """Names that could be those of the query in another script, by their consonants."""
    names = {key.removeprefix(SOUND) for key in consonant_keys(text)}
    if not names:
        return ""
    known = view.terms("heard", SOUND)
    ways = []
    for name in sorted(names):
        close = [
            key for key in known if alike(name, key.removeprefix(SOUND)) and alike(key.removeprefix(SOUND), name)
        ]
        ways.append(_any("heard", close[:_MOST_SOUNDS]))
    return " AND ".join(f"({way})" for way in ways) if all(ways) else ""


def _phrase(phrase: str, query: Query) -> str:
    """Sentences with the words of a phrase, in whatever place: whether it occurs as it is, the text tells."""
    forms = [word[0] for word in words(phrase, query.guesses[0])]
    return " AND ".join(f"said : {_quoted(form)}" for form in dict.fromkeys(forms)) or 'said : ""'


def _any(column: str, forms: set[str] | list[str]) -> str:
    return f"{column} : ({' OR '.join(map(_quoted, sorted(forms)))})" if forms else ""


def _sequence(forms: list[str]) -> str:
    return _quoted(" ".join(forms))


def _quoted(form: str) -> str:
    return '"' + form.replace('"', '""') + '"'
