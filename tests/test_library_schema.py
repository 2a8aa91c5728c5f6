"""A library of a former schema version is brought up to date with all that it holds."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.errors import LibraryError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, content_key, encodable_texts
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingUnit, make_passage
from crosslingual.library.database import content_hash
from crosslingual.library.followed import Followed
from crosslingual.library.schema import MIGRATIONS, RENAMED_COLUMNS, RENAMED_TABLES
from crosslingual.types import Article, Correction, Source, Translation
from scripts.dump_library import ARTICLES, ENCODER, SOURCES, TOKENS, add_articles

VERSION_4, VERSION_5, VERSION_6, VERSION_8, VERSION_9, VERSION_10 = (
    Path(__file__).parent / "data" / "library" / f"version_{n}.sql" for n in (4, 5, 6, 8, 9, 10)
)
SOURCE = Source("one", "One", domains=("one.example",))
MODEL = "model 1"


def article(number: int) -> Article:
    return Article(
        "one",
        "ru",
        f"Новость {number}. Си встретил его.",
        f"Заголовок {number}",
        "2024-05-16",
        "https://a.example",
    )


def version_3(path: Path, count: int) -> list[Article]:
    """A library as version 3 left it: with sentences, vectors, tokens, a translation and a correction."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db", isolation_level=None)
    old.create_function("content_hash", 1, content_hash, deterministic=True)
    old.execute("PRAGMA journal_mode = WAL")
    old.execute("BEGIN")
    for statements in MIGRATIONS[:3]:
        for statement in statements:
            old.execute(statement)
    old.execute(
        'INSERT INTO sources VALUES (\'one\', \'{"id": "one", "name": "One", "domains": ["one.example"]}\')'
    )
    old.execute("INSERT INTO models VALUES (1, ?, 4)", (MODEL,))
    articles = [article(number) for number in range(count)]
    for number, one in enumerate(articles, 1):
        own = split_sentences(one)
        old.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, one.id, one.source, one.lang, one.text, one.title, one.date, one.url),
        )
        old.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?)",
            [(number, each.index, each.start, each.end) for each in own],
        )
        for text in encodable_texts(one, own):
            vector = np.full(4, 0.5, "<f2").tobytes()
            old.execute("INSERT OR IGNORE INTO vectors VALUES (1, ?, ?)", (content_hash(text), vector))
            old.execute("INSERT OR IGNORE INTO tokens VALUES (1, ?, ?)", (content_hash(text), b"packed"))
    old.execute(
        "INSERT INTO translations VALUES (1, ?, 'Да.', 'ru', 'en', 'hand', '1', 'Yes.', '[]')",
        (content_hash("Да."),),
    )
    old.execute("INSERT INTO corrections VALUES (1, 'c', 'apart', '2024-05-16')")
    old.executemany(
        "INSERT INTO corrected VALUES (1, ?, ?, 0)", [(side, articles[side].id) for side in range(2)]
    )
    old.execute("PRAGMA application_id = 2020370798")
    old.execute("PRAGMA user_version = 3")
    old.execute("COMMIT")
    old.close()
    return articles


def assert_whole(library: Library, articles: list[Article]) -> None:
    assert library.load_articles() == articles
    assert library.stored_sources() == [SOURCE]
    told = {one.id: split_sentences(one) for one in articles}
    assert library.load_sentences(told) == told
    texts = encodable_texts(articles[0], told[articles[0].id])
    assert library.load_vectors(MODEL, texts).shape == (len(texts), 4)
    assert library.load_tokens(MODEL, texts) == [b"packed"] * len(texts)
    assert library.memory.find_best(["Да."], "ru", "en") == {"Да.": Translation("Yes.", "en", "hand", "1")}
    assert library.load_corrections() == [
        Correction("c", "apart", ((articles[0].id, 0),), ((articles[1].id, 0),), "2024-05-16")
    ]
    with library._db.read_transaction() as db:
        keys = [key for (key,) in db.execute("SELECT content_hash FROM articles ORDER BY number")]
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert keys == [content_key(one.text, one.title) for one in articles]


def test_a_library_of_version_3_keeps_all_and_learns_what_is_new(tmp_path: Path) -> None:
    articles = version_3(tmp_path / "old", 30)
    with Library(tmp_path / "old", create=False) as library:
        assert_whole(library, articles)
        assert library.load_operations() == []
        again = Article("one", "ru", f"**{articles[3].title}**\n\n{articles[3].text}")
        assert library.find_existing([again]) == {again.id: articles[3].id}
        library.remove_articles([articles[3].id])
        library.undo_operation()
        assert_whole(library, articles)


def test_an_article_added_after_it_has_a_number_of_its_own(tmp_path: Path) -> None:
    articles = version_3(tmp_path / "old", 3)
    new = article(7)
    with Library(tmp_path / "old", create=False) as library:
        texts = encodable_texts(new, split_sentences(new))
        library.add_articles(
            [(new, split_sentences(new))], MODEL, texts, np.ones((len(texts), 4), np.float32)
        )
        assert library.load_articles() == [*articles, new]


@pytest.mark.parametrize("delay", [0, 10, 20, 40, 80])
def test_a_kill_while_it_is_brought_up_to_date_loses_nothing(delay: int, tmp_path: Path) -> None:
    articles = version_3(tmp_path / "old", 1_000)
    code = (
        "import sys\nfrom pathlib import Path\nfrom crosslingual.library import Library\n"
        "print('now', flush=True)\nLibrary(Path(sys.argv[1]), create=False)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "old")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(delay / 1000)
        os.kill(process.pid, signal.SIGKILL)
    with Library(tmp_path / "old", create=False) as library:
        assert_whole(library, articles)


def test_a_step_that_fails_leaves_the_library_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = version_3(tmp_path / "old", 30)
    broken = (*MIGRATIONS[:3], (*MIGRATIONS[3], "INSERT INTO nowhere VALUES (1)"))
    with monkeypatch.context() as patch:
        patch.setattr("crosslingual.library.database.MIGRATIONS", broken)
        with pytest.raises(LibraryError, match="nowhere"):
            Library(tmp_path / "old", create=False)
    db = sqlite3.connect(tmp_path / "old" / "library.db")
    assert db.execute("PRAGMA user_version").fetchone() == (3,)
    assert "author" not in [row[1] for row in db.execute("PRAGMA table_info(articles)")]
    db.close()
    with Library(tmp_path / "old", create=False) as library:
        assert_whole(library, articles)


def version_4(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 4."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_4.read_text(encoding="utf-8"))
    old.close()
    return path


def version_5(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 5."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_5.read_text(encoding="utf-8"))
    old.close()
    return path


def version_6(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 6: two articles are on one event."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_6.read_text(encoding="utf-8"))
    old.close()
    return path


def version_8(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 8, which had no codebook."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_8.read_text(encoding="utf-8"))
    old.close()
    return path


def version_9(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 9, which kept no former versions."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_9.read_text(encoding="utf-8"))
    old.close()
    return path


def version_10(path: Path) -> Path:
    """The library that scripts/dump_library.py made with the code of version 10, which followed nothing."""
    path.mkdir()
    old = sqlite3.connect(path / "library.db")
    old.executescript(VERSION_10.read_text(encoding="utf-8"))
    old.close()
    return path


def assert_version_4_whole(library: Library) -> None:
    """All of it, after the last operation of the sample: south merged into north."""
    north, south, east, copy, _ = ARTICLES
    south = replace(south, source="north")
    assert library.load_articles() == [north, south, east]
    for one in (north, south, east):
        assert library.load_sentences([one.id]) == {one.id: split_sentences(one)}
        texts = encodable_texts(one, split_sentences(one))
        assert library.load_tokens(TOKENS, texts) == [text.encode()[:8] for text in texts]
        vectors = library.load_vectors(ENCODER, texts)
        assert vectors[:, 1] / vectors[:, 0] == pytest.approx([1 / len(text) for text in texts], rel=0.01)
    assert library.find_existing([replace(copy, source="north")]) == {
        replace(copy, source="north").id: north.id
    }
    assert {source.id: source.name for source in library.stored_sources()} == {
        "east": "Восточная газета",
        "north": "North Daily",
    }
    assert [(one.id, one.left, one.right) for one in library.load_corrections()] == [
        ("c1", ((north.id, 0),), ((east.id, 0), (south.id, 0))),
        ("c2", ((north.id, 19),), ((south.id, 23),)),
    ]
    found = library.memory.find_best(["Мост открыт.", "Никто не платил."], "ru", "en")
    assert {text: (one.text, one.engine) for text, one in found.items()} == {
        "Мост открыт.": ("The bridge was opened.", "hand"),
        "Никто не платил.": ("Nobody paid.", "argostranslate"),
    }
    assert list(library.memory.iterate_translations(["memory"])) == [
        ("Мост открыт.", "ru", Translation("The bridge is open.", "en", "memory", "", ("number",)))
    ]
    assert [(one.kind, one.articles, one.sources, one.translations) for one in library.load_operations()] == [
        ("merge", 2, 2, 0),
        ("remove", 1, 0, 0),
        ("undo", 0, 1, 0),
        ("edit", 0, 1, 0),
        ("add", 2, 0, 0),
        ("add", 3, 3, 1),
    ]
    with library._db.read_transaction() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_library_of_version_4_keeps_all_and_its_caches(tmp_path: Path) -> None:
    with Library(version_4(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)
        assert library.revision == "734cf0839b678f09-11"  # indexes and comparisons are still those of it


def test_what_was_done_under_version_4_can_be_undone(tmp_path: Path) -> None:
    with Library(version_4(tmp_path / "old"), create=False) as library:
        merge, removal, _, edit, second, first = library.load_operations()
        with pytest.raises(LibraryError, match="undone already"):
            library.undo_operation(edit.id)
        library.undo_operation(merge.id)
        assert library.load_articles() == ARTICLES[:4]
        assert library.load_corrections()[1].right == ((ARTICLES[1].id, 23),)
        library.undo_operation(removal.id)
        assert library.load_articles() == ARTICLES
        for one in ARTICLES:
            assert library.load_sentences([one.id]) == {one.id: split_sentences(one)}
        library.undo_operation(second.id)
        library.undo_operation(first.id)
        assert library.load_articles() == []
        assert library.stored_sources() == []
        assert library.memory.find_best(["Мост открыт."], "ru", "en")["Мост открыт."].engine == "hand"
        assert list(library.memory.iterate_translations(["memory"])) == []


def test_an_article_that_comes_back_has_the_key_of_today(tmp_path: Path) -> None:
    path = version_4(tmp_path / "old")
    removed = ARTICLES[4]
    key = content_key(removed.text, removed.title)
    db = sqlite3.connect(path / "library.db")
    db.execute("UPDATE changes SET before = replace(before, ?, 'former')", (key,))
    assert db.execute("SELECT count(*) FROM changes WHERE before LIKE '%former%'").fetchone() == (1,)
    db.commit()
    db.close()
    with Library(path, create=False) as library:
        removal = next(one for one in library.load_operations() if one.kind == "remove")
        undo = library.undo_operation(removal.id)
        again = replace(removed, text=f"<p>{removed.text}</p>")
        assert library.find_existing([again]) == {again.id: removed.id}
        library.undo_operation(undo.id)
        assert removed.id not in library.article_ids()


def test_keys_of_version_4_are_made_anew(tmp_path: Path) -> None:
    path = version_4(tmp_path / "old")
    with closing(sqlite3.connect(path / "library.db", isolation_level=None)) as old:
        old.execute("UPDATE articles SET content = 'of before'")
    with Library(path, create=False) as library:
        with library._db.read_transaction() as db:
            keys = [key for (key,) in db.execute("SELECT content_hash FROM articles ORDER BY number")]
        assert keys == [content_key(one.text, one.title) for one in library.load_articles()]


def test_articles_of_version_5_wait_for_their_events(tmp_path: Path) -> None:
    with Library(version_5(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)  # the same sample
        waiting = library.ungrouped_entries()
        assert {entry.article for entry in waiting} == set(library.article_ids())
        assert library.event_entries() == {}
        removal = next(one for one in library.load_operations() if one.kind == "remove")
        merge = library.load_operations()[0]
        library.undo_operation(merge.id)
        library.undo_operation(removal.id)
        assert {entry.article for entry in library.ungrouped_entries()} == set(library.article_ids())


def test_events_of_version_6_wait_for_their_story(tmp_path: Path) -> None:
    with Library(version_6(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)  # the same sample
        (entries,) = library.event_entries().values()
        assert {entry.article for entry in entries} == {ARTICLES[0].id, ARTICLES[2].id}
        assert library.waiting_stories() == [entries[0].event]
        assert library.story_ids() == {}


def test_a_library_of_version_8_keeps_all_and_can_be_coded(tmp_path: Path) -> None:
    with Library(version_8(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)  # the same sample
        assert library.load_codes() == []
        assert library.load_coding_units() == []
        code = Code("Cost")
        library.add_codes([code])
        passage = make_passage(ARTICLES[0].id, ARTICLES[0].text, 19, 31)
        library.add_coding(CodingUnit("span", (passage,)), Coding(code.id, "Ann"))
        added, *before = library.load_operations()
        library.undo_operation(added.id)
        assert library.load_coding_units()[0].codings == ()
        library.undo_operation(before[0].id)  # what was done under version 8 still can be
        assert library.load_articles() == ARTICLES[:4]


def test_a_library_of_version_9_keeps_all_and_takes_versions(tmp_path: Path) -> None:
    with Library(version_9(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)  # the same sample
        assert library.changed_articles() == {}
        north = ARTICLES[0]
        newer = replace(north, text=f"{north.text} It cost 3 million.")
        add_articles(library, [newer], "newer.jsonl")
        assert [one.article for one in library.load_versions(newer.id)] == [north, newer]
        assert {one.id: one.left for one in library.load_corrections()} == {
            "c1": ((newer.id, 0),),
            "c2": ((newer.id, 19),),
        }
        (entries,) = library.event_entries().values()
        assert {entry.article for entry in entries} == {newer.id, ARTICLES[2].id}
        library.undo_operation()
        assert library.load_articles()[0] == north
        assert library.changed_articles() == {}


def test_a_library_of_version_10_keeps_all_and_can_follow(tmp_path: Path) -> None:
    with Library(version_10(tmp_path / "old"), create=False) as library:
        assert_version_4_whole(library)  # the same sample
        assert (library.load_followed(), library.load_polls()) == ([], [])
        one = Followed("folder", str(tmp_path))
        library.add_followed(one)
        assert library.load_followed() == [one]
        library.undo_operation(library.load_operations()[0].id)  # what was done under version 10 still can be
        assert library.load_articles() == ARTICLES[:4]


def test_new_libraries_and_old_ones_have_the_same_schema(tmp_path: Path) -> None:
    schemas = []
    version_3(tmp_path / "three", 2)
    five, six, eight, nine, ten = (
        version_5(tmp_path / "five"),
        version_6(tmp_path / "six"),
        version_8(tmp_path / "eight"),
        version_9(tmp_path / "nine"),
        version_10(tmp_path / "ten"),
    )
    for path in (
        tmp_path / "new",
        ten,
        nine,
        eight,
        six,
        five,
        version_4(tmp_path / "four"),
        tmp_path / "three",
    ):
        with Library(path) as library, library._db.read_transaction() as db:
            rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            schemas.append({name: " ".join(sql.split()) for name, sql in rows})
    assert all(schema == schemas[0] for schema in schemas)


@pytest.mark.parametrize("statements_done", range(0, len(MIGRATIONS[4]) + 1, 4))
def test_a_kill_between_two_steps_leaves_the_former_library(statements_done: int, tmp_path: Path) -> None:
    path = version_4(tmp_path / "old")
    code = """
import os, signal, sys
from pathlib import Path
from crosslingual.library import Library, database

def kill_after(statements, number):
    yield from statements[:number]
    os.kill(os.getpid(), signal.SIGKILL)

*earlier, last = database.MIGRATIONS
database.MIGRATIONS = (*earlier, kill_after(last, int(sys.argv[2])))
Library(Path(sys.argv[1]), create=False)
"""
    command = [sys.executable, "-c", code, str(path), str(statements_done)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    db = sqlite3.connect(path / "library.db")
    assert db.execute("PRAGMA user_version").fetchone() == (4,)
    assert db.execute("SELECT count(*) FROM acts").fetchone() == (6,)
    db.close()
    with Library(path, create=False) as library:
        assert_version_4_whole(library)


def test_a_library_of_version_4_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    path = version_4(tmp_path / "old")
    db = sqlite3.connect(path / "library.db")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    connect = sqlite3.connect

    def connect_read_only(file: Path, **options: Any) -> sqlite3.Connection:
        address = str(file) if str(file).startswith("file:") else f"file:{file}?mode=ro"
        connection: sqlite3.Connection = connect(address, **(options | {"uri": True}))
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crosslingual.library.database.sqlite3.connect", connect_read_only)
        with pytest.raises(LibraryError, match="cannot be written to bring it up to date"):
            Library(path, create=False)
    with Library(path, create=False) as library:
        assert_version_4_whole(library)


NEWER_TABLES = (
    *("polls", "followed_items", "followed"),
    *("article_originals", "originals", "article_versions"),
    *("coding_decisions", "codings", "coding_tasks", "coding_passages", "coding_units", "coding_offers"),
    *("codes", "check_items", "check_samples", "probability_calibrations"),
    *("event_corrections", "event_articles", "events", "article_profiles"),
)
"""What version 4 had not, each before those that it refers to."""


def take_back_to_version_4(path: Path) -> None:
    """Give a library of today the names of version 4."""
    db = sqlite3.connect(path / "library.db", isolation_level=None)
    for table in NEWER_TABLES:
        db.execute(f"DROP TABLE {table}")
    for index in ("articles_date", "articles_url"):
        db.execute(f"DROP INDEX {index}")
    for old, new in RENAMED_TABLES.items():
        db.execute(f"ALTER TABLE {new} RENAME TO {old}")
        db.execute("UPDATE changes SET table_name = ? WHERE table_name = ?", (old, new))
    names = {table: {new: old for old, new in columns.items()} for table, columns in RENAMED_COLUMNS.items()}
    changes = db.execute("SELECT number, table_name, row_before, row_after FROM changes").fetchall()
    for number, table, *rows in changes:
        before, after = (
            row
            and json.dumps(
                {names.get(table, {}).get(key, key): value for key, value in json.loads(row).items()}
            )
            for row in rows
        )
        db.execute(
            "UPDATE changes SET row_before = ?, row_after = ? WHERE number = ?", (before, after, number)
        )
    for table, columns in names.items():
        for new, old in columns.items():
            db.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    for name, index in (
        ("articles_content_hash", "articles_content ON articles (content)"),
        ("corrected_sentences_article_id", "corrected_article ON corrected (article)"),
        ("changes_operation_number", "changes_act ON changes (act)"),
    ):
        db.execute(f"DROP INDEX {name}")
        db.execute(f"CREATE INDEX {index}")
    db.execute("PRAGMA user_version = 4")
    db.close()


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(WORDS, WORDS, st.sampled_from(["add", "remove", "merge", "edit"])), max_size=6))
def test_any_history_survives_the_change_of_names(steps: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        states = []
        with Library(path) as library:
            for text, title, kind in steps:
                states.append((library.load_articles(), library.stored_sources()))
                new = [Article(id_, "en", f"{text} {id_}", title) for id_ in ("north", "south")]
                if kind == "add" and not library.existing_ids(one.id for one in new):
                    add_articles(library, new, title)
                elif kind == "remove" and library.article_ids():
                    library.remove_articles(library.article_ids()[:1])
                elif kind == "merge" and {"north", "south"} <= {one.id for one in library.stored_sources()}:
                    library.merge_sources("south", "north")
                elif kind == "edit":
                    library.edit_source(replace(SOURCES[2], owner=f"Owner {len(states)}"))
                else:
                    states.pop()
            last = library.load_articles(), library.stored_sources(), library.load_operations()
            revision = library.revision
        take_back_to_version_4(path)
        with Library(path) as library:
            assert (library.load_articles(), library.stored_sources(), library.load_operations()) == last
            assert library.revision == revision
            for articles, sources in reversed(states):
                library.undo_operation()
                assert (library.load_articles(), library.stored_sources()) == (articles, sources)
