"""The folder ``home / "models"``: each model has a folder of its own, complete or absent.

``crosslingual.json`` in the folder tells what it is. It is written last, so a folder that has it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from crosslingual.errors import ModelError
from crosslingual.files import replace_folder

_MANIFEST_FILE = "crosslingual.json"
_UNFINISHED_PREFIX, _FORMER_PREFIX = ".unfinished-", ".former-"


class DiskSpaceError(ModelError):
    """Too little room on the disk."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on disk.

    ``size`` is in bytes; ``digest`` is of its content, the same wherever it lies; ``version`` is
    that of a translation package, empty for the others.
    """

    name: str
    path: Path
    licence: str
    size: int
    kind: str
    source: str
    digest: str
    version: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``crosslingual.json`` says."""

    name: str
    kind: str
    licence: str
    source: str
    digest: str
    version: str = ""


def installed_models(home: Path) -> list[InstalledModel]:
    """The models in ``home``, by name."""
    models = home / "models"
    for former in models.glob(f"{_FORMER_PREFIX}*"):
        _restore_former(models / former.name.removeprefix(_FORMER_PREFIX))
    found = (find_installed(path.parent) for path in models.glob(f"[!.]*/{_MANIFEST_FILE}"))
    return sorted((model for model in found if model), key=lambda model: model.name)


def find_installed(path: Path) -> InstalledModel | None:
    """The model in folder ``path``, if a whole one is there."""
    if not path.exists():
        _restore_former(path)
    try:
        about = Manifest(**json.loads((path / _MANIFEST_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if not all(isinstance(value, str) for value in asdict(about).values()):
        return None
    return InstalledModel(
        path=path, size=sum(file.stat().st_size for file in _list_files(path)), **asdict(about)
    )


def ensure_installed(
    target: Path, is_current: Callable[[InstalledModel], bool], fill_folder: Callable[[Path], Manifest]
) -> InstalledModel:
    """The model in ``target``: the one there if ``is_current``, else one that ``fill_folder`` makes.

    ``fill_folder`` is given an empty folder beside ``target``, which takes its place only when all is done;
    what was there before stays until then. Two that install at once wait for one another.

    Raises:
        ModelError: the disk is full or cannot be written, or ``fill_folder`` says so.
    """
    _restore_former(target)
    if (model := find_installed(target)) and is_current(model):
        return model
    with lock_models(target.parent):
        if (model := find_installed(target)) and is_current(model):
            return model
        with _unfinished_folder(target.parent) as folder:
            about = fill_folder(folder)
            (folder / _MANIFEST_FILE).write_text(json.dumps(asdict(about), indent=2) + "\n", encoding="utf-8")
            replace_folder(folder, target, _former_path(target))
            _delete_folder(_former_path(target))
    model = find_installed(target)
    assert model is not None, "just written"  # noqa: S101  # tells mypy
    return model


def remove_folder(target: Path) -> None:
    """Remove the folder ``target``: rename it first, then delete it.

    Raises:
        ModelError: it cannot be removed.
    """
    with lock_models(target.parent), _unfinished_folder(target.parent) as folder:
        target.rename(folder / "removed")


@contextmanager
def lock_models(models: Path) -> Iterator[None]:
    """Lock ``models`` against other processes; disk errors inside become one line."""
    from filelock import FileLock

    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock"):
            yield
    except OSError as error:
        raise ModelError(
            f"{models}: cannot be written ({error.strerror or error}); make room there"
        ) from error


def check_free_space(n_bytes: int, folder: Path) -> None:
    """Raise a DiskSpaceError unless ``n_bytes`` bytes are free on the disk of ``folder``."""
    free = shutil.disk_usage(folder).free
    if free < n_bytes:
        raise DiskSpaceError(
            f"{folder.parent}: {free / 1e6:.0f} MB free, {n_bytes / 1e6:.0f} MB needed; "
            "make room, or set CROSSLINGUAL_HOME to another disk"
        )


def model_digest(folder: Path) -> str:
    """12 hexadecimal digits over what decides what a model gives; prose and our own note do not."""
    total = hashlib.sha256()
    for path in _list_files(folder):
        if path.suffix in (".json", ".safetensors", ".bin", ".model", ".txt") and path.name != _MANIFEST_FILE:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()[:12]


def _former_path(target: Path) -> Path:
    return target.with_name(f"{_FORMER_PREFIX}{target.name}")


def _restore_former(target: Path) -> None:
    """Put the model back that was at ``target``, where a kill came before the one that was to replace it."""
    from filelock import FileLock, Timeout

    if not _former_path(target).exists():
        return
    with suppress(OSError, Timeout), FileLock(target.parent / ".lock", timeout=0):  # else it is under way
        _settle_former(target)


def _settle_former(target: Path) -> None:
    former = _former_path(target)
    if target.exists():
        _delete_folder(former)
    elif former.exists():
        former.rename(target)


@contextmanager
def _unfinished_folder(models: Path) -> Iterator[Path]:
    """A folder beside the target, gone afterwards; so are those that a kill left behind."""
    for former in models.glob(f"{_FORMER_PREFIX}*"):
        _settle_former(models / former.name.removeprefix(_FORMER_PREFIX))
    for left in models.glob(f"{_UNFINISHED_PREFIX}*"):
        _delete_folder(left)
    folder = models / f"{_UNFINISHED_PREFIX}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        for left in models.glob(f"{_UNFINISHED_PREFIX}*"):
            _delete_folder(left)


def _delete_folder(path: Path) -> None:
    if path.is_symlink():  # a model that lies elsewhere, linked in: not ours to delete
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
