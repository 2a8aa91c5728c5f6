"""Packages of argostranslate made over, and a site on this machine that serves them and their index."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = "translate-zh_en-1_9"


def repacked(package: Path, to: Path, changes: dict[str, bytes | None], **about: Any) -> Path:
    """The package with some files changed, added, or (None) left out; ``about`` changes its metadata."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(to, "w") as new:
        files = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
        metadata = json.loads(files[f"{TOP}/metadata.json"]) | about
        files[f"{TOP}/metadata.json"] = json.dumps(metadata).encode()
        for name, content in (files | {f"{TOP}/{name}": each for name, each in changes.items()}).items():
            if content is not None:
                new.writestr(name, content)
    return to


@dataclass
class Site:
    """What a server on this machine serves, how it misbehaves, and what it was asked for."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etags: bool = True
    ranges: bool = True
    cut: int = 0
    """Bytes after which the connection breaks."""
    cuts: int = 0
    """How many answers are cut so."""
    types: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    """Where each path leads."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and range of each request."""

    def offer(self, file: str, content: bytes, **about: Any) -> dict[str, Any]:
        """Serve a package; its entry in the index."""
        self.files[f"/{file}"] = content
        entry = {"package_version": "1.9", "from_code": "zh", "to_code": "en", "code": "translate-zh_en"}
        return entry | {"links": [f"{self.address}{file}"]} | about

    def index(self, *entries: Any) -> None:
        """Serve this index."""
        self.files["/index.json"] = json.dumps(entries).encode()

    def asks(self, method: str, path: str) -> list[str]:
        """The ranges of the requests made for ``path``."""
        return [span for how, what, span in self.asked if (how, what) == (method, path)]


class _Handler(http.server.BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        site, span = self.site, self.headers.get("Range", "")
        site.asked.append((self.command, self.path, span))
        if self.path in site.redirects:
            self.send_response(302)
            self.send_header("Location", site.redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if (content := site.files.get(self.path)) is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        etag = f'"{hash(content)}"'
        start = int(span.removeprefix("bytes=").removesuffix("-")) if span and site.ranges else 0
        if start and self.headers.get("If-Range") != etag:
            start = 0
        self.close_connection = True
        if start >= len(content) > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if site.etags:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", site.types.get(self.path, "application/octet-stream"))
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if self.command == "HEAD":
            return
        body = content[start:]
        if site.cuts and self.path != "/index.json":
            site.cuts -= 1
            body = body[: site.cut]
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Site]:
    """A site that is served as long as this lasts."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
