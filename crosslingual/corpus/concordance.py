"""Where words stand, each with what is left and right of it (keyword in context), counted to the last."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from crosslingual.corpus.patterns import Span
from crosslingual.corpus.scope import CountedArticle, CountedSentence
from crosslingual.corpus.word_query import WordQuery
from crosslingual.language.scripts import is_han
from crosslingual.language.tokenize import split_words

LineOrder = Literal["date", "source", "left", "right"]
LINE_ORDERS: tuple[LineOrder, ...] = ("date", "source", "left", "right")
MAX_LINES = 100_000
"""Lines that are kept at most, whatever is counted."""
_SORTED_WORDS = 5
"""Words of the context that the order goes by."""


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """What was found: ``text[start:end]`` of a counted sentence. ``cuts_word`` where it is part of a Chinese word."""

    counted: CountedSentence
    start: int
    end: int
    cuts_word: bool

    @property
    def left(self) -> str:
        """What of the sentence stands before it."""
        return self.counted.text[: self.start]

    @property
    def keyword(self) -> str:
        """What was found, as it stands there."""
        return self.counted.text[self.start : self.end]

    @property
    def right(self) -> str:
        """What of the sentence follows."""
        return self.counted.text[self.end :]


@dataclass(slots=True)
class SourceHits:
    """What a source has: ``n_hits`` in ``n_sentences`` of ``of_sentences`` sentences, in ``n_articles`` articles."""

    of_articles: int = 0
    of_sentences: int = 0
    n_hits: int = 0
    n_sentences: int = 0
    n_articles: int = 0


class QueryHits(NamedTuple):
    """What the ``sources`` have of a ``query``; where it is not complete, at least so much."""

    query: str
    sources: Mapping[str, SourceHits]
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Concordance:
    """All that ``query`` finds, counted; ``lines`` are the first of them in their order.

    ``sources`` are those that were looked at. ``n_cut`` of the hits are part of a longer Chinese word. Of
    ``n_sentences_searched`` sentences ``n_untranslated`` had no text in the language that was asked for.
    """

    query: WordQuery
    lines: tuple[ConcordanceLine, ...]
    sources: Mapping[str, SourceHits]
    n_cut: int
    n_sentences_searched: int
    n_untranslated: int

    @property
    def n_hits(self) -> int:
        """How often it stands somewhere."""
        return sum(one.n_hits for one in self.sources.values())

    @property
    def n_sentences(self) -> int:
        """Sentences that have it."""
        return sum(one.n_sentences for one in self.sources.values())

    @property
    def n_articles(self) -> int:
        """Articles that have it."""
        return sum(one.n_articles for one in self.sources.values())

    @property
    def n_sources(self) -> int:
        """Sources that have it."""
        return sum(one.n_hits > 0 for one in self.sources.values())


@dataclass(slots=True)
class _Counts:
    sources: dict[str, SourceHits] = field(default_factory=dict)
    n_cut: int = 0
    n_sentences: int = 0
    n_untranslated: int = 0


def build_concordance(
    query: WordQuery, articles: Iterator[CountedArticle], *, order: LineOrder = "date", limit: int = 100
) -> Concordance:
    """Count all that ``query`` finds in ``articles`` and keep the first ``limit`` lines in ``order``.

    Orders: by day; by source, then day; by the words to the left, the nearest first; by those to the right.
    """
    counts = _Counts()
    lines = _find_lines(query, articles, counts)
    first = heapq.nsmallest(min(limit, MAX_LINES), lines, key=_LINE_KEYS[order])
    for _ in lines:  # with a limit of 0 nothing has been counted yet
        pass
    return Concordance(
        query,
        tuple(first),
        dict(sorted(counts.sources.items(), key=lambda item: (-item[1].n_hits, item[0]))),
        counts.n_cut,
        counts.n_sentences,
        counts.n_untranslated,
    )


def count_queries(
    queries: Sequence[WordQuery], articles: Iterator[CountedArticle]
) -> list[dict[str, SourceHits]]:
    """How often each of ``queries`` stands where, by source; the articles are read once for all of them."""
    counts = [_Counts() for _ in queries]
    for article in articles:
        for query, own in zip(queries, counts, strict=True):
            for _ in _find_lines(query, iter([article]), own):
                pass
    return [own.sources for own in counts]


def _find_lines(
    query: WordQuery, articles: Iterator[CountedArticle], counts: _Counts
) -> Iterator[ConcordanceLine]:
    for entry, sentences in articles:
        source = counts.sources.setdefault(entry.source, SourceHits())
        source.of_articles += 1
        source.of_sentences += len(sentences)
        counts.n_sentences += entry.n_sentences
        counts.n_untranslated += entry.n_sentences - len(sentences)
        n_before = source.n_hits
        found = query.find_all([one.text for one in sentences], [one.lang for one in sentences])
        for counted, spans in zip(sentences, found, strict=True):
            if not spans:
                continue
            source.n_sentences += 1
            source.n_hits += len(spans)
            edges = word_edges(counted) if any(map(is_han, counted.text)) else None
            for start, end in spans:
                cut = edges is not None and cuts_word(counted.text, (start, end), edges)
                counts.n_cut += cut
                yield ConcordanceLine(counted, start, end, cut)
        source.n_articles += source.n_hits > n_before


def word_edges(counted: CountedSentence) -> set[int]:
    """Where a word of the sentence begins or ends."""
    return {place for word in split_words(counted.text, counted.lang) for place in (word.start, word.end)}


def cuts_word(text: str, span: Span, edges: set[int]) -> bool:
    """Whether ``span`` begins or ends within a Chinese word, of which ``edges`` are the ends."""
    start, end = span
    return (is_han(text[start]) and start not in edges) or (is_han(text[end - 1]) and end not in edges)


def _date_key(line: ConcordanceLine) -> tuple[object, ...]:
    entry = line.counted.entry
    place = (entry.source, entry.article, line.counted.sentence.index, line.start)
    return (not entry.date, entry.date[:10], *place)


def _source_key(line: ConcordanceLine) -> tuple[object, ...]:
    return (line.counted.entry.source, *_date_key(line))


def _left_key(line: ConcordanceLine) -> tuple[object, ...]:
    words = [word.form for word in split_words(line.left, line.counted.lang)]
    return (tuple(words[: -_SORTED_WORDS - 1 : -1]), *_date_key(line))


def _right_key(line: ConcordanceLine) -> tuple[object, ...]:
    words = [word.form for word in split_words(line.right, line.counted.lang)]
    return (tuple(words[:_SORTED_WORDS]), *_date_key(line))


_LINE_KEYS: Mapping[LineOrder, Callable[[ConcordanceLine], tuple[object, ...]]] = {
    "date": _date_key,
    "source": _source_key,
    "left": _left_key,
    "right": _right_key,
}


def cut_context(text: str, max_chars: int, *, at_end: bool) -> str:
    """The ``max_chars`` characters of ``text`` nearest to the keyword, cut at a word where words have spaces.

    ``at_end`` where the keyword stands after ``text``.
    """
    line = " ".join(text.split()) if text.strip() else ""
    if len(line) <= max_chars:
        return line
    part = line[-max_chars:] if at_end else line[:max_chars]
    space = part.find(" ") if at_end else part.rfind(" ")
    if at_end and 0 <= space < max_chars // 2:
        part = part[space + 1 :]
    elif not at_end and space > max_chars // 2:
        part = part[:space]
    return f"…{part}" if at_end else f"{part}…"
