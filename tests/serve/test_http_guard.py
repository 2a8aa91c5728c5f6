"""Who may ask over HTTP: this machine's programmes under its own names, others with the token alone."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosslingual.cli import cli
from crosslingual.errors import InputError, MissingExtraError, MissingLibraryError
from crosslingual.library import Library
from crosslingual.serve.answers import Answer, AnswerCache
from crosslingual.serve.middleware import MIN_TOKEN_CHARS, read_token
from crosslingual.serve.ports import check_free, is_this_machine
from crosslingual.settings import Settings
from tests.helpers import http_server
from tests.helpers.http_server import make_form, run_server
from tests.helpers.ports import free_port

TOKEN = b"violet-lighthouse-42"


@pytest.fixture
def empty_library(tmp_path: Path) -> Path:
    """A library without articles."""
    with Library(tmp_path / "library"):
        return tmp_path / "library"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "news.example"},
        {"host": "localhost.news.example"},
        {"host": "someone@localhost"},
        {"host": ""},
        {"host": "192.168.4.7"},
        {"origin": "http://news.example"},
        {"origin": "http://localhost:8501"},
        {"origin": "null"},
        {"origin": "file://"},
    ],
)
def test_strangers_are_refused(empty_library: Path, headers: dict[str, str]) -> None:
    form, kind = make_form({"a.md": b"x"})
    with run_server(Settings.load(library=empty_library)) as server:
        for path, method in (("/v1", "GET"), ("/docs", "GET"), ("/v1/articles", "POST")):
            answer = server.ask(path, method, form if method == "POST" else None, kind | headers)
            assert 400 <= answer.status < 500
            assert b"revision" not in answer.body
        assert server.service.jobs.list_all() == []


def test_its_own_names_and_pages_are_answered(empty_library: Path) -> None:
    with run_server(Settings.load(library=empty_library)) as server:
        for name in ("localhost", "127.0.0.1"):
            host = f"{name}:{server.port}"
            assert server.ask("/v1", headers={"host": host}).status == 200
            assert server.ask("/v1", headers={"host": host, "origin": f"http://{host}"}).status == 200


def test_the_token_is_asked_of_everyone_and_never_told(
    empty_library: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)  # of all that is not uvicorn's
    with run_server(Settings.load(library=empty_library), TOKEN) as server:
        right = TOKEN.decode()
        for sent in (
            "",
            right,
            f"Basic {right}",
            f"Bearer {right[:-1]}",
            f"Bearer {right}x",
            "Bearer",
            "Bearer é",
        ):
            for path in ("/v1", "/docs", "/openapi.json", "/v2"):
                answer = server.ask(path, headers={"authorization": sent} if sent else {})
                assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
                assert answer.headers["content-type"] == "application/problem+json"
                assert TOKEN not in answer.body
        told = {"authorization": f"bearer {right}"}
        assert server.ask("/v1", headers=told).status == 200
        assert "token" in server.ask("/openapi.json", headers=told).json["components"]["securitySchemes"]
        assert TOKEN not in server.ask("/openapi.json", headers=told).body
        assert "Uvicorn running" in server.log.getvalue()
    assert right not in server.log.getvalue()
    assert right not in caplog.text


def write_token(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [TOKEN, TOKEN + b"\n", b"  " + TOKEN + b" \r\n"])
def test_a_token_is_the_one_word_of_its_file(tmp_path: Path, content: bytes) -> None:
    assert read_token(write_token(tmp_path / "token", content)) == TOKEN


@pytest.mark.parametrize(
    ("content", "mode", "detail"),
    [
        (b"", 0o600, "holds no token"),
        (b"x" * (MIN_TOKEN_CHARS - 1), 0o600, "16 or more"),
        (b"two words of a token", 0o600, "on one line"),
        ("geheimnisträgerin-1".encode(), 0o600, "holds no token"),
        (b"x" * 4_097, 0o600, "longer than 4,096 bytes"),
        (TOKEN + b" " * 4_096 + b"second", 0o600, "longer than 4,096 bytes"),
        pytest.param(
            *(TOKEN, 0o644, "chmod 600"),
            marks=pytest.mark.skipif(sys.platform == "win32", reason="a mode says nothing there"),
        ),
    ],
)
def test_a_file_that_holds_no_token_is_refused(
    tmp_path: Path, content: bytes, mode: int, detail: str
) -> None:
    with pytest.raises(InputError, match=detail):
        read_token(write_token(tmp_path / "token", content, mode))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.4.7", "::", "news.example"])  # noqa: S104  # refused
def test_others_are_served_with_a_token_alone(empty_library: Path, host: str) -> None:
    result = CliRunner().invoke(cli, ["serve", "--library", str(empty_library), "--host", host])
    assert isinstance(result.exception, InputError)
    assert "--token-file" in str(result.exception)
    assert not is_this_machine(host)
    assert all(map(is_this_machine, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7", "2001:db8::7"])
def test_a_host_that_is_not_here_is_named_and_no_port(host: str) -> None:
    with pytest.raises(InputError, match=f"^host {re.escape(host)}: ") as refused:
        check_free(host, 8600, "serve")
    assert "--port" not in str(refused.value)


def test_another_port_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    for port, other in ((8600, 8601), (65535, 65534)):
        with pytest.raises(InputError, match=f"--port {other}$"):
            check_free("127.0.0.1", port, "serve")


def test_a_server_that_does_not_start_fails_its_test(
    empty_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(http_server, "free_port", lambda: port)
        with (
            pytest.raises(AssertionError, match="did not start"),
            run_server(Settings.load(library=empty_library)),
        ):
            pass


def test_what_is_missing_is_named_before_it_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(
        cli, ["serve", "--library", str(tmp_path / "none"), "--port", str(free_port())]
    )
    assert isinstance(result.exception, MissingLibraryError)
    for command, library, room in (("serve", "fastapi", "serve"), ("mcp", "mcp", "agents")):
        monkeypatch.setitem(sys.modules, library, None)
        for name in [one for one in sys.modules if one.startswith((f"{library}.", f"crosslingual.{room}."))]:
            monkeypatch.delitem(sys.modules, name)
        result = CliRunner().invoke(cli, [command, "--library", str(tmp_path)])
        assert isinstance(result.exception, MissingExtraError)
        assert f'pip install "crosslingual[{command}]"' in str(result.exception)


def test_a_server_that_is_told_to_end_ends(empty_library: Path, home: Path) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "crosslingual",
        "serve",
        "--library",
        str(empty_library),
        "--port",
        str(port),
    ]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, env=os.environ | {"CROSSLINGUAL_HOME": str(home)}
    )
    try:
        while True:
            assert running.poll() is None
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                connection.request("GET", "/v1?q=a-secret-word")
            except OSError:
                time.sleep(0.05)
                continue
            response = connection.getresponse()
            assert response.status == 200
            assert response.getheader("server") is None
            connection.close()
            break
        again = CliRunner().invoke(cli, ["serve", "--library", str(empty_library), "--port", str(port)])
        assert f"--port {port + 1}" in str(again.exception)
    finally:
        running.send_signal(signal.SIGINT)
        _, told = running.communicate()
    assert b"Traceback" not in told
    assert b"a-secret-word" not in told


def test_what_several_ask_for_is_made_once_and_what_is_large_goes_first() -> None:
    made: list[str] = []

    def make(name: str, size: int = 1) -> Answer:
        time.sleep(0.01)
        made.append(name)
        return Answer(size * b"x")

    def fail() -> Answer:
        made.append("failed")
        raise InputError("no")

    async def ask() -> None:
        cache = AnswerCache()
        await asyncio.gather(*(cache.find_or_make("a", lambda: make("a")) for _ in range(20)))
        assert made == ["a"]
        for _ in range(2):
            with pytest.raises(InputError):
                await cache.find_or_make("b", fail)
        assert made == ["a", "failed", "failed"]
        for name in "cde":
            await cache.find_or_make(name, lambda name=name: make(name, 30 * 2**20))  # type: ignore[misc]  # bound
        await cache.find_or_make("e", lambda: make("e"))
        await cache.find_or_make("c", lambda: make("c"))
        assert made == ["a", "failed", "failed", "c", "d", "e", "c"]

    asyncio.run(ask())
