"""Hours of use in minutes: four processes at one library and an app, killed at random, and all is counted.

    python bench/soak.py --minutes 30 --seed 7

Two processes add, undo and merge; one searches and compares; one opens pages of a running app. Each is killed
(SIGKILL) at a moment drawn by chance, after a few steps of its own, however fast the machine is. Then the file
is checked (``integrity_check``), every text that was acknowledged is looked for, and another process takes its
place. Now and then all four are killed at once and
``crosslingual index check`` reads everything. The app lives on; its memory is taken every ten seconds. Each
check is a line of JSON; the last line is the sum. It ends with 1 if anything was lost, damaged, or grew.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from soak_roles import SURE, Journal, count_steps  # type: ignore[import-not-found]  # beside this file

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.settings import Settings
from crosslingual.ui.launch import app_command, app_environment

ROLES = ("writer1", "writer2", "reader", "visitor")
MAX_STEPS = 8
"""Lines that a process writes into its journal before it is killed; from 1 on, drawn by chance, ..."""
MAX_DELAY_SECONDS = 3.0
"""... and how long after the last of them, at most."""
ROUNDS_PER_CHECK = 8
"""Every so many rounds all four are killed, and everything is checked."""
SAMPLE_SECONDS, POLL_SECONDS = 10, 0.2
MAX_GROWTH = 0.05
"""Of the app's memory, the last third of the time against the second; while it warms up it may grow."""


@dataclass
class Soak:
    """The processes of one run, in ``folder``."""

    folder: Path
    port: int
    chance: random.Random
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    resident: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the beginning, and MB of the app."""
    deaths: dict[str, int] = field(default_factory=dict)
    """How many lines the journal of each process has when it is to die."""
    n_kills: int = 0
    n_checks: int = 0
    n_texts_checked: int = 0

    def start_role(self, name: str) -> None:
        """Begin, or take the place of one that was killed."""
        role = Path(__file__).with_name("soak_roles.py")
        line = [
            sys.executable,
            str(role),
            str(self.folder),
            name,
            str(self.chance.randrange(2**31)),
            str(self.port),
        ]
        self.deaths[name] = self._count_lines(name) + self.chance.randint(1, MAX_STEPS)
        with (self.folder / f"{name}.err").open("ab") as errors:
            self.running[name] = subprocess.Popen(line, stderr=errors, stdin=subprocess.DEVNULL)

    def kill_role(self, name: str) -> None:
        """Kill it; one that had ended by itself is a problem."""
        process = self.running.pop(name)
        if process.poll() is not None:
            told = (self.folder / f"{name}.err").read_text(encoding="utf-8", errors="replace")
            self.problems.append(f"{name} ended by itself: {told.strip().splitlines()[-1:]}")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.n_kills += 1

    def find_due(self) -> list[str]:
        """The processes that have come to their last step, or ended."""
        return [
            name
            for name, process in self.running.items()
            if process.poll() is not None or self._count_lines(name) >= self.deaths[name]
        ]

    def _count_lines(self, name: str) -> int:
        path = self.folder / f"{name}.journal"
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def check_file(self) -> None:
        """The pages of the file, and every text whose last step is the same before and after it is read."""
        before = self._known_groups()
        db = sqlite3.connect(f"file:{self.folder / 'library' / 'library.db'}?mode=ro", uri=True, timeout=60)
        try:
            (answer,) = db.execute("PRAGMA integrity_check(3)").fetchone()
            texts = "\n".join(text for (text,) in db.execute("SELECT text FROM articles"))
        finally:
            db.close()
        if answer != "ok":
            self.problems.append(f"integrity_check: {answer}")
        after = self._known_groups()
        for group, last in before.items():
            if after[group] != last:
                continue
            held = sum(f"Mark {group}-{number}-." in texts for number in range(2))
            expected = {"all": {2}, "none": {0}}.get(SURE.get(last["step"], ""), {0, 2})
            self.n_texts_checked += 2
            if held not in expected:
                self.problems.append(f"{group}, {last['step']}: {held} of 2 texts there")
        self.n_checks += 1

    def check_everything(self) -> dict[str, Any]:
        """With all four dead: the file, then all that ``crosslingual index check`` reads."""
        self.check_file()
        line = [
            sys.executable,
            "-m",
            "crosslingual",
            "index",
            "check",
            "--json",
            "--library",
            str(self.folder / "library"),
        ]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        answer: dict[str, Any] = (
            json.loads(done.stdout) if done.stdout else {"remaining": [done.stderr[-300:]]}
        )
        if done.returncode or answer["remaining"]:
            self.problems.append(f"index check: {answer['remaining']}")
        # What was not indexed yet is brought up to date; anything else would be damage.
        late = (" not in it", " no longer in the library", " changed since")
        self.problems += [
            f"index check: {one}" for one in answer.get("problems", ()) if not one.endswith(late)
        ]
        return answer

    def _known_groups(self) -> dict[str, dict[str, Any]]:
        journals = [Journal(self.folder / f"{name}.journal") for name in ROLES if name.startswith("writer")]
        return {group: last for journal in journals for group, last in journal.groups().items()}


def resident_mb(process_id: int) -> float:
    """Memory that a process holds, in MB; not what is mapped from files."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(kilobytes) / 1000


def start_app(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The app, once it answers."""
    given = os.environ | app_environment(Settings.load(library=folder / "library"))
    with (folder / "app.err").open("ab") as errors:
        app = subprocess.Popen(app_command(port), env=given, stdout=errors, stderr=errors)
    while app.poll() is None:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health").close()
        except urllib.error.URLError:
            time.sleep(1)
        else:
            return app
    raise SystemExit((folder / "app.err").read_text(encoding="utf-8"))


def run_soak(soak: Soak, app: subprocess.Popen[bytes], minutes: float) -> None:
    """Kill and check until the time is over."""
    start = time.monotonic()
    for name in ROLES:
        soak.start_role(name)
    rounds = 0
    while (now := time.monotonic()) < start + 60 * minutes and app.poll() is None:
        if not soak.resident or now - start >= soak.resident[-1][0] + SAMPLE_SECONDS:
            soak.resident.append((now - start, resident_mb(app.pid)))
        time.sleep(POLL_SECONDS)
        if not (due := soak.find_due()):
            continue
        time.sleep(soak.chance.uniform(0, MAX_DELAY_SECONDS))
        rounds += 1
        victims = list(ROLES) if rounds % ROUNDS_PER_CHECK == 0 else due
        for name in victims:
            soak.kill_role(name)
        told: dict[str, Any] = {"minutes": round((now - start) / 60, 1), "killed": victims}
        if victims == due:
            soak.check_file()
        else:
            told["check"] = soak.check_everything()
        print(json.dumps(told | {"app_mb": soak.resident[-1][1], "problems": soak.problems}), flush=True)
        for name in victims:
            soak.start_role(name)
    if app.poll() is not None:
        soak.problems.append("the app ended by itself")


def sum_up(soak: Soak, minutes: float) -> dict[str, Any]:
    """Figures of the whole run; memory that grew is a problem."""
    times, held = np.array(soak.resident, dtype=np.float64).T
    thirds = [
        float(np.median(held[(times >= part * times[-1] / 3) & (times <= (part + 1) * times[-1] / 3)]))
        for part in range(3)
    ]
    later = times >= times[-1] / 3
    slope = float(np.polyfit(times[later], held[later], 1)[0]) * 3600
    if thirds[2] > (1 + MAX_GROWTH) * thirds[1]:
        soak.problems.append(f"the app's memory grew from {thirds[1]:.0f} to {thirds[2]:.0f} MB")
    return {
        "minutes": minutes,
        "kills": soak.n_kills,
        "checks": soak.n_checks,
        "texts_looked_for": soak.n_texts_checked,
        "steps": count_steps(soak.folder),
        "app_mb_by_third": [round(one) for one in thirds],
        "app_mb_per_hour_after_first_third": round(slope),
        "problems": soak.problems,
    }


def main() -> None:
    """Make a library of the demo, run, and print the sum."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        soak = Soak(Path(name), port, random.Random(given.seed))  # noqa: S311  # draws whom to kill
        add = [
            sys.executable,
            "-m",
            "crosslingual",
            "add",
            str(DEMO_FOLDER),
            "--library",
            str(soak.folder / "library"),
        ]
        subprocess.run(add, check=True, stdout=subprocess.DEVNULL)
        app = start_app(soak.folder, port)
        try:
            run_soak(soak, app, given.minutes)
            for role in list(soak.running):
                soak.kill_role(role)
            soak.check_everything()
        finally:
            for process in (*soak.running.values(), app):
                process.kill()
                process.wait()
        total = sum_up(soak, given.minutes)
    print(json.dumps(total))
    sys.exit(bool(total["problems"]))


if __name__ == "__main__":
    main()
