"""Axes of the user's own: two poles told by sentences or words, and how well they are told apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.errors import InputError
from crosslingual.framing.axes import Axis, AxisModel
from crosslingual.types import FloatArray

MAX_BYTES, MAX_AXES, MAX_POLE_TEXTS, MAX_TEXT_CHARS = 500_000, 20, 100, 500
"""Bytes of a file, axes in it, texts of a pole in one language and characters of a text, at most."""
MIN_POLE_TEXTS = 3
"""Texts of a pole in one language at least: with fewer nothing can be held out."""
_NAMES = ("id", "high", "low")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

PoleVectors = Mapping[str, tuple[FloatArray, FloatArray]]
"""Vectors (n, d) of the texts at the high and at the low pole, by language."""


@dataclass(frozen=True, slots=True)
class PoleSeparation:
    """Of ``n_texts`` texts of the poles ``n_right`` fell on their own side when held out.

    What stands in one place of the lists, in all languages, is held out at once: it may be one text translated.
    ``n_held_out`` counts such places. ``tone_cosine`` is the cosine of the axis with the shipped one of good and
    bad: far from 0 it measures in part whether things are good.
    """

    n_texts: int
    n_right: int
    n_held_out: int
    tone_cosine: float


@dataclass(frozen=True)
class OwnAxes:
    """Own axes, made for an encoder; a ``separation`` for each axis of ``model``."""

    model: AxisModel
    separations: tuple[PoleSeparation, ...]


def read_own_axes(path: Path) -> tuple[Axis, ...]:
    """The axes in a TOML file: see :func:`parse_own_axes`.

    Raises:
        InputError: it cannot be read, or holds no axes.
    """
    try:
        with path.open("rb") as file:
            return parse_own_axes(file.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def parse_own_axes(content: bytes, name: str) -> tuple[Axis, ...]:
    """Axes from TOML: tables ``[[axis]]`` with ``id``, ``high`` and ``low``, and ``high`` and ``low`` a language.

    Args:
        content: of the file.
        name: what errors call it.

    Raises:
        InputError: it is no TOML, too large, or an axis has too few or too many texts, or one at both poles.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"{name}: larger than {MAX_BYTES:,} bytes; give fewer axes or texts")
    try:
        entries = tomllib.loads(content.decode("utf-8-sig")).get("axis")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else error
        raise InputError(f"{name}: no TOML in UTF-8 ({reason}); mend it") from None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_AXES:
        raise InputError(f"{name}: give 1 to {MAX_AXES} axes, each as a table [[axis]]")
    axes = tuple(_read_axis(entry, f"{name}: axis {number}") for number, entry in enumerate(entries, 1))
    ids = [axis.id for axis in axes]
    if twice := next((one for one in ids if ids.count(one) > 1), ""):
        raise InputError(f"{name}: two axes are called {twice}; give each an id of its own")
    return axes


def fit_own_axes(
    axes: Sequence[Axis], space: Space, encode: Callable[[Sequence[str]], FloatArray], shipped: AxisModel
) -> OwnAxes:
    """Directions of own axes: from the mean of the low pole to that of the high one, languages weighing alike.

    ``shipped`` gives what vectors of a language are still off by, and the axis of good and bad. Own axes are not
    made square to it: they are taken as they were given.

    Args:
        axes: of the user.
        space: of the encoder.
        encode: gives vectors (n, d) of texts.
        shipped: the shipped axes of the same encoder.

    Raises:
        InputError: the encoder sees no difference between the poles of an axis.
    """
    fitted, separations = [], []
    for axis in axes:
        poles = _encode_poles(axis, space, encode, shipped)
        direction, midpoint, half_width = _fit_direction(poles)
        if half_width <= np.finfo(np.float32).eps:
            raise InputError(f"{axis.id}: the encoder sees no difference between its poles; use other texts")
        fitted.append((direction, midpoint, half_width))
        tone = float(direction @ shipped.directions[:, 0])
        separations.append(_measure_separation(poles, tone))
    model = AxisModel(
        tuple(axes),
        np.array([direction for direction, _, _ in fitted], dtype=np.float32).T,
        shipped.language_shifts,
        np.array([midpoint for _, midpoint, _ in fitted], dtype=np.float32),
        np.array([half_width for _, _, half_width in fitted], dtype=np.float32),
    )
    return OwnAxes(model, tuple(separations))


def _read_axis(entry: Any, place: str) -> Axis:
    if not isinstance(entry, dict):
        raise InputError(f"{place}: is no table; write it as [[axis]]")
    for name in _NAMES:
        if not _is_text(entry.get(name)):
            raise InputError(f"{place}: lacks {name}; give it {', '.join(_NAMES)}, each a short text")
    place = f"{place} ({entry['id']})"
    poles = {}
    for lang, table in entry.items():
        if lang in _NAMES:
            continue
        if not _LANGUAGE.fullmatch(lang) or not isinstance(table, dict):
            raise InputError(
                f"{place}: {lang[:40]} is no language; write its texts under [axis.en] or the like"
            )
        high, low = (_read_pole(table.get(side), f"{place}: {lang}: {side}") for side in ("high", "low"))
        if both := {text.casefold() for text in high} & {text.casefold() for text in low}:
            raise InputError(f"{place}: {lang}: {min(both)[:60]} stands at both poles; take it from one")
        poles[lang] = high, low
    if not poles:
        raise InputError(f"{place}: has no texts; write them under [axis.en] or the like, as high and low")
    return Axis(entry["id"].strip(), entry["high"].strip(), entry["low"].strip(), poles)


def _read_pole(texts: Any, place: str) -> tuple[str, ...]:
    if not isinstance(texts, list) or not all(_is_text(text) for text in texts):
        raise InputError(f"{place}: give a list of texts, each of 1 to {MAX_TEXT_CHARS} characters")
    distinct = tuple(dict.fromkeys(text.strip() for text in texts))
    if not MIN_POLE_TEXTS <= len(distinct) <= MAX_POLE_TEXTS:
        raise InputError(
            f"{place}: {len(distinct)} different texts; give {MIN_POLE_TEXTS} to {MAX_POLE_TEXTS}"
        )
    return distinct


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MAX_TEXT_CHARS


def _encode_poles(
    axis: Axis, space: Space, encode: Callable[[Sequence[str]], FloatArray], shipped: AxisModel
) -> PoleVectors:
    found = {}
    for lang, (high, low) in axis.poles.items():
        vectors = space.center_vectors(encode([*high, *low]), lang)
        if lang in shipped.language_shifts:
            vectors = normalize_rows(vectors - shipped.language_shifts[lang])
        found[lang] = vectors[: len(high)], vectors[len(high) :]
    return found


def _fit_direction(poles: PoleVectors) -> tuple[FloatArray, float, float]:
    """A direction (d,) of length 1, where its middle is, and how far from there the mean of a pole is."""
    high, low = (np.mean([both[side].mean(axis=0) for both in poles.values()], axis=0) for side in (0, 1))
    difference = high - low
    length = float(np.linalg.norm(difference))
    direction = difference / (length or 1.0)
    return np.asarray(direction, np.float32), float((high + low) @ direction / 2), length / 2


def _measure_separation(poles: PoleVectors, tone_cosine: float) -> PoleSeparation:
    n_texts = n_right = n_held_out = 0
    for side, sign in ((0, 1), (1, -1)):
        for place in range(max(len(both[side]) for both in poles.values())):
            rest = {lang: _without(both, side, place) for lang, both in poles.items()}
            direction, midpoint, _ = _fit_direction(rest)
            held = [both[side][place] for both in poles.values() if place < len(both[side])]
            positions = np.array(held) @ direction - midpoint
            n_texts += len(held)
            n_right += int((sign * positions > 0).sum())
            n_held_out += 1
    return PoleSeparation(n_texts, n_right, n_held_out, tone_cosine)


def _without(both: tuple[FloatArray, FloatArray], side: int, place: int) -> tuple[FloatArray, FloatArray]:
    high, low = (
        np.delete(pole, place, axis=0) if number == side and place < len(pole) else pole
        for number, pole in enumerate(both)
    )
    return high, low
