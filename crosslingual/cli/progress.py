"""A progress bar that shows itself when the work takes long enough to ask for one."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY_SECONDS = 1.5
"""Seconds after which the bar appears."""


class ProgressBar:
    """On stderr: a bar on a terminal, a line now and then in a log; nothing where the work is quick."""

    def __init__(self) -> None:
        self._show_after = time.monotonic() + DELAY_SECONDS
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hide_bar()

    def _hide_bar(self) -> None:
        if self._progress:
            self._progress.stop()
        self._progress = self._task = None

    def update(self, stage: str, done: int, total: int) -> None:
        """``done`` of ``total`` of a stage, in whatever unit."""
        if time.monotonic() < self._show_after:
            return
        if not sys.stderr.isatty():
            self._show_after = time.monotonic() + 10
            sys.stderr.write(f"{stage}: {100 * done // max(total, 1)} %\n")
            return
        if done >= total > 0:  # what is printed next is not to stand beside it
            self._hide_bar()
            return
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task(stage, total=total)
            self._progress.start()
        if self._task is not None:
            self._progress.update(self._task, description=stage, completed=done, total=total)
