from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.index import CompressedIndex, DamagedIndexError, FlatIndex
from crosslingual.types import FloatArray

COUNT = 3_000


@pytest.fixture(scope="module")
def vectors() -> FloatArray:
    """In clusters, as sentences lie."""
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(60, 32))
    return normalize_rows(
        (centres[chance.integers(60, size=COUNT)] + chance.normal(size=(COUNT, 32)) / 2).astype(np.float32)
    )


@pytest.fixture(scope="module")
def folder(vectors: FloatArray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cells")
    ids = np.arange(COUNT, dtype=np.int64) * 2 + 1
    CompressedIndex.build(folder, ids, np.array_split(vectors, 3), vectors[::2])
    return folder


@pytest.fixture
def index(folder: Path) -> CompressedIndex:
    loaded = CompressedIndex.load(folder)
    assert loaded is not None
    return loaded


def test_it_finds_what_exact_search_finds(index: CompressedIndex, vectors: FloatArray) -> None:
    exact = FlatIndex.from_vectors(vectors).search(vectors[:200], 10)
    found = index.search(vectors[:200], 10)
    hits = [len(set(one) & set(other)) for one, other in zip((found.ids - 1) // 2, exact.ids, strict=True)]
    assert np.mean(hits) >= 9.8
    np.testing.assert_allclose(found.cosines[:, 0], 1, atol=2e-3)
    assert (np.diff(found.cosines, axis=1) <= 0).all()


def test_only_what_is_chosen_is_found(index: CompressedIndex, vectors: FloatArray) -> None:
    among = np.zeros(2 * COUNT + 1, dtype=np.bool_)
    among[1:101:2] = True
    found = index.search(vectors[:50], 5, among)
    assert ((found.ids == -1) | (found.ids < 101)).all()
    assert (found.ids[:, 0] == np.arange(50) * 2 + 1).all()
    assert (index.search(vectors[:2], 5, np.zeros(0, np.bool_)).ids == -1).all()


def test_the_few_that_are_chosen_are_all_found_however_far(index: CompressedIndex) -> None:
    chosen = np.random.default_rng(7).choice(COUNT, 30, replace=False) * 2 + 1
    among = np.zeros(2 * COUNT + 1, dtype=np.bool_)
    among[chosen] = True
    anywhere = normalize_rows(np.random.default_rng(8).normal(size=(20, 32)).astype(np.float32))
    for row in index.search(anywhere, 30, among).ids:
        assert set(row.tolist()) == set(chosen.tolist())


def test_rows_are_the_vectors_in_half_precision(index: CompressedIndex, vectors: FloatArray) -> None:
    assert index.dimensions == 32
    assert index.ids[10] == 21
    np.testing.assert_allclose(index.vectors_at(np.array([10, 2999])), vectors[[10, 2999]], atol=1e-3)


def test_ids_need_no_order(vectors: FloatArray, tmp_path: Path) -> None:
    ids = np.random.default_rng(2).permutation(COUNT).astype(np.int64)
    CompressedIndex.build(tmp_path, ids, [vectors], vectors)
    index = CompressedIndex.load(tmp_path)
    assert index is not None
    found = index.search(vectors[:30], 1)
    assert found.ids[:, 0].tolist() == ids[:30].tolist()
    np.testing.assert_allclose(found.cosines[:, 0], 1, atol=2e-3)


def test_what_is_cut_or_missing_is_no_index(folder: Path, tmp_path: Path) -> None:
    names = [path.name for path in folder.iterdir()]
    assert len(names) == 6
    for broken in names:
        copy = tmp_path / broken
        copy.mkdir()
        for name in names:
            (copy / name).write_bytes((folder / name).read_bytes())
        (copy / broken).write_bytes((folder / broken).read_bytes()[:-1])
        assert CompressedIndex.load(copy) is None, broken
        (copy / broken).unlink()
        assert CompressedIndex.load(copy) is None, broken
    about = json.loads((folder / "about.json").read_text())
    assert CompressedIndex.load(tmp_path / "nowhere") is None
    assert about["dimensions"] == 32


def flip_bit(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 4
    file.write_bytes(content)


@pytest.mark.parametrize("place", [0, 7, 200, -1])
@pytest.mark.parametrize("name", ["cells.faiss", "basis.f32", "ids.i64", "vectors.crc32"])
def test_a_flipped_bit_is_no_index(folder: Path, tmp_path: Path, name: str, place: int) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    flip_bit(tmp_path / "copy" / name, place)
    assert CompressedIndex.load(tmp_path / "copy") is None


def test_a_flipped_bit_of_a_vector_is_noticed_when_that_is_read(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    flip_bit(tmp_path / "copy" / "vectors.f16", 64 * 900 + 10)
    index = CompressedIndex.load(tmp_path / "copy")
    assert index is not None
    assert len(index.vectors_at(np.array([5, 899, 901]))) == 3
    for places in ([900], [5, 900], [899, 900, 901]):
        with pytest.raises(DamagedIndexError, match="not as they were written"):
            index.vectors_at(np.array(places))
    (tmp_path / "copy" / "vectors.f16").write_bytes(b"")
    with pytest.raises(DamagedIndexError, match="cut"):
        index.vectors_at(np.array([5]))


def test_without_positioned_reads_the_same_vectors_are_read(
    index: CompressedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    places = np.array([5, 2, 900, 2], dtype=np.intp)
    expected = index.vectors_at(places)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "pread")
    assert (index.vectors_at(places) == expected).all()
    assert (index.vectors_at(places[:0]) == expected[:0]).all()
