from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.ui.actions import MAX_TRANSLATION_CHARS, clean_translation


@given(st.text(max_size=200))
def test_what_is_stored_is_one_visible_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    try:
        line = clean_translation(text)
    except InputError:
        assert not any(one.isprintable() and not one.isspace() for one in text)
        return
    assert line == line.strip() == clean_translation(line)
    line.encode()
    assert not [one for one in line if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" Nobody\n was\t hurt. ", "Nobody was hurt."),
        ("a\x00b\x1b[31mc\ud800", "ab[31mc"),
        ("\u202etfel ot thgir\u202c", "tfel ot thgir"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("x" * MAX_TRANSLATION_CHARS, "x" * MAX_TRANSLATION_CHARS),
    ],
)
def test_a_translation_is_cleaned_of_what_only_controls(text: str, line: str) -> None:
    assert clean_translation(text) == line


@pytest.mark.parametrize(
    "text", [None, 7, ["x"], "", " \n", "\u200b\u202e", "\x00", "x" * (MAX_TRANSLATION_CHARS + 1)]
)
def test_what_is_no_translation_is_refused(text: object) -> None:
    with pytest.raises(InputError):
        clean_translation(text)
