"""Rows of coding units: read whole, found, added, and locked once their coders have finished."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crosslingual.errors import InputError
from crosslingual.library.coding_values import (
    UNIT_KINDS,
    Coding,
    CodingDecision,
    CodingTask,
    CodingUnit,
    Passage,
)
from crosslingual.library.session import Session


def read_units(db: Session) -> list[CodingUnit]:
    """All units, in the order they were offered, with all that was coded and decided."""
    passages: dict[int, list[Passage]] = {}
    for number, *place in db.execute(
        'SELECT unit_number, article_id, start, "end", text_hash FROM coding_passages ORDER BY number'
    ):
        passages.setdefault(number, []).append(Passage(*place))
    tasks: dict[int, list[CodingTask]] = {}
    for number, *task in db.execute(
        """SELECT unit_number, coder, coding_offers.id, done_at, done_order FROM coding_tasks
        JOIN coding_offers ON coding_offers.number = offer_number ORDER BY coding_tasks.number"""
    ):
        tasks.setdefault(number, []).append(CodingTask(*task))
    codings: dict[int, list[Coding]] = {}
    for number, code, coder, memo, id_, created_at, article, start, end in db.execute(
        """SELECT unit_number, code_id, coder, memo, id, created_at, article_id, start, "end"
        FROM codings ORDER BY number"""
    ):
        part = Passage(article, start, end) if article else None
        codings.setdefault(number, []).append(Coding(code, coder, memo, part, id_, created_at))
    known = {id_ for (id_,) in db.execute("SELECT id FROM codes")}
    decisions: dict[int, CodingDecision] = {}
    for number, coder, code_ids, memo, created_at in db.execute(
        "SELECT unit_number, coder, code_ids, memo, created_at FROM coding_decisions ORDER BY number"
    ):
        codes = known.intersection(json.loads(code_ids))
        decisions[number] = CodingDecision(coder, frozenset(codes), memo, created_at)
    return [
        CodingUnit(
            kind,
            tuple(passages.get(number, ())),
            id_,
            tuple(tasks.get(number, ())),
            tuple(codings.get(number, ())),
            decisions.get(number),
        )
        for number, id_, kind in db.execute(
            "SELECT number, id, kind FROM coding_units ORDER BY number"
        ).fetchall()
    ]


def refuse_locked(db: Session, unit_number: int, coder: str) -> None:
    """Raise where ``coder`` has finished a unit and may have seen since what others gave it.

    Raises:
        InputError: so it is.
    """
    tasks = dict(
        db.execute(
            "SELECT coder, done_order FROM coding_tasks WHERE unit_number = ?", (unit_number,)
        ).fetchall()
    )
    if not tasks.get(coder):
        return
    query = "SELECT 1 FROM coding_decisions WHERE unit_number = ?"
    if (len(tasks) > 1 and all(tasks.values())) or db.execute(query, (unit_number,)).fetchone():
        raise InputError(
            "all its coders have finished it, or it is decided: their codes stay; decide what it has instead"
        )


def find_or_add_units(db: Session, units: Sequence[CodingUnit]) -> list[int]:
    """Numbers of ``units``, known by their ids, else by what they are; what is not stored yet is.

    Raises:
        InputError: a unit is of no kind, or has no passages.
    """
    ids = [unit.id for unit in units]
    by_id = dict(db.execute("SELECT id, number FROM coding_units WHERE id IN (?texts)", (ids,)).fetchall())
    if all(id_ in by_id for id_ in ids):
        return [by_id[id_] for id_ in ids]
    known: dict[tuple[str, tuple[Passage, ...]], int] = {}
    passages: dict[int, list[Passage]] = {}
    for number, *place in db.execute('SELECT unit_number, article_id, start, "end" FROM coding_passages'):
        passages.setdefault(number, []).append(Passage(*place))
    for number, kind in db.execute("SELECT number, kind FROM coding_units ORDER BY number"):
        known.setdefault((kind, tuple(sorted(passages.get(number, ())))), number)
    numbers: list[int] = []
    for unit in units:
        if unit.kind not in UNIT_KINDS or not unit.passages:
            raise InputError(
                f"{unit.kind[:40]!r}: units are {', '.join(UNIT_KINDS)}, of some characters each"
            )
        number = by_id.get(unit.id) or known.get(unit.key, 0)
        if not number:
            (number,) = db.execute(
                "INSERT INTO coding_units (id, kind) VALUES (?, ?) RETURNING number", (unit.id, unit.kind)
            ).fetchone()
            db.executemany(
                """INSERT INTO coding_passages (unit_number, article_id, start, "end", text_hash)
                VALUES (?, ?, ?, ?, ?)""",
                ((number, one.article, one.start, one.end, one.text_hash) for one in unit.passages),
            )
            known[unit.key] = number
        numbers.append(number)
    return numbers
