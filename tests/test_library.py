from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.address import LibraryAddress, format_setting
from crosslingual.errors import LibraryError, NotFoundError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, encodable_texts
from crosslingual.library.backup import back_up_library
from crosslingual.types import Article, Correction, FloatArray, Source, Translation
from tests.helpers.library_folders import sqlite_connection

MODEL = "model 1"
SOURCE = Source(
    "ria", "RIA", "РИА", ("ru",), "RU", "state", "news agency", "the state", ("ria.ru",), demo=True
)
FIRST = Article(
    "ria", "ru", "Путин прибыл в Пекин. Си встретил его.", "Визит", "2024-05-16", "https://ria.ru/1"
)
SECOND = Article("ria", "ru", "Си встретил его. Они подписали заявление.")


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        library.put_sources([SOURCE])
        yield library


@pytest.fixture
def folder_library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        library.put_sources([SOURCE])
        yield library


def vectors(texts: list[str]) -> FloatArray:
    """Another unit vector for each text."""
    rows = [np.random.default_rng(list(text.encode())).normal(size=24) for text in texts] or [np.zeros(24)]
    matrix = np.array(rows, np.float32)[: len(texts)]
    unit: FloatArray = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit


def put(library: Library, *articles: Article) -> int:
    batch = [(article, split_sentences(article)) for article in articles]
    texts = [text for article, told in batch for text in encodable_texts(article, told)]
    return library.add_articles(batch, MODEL, texts, vectors(texts))


def test_gives_back_what_was_put_in(library: Library) -> None:
    assert put(library, FIRST, SECOND) == 2
    assert library.stored_sources() == [SOURCE]
    assert library.load_articles() == [FIRST, SECOND]
    assert library.load_articles([SECOND.id, FIRST.id]) == [SECOND, FIRST]
    assert library.load_sentences([SECOND.id, "0" * 16]) == {SECOND.id: split_sentences(SECOND)}
    assert library.existing_ids([FIRST.id, "0" * 16]) == {FIRST.id}


def test_outlives_the_object(library: Library, library_address: LibraryAddress) -> None:
    put(library, FIRST)
    with Library(library_address, create=False) as again:
        assert again.load_articles() == [FIRST]
        assert again.revision == library.revision


@settings(deadline=None, max_examples=40)  # each example reaches the disk
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_keeps_any_text_exactly(new_library: Callable[[], LibraryAddress], text: str, title: str) -> None:
    article = Article("ria", "ru", text, title)
    with Library(new_library()) as library:
        library.put_sources([SOURCE])
        put(library, article)
        assert library.load_articles() == [article]
        told = split_sentences(article)
        assert library.load_sentences([article.id]) == {article.id: told}
        assert [*library.lookup.sentences_at([(article.id, 0)]).values()] == [*told[:1]]


def test_the_same_article_goes_in_once(library: Library) -> None:
    put(library, FIRST)
    before = library.revision
    assert put(library, replace(FIRST, title="Другой заголовок", text=FIRST.text + " ")) == 0
    assert library.load_articles() == [FIRST]
    assert len(library.load_sentences([FIRST.id])[FIRST.id]) == 2
    assert library.revision != before  # the new title's vector is content too


def test_an_article_is_complete_or_absent(library: Library) -> None:
    told = split_sentences(FIRST)
    texts = encodable_texts(FIRST, told)
    for lacking in range(len(texts)):
        some = texts[:lacking] + texts[lacking + 1 :]
        with pytest.raises(LibraryError, match="1 of 3 sentences came without a vector"):
            library.add_articles([(FIRST, told)], MODEL, some, vectors(some))
    assert library.load_articles() == []
    assert library.texts_without_vectors(MODEL, texts) == texts
    library.put_vectors(MODEL, texts, vectors(texts))
    assert library.add_articles([(FIRST, told)], MODEL, [], np.zeros((0, 24), np.float32)) == 1


def test_an_article_of_no_known_source_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="source is not in the library"):
        put(library, replace(FIRST, source="tass"))
    assert library.load_articles() == []


def test_vectors_come_in_the_order_asked_for_and_of_unit_length(library: Library) -> None:
    texts = [f"Предложение {number}." for number in range(3_000)]
    library.put_vectors(MODEL, texts, vectors(texts))
    asked = [*reversed(texts), texts[5], texts[5]]
    found = library.load_vectors(MODEL, asked)
    assert found.dtype == np.float32
    assert found.flags.writeable
    np.testing.assert_allclose(found, vectors(asked), atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert library.load_vectors(MODEL, []).shape == (0, 24)


def test_models_do_not_mix(library: Library) -> None:
    texts = ["Один.", "Два."]
    library.put_vectors(MODEL, texts, vectors(texts))
    library.put_vectors("model 2", texts[:1], np.ones((1, 3), np.float32))
    assert library.texts_without_vectors("model 2", [*texts, *texts]) == ["Два."]
    assert library.texts_without_vectors("model 3", texts) == texts
    with pytest.raises(LibraryError, match="1 of 2 sentences have no vector of model 2"):
        library.load_vectors("model 2", texts)
    with pytest.raises(LibraryError, match="no vectors of model 3"):
        library.load_vectors("model 3", texts)


@pytest.mark.parametrize(
    "matrix",
    [np.ones((1, 24)), np.ones((2, 12)), np.ones(2), np.full((2, 24), np.nan), np.full((2, 24), np.inf)],
)
def test_a_matrix_that_does_not_fit_is_refused(library: Library, matrix: FloatArray) -> None:
    put(library, FIRST)
    with pytest.raises(LibraryError, match="model 1: gave"):
        library.put_vectors(MODEL, ["Один.", "Два."], matrix.astype(np.float32))
    assert library.texts_without_vectors(MODEL, ["Один.", "Два."]) == ["Один.", "Два."]


def test_translations_made_by_hand_come_first(library: Library) -> None:
    by_engine = Translation("Xi met him (argos).", "en", "argos")
    by_hand = Translation("Xi met him.", "en", "memory")
    by_other = Translation("Xi met him (zzz).", "en", "zzz")
    entries = [("Си встретил его.", "ru", made) for made in (by_engine, by_hand, by_other)]
    library.memory.put_translations([*entries, ("Да.", "ru", by_engine)])
    found = library.memory.find_best(["Си встретил его.", "Да.", "Нет."], "ru", "en")
    assert found == {"Си встретил его.": by_hand, "Да.": by_engine}
    assert (
        library.memory.find_best(["Да."], "uk", "en") == library.memory.find_best(["Да."], "ru", "de") == {}
    )


def test_a_translation_is_replaced_by_the_same_engines_next(library: Library) -> None:
    for text in ("Yes", "Yes."):
        library.memory.put_translations([("Да.", "ru", Translation(text, "en", "argos"))])
    assert library.memory.find_best(["Да."], "ru", "en")["Да."].text == "Yes."


@pytest.mark.parametrize("name", ["zz", "", "%", "'; DROP TABLE articles; --", "\udcff", "0" * 17])
def test_an_unknown_article_is_named(library: Library, name: str) -> None:
    put(library, FIRST)
    with pytest.raises(NotFoundError, match="no article"):
        library.load_articles([FIRST.id, name])
    assert library.load_articles() == [FIRST]


def test_ids_are_in_the_order_they_came_in(library: Library) -> None:
    put(library, SECOND)
    put(library, FIRST)
    assert library.article_ids() == [SECOND.id, FIRST.id]
    library.remove_articles([SECOND.id])
    assert library.article_ids() == [FIRST.id]


def test_what_is_removed_takes_its_sentences_along(library: Library) -> None:
    put(library, FIRST, SECOND)
    assert library.remove_articles([FIRST.id, "0" * 16]) == 1
    assert library.load_articles() == [SECOND]
    assert library.load_sentences([FIRST.id, SECOND.id]) == {SECOND.id: split_sentences(SECOND)}
    assert library.load_vectors(MODEL, [sentence.text for sentence in split_sentences(SECOND)]).shape == (
        2,
        24,
    )


def test_the_revision_changes_with_the_content_and_only_then(library: Library) -> None:
    seen = [library.revision]

    def changed() -> bool:
        seen.append(library.revision)
        return seen[-1] not in seen[:-1]

    put(library, FIRST)
    assert changed()
    put(library, FIRST)
    library.put_sources([SOURCE])
    library.remove_articles(["0" * 16])
    assert not changed()
    library.put_sources([replace(SOURCE, ownership="unknown")])
    assert changed()
    assert library.stored_sources() == [replace(SOURCE, ownership="unknown")]
    library.memory.put_translations([("Да.", "ru", Translation("Yes.", "en", "argos"))])
    assert changed()
    library.remove_articles([FIRST.id])
    assert changed()


def test_a_library_in_the_place_of_another_has_other_revisions(folder_library: Library) -> None:
    put(folder_library, FIRST)
    seen = folder_library.revision.partition("-")
    folder_library.close()
    shutil.rmtree(folder_library.path)
    with Library(folder_library.path) as other:
        assert other.revision.partition("-")[0] != seen[0]


def test_readers_do_not_wait_for_a_writer(library: Library, library_address: LibraryAddress) -> None:
    put(library, FIRST)
    with Library(library_address) as writer, writer._db.write_transaction() as db:
        db.execute("DELETE FROM articles")
        assert library.load_articles() == [FIRST]
        with Library(library_address, create=False) as reader:
            assert reader.load_articles() == [FIRST]
    assert library.load_articles() == []


def test_threads_may_share_a_library(library: Library) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(20):
                article = Article("ria", "ru", f"Новость {name} {number}. Да.")
                put(library, article)
                assert library.load_articles([article.id]) == [article]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(library.load_articles()) == 80


def test_processes_may_make_the_same_library_at_once(library_address: LibraryAddress) -> None:
    code = (
        "import os, sys; from crosslingual.address import parse_library; from crosslingual.library import Library;"
        "from crosslingual.types import Source;"
        "library = Library(parse_library(os.environ['WHERE'])); library.put_sources([Source(sys.argv[1], 'A source')])"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(number)],
            env={**os.environ, "WHERE": format_setting(library_address)},
        )
        for number in range(4)
    ]
    assert [run.wait() for run in runs] == [0] * 4
    with Library(library_address, create=False) as library:
        assert [source.id for source in library.stored_sources()] == ["0", "1", "2", "3"]


def test_a_full_disk_loses_nothing(folder_library: Library) -> None:
    put(folder_library, FIRST)
    pages = sqlite_connection(folder_library).execute("PRAGMA page_count").fetchone()[0]
    sqlite_connection(folder_library).execute(f"PRAGMA max_page_count = {pages + 8}")
    many = [replace(FIRST, text=f"{number}. {FIRST.text * 50}") for number in range(50)]
    with pytest.raises(LibraryError, match=r"the disk is full; .*free some space"):
        put(folder_library, *many)
    assert folder_library.load_articles() == [FIRST]
    sqlite_connection(folder_library).execute(f"PRAGMA max_page_count = {pages + 10_000}")
    assert put(folder_library, *many) == 50


def _text(path: Path) -> None:
    path.mkdir()
    (path / "library.db").write_text("Not a database at all. " * 100)


def _foreign(path: Path) -> None:
    path.mkdir()
    with sqlite3.connect(path / "library.db") as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()


def _newer(path: Path) -> None:
    Library(path).close()
    with sqlite3.connect(path / "library.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def _cut(path: Path) -> None:
    with Library(path) as library:
        library.put_sources([SOURCE])
        put(library, *[replace(FIRST, text=f"{number}. {FIRST.text}") for number in range(100)])
    content = (path / "library.db").read_bytes()
    (path / "library.db").write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))


def _file(path: Path) -> None:
    path.write_text("a file")


def _nothing(path: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_text, "damaged or no library"),
        (_foreign, "not a library of crosslingual"),
        (_newer, "newer crosslingual"),
        (_cut, "damaged"),
        (_file, "no library here|cannot open"),
        (_nothing, "no library here"),
    ],
)
def test_what_is_no_library_is_told_in_one_line(make: object, message: str, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path / "given")
    before = (tmp_path / "given" / "library.db").read_bytes() if (tmp_path / "given").is_dir() else b""
    with pytest.raises(LibraryError, match=message) as raised:
        Library(tmp_path / "given", create=False).load_articles()
    assert "\n" not in str(raised.value)
    if before:
        assert (tmp_path / "given" / "library.db").read_bytes() == before
    else:
        assert not (tmp_path / "given" / "library.db").exists()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    _file(tmp_path / "given")
    with pytest.raises(LibraryError, match="cannot open the library"):
        Library(tmp_path / "given")


def test_an_empty_file_left_by_a_kill_is_made_a_library(tmp_path: Path) -> None:
    (tmp_path / "library.db").touch()
    with Library(tmp_path) as library:
        assert library.load_articles() == []


APART = Correction(
    "x", "apart", ((FIRST.id, 0),), ((SECOND.id, 0), (SECOND.id, 17)), "2024-05-16T10:00:00+00:00"
)
TOGETHER = replace(APART, id="y", kind="together")


def test_corrections_come_back_as_they_were_made_oldest_first(library: Library) -> None:
    put(library, FIRST, SECOND)
    before = library.revision
    library.add_corrections([TOGETHER])
    library.add_corrections([APART])
    assert library.load_corrections() == [TOGETHER, APART]
    assert library.load_corrections([SECOND.id]) == [TOGETHER, APART]
    assert library.load_corrections(["0" * 16]) == []
    assert library.revision != before


def test_a_correction_is_stored_once_and_taken_back_once(library: Library) -> None:
    library.add_corrections([APART])
    with pytest.raises(LibraryError, match="undo it first"):
        library.add_corrections([replace(TOGETHER, id=APART.id)])
    assert library.load_corrections() == [APART]
    assert library.remove_corrections(["x"])
    assert not library.remove_corrections(["x"])
    assert library.load_corrections() == []


def test_corrections_outlive_the_articles_they_name(library: Library) -> None:
    put(library, FIRST, SECOND)
    library.add_corrections([APART])
    library.remove_articles([FIRST.id, SECOND.id])
    assert library.load_corrections([FIRST.id]) == [APART]
    put(library, FIRST)
    assert library.load_corrections([FIRST.id]) == [APART]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_what_is_made_for_a_library_is_nobody_elses_to_read(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Library(tmp_path / "archives" / "news") as store:
            files = [store.path, *store.path.iterdir()]
        shared = tmp_path / "shared"
        shared.mkdir(mode=0o755)
        with Library(shared):
            pass
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in files if path.exists()}["library.db"] == 0o600
    assert files[0].stat().st_mode & 0o777 == 0o700
    assert shared.stat().st_mode & 0o777 == 0o755  # a person's own folder stays as it was
    assert {path.stat().st_mode & 0o777 for path in shared.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "beside", ["index", "compared", "framing", "copies", "searches.json", "library.db-wal"]
)
def test_a_library_that_lost_its_content_is_not_begun_anew(tmp_path: Path, beside: str) -> None:
    (tmp_path / "library.db").touch()
    (tmp_path / beside).mkdir()
    with pytest.raises(LibraryError, match=r"library\.db: is empty \(0 bytes\).* crosslingual restore FILE"):
        Library(tmp_path)
    assert (tmp_path / "library.db").stat().st_size == 0


def test_a_library_that_a_killed_process_had_just_begun_is_made(tmp_path: Path) -> None:
    (tmp_path / "library.db").touch()
    with pytest.raises(LibraryError, match="is empty"):
        Library(tmp_path, create=False)
    with pytest.raises(LibraryError, match="is empty"):
        back_up_library(tmp_path, tmp_path / "kept.db")
    with Library(tmp_path) as library:
        assert library.article_ids() == []


def test_a_path_that_sqlite_does_not_take_is_called_too_long(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["ж" * 50] * 6)
    with pytest.raises(LibraryError, match="too long"):
        Library(folder)
    assert list(tmp_path.iterdir()) == []
    Library(tmp_path / "short").close()
    with pytest.raises(LibraryError, match="too long"):
        back_up_library(tmp_path / "short", folder / "kept.db")
    with pytest.raises(LibraryError, match="File name too long"):
        Library(tmp_path / ("x" * 300))


def test_what_killed_processes_left_goes_when_the_library_is_opened(tmp_path: Path) -> None:
    Library(tmp_path).close()
    left = [
        ".restore.unfinished-99999999/library.db",
        ".restore-k3x9/library.db",
        ".searches.json.unfinished-99999999",
        ".library-before-restore.db.unfinished-99999999-wal",
        "compared/coverage/.a.npz.unfinished-99999999",
        "index/.articles-1.faiss.unfinished-99999999",
    ]
    mine = [".notes", "notes.unfinished-99999999", f".draft.unfinished-{os.getpid()}"]
    for name in (*left, *mine):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text", encoding="utf-8")
    Library(tmp_path).close()
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"library.db", *mine}
