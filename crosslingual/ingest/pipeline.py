"""Files → library: reads, leaves out what is known, segments, encodes, and stores what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from crosslingual.embeddings.article_encoder import SENTENCES_PER_CHUNK, ArticleEncoder
from crosslingual.errors import InputError, VectorsMissingError
from crosslingual.ingest.originals import OriginalKeeper
from crosslingual.ingest.summary import AddSummary, Progress
from crosslingual.language.codes import language_code
from crosslingual.language.detect import detect_language, detect_sentence_languages
from crosslingual.language.sentences import split_sentences
from crosslingual.library import MEMORY_ENGINE, Library, OperationDraft, content_key, encodable_texts
from crosslingual.readers import File, Item, SkippedFile, read_files
from crosslingual.readers.record import Problem, Record
from crosslingual.sources import resolve_source
from crosslingual.tmx import MemoryEntry
from crosslingual.types import Article, Sentence, Translation

_ARTICLES_PER_LOOKUP = 100  # articles looked up at once
_MAX_NAMED_INPUTS = 3  # files that a batch is named by


ReadProgress = Callable[[int, int, Path | None], None]
"""Is told how much of how much is read, and of what."""
ItemReader = Callable[[ReadProgress, Callable[[], bool]], Iterator[Item]]
"""Gives items, and tells how far it is; once the second is true it ends."""


class AddOptions(TypedDict, total=False):
    """How articles are added.

    ``source`` is the outlet of records that name none: id, name or domain. ``lang`` is the ISO 639-1 code of
    records that name none; without it their language is detected. ``progress`` is told while reading and
    encoding. ``cancelled`` is asked between items and while encoding; once it is true, what is stored
    stays, and the rest is left. ``max_original_bytes`` is how large a file or page may be to be kept as it came, beside
    its articles; without it none is.
    """

    source: str | None
    lang: str | None
    progress: Callable[[Progress], None] | None
    cancelled: Callable[[], bool]
    max_original_bytes: int


def add_files(
    inputs: Iterable[Path | File],
    library: Library,
    load_encoder: Callable[[], ArticleEncoder],
    **options: Unpack[AddOptions],
) -> AddSummary:
    """Add the articles and translations in files, folders and archives to the library.

    What the library knows is left as it is. New articles are stored in chunks, each in one transaction
    with its sentences and vectors: after a crash the same call completes the work.

    Args:
        inputs: files and folders, see :data:`crosslingual.readers.KNOWN_SUFFIXES`.
        library: where they go.
        load_encoder: gives what encodes; called only when there is something to encode.
        options: see :class:`AddOptions`.

    Raises:
        InputError: ``lang`` is no language code.
        LibraryError: the library cannot be written.
        ModelError: the encoder cannot be loaded.
    """
    paths_and_files = [*inputs]
    return add_items(
        lambda progress, is_stopped: read_files(paths_and_files, progress, is_stopped),
        [one.path if isinstance(one, File) else one for one in paths_and_files],
        library,
        load_encoder,
        **options,
    )


def add_items(
    read_items: ItemReader,
    input_names: Sequence[Path],
    library: Library,
    load_encoder: Callable[[], ArticleEncoder],
    **options: Unpack[AddOptions],
) -> AddSummary:
    """Add what ``read_items`` gives, as it comes, in a batch told by ``input_names``; else this is ``add_files``."""
    adding = _AddRun(library, load_encoder, options, _describe_inputs(input_names))
    return adding.run(read_items(adding.update_read_progress, adding.cancelled))


def _describe_inputs(paths: Sequence[Path]) -> str:
    names = ", ".join(path.name or str(path) for path in paths[:_MAX_NAMED_INPUTS])
    more = f" and {len(paths) - _MAX_NAMED_INPUTS:,} more" if len(paths) > _MAX_NAMED_INPUTS else ""
    return f"{names}{more}"


class _AddRun:
    """One run: what was read waits to be looked up, what is new gathers until it makes a chunk."""

    def __init__(
        self,
        library: Library,
        load_encoder: Callable[[], ArticleEncoder],
        options: AddOptions,
        description: str,
    ) -> None:
        source, lang = options.get("source"), options.get("lang")
        if lang and not language_code(lang):
            raise InputError(f"language {lang!r}: give an ISO 639-1 code such as zh, ru, en")
        self.cancelled = options.get("cancelled", lambda: False)
        self._path: Path | None = None
        self._library = library
        self._originals = OriginalKeeper(library, options.get("max_original_bytes", 0))
        self._operation = OperationDraft("add", description)
        self._load_encoder = load_encoder
        self._encoder: ArticleEncoder | None = None
        self._source, self._lang = source or "", language_code(lang or "")
        self._progress = options.get("progress")
        self._sources = library.known_sources()
        self._pending: dict[str, Article] = {}
        self._ids_by_content: dict[tuple[str, str], str] = {}
        self._chunk: dict[str, tuple[Article, tuple[Sentence, ...]]] = {}
        self._n_chunk_sentences = 0  # in the chunk
        self._memory_entries: list[MemoryEntry] = []
        self._bytes_read = self._bytes_done = self._total_bytes = 0  # bytes
        self._n_added = self._n_known = self._n_translations = self._n_skipped = 0
        self._problems: list[Problem] = []
        self._input_ids: dict[str, None] = {}
        self._new_ids: list[str] = []
        self._new_sources: dict[str, None] = {}  # ids of the sources of what is new

    def update_read_progress(self, bytes_read: int, total_bytes: int, path: Path | None) -> None:
        new = path != self._path
        self._bytes_read, self._total_bytes, self._path = bytes_read, total_bytes, path
        if new:
            self._report_progress(self._bytes_done)

    def run(self, items: Iterable[Item]) -> AddSummary:
        try:
            for item in items:
                self._raise_if_cancelled()
                self._take_item(item)
            self._raise_if_cancelled()
            self._store_remaining()
        except _CancelledError:
            self._originals.keep_all()
            return self._make_summary(cancelled=True)
        self._originals.keep_all()
        return self._make_summary(cancelled=False)

    def _raise_if_cancelled(self) -> None:
        if self.cancelled():
            raise _CancelledError

    def _take_item(self, item: Item) -> None:
        match item:
            case Record():
                self._take_article(item)
            case MemoryEntry():
                self._memory_entries.append(item)
                if len(self._memory_entries) >= SENTENCES_PER_CHUNK:
                    self._store_memory_entries()
            case Problem():
                self._problems.append(item)
            case SkippedFile():
                self._n_skipped += 1

    def _store_remaining(self) -> None:
        self._bytes_read = self._total_bytes
        self._look_up_pending()
        self._store_chunk()
        self._store_memory_entries()

    def _make_summary(self, *, cancelled: bool) -> AddSummary:
        # Others may have merged or removed some meanwhile.
        stored = self._library.existing_ids({**self._input_ids, **dict.fromkeys(self._new_ids)})
        return AddSummary(
            self._n_added,
            self._n_known,
            self._n_translations,
            self._n_skipped,
            (*self._problems, *self._originals.problems),
            tuple(id_ for id_ in self._input_ids if id_ in stored),
            tuple(id_ for id_ in self._new_ids if id_ in stored),
            self._operation.id if self._n_added or self._n_translations else "",
            tuple(id_ for id_ in self._new_sources if not self._sources[id_].is_complete),
            cancelled,
            tuple(self._library.changed_articles(self._new_ids)) if self._new_ids else (),
        )

    def _take_article(self, record: Record) -> None:
        stated = "" if record.is_source_inferred else record.source
        name = stated or self._source or record.source
        lang = record.lang or self._lang or detect_language(f"{record.title}\n{record.text}")
        if not (name or record.url):
            self._problems.append(
                Problem(
                    record.path,
                    record.line,
                    'no "source"; name the outlet with --source, or as "source" in the file',
                )
            )
        elif not lang:
            self._problems.append(Problem(record.path, record.line, "language not sure; give it with --lang"))
        else:
            source = resolve_source(name, record.url, self._sources.values())
            self._sources[source.id] = source
            article = Article(
                source.id, lang, record.text, record.title, record.date, record.url, record.author
            )
            # The same text again, in whatever formatting, is the article that came first.
            first = self._ids_by_content.setdefault(
                (article.source, content_key(article.text, article.title)), article.id
            )
            self._originals.note_article(record.origin, first)
            if first != article.id or article.id in self._pending or article.id in self._chunk:
                self._n_known += 1
                return
            self._pending[article.id] = article
            if len(self._pending) >= _ARTICLES_PER_LOOKUP:
                self._look_up_pending()

    def _look_up_pending(self) -> None:
        known = self._library.find_existing(list(self._pending.values()))
        self._n_known += len(known)
        for id_, known_id in known.items():
            self._originals.rename_article(id_, known_id)
        for id_, article in self._pending.items():
            self._input_ids[known.get(id_, id_)] = None
            if id_ not in known:
                self._chunk[id_] = article, _segment_article(article)
                self._n_chunk_sentences += len(self._chunk[id_][1])
                if self._n_chunk_sentences >= SENTENCES_PER_CHUNK:
                    self._store_chunk()
        self._pending.clear()
        self._originals.keep_finished(self._chunk)
        if not self._chunk:
            self._bytes_done = self._bytes_read
            self._report_progress(self._bytes_done)

    def _store_chunk(self) -> None:
        if not self._chunk:
            return
        self._encoder = encoder = self._encoder or self._load_encoder()
        chunk = list(self._chunk.values())
        model = encoder.encoder.name
        wanted = dict.fromkeys(
            text for article, sentences in chunk for text in encodable_texts(article, sentences)
        )
        sources = dict.fromkeys(article.source for article, _ in chunk)
        self._new_sources.update(sources)

        def store_texts(texts: Sequence[str]) -> int:
            ahead = self._bytes_read - self._bytes_done
            matrix, tokens = encoder.encode(
                texts, lambda done, total: self._report_progress(self._bytes_done + ahead * done // total)
            )
            self._library.put_sources((self._sources[id_] for id_ in sources), self._operation)
            return self._library.add_articles(chunk, model, texts, matrix, tokens, self._operation)

        try:
            added = store_texts(self._library.texts_without_vectors(model, wanted))
        except VectorsMissingError:  # they were of removed articles, and went with them meanwhile
            added = store_texts(list(wanted))
        self._n_added += added
        self._n_known += len(chunk) - added  # by another process meanwhile
        self._new_ids += self._chunk
        self._chunk.clear()
        self._n_chunk_sentences = 0
        self._bytes_done = self._bytes_read
        self._report_progress(self._bytes_done)

    def _store_memory_entries(self) -> None:
        self._library.memory.put_translations(
            (
                (entry.src, entry.src_lang, Translation(entry.tgt, entry.tgt_lang, MEMORY_ENGINE))
                for entry in self._memory_entries
            ),
            self._operation,
        )
        self._n_translations += len(self._memory_entries)
        self._memory_entries.clear()

    def _report_progress(self, bytes_done: int) -> None:
        self._raise_if_cancelled()
        if self._progress:
            self._progress(Progress(bytes_done, self._total_bytes, self._n_added, self._path))


class _CancelledError(Exception):
    """The user has said that it is enough."""


def _segment_article(article: Article) -> tuple[Sentence, ...]:
    """The article's sentences, a quotation in another language marked with it."""
    sentences = split_sentences(article)
    langs = detect_sentence_languages(article.lang, [sentence.text for sentence in sentences])
    return tuple(
        sentence if lang == article.lang else replace(sentence, lang=lang)
        for sentence, lang in zip(sentences, langs, strict=True)
    )
