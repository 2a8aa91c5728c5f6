from __future__ import annotations

import platform
from pathlib import Path

import pytest

from crosslingual.heap import release_freed_memory

_PIECE, _PIECES = 100_000, 1_500  # bytes of a piece that the C library takes from its heap, and how many


def held_bytes() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))


def test_it_can_be_called_anywhere() -> None:
    release_freed_memory()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that keeps what was freed")
def test_what_was_freed_below_something_that_stays_is_given_back() -> None:
    release_freed_memory()
    before = held_bytes()
    pieces = [bytearray(_PIECE) for _ in range(_PIECES)]
    assert held_bytes() - before > 0.9 * _PIECE * _PIECES
    last = pieces.pop()
    pieces.clear()
    assert held_bytes() - before > 0.5 * _PIECE * _PIECES, "kept by the C library"
    release_freed_memory()
    assert held_bytes() - before < 0.2 * _PIECE * _PIECES
    assert len(last) == _PIECE
