from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import NotFoundError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import HUMAN_ENGINES, MANUAL_ENGINE, MEMORY_ENGINE, Library
from crosslingual.library.database import content_hash
from crosslingual.library.schema import MIGRATIONS
from crosslingual.types import Article, Source, Translation

TEXT = "Си встретил его."


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as opened:
        yield opened


def made(engine: str, version: str = "", text: str = "") -> Translation:
    return Translation(text or f"Xi met him ({engine} {version}).", "en", engine, version)


def shown(library: Library, *prefer: str) -> Translation:
    return library.memory.find_best([TEXT], "ru", "en", prefer)[TEXT]


def test_people_come_first_then_engines_as_preferred_then_any(
    library: Library, new_library: Callable[[], LibraryAddress]
) -> None:
    entries = [made("a"), made("c"), made(MEMORY_ENGINE), made("b"), made(MANUAL_ENGINE, "2026")]
    library.memory.put_translations((TEXT, "ru", entry) for entry in entries)
    assert shown(library, "b", "c").engine == MANUAL_ENGINE
    library.memory.undo_manual(TEXT, "ru", "en")
    assert shown(library, "b", "c").engine == MEMORY_ENGINE
    with Library(new_library()) as other:
        other.memory.put_translations(
            (TEXT, "ru", entry) for entry in entries if entry.engine not in HUMAN_ENGINES
        )
        assert shown(other, "b", "c").engine == "b"
        assert shown(other, "c", "b").engine == "c"
        assert shown(other, "z").engine == "b", "the newest where none is preferred"


def test_of_one_engine_the_newest_version_counts_and_both_are_kept(library: Library) -> None:
    for version in ("zh-en 1.9", "zh-en 1.10"):
        library.memory.put_translations([(TEXT, "ru", made("argostranslate", version))])
    assert shown(library).version == "zh-en 1.10"
    assert library.memory.find_untranslated([TEXT], "ru", "en", "argostranslate", "zh-en 1.9") == []


def test_doubts_come_back(library: Library) -> None:
    doubtful = Translation("Xi.", "en", "argostranslate", "1", ("length", "names: «его»"))
    library.memory.put_translations([(TEXT, "ru", doubtful)])
    assert shown(library) == doubtful


def test_wanting_is_what_neither_a_person_nor_this_version_translated(library: Library) -> None:
    texts = ["Раз.", "Два.", "Три.", "Раз.", "Пять."]
    library.memory.put_translations(
        [("Раз.", "ru", made(MEMORY_ENGINE)), ("Два.", "ru", made("a", "1")), ("Три.", "ru", made("b", "1"))]
    )
    assert library.memory.find_untranslated(texts, "ru", "en", "a", "1") == ["Три.", "Пять."]
    assert library.memory.find_untranslated(texts, "ru", "en", "a", "2") == ["Два.", "Три.", "Пять."]
    assert library.memory.find_untranslated(texts, "ru", "zh", "a", "1") == ["Раз.", "Два.", "Три.", "Пять."]


def test_corrections_of_a_translation_are_undone_one_by_one(library: Library) -> None:
    library.memory.put_translations([(TEXT, "ru", made("argostranslate", "1"))])
    before = library.revision
    library.memory.put_manual(TEXT, "ru", "Xi met with him.", "en")
    library.memory.put_manual(TEXT, "ru", "Xi received him.", "en")
    assert library.revision != before
    assert shown(library).text == "Xi received him."
    library.memory.undo_manual(TEXT, "ru", "en")
    assert shown(library).text == "Xi met with him."
    library.memory.undo_manual(TEXT, "ru", "en")
    assert shown(library).engine == "argostranslate"
    with pytest.raises(NotFoundError, match="undone already"):
        library.memory.undo_manual(TEXT, "ru", "en")


def test_entries_are_the_newest_of_each_engine_with_their_texts(library: Library) -> None:
    entries = [(f"Нет {number}.", "ru", made(MEMORY_ENGINE, text=f"No {number}.")) for number in range(2_500)]
    library.memory.put_translations(entries)
    library.memory.put_translations([(TEXT, "ru", made("argostranslate"))])
    library.memory.put_manual(TEXT, "ru", "One.", "en")
    last = library.memory.put_manual(TEXT, "ru", "Two.", "en")
    assert list(library.memory.iterate_translations(HUMAN_ENGINES)) == [*entries, (TEXT, "ru", last)]


def test_a_library_of_an_earlier_version_keeps_its_translations_and_finds_their_texts(tmp_path: Path) -> None:
    article = Article("s", "ru", "Да \U0001f600 и нет. Си встретил его.", "Встреча")
    old = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    for statements in MIGRATIONS[:2]:
        for statement in statements:
            old.execute(statement)
    old.execute('INSERT INTO sources VALUES (\'s\', \'{"id": "s", "name": "S"}\')')
    old.execute(
        "INSERT INTO articles VALUES (1, ?, 's', 'ru', ?, ?, '', '')",
        (article.id, article.text, article.title),
    )
    told = split_sentences(article)
    old.executemany(
        "INSERT INTO sentences VALUES (1, ?, ?, ?)", [(one.index, one.start, one.end) for one in told]
    )
    for text in (*(one.text for one in told), "Встреча", "Чужое."):
        old.execute(
            "INSERT INTO translations VALUES (?, 'ru', 'en', 'memory', ?)", (content_hash(text), f"[{text}]")
        )
    old.execute("PRAGMA application_id = 2020370798")
    old.execute("PRAGMA user_version = 2")
    old.close()
    with Library(tmp_path) as library:
        assert library.stored_sources() == [Source("s", "S")]
        texts = [*(one.text for one in told), "Встреча"]
        found = library.memory.find_best([*texts, "Чужое."], "ru", "en")
        assert {text: translation.text for text, translation in found.items()} == {
            text: f"[{text}]" for text in (*texts, "Чужое.")
        }
        assert {src for src, _, _ in library.memory.iterate_translations(HUMAN_ENGINES)} == set(texts)
