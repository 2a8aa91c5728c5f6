from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosslingual.errors import InputError
from crosslingual.report.folder import write_folder

FILES = {"report.html": b"page", "tables/a.csv": b"a"}


def here(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_it_appears_whole_in_a_new_and_in_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new" / "deep", tmp_path / "empty"):
        assert write_folder(folder, FILES, {"event": "e"}) == []
        assert set(here(folder)) == {*FILES, "manifest.json"}
        assert json.loads((folder / "manifest.json").read_text("utf-8"))["event"] == "e"
    assert [path.name for path in tmp_path.iterdir()] and not list(tmp_path.rglob(".*"))  # noqa: PT018


def test_a_report_is_replaced_and_what_is_not_of_it_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, FILES, {})
    (folder / "notes.txt").write_text("mine", "utf-8")
    (folder / "tables" / "own.csv").write_text("mine", "utf-8")
    assert write_folder(folder, {"report.html": b"new"}, {}) == ["notes.txt", "tables/own.csv"]
    found = here(folder)
    assert set(found) == {"report.html", "manifest.json", "notes.txt", "tables/own.csv"}
    assert found["report.html"] == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "manifest", [None, "", "[]", '{"schema": "other", "files": {}}', '{"schema": 3}', "[" * 9999]
)
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, manifest: str | None) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", "utf-8")
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest, "utf-8")
    before = here(folder)
    with pytest.raises(InputError, match="and no report; choose an empty folder"):
        write_folder(folder, FILES, {})
    assert here(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_stranger_under_a_name_of_the_report_is_no_victim(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"report.html": b"old"}, {})
    (folder / "tables").mkdir()
    (folder / "tables" / "a.csv").write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"a\.csv: is not of the report"):
        write_folder(folder, FILES, {})
    assert here(folder)["tables/a.csv"] == b"mine"
    assert here(folder)["report.html"] == b"old"


def test_a_manifest_reaches_for_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine", "utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    content = {"schema": "crosslingual/report/1", "files": {"../secret": {}, "/etc/hostname": {}}}
    (folder / "manifest.json").write_text(json.dumps(content), "utf-8")
    write_folder(folder, FILES, {})
    assert (tmp_path / "secret").read_text("utf-8") == "mine"


def test_where_it_cannot_be_written_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    with pytest.raises(InputError, match="is no folder"):
        write_folder(file, FILES, {})
    with pytest.raises(InputError, match="cannot be written"):
        write_folder(file / "out", FILES, {})
    folder = tmp_path / "out"
    write_folder(folder, FILES, {})
    before, rename = here(folder), Path.rename

    def fails(self: Path, target: Path) -> Path:
        if ".unfinished" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(InputError, match="No space left"):
        write_folder(folder, {"report.html": b"new"}, {})
    assert here(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "out"]


def test_not_from_inside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="you are in it"):
        write_folder(Path(), FILES, {})
