from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.errors import InputError, NotFoundError

if TYPE_CHECKING:
    pass

Run = Callable[..., Result]


def test_from_files_to_a_report_and_again(run: Run, tmp_path: Path) -> None:
    library, out = tmp_path / "library", tmp_path / "out"
    files = [DEMO_FOLDER / "fukushima-water" / f"{name}-demo.md" for name in ("bbc", "lemonde")]
    run("add", *files, "--library", library)
    (event,) = json.loads(run("events", "--json", "--library", library).stdout)
    result = run("report", event["id"], "--library", library, "--out", out)
    assert result.exit_code == 0
    assert result.stdout == f"report of {event['id']} written: {out / 'report.html'}\n"
    first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(first) > 20
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    again = run("report", event["articles"][0], "--library", library, "--out", out)
    assert f"{out / 'mine.txt'}: not of the report; left alone" in again.stderr
    assert {path: path.read_bytes() for path in first} == first
    surer = run("report", event["id"], "--library", library, "--out", out, "--threshold", "0.99")
    assert surer.exit_code == 0
    assert json.loads((out / "manifest.json").read_text("utf-8"))["settings"]["threshold"] == 0.99
    run("report", event["id"], "--library", library, "--out", out, "--originals")
    kept = {path.read_bytes() for path in (out / "originals" / "files").iterdir()}
    assert kept == {file.read_bytes() for file in files}
    book = run("report", event["id"], "--library", library, "--out", tmp_path / "new" / "out.xlsx")
    assert book.stdout == f"report of {event['id']} written: {tmp_path / 'new' / 'out.xlsx'}\n"
    assert (tmp_path / "new" / "out.xlsx").read_bytes().startswith(b"PK")
    with pytest.raises(InputError, match="cannot be written"):
        run("report", event["id"], "--library", library, "--out", out / "mine.txt" / "out.xlsx")
    with pytest.raises(InputError, match="and no report"):
        run("report", event["id"], "--library", library, "--out", library)
    with pytest.raises(NotFoundError):
        run("report", "2024-01-01-none", "--library", library, "--out", tmp_path / "none")
    assert not (tmp_path / "none").exists()
