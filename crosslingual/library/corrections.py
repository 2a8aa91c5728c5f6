"""What a library holds of what a person says of sentences: together, or apart."""

from __future__ import annotations

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
                made = db.execute(
                    """INSERT INTO corrections (id, kind, created_at) VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING RETURNING number""",
                    (correction.id, correction.kind, correction.created_at),
                ).fetchall()
                if not made:
                    raise LibraryError(
                        f"{self.name}: correction {correction.id} is stored already; undo it first"
                    )
                db.executemany(
                    """INSERT INTO corrected_sentences (correction_number, side, article_id, start)
                    VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                    (
                        (made[0][0], side, article_id, start)
                        for side, sentences in enumerate((correction.left, correction.right))
                        for article_id, start in sentences
                    ),
                )

    def load_corrections(self, article_ids: Iterable[str] | None = None) -> list[Correction]:
        """Corrections, oldest first: those that name one of ``article_ids``; without these all."""
        with self._db.read_transaction() as db:
            query = "SELECT number, id, kind, created_at FROM corrections"
            parameters: tuple[list[str], ...] = ()
            if article_ids is not None:
                query += """ WHERE number IN (SELECT correction_number FROM corrected_sentences
                    WHERE article_id IN (?texts))"""
                parameters = (list(article_ids),)
            found = db.execute(f"{query} ORDER BY number", parameters).fetchall()
            sides: dict[tuple[int, int], list[tuple[str, int]]] = {}
            rows = db.execute(
                """SELECT correction_number, side, article_id, start FROM corrected_sentences
                WHERE correction_number IN (?numbers)
                ORDER BY correction_number, side, article_id, start""",
                ([number for number, *_ in found],),
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
                "DELETE FROM corrections WHERE id IN (?texts)",
                (list(ids),),
            ).rowcount
