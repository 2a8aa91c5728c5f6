"""argostranslate as engine: its packages, one translation model per direction.

Its own ``translate()`` splits texts again, with splitters that download themselves, and translates
paragraph by paragraph; here sentences go through a package's tokenizer and model in batches.
https://github.com/argosopentech/argos-translate
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from crosslingual.errors import ModelError, one_line
from crosslingual.extras import needs_extra
from crosslingual.translation.engine import Progress
from crosslingual.translation.seq2seq import Seq2SeqModel

ENGINE_NAME = "argostranslate"
PIVOT_LANGUAGE = "en"
"""Preferred between languages that no package joins: most packages are from or to it."""
_PROBE_SENTENCES = {
    "zh": "他们昨天在北京见面。",
    "ru": "Они встретились вчера в Москве.",
    "uk": "Вони зустрілися вчора в Києві.",
    "ja": "彼らは昨日東京で会いました。",
    "ar": "التقوا أمس في القاهرة.",
}
_DEFAULT_PROBE_SENTENCE = "They met in Paris yesterday."
_import_lock = Lock()


class ArgosEngine:
    """Translates by packages; where none joins two languages, by two, in turn."""

    name = ENGINE_NAME
    batch_size = 512
    is_fast = True

    def __init__(self, packages: Mapping[tuple[str, str], Path]) -> None:
        """``packages`` are folders by direction: source and target language."""
        self._packages = dict(packages)
        self._models: dict[tuple[str, str], Seq2SeqModel] = {}

    def route(self, src: str, tgt: str) -> str:
        """The packages on the shortest way with their versions: ``uk-ru 1.2, ru-en 1.9``."""
        return ", ".join(
            f"{one}-{other} {_package_version(self._packages[one, other])}"
            for one, other in self._route_steps(src, tgt)
        )

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        """See :class:`crosslingual.translation.engine.Engine`."""
        steps = self._route_steps(src, tgt)
        if not steps:
            raise ModelError(
                f"{src}-{tgt}: no package translates this way; run: crosslingual models install"
                f" {' '.join(needed_packages([src], tgt))}"
            )
        made = list(texts)
        for number, step in enumerate(steps):
            made = self._step_model(step).translate(made, _step_progress(progress, number, len(steps)))
        return made

    def _route_steps(self, src: str, tgt: str) -> list[tuple[str, str]]:
        """Directions to take in turn: one, else two through the language that serves best; else none."""
        if src == tgt or (src, tgt) in self._packages:
            return [(src, tgt)] if src != tgt else []
        between = [mid for one, mid in self._packages if one == src and (mid, tgt) in self._packages]
        between.sort(key=lambda mid: (mid != PIVOT_LANGUAGE, mid))
        return [(src, between[0]), (between[0], tgt)] if between else []

    def _step_model(self, step: tuple[str, str]) -> Seq2SeqModel:
        if step not in self._models:
            self._models[step] = _load_model(self._packages[step])
        return self._models[step]


def needed_packages(langs: Iterable[str], tgt: str) -> list[str]:
    """Names of the packages that translate ``langs`` into ``tgt``: where English is neither, through it."""
    found: dict[str, None] = {}
    for lang in langs:
        steps = (lang, tgt) if PIVOT_LANGUAGE in (lang, tgt) else (lang, PIVOT_LANGUAGE, tgt)
        found |= dict.fromkeys(f"{one}-{other}" for one, other in pairwise(steps))
    return list(found)


def load_package(path: Path) -> Any:
    """The ``argostranslate.load_package.Package`` in folder ``path``.

    Raises:
        ModelError: the folder holds none.
    """
    try:
        return _import_package_class()(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = one_line(error)
        raise ModelError(f"{path}: no package of argostranslate ({reason}); install it again") from None


def probe_package(path: Path) -> str:
    """What the package in folder ``path`` makes of a short sentence, by its tokenizer and model.

    Raises:
        ModelError: it cannot be loaded, or makes nothing of it.
    """
    held = load_package(path)
    try:
        made = _load_model(path).translate(
            [_PROBE_SENTENCES.get(str(held.from_code), _DEFAULT_PROBE_SENTENCE)]
        )[0]
    except (RuntimeError, ValueError, OSError, AttributeError, TypeError, IndexError) as error:
        reason = one_line(error)
        raise ModelError(f"{path}: does not translate ({reason}); install it again") from None
    if not made:
        raise ModelError(f"{path}: translates to nothing; install another version")
    return made


def _load_model(path: Path) -> Seq2SeqModel:
    held = load_package(path)
    if not hasattr(held, "tokenizer"):
        raise ModelError(f"{path}: has no tokenizer (sentencepiece.model or bpe.model); install it again")
    prefix = [str(held.target_prefix)] if held.target_prefix else []
    return Seq2SeqModel(path / "model", held.tokenizer.encode, held.tokenizer.decode, target_prefix=prefix)


def _package_version(path: Path) -> str:
    return str(load_package(path).package_version)


def _step_progress(progress: Progress | None, step_index: int, n_steps: int) -> Progress | None:
    return (lambda done, total: progress((step_index * total + done) // n_steps, total)) if progress else None


@cache
def _import_package_class() -> Any:
    """``argostranslate.load_package.Package``, imported without a trace in the user's home."""
    with (
        _import_lock,
        TemporaryDirectory() as folder,
        _redirect_environment(folder),
        needs_extra("translate"),
    ):
        from argostranslate.package import Package
    return Package


@contextmanager
def _redirect_environment(folder: str) -> Iterator[None]:
    """Importing argostranslate makes folders, in places that it reads from the environment."""
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "ARGOS_PACKAGES_DIR")
    before = {name: os.environ.get(name) for name in (*names, "KMP_DUPLICATE_LIB_OK")}
    os.environ.update(dict.fromkeys(names, folder))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
