"""Files → library: reads, leaves out what is known, segments, encodes, and stores what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict, Unpack

from crosslingual.errors import InputError
from crosslingual.ingest import File, Item, Skipped, read
from crosslingual.ingest.record import Problem, Record
from crosslingual.language.codes import language_code
from crosslingual.language.detect import detect, detect_sentences
from crosslingual.language.sentences import sentences
from crosslingual.library import MEMORY, Batch, Library, content_key, encodable
from crosslingual.reader import CHUNK, Reader
from crosslingual.sources import resolve
from crosslingual.translate.memory import MemoryEntry
from crosslingual.types import Article, Sentence, Translation

_LOOKUP = 100  # articles looked up at once
_NAMED = 3  # files that a batch is named by


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``done`` of ``total`` bytes of input, ``articles`` of them stored as new.

    ``path`` is the file that is being read.
    """

    done: int
    total: int
    articles: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it: articles ``added``, articles ``known`` before or given twice, files ``skipped``.

    ``articles`` are the ids of all that were given, new or known; ``new`` of those that it put in. ``batch``
    is what undoes it, empty if nothing was stored; ``incomplete`` are ids of sources whose country, ownership
    or language is not known.
    ``cancelled`` says that it was ended early: what is counted is stored, and the rest was left.
    """

    added: int
    known: int
    translations: int
    skipped: int
    problems: tuple[Problem, ...]
    articles: tuple[str, ...] = field(default=(), compare=False)
    new: tuple[str, ...] = field(default=(), compare=False)
    batch: str = field(default="", compare=False)
    incomplete: tuple[str, ...] = field(default=(), compare=False)
    cancelled: bool = False

    @property
    def flaws(self) -> tuple[Problem, ...]:
        """The problems of articles that were read all the same."""
        return tuple(problem for problem in self.problems if problem.flaw)

    @property
    def failures(self) -> tuple[Problem, ...]:
        """The other problems: what did not go in."""
        return tuple(problem for problem in self.problems if not problem.flaw)

    @property
    def failed(self) -> bool:
        """Whether something did not go in, and nothing did."""
        return bool(self.failures) and not (self.added or self.known or self.translations)

    def __str__(self) -> str:
        parts = [f"{self.added:,} {'article' if self.added == 1 else 'articles'} added"]
        parts += [f"{self.known:,} known already"] if self.known else []
        parts += [f"{self.translations:,} translations"] if self.translations else []
        parts += [f"{self.skipped:,} files skipped (of no known format)"] if self.skipped else []
        failures, flaws = len(self.failures), len(self.flaws)
        parts += [f"{failures:,} {'problem' if failures == 1 else 'problems'}"] if failures else []
        parts += [f"{flaws:,} {'flaw' if flaws == 1 else 'flaws'}"] if flaws else []
        return ", ".join(parts)


At = Callable[[int, int, Path | None], None]
"""Is told how much of how much is read, and of what."""
Reading = Callable[[At, Callable[[], bool]], Iterator[Item]]
"""Gives items, and tells how far it is; once the second is true it ends."""


class Options(TypedDict, total=False):
    """How articles are added.

    ``source`` is the outlet of records that name none: id, name or domain. ``lang`` is the ISO 639-1 code of
    records that name none; without it their language is detected. ``progress`` is told while reading and
    encoding. ``cancelled`` is asked between items and while encoding; once it is true, what is stored stays,
    and the rest is left.
    """

    source: str | None
    lang: str | None
    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool]


def add(
    paths: Iterable[Path | File],
    library: Library,
    reader: Callable[[], Reader],
    **options: Unpack[Options],
) -> Summary:
    """Add the articles and translations in files, folders and archives to the library.

    What the library knows is left as it is. New articles are stored in chunks, each in one transaction
    with its sentences and vectors: after a crash the same call completes the work.

    Args:
        paths: files and folders, see :data:`crosslingual.ingest.FORMATS`.
        library: where they go.
        reader: gives what encodes; called only when there is something to encode.
        options: see :class:`Options`.

    Raises:
        InputError: ``lang`` is no language code.
        LibraryError: the library cannot be written.
        ModelError: the encoder cannot be loaded.
    """
    given = [*paths]
    return add_from(
        lambda at, stop: read(given, at, stop),
        [path.path if isinstance(path, File) else path for path in given],
        library,
        reader,
        **options,
    )


def add_from(
    reading: Reading,
    names: Sequence[Path],
    library: Library,
    reader: Callable[[], Reader],
    **options: Unpack[Options],
) -> Summary:
    """Add what ``reading`` gives, as it comes, in a batch that is told by ``names``; else this is ``add``."""
    adding = _Adding(library, reader, options, _told(names))
    return adding.run(reading(adding.at, adding.cancelled))


def _told(paths: Sequence[Path]) -> str:
    names = ", ".join(path.name or str(path) for path in paths[:_NAMED])
    more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
    return f"{names}{more}"


class _Adding:
    """One run: what was read waits to be looked up, what is new gathers until it makes a chunk."""

    def __init__(
        self,
        library: Library,
        reader: Callable[[], Reader],
        options: Options,
        told: str,
    ) -> None:
        source, lang = options.get("source"), options.get("lang")
        if lang and not language_code(lang):
            raise InputError(f"language {lang!r}: give an ISO 639-1 code such as zh, ru, en")
        self.cancelled = options.get("cancelled", lambda: False)
        self._path: Path | None = None
        self._library = library
        self._batch = Batch("add", told)
        self._load = reader
        self._reader: Reader | None = None
        self._source, self._lang = source or "", language_code(lang or "")
        self._progress = options.get("progress")
        self._sources = library.known_sources()
        self._waiting: dict[str, Article] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self._chunk: dict[str, tuple[Article, tuple[Sentence, ...]]] = {}
        self._sentences = 0  # in the chunk
        self._memory: list[MemoryEntry] = []
        self._read = self._settled = self._total = 0  # bytes
        self._added = self._known = self._translations = self._skipped = 0
        self._problems: list[Problem] = []
        self._given: dict[str, None] = {}
        self._new: list[str] = []
        self._met: dict[str, None] = {}  # ids of the sources of what is new

    def at(self, read: int, total: int, path: Path | None) -> None:
        new = path != self._path
        self._read, self._total, self._path = read, total, path
        if new:
            self._tell(self._settled)

    def run(self, items: Iterable[Item]) -> Summary:
        try:
            for item in items:
                self._check()
                self._take(item)
            self._check()
            self._finish()
        except _CancelledError:
            return self._summary(cancelled=True)
        return self._summary(cancelled=False)

    def _check(self) -> None:
        if self.cancelled():
            raise _CancelledError

    def _take(self, item: Item) -> None:
        match item:
            case Record():
                self._take_article(item)
            case MemoryEntry():
                self._memory.append(item)
                if len(self._memory) >= CHUNK:
                    self._store_memory()
            case Problem():
                self._problems.append(item)
            case Skipped():
                self._skipped += 1

    def _finish(self) -> None:
        self._read = self._total
        self._look_up()
        self._store()
        self._store_memory()

    def _summary(self, *, cancelled: bool) -> Summary:
        stored = self._library.known(self._given) if cancelled else self._given
        return Summary(
            self._added,
            self._known,
            self._translations,
            self._skipped,
            tuple(self._problems),
            tuple(id_ for id_ in self._given if id_ in stored),
            tuple(self._new),
            self._batch.id if self._added or self._translations else "",
            tuple(id_ for id_ in self._met if not self._sources[id_].complete),
            cancelled,
        )

    def _take_article(self, record: Record) -> None:
        name = record.source or self._source
        lang = record.lang or self._lang or detect(f"{record.title}\n{record.text}")
        if not (name or record.url):
            self._problems.append(
                Problem(record.path, record.line, 'no "source"; add it, or name the outlet with --source')
            )
        elif not lang:
            self._problems.append(Problem(record.path, record.line, "language not sure; give it with --lang"))
        else:
            source = resolve(name, record.url, self._sources.values())
            self._sources[source.id] = source
            article = Article(
                source.id, lang, record.text, record.title, record.date, record.url, record.author
            )
            # The same text again, in whatever formatting, is the article that came first.
            first = self._keys.setdefault(
                (article.source, content_key(article.text, article.title)), article.id
            )
            if first != article.id or article.id in self._waiting or article.id in self._chunk:
                self._known += 1
                return
            self._waiting[article.id] = article
            if len(self._waiting) >= _LOOKUP:
                self._look_up()

    def _look_up(self) -> None:
        known = self._library.held(list(self._waiting.values()))
        self._known += len(known)
        for id_, article in self._waiting.items():
            self._given[known.get(id_, id_)] = None
            if id_ not in known:
                self._chunk[id_] = article, _segmented(article)
                self._sentences += len(self._chunk[id_][1])
                if self._sentences >= CHUNK:
                    self._store()
        self._waiting.clear()
        if not self._chunk:
            self._settled = self._read
            self._tell(self._settled)

    def _store(self) -> None:
        if not self._chunk:
            return
        self._reader = reader = self._reader or self._load()
        chunk = list(self._chunk.values())
        model = reader.encoder.name
        wanted = dict.fromkeys(text for article, told in chunk for text in encodable(article, told))
        texts = self._library.missing(model, wanted)
        ahead = self._read - self._settled
        matrix, packed = reader.read(
            texts, lambda done, total: self._tell(self._settled + ahead * done // total)
        )
        sources = dict.fromkeys(article.source for article, _ in chunk)
        self._met.update(sources)
        self._library.put_sources((self._sources[id_] for id_ in sources), self._batch)
        added = self._library.add(chunk, model, texts, matrix, packed, self._batch)
        self._added += added
        self._known += len(chunk) - added  # by another process meanwhile
        self._new += self._chunk
        self._chunk.clear()
        self._sentences = 0
        self._settled = self._read
        self._tell(self._settled)

    def _store_memory(self) -> None:
        self._library.memory.put(
            (
                (entry.src, entry.src_lang, Translation(entry.tgt, entry.tgt_lang, MEMORY))
                for entry in self._memory
            ),
            self._batch,
        )
        self._translations += len(self._memory)
        self._memory.clear()

    def _tell(self, done: int) -> None:
        self._check()
        if self._progress:
            self._progress(Progress(done, self._total, self._added, self._path))


class _CancelledError(Exception):
    """The user has said that it is enough."""


def _segmented(article: Article) -> tuple[Sentence, ...]:
    """The article's sentences, a quotation in another language marked with it."""
    told = sentences(article)
    langs = detect_sentences(article.lang, [sentence.text for sentence in told])
    return tuple(
        sentence if lang == article.lang else replace(sentence, lang=lang)
        for sentence, lang in zip(told, langs, strict=True)
    )
