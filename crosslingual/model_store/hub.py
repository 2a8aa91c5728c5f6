"""Sentence-transformers models from the Hugging Face hub, fetched when a person asks for one by name."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from crosslingual.errors import ModelError, one_line

_FILE_SUFFIXES = (".json", ".txt", ".model", ".safetensors")
_EXCLUDED_PARTS = {"/", "..", "onnx", "openvino"}


@dataclass(frozen=True, slots=True)
class HubModel:
    """One revision of a model on the hub: the ``files`` wanted of it, ``size`` in bytes."""

    name: str
    revision: str
    licence: str
    files: tuple[str, ...]
    size: int


def find_model(name: str) -> HubModel:
    """What the hub has under ``name``: all that PyTorch needs, no code, no other runtime's weights.

    Raises:
        ModelError: the hub cannot be reached, or has no such model for us.
    """
    with _hub_access(name):
        from huggingface_hub import HfApi

        info = HfApi().model_info(name, files_metadata=True)
    sizes = {entry.rfilename: entry.size or 0 for entry in info.siblings or []}
    files = _select_files(sizes)
    licence = info.card_data.get("license") if info.card_data else None
    size = sum(sizes[file] for file in files)
    return HubModel(name, str(info.sha), str(licence or "not stated"), files, size)


def fetch_model(model: HubModel, folder: Path, *, progress: Callable[[str, float], None]) -> None:
    """Write the files of ``model`` to ``folder``. ``progress`` is told the share of bytes done.

    Raises:
        ModelError: the connection broke.
        OSError: the disk is full or cannot be written.
    """
    cache = folder / ".cache"
    with _hub_access(model.name):
        from huggingface_hub import snapshot_download
        from tqdm import tqdm

        class CallbackBar(tqdm):  # type: ignore[misc]  # for lack of stubs
            """Tells ``progress`` instead of the terminal; some of the hub's bars count bytes."""

            def __init__(self, *given: Any, **options: Any) -> None:
                self.counts_bytes = options.get("unit") == "B"
                super().__init__(*given, **(options | {"disable": True}))

            def update(self, n: float | None = 1) -> None:
                self.n += n or 0
                if self.counts_bytes:
                    progress(f"downloading {model.name}", min(1.0, self.n / max(1, model.size)))

        snapshot_download(
            model.name,
            revision=model.revision,
            allow_patterns=list(model.files),
            local_dir=folder,
            cache_dir=cache,
            tqdm_class=CallbackBar,
        )
    shutil.rmtree(cache, ignore_errors=True)


def _select_files(file_names: Iterable[str]) -> tuple[str, ...]:
    paths = [path for path in map(PurePosixPath, file_names) if _EXCLUDED_PARTS.isdisjoint(path.parts)]
    safe = {path.parent for path in paths if path.suffix == ".safetensors"}
    return tuple(
        str(path)
        for path in paths
        if path.suffix in _FILE_SUFFIXES
        # A pickle only where nothing better is offered; transformers loads it as weights, never as code.
        or (path.match("pytorch_model*.bin") and path.parent not in safe)
    )


@contextmanager
def _hub_access(name: str) -> Iterator[None]:
    """Allow connections to the hub; errors inside become one line."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import constants
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, False
    try:
        yield
    except GatedRepoError as error:
        raise ModelError(
            f"{name}: its owner asks for an agreement; choose another, or give a copy's path"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"{name}: the hub has no such public model; check the name") from error
    except Exception as error:  # its client raises errors of several libraries
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
            raise
        reason = one_line(error.__cause__ or error)
        raise ModelError(
            f"{name}: cannot be fetched from the hub ({reason}); check the connection, "
            "or give the path of a copy on disk as encoder"
        ) from error
    finally:
        constants.HF_HUB_OFFLINE = before
