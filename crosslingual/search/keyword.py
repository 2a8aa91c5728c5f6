"""Sentences by their words: a query's words in all their forms, its phrases, and its names as they sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from crosslingual.language.phonetics import sounds_alike
from crosslingual.language.tokenize import word_forms
from crosslingual.language.transliteration import name_syllables
from crosslingual.search.name_keys import (
    ALPHABET_PREFIX,
    CHINESE_PREFIX,
    consonant_keys,
    place_keys,
    sound_keys,
)
from crosslingual.search.query import Query
from crosslingual.search.snapshot import IndexSnapshot

MAX_MATCHES = 200
"""Sentences that each way of looking up gives at most."""
MAX_PHRASE_MATCHES = 5_000
"""Sentences with the words of a phrase that are looked at, at most."""
_MAX_QUERY_WORDS = 40  # of a query
_MAX_TOTAL_FREQUENCY = 10_000
"""Sentences in which all words together may stand; commoner ones tell little and cost much."""
_MAX_SIMILAR_SOUNDS = 60


def find_word_matches(
    snapshot: IndexSnapshot, query: Query, mask: NDArray[np.bool_] | None, groups: Sequence[frozenset[str]]
) -> list[int]:
    """Numbers of sentences that have words of the query, best first.

    Where there are phrases, only sentences that may have them all. What a short query names is looked for in
    each of ``groups`` of languages, which then take turns: else the query's own would hide the others.
    """
    must = " AND ".join(f"({_phrase_expression(phrase, query)})" for phrase in query.phrases)
    chosen = [snapshot.language_mask(group, mask) for group in groups] if query.is_short else [mask]
    turns: list[list[int]] = [[] for _ in chosen]
    for asked in _match_expressions(snapshot, query):
        whole = f"({must}) AND ({asked})" if must else asked
        for turn, here in zip(turns, chosen, strict=True):
            turn += snapshot.match_words(whole, MAX_MATCHES, here)
    return list(
        dict.fromkeys(number for turn in zip_longest(*turns) for number in turn if number is not None)
    )


def find_phrase_matches(snapshot: IndexSnapshot, query: Query, mask: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of sentences that may have all phrases of the query."""
    must = " AND ".join(f"({_phrase_expression(phrase, query)})" for phrase in query.phrases)
    return snapshot.match_words(must, MAX_PHRASE_MATCHES, mask)


def find_full_matches(snapshot: IndexSnapshot, query: Query, mask: NDArray[np.bool_] | None) -> list[int]:
    """Numbers of all sentences that have all words of a short query, in any form, or its names in any script.

    Not those that only sound alike in Chinese and an alphabet: too many do.
    """
    ways = [
        " AND ".join(_any_expression("said", list(word)) for word in word_forms(query.text, lang))
        for lang in query.possible_langs
    ]
    ways += _name_expressions(query)
    asked = " OR ".join(f"({way})" for way in ways if way)
    return snapshot.match_words(asked, 0, mask) if asked else []


def _match_expressions(snapshot: IndexSnapshot, query: Query) -> Iterator[str]:
    if by_words := _words_expression(snapshot, query):
        yield by_words
    if query.is_short:
        yield from _name_expressions(query)
        if by_sound := _sounds_expression(snapshot, query):
            yield by_sound


def _name_expressions(query: Query) -> Iterator[str]:
    """Ways to find the names of a query, each of which finds all of them; the surest first."""
    text = _capitalize_words(query.text)
    lang = query.possible_langs[0]
    for declined in (False, True):
        runs = list(name_syllables(text, lang, declined=declined))
        if runs and all(runs) and sum(map(len, runs)) > 1:
            yield f"heard : {_sequence_expression([syllable for run in runs for syllable in run])}"
    words_of_it = text.split()
    keys = [{*place_keys(word, lang), *sound_keys(word, lang)} for word in words_of_it]
    if whole := set(place_keys(text, lang, whole_text=True)):
        yield _any_expression("heard", whole)
    if all(keys):
        yield " AND ".join(_any_expression("heard", own) for own in keys)


def _capitalize_words(text: str) -> str:
    """Names are often typed in small letters."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split())


def _words_expression(snapshot: IndexSnapshot, query: Query) -> str:
    """The rarest of its words, in all forms, any of them."""
    forms = {
        form
        for lang in query.possible_langs
        for place, word in enumerate(word_forms(query.text, lang))
        if place < _MAX_QUERY_WORDS
        for form in word
    }
    counted = sorted((count, form) for form in forms if (count := snapshot.document_frequency("said", form)))
    chosen: list[str] = []
    total = 0
    for count, form in counted:
        total += count
        if chosen and total > _MAX_TOTAL_FREQUENCY:
            break
        chosen.append(form)
    return _any_expression("said", chosen)


def _sounds_expression(snapshot: IndexSnapshot, query: Query) -> str:
    """Names that could be those of the query in an alphabet where it is Chinese, or the other way round."""
    keys = sorted(set(consonant_keys(_capitalize_words(query.text))))
    ways = []
    for key in keys:
        own, name = key[:2], key[2:]
        other = CHINESE_PREFIX if own == ALPHABET_PREFIX else ALPHABET_PREFIX
        close = [
            sound
            for sound in snapshot.terms_with_prefix("heard", other)
            if abs(len(sound) - len(key)) < 2
            and sounds_alike(name, sound[2:])
            and sounds_alike(sound[2:], name)
        ]
        ways.append(_any_expression("heard", close[:_MAX_SIMILAR_SOUNDS]))
    return " AND ".join(f"({way})" for way in ways) if ways and all(ways) else ""


def _phrase_expression(phrase: str, query: Query) -> str:
    """Sentences with the words of a phrase, in whatever place: whether it occurs as it is, the text tells."""
    forms = [word[0] for word in word_forms(phrase, query.possible_langs[0])]
    return " AND ".join(f"said : {_quote_term(form)}" for form in dict.fromkeys(forms)) or 'said : ""'


def _any_expression(column: str, forms: set[str] | list[str]) -> str:
    return f"{column} : ({' OR '.join(map(_quote_term, sorted(forms)))})" if forms else ""


def _sequence_expression(forms: list[str]) -> str:
    return _quote_term(" ".join(forms))


def _quote_term(form: str) -> str:
    return '"' + form.replace('"', '""') + '"'
