"""When an article was published, as exactly as it says and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Precision = Literal["zoned", "local", "day", "none"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of publication: ``written`` as the article has it, ``day`` as it is written there, or None.

    ``precision`` is "zoned" for a time with its offset from UTC, "local" for a time whose zone is not known,
    "day" for a day alone and "none". ``instant`` is a zoned time in UTC, and None for all others. Midnight to
    the second is a day alone: it stands where a date was stored as a time.
    """

    written: str
    precision: Precision
    day: date | None = None
    instant: datetime | None = None

    @property
    def sort_key(self) -> tuple[bool, datetime]:
        """Orders moments for the eye: a day alone comes first on its day, no date last."""
        start = self.instant or datetime.combine(self.day or date.max, time(), UTC)
        return self.day is None, start

    @property
    def clock(self) -> str:
        """Hour and minute as written, ``21:40``; empty of a day alone."""
        return "" if self.precision in ("day", "none") else f"{datetime.fromisoformat(self.written):%H:%M}"

    @property
    def offset(self) -> str:
        """The offset from UTC as written, ``+03:00``; empty where it is not known."""
        return datetime.fromisoformat(self.written).isoformat("T", "minutes")[16:] if self.instant else ""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after another an article was published: ``minutes`` where both times have a zone, else ``days``."""

    days: int
    minutes: int | None = None


def parse_moment(written: str) -> Moment:
    """The time of publication in ``written``, ISO 8601; what is none has the precision "none"."""
    try:
        if len(written) <= len("2024-05-16"):
            return Moment(written, "day", date.fromisoformat(written))
        found = datetime.fromisoformat(written)
        if found.time() == time():
            return Moment(written, "day", found.date())
        if found.tzinfo is None:
            return Moment(written, "local", found.date())
        return Moment(written, "zoned", found.date(), found.astimezone(UTC))
    except (ValueError, OverflowError):
        return Moment(written, "none")


def is_before(left: Moment, right: Moment) -> bool:
    """Whether ``left`` was surely published first: by the clock where both have a zone, else by their days.

    Two moments of one day are in no order, unless both have a zone.
    """
    if left.instant and right.instant:
        return left.instant < right.instant
    return bool(left.day and right.day and left.day < right.day)


def measure_delay(earlier: Moment, later: Moment) -> Delay | None:
    """How long after ``earlier`` came ``later``; None where one has no date."""
    if earlier.day is None or later.day is None:
        return None
    days = (later.day - earlier.day).days
    if earlier.instant and later.instant:
        return Delay(days, (later.instant - earlier.instant) // timedelta(minutes=1))
    return Delay(days)


def find_earliest(moments: Sequence[Moment]) -> list[int]:
    """The places of those that have a date and that none comes before; several if their order is not known."""
    dated = [place for place, one in enumerate(moments) if one.day]
    first = [
        place for place in dated if not any(is_before(moments[other], moments[place]) for other in dated)
    ]
    return first or dated


def describe_moment(moment: Moment) -> str:
    """``2024-05-16 21:40+03:00``, ``2024-05-16 21:40 (zone unknown)``, ``2024-05-16 (day only)``, ``no date``."""
    if moment.day is None:
        return "no date"
    if moment.precision == "day":
        return f"{moment.day.isoformat()} (day only)"
    return f"{moment.day.isoformat()} {moment.clock}{moment.offset or ' (zone unknown)'}"


def describe_delay(delay: Delay) -> str:
    """``2 h 5 min later``, ``3 days later``, ``same day``."""
    if delay.minutes is None:
        return f"{delay.days} day{'s' * (delay.days != 1)} later" if delay.days else "same day"
    days, rest = divmod(delay.minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return f"{' '.join(parts)} later" if parts else "within a minute"
