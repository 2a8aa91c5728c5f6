"""Sentences by their words: a query's words in all their forms, its phrases, and its names as they sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from crosslingual.language.phonetics import alike
from crosslingual.language.tokenize import words
from crosslingual.language.transliteration import syllables
from crosslingual.search.query import Query
from crosslingual.search.sounds import CHARACTERS, LETTERS, consonant_keys, places, spellings
from crosslingual.search.view import View

FOUND = 200
"""Sentences that each way of looking up gives at most."""
_MOST_WORDS = 40  # of a query
_COMMON = 10_000
"""Sentences in which all words together may stand; commoner ones tell little and cost much."""
_MOST_SOUNDS = 60


def look_up(
    view: View, query: Query, among: NDArray[np.bool_] | None, groups: Sequence[frozenset[str]]
) -> list[int]:
    """Numbers of sentences that have words of the query, best first.

    Where there are phrases, only sentences that may have them all. What a short query names is looked for in
    each of ``groups`` of languages, which then take turns: else the query's own would hide the others.
    """
    must = " AND ".join(f"({_phrase(phrase, query)})" for phrase in query.phrases)
    chosen = [view.in_languages(group, among) for group in groups] if query.short else [among]
    turns: list[list[int]] = [[] for _ in chosen]
    for asked in _ways(view, query):
        whole = f"({must}) AND ({asked})" if must else asked
        for turn, here in zip(turns, chosen, strict=True):
            turn += view.matching(whole, FOUND, here)
    return list(
        dict.fromkeys(number for turn in zip_longest(*turns) for number in turn if number is not None)
    )


def with_phrases(view: View, query: Query, among: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of sentences that may have all phrases of the query."""
    must = " AND ".join(f"({_phrase(phrase, query)})" for phrase in query.phrases)
    return view.matching(must, FOUND, among)


def mentions(view: View, query: Query, among: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of all sentences that have all words of a short query, in any form, or its names in any script.

    Not those that only sound alike in Chinese and an alphabet: too many do.
    """
    ways = [
        " AND ".join(_any("said", list(word)) for word in words(query.text, lang)) for lang in query.guesses
    ]
    ways += _names(query)
    return view.matching(" OR ".join(f"({way})" for way in ways if way), 0, among)


def _ways(view: View, query: Query) -> Iterator[str]:
    if by_words := _by_words(view, query):
        yield by_words
    if query.short:
        yield from _names(query)
        if by_sound := _by_sound(view, query):
            yield by_sound


def _names(query: Query) -> Iterator[str]:
    """Ways to find the names of a query, each of which finds all of them; the surest first."""
    text = _capitalised(query.text)
    lang = query.guesses[0]
    for declined in (False, True):
        runs = list(syllables(text, lang, declined=declined))
        if runs and all(runs) and sum(map(len, runs)) > 1:
            yield f"heard : {_sequence([syllable for run in runs for syllable in run])}"
    words_of_it = text.split()
    keys = [{*places(word, lang), *spellings(word, lang)} for word in words_of_it]
    if whole := set(places(text, lang, whole=True)):
        yield _any("heard", whole)
    if all(keys):
        yield " AND ".join(_any("heard", own) for own in keys)


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
    chosen: list[str] = []
    total = 0
    for count, form in counted:
        total += count
        if chosen and total > _COMMON:
            break
        chosen.append(form)
    return _any("said", chosen)


def _by_sound(view: View, query: Query) -> str:
    """Names that could be those of the query in an alphabet where it is Chinese, or the other way round."""
    keys = sorted(set(consonant_keys(_capitalised(query.text))))
    ways = []
    for key in keys:
        own, name = key[:2], key[2:]
        other = CHARACTERS if own == LETTERS else LETTERS
        close = [
            sound
            for sound in view.terms("heard", other)
            if abs(len(sound) - len(key)) < 2 and alike(name, sound[2:]) and alike(sound[2:], name)
        ]
        ways.append(_any("heard", close[:_MOST_SOUNDS]))
    return " AND ".join(f"({way})" for way in ways) if ways and all(ways) else ""


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
