"""What the shipped data measure, for floors: the gold statements, the demo's events and its translations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY
from crosslingual.encode import Encoder
from crosslingual.evaluate import alignment, statements
from crosslingual.evaluate.retrieval import retrieval_scores
from crosslingual.events import find_events
from crosslingual.ingest import read
from crosslingual.ingest.record import Record
from crosslingual.library import Library
from crosslingual.statements import SURE
from crosslingual.translate.memory import read_tmx

EVENTS, ALIGNMENT, RETRIEVAL = "events", "alignment", "retrieval"
"""Names of what is measured on the demo corpus; a file of gold statements has its own."""

_SEED = 5
_SHAPES = ((1, 1),) * 8 + ((1, 2), (2, 1)) * 2 + ((1, 3), (3, 1), (1, 0), (0, 1))
"""How many of the sentences that are taken from both sides are left on each, one as likely as the other."""

Pair = tuple[str, str]


def shipped(corpora: Path) -> dict[str, list[Path]]:
    """By name of what is measured, the files it is measured on, in the project's folder ``corpora``."""
    memories = sorted(corpora.glob("demo/*/memory.tmx"))
    return {
        EVENTS: sorted(corpora.glob("demo/*/*.md")),
        ALIGNMENT: memories,
        RETRIEVAL: memories,
        **{path.name: [path] for path in sorted(corpora.glob("gold/*.jsonl"))},
    }


def digest(files: Sequence[Path]) -> str:
    """SHA-256 over the files' names, with that of their folder, and contents."""
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.parent.name}/{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def measure(
    name: str, files: Sequence[Path], library: Library, encoder: Encoder, space: Space
) -> dict[str, float]:
    """The figures of ``name`` and its ``files``, as ``shipped`` gives them, between 0 and 1.

    Gold statements have F1 of ``links`` and ``omissions`` at the threshold ``LIKELY`` and the links'
    ``precision`` at ``SURE``; the events found in ``library``, which holds the demo, their
    ``adjusted_rand``; alignment its ``strict`` F1 on ``retold`` translations, counted together; retrieval
    the accuracy by ``margin``, the mean of both ways of all languages.
    """
    if name == EVENTS:
        return {"adjusted_rand": _events(files, library, space)}
    if name == ALIGNMENT:
        return {"strict": _alignment(files, encoder, space)}
    if name == RETRIEVAL:
        return {"margin": _retrieval(files, encoder, space)}
    (path,) = files
    return _statements(path, encoder, space)


def adjusted_rand(one: Sequence[int], other: Sequence[int]) -> float:
    """Agreement of two groupings, 1 where they are the same (Hubert and Arabie 1985)."""
    pairs = [(a, b) for b in range(len(one)) for a in range(b)]
    together = sum(one[a] == one[b] for a, b in pairs), sum(other[a] == other[b] for a, b in pairs)
    both = sum(one[a] == one[b] and other[a] == other[b] for a, b in pairs)
    expected = together[0] * together[1] / len(pairs)
    return (both - expected) / (sum(together) / 2 - expected)


def retold(pairs: Sequence[Pair], joint: str, chance: np.random.RandomState) -> alignment.Bitext:
    """A text and its translation into English, of ``pairs``, less literal than they are.

    Some neighbours are one sentence on one side, with ``joint`` between them where it is the first, and
    some sentences are on one side only.
    """
    src: list[str] = []
    tgt: list[str] = []
    gold: list[alignment.Bead] = []
    place = 0
    while place < len(pairs):
        a, b = _SHAPES[chance.randint(len(_SHAPES))]
        if max(a, b) > len(pairs) - place:
            a = b = 1
        ours, theirs = (list(side) for side in zip(*pairs[place : place + max(a, b)], strict=True))
        gold.append((tuple(range(len(src), len(src) + a)), tuple(range(len(tgt), len(tgt) + b))))
        src += [joint.join(ours)] if a == 1 else ours[:a]
        tgt += [" ".join(theirs)] if b == 1 else theirs[:b]
        place += max(a, b)
    return alignment.Bitext(tuple(src), tuple(tgt), tuple(gold))


def _statements(path: Path, encoder: Encoder, space: Space) -> dict[str, float]:
    events = statements.read_events(path)
    found = statements.predict(events, encoder, space)
    likely, sure = (
        statements.score(
            events,
            [statements.groups_at(event, own.bonds, level) for event, own in zip(events, found, strict=True)],
        )
        for level in (LIKELY, SURE)
    )
    return {
        "links": likely["links"].f1,
        "omissions": likely["omissions"].f1,
        "precision": sure["links"].precision,
    }


def _events(files: Sequence[Path], library: Library, space: Space) -> float:
    folders = {item.title: item.path.parent.name for item in read(files) if isinstance(item, Record)}
    names = sorted(set(folders.values()))
    articles = library.articles()
    found = {
        article: place
        for place, event in enumerate(find_events(library, space))
        for article in event.articles
    }
    gold = [names.index(folders[article.title]) for article in articles]
    # An article in no event stands by itself.
    return adjusted_rand(gold, [found.get(article.id, -1 - alone) for alone, article in enumerate(articles)])


def _alignment(files: Sequence[Path], encoder: Encoder, space: Space) -> float:
    chance = np.random.RandomState(_SEED)  # not default_rng: NumPy promises that this one stays the same
    gold, predicted = [], []
    for path in files:
        for lang, pairs in _translations([path]):
            bitext = retold(pairs, "" if lang == "zh" else " ", chance)
            gold.append(bitext.gold)
            predicted.append(alignment.predict(bitext, lang, "en", encoder, space))
    return alignment.score(gold, predicted).strict.f1


def _retrieval(files: Sequence[Path], encoder: Encoder, space: Space) -> float:
    found = []
    for lang, pairs in _translations(files):
        ours, theirs = zip(*pairs, strict=True)
        scores = retrieval_scores(
            space.centred(encoder.encode(ours), lang), space.centred(encoder.encode(theirs), "en")
        )
        found += [scores.margin.forward, scores.margin.backward]
    return float(np.mean(found))


def _translations(files: Sequence[Path]) -> Iterator[tuple[str, list[Pair]]]:
    """By language, its sentences and their English translations, in the order of the memories."""
    pairs: dict[str, list[Pair]] = {}
    for path in files:
        for entry in read_tmx(path, reader="en"):
            pairs.setdefault(entry.src_lang, []).append((entry.src, entry.tgt))
    yield from sorted(pairs.items())
