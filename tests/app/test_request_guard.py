"""Only pages that the app served itself, under a name of this machine, are answered."""

from __future__ import annotations

import asyncio
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crosslingual.settings import Settings
from crosslingual.ui.launch import APP_FILE, app_command, app_environment
from crosslingual.ui.request_guard import RequestGuard
from tests.helpers.ports import free_port

PORT = 8501


async def serve_nothing(scope: Any, _receive: Any, send: Any) -> None:
    """An app that answers everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"x-frame-options", b"ALLOWALL"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"held"})


def ask(
    kind: str, *headers: tuple[str, str], hosts: tuple[str, ...] = ("localhost",)
) -> list[dict[str, Any]]:
    """What comes back of one request with ``headers``."""
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {
        "type": kind,
        "path": "/",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(RequestGuard(serve_nothing, hosts)(scope, receive, send))
    return said


def is_answered(*headers: tuple[str, str], hosts: tuple[str, ...] = ("localhost",)) -> bool:
    """Whether both kinds of request are answered; they must agree."""
    page, opened = ask("http", *headers, hosts=hosts), ask("websocket", *headers, hosts=hosts)
    answered: bool = page[0]["status"] == 200
    assert answered == (opened[0]["type"] == "websocket.accept")
    assert answered == (page[1]["body"] == b"held")
    return answered


@pytest.mark.parametrize(
    "host", ["localhost:8501", "LocalHost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"]
)
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert is_answered(("host", host))
    assert is_answered(("host", host), ("origin", f"http://{host}"))


@pytest.mark.parametrize(
    "host",
    [
        "harbour-news.example",
        "harbour-news.example:8501",
        "localhost.harbour-news.example:8501",
        "127.0.0.1.harbour-news.example",
        "192.168.4.7:8501",
        "someone@localhost:8501",
        "localhost:8501@harbour-news.example",
        "localhost:8501/harbour",
        "localhost:port",
        "[::1",
        "",
    ],
)
def test_other_names_are_refused(host: str) -> None:
    assert not is_answered(("host", host))
    assert not is_answered(("host", host), ("origin", f"http://{host}"))


def test_a_request_without_a_host_or_with_two_is_refused() -> None:
    assert not is_answered()
    assert not is_answered(("host", "localhost:8501"), ("host", "harbour-news.example"))


@pytest.mark.parametrize(
    "origin",
    [
        "http://harbour-news.example",
        "http://localhost:8502",
        "http://localhost",
        "http://127.0.0.1:8501",
        "http://localhost:8501.harbour-news.example",
        "ftp://localhost:8501",
        "null",
        "",
        "http://[",
    ],
)
def test_foreign_origins_are_refused(origin: str) -> None:
    assert not is_answered(("host", "localhost:8501"), ("origin", origin))
    assert not is_answered(
        ("host", "localhost:8501"), ("origin", "http://localhost:8501"), ("origin", origin)
    )


def test_the_address_that_is_served_is_answered() -> None:
    assert is_answered(("host", "reading-room.example:8501"), hosts=("reading-room.example",))
    assert is_answered(("host", "[fd00::5]:8501"), hosts=("fd00::5",))
    assert not is_answered(("host", "192.168.4.7:8501"), hosts=("192.168.4.8",))


@pytest.mark.parametrize("address", ["0.0.0.0", "::", ""])  # noqa: S104
def test_served_to_a_network_addresses_are_answered_and_names_are_not(address: str) -> None:
    assert is_answered(("host", "192.168.4.7:8501"), hosts=(address,))
    assert is_answered(("host", "[fd00::5]:8501"), hosts=(address,))
    assert not is_answered(("host", "harbour-news.example:8501"), hosts=(address,))


@pytest.mark.parametrize("host", ["localhost:8501", "harbour-news.example"])
def test_no_answer_may_be_framed_or_load_from_elsewhere(host: str) -> None:
    headers = ask("http", ("host", host))[0]["headers"]
    assert [value for name, value in headers if name == b"x-frame-options"] == [b"DENY"]
    (policy,) = [value.decode() for name, value in headers if name == b"content-security-policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    assert rules["default-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == ["'none'"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert not [
        source for sources in rules.values() for source in sources if source in ("*", "http:", "https:")
    ]


@pytest.fixture(scope="module", params=["crosslingual app", "streamlit run"])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the app is served, started in either way."""
    port = free_port()
    folder = tmp_path_factory.mktemp("elsewhere")
    line = app_command(port)
    if request.param == "streamlit run":
        line = [sys.executable, "-m", "streamlit", "run", str(APP_FILE), f"--server.port={port}"]
    settings = Settings(home=folder, library=folder / "library")
    with (folder / "said").open("w", encoding="utf-8") as said:
        app = subprocess.Popen(
            line, cwd=folder, env=os.environ | app_environment(settings), stdout=said, stderr=said
        )
    try:
        while status(port, "/_stcore/health", {"Host": f"localhost:{port}"}) is None:
            assert app.poll() is None, (folder / "said").read_text(encoding="utf-8")
            time.sleep(0.1)
        yield port
        # Streamlit warns where it could not learn its outside address: it is not even asked for.
        assert "external IP" not in (folder / "said").read_text(encoding="utf-8")
    finally:
        app.terminate()
        app.wait()


def status(port: int, path: str, headers: dict[str, str]) -> int | None:
    """What the app says to a request for ``path``; None while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
    except ConnectionError:
        return None
    finally:
        connection.close()
    if response.status == 200:
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Content-Security-Policy"]
    return response.status


def open_socket(port: int, host: str, origin: str) -> int | None:
    """What the app says to one who opens its WebSocket."""
    upgrade = {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "YWJjZGVmZ2hpamtsbW5vcA==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    return status(port, "/_stcore/stream", upgrade)


def test_the_app_is_guarded_however_it_is_started(port: int) -> None:
    own = f"localhost:{port}"
    for path in ("/", "/search", "/_stcore/health", "/_stcore/host-config", "/static/none"):
        assert status(port, path, {"Host": own}) in (200, 404)
        assert status(port, path, {"Host": "harbour-news.example"}) == 403
        assert status(port, path, {"Host": own, "Origin": "http://harbour-news.example"}) == 403
        assert status(port, path, {"Host": own, "Origin": f"http://localhost:{port + 1}"}) == 403
    assert open_socket(port, own, f"http://{own}") == 101
    assert open_socket(port, f"harbour-news.example:{port}", f"http://harbour-news.example:{port}") == 403
    assert open_socket(port, own, "http://harbour-news.example") == 403
    assert open_socket(port, own, f"http://localhost:{port + 1}") == 403
    assert open_socket(port, own, "null") == 403
