"""What lies in ``home / "models"``: each model in a folder of its own, whole or absent.

``crosslingual.json`` in the folder tells what it is. It is written last, so a folder that has it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from crosslingual.disk import put_in_place
from crosslingual.errors import ModelError

_ABOUT = "crosslingual.json"
_UNFINISHED = ".unfinished-"


class RoomError(ModelError):
    """Too little room on the disk; nothing is wrong with what was to be written."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on disk.

    ``size`` is in bytes; ``digest`` is of its content, the same wherever it lies; ``version`` is that of
    a translation package, empty for the others.
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
class About:
    """What ``crosslingual.json`` says."""

    name: str
    kind: str
    licence: str
    source: str
    digest: str
    version: str = ""


def installed(home: Path) -> list[InstalledModel]:
    """The models in ``home``, by name."""
    found = (look(path.parent) for path in (home / "models").glob(f"[!.]*/{_ABOUT}"))
    return sorted((model for model in found if model), key=lambda model: model.name)


def look(path: Path) -> InstalledModel | None:
    """The model in folder ``path``, if a whole one is there."""
    try:
        about = About(**json.loads((path / _ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if not all(isinstance(value, str) for value in asdict(about).values()):
        return None
    return InstalledModel(path=path, size=sum(file.stat().st_size for file in _files(path)), **asdict(about))


def put(
    target: Path, is_current: Callable[[InstalledModel], bool], fill: Callable[[Path], About]
) -> InstalledModel:
    """The model in ``target``: the one there if ``is_current``, else one that ``fill`` makes.

    ``fill`` is given an empty folder beside ``target``, which takes its place only when all is done; what
    was there before stays until then. Two that install at once wait for one another.

    Raises:
        ModelError: the disk is full or cannot be written, or ``fill`` says so.
    """
    if (model := look(target)) and is_current(model):
        return model
    with locked(target.parent):
        if (model := look(target)) and is_current(model):
            return model
        with _unfinished(target.parent) as folder:
            about = fill(folder)
            (folder / _ABOUT).write_text(json.dumps(asdict(about), indent=2) + "\n", encoding="utf-8")
            put_in_place(folder, target, folder.with_name(f"{folder.name}-old"))
    model = look(target)
    assert model is not None, "just written"  # noqa: S101  # tells mypy
    return model


def take_away(target: Path) -> None:
    """Remove the folder ``target``: at once gone under its name, then from the disk.

    Raises:
        ModelError: it cannot be removed.
    """
    with locked(target.parent), _unfinished(target.parent) as folder:
        target.rename(folder / "removed")


@contextmanager
def locked(models: Path) -> Iterator[None]:
    """Within, nobody else changes what lies in ``models``; a failure of the disk is one line."""
    from filelock import FileLock

    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock"):
            yield
    except OSError as error:
        raise ModelError(
            f"{models}: cannot be written ({error.strerror or error}); make room there"
        ) from error


def make_sure_of(size: int, folder: Path) -> None:
    """Raise a RoomError unless ``size`` bytes are free on the disk of ``folder``."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise RoomError(
            f"{folder.parent}: {free / 1e6:.0f} MB free, {size / 1e6:.0f} MB needed; "
            "make room, or set CROSSLINGUAL_HOME to another disk"
        )


def digest(folder: Path) -> str:
    """12 hexadecimal digits over what decides what a model gives; prose and our own note do not."""
    total = hashlib.sha256()
    for path in _files(folder):
        if path.suffix in (".json", ".safetensors", ".bin", ".model", ".txt") and path.name != _ABOUT:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()[:12]


@contextmanager
def _unfinished(models: Path) -> Iterator[Path]:
    """A folder beside the target, gone afterwards; so are those that a kill left behind."""
    for left in models.glob(f"{_UNFINISHED}*"):
        _delete(left)
    folder = models / f"{_UNFINISHED}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        for left in models.glob(f"{_UNFINISHED}*"):
            _delete(left)


def _delete(path: Path) -> None:
    if path.is_symlink():  # a model that lies elsewhere, linked in: not ours to delete
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
