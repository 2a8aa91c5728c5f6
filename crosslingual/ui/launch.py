"""Starting the app: the one place that knows how Streamlit is run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from crosslingual.address import format_setting
from crosslingual.errors import InputError
from crosslingual.resources import shipped_path
from crosslingual.settings import Settings

APP_FILE = shipped_path("app.py")
"""Its settings and theme are in ``.streamlit/`` beside it, where Streamlit looks for them."""


def launch_app(settings: Settings, port: int) -> None:
    """Run the app on ``localhost:port`` in place of this process, showing the library of ``settings``.

    Raises:
        InputError: the port is taken, or the app's file is missing.
    """
    _check_free(port)
    line = app_command(port)
    sys.stderr.write(f"crosslingual: http://localhost:{port}  (Ctrl-C stops it)\n")
    given = os.environ | app_environment(settings)
    if sys.platform == "win32":  # there, execve leaves the terminal to the shell while the app still runs
        sys.exit(subprocess.run(line, env=given, check=False).returncode)  # noqa: S603  # fixed programme
    os.execve(line[0], line, given)  # noqa: S606  # as above, no shell


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would let two have one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise InputError(
                f"port {port}: cannot be used ({error.strerror}); choose another: "
                f"crosslingual app --port {port + 1}"
            ) from None


def app_command(port: int) -> list[str]:
    """The programme and arguments that serve the app on ``localhost:port``.

    Raises:
        InputError: the app's file is missing.
    """
    if not APP_FILE.is_file():
        raise InputError(f"{APP_FILE}: not found; install crosslingual again")
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP_FILE),
        "--server.address=localhost",
        f"--server.port={port}",
    ]


def app_environment(settings: Settings) -> dict[str, str]:
    """What tells the app its settings."""
    return {
        "CROSSLINGUAL_HOME": str(settings.home),
        "CROSSLINGUAL_LIBRARY": format_setting(settings.library),
        "CROSSLINGUAL_ENCODER": settings.encoder,
        "CROSSLINGUAL_TARGET_LANG": settings.target_lang,
        "CROSSLINGUAL_TRANSLATORS": settings.translators,
    }
