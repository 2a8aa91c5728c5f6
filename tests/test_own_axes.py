"""Own axes: their file, how well they tell their poles apart, sources over a library; with the real encoder."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from crosslingual.align.space import Space
from crosslingual.corpus.axes import (
    ALL_MONTHS,
    NO_MONTH,
    SourcePosition,
    load_sentence_vectors,
    place_articles,
)
from crosslingual.corpus.scope import select_entries, stream_articles
from crosslingual.errors import InputError
from crosslingual.framing.axes import Axis, load_axes
from crosslingual.framing.own_axes import (
    MAX_AXES,
    MAX_BYTES,
    OwnAxes,
    fit_own_axes,
    parse_own_axes,
    read_own_axes,
)
from crosslingual.framing.pipeline import Instruments
from crosslingual.library import Library
from crosslingual.report.axes import axes_object, poles_rows, position_rows
from crosslingual.search.query import Filters
from crosslingual.types import FloatArray
from tests.helpers.own_axis import OWN_AXIS

Fit = Callable[[Sequence[Axis]], OwnAxes]
TOY = '[[axis]]\nid = "a"\nhigh = "h"\nlow = "l"\n[axis.en]\nhigh = ["a", "b", "c"]\nlow = ["x", "y", "z"]\n'


@pytest.fixture
def fit(
    instruments: Instruments, demo_space: Space, encode_once: Callable[[Sequence[str]], FloatArray]
) -> Fit:
    return lambda axes: fit_own_axes(axes, demo_space, encode_once, instruments.axis_model)


def test_a_good_axis_tells_its_poles_apart(fit: Fit) -> None:
    own = fit(parse_own_axes(OWN_AXIS.encode(), "own"))
    (row,) = poles_rows(own)
    assert (row["of_texts"], row["held_out"], row["languages"]) == (16, 8, "en ru")
    assert row["right"] >= 15
    assert row["tells_poles_apart"]


def test_poles_that_mean_the_same_are_told_as_such(fit: Fit) -> None:
    """Both poles are drawn from one kind of sentence."""
    own = fit([_shuffled_axis()])
    (row,) = poles_rows(own)
    assert row["share_low"] < 0.5
    assert not row["tells_poles_apart"]


def _shuffled_axis() -> Axis:
    """Poles whose texts are of both poles of a good axis, half and half."""
    (axis,) = parse_own_axes(OWN_AXIS.encode(), "own")
    poles = {lang: ((*high[:2], *low[2:]), (*low[:2], *high[2:])) for lang, (high, low) in axis.poles.items()}
    return Axis("mixed", "one", "other", poles)


def test_a_translation_is_not_left_in_when_its_original_is_held_out(fit: Fit) -> None:
    """Two copies of the texts under two languages give no more right answers than one."""
    mixed = _shuffled_axis()
    once = Axis("once", "h", "l", {"en": mixed.poles["en"]})
    twice = Axis("twice", "h", "l", {"en": mixed.poles["en"], "xx": mixed.poles["en"]})
    first, second = fit([once, twice]).separations
    assert second.n_held_out == first.n_held_out
    assert second.n_right <= 2 * first.n_right + 2


def test_the_means_of_the_poles_are_at_one_and_minus_one(
    fit: Fit, demo_space: Space, encode_once: Callable[[Sequence[str]], FloatArray]
) -> None:
    own = fit(parse_own_axes(OWN_AXIS.encode(), "own"))
    (axis,) = own.model.axes
    means = [
        np.mean(
            [
                own.model.project_vectors(
                    demo_space.center_vectors(encode_once(both[side]), lang), lang
                ).mean()
                for lang, both in axis.poles.items()
            ]
        )
        for side in (0, 1)
    ]
    assert means == pytest.approx([1, -1], abs=1e-3)


def test_an_axis_of_good_and_bad_is_told_to_be_one(fit: Fit) -> None:
    tone = load_axes()[0]
    (found,) = fit([tone]).separations
    assert found.tone_cosine > 0.9


def test_sources_stand_by_month_and_every_sentence_counts_once(
    fit: Fit, demo_library: Library, demo_space: Space
) -> None:
    own = fit(parse_own_axes(OWN_AXIS.encode(), "own"))
    entries = select_entries(demo_library, Filters())
    load = partial(load_sentence_vectors, demo_library, demo_space)
    found = place_articles(own.model, stream_articles(demo_library, entries), load)
    months = found["talks-fighting"]
    every = months[ALL_MONTHS]
    counted = sum(len(sentences) for _, sentences in stream_articles(demo_library, entries))
    assert sum(one.n_sentences for one in every.values()) == counted
    assert {entry.source for entry in entries} == set(every)
    assert set(months) - {ALL_MONTHS} == {entry.date[:7] or NO_MONTH for entry in entries}
    for source, one in every.items():
        dated = [months[month][source] for month in months if month and source in months[month]]
        assert sum(part.n_sentences for part in dated) == one.n_sentences
        assert sum(part.total for part in dated) == pytest.approx(one.total)
        assert one.highest[0].position >= one.mean >= one.lowest[0].position
    document = axes_object(own, found)
    assert document["positions"] == position_rows(found)
    assert len(document["outermost"]) == len(every)


def test_the_interval_counts_articles() -> None:
    """By hand: articles with means 1 and 0 of two sentences each: mean 0.5, s - r n = ±1, N = 4."""
    own = SourcePosition()
    own.add_article(np.array([1.0, 1.0], np.float32))
    assert own.interval() is None, "one article tells nothing of how articles differ"
    own.add_article(np.array([0.0, 0.0], np.float32))
    half = 12.7062 * math.sqrt(2 * 2 / 16)
    assert own.interval() == pytest.approx((0.5 - half, 0.5 + half), abs=1e-3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "no TOML in UTF-8"),
        (b"axis = ", "no TOML in UTF-8"),
        (b"a = " + b"[" * 100_000, "no TOML in UTF-8"),
        (b"", "give 1 to 20 axes"),
        (b"axis = 3", "give 1 to 20 axes"),
        (b"axis = [1]", "axis 1: is no table"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (TOY.encode() * (MAX_AXES + 1), "give 1 to 20 axes"),
        (TOY.encode() * 2, "two axes are called a"),
        (TOY.replace('id = "a"', "").encode(), "lacks id"),
        (TOY.replace('low = "l"', 'low = ""').encode(), "lacks low"),
        (TOY.replace('"b", ', "").encode(), "en: high: 2 different texts"),
        (TOY.replace('"b", ', '"a", ').encode(), "en: high: 2 different texts"),
        (TOY.replace('"z"', '"A"').encode(), "a stands at both poles"),
        (TOY.replace('"z"', "3").encode(), "en: low: give a list of texts"),
        (TOY.replace('"z"', f'"{"z" * 501}"').encode(), "en: low: give a list of texts"),
        (TOY.replace("axis.en", 'axis."../x"').encode(), "is no language"),
        (TOY.partition("[axis.en]")[0].encode(), "has no texts"),
    ],
)
def test_a_file_that_is_no_axes_is_told(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        parse_own_axes(content, "own.toml")
    assert str(caught.value).startswith("own.toml")
    assert len(str(caught.value)) < 400


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_own_axes(tmp_path / "none.toml")
