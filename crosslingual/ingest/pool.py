"""Files parsed in worker processes, on all cores, while their order is kept.

A worker that hangs or dies costs its file one problem; another takes its place.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from crosslingual.ingest import worker
from crosslingual.ingest.file import File
from crosslingual.ingest.formats import APART, Parsed, items
from crosslingual.ingest.record import Problem

T = TypeVar("T")

_MAX_WORKERS = 8
_AHEAD = 8  # files that wait for each worker, and so do as many whose items wait to be taken
_AHEAD_BYTES = 64 * 2**20
_HELD = 256  # items of a file that is not the next one's turn
_TICK = 0.2  # seconds
_ROOT = str(Path(__file__).parents[2])


@dataclass(slots=True, eq=False)
class _Task(Generic[T]):
    """A file on its way: its items so far, and whether there will be more."""

    tag: T
    file: File | None
    items: deque[Parsed] = field(default_factory=deque)
    done: bool = False


class _Worker(Generic[T]):
    """A process, and the file that it is at."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self.connection: worker.Channel[File, bytes] = ours
        self.task: _Task[T] | None = None
        self.silent = 0.0  # seconds that were waited for it
        path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        channel = theirs.fileno()
        self.process = subprocess.Popen(  # noqa: S603  # this very programme
            [sys.executable, "-c", f"from crosslingual.ingest.worker import main; main({channel})"],
            **_handing_over(channel),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        theirs.close()

    def end(self) -> int:
        """Stop it and tell how it ended."""
        self.connection.close()
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()


def _handing_over(channel: int) -> dict[str, Any]:
    """What has ``subprocess.Popen`` leave ``channel`` open in the new process, and nothing else."""
    if sys.platform != "win32":
        return {"pass_fds": [channel]}
    os.set_handle_inheritable(channel, True)  # noqa: FBT003  # its own order
    startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [channel]})
    return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}


def _cores() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parse(
    files: Iterator[tuple[T, File | None]], cancelled: Callable[[], bool]
) -> Iterator[tuple[T, File | None, Parsed | None]]:
    """The items of files in the files' order, each with the tag and the file that it came with.

    A tag without a file comes back in its place, with no item; so does one whose file is done. Files of plain
    formats are read here, the others by workers. Nothing more comes once it is ``cancelled``.
    """
    crew = _Crew[T](files, cancelled)
    try:
        yield from crew.run()
    finally:
        crew.dismiss()


class _Crew(Generic[T]):
    """The workers of one run and the files on their way."""

    def __init__(self, files: Iterator[tuple[T, File | None]], cancelled: Callable[[], bool]) -> None:
        self._files = files
        self._cancelled = cancelled
        self._workers: list[_Worker[T]] = []
        self._most = min(_cores(), _MAX_WORKERS)
        self._queue: deque[_Task[T]] = deque()  # all on their way, in order
        self._unbegun: deque[_Task[T]] = deque()  # those that no worker has taken

    def run(self) -> Iterator[tuple[T, File | None, Parsed | None]]:
        while not self._cancelled():
            self._fill()
            if not self._queue:
                return
            task = self._queue[0]
            for item in self._of(task):
                if self._cancelled():
                    return
                yield task.tag, task.file, item
            if self._cancelled():
                return
            yield task.tag, task.file, None
            self._queue.popleft()

    def dismiss(self) -> None:
        for one in self._workers:
            one.end()
        self._workers.clear()

    def _of(self, task: _Task[T]) -> Iterator[Parsed]:
        """The items of the file whose turn it is."""
        if task.file is None:
            return
        if task.file.suffix not in APART:
            yield from items(task.file)
            return
        while not self._cancelled():
            while task.items:
                yield task.items.popleft()
            if task.done:
                return
            self._receive(task)

    def _fill(self) -> None:
        """Take more files on their way, while they are few and small."""
        ahead = sum(len(task.file.content or b"") for task in self._queue if task.file)
        room = _AHEAD * self._most - len(self._queue)
        for tag, file in islice(self._files, max(room, 0)):
            task = _Task(tag, file)
            self._queue.append(task)
            if file is not None and file.suffix in APART:
                self._unbegun.append(task)
                self._assign()
            ahead += len(file.content or b"") if file else 0
            if ahead > _AHEAD_BYTES:
                break

    def _assign(self) -> None:
        for one in [*self._workers]:
            if self._unbegun and one.task is None:
                self._give(one)
        while self._unbegun and len(self._workers) < self._most:
            self._workers.append(_Worker())
            self._give(self._workers[-1])

    def _give(self, one: _Worker[T]) -> None:
        one.task = self._unbegun.popleft()
        one.silent = 0.0
        assert one.task.file is not None  # noqa: S101  # only files wait
        with contextlib.suppress(OSError):  # it died: told when it is received from
            one.connection.send(one.task.file)

    def _receive(self, turn: _Task[T]) -> None:
        """What any worker has to say; those that are far ahead are let wait."""
        busy = {
            one.connection: one
            for one in self._workers
            if one.task is turn or (one.task is not None and len(one.task.items) < _HELD)
        }
        before = time.monotonic()
        ready = set(wait(list(busy), _TICK))
        waited = time.monotonic() - before
        for connection, one in busy.items():
            if connection in ready:
                self._take(one)
            else:
                one.silent += waited
                if one.silent > 4 * worker.SECONDS:  # asleep: its own clock counts only work
                    self._lose(one, slow=True)
        self._assign()

    def _take(self, one: _Worker[T]) -> None:
        assert one.task is not None and one.task.file is not None  # noqa: S101, PT018  # only those are asked
        try:
            batch = one.connection.recv_bytes()
        except (EOFError, OSError):
            self._lose(one)
            return
        one.silent = 0.0
        if batch:
            one.task.items.extend(worker.unpacked(batch, one.task.file))
        else:
            one.task.done, one.task = True, None

    def _lose(self, one: _Worker[T], *, slow: bool = False) -> None:
        """A worker has died, or is given up because it is ``slow``."""
        self._workers.remove(one)
        code, task = one.end(), one.task
        if task is None or task.file is None:
            return
        if sys.platform != "win32":
            slow = slow or code == -signal.SIGPROF
        reason = (
            f"nothing came of it within {worker.SECONDS} seconds; leave it out, or save it in another format"
            if slow
            else "it broke the reader; leave it out, or save it in another format"
        )
        task.items.append(Problem(task.file.path, 0, reason))
        task.done = True
