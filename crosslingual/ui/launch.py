"""Starting the app: the one place that knows how Streamlit is run."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.settings import Settings

APP = Path(__file__).parents[2] / "app.py"


def launch(settings: Settings, port: int) -> None:
    """Replace this process by the app on ``localhost:port``, showing the library of ``settings``.

    Raises:
        InputError: the port is taken, or the app's file is not beside the package.
    """
    _check_free(port)
    line = command(port)
    sys.stderr.write(f"crosslingual: http://localhost:{port}  (Ctrl-C stops it)\n")
    os.execve(line[0], line, os.environ | environment(settings))  # noqa: S606  # fixed programme, no shell


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise InputError(
                f"port {port}: cannot be used ({error.strerror}); choose another: "
                f"crosslingual app --port {port + 1}"
            ) from None


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
        "CROSSLINGUAL_TRANSLATORS": settings.translators,
    }
