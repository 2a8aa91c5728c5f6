"""Generic policy frames by likeness to descriptions: a weak automatic reading (Boydstun et al. 2014)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosslingual.align.array_cache import cached_arrays
from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.errors import InputError
from crosslingual.framing.cells import SentenceTrace, make_trace
from crosslingual.types import Cell, FloatArray

FRAMES_PATH = Path(__file__).parent / "data" / "policy.toml"
WEAK_READING_NOTE = "weak automatic reading: likeness to a description, not a person's coding"
OTHER_FRAME = "other"
SOFTMAX_SHARPNESS = 20.0
"""Of the softmax over frames: a cosine higher by .05 makes a frame 2.7 times as likely."""
OTHER_FRAME_COSINE = 0.15
"""Cosine at which a description is as near as "other"."""
MAX_EVIDENCE = 3
FIT_VERSION = 1
"""How directions are made; raised with every change, so that what was kept before is not read."""
_FRAME_LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame and what describes it: for each language the same ``texts``."""

    id: str
    name: str
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class FrameModel:
    """Frames with their directions (d, k), of length 1."""

    frames: tuple[Frame, ...]
    directions: FloatArray

    def predict_shares(self, vectors: FloatArray) -> FloatArray:
        """How centred ``vectors`` (n, d) fall to the frames and, last, to "other": (n, k + 1), rows sum to 1.

        softmax(SOFTMAX_SHARPNESS c), with c the cosines with the frames, and OTHER_FRAME_COSINE for "other".
        """
        cosines = vectors @ self.directions
        logits = SOFTMAX_SHARPNESS * np.column_stack(
            [cosines, np.full(len(vectors), OTHER_FRAME_COSINE, dtype=np.float32)]
        )
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class FrameEvidence:
    """A sentence and how much of it falls to the frame."""

    cell: SentenceTrace
    share: float


@dataclass(frozen=True, slots=True)
class FrameShare:
    """``share`` of ``source``'s ``n_sentences`` falls to ``frame``: the mean over them, its portions sum to 1.

    ``event_share`` is the mean of the sources' shares. ``evidence`` are the sentences with most of it.
    ``caveat`` says what this is worth.
    """

    frame: str
    name: str
    source: str
    n_sentences: int
    share: float
    event_share: float
    evidence: tuple[FrameEvidence, ...]
    caveat: str = WEAK_READING_NOTE


def score_frames(
    cells: Sequence[Cell], vectors: FloatArray, frame_model: FrameModel
) -> tuple[FrameShare, ...]:
    """The distribution over frames of each source, from its sentences' centred ``vectors`` (n, d)."""
    table = frame_model.predict_shares(vectors)
    named = [(frame.id, frame.name) for frame in frame_model.frames] + [(OTHER_FRAME, "Other")]
    sources = list(dict.fromkeys(cell.source for cell in cells))
    own = {name: np.array([i for i, cell in enumerate(cells) if cell.source == name]) for name in sources}
    means = {name: table[rows].astype(np.float64).mean(axis=0) for name, rows in own.items()}
    event = np.mean(list(means.values()), axis=0) if sources else np.zeros(len(named))
    found = []
    for name in sources:
        for k, (frame, label) in enumerate(named):
            rows = own[name]
            best: dict[str, FrameEvidence] = {}
            for row in rows[np.argsort(-table[rows, k], kind="stable")].tolist():
                best.setdefault(cells[row].text, FrameEvidence(make_trace(cells[row]), float(table[row, k])))
                if len(best) == MAX_EVIDENCE:
                    break
            share = float(means[name][k])
            found.append(
                FrameShare(frame, label, name, len(own[name]), share, float(event[k]), tuple(best.values()))
            )
    return tuple(found)


def fit_frame_model(
    frames: Sequence[Frame], space: Space, encode: Callable[[Sequence[str]], FloatArray]
) -> FrameModel:
    """Directions from the descriptions, pooled over languages, less what all descriptions have in common."""
    texts = [text for frame in frames for own in frame.texts.values() for text in own]
    rows = dict(zip(texts, encode(texts), strict=True))
    told = []
    for frame in frames:
        own = [
            space.center_vectors(np.array([rows[text] for text in texts]), lang)
            for lang, texts in frame.texts.items()
        ]
        told.append(np.mean([part.mean(axis=0) for part in own], axis=0))
    matrix = np.array(told, dtype=np.float32)
    return FrameModel(tuple(frames), normalize_rows(matrix - matrix.mean(axis=0)).T)


def load_frame_model(
    space: Space, home: Path, encode: Callable[[Sequence[str]], FloatArray], path: Path = FRAMES_PATH
) -> FrameModel:
    """The frames in ``path`` with their directions; made once for an encoder and kept in ``home``.

    Raises:
        InputError: the file of frames cannot be used.
    """
    frames = load_frames(path)
    kept = cached_arrays(
        "frames",
        (FIT_VERSION, frames),
        space,
        home,
        lambda: {"directions": fit_frame_model(frames, space, encode).directions},
    )
    return FrameModel(frames, kept["directions"])


def load_frames(path: Path = FRAMES_PATH) -> tuple[Frame, ...]:
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
                {lang: tuple(map(str, entry[lang])) for lang in _FRAME_LANGUAGES if entry.get(lang)},
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
