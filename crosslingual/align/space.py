"""The space in which sentences of several languages are compared."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosslingual.encode import Encoder
from crosslingual.errors import InputError
from crosslingual.models import encoder_key, load_encoder
from crosslingual.translate.memory import read_tmx
from crosslingual.types import FloatArray

DEMO = Path(__file__).parents[2] / "corpora" / "demo"


@dataclass(frozen=True)
class Space:
    """An encoder's vectors less what only tells their language.

    A multilingual encoder leaves an offset in each language's vectors that says nothing of their meaning.
    ``means`` gives the point (d,) to subtract for each language, ``elsewhere`` that for any other;
    ``model`` is the encoder's key.
    """

    model: str
    means: Mapping[str, FloatArray]
    elsewhere: FloatArray

    def centred(self, vectors: FloatArray, lang: str) -> FloatArray:
        """``vectors`` (n, d) of texts in ``lang`` in this space, of length 1."""
        moved = vectors - self.means.get(lang, self.elsewhere)
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-12), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write to ``path``, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("wb") as out:
                np.savez(out, allow_pickle=False, model=self.model, elsewhere=self.elsewhere, **self.means)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, model: str) -> Space | None:
        """The space saved at ``path``; None where there is none of ``model`` that can be read."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                means = {name: saved[name] for name in saved.files}
        except Exception:  # whatever a damaged file provokes in zipfile below
            return None
        if str(means.pop("model", "")) != model or "elsewhere" not in means:
            return None
        return cls(model, means, means.pop("elsewhere"))


def fit_space(encoder: Encoder, pairs: Iterable[tuple[str, str, str]]) -> Space:
    """The space of ``encoder`` from translations: (language, text, the text in English).

    The mean difference between a text and its translation is the language's offset from English: what
    the texts are about cancels out, so that a few dozen pairs do, on any subject.
    """
    langs, texts, english = zip(*pairs, strict=True)
    vectors = encoder.encode([*texts, *english])
    native, translated = vectors[: len(texts)], vectors[len(texts) :]
    origin = translated.mean(axis=0)
    means = {"en": origin} | {
        lang: origin + _rows(native - translated, langs, lang).mean(axis=0) for lang in sorted(set(langs))
    }
    return Space(encoder.name, means, np.asarray(np.mean(list(means.values()), axis=0), dtype=np.float32))


def _rows(matrix: FloatArray, labels: Sequence[str], label: str) -> FloatArray:
    return matrix[[place for place, other in enumerate(labels) if other == label]]


def load_space(name: str, home: Path) -> Space:
    """The space of encoder ``name``: fitted once, to the hand-made translations of ``corpora/demo``.

    Raises:
        ModelError: the encoder is not on disk.
        InputError: the translations are missing or damaged.
    """
    key = encoder_key(name, home)
    pairs = _shipped_pairs()
    digest = hashlib.sha256(f"{key}\0{pairs}".encode()).hexdigest()
    path = home / "spaces" / f"{digest[:16]}.npz"
    space = Space.load(path, key)
    if space is None:
        space = fit_space(load_encoder(name, home), pairs)
        with suppress(OSError):  # derived: what cannot be kept is fitted again
            space.save(path)
    return space


def _shipped_pairs() -> list[tuple[str, str, str]]:
    pairs = [
        (entry.src_lang, entry.src, entry.tgt)
        for path in sorted(DEMO.glob("*/memory.tmx"))
        for entry in read_tmx(path)
        if entry.tgt_lang == "en"
    ]
    if not pairs:
        raise InputError(f"{DEMO}: no translations here; get the project's corpora folder back")
    return pairs
