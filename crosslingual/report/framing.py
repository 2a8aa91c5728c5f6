"""The JSON form of the measures of framing; ``docs/report.md`` describes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosslingual.framing.pipeline import Framing

SCHEMA = "crosslingual/framing/2"
DECIMALS = 4
"""Decimals of a measure: what lies beyond differs between processors and means nothing."""


def framing_object(framing: Framing, event: str) -> dict[str, Any]:
    """All of ``framing``, of the event with id ``event``, as JSON-ready values.

    Names are those of the measures' dataclasses; numbers have ``DECIMALS`` decimals.
    """
    whole: dict[str, Any] = round_numbers(asdict(framing))
    return {"schema": SCHEMA, "event": event} | whole


def round_numbers(value: Any) -> Any:
    """``value`` with all its numbers rounded, tuples as lists."""
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0  # no -0.0
    if isinstance(value, dict):
        return {name: round_numbers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [round_numbers(item) for item in value]
    return value
