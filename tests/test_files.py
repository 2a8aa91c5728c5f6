from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from crosslingual.files import abandoned_drafts, atomic_write, draft_path, replace_folder, save_arrays


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


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reaches the disk, and what is renamed, in its order: names of files and folders."""
    seen: list[tuple[str, str]] = []
    sync, rename, replace = os.fsync, Path.rename, Path.replace

    def note_sync(handle: int) -> None:
        seen.append(("sync", Path(f"/proc/self/fd/{handle}").readlink().name))
        sync(handle)

    def note_rename(path: Path, target: Path) -> Path:
        seen.append(("rename", target.name))
        return rename(path, target)

    def note_replace(path: Path, target: Path) -> Path:
        seen.append(("rename", target.name))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    monkeypatch.setattr(Path, "replace", note_replace)
    return seen


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names of open files are Linux's")


@linux
def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_after(
    tmp_path: Path, calls: list[tuple[str, str]]
) -> None:
    with atomic_write(tmp_path / "a.json") as new:
        new.write_text("new", encoding="utf-8")
    assert calls == [("sync", new.name), ("rename", "a.json"), ("sync", tmp_path.name)]


@linux
def test_a_folder_is_on_the_disk_with_all_in_it_before_it_has_its_name(
    tmp_path: Path, calls: list[tuple[str, str]]
) -> None:
    (tmp_path / "new" / "deep").mkdir(parents=True)
    for name in ("new/one", "new/deep/two"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    replace_folder(tmp_path / "new", tmp_path / "target", tmp_path / "former")
    renamed = calls.index(("rename", "target"))
    assert {name for _, name in calls[:renamed]} == {"one", "two", "deep", "new"}
    assert calls[renamed + 1 :] == [("sync", tmp_path.name)]


@pytest.mark.parametrize("name", ["a", "ab" * 127, "ш" * 127])
def test_a_name_may_be_as_long_as_the_disk_takes(tmp_path: Path, name: str) -> None:
    with atomic_write(tmp_path / name) as new:
        new.write_text("new", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_long_names_that_begin_alike_have_drafts_of_their_own(tmp_path: Path) -> None:
    assert draft_path(tmp_path / ("x" * 250)) != draft_path(tmp_path / ("x" * 249 + "y"))


def run_python(code: str, *args: object) -> int:
    return subprocess.run([sys.executable, "-c", code, *map(str, args)], check=False).returncode


KILLED = """
import os, signal, sys
from pathlib import Path
from crosslingual.files import atomic_write
with atomic_write(Path(sys.argv[1])) as new:
    new.write_text("half", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_drafts_of_killed_processes_are_known_and_no_others(tmp_path: Path) -> None:
    assert run_python(KILLED, tmp_path / "a.json") == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    (tmp_path / ".notes.2024").write_text("mine", encoding="utf-8")
    (tmp_path / "a.unfinished-99999999").write_text("mine", encoding="utf-8")
    with atomic_write(tmp_path / "b.json") as new:
        new.write_text("new", encoding="utf-8")
        assert abandoned_drafts(tmp_path) == [left]
    assert abandoned_drafts(tmp_path / "nowhere") == []
