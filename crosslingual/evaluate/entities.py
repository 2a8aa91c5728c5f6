"""How well names are found, and how well those of one entity are brought together across languages."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

from crosslingual.entities.linking import link_names
from crosslingual.entities.mentions import NameMention, find_names
from crosslingual.entities.tagger import TaggedSpan
from crosslingual.entities.values import ArticleNames
from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.scores import Scores
from crosslingual.language.known_names import EntityKind, find_known_names

_OTHER = "optional"


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """Characters ``start`` to ``end`` name ``entity``; one that is ``is_optional`` counts neither way."""

    start: int
    end: int
    kind: str
    entity: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence of a document ``source`` about ``event`` with all its names."""

    text: str
    lang: str
    event: str
    source: str
    mentions: tuple[LabelledMention, ...]


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Names of one language: ``exact`` spans, ``typed`` ones of the right kind too, and spans that ``overlap``."""

    n_mentions: int
    exact: Scores
    typed: Scores
    overlap: Scores
    by_kind: Mapping[EntityKind, Scores]


def read_labelled(paths: Iterable[Path]) -> list[LabelledSentence]:
    """The sentences of JSON Lines files.

    A line is ``{"lang", "text", "event", "source", "mentions": [[start, end, kind, entity, "optional"?], …]}``.

    Raises:
        InputError: a line is none such.
    """
    found = []
    for path in paths:
        for number, line in enumerate(read_lines(path), start=1):
            try:
                found.append(_parse_sentence(json.loads(line)))
            except (ValueError, KeyError, TypeError, IndexError):
                raise InputError(
                    f"{path}: line {number} is no labelled sentence; see docs/evaluation.md"
                ) from None
    return found


def _parse_sentence(row: Mapping[str, Any]) -> LabelledSentence:
    text = str(row["text"])
    mentions = tuple(
        LabelledMention(int(start), int(end), str(kind), str(entity), bool(rest))
        for start, end, kind, entity, *rest in row["mentions"]
    )
    if not all(0 <= one.start < one.end <= len(text) for one in mentions):
        raise ValueError
    return LabelledSentence(
        text, str(row["lang"]), str(row.get("event", "")), str(row.get("source", "")), mentions
    )


def score_spans(
    sentences: Sequence[LabelledSentence], tagged: Sequence[Sequence[TaggedSpan]]
) -> dict[str, SpanScores]:
    """By language how well the names of ``sentences`` are found; ``tagged`` is what the tagger says of each."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence, spans in zip(sentences, tagged, strict=True):
        _count_spans(sentence, find_names(sentence.text, sentence.lang, spans), counts[sentence.lang])
    return {lang: _make_scores(counts[lang]) for lang in sorted(counts)}


def _count_spans(sentence: LabelledSentence, names: Sequence[NameMention], counts: Counter[str]) -> None:
    gold = [one for one in sentence.mentions if not one.is_optional]
    spans = {(one.start, one.end): one.kind for one in gold}
    free = [(one.start, one.end) for one in sentence.mentions if one.is_optional]
    told = [
        name
        for name in names
        if (name.start, name.end) in spans
        or not any(name.start < end and start < name.end for start, end in free)
    ]
    counts["gold"] += len(gold)
    counts["told"] += len(told)
    for one in gold:
        counts[f"gold {one.kind}"] += 1
    used: set[int] = set()
    for name in told:
        counts[f"told {name.kind}"] += 1
        kind = spans.get((name.start, name.end))
        counts["exact"] += kind is not None
        counts["typed"] += kind == name.kind
        counts[f"typed {name.kind}"] += kind == name.kind
        for place, one in enumerate(gold):
            if place not in used and name.start < one.end and one.start < name.end:
                used.add(place)
                counts["overlap"] += 1
                break


def _make_scores(counts: Counter[str]) -> SpanScores:
    def score(hit: str, kind: str = "") -> Scores:
        return Scores.from_counts(counts[hit], counts[f"told{kind}"], counts[f"gold{kind}"])

    return SpanScores(
        counts["gold"],
        score("exact"),
        score("typed"),
        score("overlap"),
        {kind: score(f"typed {kind}", f" {kind}") for kind in get_args(EntityKind)},
    )


def score_links(sentences: Sequence[LabelledSentence]) -> dict[str, Scores]:
    """How well mentions of one entity in two languages are brought together, by pair of languages.

    The labelled spans are given, so that nothing but the linking is measured. A link is an entity that both
    languages name: of all links told, those whose commonest label is the same, and of all labelled ones those told.
    """
    keys = _linked_keys(sentences)
    gold: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    told: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for lang, entity, key in keys:
        gold[entity][lang][key] += 1
        told[key][lang][entity] += 1
    languages = sorted({lang for lang, _, _ in keys})
    found = {}
    for pair in combinations(languages, 2):
        labelled, right = _count_links(gold, pair)
        claimed, true = _count_links(told, pair)
        precision, recall = (true / claimed if claimed else 0.0), (right / labelled if labelled else 0.0)
        both = precision + recall
        found["-".join(pair)] = Scores(precision, recall, 2 * precision * recall / both if both else 0.0)
    return found


def _linked_keys(sentences: Sequence[LabelledSentence]) -> list[tuple[str, str, str]]:
    """Of each labelled mention its language, its label and the key that it is given."""
    by_document: dict[tuple[str, str, str], list[tuple[int, LabelledMention, str]]] = defaultdict(list)
    for place, sentence in enumerate(sentences):
        own = by_document[sentence.lang, sentence.event, sentence.source]
        own += [
            (place, one, sentence.text[one.start : one.end])
            for one in sentence.mentions
            if not one.is_optional
        ]
    labels = {}
    articles = []
    for (lang, event, source), mentions in by_document.items():
        names = []
        for place, one, form in mentions:
            kind: Any = one.kind
            known = [
                found for found in find_known_names(form, lang) if found.end - found.start >= len(form) - 1
            ]
            names.append((place, NameMention(one.start, one.end, kind, known[0].key if known else ""), form))
            labels[lang, place, one.start] = one.entity
        articles.append(ArticleNames(f"{event}/{source}", source, lang, tuple(names)))
    return [
        (mention.lang, labels[mention.lang, mention.sentence, mention.start], entity.key)
        for entity in link_names(articles)
        for mention in entity.mentions
    ]


def _count_links(groups: Mapping[str, Mapping[str, Counter[str]]], pair: tuple[str, str]) -> tuple[int, int]:
    """In how many groups both languages are, and in how many of these their commonest other label is one."""
    both = [own for own in groups.values() if all(own.get(lang) for lang in pair)]
    same = sum(len({own[lang].most_common(1)[0][0] for lang in pair}) == 1 for own in both)
    return len(both), same
