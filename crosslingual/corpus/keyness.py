"""Words that mark one part of a library against another."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosslingual.corpus.measures import keyness_log_likelihood, log_ratio, percent_difference
from crosslingual.corpus.scope import CountedArticle
from crosslingual.corpus.tally import DEFAULT_MIN_COUNT, DiskTally, TallyRow
from crosslingual.errors import InputError
from crosslingual.language.tokenize import split_words
from crosslingual.library import ArticleEntry

MIN_LOG_LIKELIHOOD = 6.63
"""G² from which a word is listed: exceeded by chance by one word in a hundred that is looked at."""


@dataclass(frozen=True, slots=True)
class KeyWord:
    """``word`` in ``lang``, a dictionary form, with its frequencies here (the target) and in the reference.

    ``log_likelihood`` is negative of what is rarer here, ``percent_difference`` None of what the reference has not.
    """

    word: str
    lang: str
    n_target: int
    n_reference: int
    target_articles: int
    reference_articles: int
    log_likelihood: float
    log_ratio: float
    percent_difference: float | None


@dataclass(slots=True)
class CorpusSize:
    """Of one language: words and articles of the target and of the reference."""

    target_words: int = 0
    reference_words: int = 0
    target_articles: int = 0
    reference_articles: int = 0

    @property
    def is_comparable(self) -> bool:
        """Whether both sides have words in it."""
        return bool(self.target_words and self.reference_words)


@dataclass(frozen=True, slots=True)
class Keyness:
    """Key words by language, the most marked first, then those that the target has more rarely.

    ``sizes`` are by language; words of one that only one side has cannot be compared.
    """

    words: tuple[KeyWord, ...]
    sizes: Mapping[str, CorpusSize]


def separate_sides(
    target: Sequence[ArticleEntry], reference: Sequence[ArticleEntry]
) -> tuple[list[ArticleEntry], list[ArticleEntry]]:
    """Both sides of a comparison; what is of both is of the ``target`` alone.

    Raises:
        InputError: nothing is left on one of them.
    """
    ids = {entry.article for entry in target}
    others = [entry for entry in reference if entry.article not in ids]
    for name, entries in (("target", target), ("reference", others)):
        if not entries:
            raise InputError(f"no articles in the {name}; give other filters")
    return list(target), others


def compare_frequencies(
    target: Iterator[CountedArticle],
    reference: Iterator[CountedArticle],
    *,
    min_count: int = DEFAULT_MIN_COUNT,
    limit: int = 50,
) -> Keyness:
    """Words that ``target`` has more often than ``reference``, or more rarely, each ``limit`` a language at most.

    A word has to occur ``min_count`` times on one side, and its G² to reach ``MIN_LOG_LIKELIHOOD``. Each language is
    counted by itself.
    """
    sizes: dict[str, CorpusSize] = defaultdict(CorpusSize)
    with DiskTally() as tally:
        for articles, is_reference in ((target, False), (reference, True)):
            for article in articles:
                for lang, counts in count_lemmas(article).items():
                    tally.add_article(lang, counts, is_reference=is_reference)
                    _add_size(sizes[lang], counts.total(), is_reference=is_reference)
        found: dict[str, list[KeyWord]] = defaultdict(list)
        for row in tally.frequent_rows(min_count, min_count):
            if sizes[row.group].is_comparable:
                word = _make_key_word(row, sizes[row.group])
                if abs(word.log_likelihood) >= MIN_LOG_LIKELIHOOD:
                    _keep_extremes(found[row.group], word, limit)
    ordered = []
    for lang in sorted(found, key=lambda lang: -sizes[lang].target_words):
        ordered += _select_extremes(found[lang], limit)
    return Keyness(tuple(ordered), dict(sorted(sizes.items())))


def count_lemmas(article: CountedArticle) -> dict[str, Counter[str]]:
    """The dictionary forms of an article's words, counted by language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for counted in article[1]:
        counts[counted.lang].update(word.lemma for word in split_words(counted.text, counted.lang))
    return counts


def _add_size(size: CorpusSize, n_words: int, *, is_reference: bool) -> None:
    if is_reference:
        size.reference_words += n_words
        size.reference_articles += 1
    else:
        size.target_words += n_words
        size.target_articles += 1


def _make_key_word(row: TallyRow, size: CorpusSize) -> KeyWord:
    frequencies = (row.target, row.reference, size.target_words, size.reference_words)
    return KeyWord(
        row.key,
        row.group,
        row.target,
        row.reference,
        row.target_articles,
        row.reference_articles,
        keyness_log_likelihood(*frequencies),
        log_ratio(*frequencies),
        percent_difference(*frequencies),
    )


def _keep_extremes(words: list[KeyWord], word: KeyWord, limit: int) -> None:
    words.append(word)
    if len(words) > 4 * limit + 100:
        words[:] = _select_extremes(words, limit)


def _select_extremes(words: list[KeyWord], limit: int) -> list[KeyWord]:
    """The ``limit`` that are most marked, and the ``limit`` that are rarest."""
    more = heapq.nsmallest(
        limit,
        (word for word in words if word.log_likelihood > 0),
        key=lambda word: (-word.log_likelihood, word.word),
    )
    fewer = heapq.nsmallest(
        limit,
        (word for word in words if word.log_likelihood < 0),
        key=lambda word: (word.log_likelihood, word.word),
    )
    return more + fewer
