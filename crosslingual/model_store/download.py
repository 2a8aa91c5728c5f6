"""Downloads, limited in size and time; a broken download continues where it stopped.

Ranges and their validators: RFC 9110, sections 13 and 14.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crosslingual import __version__
from crosslingual.errors import ModelError
from crosslingual.model_store.store import check_free_space
from crosslingual.sources import web_link
from crosslingual.web.transfer import (
    REDIRECT_STATUSES,
    TransferError,
    build_proxied_manager,
    read_chunks,
    send_request,
)

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
"""Seconds to wait for an answer, and for its next bytes."""
MAX_ATTEMPTS = 20
"""How often a connection may break, each time after some bytes, before it is given up."""
PAUSE_SECONDS = 0.5
MAX_REDIRECTS = 10

_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,15})-\d{1,15}|\*)/(\d{1,15}|\*)")


class DownloadError(ModelError):
    """The reason why something could not be fetched; the caller says what, and what to do."""


class _BrokenConnectionError(DownloadError):
    """The connection broke: trying again may help."""


def fetch_file(url: str, path: Path, *, max_bytes: int, progress: Callable[[int, int], None]) -> None:
    """Download ``url`` to ``path``, at most ``max_bytes`` bytes; ``progress`` is told bytes done and to do.

    What lies at ``path`` from an earlier call is used if the server says that the file is still the
    same, and sends the rest; else the file is fetched anew. A note beside it tells its state.

    Raises:
        DownloadError: it cannot be fetched.
        ModelError: too little room on the disk.
        OSError: the disk is full or cannot be written.
    """
    failure = DownloadError("the connection broke")
    for _ in range(MAX_ATTEMPTS):
        before = _file_size(path)
        try:
            return _resume_download(url, path, max_bytes, progress)
        except _BrokenConnectionError as error:
            if _file_size(path) == before:
                raise
            failure = error
        time.sleep(PAUSE_SECONDS)
    raise failure


def fetch_bytes(url: str, *, max_bytes: int, seconds: float) -> bytes:
    """What lies at ``url``, at most ``max_bytes`` bytes, in at most about ``seconds``.

    Raises:
        DownloadError: it cannot be fetched.
    """
    due = time.monotonic() + seconds
    content = bytearray()
    with _open_response("GET", url, {}, seconds) as response:
        _check_status(response, 200)
        for chunk in read_chunks(response):
            content += chunk
            if len(content) > max_bytes:
                raise DownloadError(f"larger than {max_bytes / 1e6:.0f} MB")
            if time.monotonic() > due:
                raise DownloadError("no answer in time")
    return bytes(content)


def fetch_size(url: str, *, seconds: float) -> int | None:
    """How many bytes lie at ``url``, where the server says so."""
    try:
        with _open_response("HEAD", url, {}, seconds) as response:
            return _content_length(response) if response.status == 200 else None
    except DownloadError:
        return None


def _resume_download(url: str, path: Path, max_bytes: int, progress: Callable[[int, int], None]) -> None:
    """Fetch the rest of ``path``, or all of it where nothing usable is there."""
    validator = _read_validator(path, url)
    held = _file_size(path) if validator else 0
    headers = {"Range": f"bytes={held}-", "If-Range": validator} if held else {}
    with _open_response("GET", url, headers, READ_SECONDS) as response:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status == 416 and match and match[2] == str(held):
            return  # nothing is left to fetch
        same = _response_validator(response) in ("", validator)
        if held and response.status in (206, 416) and not (same and match and match[1] == str(held)):
            path.unlink()
            raise _BrokenConnectionError("the server sends another part than was asked for")
        if response.status != 206 or not held:
            _check_status(response, 200)
            held = 0
            path.unlink(missing_ok=True)
            _note_path(path).write_text(
                json.dumps({"url": url, "validator": _response_validator(response)}), "utf-8"
            )
        left = _content_length(response)
        total = held + (left or 0)
        if total > max_bytes:
            raise DownloadError(f"larger than {max_bytes / 1e9:.0f} GB")
        check_free_space(total - held, path.parent)
        with path.open("ab") as file:
            for chunk in read_chunks(response):
                held += len(chunk)
                if held > max_bytes:
                    raise DownloadError(f"larger than {max_bytes / 1e9:.0f} GB")
                file.write(chunk)
                progress(held, max(held, total))


@contextmanager
def _open_response(
    method: str, url: str, headers: dict[str, str], seconds: float
) -> Iterator[BaseHTTPResponse]:
    """The server's answer at the end of the redirects; errors inside become a DownloadError."""
    sent = {"User-Agent": f"crosslingual/{__version__}", "Accept-Encoding": "identity", **headers}
    connect, read = min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds)
    encrypted = url.startswith("https:")
    try:
        for _ in range(MAX_REDIRECTS + 1):
            if not web_link(url):
                raise DownloadError("leads to what is no address of the web")
            if encrypted and not url.startswith("https:"):
                raise DownloadError("leads to an address without encryption")
            manager = build_proxied_manager(url)
            with manager, send_request(manager, method, url, sent, connect=connect, read=read) as response:
                if response.status not in REDIRECT_STATUSES:
                    yield response
                    return
                url = urljoin(url, response.headers.get("Location", ""))
    except TransferError as error:
        failure = _BrokenConnectionError if error.may_recover else DownloadError
        raise failure(str(error)) from None
    raise DownloadError(f"more than {MAX_REDIRECTS} redirects")


def _check_status(response: BaseHTTPResponse, status: int) -> None:
    if response.status != status:
        raise DownloadError(f"the server says {response.status} {_clean_line(response.reason)}".strip())


def _clean_line(message: object) -> str:
    """A message of a server or library as one printable line."""
    return "".join(each for each in " ".join(str(message or "").split()) if each.isprintable())[:100]


def _content_length(response: BaseHTTPResponse) -> int | None:
    value = response.headers.get("Content-Length", "")
    return int(value) if re.fullmatch(r"\d{1,15}", value, re.ASCII) else None


def _response_validator(response: BaseHTTPResponse) -> str:
    """What identifies the bytes of a file: a strong ETag, else Last-Modified."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _note_path(path: Path) -> Path:
    return path.with_suffix(".json")


def _read_validator(path: Path, url: str) -> str:
    try:
        note = json.loads(_note_path(path).read_text(encoding="utf-8"))
        validator = note["validator"] if note["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return validator if isinstance(validator, str) else ""


def _file_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
