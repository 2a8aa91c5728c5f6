"""Search: does a sentence find its translation among real news?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosslingual.add import add
from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY
from crosslingual.encode import Encoder
from crosslingual.errors import InputError
from crosslingual.language.scripts import HAN
from crosslingual.library import Library, encodable
from crosslingual.reader import Reader
from crosslingual.search import Query, SearchIndex, ask, find, parse
from crosslingual.types import Article, Sentence, Source

TOP = 10
_LINES = Source("lines", "lines")
_ARTICLE = 20  # lines
_WORD = re.compile(r"[^\W\d_]{3,}")
_HAN = re.compile(f"[{HAN}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Recall:
    """Of ``queries``, the share whose line came ``first`` of what is in its language, or among ten, ``top``.

    ``likely`` of the lines that came first have a probability of .5 or more; ``surest`` is the mean
    probability of what came first.
    """

    queries: int
    first: float
    top: float
    likely: float
    surest: float


def held_out(place: int) -> bool:
    """Whether nothing was fitted to this line of NTREX or FLORES: the second ten of every twenty."""
    return place // 10 % 2 == 1


def put_lines(library: Library, reader: Reader, lines: Sequence[str], lang: str) -> list[str]:
    """Store lines, each as one sentence, in articles of twenty; the ids of these."""
    library.put_sources([_LINES])
    batch = []
    for start in range(0, len(lines), _ARTICLE):
        own = [line for line in lines[start : start + _ARTICLE] if line.strip()]
        article = Article(_LINES.id, lang, "\n".join(own), title="")
        sentences, end = [], 0
        for place, line in enumerate(own):
            sentences.append(Sentence(article.id, place, end, end + len(line), line))
            end += len(line) + 1
        batch.append((article, sentences))
    texts = list(dict.fromkeys(text for one in batch for text in encodable(*one)))
    vectors, packed = reader.read(texts, None)
    library.add(batch, reader.encoder.name, texts, vectors, packed)
    return [article.id for article, _ in batch]


def put_distractors(library: Library, reader: Reader, folder: Path) -> int:
    """Store all articles in a folder; how many there are."""
    return add([folder], library, lambda: reader).added


def short_queries(lines: Sequence[str], lang: str) -> Iterator[tuple[int, str]]:
    """Two to four words of each line, with its place: the longest ones that stand side by side, by rule.

    Of Chinese, its longest run of characters, four to eight of them.
    """
    for place, line in enumerate(lines):
        if lang == "zh":
            runs = [match[0] for match in _HAN.finditer(line)]
            longest = max(runs, key=len, default="")
            if len(longest) >= 4:
                yield place, longest[: 4 + place % 5]
            continue
        words = [match[0] for match in _WORD.finditer(line)]
        size = 2 + place % 3
        if len(words) >= size:
            starts = range(len(words) - size + 1)
            best = max(starts, key=lambda start: sum(map(len, words[start : start + size])))
            yield place, " ".join(words[best : best + size])


def questions(
    queries: Sequence[str], told: Mapping[str, Sequence[str]], *, short: bool
) -> list[list[tuple[int, str, dict[str, str]]]]:
    """What is asked, each with its place and the lines, by language, that it should find.

    All ``queries`` at once, or where ``short`` a list for each language of ``told``: words of its own lines.
    """
    if short:
        return [
            [(place, query, {lang: lines[place]}) for place, query in short_queries(lines, lang)]
            for lang, lines in told.items()
        ]
    asked = []
    for place, query in enumerate(queries):
        wanted = {lang: lines[place] for lang, lines in told.items() if lines[place].strip()}
        if query.strip() and wanted:
            asked.append((place, query, wanted))
    return [asked]


def measure(
    library: Library,
    index: SearchIndex,
    space: Space,
    encoder: Encoder,
    queries: Sequence[tuple[str, Mapping[str, str]]],
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Recall]:
    """Recall by language of queries, each with the lines that it should find, by language.

    Any sentence of the same text in that language counts.

    Raises:
        InputError: there are no queries.
    """
    if not queries:
        raise InputError("no queries; give files with the same number of lines, not all of them empty")
    seen: dict[str, list[tuple[int, float]]] = {}
    for done, (asked, lines) in enumerate(queries, 1):
        found = find(library, index, space, ask(_query(asked), encoder, space), limit=1).found
        for lang, line in lines.items():
            hits = [hit for hit in found if hit.lang == lang][:TOP]
            places = [place for place, hit in enumerate(hits) if hit.sentence.text.strip() == line.strip()]
            surest = hits[0].probability if hits else 0.0
            seen.setdefault(lang, []).append((places[0] if places else TOP, surest))
        if progress:
            progress(done, len(queries))
    return {lang: _recall(own) for lang, own in seen.items()}


def _recall(seen: Sequence[tuple[int, float]]) -> Recall:
    """From the rank of each line, ``TOP`` if it was not found, and the probability of what came first."""
    first = [surest for rank, surest in seen if rank == 0]
    return Recall(
        len(seen),
        len(first) / len(seen),
        sum(rank < TOP for rank, _ in seen) / len(seen),
        sum(surest >= LIKELY for surest in first) / max(len(first), 1),
        sum(surest for _, surest in seen) / len(seen),
    )


def _query(text: str) -> Query:
    """As it is typed, but for straight marks: what a sentence quotes need not occur in its translation."""
    return parse(text.replace('"', " "))
