"""A sentence-transformers model from disk, without a connection."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.errors import ModelError, one_line

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# Read by the libraries when they are first imported: no hub, no telemetry, no bars on the terminal.
_OFFLINE_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def load_model(path: Path, dtype: torch.dtype) -> SentenceTransformer:
    """The sentence-transformers model in folder ``path``, on the processor, in ``dtype``, offline.

    Raises:
        ModelError: it cannot be loaded.
    """
    os.environ.update(_OFFLINE_ENVIRONMENT)
    from huggingface_hub import constants
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    constants.HF_HUB_OFFLINE = True  # whoever imported it before the switches were set
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own gap
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        return SentenceTransformer(
            str(path), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
        ).eval()
    except Exception as error:  # whatever a damaged folder provokes in the libraries below
        reason = one_line(error)
        raise ModelError(
            f"{path}: cannot be loaded as a sentence-transformers model ({reason}); "
            "install it again or choose another encoder"
        ) from error


def select_native_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it natively, else float32."""
    import torch

    able = torch.cpu.get_capabilities()
    native = any(able.get(unit) for unit in ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16"))
    return torch.bfloat16 if native else torch.float32
