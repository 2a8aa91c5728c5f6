"""What is imported is declared, what is declared is pinned, and what is optional says so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crosslingual.errors import CrosslingualError
from crosslingual.readers import File, Problem, formats
from crosslingual.translation.seq2seq import Seq2SeqModel
from tests.helpers.file_samples import STORIES, docx

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILD = PYPROJECT["project"], PYPROJECT["build-system"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OPTIONAL = ("readers", "translate", "evaluate", "serve", "documents")
SEPARATE = ("cluster", "mcp")
"""What few need, so that neither requirements.txt nor the extra ``all`` has it."""
UNUSED = {"spacy", "stanza", "minisbd"}
"""What argostranslate asks for and crosslingual never imports."""
NOT_IMPORTED = {"justext", "lxml-html-clean", "protobuf", "python-multipart", "sacremoses"}
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


def read_pins(name: str) -> dict[str, list[tuple[Requirement, list[str]]]]:
    """Of a requirements file: each package's pins with their digests."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in text.splitlines():
        pin, *digests = line.partition("#")[0].split("--hash=")
        if pin.strip():
            one = Requirement(pin)
            assert [specifier.operator for specifier in one.specifier] == ["=="], line
            found.setdefault(canonicalize_name(one.name), []).append((one, [it.strip() for it in digests]))
    return found


HASHED = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-cluster.txt")
TORCH = "requirements-torch.txt"


def held_by(files: tuple[str, ...], here: dict[str, str]) -> set[str]:
    """The packages that these files install on a system."""
    return {
        name
        for file in files
        for name, pins in read_pins(file).items()
        if any(one.marker is None or one.marker.evaluate(here) for one, _ in pins)
    }


def needed_by(asked: list[str], here: dict[str, str]) -> set[str]:
    """The packages that are asked for and all that they ask for, as those that are installed here do."""
    seen: set[tuple[str, frozenset[str]]] = set()
    wanted = [one for one in map(Requirement, asked) if one.marker is None or one.marker.evaluate(here)]
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in wanted]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or (name in UNUSED and name not in names(asked)):
            continue
        seen.add((name, extras))
        waiting += [
            (canonicalize_name(one.name), frozenset(one.extras))
            for one in map(Requirement, distribution(name).requires or ())
            if one.marker is None
            or any(one.marker.evaluate(here | {"extra": extra}) for extra in extras or {""})
        ]
    return {name for name, _ in seen}


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
                (made, *_) = distributions().get(top, [top])  # what is separate need not be installed
                yield made, node in module.body


MODULES = [*sorted((ROOT / "crosslingual").rglob("*.py")), ROOT / "app.py"]
CORE = names(PROJECT["dependencies"])
BY_EXTRA = {extra: names(EXTRAS[extra]) - CORE for extra in (*OPTIONAL, *SEPARATE)}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    used = {name for path in MODULES for name, _ in imported(path)}
    declared = CORE.union(*BY_EXTRA.values())
    assert used - declared == set()
    assert declared - used == NOT_IMPORTED


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_an_extra_installs_is_imported_when_needed_and_the_extra_named(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for name, at_top in imported(path):
        if extras := [extra for extra, held in BY_EXTRA.items() if name in held]:
            assert not at_top, f"{name} is of the extra {extras[0]}; import it in a function"
            named = [f'needs_extra("{extra}")' in source for extra in extras]
            assert any(named), f"{name} is imported without naming {extras[0]}"


def test_the_extra_all_holds_the_others() -> None:
    (everything,) = (Requirement(one) for one in EXTRAS["all"])
    assert (everything.name, everything.extras) == ("crosslingual", set(OPTIONAL))
    assert set(EXTRAS) == {*OPTIONAL, *SEPARATE, "all", "dev", "cluster-dev"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_requirements_txt_has_all_that_is_needed_and_nothing_else(system: str) -> None:
    """On Python 3.11, so that ``pip install --no-deps`` may be given it."""
    here = SYSTEMS[system] | {"python_version": "3.11", "python_full_version": "3.11.7"}
    needed = needed_by(PROJECT["dependencies"] + [one for extra in OPTIONAL for one in EXTRAS[extra]], here)
    held = held_by(("requirements.txt", TORCH), here)
    assert needed - held == set()
    if system == "linux":
        assert held - needed == set()


def test_what_builds_and_tests_the_project_is_pinned_whole() -> None:
    here = SYSTEMS["linux"] | {"python_version": "3.11", "python_full_version": "3.11.7"}
    dev = [one for one in EXTRAS["dev"] if not one.startswith("crosslingual[")]
    assert needed_by(dev, here) - held_by((*HASHED, TORCH), here) == set()
    (backend,) = BUILD["requires"]
    assert needed_by([backend], here) - held_by(("requirements.txt", "requirements-build.txt"), here) == set()
    pinned = {str(one.specifier) for one, _ in read_pins("requirements-build.txt")["hatchling"]}
    assert pinned == {str(Requirement(backend).specifier)}
    assert backend in EXTRAS["dev"]


@pytest.mark.parametrize("file", HASHED)
def test_every_pin_has_the_digests_of_its_files(file: str) -> None:
    found = read_pins(file)
    assert found
    for pins in found.values():
        for one, digests in pins:
            assert digests, one
            assert len(set(digests)) == len(digests)
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests), one


def test_compiled_packages_have_digests_for_many_systems() -> None:
    """One wheel for each of three systems and four Pythons is the least that these publish."""
    for name in ("numpy", "lxml", "pandas", "pillow", "pyarrow"):
        ((_, digests),) = read_pins("requirements.txt")[name]
        assert len(digests) >= 12, name


def test_a_package_is_pinned_once_and_torch_alone_has_no_digest() -> None:
    files = {file: set(read_pins(file)) for file in (*HASHED, TORCH)}
    assert sum(map(len, files.values())) == len(set().union(*files.values()))
    ((_, digests),) = read_pins(TORCH).pop("torch")
    assert (files[TORCH], digests) == ({"torch"}, [])


def test_pip_refuses_a_package_that_has_none_of_the_digests(tmp_path: Path) -> None:
    """What ``make setup`` asks of pip: a wheel that somebody changed is not installed."""
    ((pin, digests),) = read_pins("requirements.txt")["mdurl"]
    name = f"mdurl-{str(pin.specifier).removeprefix('==')}"
    with ZipFile(tmp_path / f"{name}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("mdurl/__init__.py", "")
        wheel.writestr(f"{name}.dist-info/METADATA", "Metadata-Version: 2.1\nName: mdurl\nVersion: 0\n")
        wheel.writestr(
            f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{name}.dist-info/RECORD", "")
    hashes = " ".join(f"--hash={digest}" for digest in digests)
    (tmp_path / "one.txt").write_text(f"{pin} {hashes}\n", encoding="utf-8")
    options = ["--isolated", "--no-index", "--find-links", str(tmp_path), "--no-deps", "--require-hashes"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(tmp_path / "to")]
    ran = subprocess.run(
        [*command, "--requirement", str(tmp_path / "one.txt")], capture_output=True, text=True, check=False
    )
    assert ran.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in ran.stderr
    assert not (tmp_path / "to").exists()


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
