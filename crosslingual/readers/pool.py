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
from typing import Any, Generic, TypeVar, cast

from crosslingual.readers import worker
from crosslingual.readers.file import File
from crosslingual.readers.formats import SANDBOXED_READERS, ParsedItem, TaskResult, read_items
from crosslingual.readers.record import Problem

T = TypeVar("T")

_MAX_WORKERS = 2  # each takes some 140 MB, and an add waits for the encoder, not for them
_QUEUED_PER_WORKER = 8  # files that wait for each worker, and so do as many whose items wait to be taken
_MAX_QUEUED_BYTES = 64 * 2**20
_MAX_BUFFERED_ITEMS = 256  # items of a file that is not the next one's turn
_POLL_SECONDS = 0.2  # seconds
_PACKAGE_ROOT = str(Path(__file__).parents[2])


@dataclass(slots=True, eq=False)
class _Task(Generic[T]):
    """A file on its way: its items so far, and whether there will be more."""

    tag: T
    file: File | None
    items: deque[TaskResult] = field(default_factory=deque)
    done: bool = False


class _Worker(Generic[T]):
    """A process, and the file that it is at."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self.connection: worker.Channel[tuple[str, File], bytes] = ours
        self.task: _Task[T] | None = None
        self.silent_seconds = 0.0  # seconds that were waited for it
        path = os.pathsep.join(filter(None, (_PACKAGE_ROOT, os.environ.get("PYTHONPATH"))))
        channel = theirs.fileno()
        self.process = subprocess.Popen(  # noqa: S603  # this very programme
            [sys.executable, "-c", f"from crosslingual.readers.worker import main; main({channel})"],
            **_inheritance_options(channel),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        theirs.close()

    def stop(self) -> int:
        """Stop it and tell how it ended."""
        self.connection.close()
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()


def _inheritance_options(channel: int) -> dict[str, Any]:
    """What has ``subprocess.Popen`` leave ``channel`` open in the new process, and nothing else."""
    if sys.platform != "win32":
        return {"pass_fds": [channel]}
    os.set_handle_inheritable(channel, True)  # noqa: FBT003  # its own order
    startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [channel]})
    return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}


def _count_cores() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parse_files(
    files: Iterator[tuple[T, File | None]], cancelled: Callable[[], bool]
) -> Iterator[tuple[T, File | None, ParsedItem | None]]:
    """The items of files in the files' order, each with the tag and the file that it came with.

    A tag without a file comes back in its place, with no item; so does one whose file is done. Files of plain
    formats are read here, the others by workers. Nothing more comes once it is ``cancelled``.
    """
    for tag, file, item in run_task("items", files, cancelled):
        yield tag, file, cast("ParsedItem | None", item)


def run_task(
    task_name: str, files: Iterator[tuple[T, File | None]], cancelled: Callable[[], bool]
) -> Iterator[tuple[T, File | None, TaskResult | None]]:
    """What a task of ``formats.READING_TASKS`` gives, as ``parse_files`` does."""
    crew = _WorkerPool[T](task_name, files, cancelled)
    try:
        yield from crew.run()
    finally:
        crew.stop()


class _WorkerPool(Generic[T]):
    """The workers of one run and the files on their way."""

    def __init__(
        self, task_name: str, files: Iterator[tuple[T, File | None]], cancelled: Callable[[], bool]
    ) -> None:
        self._task_name = task_name
        self._files = files
        self._cancelled = cancelled
        self._workers: list[_Worker[T]] = []
        self._max_workers = min(_count_cores(), _MAX_WORKERS)
        self._queue: deque[_Task[T]] = deque()  # all on their way, in order
        self._unassigned: deque[_Task[T]] = deque()  # those that no worker has taken

    def run(self) -> Iterator[tuple[T, File | None, TaskResult | None]]:
        while not self._cancelled():
            self._fill_queue()
            if not self._queue:
                return
            task = self._queue[0]
            for item in self._task_items(task):
                if self._cancelled():
                    return
                yield task.tag, task.file, item
            if self._cancelled():
                return
            yield task.tag, task.file, None
            self._queue.popleft()

    def stop(self) -> None:
        for one in self._workers:
            one.stop()
        self._workers.clear()

    def _task_items(self, task: _Task[T]) -> Iterator[TaskResult]:
        """The items of the file whose turn it is."""
        if task.file is None:
            return
        if not self._is_sandboxed(task.file):
            yield from read_items(task.file)
            return
        while not self._cancelled():
            while task.items:
                yield task.items.popleft()
            if task.done:
                return
            self._receive_batches(task)

    def _is_sandboxed(self, file: File) -> bool:
        return self._task_name != "items" or file.suffix in SANDBOXED_READERS

    def _fill_queue(self) -> None:
        """Take more files on their way, while they are few and small."""
        ahead = sum(len(task.file.content or b"") for task in self._queue if task.file)
        room = _QUEUED_PER_WORKER * self._max_workers - len(self._queue)
        for tag, file in islice(self._files, max(room, 0)):
            task = _Task(tag, file)
            self._queue.append(task)
            if file is not None and self._is_sandboxed(file):
                self._unassigned.append(task)
                self._assign_tasks()
            ahead += len(file.content or b"") if file else 0
            if ahead > _MAX_QUEUED_BYTES:
                break

    def _assign_tasks(self) -> None:
        for one in [*self._workers]:
            if self._unassigned and one.task is None:
                self._send_next_file(one)
        while self._unassigned and len(self._workers) < self._max_workers:
            self._workers.append(_Worker())
            self._send_next_file(self._workers[-1])

    def _send_next_file(self, idle_worker: _Worker[T]) -> None:
        idle_worker.task = self._unassigned.popleft()
        idle_worker.silent_seconds = 0.0
        assert idle_worker.task.file is not None  # noqa: S101  # only files wait
        with contextlib.suppress(OSError):  # it died: told when it is received from
            idle_worker.connection.send((self._task_name, idle_worker.task.file))

    def _receive_batches(self, current_task: _Task[T]) -> None:
        """What any worker has to say; those that are far ahead are let wait."""
        busy = {
            one.connection: one
            for one in self._workers
            if one.task is current_task
            or (one.task is not None and len(one.task.items) < _MAX_BUFFERED_ITEMS)
        }
        before = time.monotonic()
        ready = set(wait(list(busy), _POLL_SECONDS))
        waited = time.monotonic() - before
        for connection, one in busy.items():
            if connection in ready:
                self._receive_batch(one)
            else:
                one.silent_seconds += waited
                if one.silent_seconds > 4 * worker.CPU_SECONDS:  # asleep: its own clock counts only work
                    self._drop_worker(one, timed_out=True)
        self._assign_tasks()

    def _receive_batch(self, sender: _Worker[T]) -> None:
        assert sender.task is not None and sender.task.file is not None  # noqa: S101, PT018  # only those are asked
        try:
            batch = sender.connection.recv_bytes()
        except (EOFError, OSError):
            self._drop_worker(sender)
            return
        sender.silent_seconds = 0.0
        if batch:
            sender.task.items.extend(worker.decode_batch(batch, sender.task.file))
        else:
            sender.task.done, sender.task = True, None

    def _drop_worker(self, lost_worker: _Worker[T], *, timed_out: bool = False) -> None:
        """A worker has died, or is given up because it is ``timed_out``."""
        self._workers.remove(lost_worker)
        code, task = lost_worker.stop(), lost_worker.task
        if task is None or task.file is None:
            return
        if sys.platform != "win32":
            timed_out = timed_out or code == -signal.SIGPROF
        reason = (
            f"nothing came of it within {worker.CPU_SECONDS} seconds; leave it out, or save it in another format"
            if timed_out
            else "it broke the reader; leave it out, or save it in another format"
        )
        task.items.append(Problem(task.file.path, 0, reason))
        task.done = True
