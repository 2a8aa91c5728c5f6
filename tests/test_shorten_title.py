from __future__ import annotations

import pytest

from crosslingual.formatting import shorten_title


@pytest.mark.parametrize(
    ("title", "cells", "shown"),
    [
        ("Harbour workers end their strike", 40, "Harbour workers end their strike"),
        ("Harbour workers end their strike", 24, "Harbour workers end…"),
        ("Harbour workers, after all, go home", 17, "Harbour workers…"),
        ("Hafenarbeitergewerkschaftsvorsitzende", 12, "Hafenarbeit…"),
        ("港口工人结束罢工并返回工作岗位", 14, "港口工人结束…"),
        ("两国签署 協定 after years", 10, "两国签署…"),
        ("one\ntwo   three", 40, "one two three"),
        ("", 10, ""),
    ],
)
def test_a_title_is_cut_at_a_word_or_between_chinese_signs(title: str, cells: int, shown: str) -> None:
    assert shorten_title(title, cells) == shown


def test_a_cut_title_keeps_a_mark_with_its_letter() -> None:
    assert shorten_title("a" * 8 + "e\u0301" + "b" * 9, 10) == "a" * 8 + "…"
