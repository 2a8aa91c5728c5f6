"""Whether a model's files are those that were installed: digests, counted once and remembered."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from crosslingual.errors import ModelError
from crosslingual.files import atomic_write
from crosslingual.model_store.store import InstalledModel, model_digest


def remembered_digest(folder: Path, home: Path) -> str:
    """``model_digest`` of ``folder``, read from a note in ``home`` while no file changed size or times.

    Raises:
        OSError: a file cannot be read.
    """
    place = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()[:12]
    note = home / "spaces" / f"digest-{place}.txt"
    stamp = _folder_stamp(folder)
    with suppress(OSError, ValueError):
        known, digest = note.read_text(encoding="ascii").split()
        if known == stamp:
            return digest
    digest = model_digest(folder)
    if _folder_stamp(folder) == stamp:  # nothing was changed while it was read
        with suppress(OSError):  # counted again the next time
            note.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(note) as file:
                file.write_text(f"{stamp} {digest}\n", encoding="ascii")
    return digest


def is_unchanged(model: InstalledModel, home: Path) -> bool:
    """Whether the files of ``model`` are those that were installed."""
    try:
        return remembered_digest(model.path, home) == model.digest
    except OSError:
        return False


def check_unchanged(model: InstalledModel, home: Path, install_command: str) -> None:
    """Raise a ModelError, which names ``install_command``, unless ``model`` is as it was installed."""
    if not is_unchanged(model, home):
        raise ModelError(
            f"{model.path}: its files are not those that were installed (their SHA-256 differs); "
            f"run: {install_command}"
        )


def _folder_stamp(folder: Path) -> str:
    """64 hexadecimal digits of the names, sizes and times of all files."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        state = path.stat()
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}\n".encode())
    return total.hexdigest()
