from __future__ import annotations

import sys
from io import StringIO

import pytest

from crosslingual.cli import progress as module
from crosslingual.cli.progress import ProgressBar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_quick_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar.update("adding", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_in_a_log_long_work_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("crosslingual.cli.progress.time.monotonic", lambda: now)
    with ProgressBar() as bar:
        for second in range(30):
            now = float(second)
            bar.update("adding", second, 30)
        now = 99.0
        bar.update("nothing to do", 0, 0)
    out, err = capsys.readouterr()
    assert out == "", "results alone go to stdout"
    assert err.splitlines() == ["adding: 6 %", "adding: 40 %", "adding: 73 %", "nothing to do: 0 %"]


def test_on_a_terminal_it_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(module, "DELAY_SECONDS", -1)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with ProgressBar() as bar:
        bar.update("reading", 1, 4)
        bar.update("encoding", 3, 4)
        inner = bar._progress
        assert inner is not None
        assert [(task.description, task.percentage) for task in inner.tasks] == [("encoding", 75)]
    assert inner.live.is_started is False
    assert "encoding" in terminal.getvalue()
