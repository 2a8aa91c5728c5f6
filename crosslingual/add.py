"""Files → library: reads, leaves out what is known, segments, encodes, and stores what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from crosslingual.encode import Encoder
from crosslingual.errors import InputError
from crosslingual.ingest import File, Item, Skipped, read
from crosslingual.ingest.language import detect, detect_sentences
from crosslingual.ingest.record import Problem, Record, language_code
from crosslingual.library import MEMORY, Batch, Library, content_key, encodable
from crosslingual.segment import sentences
from crosslingual.sources import resolve
from crosslingual.translate.memory import MemoryEntry
from crosslingual.types import Article, FloatArray, Sentence, Translation


class TokenPacker(Protocol):
    """What makes the token states of an encoder small enough to be kept."""

    @property
    def key(self) -> str:
        """The name under which they are stored."""

    def pack(self, states: FloatArray, weights: FloatArray) -> bytes:
        """States (k, h) and weights (k,) of one sentence's tokens, packed."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads the articles that are added: an encoder, and what packs its tokens."""

    encoder: Encoder
    packer: TokenPacker

    def read(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> tuple[FloatArray, list[bytes]]:
        """Vectors (n, d) and packed tokens of n ``texts``."""
        found = self.encoder.read(texts, progress=progress)
        packed = [self.packer.pack(*one) for one in zip(found.states, found.weights, strict=True)]
        return found.vectors, packed


CHUNK = 1_500
"""Sentences encoded and stored at once: enough to batch by length, few enough to lose."""

_LOOKUP = 100  # articles looked up at once
_NAMED = 3  # files that a batch is named by


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``done`` of ``total`` bytes of input, ``articles`` of them stored as new.

    ``path`` is the file that is being read. Of records that were read before, ``done`` and ``total``
    count those.
    """

    done: int
    total: int
    articles: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it: articles ``added``, articles ``known`` before or given twice, files ``skipped``.

    ``articles`` are the ids of all that were given, new or known. ``batch`` is what undoes it, empty if
    nothing was stored; ``incomplete`` are ids of sources whose country, ownership or language is not known.
    ``cancelled`` says that it was ended early: what is counted is stored, and the rest was left.
    """

    added: int
    known: int
    translations: int
    skipped: int
    problems: tuple[Problem, ...]
    articles: tuple[str, ...] = field(default=(), compare=False)
    batch: str = field(default="", compare=False)
    incomplete: tuple[str, ...] = field(default=(), compare=False)
    cancelled: bool = False

    @property
    def failed(self) -> bool:
        """Whether there were problems and nothing else."""
        return bool(self.problems) and not (self.added or self.known or self.translations)

    def __str__(self) -> str:
        parts = [f"{self.added:,} {'article' if self.added == 1 else 'articles'} added"]
        parts += [f"{self.known:,} known already"] if self.known else []
        parts += [f"{self.translations:,} translations"] if self.translations else []
        parts += [f"{self.skipped:,} files skipped (of no known format)"] if self.skipped else []
        parts += [f"{len(self.problems):,} {'problem' if len(self.problems) == 1 else 'problems'}"]
        return ", ".join(parts if self.problems else parts[:-1])


Reading = Callable[[Callable[[int, int, Path | None], None], Callable[[], bool]], Iterator[Item]]
"""Gives items, and tells how much of how much is read and of what; once the second is true it ends."""


def add(
    paths: Iterable[Path | File],
    library: Library,
    reader: Callable[[], Reader],
    *,
    source: str | None = None,
    lang: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Add the articles and translations in files, folders and archives to the library.

    What the library knows is left as it is. New articles are stored in chunks, each in one transaction
    with its sentences and vectors: after a crash the same call completes the work.

    Args:
        paths: files and folders, see :data:`crosslingual.ingest.FORMATS`.
        library: where they go.
        reader: gives what encodes; called only when there is something to encode.
        source: the outlet of records that name none: id, name or domain.
        lang: ISO 639-1 code of records that name none; without it their language is detected.
        progress: told while reading and encoding.
        cancelled: asked between items and while encoding; once it is true, what is stored stays, and the
            rest is left.

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
        source=source,
        lang=lang,
        progress=progress,
        cancelled=cancelled,
    )


def add_from(
    reading: Reading,
    names: Sequence[Path],
    library: Library,
    reader: Callable[[], Reader],
    *,
    source: str | None = None,
    lang: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Add what ``reading`` gives, as it comes, in a batch that is told by ``names``; else this is ``add``."""
    adding = _Adding(library, reader, source, lang, progress, cancelled, _told(names))
    return adding.run(reading(adding.at, cancelled))


def add_records(
    items: Sequence[Item],
    library: Library,
    reader: Callable[[], Reader],
    *,
    source: str | None = None,
    lang: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Add what ``crosslingual.ingest.read`` gave, mended by a person perhaps; else this is ``add``."""
    paths = dict.fromkeys(item.path for item in items if not isinstance(item, MemoryEntry))
    adding = _Adding(library, reader, source, lang, progress, cancelled, _told([*paths]))

    def counted() -> Iterator[Item]:
        for number, item in enumerate(items):
            adding.at(number, len(items), getattr(item, "path", None))
            yield item

    return adding.run(counted())


def complete(
    library: Library,
    reader: Reader,
    ids: Iterable[str],
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Give articles that another encoder or version added their vectors and tokens of this one.

    Args:
        library: holds the articles.
        reader: makes what is missing.
        ids: the articles'.
        progress: told how many of how many sentences are done.

    Returns:
        How many sentences and titles were read.
    """
    wanted = list(ids)
    missing: dict[str, None] = {}
    for start in range(0, len(wanted), _LOOKUP):
        articles = library.articles(wanted[start : start + _LOOKUP])
        told = library.sentences([article.id for article in articles])
        texts = [text for article in articles for text in encodable(article, told[article.id])]
        missing.update(dict.fromkeys(library.missing(reader.encoder.name, texts)))
        missing.update(dict.fromkeys(library.without_tokens(reader.packer.key, texts)))
    texts = list(missing)
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        vectors, packed = reader.read(chunk, shifted(progress, start, len(texts)))
        library.put_vectors(reader.encoder.name, chunk, vectors)
        library.put_tokens(reader.packer.key, chunk, packed)
    return len(texts)


def shifted(
    progress: Callable[[int, int], None] | None, start: int, total: int
) -> Callable[[int, int], None] | None:
    """``progress`` of a part that begins at ``start``, told as that of the whole."""
    return (lambda done, _: progress(start + done, total)) if progress else None


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
        source: str | None,
        lang: str | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        told: str,
    ) -> None:
        if lang and not language_code(lang):
            raise InputError(f"language {lang!r}: give an ISO 639-1 code such as zh, ru, en")
        self._cancelled = cancelled
        self._path: Path | None = None
        self._library = library
        self._batch = Batch("add", told)
        self._load = reader
        self._reader: Reader | None = None
        self._source, self._lang = source or "", language_code(lang or "")
        self._progress = progress
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
        if self._cancelled():
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
        added = self._library.add(chunk, model, texts, matrix, (reader.packer.key, packed), self._batch)
        self._added += added
        self._known += len(chunk) - added  # by another process meanwhile
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
