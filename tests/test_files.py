from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crosslingual.files import atomic_write, replace_folder, save_arrays


def test_a_draft_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old", encoding="utf-8")
    with atomic_write(path) as new:
        new.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert [*tmp_path.iterdir()] == [path]


def write_half(path: Path) -> None:
    with atomic_write(path) as new:
        new.write_text("ne", encoding="utf-8")
        raise ValueError("halfway")


def test_a_draft_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ValueError, match="halfway"):
        write_half(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_arrays_are_written_whole_by_their_names_and_never_as_objects(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.npz"
    arrays = {"counts": np.arange(3), "names": np.array(["a", "b"])}
    save_arrays(path, arrays)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="pickle"):
        save_arrays(path, arrays | {"counts": np.array([object()])})
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]
    with np.load(path, allow_pickle=False) as saved:
        assert saved["counts"].tolist() == [0, 1, 2]
        assert saved["names"].tolist() == ["a", "b"]


def test_a_folder_is_put_in_place_of_another(tmp_path: Path) -> None:
    for name in ("new", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "is").write_text(name, encoding="utf-8")
    replace_folder(tmp_path / "new", tmp_path / "target", tmp_path / "former")
    assert (tmp_path / "target" / "is").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "former" / "is").read_text(encoding="utf-8") == "target"


def test_a_folder_that_cannot_be_put_in_place_leaves_the_former_one(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    with pytest.raises(FileNotFoundError):
        replace_folder(tmp_path / "missing", tmp_path / "target", tmp_path / "former")
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
