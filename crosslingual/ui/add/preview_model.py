"""What was read and is not stored yet: articles to look at and mend, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from uuid import uuid4

from crosslingual.address import LibraryAddress
from crosslingual.errors import LibraryError
from crosslingual.ingest.inputs import make_web_reader
from crosslingual.language.detect import detect_language, detect_sentence_languages
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library
from crosslingual.readers import (
    File,
    Item,
    Problem,
    Record,
    TablePreview,
    preview_tables,
    read_files,
)
from crosslingual.serve.jobs import Job
from crosslingual.sources import load_sources, resolve_source
from crosslingual.tmx import MemoryEntry
from crosslingual.types import Article, Sentence, Source
from crosslingual.ui.add.duplicates import TextKeys, find_in_library, find_repeated
from crosslingual.ui.add.inputs import AddInputs, check_fields

MAX_PREVIEW_ARTICLES = 200
"""Articles of files that are read before anything is stored; the rest is read when it is added."""
MAX_PREVIEW_ITEMS = 5 * MAX_PREVIEW_ARTICLES
"""The same of all that files hold: articles, problems and translations."""
_EDITABLE_FIELDS = ("title", "date", "source", "lang")
MAX_TABLES = 5
"""Tables whose columns are shown; of more, all are read as guessed."""
TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet", ".json")
PRIVATE_ADDRESS_HINT = (
    "the app takes pages from public addresses only; for your own server: crosslingual add --private URL"
)


@dataclass(frozen=True, slots=True)
class ArticleEdits:
    """What a person said of one article; None where nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    lang: str | None = None
    included: bool = True


@dataclass(frozen=True, slots=True)
class ArticleDefaults:
    """The source and language of articles of which none is known."""

    source: str = ""
    lang: str = ""

    def fill_missing(self, record: Record) -> Record:
        """``record`` with what it lacks: its language as it reads, or as it was said."""
        lang = record.lang or detect_language(f"{record.title}\n{record.text}") or self.lang
        source = record.source or ("" if record.url else self.source)
        return replace(record, lang=lang, source=source)


@dataclass(frozen=True, slots=True)
class DraftArticle:
    """An article that was read: the ``item_index`` of its ``record`` among the items, and its ``sentences``.

    ``lang`` is what it is in, as stated or as it reads; empty where that is not sure.
    """

    item_index: int
    record: Record
    sentences: tuple[str, ...]
    lang: str

    @property
    def n_sentences(self) -> int:
        """How many it has."""
        return len(self.sentences)


@dataclass(slots=True)
class Draft:
    """What was read of ``inputs``; a thread fills it, and any other may look meanwhile.

    ``has_more`` says that files hold more than was read, ``n_items_read`` how many items of them were.
    ``tables`` are the heads of tables by their place among the files. ``existing_indexes`` are the places of
    articles that the library has; ``duplicate_titles`` those of articles that mostly repeat an earlier one,
    with what that is called, ``stored_duplicate_titles`` the same of the library's articles. ``edits`` are a
    person's on articles by place, ``edit_errors`` those that could not be used.
    """

    inputs: AddInputs
    id: str = field(default_factory=lambda: uuid4().hex)
    items: list[Item] = field(default_factory=list)
    articles: list[DraftArticle] = field(default_factory=list)
    tables: dict[int, TablePreview] = field(default_factory=dict)
    known_sources: dict[str, Source] = field(default_factory=load_sources)
    existing_indexes: frozenset[int] = frozenset()
    duplicate_titles: dict[int, str] = field(default_factory=dict)
    stored_duplicate_titles: dict[int, str] = field(default_factory=dict)
    n_unchanged_pages: int = 0
    n_items_read: int = 0
    has_more: bool = False
    defaults: ArticleDefaults = ArticleDefaults()
    edits: dict[int, ArticleEdits] = field(default_factory=dict)
    edit_errors: dict[int, str] = field(default_factory=dict)
    is_ready: bool = False

    @property
    def problems(self) -> list[Problem]:
        """What could not be read."""
        return [item for item in self.items if isinstance(item, Problem)]

    @property
    def n_translations(self) -> int:
        """How many translations were read."""
        return sum(isinstance(item, MemoryEntry) for item in self.items)

    def edited_record(self, article: DraftArticle) -> Record:
        """The record of ``article`` as it would be added now."""
        word = self.edits.get(article.item_index, ArticleEdits())
        given = {name: getattr(word, name) for name in _EDITABLE_FIELDS}
        said = {name: value for name, value in given.items() if value is not None}
        lang = article.lang or self.defaults.lang
        source = article.record.source or ("" if article.record.url else self.defaults.source)
        return replace(article.record, **({"lang": lang, "source": source} | said))

    def find_source(self, record: Record) -> Source | None:
        """Whose ``edited_record`` is, known or new; None where nothing says so."""
        named = record.source or record.url
        return resolve_source(record.source, record.url, self.known_sources.values()) if named else None

    def missing_fields(self, article: DraftArticle) -> list[str]:
        """What a person must say of ``article`` before it can be added."""
        record = self.edited_record(article)
        return [*([] if self.find_source(record) else ["source"]), *([] if record.lang else ["language"])]

    def apply_edits(self, article: DraftArticle, changes: Mapping[str, object]) -> None:
        """Take a person's word on ``article``; what cannot be used is told in ``edit_errors`` and changes nothing."""
        word = self.edits.get(article.item_index, ArticleEdits())
        word = replace(word, included=bool(changes.get("keep", word.included)))
        reasons = []
        for name in [name for name in _EDITABLE_FIELDS if name in changes]:
            now = self.edited_record(article)
            fields = {one: getattr(now, one) for one in (*_EDITABLE_FIELDS, "text", "url")}
            record, wrong = check_fields(fields | {name: str(changes[name] or "")}, now.path, now.line)
            if record is None:
                reasons.append(wrong)
            else:
                word = replace(word, **{name: getattr(record, name)})
        self.edits[article.item_index] = word
        self.edit_errors.pop(article.item_index, None)
        if reasons:
            self.edit_errors[article.item_index] = "; ".join(reasons)

    def included_items(self) -> list[Item]:
        """All items, articles as they were mended, without those that are left out."""
        rows = {row.item_index: row for row in self.articles}
        return [
            self.edited_record(rows[place]) if place in rows else item
            for place, item in enumerate(self.items)
            if place not in rows or self.edits.get(place, ArticleEdits()).included
        ]

    def iterate_items(
        self, progress: Callable[[int, int, Path | None], None], is_stopped: Callable[[], bool]
    ) -> Iterator[Item]:
        """What is to be added: what was looked at, then the rest of the files as it is read."""
        kept = self.included_items()
        for number, item in enumerate(kept):
            progress(number, len(kept), getattr(item, "path", None))
            yield item
        if self.has_more:
            for item in islice(read_files(self.inputs.files, progress, is_stopped), self.n_items_read, None):
                yield self.defaults.fill_missing(item) if isinstance(item, Record) else item

    def with_files(self, files: tuple[File, ...]) -> Draft:
        """A draft of the same, its files with other columns; what was said for all still holds."""
        return Draft(replace(self.inputs, files=files), defaults=self.defaults)


def record_sentences(record: Record) -> list[tuple[Sentence, str]]:
    """The sentences of a record, each with its language."""
    told = split_sentences(Article("-", record.lang or "en", record.text))
    return list(zip(told, detect_sentence_languages(record.lang, [one.text for one in told]), strict=True))


def read_draft(draft: Draft, library_address: LibraryAddress, job: Job) -> str:
    """Read what is given, until it is all read, enough, or stopped; return what came of it in a line."""
    try:
        _preview_tables(draft, job)
        for item in draft.inputs.pasted:
            _add_item(draft, item)
        if draft.inputs.files:
            _read_files(draft, job)
        if draft.inputs.urls:
            _read_web(draft, library_address, job)
        _match_library(draft, library_address)
        draft.articles.sort(key=lambda row: not draft.missing_fields(row))
    finally:
        draft.is_ready = True
    return f"{len(draft.articles):,} read"


def _preview_tables(draft: Draft, job: Job) -> None:
    """The heads of the first tables; why one cannot be read is told when it is."""
    numbers = [number for number, file in enumerate(draft.inputs.files) if file.suffix in TABLE_SUFFIXES]
    previews = preview_tables((draft.inputs.files[number] for number in numbers), lambda: job.is_stopping)
    draft.tables = {numbers[place]: table for place, table in islice(previews, MAX_TABLES)}


def _read_files(draft: Draft, job: Job) -> None:
    before = len(draft.articles)

    def report(done: int, total: int, path: Path) -> None:
        _report_progress(job, done, total, f"reading {path.name}")

    reading = read_files(draft.inputs.files, report, lambda: job.is_stopping)
    for item in reading:
        if len(draft.articles) - before >= MAX_PREVIEW_ARTICLES or draft.n_items_read >= MAX_PREVIEW_ITEMS:
            draft.has_more = True
            break
        draft.n_items_read += 1
        _add_item(draft, item)
    draft.has_more = draft.has_more or job.is_stopping


def _read_web(draft: Draft, library_address: LibraryAddress, job: Job) -> None:
    def report(done: int, total: int, path: Path) -> None:
        _report_progress(job, done, total, f"fetching {path}")

    with Library(library_address) as store:
        web = make_web_reader(store)
        for item in web.read(draft.inputs.urls, report, lambda: job.is_stopping):
            _add_item(draft, item)
        draft.n_unchanged_pages = web.unchanged


def _report_progress(job: Job, done: int, total: int, step: str) -> None:
    if not job.is_stopping:
        job.report_progress(done, total, step)


def _add_item(draft: Draft, item: Item) -> None:
    if isinstance(item, Problem) and item.message.endswith("add --private"):
        reason = item.message.rpartition("; ")[0]
        item = replace(item, message=f"{reason}; {PRIVATE_ADDRESS_HINT}")
    if isinstance(item, Record) and draft.inputs.default_source:
        stated = "" if item.is_source_inferred else item.source
        item = replace(item, source=stated or draft.inputs.default_source, is_source_inferred=False)
    draft.items.append(item)
    if isinstance(item, Record):
        record = ArticleDefaults().fill_missing(item)
        told = split_sentences(Article("-", record.lang or "en", record.text))
        texts = tuple(one.text for one in told)
        draft.articles.append(DraftArticle(len(draft.items) - 1, item, texts, record.lang))


def _text_keys(row: DraftArticle) -> TextKeys:
    record = row.record
    article = Article("-", row.lang or record.lang or "en", record.text, record.title, record.date)
    return TextKeys.from_sentences(row.item_index, article, row.sentences)


def _match_library(draft: Draft, library_address: LibraryAddress) -> None:
    """Whose articles are meant, which are held, and which repeat others, of the library where there is one."""
    texts = [_text_keys(row) for row in draft.articles]
    draft.duplicate_titles = find_repeated(texts)
    try:
        with Library(library_address, create=False) as store:
            draft.known_sources = store.known_sources()
            places: dict[str, int] = {}
            articles = []
            for row in draft.articles:
                record = draft.edited_record(row)
                if record.lang and (source := draft.find_source(record)):
                    articles.append(Article(source.id, record.lang, record.text, record.title))
                    places[articles[-1].id] = row.item_index
            draft.existing_indexes = frozenset(places[id_] for id_ in store.find_existing(articles))
            new = [text for text in texts if text.place not in draft.existing_indexes]
            draft.stored_duplicate_titles = find_in_library(new, store)
    except LibraryError:
        return  # there is none yet, or what is wrong with it is told when it is written to
