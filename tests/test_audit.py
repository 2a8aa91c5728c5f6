"""An audit passes only what was looked up."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.audit import REQUIREMENTS, ROOT, judge_answers

FINE = {"name": "harbour", "version": "1.2", "vulns": []}
FOUND = {
    "name": "quay",
    "version": "0.9",
    "vulns": [{"id": "PYSEC-0000-1", "fix_versions": ["1.0", "0.9.1"]}, {"id": "X-2", "fix_versions": []}],
}
SKIPPED = {"name": "mole", "skip_reason": "not found"}


def answer(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": [*packages], "fixes": []}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([answer(FINE), answer(FINE)], 0),
        ([answer(FINE), answer(FOUND)], 1),
        ([answer(SKIPPED, FOUND), None], 1),
        ([answer(FINE, SKIPPED)], 2),
        ([answer(SKIPPED, SKIPPED)], 2),
        ([answer(FINE), None], 2),
        ([None, None], 2),
        ([answer()], 2),
        ([], 2),
    ],
)
def test_what_was_not_looked_up_does_not_pass(answers: list[dict[str, Any] | None], code: int) -> None:
    lines, given = judge_answers(answers)
    assert given == code
    assert any("This is no pass." in line for line in lines) == any(
        found is None or not found["dependencies"] or SKIPPED in found["dependencies"]
        for found in answers or [None]
    )


def test_a_vulnerability_is_named_with_what_mends_it() -> None:
    lines, _ = judge_answers([answer(FINE, FOUND)])
    assert lines[:2] == [
        "quay 0.9: PYSEC-0000-1; mended in 1.0, 0.9.1",
        "quay 0.9: X-2; mended in no version yet",
    ]
    assert lines[2] == "2 pins looked up, 1 with a known vulnerability"


def test_every_requirements_file_is_audited() -> None:
    named = {name for names in REQUIREMENTS for name in names}
    assert named == {path.name for path in ROOT.glob("requirements*.txt")}
