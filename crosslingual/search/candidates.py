"""What a search judges: the nearest of each language, and what has the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from crosslingual.library import Entry, Mark
from crosslingual.search.lookup import look_up, mentions, with_phrases
from crosslingual.search.query import Query
from crosslingual.search.view import Mask, Numbers, Scope, View
from crosslingual.types import FloatArray

NEAREST = 50
"""Sentences of each language that are judged."""
LANGUAGES_APART = 8
"""Languages, those with most sentences, that are searched each by itself; the others are together."""
WORDED = 50
"""Sentences that have the words and are judged."""
Ranked = tuple[Numbers, FloatArray]
"""Numbers of sentences and their cosines with a query, best first."""


def nearest(view: View, vector: FloatArray, langs: Sequence[str], itself: Mark | None) -> dict[str, Ranked]:
    """What is nearest to a query's ``vector`` (d,) in each language that is searched by itself.

    ``langs`` are the library's, those with most sentences first; ``itself`` is the query, if it is stored.
    """
    found = {}
    own = view.number(itself) if itself else None
    for lang in langs[:LANGUAGES_APART]:
        numbers, cosines = view.nearest(vector, NEAREST + 1, view.in_languages([lang], None))
        others = numbers != own
        found[lang] = numbers[others][:NEAREST], cosines[others][:NEAREST]
    return found


def candidates(
    view: View, query: Query, vector: FloatArray, scope: Scope, near: Mapping[str, Ranked]
) -> tuple[list[int], list[int]]:
    """Numbers of the sentences to judge, each once; and of those that have the words, best first.

    ``near`` is what is nearest in the whole library.
    """
    groups = [frozenset((lang,)) for lang in scope.langs[:LANGUAGES_APART]]
    if rest := frozenset(scope.langs[LANGUAGES_APART:]):
        groups.append(rest)
    words = look_up(view, query, scope.among, groups)
    found: dict[int, None] = dict.fromkeys(words[:WORDED])
    if query.phrases:
        found.update(dict.fromkeys(with_phrases(view, query, scope.among)))
        return list(found), words
    for group in groups:
        if scope.sentences == view.sentences and len(group) == 1:
            numbers = near[next(iter(group))][0]
        else:
            here = view.in_languages(group, scope.among)
            numbers = view.nearest(vector, NEAREST, here)[0]
        found.update(dict.fromkeys(numbers.tolist()))
    return list(found), words


def mentioned(view: View, query: Query, among: Mask | None) -> tuple[tuple[Entry, int], ...]:
    """Articles in which all words or names of a short query stand, with how many of their sentences."""
    counts: Counter[int] = Counter(map(view.owner, mentions(view, query, among)))
    return tuple((view.entries[place], count) for place, count in sorted(counts.items()))
