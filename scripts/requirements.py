"""Write the requirements files anew: every pin with the digests of all files that are published of it.

Example: python scripts/requirements.py --upgrade

Without ``--upgrade`` pins stay where they are, and only what pyproject.toml asks for beyond them is added.
uv resolves for all systems at once and installs nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESOLVER = "uv==0.13.9"
TORCH = (ROOT / "requirements-torch.txt").read_text(encoding="utf-8").split()[-1]
"""Its pin does not move by itself: torch is large and decides how vectors come out."""
SPLITTERS = ("minisbd", "spacy", "stanza")
"""What argostranslate asks for, and only the tests use."""
LEFT_OUT = ("torch", "triton", "nvidia-", "cuda-", "httpx2-jsfetch")
"""Beginnings of names: torch and what its builds bring, which differ by index; and one for browsers."""
HEADS = {
    "requirements.txt": """\
# All that the app uses, with every extra, but torch: pinned, with the digests of all published files.
# Made by: make requirements
# Not here: Stanza, spaCy and MiniSBD, which argostranslate asks for and crosslingual never uses. So:
# pip install --no-deps -r requirements.txt
""",
    "requirements-build.txt": """\
# What builds crosslingual, beside requirements.txt. Made by: make requirements
""",
    "requirements-dev.txt": """\
# The extra dev and all that it needs beside requirements.txt and requirements-build.txt.
# Made by: make requirements
""",
    "requirements-cluster.txt": """\
# The extra cluster, the server that its tests start, and all that they need beside the other files.
# Made by: make requirements
""",
}


def resolve(uv: Path, name: str, wanted: Iterable[str], *options: str) -> dict[str, str]:
    """The pins of ``wanted`` and all that it needs, by name, each with its digests; those of file ``name`` are kept."""
    always = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes"]
    always += ["--no-annotate", "--no-header", "--no-config", "--quiet", "--output-file", str(ROOT / name)]
    command = [str(uv), "pip", "compile", *always, *options, "-"]
    subprocess.run(command, input="\n".join(wanted), text=True, check=True, stdout=subprocess.DEVNULL)
    blocks = re.split(r"^(?=\w)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    pins: dict[str, str] = {}
    for block in blocks:
        package = block.partition("==")[0]
        if package != block and not package.startswith(LEFT_OUT):
            pins[package] = pins.get(package, "") + block  # twice where a system or a Python needs another
    return pins


def write_pins(name: str, pins: dict[str, str]) -> None:
    """Write the file ``name``, by the names of packages."""
    (ROOT / name).write_text(HEADS[name] + "".join(pins[one] for one in sorted(pins)), encoding="utf-8")


def main(options: Sequence[str]) -> None:
    """Resolve what the app, its build, its tests and shared libraries need, in this order, and write a file of each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    app = [*project["project"]["dependencies"], TORCH]
    app += [
        one for name in ("readers", "translate", "evaluate", "serve", "documents") for one in extras[name]
    ]
    build = [*project["build-system"]["requires"], "editables"]  # hatchling's, for pip install --editable
    dev = [one for one in extras["dev"] if not one.startswith("crosslingual[")]
    cluster = extras["cluster"] + [
        one for one in extras["cluster-dev"] if not one.startswith("crosslingual[")
    ]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        subprocess.run([sys.executable, "-m", "venv", work], check=True)
        subprocess.run([work / "bin" / "pip", "install", "--quiet", RESOLVER], check=True)
        (excludes := work / "excludes.txt").write_text("\n".join(SPLITTERS), encoding="utf-8")
        uv = work / "bin" / "uv"
        held = resolve(uv, "requirements.txt", app, "--excludes", str(excludes), *options)
        write_pins("requirements.txt", held)
        above = ["--constraints", str(ROOT / "requirements.txt")]
        for name, wanted in (
            ("requirements-build.txt", build),
            ("requirements-dev.txt", dev),
            ("requirements-cluster.txt", cluster),
        ):
            own = resolve(uv, name, [*wanted, TORCH], *above, *options)
            write_pins(name, {package: block for package, block in own.items() if package not in held})
            above += ["--constraints", str(ROOT / name)]
            held |= own


if __name__ == "__main__":
    main(sys.argv[1:])
