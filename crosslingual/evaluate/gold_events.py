"""Events whose statements or links people have labelled: read from a file, and statements written as they are read.

A file holds one event a line: ``{"event": …, "articles": [{"lang": …, "sentences": […]}, …]}`` and either
``"statements": [{"0": [1, 3], "1": [0]}, …]``, which map an article's place to its sentences, or
``"links": [[a, i, b, j, mark], …]``: sentence i of article a and j of b say the same (``s``), one of them in
part (``p``), the same with other values (``v``), or only one of two readers saw it (``?``, which counts
neither way). ``"claims": [{"members": ["a.i", …], "values": […]}, …]`` are what the links' groups say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from crosslingual.errors import InputError
from crosslingual.types import SentenceIndex

StatementIndexes = dict[int, tuple[int, ...]]
LinkIndexes = tuple[int, int, int, int]
LINK_LABELS = {"s", "p", "v", "?"}


@dataclass(frozen=True)
class GoldEvent:
    """One event's articles, ``languages[a]`` and ``sentences[a]``, and what stands together in them.

    That is said by ``statements``, by ``link_labels`` of links, or by both. ``claims`` are the sentences that
    tell one claim, its other values included. ``sources[a]`` is who published an article.
    """

    event: str
    languages: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    statements: tuple[StatementIndexes, ...] = ()
    link_labels: Mapping[LinkIndexes, str] = field(default_factory=dict)
    claims: tuple[frozenset[SentenceIndex], ...] = ()
    sources: tuple[str, ...] = ()

    @cached_property
    def links(self) -> frozenset[LinkIndexes]:
        """The pairs (article, sentence, other article, sentence) that stand together."""
        return frozenset(statement_links(self.statements)) | {
            link for link, mark in self.link_labels.items() if mark != "?"
        }

    @cached_property
    def unsure_links(self) -> frozenset[LinkIndexes]:
        """The pairs on which readers differ."""
        return frozenset(link for link, mark in self.link_labels.items() if mark == "?")

    @property
    def value_links(self) -> frozenset[LinkIndexes]:
        """The pairs that tell other values of one thing."""
        return frozenset(link for link, mark in self.link_labels.items() if mark == "v")

    @property
    def sentence_counts(self) -> list[int]:
        """How many sentences each article has."""
        return list(map(len, self.sentences))


def statement_links(groups: Iterable[StatementIndexes]) -> set[LinkIndexes]:
    """Sentence pairs (article, sentence, other article, sentence) that stand in one statement."""
    return {
        (a, i, b, j)
        for group in groups
        for a, b in combinations(sorted(group), 2)
        for i in group[a]
        for j in group[b]
    }


def read_events(path: Path) -> list[GoldEvent]:
    """The events of ``path``.

    Raises:
        InputError: the file cannot be read or a line is not of the format.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return [
                _parse_event(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()
            ]
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason}); convert it to UTF-8") from None


def _parse_event(line: str, location: str) -> GoldEvent:
    try:
        record = json.loads(line)
        articles = record["articles"]
        event = GoldEvent(
            event=str(record["event"]),
            languages=tuple(str(article["lang"]) for article in articles),
            sentences=tuple(tuple(map(str, article["sentences"])) for article in articles),
            statements=tuple(
                {int(article): tuple(map(int, indices)) for article, indices in statement.items()}
                for statement in (record.get("statements", ()) if "links" in record else record["statements"])
            ),
            sources=tuple(str(article.get("source") or place) for place, article in enumerate(articles)),
            link_labels={
                _order_link(*map(int, link[:4])): _check_label(link[4]) for link in record.get("links", ())
            },
            claims=tuple(
                frozenset(_parse_reference(one) for one in (*claim["members"], *claim.get("values", ())))
                for claim in record.get("claims") or ()
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise InputError(
            f"{location}: not an event with gold statements or links ({type(error).__name__}: {error}); "
            "see docs/evaluation.md for the format"
        ) from None
    for what, named in _iterate_references(event):
        if any(not 0 <= a < len(articles) or not 0 <= i < len(event.sentences[a]) for a, i in named):
            raise InputError(f"{location}: a {what} names {named}, which are not all there; mend the line")
    return event


def _iterate_references(event: GoldEvent) -> Iterator[tuple[str, list[SentenceIndex]]]:
    for statement in event.statements:
        yield "statement", [(a, i) for a, indices in statement.items() for i in indices or (0,)]
    for a, i, b, j in event.link_labels:
        yield "link", [(a, i), (b, j)]
    for claim in event.claims:
        yield "claim", sorted(claim)


def _order_link(a: int, i: int, b: int, j: int) -> LinkIndexes:
    if a == b:
        raise ValueError(f"a link within article {a}")
    return (a, i, b, j) if a < b else (b, j, a, i)


def _check_label(label: Any) -> str:
    if label not in LINK_LABELS:
        raise ValueError(f"a mark {label!r}")
    return str(label)


def _parse_reference(reference: str) -> SentenceIndex:
    article, sentence = reference.split(".")
    return int(article), int(sentence)


def write_predictions(
    path: Path, events: Sequence[GoldEvent], predicted: Sequence[Sequence[StatementIndexes]]
) -> None:
    """Write ``predicted`` statements, one event a line, in the format they are read in.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as out:
            for event, groups in zip(events, predicted, strict=True):
                record = {
                    "event": event.event,
                    "statements": [
                        {str(article): list(indices) for article, indices in sorted(group.items())}
                        for group in groups
                    ],
                }
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
