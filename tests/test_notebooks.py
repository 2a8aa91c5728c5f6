"""The notebooks of the docs run, and show what is stored in them."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from crosslingual.align.space import Space
from scripts.run_notebooks import FOLDER, read_notebook, run_notebook

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
_NUMBERS = re.compile(r"[-−]?\d+(?:\.\d+)?")


def shown_texts(notebook: nbformat.NotebookNode) -> list[list[tuple[str, str]]]:
    """Of each cell what it shows, without what differs between machines: decimals, and shapes of figures."""
    return [
        [
            (kind, _NUMBERS.sub("0", content) if kind != "image/svg+xml" else "")
            for output in cell.get("outputs", ())
            for kind, content in (output.get("data") or {"stream": output.get("text", "")}).items()
        ]
        for cell in notebook.cells
    ]


@pytest.mark.model
@pytest.mark.filterwarnings("default")  # of the kernel's own libraries
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_stored_in_it(path: Path, home: Path, demo_space: Space) -> None:
    stored = read_notebook(path)
    assert shown_texts(run_notebook(path)) == shown_texts(stored)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_notebook_was_run_and_is_of_no_machine(path: Path) -> None:
    stored = read_notebook(path)
    nbformat.validate(stored)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [*range(1, len(code) + 1)]
    assert any("image/svg+xml" in output.get("data", {}) for cell in code for output in cell.outputs) == (
        "study" in path.stem
    )
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    assert not re.search(r"/(?:home|work|tmp|Users)/", text)
