"""What is shipped does not measure less than the floors of ``corpora/gold/floors.toml``."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.evaluate.floors import (
    adjusted_rand,
    digest_files,
    make_bitext,
    measure_files,
    shipped_files,
)
from crosslingual.library import Library

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

FLOORS = tomllib.loads((DEMO_FOLDER.parent / "gold" / "floors.toml").read_text(encoding="utf-8"))
SHIPPED = shipped_files(DEMO_FOLDER.parent)
REMEDY = "mend it, or see scripts/floors.py --help"


def test_all_that_is_shipped_has_floors() -> None:
    assert sorted(name for name, entry in FLOORS.items() if "sha256" in entry) == sorted(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_data_are_those_that_the_floors_were_set_for(name: str) -> None:
    assert digest_files(SHIPPED[name]) == FLOORS[name]["sha256"], f"the data of {name} have changed; {REMEDY}"


@pytest.mark.parametrize("name", SHIPPED)
def test_floors_are_reached(
    name: str, demo_library: Library, encoder: SentenceEncoder, demo_space: Space
) -> None:
    floors = {key: floor for key, floor in FLOORS[name].items() if key not in ("sha256", "lowered")}
    found = measure_files(name, SHIPPED[name], demo_library, encoder, demo_space)
    assert found.keys() == floors.keys()
    below = {key: (found[key], floor) for key, floor in floors.items() if not found[key] >= floor}
    assert not below, f"{name} is below its floors; {REMEDY}"


def test_adjusted_rand_by_hand() -> None:
    assert adjusted_rand([0, 0, 1, 1], [1, 1, 0, 0]) == 1
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    # Of 10 pairs 4 and 2 together, 2 in both, .8 by chance: (2 - .8) / (3 - .8).
    assert adjusted_rand([0, 0, 0, 1, 1], [0, 0, 1, 2, 2]) == pytest.approx(1.2 / 2.2)


def test_retold_sides_and_their_gold_hold_the_same_sentences() -> None:
    pairs = [(f"s{place}", f"t{place}") for place in range(300)]
    told = make_bitext(pairs, "", np.random.RandomState(2))
    assert told == make_bitext(pairs, "", np.random.RandomState(2))
    assert [i for src, _ in told.gold for i in src] == list(range(len(told.src)))
    assert [j for _, tgt in told.gold for j in tgt] == list(range(len(told.tgt)))
    for src, tgt in told.gold:
        ours, theirs = "".join(told.src[i] for i in src), " ".join(told.tgt[j] for j in tgt)
        assert not ours or not theirs or ours == theirs.replace(" ", "").replace("t", "s")
    shapes = {(len(src), len(tgt)) for src, tgt in told.gold}
    assert shapes == {(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 0), (0, 1)}


def test_the_digest_tells_contents_names_and_folders() -> None:
    files = SHIPPED["events"]
    assert (
        len(
            {digest_files(files), digest_files(files[1:]), digest_files(files[::-1]), digest_files(files[:1])}
        )
        == 4
    )
