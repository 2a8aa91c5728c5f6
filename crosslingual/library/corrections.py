"""What a library holds of what a person says of sentences: together, or apart."""

from __future__ import annotations

import json
from collections.abc import Iterable

from crosslingual.errors import LibraryError
from crosslingual.library.database import Repository
from crosslingual.types import Correction


class CorrectionRepository(Repository):
    """They name sentences by article and offset, and stay when an article goes."""

    def add_corrections(self, corrections: Iterable[Correction]) -> None:
        """Store what a person says of sentences that belong together or do not, all or nothing.

        Raises:
            LibraryError: a correction with one of their ids is there already.
        """
        with self._db.write_transaction() as db:
            for correction in corrections:
                cursor = db.execute(
                    "INSERT INTO corrections (id, kind, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    (correction.id, correction.kind, correction.created_at),
                )
                if not cursor.rowcount:
                    raise LibraryError(
                        f"{self.path}: correction {correction.id} is stored already; undo it first"
                    )
                db.executemany(
                    "INSERT OR IGNORE INTO corrected_sentences VALUES (?, ?, ?, ?)",
                    (
                        (cursor.lastrowid, side, article_id, start)
                        for side, sentences in enumerate((correction.left, correction.right))
                        for article_id, start in sentences
                    ),
                )

    def load_corrections(self, article_ids: Iterable[str] | None = None) -> list[Correction]:
        """Corrections, oldest first: those that name one of ``article_ids``; without these all."""
        with self._db.read_transaction() as db:
            query = "SELECT number, id, kind, created_at FROM corrections"
            parameters: tuple[str, ...] = ()
            if article_ids is not None:
                query += """ WHERE number IN (SELECT correction_number FROM corrected_sentences
                    WHERE article_id IN (SELECT value FROM json_each(?)))"""
                parameters = (json.dumps(list(article_ids)),)
            found = db.execute(f"{query} ORDER BY number", parameters).fetchall()
            sides: dict[tuple[int, int], list[tuple[str, int]]] = {}
            rows = db.execute(
                """SELECT correction_number, side, article_id, start FROM corrected_sentences
                WHERE correction_number IN (SELECT value FROM json_each(?))
                ORDER BY correction_number, side, article_id, start""",
                (json.dumps([number for number, *_ in found]),),
            )
            for number, side, article_id, start in rows:
                sides.setdefault((number, side), []).append((article_id, start))
        return [
            Correction(
                id_, kind, tuple(sides.get((number, 0), ())), tuple(sides.get((number, 1), ())), created_at
            )
            for number, id_, kind, created_at in found
        ]

    def remove_corrections(self, ids: Iterable[str]) -> int:
        """Take corrections back, all at once; how many there were."""
        with self._db.write_transaction() as db:
            return db.execute(
                "DELETE FROM corrections WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).rowcount
