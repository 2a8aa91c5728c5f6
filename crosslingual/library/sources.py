"""What a library holds of outlets: the user's word on them, their merging and removal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.codings import rename_in_codings
from crosslingual.library.database import Repository, replace_surrogates, words_for_damage
from crosslingual.library.history import OperationDraft, delete_recorded, finish_operation, record_change
from crosslingual.library.session import Session
from crosslingual.library.versions import delete_versions, move_versions
from crosslingual.sources import check_source, load_sources, merge_source_records
from crosslingual.types import Article, Operation, Source


class SourceRepository(Repository):
    """A record that the user edited goes before the shipped list; every change can be undone."""

    def stored_sources(self) -> list[Source]:
        """The outlets that the library holds, by id."""
        with self._db.read_transaction() as db:
            rows = db.execute("SELECT record FROM sources ORDER BY id")
            return [_parse_record(record) for (record,) in rows]

    def sources_with_articles(self) -> list[Source]:
        """Those of them that have articles here, by id."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT record FROM sources WHERE id IN (SELECT source_id FROM articles) ORDER BY id"
            )
            return [_parse_record(record) for (record,) in rows]

    def known_sources(self) -> dict[str, Source]:
        """All outlets that a name may mean, by id: the user's own, the shipped, then those of articles.

        A shipped one that was merged into another is left out: its names are the other's.
        """
        with self._db.read_transaction() as db:
            return self._load_known(db)

    def put_sources(self, sources: Iterable[Source], operation: OperationDraft | None = None) -> None:
        """Store outlets; what was known under the same id is replaced, unless it is the user's word.

        Those that are new belong to ``operation``. One that was merged into another is no more.
        """
        given = list(sources)
        with self._db.read_transaction() as db:  # mostly all are known, and nobody need wait
            known = dict(db.execute("SELECT id, record FROM sources").fetchall())
        if all(known.get(source.id) == _format_record(source) for source in given):
            return
        with self._db.write_transaction() as db:
            merged = find_merged_sources(db)
            for source in given:
                if source.id in merged:
                    continue
                if operation and not _find_row(db, source.id):
                    _write_record(db, operation, source, is_edited=False)
                db.execute(
                    """INSERT INTO sources (id, record) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET record = excluded.record
                    WHERE sources.record <> excluded.record AND sources.is_edited = 0""",
                    (source.id, _format_record(source)),
                )

    def edit_source(self, source: Source) -> Operation:
        """Store the user's word on an outlet, known or new.

        Returns:
            What undoes it.

        Raises:
            InputError: a field is not as docs/sources.md says, or a name or domain is another outlet's.
        """
        with self._db.write_transaction() as db:
            known = self._load_known(db)
            check_source(source, known.values())
            verb = "edited" if source.id in known else "added"
            operation = OperationDraft("edit", f"source {source.id} {verb}")
            _write_record(db, operation, source, is_edited=True)
            return finish_operation(db, operation)

    def merge_sources(self, source_id: str, target_id: str) -> Operation:
        """Give all articles of outlet ``source_id`` to ``target_id``, and its names, domains and feeds with them.

        The articles get the ids that they have as the other's; corrections follow. Of a text that both
        have, one article is left.

        Returns:
            What undoes it; its articles are those that changed hands.

        Raises:
            InputError: both are the same.
            NotFoundError: there is no such outlet.
        """
        if source_id == target_id:
            raise InputError(
                f"source {source_id!r}: give two sources, the one that goes and the one that stays"
            )
        with self._db.write_transaction() as db:
            known = self._load_known(db)
            old, new = (self._require_source(known, id_) for id_ in (source_id, target_id))
            operation = OperationDraft("merge", f"source {source_id} merged into {target_id}")
            _write_record(db, operation, merge_source_records(old, new), is_edited=True)
            rows = db.execute(
                "SELECT number, id, lang, text FROM articles WHERE source_id = ? ORDER BY number",
                (source_id,),
            ).fetchall()
            for number, id_, lang, text in rows:
                _reassign_article(
                    db,
                    operation,
                    {"number": number, "id": id_, "source_id": source_id},
                    Article(target_id, lang, text),
                )
            delete_recorded(db, operation, "sources", {"id": source_id})
            return finish_operation(db, operation)

    def remove_source(self, source_id: str) -> Operation:
        """Take an outlet out with all its articles.

        Returns:
            What undoes it.

        Raises:
            NotFoundError: the library does not hold it.
        """
        with self._db.write_transaction() as db:
            if not _find_row(db, source_id):
                raise NotFoundError(self._unknown_message(source_id))
            operation = OperationDraft("remove", f"source {source_id} removed")
            numbers = db.execute(
                "SELECT number FROM articles WHERE source_id = ? ORDER BY number", (source_id,)
            ).fetchall()
            for (number,) in numbers:
                delete_versions(db, operation, number)
                delete_recorded(db, operation, "articles", {"number": number})
            delete_recorded(db, operation, "sources", {"id": source_id})
            return finish_operation(db, operation)

    def article_counts(self) -> dict[str, int]:
        """How many articles there are of each source that has some."""
        with self._db.read_transaction() as db:
            return dict(db.execute("SELECT source_id, count(*) FROM articles GROUP BY source_id").fetchall())

    def _load_known(self, db: Session) -> dict[str, Source]:
        own: dict[str, Source] = {}
        met: dict[str, Source] = {}
        with words_for_damage(self.name):
            for id_, record, is_edited in db.execute("SELECT id, record, is_edited FROM sources ORDER BY id"):
                (own if is_edited else met)[id_] = _parse_record(record)
        gone = {name for source in own.values() for name in source.aliases}
        shipped = {id_: source for id_, source in load_sources().items() if id_ not in gone}
        return own | {id_: source for id_, source in (shipped | met | shipped).items() if id_ not in own}

    def _require_source(self, known: dict[str, Source], source_id: str) -> Source:
        if source_id not in known:
            raise NotFoundError(self._unknown_message(source_id))
        return known[source_id]

    def _unknown_message(self, source_id: str) -> str:
        return f"{self.name}: no source {source_id[:80]!r} here; list them with: crosslingual sources list"


def find_merged_sources(db: Session) -> dict[str, str]:
    """The outlets that were merged into others, with these; their names are the others' now."""
    rows = db.execute("SELECT id, record FROM sources WHERE is_edited = 1 ORDER BY id").fetchall()
    present = {id_ for (id_,) in db.execute("SELECT id FROM sources")}
    return {
        name: id_ for id_, record in rows for name in _parse_record(record).aliases if name not in present
    }


def _write_record(db: Session, operation: OperationDraft, source: Source, *, is_edited: bool) -> None:
    """Store a record as what ``operation`` made of the one before."""
    before = _find_row(db, source.id)
    after = {"id": source.id, "record": _format_record(source), "is_edited": int(is_edited)}
    if before != after:
        db.execute(
            """INSERT INTO sources (id, record, is_edited) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET record = excluded.record, is_edited = excluded.is_edited""",
            (*after.values(),),
        )
        record_change(db, operation, "sources", before, after)


def _find_row(db: Session, source_id: str) -> dict[str, Any] | None:
    row = db.execute(
        "SELECT id, record, is_edited FROM sources WHERE id = ?", (replace_surrogates(source_id),)
    ).fetchone()
    return row and dict(zip(("id", "record", "is_edited"), row, strict=True))


def _reassign_article(
    db: Session, operation: OperationDraft, before: dict[str, Any], article: Article
) -> None:
    """Make of the article that was ``before`` what it is as its new source's, ``article``."""
    number, old_id, _ = before.values()
    same = db.execute("SELECT number FROM articles WHERE id = ?", (article.id,)).fetchone()
    if same:
        move_versions(db, operation, number, same[0])
        delete_recorded(db, operation, "articles", {"number": number})
    else:
        after = {"number": number, "id": article.id, "source_id": article.source}
        db.execute(
            "UPDATE articles SET id = ?, source_id = ? WHERE number = ?", (article.id, article.source, number)
        )
        record_change(db, operation, "articles", before, after)
    _rename_in_corrections(db, operation, old_id, article.id)
    rename_in_codings(db, operation, old_id, article.id)


def _rename_in_corrections(db: Session, operation: OperationDraft, old_id: str, new_id: str) -> None:
    rows = db.execute(
        "SELECT correction_number, side, start FROM corrected_sentences WHERE article_id = ?", (old_id,)
    ).fetchall()
    for number, side, start in rows:
        before = {"correction_number": number, "side": side, "article_id": old_id, "start": start}
        after = before | {"article_id": new_id}
        changed = db.execute(
            """UPDATE corrected_sentences SET article_id = ?
            WHERE correction_number = ? AND side = ? AND article_id = ? AND start = ?
            AND NOT EXISTS (SELECT 1 FROM corrected_sentences
            WHERE correction_number = ? AND side = ? AND article_id = ? AND start = ?)""",
            (new_id, *before.values(), *after.values()),
        )
        if changed.rowcount:
            record_change(db, operation, "corrected_sentences", before, after)
        else:  # the correction names the other's sentence as well
            delete_recorded(db, operation, "corrected_sentences", before)


def _format_record(source: Source) -> str:
    return json.dumps(asdict(source), ensure_ascii=False)


def _parse_record(record: str) -> Source:
    given = json.loads(record)
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Source(**(given | lists))
