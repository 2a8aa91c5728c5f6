"""Products of small matrices: threads wait for one another longer than such a product takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

_lock = Lock()
_stack = ExitStack()
_within = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """As long as this lasts, NumPy multiplies matrices in one thread; in all threads of the process.

    Where several overlap, it ends with the last.
    """
    global _within  # it is the process that is limited
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # has no types

    with _lock:
        if not _within:
            _stack.enter_context(ThreadpoolController().limit(limits=1, user_api="blas"))
        _within += 1
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if not _within:
                _stack.close()
