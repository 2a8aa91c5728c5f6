"""Run the notebooks of docs/notebooks/ and store what they print and draw.

Example: python scripts/run_notebooks.py
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "docs" / "notebooks"
SECONDS_PER_CELL = 1800


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook that is stored at ``path``."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def run_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook at ``path``, its outputs as they are now.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook = read_notebook(path)
    NotebookClient(
        notebook, timeout=SECONDS_PER_CELL, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when each cell ran
        if cell.cell_type == "code":
            cell.outputs = [*map(_shorten_output, filter(_is_result, cell.outputs))]
    return notebook


def _is_result(output: nbformat.NotebookNode) -> bool:
    return not (
        output.output_type == "stream" and output.name == "stderr"
    )  # warnings, with paths of the machine


def _shorten_output(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if "text/html" in output.get("data", {}):
        output.data.pop("text/plain", None)  # the same once more, and without end
    return output


def main() -> None:
    """Run all of them."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(run_notebook(path), path)  # type: ignore[no-untyped-call]
        print(path.name)


if __name__ == "__main__":
    main()
