"""A process that parses what could go wrong: it is told tasks and files, and says what they hold.

The system limits its time and memory. On Windows a process cannot set such limits for itself: there only the
patience of ``pool`` ends one that hangs. macOS may not heed the limit of memory.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from crosslingual.readers.columns import ColumnMapping
from crosslingual.readers.file import File
from crosslingual.readers.formats import READING_TASKS, TaskResult
from crosslingual.readers.record import Problem, Record
from crosslingual.readers.tables import TablePreview

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    import resource
    from multiprocessing.connection import Connection

Channel = Connection
"""One end of a pipe to or from a worker."""

CPU_SECONDS = 60
"""Of a processor, after which a file that has given nothing new is given up."""
MAX_MEMORY_BYTES = 3 * 2**29
"""Bytes that a worker may have."""

_BATCH_ITEMS, _BATCH_CHARS, _BATCH_SECONDS = 64, 200_000, 0.5  # of a batch


def main(channel: int) -> None:
    """Serve the connection ``channel``, a descriptor or on Windows a handle, until its other end closes."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError, ValueError):  # macOS may refuse
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it decides
    connection: Connection[bytes, tuple[str, File]] = Connection(channel)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            task, file = connection.recv()
            _limit_cpu_time(CPU_SECONDS)
            for batch in encode_batches(READING_TASKS[task](file)):
                connection.send_bytes(batch)
                _limit_cpu_time(CPU_SECONDS)
            _limit_cpu_time(0)
            connection.send_bytes(b"")


def _limit_cpu_time(seconds: int) -> None:
    """End this process after so many seconds of work, inside a library too; 0 is never."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def encode_batches(parsed_items: Iterable[TaskResult]) -> Iterator[bytes]:
    """Items in messages that are worth sending."""
    waiting: list[object] = []
    size, since = 0, time.monotonic()
    for item in parsed_items:
        if isinstance(item, Record):
            size += len(item.text)
            waiting.append(asdict(item) | {"path": ""})
        elif isinstance(item, Problem):
            waiting.append([item.line, item.message, item.is_warning])
        elif isinstance(item, TablePreview):
            waiting.append({"table": asdict(item)})
        if len(waiting) >= _BATCH_ITEMS or size >= _BATCH_CHARS or time.monotonic() - since > _BATCH_SECONDS:
            yield json.dumps(waiting).encode()
            waiting, size, since = [], 0, time.monotonic()
    if waiting:
        yield json.dumps(waiting).encode()


def decode_batch(batch: bytes, file: File) -> Iterator[Record | Problem | TablePreview]:
    """The items of a message about ``file``."""
    for item in json.loads(batch):
        if isinstance(item, dict) and "table" in item:
            yield _decode_preview(**item["table"])
        elif isinstance(item, dict):
            yield Record(**(item | {"path": file.path}))
        else:
            yield Problem(file.path, *item)


def _decode_preview(header: list[str], rows: list[list[str]], mapping: dict[str, Any]) -> TablePreview:
    lists = {
        name: tuple(tuple(one) if isinstance(one, list) else one for one in mapping[name])
        for name in ("unsure", "others")
    }
    return TablePreview(tuple(header), tuple(map(tuple, rows)), ColumnMapping(**(mapping | lists)))
