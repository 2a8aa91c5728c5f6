"""A kill or a full disk at some of the calls that change files; ``make test-faults`` tries every one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.fault_scenarios import SCENARIOS, FaultTrial, Scenario
from tests.helpers.kill_points import CAN_FILL_DISK, IS_POSSIBLE

_RENAMES = ("rename", "renameat", "renameat2")


def choose_calls(calls: tuple[str, ...]) -> list[int]:
    """Some of them, from 1 on: the last, those after a rename, and some between."""
    after_renames = [number + 1 for number, call in enumerate(calls, 1) if call.split()[0] in _RENAMES]
    chosen = {len(calls), len(calls) // 3 + 1, *after_renames[:3]}
    return sorted(number for number in chosen if number <= len(calls))


@pytest.mark.skipif(not IS_POSSIBLE, reason="a process is traced so on Linux only")
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_or_a_full_disk_loses_nothing_and_a_second_run_completes_it(name: str, tmp_path: Path) -> None:
    trial = FaultTrial(SCENARIOS[name], tmp_path)
    assert trial.calls
    for call in choose_calls(trial.calls):
        trial.kill_before(call)
    if CAN_FILL_DISK:
        trial.fill_disk_from(1)
        trial.fill_disk_from(len(trial.calls) // 2 + 1)


def write_in_place(folder: Path) -> None:
    """As nothing here does it."""
    (folder / "a.txt").write_text("new", encoding="utf-8")


def write_old(folder: Path) -> None:
    (folder / "a.txt").write_text("old", encoding="utf-8")


def check_text(folder: Path) -> None:
    assert (folder / "a.txt").read_text(encoding="utf-8") in ("old", "new")


@pytest.mark.skipif(not CAN_FILL_DISK, reason="as above; the disk is filled on x86-64 only")
def test_what_is_not_written_as_a_whole_is_found_out(tmp_path: Path) -> None:
    trial = FaultTrial(Scenario(write_old, write_in_place, check_text, check_text), tmp_path)
    assert trial.calls == ("openat a.txt", "write a.txt")
    trial.kill_before(1)
    with pytest.raises(AssertionError):
        trial.kill_before(2)
    with pytest.raises(AssertionError, match=r"no clear line: OSError: .*No space left"):
        trial.fill_disk_from(1)
