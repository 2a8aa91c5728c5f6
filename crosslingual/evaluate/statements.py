"""Links and omissions of a statement table against gold statements.

A file holds one event a line: ``{"event": …, "articles": [{"lang": …, "sentences": […]}, …],
"statements": [{"0": [1, 3], "1": [0]}, …]}``; a statement maps an article's place to its sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from crosslingual.align.matching import Telling, liken
from crosslingual.align.space import Space
from crosslingual.encode import Encoder
from crosslingual.errors import InputError
from crosslingual.evaluate.scores import Scores
from crosslingual.statements import fold, statements_at
from crosslingual.types import Bond

Group = dict[int, tuple[int, ...]]
Link = tuple[int, int, int, int]
Omission = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event's articles, ``languages[a]`` and ``sentences[a]``, and its gold statements."""

    event: str
    languages: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    statements: tuple[Group, ...]


def read_events(path: Path) -> list[GoldEvent]:
    """The events of ``path``.

    Raises:
        InputError: the file cannot be read or a line is not of the format.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return [_parse(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason}); convert it to UTF-8") from None


def _parse(line: str, place: str) -> GoldEvent:
    try:
        record = json.loads(line)
        articles = record["articles"]
        event = GoldEvent(
            event=str(record["event"]),
            languages=tuple(str(article["lang"]) for article in articles),
            sentences=tuple(tuple(map(str, article["sentences"])) for article in articles),
            statements=tuple(
                {int(article): tuple(map(int, indices)) for article, indices in statement.items()}
                for statement in record["statements"]
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{place}: not an event with gold statements ({type(error).__name__}: {error}); "
            "see docs/evaluation.md for the format"
        ) from None
    for statement in event.statements:
        for article, indices in statement.items():
            if not 0 <= article < len(articles) or any(
                not 0 <= i < len(event.sentences[article]) for i in indices
            ):
                raise InputError(
                    f"{place}: a statement names {article}: {indices}, which are not there; mend the line"
                )
    return event


def predict(
    events: Sequence[GoldEvent],
    encoder: Encoder,
    space: Space,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[list[Bond]]:
    """The bonds that the project finds in each event, each article taken as a source of its own."""
    return [fold(liken(told)) for told in tellings(events, encoder, space, progress=progress)]


def groups_at(event: GoldEvent, bonds: Iterable[Bond], threshold: float) -> list[Group]:
    """The statements of ``event`` at ``threshold``."""
    groups = []
    for places, _ in statements_at(bonds, threshold, [str(a) for a in range(len(event.sentences))]):
        group: Group = {}
        for article, sentence in places:
            group[article] = (*group.get(article, ()), sentence)
        groups.append(group)
    return groups


def tellings(
    events: Sequence[GoldEvent],
    encoder: Encoder,
    space: Space,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[list[Telling]]:
    """The articles of each event as alignment sees them, each as a source of its own."""
    texts = list(dict.fromkeys(text for event in events for article in event.sentences for text in article))
    rows = {text: row for row, text in enumerate(texts)}
    read = encoder.read(texts, progress=progress)
    told: list[list[Telling]] = []
    for event in events:
        told.append([])
        for place, (lang, sentences) in enumerate(zip(event.languages, event.sentences, strict=True)):
            own = [rows[text] for text in sentences]
            states, weights = ([side[row] for row in own] for side in (read.states, read.weights))
            told[-1].append(
                Telling(
                    str(place),
                    lang,
                    sentences,
                    space.centred(read.vectors[own], lang),
                    space.tokens.read(states, weights, lang),
                )
            )
    return told


def write_predictions(path: Path, events: Sequence[GoldEvent], predicted: Sequence[Sequence[Group]]) -> None:
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


def links(groups: Iterable[Group]) -> set[Link]:
    """Sentence pairs (article, sentence, other article, sentence) that stand in one statement."""
    return {
        (a, i, b, j)
        for group in groups
        for a, b in combinations(sorted(group), 2)
        for i in group[a]
        for j in group[b]
    }


def omissions(groups: Sequence[Group], sizes: Sequence[int]) -> set[Omission]:
    """Triples (article, sentence, other article) where the other article lacks the sentence."""
    told = {
        (a, i, b)
        for group in groups
        for a, indices in group.items()
        for i in indices
        for b in group
        if b != a and group[b]
    }
    every = {
        (a, i, b) for a, size in enumerate(sizes) for i in range(size) for b in range(len(sizes)) if b != a
    }
    return every - told


def score(events: Sequence[GoldEvent], predicted: Sequence[Sequence[Group]]) -> dict[str, Scores]:
    """Micro-averaged ``links`` and ``omissions`` over all events."""
    counts = {"links": [0, 0, 0], "omissions": [0, 0, 0]}
    for event, groups in zip(events, predicted, strict=True):
        for name, ours, gold in _sets(event, groups):
            for place, value in enumerate((len(ours & gold), len(ours), len(gold))):
                counts[name][place] += value
    return {name: Scores.from_counts(*values) for name, values in counts.items()}


def _sets(
    event: GoldEvent, groups: Sequence[Group]
) -> Iterator[tuple[str, set[tuple[int, ...]], set[tuple[int, ...]]]]:
    sizes = [len(sentences) for sentences in event.sentences]
    yield "links", set(links(groups)), set(links(event.statements))
    yield "omissions", set(omissions(groups, sizes)), set(omissions(event.statements, sizes))
