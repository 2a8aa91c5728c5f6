"""Copies found among articles that were made of parallel texts, and among real ones beside them."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from crosslingual.align.space import Space
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import InputError
from crosslingual.events.duplicates import find_duplicates
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library, normalize_text

LINES_PER_DOCUMENT = 10
"""Lines of a document where no ids tell the documents apart."""
MIN_DOCUMENT_LINES = 4
"""Lines of a document that is used."""
PLANTED_KINDS = {
    "translated": (True, 0.0),
    "translated, 30 % changed": (True, 0.3),
    "10 % changed": (False, 0.1),
    "30 % changed": (False, 0.3),
    "70 % changed": (False, 0.7),
}
"""What is planted: whether the second text is the translation, and the share of its sentences replaced."""
NON_DUPLICATE_KIND = "70 % changed"
_SOURCE_PREFIX = "planted"


@dataclass(frozen=True, slots=True)
class DuplicateScores:
    """Planted pairs found by kind, as (found, planted); ``precision`` and ``recall`` of copies.

    ``false_positives`` counts pairs found that are no copies, of ``articles`` planted and real. Not
    counted are pairs of real articles that share a sentence letter by letter: nobody knows what they are.
    """

    articles: int
    kinds: dict[str, tuple[int, int]]
    precision: float
    recall: float
    false_positives: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PlantedDuplicate:
    """Two texts, each with its language, made of one document."""

    kind: str
    left: tuple[str, str]
    right: tuple[str, str]


def plant_duplicates(
    sides: tuple[Sequence[str], Sequence[str]],
    langs: tuple[str, str],
    documents: Sequence[str] | None = None,
    seed: int = 1,
) -> list[PlantedDuplicate]:
    """Two texts of each document, by turns of each of ``PLANTED_KINDS``.

    A replaced sentence is one of another document, no two of the same one running.

    Args:
        sides: sentences, line by line in two languages.
        langs: their languages.
        documents: for each line the name of its document; without them ``LINES_PER_DOCUMENT`` lines are one.
        seed: of what is replaced by what.

    Raises:
        InputError: the files have not as many lines.
    """
    names = documents or [str(number // LINES_PER_DOCUMENT) for number in range(len(sides[0]))]
    if not len(names) == len(sides[0]) == len(sides[1]):
        raise InputError(
            f"{len(sides[0])}, {len(sides[1])} and {len(names)} lines: give files that go line by line"
        )
    lines: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        lines.setdefault(name, []).append(number)
    chance = random.Random(seed)  # noqa: S311  # no secret
    planted = []
    usable = [own for own in lines.values() if len(own) >= MIN_DOCUMENT_LINES]
    for number, own in enumerate(usable):
        kind = list(PLANTED_KINDS)[number % len(PLANTED_KINDS)]
        translated, share = PLANTED_KINDS[kind]
        side, lang = sides[translated], langs[translated]
        others = [line for line in range(len(names)) if names[line] != names[own[0]]]
        replaced = set(chance.sample(own, round(share * len(own))))
        if len(others) < len(replaced):
            raise InputError("too few documents to take other sentences from; give larger files")
        strange = iter(chance.sample(others, len(replaced)))
        text = "\n".join(side[next(strange) if line in replaced else line] for line in own)
        planted.append(
            PlantedDuplicate(kind, (langs[0], "\n".join(sides[0][line] for line in own)), (lang, text))
        )
    return planted


def evaluate_duplicates(
    planted: Sequence[PlantedDuplicate],
    news: Iterable[Path],
    article_encoder: ArticleEncoder,
    space: Space,
    progress: Callable[[str, int, int], None] | None = None,
) -> DuplicateScores:
    """Add what is planted, and the real articles in files ``news``, to a new library; look for copies."""
    with TemporaryDirectory() as folder, Library(Path(folder)) as library:
        path = Path(folder) / "planted.jsonl"
        path.write_text("".join(_format_records(planted)), encoding="utf-8")
        add_files(
            [path, *news],
            library,
            lambda: article_encoder,
            progress=(lambda now: progress("adding", now.bytes_done, now.total_bytes)) if progress else None,
        )
        begun = time.monotonic()
        copies = find_duplicates(library, space)
        seconds = time.monotonic() - begun
        sources = {article.id: article.source for article in library.load_articles()}
        unknown = _pairs_sharing_sentence(library)
    kinds = {kind: [0, 0] for kind in PLANTED_KINDS}
    for pair in planted:
        kinds[pair.kind][1] += 1
    false = 0
    for copy in copies:
        one, other = sources[copy.left], sources[copy.right]
        if one[:-1] == other[:-1] and one.startswith(_SOURCE_PREFIX):
            kind = planted[int(one[len(_SOURCE_PREFIX) : -1])].kind
            kinds[kind][0] += 1
            false += kind == NON_DUPLICATE_KIND
        elif (copy.left, copy.right) not in unknown:
            false += 1
    found = sum(found for kind, (found, _) in kinds.items() if kind != NON_DUPLICATE_KIND)
    there = sum(there for kind, (_, there) in kinds.items() if kind != NON_DUPLICATE_KIND)
    return DuplicateScores(
        len(sources),
        {kind: (found, there) for kind, (found, there) in kinds.items()},
        found / (found + false) if found else 0.0,
        found / there if there else 0.0,
        false,
        round(seconds, 2),
    )


def _format_records(planted: Iterable[PlantedDuplicate]) -> Iterator[str]:
    for number, pair in enumerate(planted):
        for side, (lang, text) in zip("ab", (pair.left, pair.right), strict=True):
            record = {"source": f"{_SOURCE_PREFIX}{number}{side}", "lang": lang, "text": text}
            yield json.dumps(record, ensure_ascii=False) + "\n"


def _pairs_sharing_sentence(library: Library) -> set[tuple[str, str]]:
    """Pairs of real articles that have a sentence in common, letter by letter."""
    holders: dict[str, set[str]] = {}
    real = [
        article.id for article in library.load_articles() if not article.source.startswith(_SOURCE_PREFIX)
    ]
    for id_, told in library.load_sentences(real).items():
        for sentence in told:
            holders.setdefault(normalize_text(sentence.text), set()).add(id_)
    return {pair for ids in holders.values() for pair in combinations(sorted(ids), 2)}
