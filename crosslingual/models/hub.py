"""Sentence-transformers models from the Hugging Face hub: the only code here that opens a connection."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crosslingual.errors import ModelError

# safetensors only: a pickle from the network could run anything. No copies for other runtimes.
_FILES: dict[str, Any] = {
    "allow_patterns": ["*.json", "*.safetensors", "*.txt", "*.model", "README.md"],
    "ignore_patterns": ["onnx/*", "openvino/*"],
}


def size(name: str) -> int:
    """Bytes that ``fetch`` will download.

    Raises:
        ModelError: the hub cannot be reached, or has no such model.
    """
    with _online(name):
        from huggingface_hub import snapshot_download

        return sum(file.file_size or 0 for file in snapshot_download(name, dry_run=True, **_FILES))


def fetch(name: str, folder: Path, *, progress: Callable[[str, float], None]) -> tuple[str, str]:
    """Download model ``name`` into the empty ``folder``; returns its licence and its source.

    Raises:
        ModelError: the hub cannot be reached, or has no such model.
        OSError: the disk is full or cannot be written.
    """
    cache = folder / ".cache"
    total = max(1, size(name))
    with _online(name):
        from huggingface_hub import ModelCard, model_info, snapshot_download
        from tqdm import tqdm

        class Bar(tqdm):  # type: ignore[type-arg]  # not generic at run time
            """Tells ``progress`` instead of the terminal; the hub shows bytes on some bars, files on others."""

            def __init__(self, *given: Any, **options: Any) -> None:
                self.counts_bytes = options.get("unit") == "B"
                super().__init__(*given, **(options | {"disable": True}))

            def update(self, n: float | None = 1) -> None:
                self.n += n or 0
                if self.counts_bytes:
                    progress(f"downloading {name}", min(1.0, self.n / total))

        revision = model_info(name).sha
        snapshot_download(
            name, revision=revision, local_dir=folder, cache_dir=cache, tqdm_class=Bar, **_FILES
        )
        shutil.rmtree(cache, ignore_errors=True)
        readme = folder / "README.md"
        licence = ModelCard.load(readme).data.get("license") if readme.is_file() else None
    return str(licence or "unknown"), f"huggingface.co/{name} at {str(revision)[:12]}"


@contextmanager
def _online(name: str) -> Iterator[None]:
    """Within, the hub may be asked, and what goes wrong is one line."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import constants
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, False
    try:
        yield
    except GatedRepoError as error:
        raise ModelError(
            f"{name}: its owner asks for an agreement; accept it on huggingface.co first"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"{name}: the hub has no such public model; check the name") from error
    except Exception as error:  # its client raises errors of several libraries
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
            raise
        reason = " ".join(str(error.__cause__ or error).split())[:200]
        raise ModelError(
            f"{name}: cannot be fetched from the hub ({reason}); check the connection, "
            "or give the path of a copy on disk as encoder"
        ) from error
    finally:
        constants.HF_HUB_OFFLINE = before
