"""The HTTP interface on a real port of this machine."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from io import StringIO
from threading import Thread
from typing import Any

import uvicorn

from crosslingual.serve.http_app import build_app
from crosslingual.serve.service import LibraryService
from crosslingual.settings import Settings
from tests.helpers.ports import free_port


@dataclass(frozen=True)
class HttpAnswer:
    """What came back; names of ``headers`` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class HttpServer:
    """A server that runs in a thread."""

    port: int
    service: LibraryService
    log: StringIO
    """What uvicorn has logged."""

    def ask(
        self, path: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        answer = HttpAnswer(response.status, told, response.read())
        connection.close()
        return answer

    def wait_for_job(self, place: str) -> Any:
        """What the job at ``place`` is once it has ended."""
        while (job := self.ask(place).json)["state"] in ("running", "cancelling"):
            time.sleep(0.05)
        return job


@contextmanager
def run_server(settings: Settings, token: bytes | None = None) -> Iterator[HttpServer]:
    """A server for the library of ``settings``, for as long as this lasts."""
    port = free_port()
    service = LibraryService(settings)
    app = build_app(service, token=token)
    config = uvicorn.Config(
        app,
        port=port,
        log_config=None,
        log_level="debug",
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    server, log = uvicorn.Server(config), StringIO()
    handler, logger = logging.StreamHandler(log), logging.getLogger("uvicorn.error")
    logger.addHandler(handler)

    def run() -> None:
        with suppress(SystemExit):  # as uvicorn ends where it cannot start, which is told below
            server.run()

    thread = Thread(target=run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        assert server.started, f"the server did not start:\n{log.getvalue()}"
        yield HttpServer(port, service, log)
    finally:
        server.should_exit = True
        thread.join()
        logger.removeHandler(handler)


def make_form(files: Mapping[str, bytes], /, **fields: str | list[str]) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a form with ``files`` and ``fields``."""
    parts = [
        f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + content
        for name, content in files.items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return body, {"content-type": "multipart/form-data; boundary=edge"}
