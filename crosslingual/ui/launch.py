"""Starting the app: the one place that knows how Streamlit is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.settings import Settings

APP = Path(__file__).parents[2] / "app.py"


def launch(settings: Settings, port: int) -> None:
    """Replace this process by the app on ``localhost:port``, showing the library of ``settings``.

    Raises:
        InputError: the app's file is not beside the package.
    """
    line = command(port)
    os.execve(line[0], line, os.environ | environment(settings))  # noqa: S606  # fixed programme, no shell


def command(port: int) -> list[str]:
    """The programme and arguments that serve the app on ``localhost:port``.

    Raises:
        InputError: the app's file is not beside the package.
    """
    if not APP.is_file():
        raise InputError(f"{APP}: not found; start the app from a clone of the repository: make app")
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP),
        "--server.address=localhost",
        f"--server.port={port}",
    ]


def environment(settings: Settings) -> dict[str, str]:
    """What tells the app its settings."""
    return {
        "CROSSLINGUAL_HOME": str(settings.home),
        "CROSSLINGUAL_LIBRARY": str(settings.library.absolute()),
        "CROSSLINGUAL_ENCODER": settings.encoder,
        "CROSSLINGUAL_READER": settings.reader,
    }
