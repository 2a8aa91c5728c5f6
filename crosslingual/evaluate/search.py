"""Search: does a sentence find its translation among real news?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosslingual.align.space import Space
from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import InputError
from crosslingual.ingest.pipeline import add_files
from crosslingual.language.scripts import HAN
from crosslingual.library import Library, encodable_texts
from crosslingual.search import LibraryIndex, Query, encode_query, parse_query, search_sentences
from crosslingual.types import Article, Sentence, Source

TOP_K = 10
_LINES_SOURCE = Source("lines", "lines")
_LINES_PER_ARTICLE = 20  # lines
_WORD = re.compile(r"[^\W\d_]{3,}")
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")


@dataclass(frozen=True, slots=True)
class RecallScores:
    """Of ``queries``, the share whose line came first (``recall_at_1``) in its language, or among ten.

    ``likely`` of the lines that came first have a probability of .5 or more; ``mean_probability`` is the mean
    probability of what came first.
    """

    queries: int
    recall_at_1: float
    recall_at_10: float
    likely: float
    mean_probability: float


def is_held_out(line_index: int) -> bool:
    """Whether nothing was fitted to this line of NTREX or FLORES: the second ten of every twenty."""
    return line_index // 10 % 2 == 1


def store_lines(
    library: Library, article_encoder: ArticleEncoder, lines: Sequence[str], lang: str
) -> list[str]:
    """Store lines, each as one sentence, in articles of twenty; the ids of these."""
    library.put_sources([_LINES_SOURCE])
    batch = []
    for start in range(0, len(lines), _LINES_PER_ARTICLE):
        own = [line for line in lines[start : start + _LINES_PER_ARTICLE] if line.strip()]
        article = Article(_LINES_SOURCE.id, lang, "\n".join(own), title="")
        sentences, end = [], 0
        for place, line in enumerate(own):
            sentences.append(Sentence(article.id, place, end, end + len(line), line))
            end += len(line) + 1
        batch.append((article, sentences))
    texts = list(dict.fromkeys(text for one in batch for text in encodable_texts(*one)))
    vectors, packed = article_encoder.encode(texts, None)
    library.add_articles(batch, article_encoder.encoder.name, texts, vectors, packed)
    return [article.id for article, _ in batch]


def store_distractors(library: Library, article_encoder: ArticleEncoder, folder: Path) -> int:
    """Store all articles in a folder; how many there are."""
    return add_files([folder], library, lambda: article_encoder).n_added


def make_short_queries(lines: Sequence[str], lang: str) -> Iterator[tuple[int, str]]:
    """Two to four words of each line, with its place: the longest ones that stand side by side, by rule.

    Of Chinese, its longest run of characters, four to eight of them.
    """
    for place, line in enumerate(lines):
        if lang == "zh":
            runs = [match[0] for match in _HAN_RUN.finditer(line)]
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


def make_queries(
    queries: Sequence[str], lines_by_lang: Mapping[str, Sequence[str]], *, short: bool
) -> list[list[tuple[int, str, dict[str, str]]]]:
    """What is asked, each with its place and the lines, by language, that it should find.

    All ``queries`` at once, or where ``short`` a list for each language of ``lines_by_lang``: words of its
    own lines.
    """
    if short:
        return [
            [(place, query, {lang: lines[place]}) for place, query in make_short_queries(lines, lang)]
            for lang, lines in lines_by_lang.items()
        ]
    asked = []
    for place, query in enumerate(queries):
        wanted = {lang: lines[place] for lang, lines in lines_by_lang.items() if lines[place].strip()}
        if query.strip() and wanted:
            asked.append((place, query, wanted))
    return [asked]


def measure_recall(
    library: Library,
    index: LibraryIndex,
    space: Space,
    encoder: Encoder,
    queries: Sequence[tuple[str, Mapping[str, str]]],
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, RecallScores]:
    """Recall by language of queries, each with the lines that it should find, by language.

    Any sentence of the same text in that language counts.

    Raises:
        InputError: there are no queries.
    """
    if not queries:
        raise InputError("no queries; give files with the same number of lines, not all of them empty")
    seen: dict[str, list[tuple[int, float]]] = {}
    for done, (asked, lines) in enumerate(queries, 1):
        found = search_sentences(
            library, index, space, encode_query(_parse_unquoted(asked), encoder, space), limit=1
        ).all_hits
        for lang, line in lines.items():
            hits = [hit for hit in found if hit.lang == lang][:TOP_K]
            places = [place for place, hit in enumerate(hits) if hit.sentence.text.strip() == line.strip()]
            surest = hits[0].probability if hits else 0.0
            seen.setdefault(lang, []).append((places[0] if places else TOP_K, surest))
        if progress:
            progress(done, len(queries))
    return {lang: _summarize_ranks(own) for lang, own in seen.items()}


def _summarize_ranks(ranks: Sequence[tuple[int, float]]) -> RecallScores:
    """From the rank of each line, ``TOP_K`` if it was not found, and the probability of what came first."""
    first = [surest for rank, surest in ranks if rank == 0]
    return RecallScores(
        len(ranks),
        len(first) / len(ranks),
        sum(rank < TOP_K for rank, _ in ranks) / len(ranks),
        sum(surest >= LIKELY_PROBABILITY for surest in first) / max(len(first), 1),
        sum(surest for _, surest in ranks) / len(ranks),
    )


def _parse_unquoted(text: str) -> Query:
    """As it is typed, but for straight marks: what a sentence quotes need not occur in its translation."""
    return parse_query(text.replace('"', " "))
