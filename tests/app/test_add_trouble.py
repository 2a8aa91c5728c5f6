from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.readers import Problem
from crosslingual.ui.add.errors_table import problems_csv, split_problem
from crosslingual.ui.add.widgets import escape_markdown


@pytest.mark.parametrize(
    ("message", "wrong", "then"),
    [
        ("no PDF; save it anew", "no PDF", "Save it anew"),
        ("not there", "not there", ""),
        ("a; b; do c", "a; b", "Do c"),
        (
            "language not sure; give it with --lang",
            "language not sure",
            "Add it again, and say its language in the preview",
        ),
    ],
)
def test_a_problem_is_told_as_what_is_wrong_and_what_to_do(message: str, wrong: str, then: str) -> None:
    assert split_problem(Problem(Path("a.pdf"), 3, message)) == ("a.pdf:3", wrong, then)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30))))
def test_the_list_is_a_table_whose_cells_are_no_formulas(found: list[tuple[str, str]]) -> None:
    problems = [Problem(Path(name.replace("\0", "")), 0, text.replace("\0", "")) for name, text in found]
    rows = list(csv.reader(io.StringIO(problems_csv(problems), newline="")))
    assert len(rows) == len(problems) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_a_label_has_no_markdown() -> None:
    assert escape_markdown("[x](javascript:1) **b** :red[c]\n· é") == (
        r"\[x\]\(javascript\:1\) \*\*b\*\* \:red\[c\] · é"
    )
