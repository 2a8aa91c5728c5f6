"""What a library answers to those who count: concordances, collocations, key words, n-grams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.api.opened import ProgressCallback
from crosslingual.corpus.axes import AxisPositions, load_sentence_vectors, place_articles
from crosslingual.corpus.collocations import (
    DEFAULT_WINDOW,
    MAX_WINDOW,
    Association,
    Collocations,
    find_collocations,
)
from crosslingual.corpus.concordance import (
    Concordance,
    LineOrder,
    QueryHits,
    SourceHits,
    build_concordance,
    count_queries,
)
from crosslingual.corpus.counterparts import Beside, find_beside
from crosslingual.corpus.dictionary import CategoryCounts, Dictionary, count_dictionary, read_dictionary
from crosslingual.corpus.keyness import Keyness, compare_frequencies, separate_sides
from crosslingual.corpus.ngrams import DEFAULT_LENGTH, MAX_LENGTH, MIN_LENGTH, Ngram, count_ngrams
from crosslingual.corpus.scope import CountedArticle, select_entries, stream_articles
from crosslingual.corpus.tally import DEFAULT_MIN_COUNT
from crosslingual.corpus.word_query import parse_word_query
from crosslingual.errors import InputError, ModelError
from crosslingual.framing.axes import Axis, load_axis_model
from crosslingual.framing.own_axes import OwnAxes, fit_own_axes, read_own_axes
from crosslingual.library import ArticleEntry, SentenceKey
from crosslingual.search.availability import check_filters
from crosslingual.search.query import Filters

if TYPE_CHECKING:
    from crosslingual.api import Library

EVERYWHERE = Filters()
"""The whole library."""


@dataclass(frozen=True, slots=True)
class CorpusScope:
    """What is counted: articles that ``filters`` let through, of ``event`` where one is named.

    With ``read_lang`` sentences count as they stand in that language, their own or known translations.
    """

    filters: Filters = EVERYWHERE
    event: str = ""
    read_lang: str = ""


@dataclass(frozen=True, slots=True)
class ConcordanceAnswer:
    """A concordance, with what stands beside its sentences by their places."""

    concordance: Concordance
    beside: Mapping[SentenceKey, Beside]


@dataclass(frozen=True, slots=True)
class AxesAnswer:
    """Own axes, how well each tells its own poles apart, and where the sources stand on them."""

    axes: OwnAxes
    positions: AxisPositions


class CorpusCounts:
    """Counts over the articles of an open library; each answer reads them once, some at a time."""

    def __init__(self, opened: Library, progress: ProgressCallback) -> None:
        """Of ``opened``; ``progress`` is told how many articles are read."""
        self._opened, self._progress = opened, progress

    def concordance(
        self,
        query: str,
        scope: CorpusScope | None = None,
        *,
        order: LineOrder = "date",
        limit: int = 100,
        beside: str = "",
    ) -> ConcordanceAnswer:
        """Where the words of ``query`` stand, counted to the last.

        Args:
            query: words, phrases, wildcards and more, as ``corpus.word_query.parse_word_query`` has them.
            scope: what is counted; by default all.
            order: of the lines: date, source, left, right.
            limit: lines that are kept.
            beside: the source or the language that stands beside a line, where it is known what says the same.

        Raises:
            InputError: the query cannot be read, or a day is none.
            NotFoundError: there is nothing in such a language or of such a source, or no such event.
        """
        entries = self._select(scope or CorpusScope())
        found = build_concordance(
            parse_word_query(query), self._stream(entries, scope), order=order, limit=limit
        )
        return ConcordanceAnswer(found, self._find_beside(found, beside))

    def collocations(
        self,
        query: str,
        scope: CorpusScope | None = None,
        *,
        window: int = DEFAULT_WINDOW,
        min_count: int = DEFAULT_MIN_COUNT,
        association: Association = "log_dice",
        limit: int = 50,
    ) -> Collocations:
        """Words that stand beside what ``query`` finds more often than by chance, by language.

        Args:
            query: as for :meth:`concordance`.
            scope: what is counted; by default all.
            window: words on either side.
            min_count: how often a word has to stand there.
            association: what they are ordered by: log_dice or log_likelihood.
            limit: words of a language.

        Raises:
            InputError: as of :meth:`concordance`, or the window is none.
            NotFoundError: as of :meth:`concordance`.
        """
        if not 1 <= window <= MAX_WINDOW:
            raise InputError(f"window {window}: give 1 to {MAX_WINDOW} words")
        entries = self._select(scope or CorpusScope())
        return find_collocations(
            parse_word_query(query),
            self._stream(entries, scope),
            window=window,
            min_count=max(min_count, 1),
            association=association,
            limit=limit,
        )

    def keyness(
        self,
        target: CorpusScope,
        reference: CorpusScope | None = None,
        *,
        min_count: int = DEFAULT_MIN_COUNT,
        limit: int = 50,
    ) -> Keyness:
        """Words that the articles of ``target`` have more often, or more rarely, than those of ``reference``.

        Articles of both count in the target alone. Each language is counted by itself, unless both are read in one.

        Args:
            target: the articles in question.
            reference: those that they are compared with; by default all others.
            min_count: how often a word has to occur on one side.
            limit: words of a language that are more frequent, and as many that are rarer.

        Raises:
            InputError: nothing is left on one of the sides.
            NotFoundError: as of :meth:`concordance`.
        """
        wanted = reference or CorpusScope(read_lang=target.read_lang)
        own, others = separate_sides(self._select(target), self._select(wanted))
        return compare_frequencies(
            self._stream(own, target),
            self._stream(others, replace(wanted, read_lang=target.read_lang)),
            min_count=max(min_count, 1),
            limit=limit,
        )

    def ngrams(
        self,
        scope: CorpusScope | None = None,
        *,
        length: int = DEFAULT_LENGTH,
        min_count: int = DEFAULT_MIN_COUNT,
        limit: int = 50,
    ) -> tuple[Ngram, ...]:
        """The most frequent sequences of ``length`` words, by language.

        Args:
            scope: what is counted; by default all.
            length: words of each.
            min_count: how often one has to occur.
            limit: how many of a language.

        Raises:
            InputError: the length is none.
            NotFoundError: as of :meth:`concordance`.
        """
        if not MIN_LENGTH <= length <= MAX_LENGTH:
            raise InputError(f"length {length}: give {MIN_LENGTH} to {MAX_LENGTH} words")
        entries = self._select(scope or CorpusScope())
        return count_ngrams(
            self._stream(entries, scope), length=length, min_count=max(min_count, 1), limit=limit
        )

    def count_words(self, queries: Sequence[str], scope: CorpusScope | None = None) -> list[QueryHits]:
        """How often each of ``queries``, as those of :meth:`concordance`, stands in each source.

        Raises:
            InputError: one of them cannot be read.
            NotFoundError: as of :meth:`concordance`.
        """
        parsed = [parse_word_query(query) for query in queries]
        entries = self._select(scope or CorpusScope())
        counted = count_queries(parsed, self._stream(entries, scope))
        return [QueryHits(*one) for one in zip(queries, counted, strict=True)]

    def count_dictionary(
        self, dictionary: Dictionary | str | Path, scope: CorpusScope | None = None
    ) -> list[CategoryCounts]:
        """How often the words of each category of an own dictionary stand in each source.

        Args:
            dictionary: words by category, or the path of a CSV file with the columns category and word.
            scope: what is counted; by default all.

        Raises:
            InputError: the file is no dictionary.
            NotFoundError: as of :meth:`concordance`.
        """
        words = read_dictionary(Path(dictionary)) if isinstance(dictionary, str | Path) else dictionary
        entries = self._select(scope or CorpusScope())
        return count_dictionary(words, self._stream(entries, scope))

    def fit_axes(self, axes: Sequence[Axis] | str | Path) -> OwnAxes:
        """Own axes made for the library's encoder.

        Args:
            axes: axes, or the path of a TOML file that :func:`crosslingual.framing.own_axes.parse_own_axes` reads.

        Raises:
            InputError: the file holds no axes, or the encoder sees no difference between the poles of one.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        given = read_own_axes(Path(axes)) if isinstance(axes, str | Path) else axes
        opened = self._opened
        encode = opened.query_encoder.encode
        shipped = load_axis_model(opened.space, opened.settings.home, encode)
        return fit_own_axes(given, opened.space, encode, shipped)

    def score_axes(
        self, axes: Sequence[Axis] | OwnAxes | str | Path, scope: CorpusScope | None = None
    ) -> AxesAnswer:
        """Where each source stands on own axes, by month, by all its sentences as they were written.

        Args:
            axes: as for :meth:`fit_axes`, or what it gave.
            scope: what is measured; by default all. It is never measured in translation.

        Raises:
            InputError: as of :meth:`fit_axes`, or the scope asks for translations.
            NotFoundError: as of :meth:`concordance`.
            ModelError: as of :meth:`fit_axes`.
        """
        wanted = scope or CorpusScope()
        if wanted.read_lang:
            raise InputError(
                "axes are measured on sentences as they were written; leave out the language to read"
            )
        entries = self._select(wanted)
        own = axes if isinstance(axes, OwnAxes) else self.fit_axes(axes)
        load = partial(load_sentence_vectors, self._opened.store, self._opened.space)
        positions = self._opened.retry_with_vectors(
            lambda: place_articles(own.model, self._stream(entries, scope), load),
            [entry.article for entry in entries],
        )
        return AxesAnswer(own, positions)

    def count_meanings(self, queries: Sequence[str], scope: CorpusScope | None = None) -> list[QueryHits]:
        """How many sentences of each source say what each of ``queries`` says, as search counts them.

        What is not complete was not counted to the last: at least so many do.

        Raises:
            InputError: one of them has no words.
            NotFoundError: as of :meth:`concordance`.
        """
        wanted = scope or CorpusScope()
        totals = Counter(entry.source for entry in self._select(wanted))
        answers = []
        for query in queries:
            found = self._opened.search_filtered(query, wanted.filters, event=wanted.event or None, limit=1)
            hits = {source: SourceHits(of_articles=total) for source, total in totals.items()}
            for entry, count in found.match_counts:
                own = hits.setdefault(entry.source, SourceHits())
                own.n_hits += count
                own.n_sentences += count
                own.n_articles += 1
            for own in hits.values():  # articles may have come in between
                own.of_articles = max(own.of_articles, own.n_articles)
            answers.append(QueryHits(query, hits, is_complete=found.is_complete))
        return answers

    def _select(self, scope: CorpusScope) -> list[ArticleEntry]:
        check_filters(self._opened.store, scope.filters)
        event = self._opened.event(scope.event) if scope.event else None
        return select_entries(self._opened.store, scope.filters, event)

    def _stream(self, entries: list[ArticleEntry], scope: CorpusScope | None) -> Iterator[CountedArticle]:
        articles = stream_articles(
            self._opened.store,
            entries,
            read_lang=scope.read_lang if scope else "",
            engine_priority=self._opened.settings.engine_priority,
        )
        for done, article in enumerate(articles, 1):
            yield article
            if done % _PROGRESS_ARTICLES == 0:
                self._progress("counting", done, len(entries))

    def _find_beside(self, found: Concordance, beside: str) -> dict[SentenceKey, Beside]:
        from crosslingual.compare.comparison import kept_comparison_finder

        settings = self._opened.settings
        try:
            events = self._opened.events() if found.lines else []
            find_comparison = kept_comparison_finder(
                self._opened.store,
                self._opened.space,
                target_lang=settings.target_lang,
                engines=settings.engine_priority,
            )
        except ModelError:  # no encoder: nothing was compared
            events = []
        return find_beside(
            self._opened.store,
            found.lines,
            events,
            find_comparison if events else lambda _event: None,
            beside=beside,
            target_lang=settings.target_lang,
            engine_priority=settings.engine_priority,
        )


_PROGRESS_ARTICLES = 200
