from __future__ import annotations

import random
from pathlib import Path

import faiss
import numpy as np
import pytest

from crosslingual.index import FlatIndex
from crosslingual.types import FloatArray


@pytest.fixture
def vectors() -> FloatArray:
    rows = np.random.default_rng(1).normal(size=(40, 16))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_search_finds_what_a_product_of_matrices_finds(vectors: FloatArray) -> None:
    found = FlatIndex.from_vectors(vectors[10:]).search(vectors[:10], 3)
    cosines = vectors[:10] @ vectors[10:].T
    assert (found.ids == np.argsort(-cosines, axis=1)[:, :3]).all()
    np.testing.assert_allclose(found.cosines, -np.sort(-cosines, axis=1)[:, :3], atol=1e-5)


def test_fewer_entries_than_asked_for_leave_places_open(vectors: FloatArray) -> None:
    found = FlatIndex.from_vectors(vectors[:2]).search(vectors[:1], 4)
    assert found.ids.tolist()[0][2:] == [-1, -1]
    assert found.cosines.tolist()[0][2:] == [-1, -1]
    assert (FlatIndex(16).search(vectors[:1], 1).ids == -1).all()


def test_what_is_saved_loads_equal_and_can_grow(vectors: FloatArray, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "index.faiss"
    ids = np.array([7, 2**59, 3], dtype=np.int64)
    index = FlatIndex(16)
    index.add(ids, vectors[:3])
    index.save(path)
    loaded = FlatIndex.load(path)
    assert loaded is not None
    assert loaded.ids.tolist() == ids.tolist()
    assert (loaded.all_vectors() == vectors[:3]).all()
    loaded.add(np.array([9], dtype=np.int64), vectors[3:4])
    assert loaded.search(vectors[3:4], 1).ids.tolist() == [[9]]
    assert [file.name for file in path.parent.iterdir()] == ["index.faiss"], "no draft is left"


def test_the_file_is_one_of_faiss(vectors: FloatArray, tmp_path: Path) -> None:
    path = tmp_path / "index.faiss"
    FlatIndex.from_vectors(vectors).save(path)
    assert faiss.read_index(str(path)).ntotal == len(vectors)


def test_adding_nothing_changes_nothing() -> None:
    index = FlatIndex(4)
    index.add(np.array([], dtype=np.int64), np.zeros((0, 4), np.float32))
    assert index.all_vectors().shape == (0, 4)
    assert not len(index.ids)


def test_a_damaged_file_is_no_index(vectors: FloatArray, tmp_path: Path) -> None:
    path = tmp_path / "index.faiss"
    FlatIndex.from_vectors(vectors[:4]).save(path)
    whole = path.read_bytes()
    chance = random.Random(3)  # noqa: S311  # not for secrets
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        assert FlatIndex.load(path) is None
    for length in range(0, len(whole), 9):
        path.write_bytes(whole[:length])
        assert FlatIndex.load(path) is None


def test_a_foreign_file_a_folder_and_nothing_are_no_index(vectors: FloatArray, tmp_path: Path) -> None:
    foreign = faiss.IndexFlatL2(16)
    foreign.add(vectors)
    faiss.write_index(foreign, str(tmp_path / "foreign"))
    assert FlatIndex.load(tmp_path / "foreign") is None
    assert FlatIndex.load(tmp_path) is None
    assert FlatIndex.load(tmp_path / "nothing") is None


def test_a_save_that_fails_leaves_the_old_file(
    vectors: FloatArray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "index.faiss"
    FlatIndex.from_vectors(vectors[:4]).save(path)

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space"):
            FlatIndex.from_vectors(vectors).save(path)
    loaded = FlatIndex.load(path)
    assert loaded is not None
    assert len(loaded.ids) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["index.faiss"]


def test_only_what_is_chosen_is_found(vectors: FloatArray) -> None:
    among = np.zeros(40, dtype=np.bool_)
    among[[3, 7, 30]] = True
    found = FlatIndex.from_vectors(vectors).search(vectors[:5], 4, among)
    assert {id_ for row in found.ids.tolist() for id_ in row} == {3, 7, 30, -1}
    assert found.ids[3, 0] == 3
    assert (FlatIndex.from_vectors(vectors).search(vectors[:1], 2, among[:0]).ids == -1).all()


def test_rows_come_by_their_places(vectors: FloatArray) -> None:
    index = FlatIndex.from_vectors(vectors)
    assert (index.vectors_at(np.array([5, 2])) == vectors[[5, 2]]).all()
    assert index.dimensions == 16
