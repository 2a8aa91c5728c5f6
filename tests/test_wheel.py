"""The wheel, installed where no checkout is: what a user of ``pip install`` gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.sources import SHIPPED_PATH
from crosslingual.ui.launch import APP_FILE
from tests.helpers.ports import free_port

ROOT = Path(__file__).parents[1]
SECONDS = 600  # of a machine that has much else to do
DATA = "crosslingual/data"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder, ROOT], check=True, timeout=SECONDS)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programmes of a new environment: crosslingual from the wheel, the rest from this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-index", wheel], check=True, timeout=SECONDS)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A .pth file there is not read, so that an editable installation of the checkout has no effect.
    (packages / "requirements.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin"


@pytest.fixture
def outside(home: Path) -> dict[str, str]:
    """The environment of a shell that knows the tests' home, with the models in it, and no checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_what_stands_beside_the_package_is_in_the_wheel_once(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        held = {name: archive.read(name) for name in names if name.startswith(DATA)}
    assert len(names) == len(set(names))
    beside = [APP_FILE, APP_FILE.parent / ".streamlit" / "config.toml", SHIPPED_PATH]
    beside += (ROOT / "docs").glob("*.schema.json")
    beside += [path for path in DEMO_FOLDER.rglob("*") if path.is_file()]
    assert held == {f"{DATA}/{path.relative_to(ROOT).as_posix()}": path.read_bytes() for path in beside}


@pytest.mark.model
def test_an_installed_wheel_works_without_a_checkout(
    installed: Path, outside: dict[str, str], tmp_path: Path
) -> None:
    def run(*command: str | Path) -> str:
        ran = subprocess.run(
            command,
            cwd=tmp_path,
            env=outside | {"CROSSLINGUAL_LIBRARY": "news"},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    python, crosslingual = installed / "python", installed / "crosslingual"
    place = run(python, "-c", "import crosslingual; print(crosslingual.__file__)").strip()
    assert Path(place).is_relative_to(installed.parent)
    version = run(crosslingual, "--version")
    assert run(python, "-m", "crosslingual", "--version") == f"python -m {version}"
    assert "already installed" in run(crosslingual, "models", "install")

    articles = len(list(DEMO_FOLDER.glob("*/*.md")))
    assert f"{articles} articles" in run(crosslingual, "add", "--demo")
    assert "Yonhap News Agency" in run(crosslingual, "sources", "list", "--all")
    events = json.loads(run(crosslingual, "events", "--json"))
    assert len(events) == len([*DEMO_FOLDER.iterdir()])
    compared = json.loads(run(crosslingual, "compare", events[0]["id"], "--format", "json"))
    assert compared["statements"]
    assert json.loads(run(crosslingual, "search", "a joint statement", "--json"))["results"]
    run(crosslingual, "report", events[0]["id"], "--out", "summit")
    assert (tmp_path / "summit" / "report.html").stat().st_size > 10_000


def test_the_app_of_an_installed_wheel_starts(
    installed: Path, outside: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    command = [str(installed / "python"), "-m", "crosslingual", "app", "--port", str(port)]
    app = subprocess.Popen(command, cwd=tmp_path, env=outside | {"CROSSLINGUAL_LIBRARY": "news"})
    try:
        until = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
                    assert answer.read() == b"ok"
                break
            except OSError:
                assert app.poll() is None, "the app ended"
                assert time.monotonic() < until
                time.sleep(0.2)
    finally:
        app.terminate()
        app.wait()
