"""Runs code in a process of its own and ends it, or lets the disk be full, at one of its calls that change files.

The process is traced (``ptrace``), so that every such call counts, whichever library makes it. Linux only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CALLS = {  # of linux/unistd.h: name → number on x86-64, on ARM64 (None where it has none)
    "write": (1, 64),
    "pwrite64": (18, 68),
    "writev": (20, 66),
    "pwritev": (296, 70),
    "open": (2, None),
    "openat": (257, 56),
    "creat": (85, None),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rmdir": (84, None),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "sendfile": (40, 71),
    "copy_file_range": (326, 285),
}
_MACHINES = ("x86_64", "aarch64")
_ON_DESCRIPTORS = {
    *("write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate", "fsync", "fdatasync", "sendfile")
}
_NEEDS_ROOM = {
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "fallocate",
    "mkdir",
    "mkdirat",
    "sendfile",
    "symlink",
}
_PATH_ARGUMENT = {"openat": 1, "renameat": 1, "renameat2": 1, "unlinkat": 1, "mkdirat": 1, "linkat": 1}
_WRITES, _CREATES = os.O_WRONLY | os.O_RDWR, os.O_CREAT
_TRACEME, _CONT_TO_CALL, _SETOPTIONS, _GET_CALL, _POKE_USER = 0, 24, 0x4200, 0x420E, 6
_MARK_CALLS, _END_WITH_US = 1, 1 << 20
_ENTRY, _EXIT = 1, 2
_NUMBER_REGISTER, _RESULT_REGISTER = 8 * 15, 8 * 10  # orig_rax and rax in struct user of x86-64

IS_POSSIBLE = sys.platform == "linux" and platform.machine() in _MACHINES
CAN_FILL_DISK = IS_POSSIBLE and platform.machine() == "x86_64"


class _CallInfo(ctypes.Structure):
    """``struct ptrace_syscall_info``."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: the calls that it made, each as ``unlink library.db-wal``, and its exit code.

    ``code`` is None where it was killed; ``told`` is the last line that it wrote to standard error.
    """

    calls: tuple[str, ...]
    code: int | None
    told: str = ""


def run_traced(action: Callable[[], None], root: Path, *, kill_at: int = 0, full_from: int = 0) -> Ending:
    """Run ``action`` in a copy of this process, and count its calls that change something in ``root``.

    Args:
        action: what to run; an exception ends it with code 1.
        root: the folder whose files count; nothing else does.
        kill_at: the number, from 1 on, of the call before which it is killed; 0 for none.
        full_from: the number of the call from which on the disk is full; 0 for never.
    """
    messages = root.with_name(f"{root.name}-messages")
    child = os.fork()
    if not child:
        _run_child(action, messages)
    _, status = os.waitpid(child, 0)
    assert os.WIFSTOPPED(status), status
    _trace(_SETOPTIONS, child, 0, _MARK_CALLS | _END_WITH_US)
    calls, code = _follow(child, f"{root}/", kill_at, full_from)
    lines = messages.read_text(encoding="utf-8", errors="replace").splitlines()
    return Ending(tuple(calls), code, lines[-1] if lines else "")


def _run_child(action: Callable[[], None], messages: Path) -> None:
    code = 1
    try:
        with messages.open("wb") as out:
            os.dup2(out.fileno(), 2)
        with Path(os.devnull).open("r+b") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(nothing.fileno(), 1)
        _trace(_TRACEME, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        action()
        code = 0
    except BaseException as error:
        os.write(
            2, f"\n{type(error).__name__}: {error}".encode(errors="replace")
        )  # FAISS ends no line of its own
    finally:
        os._exit(code)


def _follow(child: int, root: str, kill_at: int, full_from: int) -> tuple[list[str], int | None]:
    calls: list[str] = []
    names = {numbers[_MACHINES.index(platform.machine())]: name for name, numbers in _CALLS.items()}
    refused, deliver = False, 0
    while True:
        _trace(_CONT_TO_CALL, child, 0, deliver)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return calls, os.WEXITSTATUS(status)
        if os.WIFSIGNALED(status):
            return calls, None
        deliver = 0
        if os.WSTOPSIG(status) != signal.SIGTRAP | 0x80:
            deliver = os.WSTOPSIG(status) if os.WSTOPSIG(status) != signal.SIGSTOP else 0
            continue
        info = _CallInfo()
        _trace(_GET_CALL, child, ctypes.sizeof(info), ctypes.addressof(info))
        if info.op == _EXIT and refused:
            _trace(_POKE_USER, child, _RESULT_REGISTER, -errno.ENOSPC)
            refused = False
        if info.op != _ENTRY or info.number not in names:
            continue
        name = names[info.number]
        subject = _find_subject(child, name, info, root)
        if not subject:
            continue
        calls.append(f"{name} {subject}")
        if len(calls) == kill_at:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return calls, None
        if full_from and len(calls) >= full_from and _needs_room(name, info):
            _trace(_POKE_USER, child, _NUMBER_REGISTER, -1)  # no call at all
            refused = True


def _find_subject(child: int, name: str, info: _CallInfo, root: str) -> str:
    """What a call changes, as a path in ``root``; empty where it changes nothing there."""
    if name in ("open", "openat") and not _open_flags(name, info) & (_WRITES | _CREATES):
        return ""
    try:
        if name in _ON_DESCRIPTORS:
            path = str(Path(f"/proc/{child}/fd/{info.arguments[0]}").readlink())
        elif name == "copy_file_range":
            path = str(Path(f"/proc/{child}/fd/{info.arguments[2]}").readlink())
        else:
            path = _read_path(child, name, info)
    except OSError:
        return ""
    return path.removeprefix(root) if path.startswith(root) else ""


def _open_flags(name: str, info: _CallInfo) -> int:
    return int(info.arguments[2 if name == "openat" else 1])


def _needs_room(name: str, info: _CallInfo) -> bool:
    return name in _NEEDS_ROOM or (name in ("open", "openat") and bool(_open_flags(name, info) & _CREATES))


def _read_path(child: int, name: str, info: _CallInfo) -> str:
    place = _PATH_ARGUMENT.get(name, 0)
    with Path(f"/proc/{child}/mem").open("rb", buffering=0) as memory:
        memory.seek(info.arguments[place])
        found = os.fsdecode(memory.read(4096).split(b"\0")[0])
    base = f"/proc/{child}/cwd"
    descriptor = ctypes.c_int32(info.arguments[0] & 0xFFFFFFFF).value
    if place and descriptor >= 0:
        base = f"/proc/{child}/fd/{descriptor}"
    return found if found.startswith("/") else str(Path(base).readlink() / found)


@cache
def _load_libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    return libc


def _trace(request: int, process: int, address: int, data: int) -> None:
    arguments = (
        ctypes.c_long(request),
        ctypes.c_long(process),
        ctypes.c_void_p(address),
        ctypes.c_void_p(data),
    )
    if _load_libc().ptrace(*arguments) == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), f"ptrace: {os.strerror(ctypes.get_errno())}")
