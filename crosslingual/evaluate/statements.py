"""Links, omissions and rows of a statement table against gold, and how sure it may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from crosslingual.align.matching import EncodedArticle, PairProbabilities, score_pairs
from crosslingual.align.space import Space
from crosslingual.compare.statements import build_merge_forest, cut_forest
from crosslingual.embeddings.encoder import Encoder
from crosslingual.evaluate.gold_events import (
    GoldEvent,
    LinkIndexes,
    StatementIndexes,
    statement_links,
)
from crosslingual.evaluate.scores import Scores
from crosslingual.types import MergeEdge

OmissionIndexes = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PredictedEvent:
    """What the project finds in an event: how likely each pair is, and the bonds of its rows."""

    pair_probabilities: PairProbabilities
    merge_edges: list[MergeEdge]


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
    """The articles of each event as alignment sees them."""
    texts = list(dict.fromkeys(text for event in events for article in event.sentences for text in article))
    rows = {text: row for row, text in enumerate(texts)}
    read = encoder.encode_with_tokens(texts, progress=progress)
    judge = space.judge if read.tuned_states else None
    told: list[list[EncodedArticle]] = []
    for event in events:
        told.append([])
        for lang, sentences, source in zip(event.languages, event.sentences, event.sources, strict=True):
            own = [rows[text] for text in sentences]
            states, weights = ([side[row] for row in own] for side in (read.states, read.weights))
            told[-1].append(
                EncodedArticle(
                    source,
                    lang,
                    sentences,
                    space.center_vectors(read.vectors[own], lang),
                    space.tokens.project_states(states, weights, lang),
                    [judge.unpack(judge.pack(read.tuned_states[row]), lang) for row in own] if judge else (),
                )
            )
    return told


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
