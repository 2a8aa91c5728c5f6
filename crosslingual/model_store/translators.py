"""The translators that are installed, or lie in a folder, in the order they are preferred."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.errors import ModelError
from crosslingual.model_store import TRANSLATOR_ALIAS, TRANSLATOR_KIND, installed_models, package_folders
from crosslingual.settings import is_engine_path
from crosslingual.translation.argos import ENGINE_NAME as ARGOS
from crosslingual.translation.argos import ArgosEngine
from crosslingual.translation.chat import ChatEngine, is_chat_folder
from crosslingual.translation.folder import FolderEngine, is_seq2seq_folder

if TYPE_CHECKING:
    from crosslingual.translation.engine import Engine


def load_engines(engine_names: Sequence[str], home: Path) -> list[Engine]:
    """The engines named in ``engine_names`` that are there, best first; none loads its model yet.

    A name is ``argostranslate``, that of the language model, or the path of a CTranslate2 folder. What can
    be installed and is not is left out; a path that leads nowhere is an error.

    Raises:
        ModelError: a path holds no model that translates, or nothing has such a name.
    """
    from crosslingual.model_store import qwen

    held = {model.name: model for model in installed_models(home) if model.kind == TRANSLATOR_KIND}
    engines: list[Engine] = []
    for name in engine_names:
        if name == ARGOS:
            if packages := package_folders(home):
                engines.append(ArgosEngine(packages))
        elif name in held:
            engines.append(ChatEngine(held[name].path, name, held[name].digest[:12]))
        elif is_engine_path(name):
            engines.append(_load_folder_engine(name))
        elif name != qwen.MODEL_NAME:
            raise ModelError(
                f"{name}: no translator has this name; let the setting translators name {ARGOS},"
                f" {qwen.MODEL_NAME} or the path of a folder"
            )
    return engines


def can_model_translate(src: str, tgt: str) -> bool:
    """Whether the language model that can be installed would translate ``src`` to ``tgt``."""
    return bool(ChatEngine(Path(), TRANSLATOR_ALIAS, "any").route(src, tgt))


def _load_folder_engine(name: str) -> Engine:
    path = Path(os.path.expanduser(name))  # noqa: PTH111  # a user who is none is no error of ours
    if is_seq2seq_folder(path):
        return FolderEngine(path)
    if is_chat_folder(path):
        return ChatEngine(path, path.resolve().name, "")
    raise ModelError(f"{path}: no translation model here; mend the setting translators")
