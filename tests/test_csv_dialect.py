"""What parts the cells of a table is told by its header and its rows, not by what stands in the texts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.readers import File, Problem, Record
from crosslingual.readers.csv_dialect import DELIMITERS, detect_dialect, split_separator_line
from crosslingual.readers.formats import read_items

TEXT = "The ferry stopped, the mayor said; nobody knew why | it was late and dark, and all people went home on foot."
CELLS = [
    ["Ferry", "2024-03-01", TEXT, "['sea', 'ferry']"],
    ["Rain; again", "2024-03-02", TEXT, "{'a': 1, 'b': 2}"],
]


def written(rows: list[list[str]], delimiter: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue()


def read(name: str, content: str) -> list[object]:
    return list(read_items(File(Path(name), content.encode())))


@pytest.mark.parametrize("header", [["title", "date", "text", "tags"], ["nr", "seen", "words", "labels"]])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_delimiter_is_told_whatever_the_texts_and_lists_hold(delimiter: str, header: list[str]) -> None:
    text = written([header, *CELLS], delimiter)
    dialect = detect_dialect(text)
    assert dialect.delimiter == delimiter
    assert list(dialect.read_rows(text)) == [header, *CELLS]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_the_line_that_spreadsheets_put_first_is_no_row(first: str) -> None:
    found = read("a.csv", f"{first}\r\n" + written([["title", "date", "text", "tags"], *CELLS], ";"))
    assert [(item.title, item.date) for item in found if isinstance(item, Record)] == [
        ("Ferry", "2024-03-01"),
        ("Rain; again", "2024-03-02"),
    ]
    assert len(found) == 2
    assert split_separator_line("separate=no\n") == ("", "separate=no\n")


def test_a_column_of_texts_alone_is_not_cut() -> None:
    (item,) = read("a.csv", f"text\n{TEXT}\n")
    assert isinstance(item, Record)
    assert item.text == TEXT.strip()


def test_marks_inside_a_cell_may_stand_behind_a_backslash() -> None:
    (item,) = read("a.csv", 'title,text\n"A \\"fast\\", new ferry","' + TEXT + '"\n')
    assert isinstance(item, Record)
    assert item.title == 'A "fast", new ferry'


def test_more_cells_than_columns_are_told() -> None:
    told, record = read("a.csv", f"title,text\nFerry,{TEXT}\n")
    assert isinstance(told, Problem)
    assert told.is_warning
    assert str(told).startswith("a.csv:2: 4 cells below 2 columns")
    assert isinstance(record, Record)


@given(st.text(max_size=300))
def test_any_text_has_a_dialect(text: str) -> None:
    assert detect_dialect(text).delimiter in DELIMITERS
