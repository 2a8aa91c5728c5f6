"""A progress bar that shows itself when the work takes long enough to ask for one."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.5
"""Seconds after which the bar appears."""


class Bar:
    """On stderr: a bar on a terminal, a line now and then in a log; nothing where the work is quick."""

    def __init__(self) -> None:
        self._due = time.monotonic() + PATIENCE
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hide()

    def _hide(self) -> None:
        if self._bar:
            self._bar.stop()
        self._bar = self._task = None

    def show(self, stage: str, done: int, total: int) -> None:
        """``done`` of ``total`` of a stage, in whatever unit."""
        if time.monotonic() < self._due:
            return
        if not sys.stderr.isatty():
            self._due = time.monotonic() + 10
            sys.stderr.write(f"{stage}: {100 * done // max(total, 1)} %\n")
            return
        if done >= total > 0:  # what is printed next is not to stand beside it
            self._hide()
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(stage, total=total)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, description=stage, completed=done, total=total)
