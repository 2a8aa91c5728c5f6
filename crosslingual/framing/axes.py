"""Where the sources stand between two poles: FrameAxis on sentence vectors (Kwak, An, Jing and Ahn 2021)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.array_cache import cached_arrays
from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.errors import InputError
from crosslingual.framing.cells import SentenceTrace, make_trace
from crosslingual.types import Cell, FloatArray

AXES_PATH = Path(__file__).parent / "data" / "axes.toml"
N_BOOTSTRAP_SAMPLES = 1000
"""Bootstrap samples behind an interval."""
MAX_MOVERS = 3
"""Sentences shown at either end."""
FIT_VERSION = 1
"""How directions are made; raised with every change, so that what was kept before is not read."""
_POLE_LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")


@dataclass(frozen=True, slots=True)
class Axis:
    """Two poles; ``poles`` gives for each language the sentences at the high and at the low one, pairwise."""

    id: str
    high: str
    low: str
    poles: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class AxisModel:
    """Axes as directions (d, k) of length 1, the tone first and the others square to it.

    ``language_shifts`` (d,) are what a language's vectors are still off by; ``midpoints`` and ``half_widths``
    (k,) put the mean of the high pole's sentences at 1 and that of the low pole's at -1.
    """

    axes: tuple[Axis, ...]
    directions: FloatArray
    language_shifts: Mapping[str, FloatArray]
    midpoints: FloatArray
    half_widths: FloatArray

    def project_vectors(self, vectors: FloatArray, lang: str) -> FloatArray:
        """Where centred ``vectors`` (n, d) of texts in ``lang`` stand on each axis (n, k)."""
        shift = self.language_shifts.get(lang)
        moved = vectors if shift is None else normalize_rows(vectors - shift)
        return np.asarray((moved @ self.directions - self.midpoints) / self.half_widths, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Mover:
    """A sentence and its position on the axis."""

    cell: SentenceTrace
    position: float


@dataclass(frozen=True, slots=True)
class AxisScore:
    """Where ``source`` stands on ``axis``, by ``n_sentences`` of it.

    ``bias`` is the mean position of its sentences, 95 in 100 bootstrap samples of them between ``ci_low`` and
    ``ci_high`` (equal to it for a single sentence); ``intensity`` is how far its sentences are from the
    event's bias: the mean squared distance. ``towards_high`` and ``towards_low`` move it most.
    """

    axis: str
    high: str
    low: str
    source: str
    n_sentences: int
    bias: float
    ci_low: float
    ci_high: float
    intensity: float
    event_bias: float
    towards_high: tuple[Mover, ...]
    towards_low: tuple[Mover, ...]


def score_axes(
    cells: Sequence[Cell], vectors: FloatArray, axis_model: AxisModel, *, seed: int = 0
) -> tuple[AxisScore, ...]:
    """Where each source of ``cells`` stands on each axis, by their centred ``vectors`` (n, d).

    bias = mean of p, intensity = mean of (p - E)^2, with p the position of a sentence on the axis and E the
    mean over sources of their biases. Sentences are drawn with replacement, ``N_BOOTSTRAP_SAMPLES`` times, by
    ``seed``. A mover moves the bias by (p - bias) / sentences.
    """
    langs = np.array([cell.lang for cell in cells])
    positions = np.zeros((len(cells), len(axis_model.axes)), dtype=np.float32)
    for lang in dict.fromkeys(langs.tolist()):
        positions[langs == lang] = axis_model.project_vectors(vectors[langs == lang], lang)
    names = list(dict.fromkeys(cell.source for cell in cells))
    own = {name: np.array([i for i, cell in enumerate(cells) if cell.source == name]) for name in names}
    biases = {name: positions[rows].mean(axis=0) for name, rows in own.items()}
    event = np.mean(list(biases.values()), axis=0) if names else np.zeros(len(axis_model.axes))
    random = np.random.default_rng(seed)
    found = []
    for name in names:
        rows = own[name]
        table = positions[rows]
        drawn = random.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=N_BOOTSTRAP_SAMPLES)
        ends = np.percentile(drawn.astype(np.float32) @ table / len(rows), [2.5, 97.5], axis=0)
        spread = ((table - event) ** 2).mean(axis=0)
        order = np.argsort(table, axis=0, kind="stable")
        for k, axis in enumerate(axis_model.axes):
            found.append(
                AxisScore(
                    axis.id,
                    axis.high,
                    axis.low,
                    name,
                    len(rows),
                    float(biases[name][k]),
                    float(ends[0, k]),
                    float(ends[1, k]),
                    float(spread[k]),
                    float(event[k]),
                    _select_movers(
                        cells, positions[:, k], rows[order[::-1, k]], above=float(biases[name][k])
                    ),
                    _select_movers(cells, positions[:, k], rows[order[:, k]], below=float(biases[name][k])),
                )
            )
    return tuple(sorted(found, key=lambda one: [axis.id for axis in axis_model.axes].index(one.axis)))


def _select_movers(
    cells: Sequence[Cell],
    positions: FloatArray,
    rows: NDArray[np.int64],
    *,
    above: float = float("inf"),
    below: float = float("-inf"),
) -> tuple[Mover, ...]:
    """The first of ``rows`` beyond the bias, the same text once."""
    chosen: dict[str, Mover] = {}
    for row in rows.tolist():
        position = float(positions[row])
        if len(chosen) == MAX_MOVERS or not (position > above or position < below):
            break
        chosen.setdefault(cells[row].text, Mover(make_trace(cells[row]), position))
    return tuple(chosen.values())


def fit_axis_model(
    axes: Sequence[Axis], space: Space, encode: Callable[[Sequence[str]], FloatArray]
) -> AxisModel:
    """Directions from the poles' sentences, pooled over languages.

    A direction is the mean difference of paired sentences at the two poles; all but the first, the tone, are
    made square to it. Poles are translations too: half of what a language's differ by from the English ones
    is taken for its offset, beside what ``space`` knows of it from other translations.
    """
    texts = [text for axis in axes for poles in axis.poles.values() for pole in poles for text in pole]
    rows = dict(zip(texts, encode(texts), strict=True))
    langs = sorted(set.intersection(*(set(axis.poles) for axis in axes)))
    poles = {
        lang: space.center_vectors(
            np.array([rows[text] for axis in axes for pole in axis.poles[lang] for text in pole]), lang
        )
        for lang in langs
    }
    origin = poles["en"].mean(axis=0)
    shifts = {lang: np.asarray((own.mean(axis=0) - origin) / 2, np.float32) for lang, own in poles.items()}
    told = np.mean([normalize_rows(own - shifts[lang]) for lang, own in poles.items()], axis=0)
    bounds = np.cumsum([0] + [2 * len(axis.poles["en"][0]) for axis in axes])
    means = [told[a:b].reshape(2, -1, told.shape[1]).mean(axis=1) for a, b in pairwise(bounds)]
    directions = normalize_rows(np.array([high - low for high, low in means], dtype=np.float32))
    tone = directions[0]
    directions[1:] -= np.outer(directions[1:] @ tone, tone)
    directions = normalize_rows(directions)
    ends = np.array([pole @ direction for pole, direction in zip(means, directions, strict=True)])
    return AxisModel(
        tuple(axes),
        directions.T,
        shifts,
        np.asarray(ends.mean(axis=1), dtype=np.float32),
        np.asarray((ends[:, 0] - ends[:, 1]) / 2, dtype=np.float32),
    )


def load_axis_model(
    space: Space, home: Path, encode: Callable[[Sequence[str]], FloatArray], path: Path = AXES_PATH
) -> AxisModel:
    """The compass of the axes in ``path``; made once for an encoder and kept in ``home``.

    ``encode`` gives vectors (n, d) of texts; it is called only where there is none kept.

    Raises:
        InputError: the file of axes cannot be used.
    """
    axes = load_axes(path)

    def fit_arrays() -> dict[str, FloatArray]:
        made = fit_axis_model(axes, space, encode)
        arrays = {"directions": made.directions, "middle": made.midpoints, "half": made.half_widths}
        return arrays | {f"shift.{lang}": shift for lang, shift in made.language_shifts.items()}

    kept = cached_arrays("axes", (FIT_VERSION, axes), space, home, fit_arrays)
    shifts = {name[6:]: shift for name, shift in kept.items() if name.startswith("shift.")}
    return AxisModel(axes, kept["directions"], shifts, kept["middle"], kept["half"])


def load_axes(path: Path = AXES_PATH) -> tuple[Axis, ...]:
    """The axes in ``path``, in their order.

    Raises:
        InputError: it cannot be read, or an axis lacks a pole, a language or one sentence of a pair.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"{path}: no axes can be read from it ({error}); mend it or use the shipped list"
        ) from None
    axes = []
    for number, entry in enumerate(content.get("axis", ()), 1):
        name = entry.get("id", f"axis {number}") if isinstance(entry, dict) else f"axis {number}"
        try:
            poles = {
                lang: (tuple(map(str, entry[lang]["high"])), tuple(map(str, entry[lang]["low"])))
                for lang in _POLE_LANGUAGES
                if lang in entry
            }
            axis = Axis(str(entry["id"]), str(entry["high"]), str(entry["low"]), poles)
        except (KeyError, TypeError) as error:
            raise InputError(
                f"{path}: {name}: lacks {error}; give it id, high, low and both poles in each language"
            ) from None
        sizes = {len(pole) for both in poles.values() for pole in both}
        if not {"zh", "ru", "en"} <= set(poles) or len(sizes) != 1 or 0 in sizes:
            raise InputError(
                f"{path}: {name}: needs zh, ru and en with as many sentences at each pole; complete the lists"
            )
        axes.append(axis)
    if not axes:
        raise InputError(f"{path}: holds no axis; add one or use the shipped list")
    return tuple(axes)
