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
from crosslingual.translation.engine import Progress
from crosslingual.translation.seq2seq import Seq2SeqModel

_SOURCE_FILES = ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spm.model")
_TARGET_FILES = ("target.spm", *_SOURCE_FILES[1:])
_DIRECTION_PATTERN = re.compile(r"(?:^|[-_.])([a-z]{2,3})[-_]([a-z]{2,3})$")
_EOS = "</s>"
_NLLB_CODES = {
    "ar": "arb_Arab", "bg": "bul_Cyrl", "cs": "ces_Latn", "de": "deu_Latn", "en": "eng_Latn",
    "es": "spa_Latn", "fa": "pes_Arab", "fr": "fra_Latn", "hi": "hin_Deva", "it": "ita_Latn",
    "ja": "jpn_Jpan", "ko": "kor_Hang", "nl": "nld_Latn", "pl": "pol_Latn", "pt": "por_Latn",
    "ro": "ron_Latn", "ru": "rus_Cyrl", "tr": "tur_Latn", "uk": "ukr_Cyrl", "vi": "vie_Latn",
    "zh": "zho_Hans",
}  # fmt: skip
"""NLLB's names of the languages that outlets of the shipped table write in, and some more."""


def is_seq2seq_folder(path: Path) -> bool:
    """Whether ``path`` holds a translation model with SentencePiece files."""
    return (path / "model.bin").is_file() and _first_existing(path, _SOURCE_FILES) is not None


class FolderEngine:
    """A model from disk, named after its folder. Its folder's name ends with its direction, as in
    ``opus-mt-zh-en``; a model of many languages tells by its vocabulary.
    """  # noqa: D205  # one sentence too long for a line

    batch_size = 512
    is_fast = True

    def __init__(self, path: Path) -> None:
        """Take the model in folder ``path``; it is loaded when it is first used.

        Raises:
            ModelError: the folder holds none, or does not tell which languages it translates.
        """
        self.name = path.resolve().name
        self._path = path
        source, target = _first_existing(path, _SOURCE_FILES), _first_existing(path, _TARGET_FILES)
        if not (path / "model.bin").is_file() or source is None or target is None:
            raise ModelError(
                f"{path}: no CTranslate2 translation model with SentencePiece files (source.spm and"
                " target.spm, or sentencepiece.model); convert one and copy them with it"
            )
        self._tokenizer_files = source, target
        self._models: dict[tuple[str, str], Seq2SeqModel] = {}
        match = _DIRECTION_PATTERN.search(self.name.lower())
        self._direction = (match[1], match[2]) if match else None
        try:
            told = self._direction or self._language_token("en")
            ends = _EOS in self._vocabulary and not self._config.get("add_source_eos")
        except (OSError, ValueError, TypeError, AttributeError) as error:
            reason = one_line(error)
            raise ModelError(
                f"{path}: its vocabulary or config.json cannot be read ({reason}); convert it again"
            ) from None
        # Models that come from transformers were trained to see the end of a source.
        self._source_suffix = [_EOS] if ends else []
        if not told:
            raise ModelError(
                f"{path}: does not tell its languages; let the folder's name end with them, as opus-mt-zh-en"
            )

    def route(self, src: str, tgt: str) -> str:
        """A digest of the model, where it translates this way."""
        tags = self._language_token(src) and self._language_token(tgt)
        able = src != tgt and (tags or (src, tgt) == self._direction)
        return f"{src}-{tgt} {self._model_digest}" if able else ""

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        """See :class:`crosslingual.translation.engine.Engine`."""
        if not self.route(src, tgt):
            raise ModelError(f"{self.name}: does not translate {src} to {tgt}; choose another translator")
        if (src, tgt) not in self._models:
            self._models[src, tgt] = self._load_model(src, tgt)
        return self._models[src, tgt].translate(texts, progress)

    def _load_model(self, src: str, tgt: str) -> Seq2SeqModel:
        from sentencepiece import SentencePieceProcessor

        try:
            source, target = (SentencePieceProcessor(model_file=str(file)) for file in self._tokenizer_files)
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"{self._path}: its tokenizer cannot be read ({error}); convert it again"
            ) from None
        before, prefix = self._language_token(src), self._language_token(tgt)
        return Seq2SeqModel(
            self._path,
            lambda text: source.encode(text, out_type=str),
            lambda tokens: target.decode([token for token in tokens if token != _EOS]),
            source_prefix=[before] if before else [],
            source_suffix=self._source_suffix,
            target_prefix=[prefix] if prefix else [],
        )

    def _language_token(self, lang: str) -> str:
        """The token for ``lang`` of a model of many languages; empty for others."""
        return next(
            (tag for tag in (_NLLB_CODES.get(lang, ""), f"__{lang}__") if tag in self._vocabulary), ""
        )

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        held: set[str] = set()
        for file in self._path.glob("*vocabulary.*"):
            text = file.read_text(encoding="utf-8")
            held.update(json.loads(text) if file.suffix == ".json" else text.split("\n"))
        return frozenset(held)

    @cached_property
    def _config(self) -> dict[str, Any]:
        file = self._path / "config.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    @cached_property
    def _model_digest(self) -> str:
        with (self._path / "model.bin").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _first_existing(path: Path, names: Sequence[str]) -> Path | None:
    return next((path / name for name in names if (path / name).is_file()), None)
