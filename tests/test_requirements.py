"""What is imported is declared, what is declared is pinned, and what is optional says so."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crosslingual.errors import CrosslingualError
from crosslingual.readers import File, Problem, formats
from crosslingual.translation.seq2seq import Seq2SeqModel
from tests.helpers.file_samples import STORIES, docx

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OPTIONAL = ("readers", "translate", "evaluate")
UNUSED = {"spacy", "stanza", "minisbd"}
"""What argostranslate asks for and crosslingual never imports."""
NOT_IMPORTED = {"justext", "lxml-html-clean", "protobuf", "sacremoses"}
"""Declared for another library, or for the data in it; pyproject.toml says which."""
SYSTEMS = {
    "linux": {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
    },
    "darwin": {
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "os_name": "posix",
        "platform_machine": "arm64",
    },
    "win32": {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
    },
}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(str(one.specifier).startswith("==") for one in found)
    assert len({one.name.lower() for one in found}) == len(found)
    return {canonicalize_name(one.name): one for one in found}


@cache
def distributions() -> dict[str, list[str]]:
    return {name: [canonicalize_name(one) for one in made] for name, made in packages_distributions().items()}


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """The distribution of each import from elsewhere, and whether it stands at the module's top."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [node.module or ""]
        else:
            continue
        for name in found:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top != "crosslingual":
                (made, *_) = distributions()[top]
                yield made, node in module.body


MODULES = [*sorted((ROOT / "crosslingual").rglob("*.py")), ROOT / "app.py"]
CORE = names(PROJECT["dependencies"])
BY_EXTRA = {extra: names(EXTRAS[extra]) - CORE for extra in OPTIONAL}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    used = {name for path in MODULES for name, _ in imported(path)}
    declared = CORE.union(*BY_EXTRA.values())
    assert used - declared == set()
    assert declared - used == NOT_IMPORTED


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_an_extra_installs_is_imported_when_needed_and_the_extra_named(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for name, at_top in imported(path):
        for extra in (extra for extra, held in BY_EXTRA.items() if name in held):
            assert not at_top, f"{name} is of the extra {extra}; import it in a function"
            assert f'needs_extra("{extra}")' in source, f"{name} is imported without naming {extra}"


def test_the_extra_all_holds_the_others() -> None:
    (everything,) = (Requirement(one) for one in EXTRAS["all"])
    assert (everything.name, everything.extras) == ("crosslingual", set(OPTIONAL))
    assert set(EXTRAS) == {*OPTIONAL, "all", "dev"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_requirements_txt_has_all_that_is_needed_and_nothing_else(system: str) -> None:
    """On Python 3.11, so that ``pip install --no-deps`` may be given it."""
    here = SYSTEMS[system] | {"python_version": "3.11", "python_full_version": "3.11.7"}
    seen: set[tuple[str, frozenset[str]]] = set()
    asked = map(Requirement, PROJECT["dependencies"] + [one for extra in OPTIONAL for one in EXTRAS[extra]])
    here_only = [one for one in asked if one.marker is None or one.marker.evaluate(here)]
    waiting = [(canonicalize_name(one.name), frozenset[str]()) for one in here_only]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or name in UNUSED:
            continue
        seen.add((name, extras))
        for one in map(Requirement, distribution(name).requires or ()):
            wanted = one.marker is None or any(
                one.marker.evaluate(here | {"extra": extra}) for extra in extras or {""}
            )
            if wanted:
                waiting.append((canonicalize_name(one.name), frozenset(one.extras)))
    held = {name for name, one in pins().items() if one.marker is None or one.marker.evaluate(here)}
    assert {name for name, _ in seen} - held == set()
    if system == "linux":
        assert held - {name for name, _ in seen} == set()


@pytest.mark.parametrize(
    ("suffix", "content", "library"),
    [
        (".pdf", b"", "pypdfium2"),
        (".warc", b"", "warcio"),
        (".docx", docx(STORIES[0]), "docx"),
        (".xlsx", b"", "python_calamine"),
    ],
    ids=["pdf", "warc", "docx", "xlsx"],
)
def test_a_format_without_its_library_names_the_extra(
    suffix: str, content: bytes, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    for name in [name for name in sys.modules if name.startswith(f"{library}.")]:
        monkeypatch.delitem(sys.modules, name)
    found = list(formats.read_items(File(Path(f"a{suffix}"), content)))
    assert [type(item) for item in found] == [Problem]
    assert str(found[0]).endswith('is not installed; run: pip install "crosslingual[readers]"')


def test_a_translator_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(CrosslingualError, match=r'pip install "crosslingual\[translate\]"'):
        Seq2SeqModel(Path(), str.split, " ".join).translate(["one"])


WITHOUT = """
import sys
from importlib.abc import MetaPathFinder
class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"spacy", "stanza", "thinc", "minisbd", "onnxruntime"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile
import app
from crosslingual import cli
from crosslingual.translation.argos import ArgosEngine
with TemporaryDirectory() as folder:
    ZipFile(sys.argv[1]).extractall(folder)
    (package,) = Path(folder).iterdir()
    print(ArgosEngine({("ru", "en"): package}).translate([sys.argv[2]], "ru", "en"))
"""


def test_the_app_and_a_translator_run_without_stanza_and_spacy() -> None:
    package = ROOT / "tests" / "data" / "translate" / "ru-en.argosmodel"
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT, str(package), "Что было вчера?"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("['")
