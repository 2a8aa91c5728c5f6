"""Words that stand beside what is looked for more often than elsewhere."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crosslingual.corpus.measures import association_log_likelihood, log_dice
from crosslingual.corpus.patterns import Span
from crosslingual.corpus.scope import CountedArticle
from crosslingual.corpus.tally import DEFAULT_MIN_COUNT, DiskTally, TallyRow
from crosslingual.corpus.word_query import WordQuery
from crosslingual.language.tokenize import TextWord, split_words

DEFAULT_WINDOW, MAX_WINDOW = 5, 20
"""Words on either side that stand beside what was found."""
Association = Literal["log_dice", "log_likelihood"]


@dataclass(frozen=True, slots=True)
class Collocation:
    """``word`` in ``lang``, a dictionary form, stands ``n_beside`` of ``n_total`` times beside what was found.

    ``n_expected`` is how often it would by chance. ``n_articles`` have it there.
    """

    word: str
    lang: str
    n_beside: int
    n_total: int
    n_expected: float
    n_articles: int
    log_dice: float
    log_likelihood: float


@dataclass(slots=True)
class NodeCounts:
    """Of one language: how often the node stands there, the words beside it, and all words that are not it."""

    n_nodes: int = 0
    n_window_words: int = 0
    n_words: int = 0


@dataclass(frozen=True, slots=True)
class Collocations:
    """What stands beside ``query`` within ``window`` words in its sentence; ``counts`` are by language."""

    query: WordQuery
    window: int
    association: Association
    collocations: tuple[Collocation, ...]
    counts: Mapping[str, NodeCounts]


def find_collocations(
    query: WordQuery,
    articles: Iterator[CountedArticle],
    *,
    window: int = DEFAULT_WINDOW,
    min_count: int = DEFAULT_MIN_COUNT,
    association: Association = "log_dice",
    limit: int = 50,
) -> Collocations:
    """Words within ``window`` words of what ``query`` finds, the most strongly bound first, ``limit`` a language.

    A word at one place counts once, however many nodes are near (Evert 2008: surface co-occurrence): G² compares the
    words of all windows with all other words, the nodes themselves left out. For logDice f(x) is the frequency of the
    node, f(y) that of the word, f(x, y) how often it stands beside, f(x) at most. What stands beside less often
    than by chance is no collocation.
    """
    counts: dict[str, NodeCounts] = defaultdict(NodeCounts)
    with DiskTally() as tally:
        for _, sentences in articles:
            beside: dict[str, Counter[str]] = defaultdict(Counter)
            elsewhere: dict[str, Counter[str]] = defaultdict(Counter)
            found = query.find_all([one.text for one in sentences], [one.lang for one in sentences])
            for counted, spans in zip(sentences, found, strict=True):
                own = counts[counted.lang]
                words = list(split_words(counted.text, counted.lang))
                near, nodes = find_window(words, spans or (), window)
                own.n_nodes += len(spans or ())
                own.n_words += len(words) - len(nodes)
                own.n_window_words += len(near)
                for place, word in enumerate(words):
                    if place not in nodes:
                        (beside if place in near else elsewhere)[counted.lang][word.lemma] += 1
            for lang, own_beside in beside.items():
                tally.add_article(lang, own_beside)
            for lang, own_elsewhere in elsewhere.items():
                tally.add_article(lang, own_elsewhere, is_reference=True)
        best: dict[str, list[tuple[float, Collocation]]] = defaultdict(list)
        for row in tally.frequent_rows(min_count):
            one = _make_collocation(row, counts[row.group])
            if one.n_beside > one.n_expected:
                _keep_best(best[row.group], one, getattr(one, association), limit)
    ordered = [
        one
        for lang in sorted(best, key=lambda lang: -counts[lang].n_nodes)
        for _, one in sorted(best[lang], key=lambda pair: (-pair[0], pair[1].word))
    ]
    return Collocations(
        query,
        window,
        association,
        tuple(ordered),
        {lang: own for lang, own in sorted(counts.items()) if own.n_nodes},
    )


def find_window(words: Sequence[TextWord], spans: Sequence[Span], window: int) -> tuple[set[int], set[int]]:
    """Places of the ``words`` within ``window`` of any of ``spans``, and of those that are part of one."""
    nodes: set[int] = set()
    near: set[int] = set()
    for start, end in spans:
        own = [place for place, word in enumerate(words) if word.start < end and word.end > start]
        nodes.update(own)
        if own:
            near.update(range(max(own[0] - window, 0), min(own[-1] + window + 1, len(words))))
    return near - nodes, nodes


def _make_collocation(row: TallyRow, counts: NodeCounts) -> Collocation:
    total = row.target + row.reference
    return Collocation(
        row.key,
        row.group,
        row.target,
        total,
        counts.n_window_words * total / counts.n_words,
        row.target_articles,
        log_dice(min(row.target, counts.n_nodes), counts.n_nodes, total),
        association_log_likelihood(row.target, counts.n_window_words, total, counts.n_words),
    )


def _keep_best(best: list[tuple[float, Collocation]], one: Collocation, value: float, limit: int) -> None:
    best.append((value, one))
    if len(best) > 2 * limit + 100:
        best[:] = heapq.nlargest(limit, best, key=lambda pair: pair[0])
