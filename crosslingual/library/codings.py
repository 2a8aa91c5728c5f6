"""What a library holds of passages that coders were offered, what they coded, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import uuid4

from crosslingual.errors import InputError
from crosslingual.library.codebook import CodebookRepository
from crosslingual.library.coding_units import find_or_add_units, read_units, refuse_locked
from crosslingual.library.coding_values import (
    ALL_OFFERED,
    Coding,
    CodingDecision,
    CodingOffer,
    CodingUnit,
    Passage,
    check_coder,
    check_memo,
)
from crosslingual.library.database import replace_surrogates
from crosslingual.library.history import OperationDraft, change_value
from crosslingual.library.session import Session

MAX_UNITS_PER_OFFER = 5_000
_DIGEST_QUERIES = (
    "SELECT id, name, parent_id FROM codes ORDER BY number",
    "SELECT number, kind FROM coding_units ORDER BY number",
    'SELECT unit_number, article_id, start, "end" FROM coding_passages ORDER BY number',
    "SELECT unit_number, coder, done_order FROM coding_tasks ORDER BY number",
    'SELECT unit_number, coder, code_id, article_id, start, "end" FROM codings ORDER BY number',
    "SELECT unit_number, code_ids FROM coding_decisions ORDER BY number",
)


class CodingRepository(CodebookRepository):
    """Codings stay when an article goes, which may come back. They change no comparison and no index."""

    def load_coding_offers(self) -> list[CodingOffer]:
        """All offers, oldest first."""
        with self._db.read_transaction() as db:
            rows = db.execute("SELECT id, created_at, description, seed FROM coding_offers ORDER BY number")
            return [CodingOffer(*row) for row in rows]

    def load_coding_units(self) -> list[CodingUnit]:
        """All units, in the order they were offered, with all that was coded and decided."""
        with self._db.read_transaction() as db:
            return read_units(db)

    def coding_digest(self) -> str:
        """Changes with the codes, and with what was offered, coded and decided; not with memos."""
        digest = blake2b(digest_size=16)
        with self._db.read_transaction() as db:
            for query in _DIGEST_QUERIES:
                digest.update(repr([tuple(row) for row in db.execute(query)]).encode(errors="replace"))
        return digest.hexdigest()

    def offer_units(
        self, units: Sequence[CodingUnit], coders: Sequence[str], description: str, seed: int = 0
    ) -> tuple[CodingOffer, int]:
        """Put ``units`` into the queues of ``coders``; what a coder was offered before is not offered again.

        Returns:
            The offer, and how many tasks there are in it.

        Raises:
            InputError: there are none or too many, a coder's name is none, or all were offered before.
        """
        names = list(dict.fromkeys(check_coder(name) for name in coders))
        if not names or not units or len(units) > MAX_UNITS_PER_OFFER:
            raise InputError(
                f"{len(units):,} units for {len(names)} coders; offer 1 to {MAX_UNITS_PER_OFFER:,}"
            )
        offer = CodingOffer(uuid4().hex[:12], _now(), replace_surrogates(description)[:500], seed)
        with self._db.write_transaction(is_derived=True) as db:
            (offer_number,) = db.execute(
                "INSERT INTO coding_offers (id, created_at, description, seed) VALUES (?, ?, ?, ?) RETURNING number",
                (offer.id, offer.created_at, offer.description, offer.seed),
            ).fetchone()
            numbers = find_or_add_units(db, units)
            before = db.execute("SELECT count(*) FROM coding_tasks").fetchone()[0]
            db.executemany(
                "INSERT INTO coding_tasks (unit_number, offer_number, coder) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                ((number, offer_number, name) for number in numbers for name in names),
            )
            count = db.execute("SELECT count(*) FROM coding_tasks").fetchone()[0] - before
            if not count:
                raise InputError(ALL_OFFERED)
        return offer, int(count)

    def withdraw_offer(self, offer_id: str, coder: str = "") -> int:
        """Take what is not finished of an offer out of the queues, or of ``coder``'s alone; how many tasks went.

        What was coded stays. An offer without tasks goes.

        Raises:
            InputError: there is no such offer, or the coder's name is none.
        """
        name = check_coder(coder) if coder else ""
        with self._db.write_transaction(is_derived=True) as db:
            found = db.execute("SELECT number FROM coding_offers WHERE id = ?", (offer_id,)).fetchone()
            if found is None:
                raise InputError(
                    f"{offer_id[:40]!r}: no such offer; list them with: crosslingual code offers"
                )
            count = db.execute(
                "DELETE FROM coding_tasks WHERE offer_number = ? AND done_order = 0 AND ? IN (coder, '')",
                (found[0], name),
            ).rowcount
            db.execute(
                """DELETE FROM coding_offers WHERE number = ?
                AND number NOT IN (SELECT offer_number FROM coding_tasks)""",
                found,
            )
        return count

    def add_coding(self, unit: CodingUnit, coding: Coding) -> Coding:
        """Keep a coding of ``unit``, which is stored if it is not yet; the same once more only changes its memo.

        Raises:
            InputError: there is no such code, the coder's name or the memo is none, or the coder cannot change the
                unit any more.
        """
        coder, memo = check_coder(coding.coder), check_memo(coding.memo)
        place = coding.passage or Passage("", 0, 0)
        with self._db.write_transaction(is_derived=True) as db:
            if not db.execute("SELECT 1 FROM codes WHERE id = ?", (coding.code,)).fetchone():
                raise InputError("that code is gone: it was removed elsewhere; choose another")
            (number,) = find_or_add_units(db, [unit])
            refuse_locked(db, number, coder)
            key = (number, coder, coding.code, place.article, place.start, place.end)
            known = db.execute(
                """SELECT id, created_at, memo FROM codings WHERE unit_number = ? AND coder = ? AND code_id = ?
                AND article_id = ? AND start = ? AND "end" = ?""",
                key,
            ).fetchone()
            if known:
                id_, created_at, former = known
                if memo:
                    db.execute("UPDATE codings SET memo = ? WHERE id = ?", (memo, id_))
                return Coding(coding.code, coder, memo or former, coding.passage, id_, created_at)
            made = Coding(coding.code, coder, memo, coding.passage, coding.id, _now())
            db.execute(
                """INSERT INTO codings (unit_number, coder, code_id, article_id, start, "end", id, memo, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (*key, made.id, memo, made.created_at),
            )
            return made

    def remove_codings(self, ids: Iterable[str]) -> int:
        """Take codings back; how many there were.

        Raises:
            InputError: a coder cannot change the unit any more.
        """
        gone = list(ids)
        with self._db.write_transaction(is_derived=True) as db:
            rows = db.execute("SELECT DISTINCT unit_number, coder FROM codings WHERE id IN (?texts)", (gone,))
            for number, coder in rows.fetchall():
                refuse_locked(db, number, coder)
            return db.execute("DELETE FROM codings WHERE id IN (?texts)", (gone,)).rowcount

    def finish_task(self, unit_id: str, coder: str) -> None:
        """Keep that ``coder`` has said of a unit all there is to say: codes that it was not given it does not have.

        Raises:
            InputError: it was not offered to ``coder``.
        """
        with self._db.write_transaction(is_derived=True) as db:
            (last,) = db.execute("SELECT coalesce(max(done_order), 0) FROM coding_tasks").fetchone()
            changed = db.execute(
                """UPDATE coding_tasks SET done_at = ?, done_order = ? WHERE coder = ?
                AND unit_number IN (SELECT number FROM coding_units WHERE id = ?)""",
                (_now(), last + 1, check_coder(coder), unit_id),
            ).rowcount
            if not changed:
                raise InputError(f"{unit_id[:40]!r} was not offered to {coder[:80]}")

    def reopen_task(self, coder: str) -> str:
        """Put the unit that ``coder`` finished last back into the queue, with its codes; its id, empty without any.

        Raises:
            InputError: the coder cannot change it any more.
        """
        with self._db.write_transaction(is_derived=True) as db:
            row = db.execute(
                """SELECT coding_tasks.number, coding_units.id, unit_number FROM coding_tasks
                JOIN coding_units ON coding_units.number = unit_number
                WHERE coder = ? AND done_order > 0 ORDER BY done_order DESC LIMIT 1""",
                (check_coder(coder),),
            ).fetchone()
            if row is None:
                return ""
            refuse_locked(db, row[2], check_coder(coder))
            db.execute("UPDATE coding_tasks SET done_at = '', done_order = 0 WHERE number = ?", (row[0],))
        return str(row[1])

    def add_decision(self, unit_id: str, decision: CodingDecision) -> None:
        """Keep what was decided on a unit; it counts instead of what was decided before.

        Raises:
            InputError: the unit or a code is gone, or the coder's name or the memo is none.
        """
        coder, memo = check_coder(decision.coder), check_memo(decision.memo)
        with self._db.write_transaction(is_derived=True) as db:
            found = db.execute("SELECT number FROM coding_units WHERE id = ?", (unit_id,)).fetchone()
            known = {id_ for (id_,) in db.execute("SELECT id FROM codes")}
            if found is None or not decision.codes <= known:
                raise InputError("that unit or code is gone: it was removed elsewhere")
            db.execute(
                """INSERT INTO coding_decisions (unit_number, coder, code_ids, memo, created_at)
                VALUES (?, ?, ?, ?, ?)""",
                (found[0], coder, json.dumps(sorted(decision.codes)), memo, _now()),
            )

    def remove_decision(self, unit_id: str) -> bool:
        """Take the newest decision on a unit back; whether there was one."""
        with self._db.write_transaction(is_derived=True) as db:
            return bool(
                db.execute(
                    """DELETE FROM coding_decisions WHERE number IN (SELECT max(coding_decisions.number)
                    FROM coding_decisions JOIN coding_units ON coding_units.number = unit_number
                    WHERE coding_units.id = ?)""",
                    (unit_id,),
                ).rowcount
            )


def rename_in_codings(db: Session, operation: OperationDraft, old_id: str, new_id: str) -> None:
    """What was coded of the article ``old_id`` is coded of ``new_id``, which has its text."""
    for table in ("coding_passages", "codings"):
        rows = db.execute(f"SELECT number FROM {table} WHERE article_id = ?", (old_id,)).fetchall()  # noqa: S608
        for (number,) in rows:
            change_value(db, operation, table, ("number", number), "article_id", new_id)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
