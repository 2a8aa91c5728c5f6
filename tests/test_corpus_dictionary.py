"""Own dictionaries: what is read of a file, and how it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.corpus.dictionary import (
    MAX_CATEGORIES,
    count_dictionary,
    make_category_query,
    parse_dictionary,
    read_dictionary,
)
from crosslingual.errors import InputError
from crosslingual.report.corpus import dictionary_rows
from tests.helpers.counted import counted_articles

FILE = 'category,word,note\nsea,ferry,x\nsea,"""open water"""\nsea,船\nsea,harb*\nland,Zug\nland,road\n'


def test_categories_are_counted_with_their_denominators() -> None:
    dictionary = parse_dictionary(FILE.encode(), "d.csv")
    assert dictionary == {"sea": ("ferry", '"open water"', "船", "harb*"), "land": ("Zug", "road")}
    articles = counted_articles(
        ("bay", "en", "", "Two ferries in open water.|The harbour road.|Rain."),
        ("bay", "zh", "", "渡船来了。"),
        ("arc", "de", "", "Der Zug und die Züge."),
    )
    rows = {
        (row["category"], row["source"]): row
        for row in dictionary_rows(count_dictionary(dictionary, articles))
    }
    sea = rows["sea", "bay"]
    assert (sea["hits"], sea["sentences"], sea["of_sentences"]) == (4, 3, 4)
    assert (sea["articles"], sea["of_articles"], sea["share"]) == (2, 2, 0.75)
    assert rows["sea", "arc"]["hits"] == 0
    assert rows["land", "bay"]["hits"] == 1
    assert rows["land", "arc"]["hits"] == 2, "in any form"


def test_a_place_counts_once_in_a_category() -> None:
    query = make_category_query("x", ("ferry", "ferries", '"two ferries"', "ferr*"))
    (spans,) = query.find_all(["Two ferries"], ["en"])
    assert spans == [(0, 11)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_parted_in_any_usual_way(separator: str) -> None:
    text = f"\ufeffWord{separator}Category\r\nferry{separator}sea\r\n{separator}\r\n"
    assert parse_dictionary(text.encode(), "d") == {"sea": ("ferry",)}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no columns category and word"),
        (b"a,b\n1,2\n", "no columns category and word"),
        (b"category,word\n", "0 words"),
        (b"category,word\nsea,***\n", "d.csv:2: "),
        (b"category,word\n" + b"x" * 101 + b",ferry\n", "more than 100 characters"),
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"x" * 2_000_001, "larger than"),
        (
            "".join(["category,word\n", *(f"c{n},w\n" for n in range(MAX_CATEGORIES + 1))]).encode(),
            "give 1 to",
        ),
        (b"category,word\n" + b"".join(b"c,w%d\n" % n for n in range(10_001)), "give 1 to 10,000"),
    ],
)
def test_what_is_no_dictionary_is_told(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parse_dictionary(content, "d.csv")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_dictionary(tmp_path / "none.csv")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_dictionary_or_refused(content: bytes) -> None:
    for start in (b"", b"category,word\n"):
        try:
            found = parse_dictionary(start + content, "d")
        except InputError:
            continue
        assert all(found.values())
