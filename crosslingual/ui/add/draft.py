"""What was read and is not stored yet: articles to look at and mend, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from uuid import uuid4

from crosslingual.errors import LibraryError
from crosslingual.ingest import File, Item, Problem, Record, Table, look, objects, read
from crosslingual.ingest.columns import SAMPLE
from crosslingual.language.detect import detect, detect_sentences
from crosslingual.language.sentences import sentences
from crosslingual.library import Library
from crosslingual.sources import load_sources, resolve
from crosslingual.translate.memory import MemoryEntry
from crosslingual.types import Article, Sentence, Source
from crosslingual.ui.add.given import Given, checked
from crosslingual.ui.jobs import Job
from crosslingual.web.fetch import Fetcher
from crosslingual.web.pages import Web
from crosslingual.web.visits import Visits

FIRST = 200
"""Articles of files that are read before anything is stored; the rest is read when it is added."""
ITEMS = 5 * FIRST
"""The same of all that files hold: articles, problems and translations."""
COPIED = 0.6
"""Share of an article's sentences from which it is a copy of the one that has them."""
_LEAST = 20  # characters of a sentence that tells a copy
_FIELDS = ("title", "date", "source", "lang")
TABLES = (".csv", ".tsv", ".xlsx", ".parquet", ".json")
PRIVATE = (
    "the app takes pages from public addresses only; for your own server: crosslingual add --private URL"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said of one article; None where nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    lang: str | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The source and language of articles of which none is known."""

    source: str = ""
    lang: str = ""

    def filled(self, record: Record) -> Record:
        """``record`` with what it lacks: its language as it reads, or as it was said."""
        lang = record.lang or detect(f"{record.title}\n{record.text}") or self.lang
        source = record.source or ("" if record.url else self.source)
        return replace(record, lang=lang, source=source)


@dataclass(frozen=True, slots=True)
class Row:
    """An article that was read: the ``place`` of its ``record`` among the items.

    ``lang`` is what it is in, as stated or as it reads; empty where that is not sure.
    """

    place: int
    record: Record
    sentences: int
    lang: str


@dataclass(slots=True)
class Draft:
    """What was read of ``given``; a thread fills it, and any other may look meanwhile.

    ``rest`` says that files hold more than was read, ``taken`` how many items of them were. ``tables`` are
    the heads of tables by their place among the files. ``held`` are the places of articles that the library
    has; ``copies`` those of articles that mostly repeat an earlier one, with what that is called.
    ``words`` are a person's on articles by place, ``wrong`` those that could not be used.
    """

    given: Given
    id: str = field(default_factory=lambda: uuid4().hex)
    items: list[Item] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    tables: dict[int, Table] = field(default_factory=dict)
    known: dict[str, Source] = field(default_factory=load_sources)
    held: frozenset[int] = frozenset()
    copies: dict[int, str] = field(default_factory=dict)
    unchanged: int = 0
    taken: int = 0
    rest: bool = False
    otherwise: Otherwise = Otherwise()
    words: dict[int, Word] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)
    ready: bool = False

    @property
    def problems(self) -> list[Problem]:
        """What could not be read."""
        return [item for item in self.items if isinstance(item, Problem)]

    @property
    def translations(self) -> int:
        """How many translations were read."""
        return sum(isinstance(item, MemoryEntry) for item in self.items)

    def record(self, row: Row) -> Record:
        """The record of ``row`` as it would be added now."""
        word = self.words.get(row.place, Word())
        given = {name: getattr(word, name) for name in _FIELDS}
        said = {name: value for name, value in given.items() if value is not None}
        lang = row.lang or self.otherwise.lang
        source = row.record.source or ("" if row.record.url else self.otherwise.source)
        return replace(row.record, **({"lang": lang, "source": source} | said))

    def source(self, record: Record) -> Source | None:
        """Whose ``record`` is, known or new; None where nothing says so."""
        named = record.source or record.url
        return resolve(record.source, record.url, self.known.values()) if named else None

    def asks(self, row: Row) -> list[str]:
        """What a person must say of ``row`` before it can be added."""
        record = self.record(row)
        return [*([] if self.source(record) else ["source"]), *([] if record.lang else ["language"])]

    def say(self, row: Row, changes: Mapping[str, object]) -> None:
        """Take a person's word on ``row``; what cannot be used is told in ``wrong`` and changes nothing."""
        word = self.words.get(row.place, Word())
        word = replace(word, keep=bool(changes.get("keep", word.keep)))
        reasons = []
        for name in [name for name in _FIELDS if name in changes]:
            now = self.record(row)
            fields = {one: getattr(now, one) for one in (*_FIELDS, "text", "url")}
            record, wrong = checked(fields | {name: str(changes[name] or "")}, now.path, now.line)
            if record is None:
                reasons.append(wrong)
            else:
                word = replace(word, **{name: getattr(record, name)})
        self.words[row.place] = word
        self.wrong.pop(row.place, None)
        if reasons:
            self.wrong[row.place] = "; ".join(reasons)

    def kept(self) -> list[Item]:
        """All items, articles as they were mended, without those that are left out."""
        rows = {row.place: row for row in self.rows}
        return [
            self.record(rows[place]) if place in rows else item
            for place, item in enumerate(self.items)
            if place not in rows or self.words.get(place, Word()).keep
        ]

    def reading(
        self, at: Callable[[int, int, Path | None], None], stop: Callable[[], bool]
    ) -> Iterator[Item]:
        """What is to be added: what was looked at, then the rest of the files as it is read."""
        kept = self.kept()
        for number, item in enumerate(kept):
            at(number, len(kept), getattr(item, "path", None))
            yield item
        if self.rest:
            for item in islice(read(self.given.files, at, stop), self.taken, None):
                yield self.otherwise.filled(item) if isinstance(item, Record) else item

    def again(self, files: tuple[File, ...]) -> Draft:
        """A draft of the same, its files with other columns; what was said for all still holds."""
        return Draft(replace(self.given, files=files), otherwise=self.otherwise)


def sentences_of(record: Record) -> list[tuple[Sentence, str]]:
    """The sentences of a record, each with its language."""
    told = sentences(Article("-", record.lang or "en", record.text))
    return list(zip(told, detect_sentences(record.lang, [one.text for one in told]), strict=True))


def read_draft(draft: Draft, library: Path, job: Job) -> str:
    """Read what is given, until it is all read, enough, or stopped; return what came of it in a line."""
    try:
        _look(draft)
        for item in draft.given.pasted:
            _take(draft, item)
        if draft.given.files:
            _read_files(draft, job)
        if draft.given.urls:
            _read_web(draft, library, job)
        _compare_with(draft, library)
        draft.copies = _copies(draft.rows)
        draft.rows.sort(key=lambda row: not draft.asks(row))
    finally:
        draft.ready = True
    return f"{len(draft.rows):,} read"


def _look(draft: Draft) -> None:
    for number, file in enumerate(draft.given.files):
        if file.suffix in TABLES:
            with suppress(Exception):  # why it cannot be read is told when it is
                draft.tables[number] = _objects(file) if file.suffix == ".json" else look(file)


def _objects(file: File) -> Table:
    found = [objects.flat(item) for item in objects.listed(objects.parsed(file))[:SAMPLE]]
    header = tuple(dict.fromkeys(key for item in found for key in item))
    rows = tuple(tuple(item.get(key, "") for key in header) for item in found)
    return Table(header, rows, objects.mapping_of(found, file.columns))


def _read_files(draft: Draft, job: Job) -> None:
    before = len(draft.rows)

    def at(done: int, total: int, path: Path) -> None:
        _show(job, done, total, f"reading {path.name}")

    reading = read(draft.given.files, at, lambda: job.stopping)
    for item in reading:
        if len(draft.rows) - before >= FIRST or draft.taken >= ITEMS:
            draft.rest = True
            break
        draft.taken += 1
        _take(draft, item)
    draft.rest = draft.rest or job.stopping


def _read_web(draft: Draft, library: Path, job: Job) -> None:
    def at(done: int, total: int, path: Path) -> None:
        _show(job, done, total, f"fetching {path}")

    with Library(library) as store:
        web = Web(Fetcher(), Visits(store.path / "web.json"), store.linked)
        for item in web.read(draft.given.urls, at, lambda: job.stopping):
            _take(draft, item)
        draft.unchanged = web.unchanged


def _show(job: Job, done: int, total: int, step: str) -> None:
    if not job.stopping:
        job.report(done, total, step)


def _take(draft: Draft, item: Item) -> None:
    if isinstance(item, Problem) and item.message.endswith("add --private"):
        reason = item.message.rpartition("; ")[0]
        item = replace(item, message=f"{reason}; {PRIVATE}")
    if isinstance(item, Record) and draft.given.source:
        item = replace(item, source=item.source or draft.given.source)
    draft.items.append(item)
    if isinstance(item, Record):
        record = Otherwise().filled(item)
        told = sentences(Article("-", record.lang or "en", record.text))
        draft.rows.append(Row(len(draft.items) - 1, item, len(told), record.lang))


def _copies(rows: Sequence[Row]) -> dict[int, str]:
    """Articles that are copies of an earlier one, in the same words, by their place."""
    firsts: list[tuple[frozenset[str], Row]] = []
    found: dict[int, str] = {}
    for row in rows:
        told = sentences(Article("-", row.record.lang or "en", row.record.text))
        own = frozenset(
            plain for one in told if len(plain := " ".join(one.text.casefold().split())) >= _LEAST
        )
        first = next(
            (other for theirs, other in firsts if own and len(own & theirs) >= COPIED * len(own)), None
        )
        if first:
            found[row.place] = " ".join((first.record.title or first.record.text)[:60].split())
        else:
            firsts.append((own, row))
    return found


def _compare_with(draft: Draft, library: Path) -> None:
    """Whose articles are meant and which are held, by the library where there is one."""
    try:
        with Library(library, create=False) as store:
            draft.known = store.known_sources()
            places: dict[str, int] = {}
            articles = []
            for row in draft.rows:
                record = draft.record(row)
                if record.lang and (source := draft.source(record)):
                    articles.append(Article(source.id, record.lang, record.text, record.title))
                    places[articles[-1].id] = row.place
            draft.held = frozenset(places[id_] for id_ in store.held(articles))
    except LibraryError:
        return  # there is none yet, or what is wrong with it is told when it is written to
