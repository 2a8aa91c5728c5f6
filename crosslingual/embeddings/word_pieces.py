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

from crosslingual.files import save_arrays
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class UnigramPieces:
    """The v pieces of a unigram tokenizer, ``sorted_pieces`` as UTF-8, each with its place in ``piece_ids`` (v,).

    ``scores`` (v,) are by id, logarithms of probabilities. ``tokenizer_json`` is the tokenizer's JSON without pieces.
    """

    sorted_pieces: NDArray[np.bytes_]
    piece_ids: NDArray[np.int64]
    scores: FloatArray
    tokenizer_json: str

    def build_tokenizer(self, texts: Iterable[str]) -> tuple[Tokenizer, NDArray[np.int64]]:
        """A tokenizer that cuts ``texts`` as the whole one does; and the ids (p,) that its ids stand for."""
        rest: dict[str, Any] = json.loads(self.tokenizer_json)
        special = [token["id"] for token in rest["added_tokens"]]
        plain = self._reduced_tokenizer(rest, special)
        # What is unknown costs by the least likely piece of all.
        wanted = {*special, int(self.scores.argmin()), *self._occurring_ids(plain, texts)}
        ids = np.array(sorted(wanted), dtype=np.int64)
        return self._reduced_tokenizer(rest, ids.tolist()), ids

    def _reduced_tokenizer(self, config: dict[str, Any], ids: list[int]) -> Tokenizer:
        from tokenizers import Tokenizer

        places = {id_: place for place, id_ in enumerate(ids)}
        named = {
            int(self.piece_ids[row]): self.sorted_pieces[row]
            for row in np.flatnonzero(np.isin(self.piece_ids, ids))
        }
        model = config["model"] | {
            "vocab": [(named[id_].decode(), float(self.scores[id_])) for id_ in ids],
            "unk_id": places[config["model"]["unk_id"]],
        }
        added = [token | {"id": places[token["id"]]} for token in config["added_tokens"]]
        return Tokenizer.from_str(json.dumps(config | {"model": model, "added_tokens": added}))

    def _occurring_ids(self, base_tokenizer: Tokenizer, texts: Iterable[str]) -> list[int]:
        """The ids of all pieces that occur in ``texts``, as ``base_tokenizer`` normalises them."""
        longest = self.sorted_pieces.dtype.itemsize
        normal, cut = base_tokenizer.normalizer, base_tokenizer.pre_tokenizer
        parts = {
            word[start:end]
            for text in texts
            for word, _ in cut.pre_tokenize_str(normal.normalize_str(text))
            for start in range(len(word))
            for end in range(start + 1, min(start + longest, len(word)) + 1)
        }
        encoded = [part for part in map(str.encode, parts) if len(part) <= longest]
        asked = np.array(encoded, dtype=self.sorted_pieces.dtype)
        rows = np.minimum(np.searchsorted(self.sorted_pieces, asked), len(self.sorted_pieces) - 1)
        return self.piece_ids[rows[self.sorted_pieces[rows] == asked]].tolist()  # type: ignore[no-any-return]  # numpy's


def load_pieces(tokenizer_path: Path, cache_path: Path) -> UnigramPieces | None:
    """The pieces of a ``tokenizer.json``, kept at ``cache_path`` once they are sorted; None of another kind."""
    with (
        suppress(Exception),
        np.load(cache_path, allow_pickle=False) as saved,
    ):  # whatever a damaged file provokes
        return UnigramPieces(saved["sorted"], saved["ids"], saved["scores"], str(saved["rest"]))
    rest: dict[str, Any] = json.loads(tokenizer_path.read_text(encoding="utf-8"))
    if rest["model"]["type"] != "Unigram" or rest["model"].get("byte_fallback"):
        return None
    vocabulary = rest["model"].pop("vocab")
    texts = np.array([piece.encode() for piece, _ in vocabulary])
    order = np.argsort(texts, kind="stable")
    scores = np.array([score for _, score in vocabulary], dtype=np.float32)
    pieces = UnigramPieces(texts[order], order, scores, json.dumps(rest))
    with suppress(OSError):  # derived: what cannot be kept is sorted again
        arrays = {
            "sorted": pieces.sorted_pieces,
            "ids": pieces.piece_ids,
            "scores": pieces.scores,
            "rest": np.array(pieces.tokenizer_json),
        }
        save_arrays(cache_path, arrays)
    return pieces
