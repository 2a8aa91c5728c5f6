"""PDF files read by position: columns, running heads, hyphens, text across pages."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.readers.file import File
from crosslingual.readers.pdf import read_pdf
from crosslingual.readers.record import Problem, Record
from tests.helpers.file_samples import pdf

WORDS = st.sampled_from(
    ["harbour", "ferry", "council", "pier", "storm", "winter", "market", "bridge", "toll", "lantern"]
)
PARAGRAPH = st.lists(WORDS, min_size=30, max_size=60).map(" ".join)
Placed = tuple[float, float, str]


def read_text(*pages: Sequence[Placed]) -> str:
    (record,) = (item for item in read_pdf(File(Path("a.pdf"), pdf(pages))) if isinstance(item, Record))
    return record.text


def set_lines(*texts: str, left: float = 50, top: float = 700) -> list[Placed]:
    return [(left, top - 14 * number, text) for number, text in enumerate(texts)]


def set_column(text: str, left: float, top: float = 700, width: int = 40) -> list[Placed]:
    """Lines of at most so many characters, 5 points each."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return set_lines(*lines, left=left, top=top)


def draw_by_rows(*columns: Sequence[Placed]) -> list[Placed]:
    return sorted((line for column in columns for line in column), key=lambda line: (-line[1], line[0]))


@settings(max_examples=20, deadline=None)
@given(st.lists(PARAGRAPH, min_size=2, max_size=3), st.sampled_from([0.0, 5.0]), st.booleans())
def test_columns_are_read_one_after_the_other(texts: list[str], shift: float, by_rows: bool) -> None:
    width = 40 if len(texts) == 2 else 28
    columns = [
        set_column(text, 50 + 5.5 * width * place, 700 - shift * place, width)
        for place, text in enumerate(texts)
    ]
    page = draw_by_rows(*columns) if by_rows else [line for column in columns for line in column]
    assert read_text(page).split() == " ".join(texts).split()


@settings(max_examples=10, deadline=None)
@given(PARAGRAPH, PARAGRAPH, PARAGRAPH, PARAGRAPH)
def test_lines_across_the_page_divide_columns_into_bands(one: str, two: str, three: str, four: str) -> None:
    heading = "council reopens the old toll bridge after the winter storm and a long dispute over lanterns"
    upper = draw_by_rows(set_column(one, 50), set_column(two, 270))
    lower = draw_by_rows(set_column(three, 50, 480), set_column(four, 270, 480))
    page = [(50.0, 730.0, heading), *upper, (50.0, 500.0, heading), *lower]
    assert read_text(page).split() == " ".join([heading, one, two, heading, three, four]).split()


def test_a_table_stays_in_rows() -> None:
    rows = [("Northpier", "12", "open"), ("Southpier", "7", "shut"), ("Eastpier", "31", "open")] * 2
    page = [
        (left, 700.0 - 14 * number, cell)
        for number, row in enumerate(rows)
        for left, cell in zip((50.0, 200.0, 350.0), row, strict=True)
    ]
    assert read_text(page).split() == [cell for row in rows for cell in row]


def test_columns_from_right_to_left_begin_on_the_right() -> None:
    left, right = "وصل الوزير إلى العاصمة", "بدأت المحادثات صباح اليوم"
    page = draw_by_rows(set_lines(*[left[::-1]] * 4), set_lines(*[right[::-1]] * 4, left=250))  # as drawn
    text = read_text(page)
    assert text.index("المحادثات") < text.index("الوزير")
    assert text.rindex("المحادثات") < text.index("الوزير")


@pytest.mark.parametrize("count", [2, 3, 5])
def test_running_heads_and_feet_go_and_counted_sentences_stay(count: int) -> None:
    pages = []
    for number in range(1, count + 1):
        body = [
            f"In week {10 * number + k} the ferry made {20 * number + k} trips to the islands."
            for k in range(6)
        ]
        head = [(60.0, 810.0, "Island Gazette, 3 June 2024"), (480.0, 810.0, f"No. {number}")]
        pages.append([*head, (280.0, 30.0, f"– {number} / {count} –"), *set_lines(*body)])
    text = read_text(*pages)
    assert text.startswith("In week 10 the ferry made 20 trips")
    assert text.count("In week") == 6 * count
    assert not any(part in text for part in ("Gazette", "No.", "/"))


def test_heads_of_left_and_right_pages_go() -> None:
    pages = [
        [
            (60.0, 810.0, f"{number} Island Gazette" if number % 2 == 0 else f"Ferries {number}"),
            *set_lines(f"The {name} ferry left the harbour at dawn", "and came back in the evening."),
        ]
        for number, name in enumerate(["red", "blue", "green", "white", "black", "grey"], 1)
    ]
    text = read_text(*pages)
    assert "Gazette" not in text
    assert "Ferries" not in text
    assert text.count("ferry") == 6


@pytest.mark.parametrize("label", ["7", "- 1 -", "Page 1 of 4", "Seite 1", "стр. 1", "第1页"])
def test_the_number_of_an_only_page_goes(label: str) -> None:
    body = set_lines("The ferry left the harbour at dawn", "and came back in the evening.")
    assert read_text([*body, (280.0, 30.0, label)]) == (
        "The ferry left the harbour at dawn and came back in the evening."
    )


def test_a_number_inside_the_text_stays() -> None:
    assert (
        read_text(set_lines("The winner is number", "7", "of the list."))
        == "The winner is number 7 of the list."
    )


def test_two_pages_that_are_alike_stay() -> None:
    form = set_lines(*(f"Question {letter}: where were you?" for letter in "ABCDEFGH"))
    assert read_text(form, form).count("Question") == 16


def read_doubts(*pages: Sequence[Placed]) -> list[str]:
    items = list(read_pdf(File(Path("a.pdf"), pdf(pages))))
    return [item.message for item in items if isinstance(item, Problem) and item.is_warning]


@pytest.mark.parametrize("top", ["Statement of the harbour council", "Day {} of the strike"])
def test_what_is_left_out_as_alike_on_two_pages_only_is_named(top: str) -> None:
    def page(number: int) -> list[Placed]:
        body = set_lines(f"The {['red', 'blue', 'white'][number]} ferry left", "and came back at night.")
        return [(60.0, 810.0, top.format(40 + number)), *body]

    (doubt,) = read_doubts(page(0), page(1))
    assert f'"{top.format(40)}"' in doubt
    assert read_doubts(page(0), page(1), page(2)) == []


def test_a_head_with_the_number_of_its_page_is_no_doubt() -> None:
    pages = [
        [
            (60.0, 810.0, f"Gazette, page {number}"),
            *set_lines(f"The {name} ferry left,", f"the {name} one came back."),
        ]
        for number, name in enumerate(["red", "blue"], 1)
    ]
    assert "Gazette" not in read_text(*pages)
    assert read_doubts(*pages) == []


def read_changed(change: Callable[[bytes], bytes]) -> tuple[list[str], str]:
    """What is told of a document of one line, changed in its bytes, and its text."""
    content = change(pdf([set_lines("The pilot of the red ferry met nobody at the old pier.")]))
    *told, record = read_pdf(File(Path("a.pdf"), content))
    assert isinstance(record, Record)
    assert all(isinstance(one, Problem) and one.is_warning for one in told)
    return list(map(str, told)), record.text


def test_a_font_that_does_not_say_which_characters_it_shows_is_told() -> None:
    assert read_changed(lambda content: content)[0] == []
    told, text = read_changed(lambda content: re.sub(rb"/ToUnicode \d+ 0 R", b"", content))
    assert len(text.split()) == 12, "what PDFium takes it for is kept: here it is right"
    assert ["43 characters of a font" in one for one in told] == [True]


@pytest.mark.parametrize("lead", ["e0", "f0"])
def test_letters_that_only_the_font_knows_are_damage(lead: str) -> None:
    """The map of the document turns e and f, and no other letter, into characters for private use."""
    entry = f"1 beginbfrange <0065> <0066> <{lead}65> endbfrange\nendcmap".encode()
    told, text = read_changed(lambda content: content.replace(b"endcmap", entry))
    assert text.startswith("Th\ufffd pilot o\ufffd th\ufffd r\ufffdd")
    assert ["unreadable characters" in one for one in told] == [True]


def test_numbers_of_glyphs_that_are_no_characters_are_damage() -> None:
    def renumber(content: bytes) -> bytes:
        return (
            re.sub(rb"/ToUnicode \d+ 0 R", b"", content).replace(b"0065", b"0002").replace(b"0066", b"0007")
        )

    told, text = read_changed(renumber)
    assert text.startswith("Th\ufffd pilot o\ufffd th\ufffd r\ufffdd")
    assert len(told) == 2


def test_a_sentence_goes_on_across_pages_and_heads() -> None:
    first = [(60.0, 810.0, "Island Gazette"), (300.0, 30.0, "4")]
    second = [(60.0, 810.0, "Island Gazette"), (300.0, 30.0, "5")]
    text = read_text(
        [*first, *set_lines("The captain waited at the pier until the har-")],
        [*second, *set_lines("bour master had signed the papers.")],
    )
    assert text == "The captain waited at the pier until the harbour master had signed the papers."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Die Hafenver-", "waltung tagte."], "Die Hafenverwaltung tagte."),
        (["Порт возобновил ра-", "боту утром."], "Порт возобновил работу утром."),
        (["Der Nord-", "Ost-Kanal war zu."], "Der Nord-Ost-Kanal war zu."),
        (["Die U-", "Bahn fuhr wieder."], "Die U-Bahn fuhr wieder."),
        (["THE GOVERN-", "MENT FELL."], "THE GOVERNMENT FELL."),
        (["In the years 2019-", "2021 nothing sailed."], "In the years 2019-2021 nothing sailed."),
        (["The wave of covid-", "19 is over."], "The wave of covid-19 is over."),
        (["Die Vor-", "und Nachteile sind bekannt."], "Die Vor- und Nachteile sind bekannt."),
        (["Он кого-", "то встретил."], "Он кого-то встретил."),
        (["A well-known captain met a well-", "known pilot."], "A well-known captain met a well-known pilot."),
        (["A new coworker met a co-", "worker."], "A new coworker met a coworker."),
        (["The toll -", "a small one - is paid."], "The toll - a small one - is paid."),
        (["The light\xad", "house is lit."], "The lighthouse is lit."),
    ],
)  # fmt: skip
def test_hyphens_at_the_ends_of_lines(lines: list[str], expected: str) -> None:
    assert read_text(set_lines(*lines)) == expected


@settings(max_examples=20, deadline=None)
@given(st.lists(WORDS, min_size=12, max_size=30), st.integers(2, 3))
def test_words_cut_anywhere_are_whole_again(words: list[str], size: int) -> None:
    lines = [""]
    for word in words:
        lines[-1] += f"{word[:size]}-"
        lines.append(f"{word[size:]} ")
    text = read_text(set_lines(*(line.strip() for line in lines)))
    assert text.split() == words
    assert "\ufffe" not in text
