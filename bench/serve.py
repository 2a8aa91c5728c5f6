"""Fifty readers of the HTTP interface at once, in quiet and while articles are added; nothing may be lost.

    python bench/serve.py LIBRARY ARTICLES [--readers 50] [--rounds 20]

A server is started on a copy of LIBRARY. Readers ask for the comparison of one event again and again, over connections
that they keep: all of it, then whether it has changed (304). Then ARTICLES, a file, is added while they go on. A line
for each part: seconds at the median and the 95th percentile, and the server's processor time for a request. The last
line tells what came of the articles; it ends with 1 if an answer failed or an article is missing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import crosslingual as cl


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "library"
        shutil.copytree(asked.library, folder)
        with cl.open(folder, create=False) as library:
            event = max(library.events(), key=lambda event: len(event.articles)).id
            before = len(library.articles())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "crosslingual",
            "serve",
            "--library",
            str(folder),
            "--port",
            str(port),
        ]
        server = subprocess.Popen(command, stderr=sys.stderr)
        try:
            is_whole = measure(asked, server.pid, port, f"/v1/events/{event}/comparison", before)
        finally:
            server.terminate()
            server.wait()
    sys.exit(not is_whole)


def measure(asked: argparse.Namespace, pid: int, port: int, path: str, before: int) -> bool:
    while True:
        try:
            etag = ask(connect(port), path)[1]
            break
        except OSError:
            time.sleep(0.2)
    with ThreadPoolExecutor(asked.readers) as readers:

        def run_round(name: str, etag: str, goes_on: Callable[[int], bool]) -> bool:
            cpu, statuses, seconds = cpu_seconds(pid), set[int](), list[float]()

            def read(_: int) -> None:
                connection, rounds = connect(port), 0
                while goes_on(rounds):
                    began = time.perf_counter()
                    statuses.add(ask(connection, path, etag)[0])
                    seconds.append(time.perf_counter() - began)
                    rounds += 1

            list(readers.map(read, range(asked.readers)))
            spent = cpu_seconds(pid) - cpu
            cuts = statistics.quantiles(seconds, n=20)
            row = {"part": name, "requests": len(seconds), "statuses": sorted(statuses)}
            row |= {"p50_s": round(cuts[9], 4), "p95_s": round(cuts[18], 4)}
            print(json.dumps(row | {"server_cpu_ms": round(1000 * spent / len(seconds), 2)}), flush=True)
            return statuses <= {200, 304}

        is_right = run_round("cached", "", lambda rounds: rounds < asked.rounds)
        is_right &= run_round("304", etag, lambda rounds: rounds < asked.rounds)
        place = send_articles(port, asked.articles)
        is_right &= run_round("while adding", "", lambda rounds: not rounds or is_running(port, place))
    job = json.loads(ask(connect(port), place)[2])
    held = json.loads(ask(connect(port), "/v1")[2])["articles"]
    added = (job["result"] or {}).get("added", 0)
    print(
        json.dumps(
            {"state": job["state"], "added": added, "held": held, "before": before, "message": job["message"]}
        )
    )
    return is_right and job["state"] == "done" and held == before + added > before


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=600)


def ask(connection: http.client.HTTPConnection, path: str, etag: str = "") -> tuple[int, str, bytes]:
    """Status, ETag and body of an answer."""
    connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
    response = connection.getresponse()
    return response.status, response.getheader("etag") or "", response.read()


def send_articles(port: int, path: Path) -> str:
    """The place of the job that adds a file."""
    head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'.encode()
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    connection = connect(port)
    connection.request("POST", "/v1/articles", head + path.read_bytes() + b"\r\n--edge--\r\n", kind)
    return str(connection.getresponse().getheader("location"))


def is_running(port: int, place: str) -> bool:
    job: dict[str, Any] = json.loads(ask(connect(port), place)[2])
    return bool(job["state"] == "running")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
