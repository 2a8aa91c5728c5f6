"""What a library holds of what a person was asked about its comparisons, and what was made of the answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosslingual.errors import InputError
from crosslingual.library.database import Repository
from crosslingual.types import ProbabilityCalibration

ANSWERS = {
    "same": "the same",
    "part": "one tells a part of the other",
    "values": "the same with other values",
    "different": "not the same",
    "unsure": "cannot tell",
}
"""What can be answered, and how it reads."""
AGREEING_ANSWERS = frozenset({"same", "part", "values"})
"""Answers that put two sentences into one row: as the gold of ``evaluate statements`` counts."""
_SAMPLE_FIELDS = (
    *("id", "created_at", "event", "seed", "scoring_key", "calibration_id"),
    *("n_events", "n_all_events"),
)
_ITEM_COLUMNS = (
    "number, kind, stratum, probability, langs, article_id, start, source_id, other_article_id, other_start,"
    " answer, answered_at, answer_order"
)


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A sentence and another source of its event: does that source say it?

    A ``pair`` was found: ``other_article`` at ``other_start`` is the sentence that may say it. A ``silence`` was
    not; there that is the likeliest sentence all the same. Sentences are named by article and offset. ``probability``
    is that of the two, as shipped; ``stratum`` is what the item was drawn from, ``langs`` as ``ru-zh``. ``answer`` is a
    key of ``ANSWERS``, or empty; answers are counted by ``answer_order``.
    """

    number: int
    kind: str
    stratum: str
    probability: float
    langs: str
    article: str
    start: int
    source: str
    other_article: str
    other_start: int
    answer: str = ""
    answered_at: str = ""
    answer_order: int = 0


@dataclass(frozen=True, slots=True)
class CheckSample:
    """Items drawn at once, in the order in which they are asked.

    ``event`` is the event's id, or empty for the whole library: then ``n_events`` of ``n_all_events`` were looked at.
    ``stratum_sizes`` is how many there are in each stratum. ``scoring_key`` names what the probabilities were worked
    out with, ``calibration_id`` the calibration that the rows were made under.
    """

    id: str
    created_at: str
    event: str
    seed: int
    scoring_key: str
    calibration_id: str
    n_events: int
    n_all_events: int
    stratum_sizes: Mapping[str, int]
    items: tuple[CheckItem, ...]


class JudgementRepository(Repository):
    """Samples with their answers, and calibrations. They stay when an article goes, which may come back.

    Answers change no comparison and no index, so they do not move the library's revision; a calibration does. What
    shows answers reads them anew.
    """

    def add_check_sample(self, sample: CheckSample) -> None:
        """Store a sample; the numbers of its items are given here, in their order."""
        with self._db.write_transaction(is_derived=True) as db:
            made = db.execute(
                "INSERT INTO check_samples (id, created_at, event_id, seed, scoring_key, calibration_id, n_events,"
                " n_all_events, stratum_sizes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
                (
                    *(sample.id, sample.created_at, sample.event, sample.seed, sample.scoring_key),
                    *(sample.calibration_id, sample.n_events, sample.n_all_events),
                    json.dumps(dict(sample.stratum_sizes)),
                ),
            ).fetchall()
            db.executemany(
                "INSERT INTO check_items (sample_number, kind, stratum, probability, langs, article_id, start,"
                " source_id, other_article_id, other_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        *(made[0][0], item.kind, item.stratum, item.probability, item.langs),
                        *(item.article, item.start, item.source, item.other_article, item.other_start),
                    )
                    for item in sample.items
                ),
            )

    def load_check_samples(self) -> list[CheckSample]:
        """All samples, oldest first."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT number, id, created_at, event_id, seed, scoring_key, calibration_id, n_events, n_all_events,"
                " stratum_sizes FROM check_samples ORDER BY number"
            ).fetchall()
            items: dict[int, list[CheckItem]] = {}
            query = f"SELECT sample_number, {_ITEM_COLUMNS} FROM check_items ORDER BY number"  # noqa: S608  # own names
            for sample_number, *columns in db.execute(query):
                items.setdefault(sample_number, []).append(CheckItem(*columns))
            return [
                CheckSample(
                    **dict(zip(_SAMPLE_FIELDS, columns, strict=True)),
                    stratum_sizes=json.loads(sizes),
                    items=tuple(items.get(number, ())),
                )
                for number, *columns, sizes in rows
            ]

    def store_answer(self, items: Sequence[int], answer: str, answered_at: str) -> None:
        """Keep what was answered to the items of these numbers, which ask the same; the last answer counts.

        Raises:
            InputError: there is no such item, or no such answer.
        """
        if answer not in ANSWERS:
            raise InputError(f"{str(answer)[:40]!r}: answer one of {', '.join(ANSWERS)}")
        with self._db.write_transaction(is_derived=True) as db:
            (last,) = db.execute("SELECT coalesce(max(answer_order), 0) FROM check_items").fetchone()
            changed = sum(
                db.execute(
                    "UPDATE check_items SET answer = ?, answered_at = ?, answer_order = ? WHERE number = ?",
                    (answer, answered_at, last + 1, item),
                ).rowcount
                for item in items
            )
            if not changed:
                raise InputError(
                    "that question is gone: the answers were reset elsewhere; ask for the next one"
                )

    def take_back_answer(self, sample_ids: Sequence[str]) -> CheckItem | None:
        """Forget the last answer in samples with these ids, and give its item as it was; None without any."""
        if not sample_ids:
            return None
        with self._db.write_transaction(is_derived=True) as db:
            row = db.execute(
                f"SELECT {_ITEM_COLUMNS} FROM check_items WHERE answer_order > 0 AND sample_number IN"  # noqa: S608
                f" (SELECT number FROM check_samples WHERE id IN (?texts))"
                " ORDER BY answer_order DESC, number LIMIT 1",
                (list(sample_ids),),
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE check_items SET answer = '', answered_at = '', answer_order = 0 WHERE answer_order = ?",
                row[-1:],
            )
        return CheckItem(*row)

    def remove_check_samples(self) -> int:
        """Forget all samples with their answers; how many answers there were."""
        with self._db.write_transaction(is_derived=True) as db:
            (count,) = db.execute("SELECT count(*) FROM check_items WHERE answer <> ''").fetchone()
            db.execute("DELETE FROM check_samples")
        return int(count)

    def add_calibration(self, calibration: ProbabilityCalibration) -> None:
        """Put a calibration into use, in place of the one before."""
        values: tuple[Any, ...] = (
            *(calibration.id, calibration.created_at, calibration.scoring_key),
            *(calibration.intercept, calibration.slope, calibration.n_judgements),
        )
        with self._db.write_transaction() as db:
            db.execute(
                "INSERT INTO probability_calibrations"
                " (id, created_at, scoring_key, intercept, slope, n_judgements) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )

    def load_calibration(self, scoring_key: str) -> ProbabilityCalibration | None:
        """The calibration in use for probabilities that were worked out so; None without any."""
        with self._db.read_transaction() as db:
            row = db.execute(
                "SELECT id, created_at, scoring_key, intercept, slope, n_judgements"
                " FROM probability_calibrations WHERE scoring_key = ? ORDER BY number DESC LIMIT 1",
                (scoring_key,),
            ).fetchone()
        return ProbabilityCalibration(*row) if row else None

    def remove_calibrations(self) -> int:
        """Take all calibrations out of use; how many there were."""
        with self._db.write_transaction() as db:
            return db.execute("DELETE FROM probability_calibrations").rowcount
