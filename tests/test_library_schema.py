"""A library of schema version 3, made here, is brought up to date with all that it holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from crosslingual.errors import LibraryError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, content_key, encodable_texts
from crosslingual.library.database import content_hash
from crosslingual.library.schema import MIGRATIONS
from crosslingual.types import Article, Correction, Source, Translation

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
        keys = [key for (key,) in db.execute("SELECT content FROM articles ORDER BY number")]
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
