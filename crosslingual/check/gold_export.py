"""Answers as gold in the format of ``evaluate statements``, an event a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from crosslingual.check.results import agrees, is_judged
from crosslingual.errors import InputError, NotFoundError
from crosslingual.files import atomic_write
from crosslingual.library import Library
from crosslingual.library.judgements import CheckItem, CheckSample
from crosslingual.types import Article, Sentence

MARKS = {"same": "s", "part": "p", "values": "v"}
"""The marks of links for answers; other judged pairs have none, those that were not judged ``?``."""
MAX_PAIRS = 400_000
"""Pairs of sentences in one line of the file; a larger event has several lines, of articles that were asked about."""
NOTHING_TO_EXPORT = "no answers to export; answer some with: crosslingual check"
_NO_LINK, _NOT_JUDGED = "", "?"

PairIndex = tuple[int, int, int, int]


def export_gold(library: Library, samples: Iterable[CheckSample], path: Path) -> tuple[int, int]:
    """Write the answers of ``samples`` to the file ``path``; how many events and judged pairs there are in it.

    A silence that was confirmed says of each sentence of the other source that it does not say it; one that was not
    leaves all of them open, as "cannot tell" does.

    Raises:
        InputError: there is no answer, or the file cannot be written.
    """
    events: set[str] = set()
    n_pairs = 0
    try:
        with atomic_write(path) as new:
            with new.open("w", encoding="utf-8") as out:
                for record, count in _iterate_records(library, list_exportable(library, samples)):
                    out.write(json.dumps(record, ensure_ascii=False) + "\n")
                    events.add(record["event"])
                    n_pairs += count
            if not events:
                raise InputError(NOTHING_TO_EXPORT)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return len(events), n_pairs


def list_exportable(library: Library, samples: Iterable[CheckSample]) -> list[CheckItem]:
    """Items that were judged and whose articles are there, in the order of their answers."""
    judged = [item for sample in samples for item in sample.items if is_judged(item)]
    here = library.existing_ids({id_ for item in judged for id_ in (item.article, item.other_article)})
    judged = [item for item in judged if {item.article, item.other_article} <= here]
    return sorted(judged, key=lambda item: item.answer_order)


def _iterate_records(library: Library, judged: Sequence[CheckItem]) -> Iterator[tuple[dict[str, Any], int]]:
    by_event: dict[str, list[CheckItem]] = {}
    for item in judged:
        try:
            by_event.setdefault(library.find_event_id(item.article), []).append(item)
        except NotFoundError:
            continue
    for event_id, items in sorted(by_event.items()):
        entries = library.event_entries(library.event_numbers([event_id]))
        articles = library.load_articles([entry.article for own in entries.values() for entry in own])
        articles.sort(key=lambda article: (article.date, article.id))
        sentences = library.load_sentences([one.id for one in articles])
        counts = {one.id: len(sentences[one.id]) for one in articles}
        for ids, own_items in _split_event({one.id: one.source for one in articles}, counts, items):
            own = [one for one in articles if one.id in ids]
            labels = _label_pairs(own, sentences, own_items)
            if labels:
                yield _make_record(event_id, own, sentences, labels), len(labels)


def _split_event(
    source_of: Mapping[str, str], n_sentences: Mapping[str, int], items: Sequence[CheckItem]
) -> list[tuple[set[str], list[CheckItem]]]:
    """Articles with what was asked about them, no part having more than ``MAX_PAIRS`` pairs of sentences.

    Of a silence only as much of the other source is looked at as has room; the two articles of an item always have.
    """
    if _count_pairs(n_sentences.values()) <= MAX_PAIRS:
        return [(set(source_of), list(items))]
    parts: list[tuple[set[str], list[CheckItem]]] = []
    for item in items:
        needed = {item.article, item.other_article} & source_of.keys()
        if item.kind == "silence" and not agrees(item):
            for id_ in (one for one, source in source_of.items() if source == item.source):
                if _count_pairs(n_sentences[one] for one in needed | {id_}) <= MAX_PAIRS:
                    needed.add(id_)
        home = next((part for part in parts if needed <= part[0]), parts[-1] if parts else None)
        if home and _count_pairs(n_sentences[one] for one in home[0] | needed) <= MAX_PAIRS:
            home[0].update(needed)
            home[1].append(item)
        else:
            parts.append((needed, [item]))
    return parts


def _count_pairs(n_sentences: Iterable[int]) -> int:
    counts = list(n_sentences)
    return (sum(counts) ** 2 - sum(count**2 for count in counts)) // 2


def _label_pairs(
    articles: Sequence[Article], sentences: Mapping[str, Sequence[Sentence]], items: Sequence[CheckItem]
) -> dict[PairIndex, str]:
    """A mark, or none, for every pair that was judged; of several answers the last."""
    number_of = {article.id: number for number, article in enumerate(articles)}
    index_of = {(one.article, one.start): one.index for own in sentences.values() for one in own}
    labels: dict[PairIndex, str] = {}
    for item in items:
        asked = index_of.get((item.article, item.start))
        if asked is None or item.article not in number_of:
            continue
        if item.kind == "pair":
            others = [(item.other_article, index_of.get((item.other_article, item.other_start)))]
        elif agrees(item):
            continue  # said there, and nobody was asked where
        else:
            others = [
                (one.article, one.index)
                for article in articles
                if article.source == item.source
                for one in sentences[article.id]
            ]
        for other, index in others:
            if index is not None and other in number_of and other != item.article:
                ends = sorted([(number_of[item.article], asked), (number_of[other], index)])
                mark = MARKS.get(item.answer, _NO_LINK)
                if item.kind == "pair" or (*ends[0], *ends[1]) not in labels:
                    labels[*ends[0], *ends[1]] = mark
    return labels


def _make_record(
    event_id: str,
    articles: Sequence[Article],
    sentences: Mapping[str, Sequence[Sentence]],
    labels: Mapping[PairIndex, str],
) -> dict[str, Any]:
    links: list[list[int | str]] = []
    for (a, one), (b, other) in combinations(enumerate(articles), 2):
        for i in range(len(sentences[one.id])):
            for j in range(len(sentences[other.id])):
                mark = labels.get((a, i, b, j), _NOT_JUDGED)
                links += [[a, i, b, j, mark]] if mark else []
    return {
        "event": event_id,
        "articles": [
            {
                "lang": article.lang,
                "source": article.source,
                "date": article.date,
                "sentences": [sentence.text for sentence in sentences[article.id]],
            }
            for article in articles
        ],
        "links": links,
    }
