"""Products of small matrices: threads wait for one another longer than such a product takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

_lock = Lock()
_limits = ExitStack()
_n_active = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """As long as this lasts, NumPy multiplies matrices in one thread; in all threads of the process.

    Where several overlap, it ends with the last.
    """
    global _n_active  # it is the process that is limited
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # has no types

    with _lock:
        if not _n_active:
            _limits.enter_context(ThreadpoolController().limit(limits=1, user_api="blas"))
        _n_active += 1
    try:
        yield
    finally:
        with _lock:
            _n_active -= 1
            if not _n_active:
                _limits.close()
