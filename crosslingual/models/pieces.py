"""A unigram tokenizer of which only those pieces are loaded that a text can be made of.

All 250,000 take a second to load, in which a query could have been answered. Those that occur in a text are
found in a sorted list, and a tokenizer of these alone cuts the text as the whole one does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.disk import draft
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class Pieces:
    """The v pieces of a unigram tokenizer, ``sorted`` as UTF-8, each with its place in ``ids`` (v,).

    ``scores`` (v,) are by id, logarithms of probabilities. ``rest`` is the tokenizer's JSON without pieces.
    """

    sorted: NDArray[np.bytes_]
    ids: NDArray[np.int64]
    scores: FloatArray
    rest: str

    def tokenizer(self, texts: Iterable[str]) -> tuple[Tokenizer, NDArray[np.int64]]:
        """A tokenizer that cuts ``texts`` as the whole one does; and the ids (p,) that its ids stand for."""
        rest: dict[str, Any] = json.loads(self.rest)
        special = [token["id"] for token in rest["added_tokens"]]
        plain = self._made(rest, special)
        # What is unknown costs by the least likely piece of all.
        wanted = {*special, int(self.scores.argmin()), *self._within(plain, texts)}
        ids = np.array(sorted(wanted), dtype=np.int64)
        return self._made(rest, ids.tolist()), ids

    def _made(self, rest: dict[str, Any], ids: list[int]) -> Tokenizer:
        from tokenizers import Tokenizer

        places = {id_: place for place, id_ in enumerate(ids)}
        named = {int(self.ids[row]): self.sorted[row] for row in np.flatnonzero(np.isin(self.ids, ids))}
        model = rest["model"] | {
            "vocab": [(named[id_].decode(), float(self.scores[id_])) for id_ in ids],
            "unk_id": places[rest["model"]["unk_id"]],
        }
        added = [token | {"id": places[token["id"]]} for token in rest["added_tokens"]]
        return Tokenizer.from_str(json.dumps(rest | {"model": model, "added_tokens": added}))

    def _within(self, plain: Tokenizer, texts: Iterable[str]) -> list[int]:
        """The ids of all pieces that occur in ``texts``, as ``plain`` normalises them."""
        longest = self.sorted.dtype.itemsize
        normal, cut = plain.normalizer, plain.pre_tokenizer
        parts = {
            word[start:end]
            for text in texts
            for word, _ in cut.pre_tokenize_str(normal.normalize_str(text))
            for start in range(len(word))
            for end in range(start + 1, min(start + longest, len(word)) + 1)
        }
        encoded = [part for part in map(str.encode, parts) if len(part) <= longest]
        asked = np.array(encoded, dtype=self.sorted.dtype)
        rows = np.minimum(np.searchsorted(self.sorted, asked), len(self.sorted) - 1)
        return self.ids[rows[self.sorted[rows] == asked]].tolist()  # type: ignore[no-any-return]  # numpy's


def load_pieces(tokenizer: Path, kept: Path) -> Pieces | None:
    """The pieces of a ``tokenizer.json``, kept at ``kept`` once they are sorted; None of another kind."""
    with suppress(Exception), np.load(kept, allow_pickle=False) as saved:  # whatever a damaged file provokes
        return Pieces(saved["sorted"], saved["ids"], saved["scores"], str(saved["rest"]))
    rest: dict[str, Any] = json.loads(tokenizer.read_text(encoding="utf-8"))
    if rest["model"]["type"] != "Unigram" or rest["model"].get("byte_fallback"):
        return None
    vocabulary = rest["model"].pop("vocab")
    texts = np.array([piece.encode() for piece, _ in vocabulary])
    order = np.argsort(texts, kind="stable")
    scores = np.array([score for _, score in vocabulary], dtype=np.float32)
    pieces = Pieces(texts[order], order, scores, json.dumps(rest))
    with suppress(OSError):  # derived: what cannot be kept is sorted again
        kept.parent.mkdir(parents=True, exist_ok=True)
        with draft(kept) as new, new.open("wb") as out:
            np.savez(
                out, sorted=pieces.sorted, ids=pieces.ids, scores=pieces.scores, rest=np.array(pieces.rest)
            )
    return pieces
