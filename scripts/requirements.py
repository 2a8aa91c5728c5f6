"""Write requirements.txt anew: what pyproject.toml asks for and all that this needs, at today's releases."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
HELD = {"torch": "torch==2.13.0"}
"""Pins that do not move by themselves, each for a reason: torch is large and decides how vectors come out."""


def main() -> None:
    """Resolve in an environment of its own, and write."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [HELD.get(name, name) for name in project["dependencies"]]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = str(Path(folder) / "bin" / "pip")
        subprocess.run(
            [pip, "install", "--quiet", HELD["torch"]], check=True
        )  # before what would pull a newer one
        subprocess.run([pip, "install", "--quiet", *wanted], check=True)
        frozen = subprocess.run(
            [pip, "freeze"], check=True, capture_output=True, text=True
        ).stdout.splitlines()
    pins = [line.split("+")[0] for line in frozen]  # no local build tags: any build of the release will do
    head = "# Everything the app needs, pinned. Made by: make requirements"
    (ROOT / "requirements.txt").write_text("\n".join([head, *pins, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
