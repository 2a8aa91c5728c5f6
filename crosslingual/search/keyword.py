"""Sentences by their words: a query's words in all their forms, its phrases, and its names as they sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from crosslingual.language.phonetics import sounds_alike
from crosslingual.language.tokenize import word_forms
from crosslingual.language.transliteration import name_syllables
from crosslingual.search.expressions import WordExpression, Words, all_of, any_of, any_word
from crosslingual.search.name_keys import (
    ALPHABET_PREFIX,
    CHINESE_PREFIX,
    consonant_keys,
    place_keys,
    sound_keys,
)
from crosslingual.search.protocol import ScopeFilter, SearchView
from crosslingual.search.query import Query

MAX_MATCHES = 200
"""Sentences that each way of looking up gives at most."""
MAX_PHRASE_MATCHES = 5_000
"""Sentences with the words of a phrase that are looked at, at most."""
_MAX_QUERY_WORDS = 40  # of a query
_MAX_TOTAL_FREQUENCY = 10_000
"""Sentences in which all words together may stand; commoner ones tell little and cost much."""
_MAX_SIMILAR_SOUNDS = 60


def find_word_matches(
    view: SearchView, query: Query, chosen: ScopeFilter, groups: Sequence[frozenset[str]]
) -> list[int]:
    """Numbers of sentences that have words of the query, best first.

    Where there are phrases, only sentences that may have them all. What a short query names is looked for in
    each of ``groups`` of languages, which then take turns: else the query's own would hide the others.
    """
    scopes = [view.narrow_scope(group, chosen) for group in groups] if query.is_short else [chosen]
    turns: list[list[int]] = [[] for _ in scopes]
    for asked in _match_expressions(view, query):
        whole = all_of([_phrases_expression(query), asked]) if query.phrases else asked
        for turn, scope in zip(turns, scopes, strict=True):
            if whole:
                turn += view.match_words(whole, MAX_MATCHES, scope)
    return list(
        dict.fromkeys(number for turn in zip_longest(*turns) for number in turn if number is not None)
    )


def find_phrase_matches(view: SearchView, query: Query, chosen: ScopeFilter) -> list[int]:
    """Numbers of sentences that may have all phrases of the query."""
    must = _phrases_expression(query)
    return view.match_words(must, MAX_PHRASE_MATCHES, chosen) if must else []


def find_full_matches(view: SearchView, query: Query, chosen: ScopeFilter) -> list[int]:
    """Numbers of all sentences that have all words of a short query, in any form, or its names in any script.

    Not those that only sound alike in Chinese and an alphabet: too many do.
    """
    ways = [
        all_of(any_word("said", word) for word in word_forms(query.text, lang))
        for lang in query.possible_langs
    ]
    asked = any_of([*ways, *_name_expressions(query)])
    return view.match_words(asked, 0, chosen) if asked else []


def _match_expressions(view: SearchView, query: Query) -> Iterator[WordExpression]:
    if by_words := _words_expression(view, query):
        yield by_words
    if query.is_short:
        yield from _name_expressions(query)
        if by_sound := _sounds_expression(view, query):
            yield by_sound


def _name_expressions(query: Query) -> Iterator[WordExpression]:
    """Ways to find the names of a query, each of which finds all of them; the surest first."""
    text = _capitalize_words(query.text)
    lang = query.possible_langs[0]
    for declined in (False, True):
        runs = list(name_syllables(text, lang, declined=declined))
        if runs and all(runs) and sum(map(len, runs)) > 1:
            yield Words("heard", tuple(syllable for run in runs for syllable in run))
    words_of_it = text.split()
    if whole := any_word("heard", place_keys(text, lang, whole_text=True)):
        yield whole
    if each := all_of(
        any_word("heard", (*place_keys(word, lang), *sound_keys(word, lang))) for word in words_of_it
    ):
        yield each


def _capitalize_words(text: str) -> str:
    """Names are often typed in small letters."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split())


def _words_expression(view: SearchView, query: Query) -> WordExpression | None:
    """The rarest of its words, in all forms, any of them."""
    forms = {
        form
        for lang in query.possible_langs
        for place, word in enumerate(word_forms(query.text, lang))
        if place < _MAX_QUERY_WORDS
        for form in word
    }
    frequencies = view.document_frequencies("said", forms)
    chosen: list[str] = []
    total = 0
    for count, form in sorted((count, form) for form, count in frequencies.items() if count):
        total += count
        if chosen and total > _MAX_TOTAL_FREQUENCY:
            break
        chosen.append(form)
    return any_word("said", chosen)


def _sounds_expression(view: SearchView, query: Query) -> WordExpression | None:
    """Names that could be those of the query in an alphabet where it is Chinese, or the other way round."""
    keys = sorted(set(consonant_keys(_capitalize_words(query.text))))
    ways = []
    for key in keys:
        own, name = key[:2], key[2:]
        other = CHINESE_PREFIX if own == ALPHABET_PREFIX else ALPHABET_PREFIX
        close = [
            sound
            for sound in view.terms_with_prefix("heard", other)
            if abs(len(sound) - len(key)) < 2
            and sounds_alike(name, sound[2:])
            and sounds_alike(sound[2:], name)
        ]
        ways.append(any_word("heard", close[:_MAX_SIMILAR_SOUNDS]))
    return all_of(ways)


def _phrases_expression(query: Query) -> WordExpression | None:
    """Sentences with the words of all phrases, in whatever place: whether they occur as they are, the text tells."""
    lang = query.possible_langs[0]
    return all_of(
        all_of(Words("said", (word[0],)) for word in word_forms(phrase, lang)) for phrase in query.phrases
    )
