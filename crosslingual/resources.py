"""Files that the project ships outside its modules: the app's script, the demo, the list of outlets.

In a checkout they are top-level files and folders. The build copies them into the package, under ``data/``
(pyproject.toml names them), so that an installed wheel needs no checkout.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("crosslingual")))


def shipped_path(name: str) -> Path:
    """Where the shipped file or folder ``name`` is: in the installed package, else in the checkout.

    ``name`` is relative to the checkout, with ``/`` between its parts, as in ``corpora/demo``. It need not
    exist.
    """
    installed = _PACKAGE / "data" / name
    return installed if installed.exists() else _PACKAGE.parent / name
