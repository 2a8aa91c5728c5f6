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
"""Pairs of sentences of an event with all its articles; of larger ones only the articles that were asked about."""
_NO_LINK, _NOT_JUDGED = "", "?"

PairIndex = tuple[int, int, int, int]


def export_gold(library: Library, samples: Iterable[CheckSample], path: Path) -> tuple[int, int]:
    """Write the answers of ``samples`` to the file ``path``; how many events and judged pairs there are in it.

    A silence that was confirmed says of each sentence of the other source that it does not say it; one that was not
    leaves all of them open, as "cannot tell" does.

    Raises:
        InputError: there is no answer, or the file cannot be written.
    """
    judged = [item for sample in samples for item in sample.items if is_judged(item)]
    judged.sort(key=lambda item: item.answer_order)
    records = list(_iterate_events(library, judged))
    if not records:
        raise InputError("no answers to export; answer some with: crosslingual check")
    try:
        with atomic_write(path) as new, new.open("w", encoding="utf-8") as out:
            for record, _ in records:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return len(records), sum(count for _, count in records)


def _iterate_events(library: Library, judged: Sequence[CheckItem]) -> Iterator[tuple[dict[str, Any], int]]:
    by_event: dict[str, list[CheckItem]] = {}
    here = library.existing_ids({id_ for item in judged for id_ in (item.article, item.other_article)})
    for item in judged:
        if {item.article, item.other_article} <= here:
            try:
                by_event.setdefault(library.find_event_id(item.article), []).append(item)
            except NotFoundError:
                continue
    for event_id, items in sorted(by_event.items()):
        entries = library.event_entries(library.event_numbers([event_id]))
        articles = library.load_articles([entry.article for own in entries.values() for entry in own])
        articles.sort(key=lambda article: (article.date, article.id))
        if _count_pairs(library.load_sentences([one.id for one in articles])) > MAX_PAIRS:
            asked = {item.source for item in items}
            named = {id_ for item in items for id_ in (item.article, item.other_article)}
            articles = [one for one in articles if one.source in asked or one.id in named]
        sentences = library.load_sentences([one.id for one in articles])
        labels = _label_pairs(articles, sentences, items)
        if labels:
            yield _make_record(event_id, articles, sentences, labels), len(labels)


def _count_pairs(sentences: Mapping[str, Sequence[Sentence]]) -> int:
    return sum(len(one) * len(other) for one, other in combinations(sentences.values(), 2))


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
