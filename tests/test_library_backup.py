"""A library in one file, and back: whole while it is written, and never half of one and half of another."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from crosslingual.errors import CrosslingualError, InputError, LibraryError
from crosslingual.library import Library
from crosslingual.library.backup import back_up_library, restore_library
from crosslingual.library.folder import FORMER_FILE, SEARCHES_FILE
from tests.helpers.library_samples import article, put

HARBOUR, BRIDGE, MARKET = (
    article([f"The {place} was closed on Monday.", "Nobody was hurt."], title=place)
    for place in ("harbour", "bridge", "market")
)


def make_library(folder: Path, *articles: object) -> Path:
    with Library(folder) as library:
        put(library, *articles)  # type: ignore[arg-type]
    return folder


def held(folder: Path) -> list[str]:
    with Library(folder, create=False) as library:
        return [one.title for one in library.load_articles()]


def test_a_backup_gives_back_articles_history_and_saved_searches(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR, BRIDGE)
    with Library(folder) as library:
        library.remove_articles([BRIDGE.id])
    (folder / SEARCHES_FILE).write_text('{"searches": []}', encoding="utf-8")
    file = back_up_library(folder, tmp_path / "one.db")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["one.db"]
    shutil.rmtree(folder)
    assert restore_library(file, folder) is None
    assert held(folder) == ["harbour"]
    assert (folder / SEARCHES_FILE).read_text(encoding="utf-8") == '{"searches": []}'
    with Library(folder) as library:
        library.undo_operation()
    assert held(folder) == ["harbour", "bridge"]
    assert sorted(path.name for path in folder.iterdir()) == ["library.db", "searches.json"]


def test_of_backups_in_a_folder_the_latest_is_put_back(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR)
    first = back_up_library(folder, tmp_path / "kept")
    assert first.parent == tmp_path / "kept"
    first.rename(first.with_name("library-20010101T000000Z.db"))
    make_library(folder, BRIDGE)
    back_up_library(folder, tmp_path / "kept")
    make_library(folder, MARKET)
    restore_library(tmp_path / "kept", folder)
    assert held(folder) == ["harbour", "bridge"]
    restore_library(folder / FORMER_FILE, folder)
    assert held(folder) == ["harbour", "bridge", "market"], "a restore can be taken back"


@pytest.mark.skipif(os.name != "posix", reason="permissions of other users are POSIX's")
def test_backups_and_what_is_put_back_are_nobody_elses_to_read(tmp_path: Path) -> None:
    file = back_up_library(make_library(tmp_path / "library", HARBOUR), tmp_path / "one.db")
    restore_library(file, tmp_path / "new")
    restore_library(file, tmp_path / "new")
    files = [file, tmp_path / "new" / "library.db", tmp_path / "new" / FORMER_FILE]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * 3
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_backup_while_articles_come_in_is_whole(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR)
    stop = threading.Event()

    def keep_adding() -> None:
        with Library(folder) as library:
            for number in range(100_000):
                put(library, article([f"Line {number}.", f"And {number} more."], title=f"no. {number}"))
                if stop.is_set():
                    return

    writer = threading.Thread(target=keep_adding)
    writer.start()
    try:
        files = [back_up_library(folder, tmp_path / f"{number}.db") for number in range(8)]
    finally:
        stop.set()
        writer.join()
    sizes = []
    for number, file in enumerate(files):
        restore_library(file, tmp_path / f"back{number}")
        with Library(tmp_path / f"back{number}", create=False) as library:
            ids = library.article_ids()
            sentences = library.load_sentences(ids)
            texts = [sentence.text for told in sentences.values() for sentence in told]
            assert all(len(told) == 2 for told in sentences.values())
            assert len(library.load_vectors("toy", texts)) == 2 * len(ids)
            sizes.append(len(ids))
    assert sizes == sorted(sizes)
    assert sizes[-1] <= len(held(folder))


def test_a_log_of_another_is_never_read_into_what_is_put_back(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR)
    file = back_up_library(folder, tmp_path / "one.db")
    with closing(sqlite3.connect(folder / "library.db")) as reader:
        reader.execute("SELECT * FROM articles").fetchone()  # keeps the log from being taken in
        make_library(folder, *(article([f"Line {n}." * 50], title=f"no. {n}") for n in range(40)))
        for suffix in ("-wal", "-shm"):
            shutil.copy(folder / f"library.db{suffix}", tmp_path / f"stale{suffix}")
    (folder / "library.db").write_bytes(b"SQLite format 3\0" + b"nothing" * 999)
    for suffix in ("-wal", "-shm"):
        shutil.copy(tmp_path / f"stale{suffix}", folder / f"library.db{suffix}")
    assert restore_library(file, folder) == folder / FORMER_FILE
    assert held(folder) == ["harbour"]
    with closing(sqlite3.connect(folder / "library.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("content", [b"", b"not a database" * 999, b"SQLite format 3\0" + b"\1" * 9_000])
def test_a_damaged_library_is_replaced_and_set_aside(tmp_path: Path, content: bytes) -> None:
    file = back_up_library(make_library(tmp_path / "library", HARBOUR), tmp_path / "one.db")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "library.db").write_bytes(content)
    restore_library(file, tmp_path / "damaged")
    assert held(tmp_path / "damaged") == ["harbour"]
    assert (tmp_path / "damaged" / FORMER_FILE).read_bytes() == content


def damage_page(file: Path) -> None:
    """Overwrite a page in the middle, as a failing disk does."""
    whole = bytearray(file.read_bytes())
    middle = len(whole) // 4096 // 2 * 4096
    whole[middle : middle + 4096] = b"\xff" * 4096
    file.write_bytes(whole)


def add_trigger(file: Path) -> None:
    """What SQLite would run when something is stored."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TRIGGER later AFTER INSERT ON articles BEGIN DELETE FROM sources; END")


def raise_version(file: Path) -> None:
    """Made by a version to come."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 999")


def make_foreign(file: Path) -> None:
    """Another programme's."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA application_id = 1")


@pytest.mark.parametrize(
    "spoil",
    [
        damage_page,
        add_trigger,
        raise_version,
        make_foreign,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:5_000]),
        lambda file: file.unlink(),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_the_library_stays(tmp_path: Path, spoil: object) -> None:
    file = back_up_library(make_library(tmp_path / "other", BRIDGE), tmp_path / "one.db")
    assert callable(spoil)
    spoil(file)
    folder = make_library(tmp_path / "library", HARBOUR)
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(CrosslingualError) as told:
        restore_library(file, folder)
    assert "\n" not in str(told.value)
    assert str(file) in str(told.value) or "newer crosslingual" in str(told.value)
    assert held(folder) == ["harbour"]
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_damaged_library_makes_no_backup(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", *(article([f"Line {n}." * 50]) for n in range(40)))
    damage_page(folder / "library.db")
    with pytest.raises(LibraryError, match="damaged"):
        back_up_library(folder, tmp_path / "one.db")
    assert not (tmp_path / "one.db").exists()


def test_a_backup_never_replaces_what_is_none(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path / "notes.txt", folder / "library.db", tmp_path / "notes.txt" / "a.db"):
        with pytest.raises(InputError):
            back_up_library(folder, target)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert held(folder) == ["harbour"]


def test_who_has_the_library_open_sees_what_was_put_back_as_a_new_state(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", HARBOUR)
    with Library(folder) as library:
        revisions = [library.revision]
        file = back_up_library(folder, tmp_path / "one.db")
        put(library, BRIDGE)
        revisions.append(library.revision)
        restore_library(file, folder)
        revisions.append(library.revision)
        assert [one.title for one in library.load_articles()] == ["harbour"]
        put(library, MARKET)
        revisions.append(library.revision)
    assert len(set(revisions)) == 4, "caches go by it"
    assert held(folder) == ["harbour", "market"]


def test_where_no_library_is_none_is_backed_up(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library here"):
        back_up_library(tmp_path, tmp_path / "one.db")
    with pytest.raises(InputError, match="no backup here"):
        restore_library(tmp_path, tmp_path / "library")
    assert list(tmp_path.iterdir()) == []
