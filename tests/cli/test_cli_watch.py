from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from crosslingual.library import Library

Run = Callable[..., Result]


def test_a_folder_is_followed_polled_told_of_and_left(run: Run, tmp_path: Path) -> None:
    inbox, place = tmp_path / "inbox", ("--library", tmp_path / "library")
    inbox.mkdir()
    file = inbox / "a.txt"
    file.write_text("Nobody was hurt. All trips were cancelled.", encoding="utf-8")
    os.utime(file, (1, 1))
    assert run("watch", "add", inbox, "--source", "bbc", "--lang", "en", *place).exit_code == 0
    assert "not polled yet; due now" in run("watch", *place).output
    done = run("watch", "run", "--once", *place)
    assert (done.exit_code, "new, 1 added" in done.output) == (0, True), done.output
    (line,) = json.loads(run("watch", "log", "--json", *place).stdout)
    assert (line["outcome"], line["n_added"]) == ("new", 1)
    assert run("undo", line["operation_id"], *place).exit_code == 0
    assert "unchanged" in run("watch", "run", inbox, *place).output
    with Library(tmp_path / "library") as library:
        assert library.load_articles() == []
    run("watch", "pause", inbox, *place)
    assert "paused" in run("watch", *place).output
    run("watch", "resume", inbox, *place)
    assert "due now" in run("watch", *place).output
    file.unlink()
    inbox.rmdir()
    gone = run("watch", "run", "--once", *place)
    assert (gone.exit_code, "not there" in gone.output) == (1, True)
    assert run("watch", "remove", inbox, *place).exit_code == 0
    assert "nothing is followed" in run("watch", *place).output
    assert "not there" in run("watch", "log", inbox, *place).output


def test_feeds_move_from_reader_to_reader(run: Run, tmp_path: Path) -> None:
    place = ("--library", tmp_path / "library")
    given, written = tmp_path / "given.opml", tmp_path / "written.opml"
    given.write_text(
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://example.org/a"/></body></opml>',
        encoding="utf-8",
    )
    assert "1 feed followed, 0 were already" in run("watch", "import", given, *place).output
    assert "0 feeds followed, 1 were already" in run("watch", "import", given, *place).output
    assert run("watch", "export", written, *place).exit_code == 0
    assert 'xmlUrl="https://example.org/a"' in written.read_text(encoding="utf-8")
