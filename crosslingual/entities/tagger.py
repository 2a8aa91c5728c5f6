"""Names by the encoder's token states: a small network tells persons, places and organisations in any language.

Shipped is what ``scripts/fit_tagger.py`` fitted to labelled sentences. It sees the states of a token and its two
neighbours and how they are written; what spans are likely is decided over the whole sentence (Viterbi).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np

from crosslingual.embeddings.encoder import TokenStates
from crosslingual.language.known_names import EntityKind
from crosslingual.language.scripts import is_han
from crosslingual.types import FloatArray

WEIGHTS_PATH = Path(__file__).with_suffix(".npz")
KINDS: tuple[EntityKind, ...] = get_args(EntityKind)
TAGS = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BI"))
"""What a token may be: no name, or the first or a further one of a name of a kind."""
N_SHAPES = 8
_IMPOSSIBLE = -1e4


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Characters ``start`` to ``end`` of a text are a name of ``kind``, with ``probability`` by the network."""

    start: int
    end: int
    kind: EntityKind
    probability: float


@dataclass(frozen=True, eq=False)
class EntityTagger:
    """A network for the states (h) of the encoder ``model``, a name without its digest.

    ``mean`` and ``scale`` (h,) make states comparable, ``hidden`` (3 h + 2 shapes, n), ``hidden_bias`` (n,),
    ``output`` (n, tags) and ``output_bias`` (tags,) score them, ``transitions`` (tags, tags) what follows what.
    """

    model: str
    mean: FloatArray
    scale: FloatArray
    hidden: FloatArray
    hidden_bias: FloatArray
    output: FloatArray
    output_bias: FloatArray
    transitions: FloatArray

    def tag_text(self, text: str, tokens: TokenStates) -> list[TaggedSpan]:
        """The names in ``text`` by its ``tokens``, in their order; a word counts as a whole."""
        if not len(tokens.spans):
            return []
        features = token_features(text, tokens, self.mean, self.scale)
        scores = np.maximum(features @ self.hidden + self.hidden_bias, 0) @ self.output + self.output_bias
        scores -= np.log(np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
        scores -= scores.max(axis=1, keepdims=True)
        return list(_read_spans(text, tokens, _best_path(scores, self.transitions), scores))


@cache
def load_tagger() -> EntityTagger:
    """As ``scripts/fit_tagger.py`` fitted it."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as saved:
        arrays = {name: saved[name].astype(np.float32) for name in saved.files if name != "model"}
        return EntityTagger(str(saved["model"]), **arrays)


def find_tagger(model: str) -> EntityTagger | None:
    """The tagger for the encoder with the key ``model``; None where none is shipped."""
    tagger = load_tagger()
    return tagger if model.partition("@")[0] == tagger.model else None


def token_features(text: str, tokens: TokenStates, mean: FloatArray, scale: FloatArray) -> FloatArray:
    """What the network sees of each token (k, 3 h + 2 shapes): its states and its neighbours', and their shapes."""
    states = (tokens.states.astype(np.float32) - mean) / scale
    nothing = np.zeros_like(states[:1])
    shapes = np.array([_describe_shape(text, start, end) for start, end in tokens.spans], dtype=np.float32)
    return np.concatenate(
        [
            np.concatenate([nothing, states[:-1]]),
            states,
            np.concatenate([states[1:], nothing]),
            shapes,
            np.concatenate([np.zeros_like(shapes[:1]), shapes[:-1]]),
        ],
        axis=1,
    )


def _describe_shape(text: str, start: int, end: int) -> tuple[bool, ...]:
    piece = text[start:end]
    letters = [char for char in piece if char.isalpha()]
    begins = start == 0 or not text[start - 1].isalnum()
    return (
        begins,
        begins and piece[0].isupper(),
        bool(letters) and all(char.isupper() for char in letters),
        any(char.isdigit() for char in piece),
        not letters,
        bool(letters) and is_han(letters[0]),
        not text[:start].strip(" \"'«“„(—-"),
        len(letters) == 1,
    )


def _best_path(scores: FloatArray, transitions: FloatArray) -> list[int]:
    """The likeliest tags (k) by their ``scores`` (k, tags)."""
    best = scores[0] + np.array([_IMPOSSIBLE if tag[0] == "I" else 0 for tag in TAGS], dtype=np.float32)
    back = []
    for row in scores[1:]:
        together = best[:, None] + transitions
        back.append(together.argmax(axis=0))
        best = together.max(axis=0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def _read_spans(
    text: str, tokens: TokenStates, path: Sequence[int], scores: FloatArray
) -> Iterator[TaggedSpan]:
    place = 0
    last_end = 0
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    while place < len(path):
        first = place
        place += 1
        if TAGS[path[first]][0] != "B":
            continue
        kind = KINDS[(path[first] - 1) // 2]
        inside = path[first] + 1
        while place < len(path) and path[place] == inside:
            place += 1
        own = chances[first:place, [path[first], inside]].sum(axis=1)
        start, end = _whole_words(text, int(tokens.spans[first][0]), int(tokens.spans[place - 1][1]))
        if start >= last_end and any(char.isalnum() for char in text[start:end]):
            yield TaggedSpan(start, end, kind, float(own.mean()))
            last_end = end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the rest of the words that it cuts; Chinese has none."""
    while start > 0 and _is_spelled(text[start - 1]) and _is_spelled(text[start]):
        start -= 1
    while end < len(text) and _is_spelled(text[end]) and _is_spelled(text[end - 1]):
        end += 1
    return start, end


def _is_spelled(char: str) -> bool:
    return char.isalnum() and not is_han(char)
