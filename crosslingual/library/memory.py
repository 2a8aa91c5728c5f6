"""The translation memory of a library: what was made of each text, by whom, and which of it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from crosslingual.errors import NotFoundError
from crosslingual.library.database import content_hash
from crosslingual.library.history import OperationDraft, record_change
from crosslingual.library.session import LibraryDatabase, Session
from crosslingual.types import Translation

MANUAL_ENGINE = "hand"
"""The engine of what a reader corrected here; it goes before everything else."""
MEMORY_ENGINE = "memory"
"""The engine of translations from a translation memory; they go before any machine's."""
HUMAN_ENGINES = (MANUAL_ENGINE, MEMORY_ENGINE)

_CHANGED_COLUMNS = ("number", "text_hash", "src_text", "tgt_text", "issues")
_ENTRIES_PER_PAGE = 1_000  # entries read at once when all are asked for


class TranslationMemory:
    """Keyed by text, both languages, engine and its version; of one engine the newest entry counts."""

    def __init__(self, database: LibraryDatabase) -> None:
        """Of the library in ``database``."""
        self._db = database

    def put_translations(
        self, entries: Iterable[tuple[str, str, Translation]], operation: OperationDraft | None = None
    ) -> None:
        """Store translations, each with the text and the language it was made from, all or nothing.

        An empty one says that the engine could not translate the text; it is shown nowhere. What the same
        version of the same engine made of the same text before is replaced. Undoing ``operation`` takes them
        out.
        """
        with self._db.write_transaction() as db:
            if operation is None:
                _upsert_translations(db, entries)
                return
            for entry in entries:
                before = _find_row(db, entry)
                _upsert_translations(db, [entry])
                after = _find_row(db, entry)
                if before != after:
                    record_change(db, operation, "translations", before, after)

    def find_best(
        self, texts: Iterable[str], src_lang: str, tgt_lang: str, engine_priority: Sequence[str] = ()
    ) -> dict[str, Translation]:
        """The best that is known of ``texts`` in ``tgt_lang``.

        Best is a reader's own, then a translation memory's, then the engines of ``engine_priority`` in their
        order, then any other; the newest of each.
        """
        rank = {
            engine: number for number, engine in enumerate(reversed([*HUMAN_ENGINES, *engine_priority]), 1)
        }
        wanted = {content_hash(text): text for text in texts}
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT text_hash, tgt_text, engine, engine_version, issues FROM translations
                WHERE text_hash IN (?texts) AND src_lang = ? AND tgt_lang = ?
                AND tgt_text <> '' ORDER BY number""",
                (list(wanted), src_lang, tgt_lang),
            ).fetchall()
            # The order is worst first: a better one overwrites it.
            rows.sort(key=lambda row: rank.get(row[2], 0))
            return {
                wanted[key]: Translation(text, tgt_lang, engine, version, tuple(json.loads(issues)))
                for key, text, engine, version, issues in rows
            }

    def find_best_of_all(
        self, texts: Iterable[tuple[str, str]], tgt_lang: str, engine_priority: Sequence[str] = ()
    ) -> dict[tuple[str, str], Translation]:
        """As ``find_best``, of texts with their languages; nothing of those that are in ``tgt_lang``."""
        by_lang: dict[str, dict[str, None]] = defaultdict(dict)
        for text, lang in texts:
            by_lang[lang][text] = None
        return {
            (text, lang): made
            for lang, own in by_lang.items()
            if lang != tgt_lang
            for text, made in self.find_best(own, lang, tgt_lang, engine_priority).items()
        }

    def find_untranslated(
        self, texts: Iterable[str], src_lang: str, tgt_lang: str, engine: str, version: str
    ) -> list[str]:
        """Those of ``texts`` that neither a person nor this version of the engine has done, each once.

        Without an engine, those that nobody and nothing has translated.
        """
        wanted = {content_hash(text): text for text in texts}
        with self._db.read_transaction() as db:
            found = db.execute(
                """SELECT text_hash FROM translations
                WHERE text_hash IN (?texts) AND src_lang = ? AND tgt_lang = ?
                AND (engine IN (?, ?) OR (engine = ? AND engine_version = ?)
                OR (? = '' AND tgt_text <> ''))""",
                (list(wanted), src_lang, tgt_lang, *HUMAN_ENGINES, engine, version, engine),
            )
            done = {key for (key,) in found}
        return [text for key, text in wanted.items() if key not in done]

    def put_manual(self, text: str, src_lang: str, corrected_text: str, tgt_lang: str) -> Translation:
        """A reader's own translation of ``text``, which from now on is the one shown wherever it stands."""
        translation = Translation(corrected_text, tgt_lang, MANUAL_ENGINE, datetime.now(UTC).isoformat())
        self.put_translations([(text, src_lang, translation)])
        return translation

    def undo_manual(self, text: str, src_lang: str, tgt_lang: str) -> None:
        """Take back the reader's newest translation of ``text``; what was shown before is shown again.

        Raises:
            NotFoundError: there is none.
        """
        with self._db.write_transaction() as db:
            deleted = db.execute(
                """DELETE FROM translations WHERE number = (SELECT max(number) FROM translations
                WHERE text_hash = ? AND src_lang = ? AND tgt_lang = ? AND engine = ?)""",
                (content_hash(text), src_lang, tgt_lang, MANUAL_ENGINE),
            )
            if not deleted.rowcount:
                raise NotFoundError("no correction of this translation to undo; it may be undone already")

    def iterate_translations(self, engines: Sequence[str]) -> Iterator[tuple[str, str, Translation]]:
        """What ``engines`` made, oldest first, each with its text and language; the newest of each engine.

        Left out are texts that an earlier version did not keep.
        """
        last_number = 0
        while True:
            with self._db.read_transaction() as db:
                rows = db.execute(
                    """SELECT number, src_text, src_lang, tgt_text, tgt_lang, engine, engine_version, issues
                    FROM translations AS entry
                    WHERE number > ? AND src_text <> '' AND engine IN (?texts)
                    AND NOT EXISTS (SELECT 1 FROM translations AS newer WHERE newer.text_hash = entry.text_hash
                    AND newer.src_lang = entry.src_lang AND newer.tgt_lang = entry.tgt_lang
                    AND newer.engine = entry.engine AND newer.number > entry.number)
                    ORDER BY number LIMIT ?""",
                    (last_number, list(engines), _ENTRIES_PER_PAGE),
                ).fetchall()
                entries = [
                    (
                        src_text,
                        src_lang,
                        Translation(tgt_text, tgt_lang, engine, version, tuple(json.loads(issues))),
                    )
                    for _, src_text, src_lang, tgt_text, tgt_lang, engine, version, issues in rows
                ]
            yield from entries
            last_number = rows[-1][0] if rows else last_number
            if len(rows) < _ENTRIES_PER_PAGE:
                return


def _find_row(db: Session, entry: tuple[str, str, Translation]) -> dict[str, object] | None:
    """What there is in the place of an entry."""
    text, lang, translation = entry
    row = db.execute(
        f"""SELECT {", ".join(_CHANGED_COLUMNS)} FROM translations
        WHERE text_hash = ? AND src_lang = ? AND tgt_lang = ? AND engine = ? AND engine_version = ?""",  # noqa: S608  # own names,
        (content_hash(text), lang, translation.lang, translation.engine, translation.version),
    ).fetchone()
    return row and dict(zip(_CHANGED_COLUMNS, row, strict=True))


def _upsert_translations(db: Session, entries: Iterable[tuple[str, str, Translation]]) -> None:
    db.executemany(
        """INSERT INTO translations (text_hash, src_text, src_lang, tgt_lang, engine, engine_version, tgt_text, issues)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (text_hash, src_lang, tgt_lang, engine, engine_version)
        DO UPDATE SET src_text = excluded.src_text, tgt_text = excluded.tgt_text, issues = excluded.issues
        WHERE translations.tgt_text <> excluded.tgt_text OR translations.issues <> excluded.issues
        OR translations.src_text <> excluded.src_text""",
        (
            (
                content_hash(text),
                text,
                lang,
                translation.lang,
                translation.engine,
                translation.version,
                translation.text,
                json.dumps(translation.issues, ensure_ascii=False),
            )
            for text, lang, translation in entries
        ),
    )
