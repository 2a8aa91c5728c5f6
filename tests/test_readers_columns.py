from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.readers.columns import (
    ColumnMapping,
    guess_columns,
    language_code_by_name,
    override_columns,
    parse_column_pairs,
)
from tests.helpers.file_samples import STORIES

EN = STORIES[3]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("id date title body url", ("body", "title", "date", "", "", "url")),
        ("编号 标题 正文 发布时间 来源 作者 链接", ("正文", "标题", "发布时间", "来源", "作者", "链接")),
        ("標題 內容 日期 媒體", ("內容", "標題", "日期", "媒體", "", "")),
        (
            "Заголовок Текст Дата Источник Автор Ссылка",
            ("Текст", "Заголовок", "Дата", "Источник", "Автор", "Ссылка"),
        ),
        ("Назва Зміст Дата Джерело", ("Зміст", "Назва", "Дата", "Джерело", "", "")),
        ("Titel Inhalt Datum Quelle Autor", ("Inhalt", "Titel", "Datum", "Quelle", "Autor", "")),
        ("Titre Texte Date Source Auteur Lien", ("Texte", "Titre", "Date", "Source", "Auteur", "Lien")),
        (
            "Article_Body HEADLINE Published-At Outlet byline",
            ("Article_Body", "HEADLINE", "Published-At", "Outlet", "byline", ""),
        ),
        ("description title text", ("text", "title", "", "", "", "")),
    ],
)
def test_columns_are_known_by_their_names(header: str, columns: tuple[str, ...]) -> None:
    found = guess_columns(header.split(), [])
    assert (found.text, found.title, found.date, found.source, found.author, found.url) == columns
    assert found.unsure == ()


def test_columns_without_telling_names_are_known_by_what_they_hold() -> None:
    header = ["c1", "c2", "c3", "c4", "c5"]
    rows = [
        [str(n), one.title, "16.05.2024", one.text, f"https://example.org/{n}"]
        for n, one in enumerate(STORIES)
    ]
    found = guess_columns(header, rows)
    assert (found.text, found.title, found.date, found.url) == ("c4", "c2", "c3", "c5")
    assert found.unsure == ("text", "url", "date", "title")


def test_a_name_is_stronger_than_what_a_column_holds() -> None:
    found = guess_columns(["notes", "text"], [[EN.text * 3, EN.text]])
    assert (found.text, found.unsure) == ("text", ())


def test_what_the_user_says_is_stronger_than_any_guess() -> None:
    found = override_columns(
        (("text", "notes"), ("title", "text")),
        ["notes", "text"],
        ColumnMapping(text="text", unsure=("text",)),
    )
    assert (found.text, found.title, found.unsure) == ("notes", "text", ())
    assert override_columns((("title", "text"),), ["text"], ColumnMapping(text="text")).text == ""
    with pytest.raises(InputError, match="no field 'body'; fields are text, title"):
        override_columns((("body", "a"),), ["a"], ColumnMapping())
    with pytest.raises(InputError, match="no column 'b'; there are a"):
        override_columns((("text", "b"),), ["a"], ColumnMapping())


def test_the_command_lines_words_are_read() -> None:
    assert parse_column_pairs(["text=a=b", "title=x y"]) == (("text", "a=b"), ("title", "x y"))
    for word in ("text", "body=a", "text="):
        with pytest.raises(InputError, match="write FIELD=NAME, where FIELD is one of text, title"):
            parse_column_pairs([word])


def test_languages_are_known_by_name() -> None:
    names = ("Russian", "русский", "中文", " Deutsch ", "français", "x")
    assert [language_code_by_name(name) for name in names] == ["ru", "ru", "zh", "de", "fr", ""]


@given(
    st.lists(st.text(max_size=8), unique=True, max_size=6),
    st.lists(st.lists(st.text(max_size=120), max_size=7), max_size=4),
)
def test_any_table_gets_a_mapping_in_which_no_column_is_twice(
    header: list[str], rows: list[list[str]]
) -> None:
    columns = [column for _, column in guess_columns(header, rows).column_pairs()]
    assert len(columns) == len(set(columns))
    assert set(columns) <= set(header)
