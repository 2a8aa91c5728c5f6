"""Starting the app: the one place that knows how Streamlit is run."""

from __future__ import annotations

import os
import subprocess
import sys

from crosslingual.address import format_setting
from crosslingual.errors import InputError
from crosslingual.resources import shipped_path
from crosslingual.serve.ports import check_free
from crosslingual.settings import Settings

APP_FILE = shipped_path("app.py")
"""Its settings and theme are in ``.streamlit/`` beside it, where Streamlit looks for them."""


def launch_app(settings: Settings, port: int) -> None:
    """Run the app on ``localhost:port`` in place of this process, showing the library of ``settings``.

    Raises:
        InputError: the port is taken, or the app's file is missing.
    """
    check_free("127.0.0.1", port, "app")
    line = app_command(port)
    sys.stderr.write(f"crosslingual: http://localhost:{port}  (Ctrl-C stops it)\n")
    given = os.environ | app_environment(settings)
    if sys.platform == "win32":  # there, execve leaves the terminal to the shell while the app still runs
        sys.exit(subprocess.run(line, env=given, check=False).returncode)  # noqa: S603  # fixed programme
    os.execve(line[0], line, given)  # noqa: S606  # as above, no shell


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
