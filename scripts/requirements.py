"""Write requirements.txt anew: what pyproject.toml asks for and all that this needs, at today's releases."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent.parent
HELD = {"torch": "torch==2.13.0"}
"""Pins that do not move by themselves, each for a reason: torch is large and decides how vectors come out."""
ALONE = "argostranslate"
"""Installed without what it asks for: what it needs of that, for our use of it, is in pyproject.toml."""
HEAD = """\
# All that the app uses, with every extra, pinned. Made by: make requirements
# Not here: Stanza, spaCy and MiniSBD, which argostranslate asks for and crosslingual never uses. pip install
# --no-deps leaves them out, as make does; without that option pip adds them, and everything works as well.
"""


def main() -> None:
    """Resolve in an environment of its own, and write."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = chain(project["dependencies"], *(extras[name] for name in ("readers", "translate", "evaluate")))
    wanted = [HELD.get(name, name) for name in asked if name != ALONE]
    markers = {name: f"; {marker}" for name, marker in (one.split("; ") for one in wanted if "; " in one)}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = str(Path(folder) / "bin" / "pip")
        for names in (
            [HELD["torch"]],  # before what would pull a newer one
            wanted,
            ["--no-deps", ALONE],
        ):
            subprocess.run([pip, "install", "--quiet", *names], check=True)
        freeze = [pip, "freeze", "--all", "--exclude", "pip"]  # torch asks for setuptools
        frozen = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout
        pins = [line.split("+")[0] for line in frozen.splitlines()]  # any build of the release will do
        pins = [pin + markers.get(pin.partition("==")[0], "") for pin in pins]
        (ROOT / "requirements.txt").write_text("\n".join([HEAD.rstrip(), *pins, ""]), encoding="utf-8")
        # There must be an answer for those who install without --no-deps, too.
        plainly = [pip, "install", "--quiet", "--dry-run", "--requirement", str(ROOT / "requirements.txt")]
        subprocess.run(plainly, check=True)


if __name__ == "__main__":
    main()
