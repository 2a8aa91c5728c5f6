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
                    "INSERT INTO corrections (id, kind, made) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    (correction.id, correction.kind, correction.created_at),
                )
                if not cursor.rowcount:
                    raise LibraryError(
                        f"{self.path}: correction {correction.id} is stored already; undo it first"
                    )
                db.executemany(
                    "INSERT OR IGNORE INTO corrected VALUES (?, ?, ?, ?)",
                    (
                        (cursor.lastrowid, number, article, start)
                        for number, side in enumerate((correction.left, correction.right))
                        for article, start in side
                    ),
                )

    def load_corrections(self, article_ids: Iterable[str] | None = None) -> list[Correction]:
        """Corrections, oldest first: those that name one of ``article_ids``; without these all."""
        with self._db.read_transaction() as db:
            chosen = "SELECT number, id, kind, made FROM corrections"
            given: tuple[str, ...] = ()
            if article_ids is not None:
                chosen += """ WHERE number IN (SELECT correction FROM corrected
                    WHERE article IN (SELECT value FROM json_each(?)))"""
                given = (json.dumps(list(article_ids)),)
            found = db.execute(f"{chosen} ORDER BY number", given).fetchall()
            sides: dict[tuple[int, int], list[tuple[str, int]]] = {}
            rows = db.execute(
                """SELECT correction, side, article, start FROM corrected
                WHERE correction IN (SELECT value FROM json_each(?))
                ORDER BY correction, side, article, start""",
                (json.dumps([number for number, *_ in found]),),
            )
            for number, side, article, start in rows:
                sides.setdefault((number, side), []).append((article, start))
        return [
            Correction(id_, kind, tuple(sides.get((number, 0), ())), tuple(sides.get((number, 1), ())), made)
            for number, id_, kind, made in found
        ]

    def remove_corrections(self, ids: Iterable[str]) -> int:
        """Take corrections back, all at once; how many there were."""
        with self._db.write_transaction() as db:
            return db.execute(
                "DELETE FROM corrections WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).rowcount
