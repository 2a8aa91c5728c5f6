from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.library import content_key, normalize_text

TEXT = 'The minister said: "We will not pay 1.5 million." Nobody asked why.\n\nRain is expected.'
TITLE = "Minister will not pay"
SAME = {
    "white space": TEXT.replace(" said: ", "  said:\u00a0").replace(" pay", "\npay").replace("\n\n", " "),
    "quotation marks": TEXT.replace('"We', "«We").replace('."', ".»"),
    "soft hyphens": TEXT.replace("minister", "min\u00adis\u00adter"),
    "zero width": TEXT.replace("Nobody", "\u200bNobody"),
    "title on top": f"{TITLE}\n\n{TEXT}",
    "Markdown": f'# {TITLE}\n\nThe **minister** said: "We will [not](https://a.example/b) pay 1.5 million."'
    " _Nobody_ asked why.\n\n> Rain is expected.",
    "HTML": f"<h1>{TITLE}</h1><p>The <b>minister</b> said: &quot;We will not pay 1.5 million.&quot; "
    "Nobody asked why.</p>\n<p>Rain is expected.</p>",
    "full width": TEXT.replace("1.5", "\uff11.\uff15"),
}
OTHER = {
    "another number": TEXT.replace("1.5", "15"),
    "another decimal": TEXT.replace("1.5", "1.6"),
    "without a word": TEXT.replace("not ", ""),
    "a sentence more": TEXT + " It snowed.",
    "another text below the same title": f"{TITLE}\n\nSomething else.",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_the_same_text_in_any_formatting_has_one_key(text: str) -> None:
    assert content_key(text, TITLE) == content_key(TEXT, TITLE)


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER.keys())
def test_another_text_has_another_key(text: str) -> None:
    assert content_key(text, TITLE) != content_key(TEXT, TITLE)


NUMBERS = (
    "500", "-500", "+500", "±500", "<500", ">500", "$500", "€500", "£500", "¥500", "₽500", "-$500", "500%", "500‰",
    "500°", "5 00", "5.00", "5,00", "5:00", "5/00", "5-00", "▲500", "▼500",
)  # fmt: skip


def test_a_number_is_another_by_its_sign_currency_and_what_parts_its_digits() -> None:
    keys = {content_key(f"The council paid {number} for a crane.", "") for number in NUMBERS}
    assert len(keys) == len(NUMBERS)
    assert content_key("In 2024 12 people came.", "") != content_key("In 202 412 people came.", "")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("It was -5 then.", "It was −5 then."),
        ("It was -5 then.", "It was **–5** then."),
        ("They paid $ 500 here.", "They paid &#36;500 here."),
        ("Some 5 % of them.", "Some ５％ of them."),
        ("In 2024 12 came.", "In 2024\u00a0 12  came."),
        ("It was 2024.\n\n12 people came.", "<p>It was 2024.</p><p>12 people came.</p>"),
        ("From 5–7 to 9", "From 5-7 to 9"),
        ("An F-16 and COVID-19.", "An F16 and COVID19."),
        ("It cost 1.5 million.", "It cost <b>1.5</b> million."),
    ],
)
def test_how_a_number_is_written_does_not_make_it_another(text: str, same: str) -> None:
    assert content_key(text, "") == content_key(same, "")


def test_a_heading_that_ends_in_a_number_is_taken_off_before_one() -> None:
    assert content_key("Results 2024\n\n12 people came.", "Results 2024") == content_key(
        "12 people came.", ""
    )


def test_a_heading_on_top_counts_for_the_title_that_is_not_given() -> None:
    assert content_key(f"{TITLE}\n\n{TEXT}", "") == content_key(TEXT, TITLE)
    assert content_key(f"## {TITLE}\n{TEXT}", "") == content_key(TEXT, TITLE)
    assert content_key(f"<h1>{TITLE}</h1><p>{TEXT}</p>", "") == content_key(TEXT, TITLE)
    # A first paragraph that is a sentence is no heading.
    assert content_key(f"It rained.\n\n{TEXT}", "") != content_key(TEXT, TITLE)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert content_key("Йод и ёлка", "") == content_key("И\u0306од и е\u0308лка", "")
    assert content_key("Йод и ёлка", "") != content_key("Иод и елка", "")


def test_a_text_of_nothing_but_its_title_or_signs_has_a_key_of_its_own() -> None:
    assert content_key(TITLE, TITLE) == content_key(f"# {TITLE}", "")
    assert content_key("!!!", "") != content_key("???", "")
    assert content_key("", "") == content_key("  ", "")


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_has_a_key_that_white_space_around_does_not_change(text: str, title: str) -> None:
    assert content_key(f" {text}\n", title) == content_key(text, title)


@given(st.text(st.characters(categories=["L", "Nd"]), max_size=100))
def test_letters_and_digits_survive(text: str) -> None:
    assert len(normalize_text(text)) >= len(text) / 4  # composition makes one of up to four


@pytest.mark.parametrize(
    "piece", ["<a", "[", "[a](", "1.", "1 ", "-1", "$", "-", "a,", "&lt;", "<p ", '[](a "', "\n", "<!--"]
)
def test_hostile_texts_take_no_longer(piece: str) -> None:
    """Were it the square of a million, nobody would see the end of it."""
    assert content_key(piece * (1_000_000 // len(piece)), "")
