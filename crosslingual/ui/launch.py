"""Starting the app: the one place that knows how Streamlit is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.settings import Settings

APP = Path(__file__).parents[2] / "app.py"


def launch(settings: Settings, port: int) -> None:
    """Replace this process by Streamlit on ``localhost:port``, showing the library of ``settings``.

    Raises:
        InputError: the app's file is not beside the package.
    """
    if not APP.is_file():
        raise InputError(f"{APP}: not found; start the app from a clone of the repository: make app")
    os.environ |= {
        "CROSSLINGUAL_LIBRARY": str(settings.library.absolute()),
        "CROSSLINGUAL_ENCODER": settings.encoder,
        "CROSSLINGUAL_READER": settings.reader,
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    os.execv(sys.executable, command)  # noqa: S606  # fixed programme, no shell
