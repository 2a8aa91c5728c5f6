"""What a library holds of outlets: the user's word on them, their merging and removal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.database import Room, storable
from crosslingual.library.history import Batch, done, note, take_out
from crosslingual.sources import checked, load_sources, merged
from crosslingual.types import Act, Article, Source


class Sources(Room):
    """A record that the user edited goes before the shipped list; every change can be undone."""

    def sources(self) -> list[Source]:
        """The outlets that the library holds, by id."""
        with self._db.reading() as db:
            rows = db.execute("SELECT record FROM sources ORDER BY id").fetchall()
        return [_source(record) for (record,) in rows]

    def sources_of_articles(self) -> list[Source]:
        """Those of them that have articles here, by id."""
        with self._db.reading() as db:
            rows = db.execute(
                "SELECT record FROM sources WHERE id IN (SELECT source FROM articles) ORDER BY id"
            ).fetchall()
        return [_source(record) for (record,) in rows]

    def known_sources(self) -> dict[str, Source]:
        """All outlets that a name may mean, by id: the user's own, the shipped, then those of articles.

        A shipped one that was merged into another is left out: its names are the other's.
        """
        with self._db.reading() as db:
            return _known(db)

    def put_sources(self, sources: Iterable[Source], act: Batch | None = None) -> None:
        """Store outlets; what was known under the same id is replaced, unless it is the user's word.

        Those that are new belong to ``act``.
        """
        with self._db.writing() as db:
            for source in sources:
                if act and not _row(db, source.id):
                    _write(db, act, source, edited=False)
                db.execute(
                    """INSERT INTO sources (id, record) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET record = excluded.record
                    WHERE record <> excluded.record AND NOT edited""",
                    (source.id, _record(source)),
                )

    def edit_source(self, source: Source) -> Act:
        """Store the user's word on an outlet, known or new.

        Returns:
            What undoes it.

        Raises:
            InputError: a field is not as docs/sources.md says, or a name or domain is another outlet's.
        """
        with self._db.writing() as db:
            known = _known(db)
            checked(source, known.values())
            verb = "edited" if source.id in known else "added"
            act = Batch("edit", f"source {source.id} {verb}")
            _write(db, act, source, edited=True)
            return done(db, act)

    def merge_sources(self, gone: str, into: str) -> Act:
        """Give all articles of outlet ``gone`` to ``into``, and its names, domains and feeds with them.

        The articles get the ids that they have as the other's; corrections follow. Of a text that both
        have, one article is left.

        Returns:
            What undoes it; its articles are those that changed hands.

        Raises:
            InputError: both are the same.
            NotFoundError: there is no such outlet.
        """
        if gone == into:
            raise InputError(f"source {gone!r}: give two sources, the one that goes and the one that stays")
        with self._db.writing() as db:
            known = _known(db)
            old, new = (self._named(known, id_) for id_ in (gone, into))
            act = Batch("merge", f"source {gone} merged into {into}")
            _write(db, act, merged(old, new), edited=True)
            rows = db.execute(
                "SELECT number, id, lang, text FROM articles WHERE source = ? ORDER BY number", (gone,)
            ).fetchall()
            for number, id_, lang, text in rows:
                _hand_over(db, act, {"number": number, "id": id_, "source": gone}, Article(into, lang, text))
            take_out(db, act, "sources", {"id": gone})
            return done(db, act)

    def remove_source(self, id_: str) -> Act:
        """Take an outlet out with all its articles.

        Returns:
            What undoes it.

        Raises:
            NotFoundError: the library does not hold it.
        """
        with self._db.writing() as db:
            if not _row(db, id_):
                raise NotFoundError(self._unknown(id_))
            act = Batch("remove", f"source {id_} removed")
            numbers = db.execute(
                "SELECT number FROM articles WHERE source = ? ORDER BY number", (id_,)
            ).fetchall()
            for (number,) in numbers:
                take_out(db, act, "articles", {"number": number})
            take_out(db, act, "sources", {"id": id_})
            return done(db, act)

    def article_counts(self) -> dict[str, int]:
        """How many articles there are of each source that has some."""
        with self._db.reading() as db:
            return dict(db.execute("SELECT source, count(*) FROM articles GROUP BY source").fetchall())

    def _named(self, known: dict[str, Source], id_: str) -> Source:
        if id_ not in known:
            raise NotFoundError(self._unknown(id_))
        return known[id_]

    def _unknown(self, id_: str) -> str:
        return f"{self.path}: no source {id_[:80]!r} here; list them with: crosslingual sources list"


def _known(db: sqlite3.Connection) -> dict[str, Source]:
    own: dict[str, Source] = {}
    met: dict[str, Source] = {}
    for id_, record, edited in db.execute("SELECT id, record, edited FROM sources ORDER BY id"):
        (own if edited else met)[id_] = _source(record)
    gone = {name for source in own.values() for name in source.aliases}
    shipped = {id_: source for id_, source in load_sources().items() if id_ not in gone}
    return own | {id_: source for id_, source in (shipped | met | shipped).items() if id_ not in own}


def _write(db: sqlite3.Connection, act: Batch, source: Source, *, edited: bool) -> None:
    """Store a record as what ``act`` made of the one before."""
    before = _row(db, source.id)
    after = {"id": source.id, "record": _record(source), "edited": int(edited)}
    if before != after:
        db.execute(
            """INSERT INTO sources (id, record, edited) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET record = excluded.record, edited = excluded.edited""",
            (*after.values(),),
        )
        note(db, act, "sources", before, after)


def _row(db: sqlite3.Connection, id_: str) -> dict[str, Any] | None:
    row = db.execute("SELECT id, record, edited FROM sources WHERE id = ?", (storable(id_),)).fetchone()
    return row and dict(zip(("id", "record", "edited"), row, strict=True))


def _hand_over(db: sqlite3.Connection, act: Batch, before: dict[str, Any], article: Article) -> None:
    """Make of the article that was ``before`` what it is as its new source's, ``article``."""
    number, old, _ = before.values()
    if db.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone():
        take_out(db, act, "articles", {"number": number})
    else:
        after = {"number": number, "id": article.id, "source": article.source}
        db.execute(
            "UPDATE articles SET id = ?, source = ? WHERE number = ?", (article.id, article.source, number)
        )
        note(db, act, "articles", before, after)
    _rename_corrected(db, act, old, article.id)


def _rename_corrected(db: sqlite3.Connection, act: Batch, old: str, new: str) -> None:
    rows = db.execute(
        "SELECT correction, side, article, start FROM corrected WHERE article = ?", (old,)
    ).fetchall()
    for correction, side, _, start in rows:
        before = {"correction": correction, "side": side, "article": old, "start": start}
        after = before | {"article": new}
        changed = db.execute(
            """UPDATE OR IGNORE corrected SET article = ?
            WHERE correction = ? AND side = ? AND article = ? AND start = ?""",
            (new, *before.values()),
        )
        if changed.rowcount:
            note(db, act, "corrected", before, after)
        else:  # the correction names the other's sentence as well
            take_out(db, act, "corrected", before)


def _record(source: Source) -> str:
    return json.dumps(asdict(source), ensure_ascii=False)


def _source(record: str) -> Source:
    given = json.loads(record)
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Source(**(given | lists))
