"""Links, omissions and rows of a statement table against gold, and how sure it may be.

A file holds one event a line: ``{"event": …, "articles": [{"lang": …, "sentences": […]}, …]}`` and either
``"statements": [{"0": [1, 3], "1": [0]}, …]``, which map an article's place to its sentences, or
``"links": [[a, i, b, j, mark], …]``: sentence i of article a and j of b say the same (``s``), one of them in
part (``p``), the same with other values (``v``), or only one of two readers saw it (``?``, which counts
neither way). ``"claims": [{"members": ["a.i", …], "values": […]}, …]`` are what the links' groups say.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from crosslingual.align.matching import EncodedArticle, PairProbabilities, score_pairs
from crosslingual.align.space import Space
from crosslingual.compare.statements import build_merge_forest, cut_forest
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import InputError
from crosslingual.evaluate.scores import Scores
from crosslingual.types import MergeEdge, SentenceIndex

StatementIndexes = dict[int, tuple[int, ...]]
LinkIndexes = tuple[int, int, int, int]
OmissionIndexes = tuple[int, int, int]
LINK_LABELS = {"s", "p", "v", "?"}


@dataclass(frozen=True)
class GoldEvent:
    """One event's articles, ``languages[a]`` and ``sentences[a]``, and what stands together in them.

    That is said by ``statements``, by ``link_labels`` of links, or by both. ``claims`` are the sentences that
    tell one claim, its other values included.
    """

    event: str
    languages: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    statements: tuple[StatementIndexes, ...] = ()
    link_labels: Mapping[LinkIndexes, str] = field(default_factory=dict)
    claims: tuple[frozenset[SentenceIndex], ...] = ()

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


@dataclass(frozen=True, slots=True)
class PredictedEvent:
    """What the project finds in an event: how likely each pair is, and the bonds of its rows."""

    pair_probabilities: PairProbabilities
    merge_edges: list[MergeEdge]


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


def predict_events(
    events: Sequence[GoldEvent],
    encoder: Encoder,
    space: Space,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[PredictedEvent]:
    """What the project finds in each event, each article taken as a source of its own."""
    found = (
        score_pairs(told, space.judge) for told in encode_events(events, encoder, space, progress=progress)
    )
    return [PredictedEvent(likeness, build_merge_forest(likeness)) for likeness in found]


def statements_at_threshold(
    event: GoldEvent, merge_edges: Iterable[MergeEdge], threshold: float
) -> list[StatementIndexes]:
    """The statements of ``event`` at ``threshold``."""
    groups = []
    for places, _ in cut_forest(merge_edges, threshold, [str(a) for a in range(len(event.sentences))]):
        group: StatementIndexes = {}
        for article, sentence in places:
            group[article] = (*group.get(article, ()), sentence)
        groups.append(group)
    return groups


def encode_events(
    events: Sequence[GoldEvent],
    encoder: Encoder,
    space: Space,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[list[EncodedArticle]]:
    """The articles of each event as alignment sees them, each as a source of its own."""
    texts = list(dict.fromkeys(text for event in events for article in event.sentences for text in article))
    rows = {text: row for row, text in enumerate(texts)}
    read = encoder.encode_with_tokens(texts, progress=progress)
    judge = space.judge if read.tuned_states else None
    told: list[list[EncodedArticle]] = []
    for event in events:
        told.append([])
        for place, (lang, sentences) in enumerate(zip(event.languages, event.sentences, strict=True)):
            own = [rows[text] for text in sentences]
            states, weights = ([side[row] for row in own] for side in (read.states, read.weights))
            told[-1].append(
                EncodedArticle(
                    str(place),
                    lang,
                    sentences,
                    space.center_vectors(read.vectors[own], lang),
                    space.tokens.project_states(states, weights, lang),
                    [judge.unpack(judge.pack(read.tuned_states[row]), lang) for row in own] if judge else (),
                )
            )
    return told


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


def statement_links(groups: Iterable[StatementIndexes]) -> set[LinkIndexes]:
    """Sentence pairs (article, sentence, other article, sentence) that stand in one statement."""
    return {
        (a, i, b, j)
        for group in groups
        for a, b in combinations(sorted(group), 2)
        for i in group[a]
        for j in group[b]
    }


def find_omissions(
    linked_pairs: Iterable[LinkIndexes], sentence_counts: Sequence[int]
) -> set[OmissionIndexes]:
    """Triples (article, sentence, other article) where nothing in the other article is linked to it."""
    told = {triple for a, i, b, j in linked_pairs for triple in ((a, i, b), (b, j, a))}
    every = {
        (a, i, b)
        for a, size in enumerate(sentence_counts)
        for i in range(size)
        for b in range(len(sentence_counts))
        if b != a
    }
    return every - told


def score_statements(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[StatementIndexes]]
) -> dict[str, Scores]:
    """Micro-averaged ``links`` and ``omissions`` over all events; of what is unsure neither counts."""
    counts: dict[str, list[int]] = {"links": [0, 0, 0], "omissions": [0, 0, 0]}
    for event, groups in zip(events, predicted, strict=True):
        ours = statement_links(groups)
        # Where only an unsure link says that the other article has it, it may be silent or not.
        unsure = find_omissions(event.links, event.sentence_counts) - find_omissions(
            event.links | event.unsure_links, event.sentence_counts
        )
        sets: dict[str, tuple[Set[tuple[int, ...]], Set[tuple[int, ...]]]] = {
            "links": (ours - event.unsure_links, set(event.links)),
            "omissions": (
                find_omissions(ours, event.sentence_counts) - unsure,
                find_omissions(event.links, event.sentence_counts) - unsure,
            ),
        }
        for name, (found, gold) in sets.items():
            for place, value in enumerate((len(found & gold), len(found), len(gold))):
                counts[name][place] += value
    return {name: Scores.from_counts(*values) for name, values in counts.items()}


def count_value_links(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[StatementIndexes]]
) -> tuple[int, int]:
    """How many of the links that tell other values of one thing were found, and how many there are."""
    found = sum(
        len(statement_links(groups) & event.value_links)
        for event, groups in zip(events, predicted, strict=True)
    )
    return found, sum(len(event.value_links) for event in events)


def score_by_languages(
    events: Sequence[GoldEvent], predicted: Sequence[Sequence[StatementIndexes]]
) -> dict[str, Scores]:
    """The links' scores by pair of languages, such as ``ru-zh``, in the order of the alphabet."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for event, groups in zip(events, predicted, strict=True):
        ours = statement_links(groups) - event.unsure_links
        for place, found in enumerate((ours & event.links, ours, event.links)):
            for link in found:
                counts[language_pair(event, link)][place] += 1
    return {pair: Scores.from_counts(*counts[pair]) for pair in sorted(counts)}


def language_pair(event: GoldEvent, link: LinkIndexes) -> str:
    """The two languages of a link, ``ru-zh``."""
    return "-".join(sorted((event.languages[link[0]], event.languages[link[2]])))


@dataclass(frozen=True, slots=True)
class RowScores:
    """How far rows are about one claim each.

    ``purity``: the share of the rows' members that say the claim which most of their row say. ``spread``:
    the rows that hold a member of a claim, on average over the claims that stand in any. None where there is
    nothing to count.
    """

    purity: float | None
    spread: float | None


def score_rows(events: Sequence[GoldEvent], predicted: Sequence[Sequence[StatementIndexes]]) -> RowScores:
    """Purity and spread of ``predicted`` rows over all events whose claims are known."""
    members = right = held = standing = 0
    for event, groups in zip(events, predicted, strict=True):
        if not event.claims:
            continue
        places = [{(a, i) for a, indices in group.items() for i in indices} for group in groups]
        for own in places:
            members += len(own)
            right += max(len(own & claim) for claim in event.claims)
        for claim in event.claims:
            holding = sum(bool(own & claim) for own in places)
            held += holding
            standing += bool(holding)
    return RowScores(right / members if members else None, held / standing if standing else None)
