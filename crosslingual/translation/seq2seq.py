"""One CTranslate2 translation model with its tokenizer: sentences in, sentences out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from crosslingual.errors import ModelError, one_line
from crosslingual.extras import needs_extra
from crosslingual.translation.engine import Progress

BEAM_SIZE = 4
LENGTH_PENALTY = 0.2
"""Both as argostranslate has them."""
TOKENS_PER_BATCH = 1_024
MAX_PIECE_TOKENS = 200
"""Tokens of a piece; a longer sentence is translated in pieces, for models stop after 256."""


@dataclass
class Seq2SeqModel:
    """``encode`` and ``decode`` are the tokenizer's; ``source_prefix`` and ``source_suffix`` stand around a source.

    ``target_prefix`` are tokens that a translation begins with and does not show.
    """

    model_path: Path
    encode: Callable[[str], list[str]]
    decode: Callable[[list[str]], str]
    source_prefix: Sequence[str] = ()
    source_suffix: Sequence[str] = ()
    target_prefix: Sequence[str] = ()

    def translate(self, texts: Sequence[str], progress: Progress | None = None) -> list[str]:
        """``texts`` translated, in their order, in batches of like length on all cores.

        Raises:
            ModelError: the model cannot be loaded.
        """
        pieces: list[tuple[int, list[str]]] = []
        for number, text in enumerate(texts):
            tokens = self.encode(" ".join(text.split()))
            pieces += ((number, piece) for piece in _split_tokens(tokens))
        order = sorted(range(len(pieces)), key=lambda i: -len(pieces[i][1]))
        results = self._translator.translate_iterable(
            ([*self.source_prefix, *pieces[i][1], *self.source_suffix] for i in order),
            ([*self.target_prefix] for _ in order) if self.target_prefix else None,
            max_batch_size=TOKENS_PER_BATCH,
            batch_type="tokens",
            beam_size=BEAM_SIZE,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=True,
        )
        made: dict[int, str] = {}
        for i, result in zip(order, results, strict=True):
            made[i] = self._decode_tokens(result.hypotheses[0])
            if progress:
                progress(len(texts) * len(made) // len(order), len(texts))
        whole: list[list[str]] = [[] for _ in texts]
        for i, (number, _) in enumerate(pieces):
            whole[number].append(made[i])
        return [" ".join(filter(None, parts)) for parts in whole]

    def _decode_tokens(self, tokens: list[str]) -> str:
        shown = (
            tokens[len(self.target_prefix) :]
            if tokens[: len(self.target_prefix)] == [*self.target_prefix]
            else tokens
        )
        return self.decode(shown).strip()

    @cached_property
    def _translator(self) -> Any:
        with needs_extra("translate"):
            import ctranslate2
        try:
            return ctranslate2.Translator(
                str(self.model_path), device="cpu", inter_threads=os.cpu_count() or 1, intra_threads=1
            )
        except (RuntimeError, ValueError) as error:
            reason = one_line(error)
            raise ModelError(f"{self.model_path}: cannot be loaded ({reason}); install it again") from None


def _split_tokens(tokens: list[str]) -> list[list[str]]:
    """``tokens`` in as few pieces of like length as ``MAX_PIECE_TOKENS`` allows, none for no tokens."""
    count = -(-len(tokens) // MAX_PIECE_TOKENS)
    ends = [len(tokens) * i // count for i in range(count + 1)] if count else []
    return [tokens[start:end] for start, end in pairwise(ends)]
