"""What the shipped data measure, for floors: the gold statements, the demo's events and its translations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.compare.statements import DEFAULT_THRESHOLD
from crosslingual.embeddings.encoder import Encoder
from crosslingual.evaluate import alignment, statements
from crosslingual.evaluate.gold_events import read_events
from crosslingual.evaluate.retrieval import retrieval_scores
from crosslingual.events.clustering import find_events
from crosslingual.library import Library
from crosslingual.readers import read_files
from crosslingual.readers.record import Record
from crosslingual.tmx import read_tmx

EVENTS, ALIGNMENT, RETRIEVAL = "events", "alignment", "retrieval"
"""Names of what is measured on the demo corpus; a file of gold statements has its own."""

_SEED = 5
_BEAD_SHAPES = ((1, 1),) * 8 + ((1, 2), (2, 1)) * 2 + ((1, 3), (3, 1), (1, 0), (0, 1))
"""How many of the sentences that are taken from both sides are left on each, one as likely as the other."""

TextPair = tuple[str, str]


def shipped_files(corpora: Path) -> dict[str, list[Path]]:
    """By name of what is measured, the files it is measured on, in the project's folder ``corpora``."""
    memories = sorted(corpora.glob("demo/*/memory.tmx"))
    return {
        EVENTS: sorted(corpora.glob("demo/*/*.md")),
        ALIGNMENT: memories,
        RETRIEVAL: memories,
        **{path.name: [path] for path in sorted(corpora.glob("gold/*.jsonl"))},
    }


def digest_files(files: Sequence[Path]) -> str:
    """SHA-256 over the files' names, with that of their folder, and contents."""
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.parent.name}/{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def measure_files(
    name: str, files: Sequence[Path], library: Library, encoder: Encoder, space: Space
) -> dict[str, float]:
    """The figures of ``name`` and its ``files``, as ``shipped_files`` gives them, between 0 and 1.

    Gold statements have F1 of ``links`` and ``omissions`` at the threshold ``LIKELY_PROBABILITY`` and the
    links' ``precision`` at ``DEFAULT_THRESHOLD``; the events found in ``library``, which holds the demo,
    their ``adjusted_rand``; alignment its ``strict`` F1 on ``make_bitext`` translations, counted together;
    retrieval the accuracy by ``margin``, the mean of both ways of all languages.
    """
    if name == EVENTS:
        return {"adjusted_rand": _score_events(files, library, space)}
    if name == ALIGNMENT:
        return {"strict": _score_alignment(files, encoder, space)}
    if name == RETRIEVAL:
        return {"margin": _score_retrieval(files, encoder, space)}
    (path,) = files
    return _score_statements(path, encoder, space)


def adjusted_rand(left: Sequence[int], right: Sequence[int]) -> float:
    """Agreement of two groupings, 1 where they are the same (Hubert and Arabie 1985)."""
    pairs = [(a, b) for b in range(len(left)) for a in range(b)]
    together = sum(left[a] == left[b] for a, b in pairs), sum(right[a] == right[b] for a, b in pairs)
    both = sum(left[a] == left[b] and right[a] == right[b] for a, b in pairs)
    expected = together[0] * together[1] / len(pairs)
    return (both - expected) / (sum(together) / 2 - expected)


def make_bitext(
    pairs: Sequence[TextPair], separator: str, random_state: np.random.RandomState
) -> alignment.Bitext:
    """A text and its translation into English, of ``pairs``, less literal than they are.

    Some neighbours are one sentence on one side, with ``separator`` between them where it is the first, and
    some sentences are on one side only.
    """
    src: list[str] = []
    tgt: list[str] = []
    gold: list[alignment.BeadSides] = []
    place = 0
    while place < len(pairs):
        a, b = _BEAD_SHAPES[random_state.randint(len(_BEAD_SHAPES))]
        if max(a, b) > len(pairs) - place:
            a = b = 1
        ours, theirs = (list(side) for side in zip(*pairs[place : place + max(a, b)], strict=True))
        gold.append((tuple(range(len(src), len(src) + a)), tuple(range(len(tgt), len(tgt) + b))))
        src += [separator.join(ours)] if a == 1 else ours[:a]
        tgt += [" ".join(theirs)] if b == 1 else theirs[:b]
        place += max(a, b)
    return alignment.Bitext(tuple(src), tuple(tgt), tuple(gold))


def _score_statements(path: Path, encoder: Encoder, space: Space) -> dict[str, float]:
    events = read_events(path)
    found = statements.predict_events(events, encoder, space)
    likely, sure = (
        statements.score_statements(
            events,
            [
                statements.statements_at_threshold(event, own.merge_edges, level)
                for event, own in zip(events, found, strict=True)
            ],
        )
        for level in (LIKELY_PROBABILITY, DEFAULT_THRESHOLD)
    )
    return {
        "links": likely["links"].f1,
        "omissions": likely["omissions"].f1,
        "precision": sure["links"].precision,
    }


def _score_events(files: Sequence[Path], library: Library, space: Space) -> float:
    folders = {item.title: item.path.parent.name for item in read_files(files) if isinstance(item, Record)}
    names = sorted(set(folders.values()))
    articles = library.load_articles()
    found = {
        article: place
        for place, event in enumerate(find_events(library, space))
        for article in event.articles
    }
    gold = [names.index(folders[article.title]) for article in articles]
    # An article in no event stands by itself.
    return adjusted_rand(gold, [found.get(article.id, -1 - alone) for alone, article in enumerate(articles)])


def _score_alignment(files: Sequence[Path], encoder: Encoder, space: Space) -> float:
    chance = np.random.RandomState(_SEED)  # not default_rng: NumPy promises that this one stays the same
    gold, predicted = [], []
    for path in files:
        for lang, pairs in _read_translations([path]):
            bitext = make_bitext(pairs, "" if lang == "zh" else " ", chance)
            gold.append(bitext.gold)
            predicted.append(alignment.predict_beads(bitext, lang, "en", encoder, space))
    return alignment.score_alignments(gold, predicted).strict.f1


def _score_retrieval(files: Sequence[Path], encoder: Encoder, space: Space) -> float:
    found = []
    for lang, pairs in _read_translations(files):
        ours, theirs = zip(*pairs, strict=True)
        scores = retrieval_scores(
            space.center_vectors(encoder.encode(ours), lang),
            space.center_vectors(encoder.encode(theirs), "en"),
        )
        found += [scores.margin.forward, scores.margin.backward]
    return float(np.mean(found))


def _read_translations(files: Sequence[Path]) -> Iterator[tuple[str, list[TextPair]]]:
    """By language, its sentences and their English translations, in the order of the memories."""
    pairs: dict[str, list[TextPair]] = {}
    for path in files:
        for entry in read_tmx(path, target_lang="en"):
            pairs.setdefault(entry.src_lang, []).append((entry.src, entry.tgt))
    yield from sorted(pairs.items())
