"""Any other CTranslate2 translation model: a folder with its SentencePiece files.

Converted OPUS-MT (Marian), NLLB and M2M100 models are understood.
https://opennmt.net/CTranslate2/guides/transformers.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from crosslingual.errors import ModelError, one_line
from crosslingual.translate.engine import Progress
from crosslingual.translate.seq2seq import Seq2Seq

_SOURCE = ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spm.model")
_TARGET = ("target.spm", *_SOURCE[1:])
_DIRECTION = re.compile(r"(?:^|[-_.])([a-z]{2,3})[-_]([a-z]{2,3})$")
_END = "</s>"
_TAGS = {
    "ar": "arb_Arab", "bg": "bul_Cyrl", "cs": "ces_Latn", "de": "deu_Latn", "en": "eng_Latn",
    "es": "spa_Latn", "fa": "pes_Arab", "fr": "fra_Latn", "hi": "hin_Deva", "it": "ita_Latn",
    "ja": "jpn_Jpan", "ko": "kor_Hang", "nl": "nld_Latn", "pl": "pol_Latn", "pt": "por_Latn",
    "ro": "ron_Latn", "ru": "rus_Cyrl", "tr": "tur_Latn", "uk": "ukr_Cyrl", "vi": "vie_Latn",
    "zh": "zho_Hans",
}  # fmt: skip
"""NLLB's names of the languages that outlets of the shipped table write in, and some more."""


def is_folder(path: Path) -> bool:
    """Whether ``path`` holds a translation model with SentencePiece files."""
    return (path / "model.bin").is_file() and _first(path, _SOURCE) is not None


class FolderEngine:
    """A model from disk, named after its folder. Its folder's name ends with its direction, as in
    ``opus-mt-zh-en``; a model of many languages tells by its vocabulary.
    """  # noqa: D205  # one sentence too long for a line

    portion = 512
    quick = True

    def __init__(self, path: Path) -> None:
        """Take the model in folder ``path``; it is loaded when it is first used.

        Raises:
            ModelError: the folder holds none, or does not tell which languages it translates.
        """
        self.name = path.resolve().name
        self._path = path
        source, target = _first(path, _SOURCE), _first(path, _TARGET)
        if not (path / "model.bin").is_file() or source is None or target is None:
            raise ModelError(
                f"{path}: no CTranslate2 translation model with SentencePiece files (source.spm and"
                " target.spm, or sentencepiece.model); convert one and copy them with it"
            )
        self._files = source, target
        self._models: dict[tuple[str, str], Seq2Seq] = {}
        match = _DIRECTION.search(self.name.lower())
        self._direction = (match[1], match[2]) if match else None
        try:
            told = self._direction or self._tagged("en")
            ends = _END in self._vocabulary and not self._configuration.get("add_source_eos")
        except (OSError, ValueError, TypeError, AttributeError) as error:
            reason = one_line(error)
            raise ModelError(
                f"{path}: its vocabulary or config.json cannot be read ({reason}); convert it again"
            ) from None
        # Models that come from transformers were trained to see the end of a source.
        self._after = [_END] if ends else []
        if not told:
            raise ModelError(
                f"{path}: does not tell its languages; let the folder's name end with them, as opus-mt-zh-en"
            )

    def way(self, src: str, tgt: str) -> str:
        """A digest of the model, where it translates this way."""
        tags = self._tagged(src) and self._tagged(tgt)
        able = src != tgt and (tags or (src, tgt) == self._direction)
        return f"{src}-{tgt} {self._digest}" if able else ""

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        """See :class:`crosslingual.translate.engine.Engine`."""
        if not self.way(src, tgt):
            raise ModelError(f"{self.name}: does not translate {src} to {tgt}; choose another translator")
        if (src, tgt) not in self._models:
            self._models[src, tgt] = self._load(src, tgt)
        return self._models[src, tgt].translate(texts, progress)

    def _load(self, src: str, tgt: str) -> Seq2Seq:
        from sentencepiece import SentencePieceProcessor

        try:
            source, target = (SentencePieceProcessor(model_file=str(file)) for file in self._files)
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"{self._path}: its tokenizer cannot be read ({error}); convert it again"
            ) from None
        before, prefix = self._tagged(src), self._tagged(tgt)
        return Seq2Seq(
            self._path,
            lambda text: source.encode(text, out_type=str),
            lambda tokens: target.decode([token for token in tokens if token != _END]),
            before=[before] if before else [],
            after=self._after,
            prefix=[prefix] if prefix else [],
        )

    def _tagged(self, lang: str) -> str:
        """The token for ``lang`` of a model of many languages; empty for others."""
        return next((tag for tag in (_TAGS.get(lang, ""), f"__{lang}__") if tag in self._vocabulary), "")

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        held: set[str] = set()
        for file in self._path.glob("*vocabulary.*"):
            text = file.read_text(encoding="utf-8")
            held.update(json.loads(text) if file.suffix == ".json" else text.split("\n"))
        return frozenset(held)

    @cached_property
    def _configuration(self) -> dict[str, Any]:
        file = self._path / "config.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    @cached_property
    def _digest(self) -> str:
        with (self._path / "model.bin").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _first(path: Path, names: Sequence[str]) -> Path | None:
    return next((path / name for name in names if (path / name).is_file()), None)
