"""A web server on this machine for tests, and a page that it may send."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]

BODY = """<!doctype html><html lang="en"><head><title>Bridge opens again</title></head><body><article>
<h1>Bridge opens again</h1><p>The old bridge over the river was opened again on Friday after two years of
repairs, the city council said in a statement.</p><p>Some two hundred people came to see the first cars cross
it, although it rained through most of the morning and the speeches were cut short.</p></article></body>
</html>"""


class Site:
    """A server on this machine: what it answers by path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                answer = site.answers.get(self.path, (404, {}, b""))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.home = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


def html(body: str = BODY, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """A page that is there."""
    return 200, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode()
