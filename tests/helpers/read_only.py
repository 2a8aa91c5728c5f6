"""Folders that cannot be written, even by the system's administrator, whom permissions do not stop."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_VERSION_3, _OVERRIDE_PERMISSIONS = 0x20080522, 1 << 1  # of linux/capability.h


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in ``folder`` can be made, changed or removed by this thread until this ends."""
    if os.name == "nt":
        pytest.skip("permissions of folders are others there")
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with _without_override():
        yield
    for path in paths:
        if path.exists():
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def _without_override() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    if not sys.platform.startswith("linux"):
        pytest.skip("permissions do not stop the administrator")
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    before = sets[0]
    sets[0] = before & ~_OVERRIDE_PERMISSIONS
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert libc.capset(header, sets) == 0
