"""Words that follow one another often."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from crosslingual.corpus.scope import CountedArticle, CountedSentence
from crosslingual.corpus.tally import DEFAULT_MIN_COUNT, DiskTally
from crosslingual.language.scripts import is_han
from crosslingual.language.tokenize import split_words

MIN_LENGTH, MAX_LENGTH = 1, 6
"""Words of an n-gram."""
DEFAULT_LENGTH = 3
_JOINTS = " \t\n\u00a0-‐'’ʼ·"
"""What may stand between two words that follow one another."""


@dataclass(frozen=True, slots=True)
class Ngram:
    """``text`` in ``lang``, words as written but for capitals, ``n_occurrences`` in ``n_articles`` articles."""

    text: str
    lang: str
    n_occurrences: int
    n_articles: int


def count_ngrams(
    articles: Iterator[CountedArticle],
    *,
    length: int = DEFAULT_LENGTH,
    min_count: int = DEFAULT_MIN_COUNT,
    limit: int = 50,
) -> tuple[Ngram, ...]:
    """The most frequent sequences of ``length`` words within a sentence, ``limit`` a language at most.

    No punctuation stands within one but hyphens and apostrophes.
    """
    with DiskTally() as tally:
        for _, sentences in articles:
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            for counted in sentences:
                counts[counted.lang].update(sentence_ngrams(counted, length))
            for lang, own in counts.items():
                tally.add_article(lang, own)
        best: dict[str, list[Ngram]] = defaultdict(list)
        for row in tally.frequent_rows(min_count):
            own_best = best[row.group]
            own_best.append(Ngram(row.key, row.group, row.target, row.target_articles))
            if len(own_best) > 2 * limit + 100:
                own_best[:] = _most_frequent(own_best, limit)
    by_size = sorted(best, key=lambda lang: -max(one.n_occurrences for one in best[lang]))
    return tuple(one for lang in by_size for one in _most_frequent(best[lang], limit))


def sentence_ngrams(counted: CountedSentence, length: int) -> Iterator[str]:
    """Every sequence of ``length`` words of a sentence; Chinese words are joined without a space."""
    words = list(split_words(counted.text, counted.lang))
    run = 0
    for place, word in enumerate(words):
        joined = place > 0 and not counted.text[words[place - 1].end : word.start].strip(_JOINTS)
        run = run + 1 if joined else 1
        if run >= length:
            yield _join_forms([one.form for one in words[place + 1 - length : place + 1]])


def _join_forms(forms: list[str]) -> str:
    text = forms[0]
    for form in forms[1:]:
        text += form if is_han(text[-1]) and is_han(form[0]) else f" {form}"
    return text


def _most_frequent(ngrams: list[Ngram], limit: int) -> list[Ngram]:
    return heapq.nsmallest(limit, ngrams, key=lambda one: (-one.n_occurrences, -one.n_articles, one.text))
