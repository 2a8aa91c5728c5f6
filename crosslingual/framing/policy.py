"""Generic policy frames by likeness to descriptions: a weak automatic reading (Boydstun et al. 2014)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosslingual.align.space import Space
from crosslingual.align.tokens import unit
from crosslingual.errors import InputError
from crosslingual.framing.cells import Trace, trace
from crosslingual.framing.kept import kept_arrays
from crosslingual.types import Cell, FloatArray

SHIPPED = Path(__file__).parent / "data" / "policy.toml"
WEAK = "weak automatic reading: likeness to a description, not a person's coding"
OTHER = "other"
SHARPNESS = 20.0
"""Of the softmax over frames: a cosine higher by .05 makes a frame 2.7 times as likely."""
NEAR = 0.15
"""Cosine at which a description is as near as "other"."""
EVIDENCE = 3
RECIPE = 1
"""How directions are made; raised with every change, so that what was kept before is not read."""
_LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame and what describes it: for each language the same ``texts``."""

    id: str
    name: str
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Frames:
    """Frames with their directions (d, k), of length 1."""

    frames: tuple[Frame, ...]
    directions: FloatArray

    def shares(self, vectors: FloatArray) -> FloatArray:
        """How centred ``vectors`` (n, d) fall to the frames and, last, to "other": (n, k + 1), rows sum to 1.

        softmax(SHARPNESS c), with c the cosines with the frames, and NEAR for "other".
        """
        cosines = vectors @ self.directions
        logits = SHARPNESS * np.column_stack([cosines, np.full(len(vectors), NEAR, dtype=np.float32)])
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence and how much of it falls to the frame."""

    cell: Trace
    share: float


@dataclass(frozen=True, slots=True)
class Portion:
    """``share`` of ``source``'s ``sentences`` falls to ``frame``: the mean over them, its portions sum to 1.

    ``event`` is the mean of the sources' shares. ``evidence`` are the sentences with most of it. ``reading``
    says what this is worth.
    """

    frame: str
    name: str
    source: str
    sentences: int
    share: float
    event: float
    evidence: tuple[Evidence, ...]
    reading: str = WEAK


def portions(cells: Sequence[Cell], vectors: FloatArray, frames: Frames) -> tuple[Portion, ...]:
    """The distribution over frames of each source, from its sentences' centred ``vectors`` (n, d)."""
    table = frames.shares(vectors)
    named = [(frame.id, frame.name) for frame in frames.frames] + [(OTHER, "Other")]
    sources = list(dict.fromkeys(cell.source for cell in cells))
    own = {name: np.array([i for i, cell in enumerate(cells) if cell.source == name]) for name in sources}
    means = {name: table[rows].astype(np.float64).mean(axis=0) for name, rows in own.items()}
    event = np.mean(list(means.values()), axis=0) if sources else np.zeros(len(named))
    found = []
    for name in sources:
        for k, (frame, label) in enumerate(named):
            rows = own[name]
            best: dict[str, Evidence] = {}
            for row in rows[np.argsort(-table[rows, k], kind="stable")].tolist():
                best.setdefault(cells[row].text, Evidence(trace(cells[row]), float(table[row, k])))
                if len(best) == EVIDENCE:
                    break
            share = float(means[name][k])
            found.append(
                Portion(frame, label, name, len(own[name]), share, float(event[k]), tuple(best.values()))
            )
    return tuple(found)


def fit_frames(
    frames: Sequence[Frame], space: Space, encode: Callable[[Sequence[str]], FloatArray]
) -> Frames:
    """Directions from the descriptions, pooled over languages, less what all descriptions have in common."""
    texts = [text for frame in frames for own in frame.texts.values() for text in own]
    rows = dict(zip(texts, encode(texts), strict=True))
    told = []
    for frame in frames:
        own = [
            space.centred(np.array([rows[text] for text in texts]), lang)
            for lang, texts in frame.texts.items()
        ]
        told.append(np.mean([part.mean(axis=0) for part in own], axis=0))
    matrix = np.array(told, dtype=np.float32)
    return Frames(tuple(frames), unit(matrix - matrix.mean(axis=0)).T)


def fitted_frames(
    space: Space, home: Path, encode: Callable[[Sequence[str]], FloatArray], path: Path = SHIPPED
) -> Frames:
    """The frames in ``path`` with their directions; made once for an encoder and kept in ``home``.

    Raises:
        InputError: the file of frames cannot be used.
    """
    frames = load_frames(path)
    kept = kept_arrays(
        "frames",
        (RECIPE, frames),
        space,
        home,
        lambda: {"directions": fit_frames(frames, space, encode).directions},
    )
    return Frames(frames, kept["directions"])


def load_frames(path: Path = SHIPPED) -> tuple[Frame, ...]:
    """The frames in ``path``, in their order.

    Raises:
        InputError: it cannot be read, or a frame lacks its name or a language.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        frames = tuple(
            Frame(
                str(entry["id"]),
                str(entry["name"]),
                {lang: tuple(map(str, entry[lang])) for lang in _LANGUAGES if entry.get(lang)},
            )
            for entry in content["frame"]
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: no frames can be read from it ({error}); mend it or use the shipped list"
        ) from None
    if bare := [frame.id for frame in frames if not {"zh", "ru", "en"} <= set(frame.texts)]:
        raise InputError(f"{path}: {bare[0]}: needs descriptions in zh, ru and en; complete them")
    return frames
