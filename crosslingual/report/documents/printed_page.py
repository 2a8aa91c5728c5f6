"""The report's page on paper, printed by a browser that is installed: it has the fonts of all languages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.report.build import PAGE_NAME

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
        r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
    ),
}
"""Where browsers lie that no command leads to, by system."""
_OFFLINE_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""The page asks for nothing; the browser is not to ask for anything either."""
_MAX_SECONDS = 600
_MISSING_MESSAGE = (
    "no Chrome, Edge or Chromium here to print with; write the report to a folder, open it and print it"
)


def print_page(files: Mapping[str, bytes]) -> bytes:
    """A PDF of the page.

    Raises:
        InputError: no browser is there, or it failed.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="crosslingual-print-", ignore_cleanup_errors=True) as folder:
        page, paper = Path(folder, PAGE_NAME), Path(folder, "report.pdf")
        page.write_bytes(files[PAGE_NAME])
        command = [
            browser,
            *_OFFLINE_FLAGS,
            *_root_flags(),
            f"--user-data-dir={Path(folder, 'profile')}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={paper}",
            page.as_uri(),
        ]
        try:
            subprocess.run(  # noqa: S603  # an installed browser, our own page
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_MAX_SECONDS,
                check=True,
            )
            return paper.read_bytes()
        except (OSError, subprocess.SubprocessError):
            raise InputError(
                f"{browser} did not print the page; write the report to a folder, open it and print it"
            ) from None


def find_browser() -> str:
    """The path of a browser that prints.

    Raises:
        InputError: none is there.
    """
    found = next(_list_browsers(), None)
    if found is None:
        raise InputError(_MISSING_MESSAGE)
    return found


def _list_browsers() -> Iterator[str]:
    yield from filter(None, map(shutil.which, COMMANDS))
    yield from filter(os.path.isfile, map(os.path.expandvars, _PLACES.get(sys.platform, ())))


def _root_flags() -> tuple[str, ...]:
    """Chromium refuses to run as root in its own sandbox, as in containers."""
    return ("--no-sandbox",) if sys.platform != "win32" and os.geteuid() == 0 else ()
