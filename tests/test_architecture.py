"""The rules of the design that a reader of one module cannot see broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "crosslingual"
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = (
    "types",
    "errors",
    "language",  # what is known of languages; it knows nothing of the project but types and errors
    "attribution",  # who is said to have said what
    "extras",
    "resources",  # where what is shipped lies
    "files",  # written whole or not at all
    "threads",  # of matrix products
    "heap",  # memory given back
    "zips",  # archives that may be hostile, which readers and model_store share
    "address",  # where a library is
    "moments",  # when an article was published, which events, timeline and citations tell alike
    "settings",
    "sources",
    "tmx",  # translation memories, which readers and translation share
    "readers",  # files → records
    "web",  # pages and feeds that the user names → what readers read
    "library",
    "index",
    "embeddings",  # sentences → vectors and states of tokens
    "translation",  # engines, and the quality of what they make
    "model_store",  # what is installed: it tries encoders and translators before it keeps them
    "align",
    "entities",  # who, where and which organisation the sentences name
    "ingest",  # joins the rooms above: records → library, library → translations
    "events",
    "compare",
    "framing",
    "timeline",  # a comparison in order of time, and its figures
    "citations",  # which outlet cites or copies which
    "search",
    "check",  # a comparison checked by its reader
    "coding",  # passages coded by people with a codebook of their own
    "watch",  # feeds and folders that are followed
    "corpus",  # words where they stand, what stands beside them, what marks a part of a library
    "formatting",  # numbers and names in words, for terminal, report and app
    "report",
    "evaluate",
    "api",  # the one way in for command line, app and notebooks
    "serve",  # what answers requests: guard, uploads, jobs, the HTTP interface; the app uses the first three
    "agents",  # the library for assistants
    "ui",
    "cli",  # starts the app
    "__main__",
)
"""The rooms in the direction of the data: a room imports from those before it only."""

HEAVY = {"torch", "sentence_transformers", "transformers", "faiss", "streamlit", "scipy", "numpy", "rich"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, nodes: Iterator[ast.AST] | None = None) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a module imports, inside functions too."""
    for node in nodes or ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What runs when a module is imported: all but functions and what is for type checkers."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        for field in ("body", "orelse", "finalbody"):
            yield from at_import(getattr(node, field, []))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def importers(package: str) -> set[str]:
    return {
        name(path)
        for path in [*MODULES, ROOT / "app.py"]
        for _, module in imports(path)
        if module.split(".")[0] == package
    }


def test_only_the_app_imports_streamlit() -> None:
    found = importers("streamlit")
    assert "crosslingual/ui/compare.py" in found
    assert {path for path in found if not path.startswith("crosslingual/ui/")} <= {"app.py"}


def test_only_the_index_imports_faiss() -> None:
    found = importers("faiss")
    assert "crosslingual/index/flat.py" in found
    assert all(path.startswith("crosslingual/index/") for path in found)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_along_the_way_of_the_data(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        found = [module for _, module in imports(path, at_import(tree(path).body))]
        assert not [module for module in found if module.startswith("crosslingual")]
        return
    own = ORDER.index(room(path))
    for line, module in imports(path):
        parts = module.split(".")
        if parts[0] == "crosslingual" and parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= own, f"{name(path)}:{line} imports {module}, which comes later"
        elif parts[0] == "crosslingual":
            assert parts[1] == "__version__", f"{name(path)}:{line}: {module} is no room; add it to ORDER"


def test_what_is_known_of_languages_knows_nothing_of_the_project() -> None:
    for path in (PACKAGE / "language").glob("*.py"):
        rooms = {module.split(".")[1] for _, module in imports(path) if module.startswith("crosslingual.")}
        assert rooms <= {"language", "types", "errors"}, name(path)


def test_ideographs_are_told_in_one_place() -> None:
    """Others take the ranges of characters from ``language.scripts``: copies of them disagreed."""
    told = re.compile(r"\\u(?:4e00|9fff|3400)|[\u4e00-\u9fff]-[\u4e00-\u9fff]", re.IGNORECASE)
    found = {name(path) for path in MODULES if told.search(path.read_text(encoding="utf-8"))}
    assert found <= {"crosslingual/language/scripts.py", "crosslingual/ui/search/results_view.py"}


def test_the_library_does_not_print() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        if PACKAGE / "cli" not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("print", "click.echo", "sys.stdout.write")
    ]
    assert printing == []


def test_text_files_name_their_encoding() -> None:
    """Else it is the system's: not UTF-8 on Windows."""
    unnamed = []
    for path in [*MODULES, ROOT / "app.py"]:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or any(word.arg == "encoding" for word in node.keywords):
                continue
            _, of, called = ast.unparse(node.func).rpartition(".")
            given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if (
                (called == "read_text" and of and not given)
                or (called == "write_text" and len(node.args) < 2)
                or (called == "open" and given and set(str(given[0])) <= set("rwxat+"))
                or (called == "open" and not of)
            ):
                unnamed.append(f"{name(path)}:{node.lineno}")
    assert unnamed == []


def test_the_command_line_imports_nothing_heavy_before_a_command_runs() -> None:
    """Transitively: whatever is imported when ``crosslingual.cli`` is."""
    seen: set[str] = set()
    waiting = ["crosslingual.cli"]
    while waiting:
        module = waiting.pop()
        base = ROOT.joinpath(*module.split("."))
        path = next(
            (file for file in (base.with_suffix(".py"), base / "__init__.py") if file.is_file()), None
        )
        if path is None or module in seen:
            continue
        seen.add(module)
        for line, imported in imports(path, at_import(tree(path).body)):
            assert imported.split(".")[0] not in HEAVY, f"{name(path)}:{line} imports {imported}"
            if imported.startswith("crosslingual."):
                waiting += [imported, imported.rpartition(".")[0]]
    assert "crosslingual.settings" in seen


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_models_and_the_app_are_not_imported_with_a_module(path: Path) -> None:
    if room(path) == "ui":
        return
    for line, imported in imports(path, at_import(tree(path).body)):
        package = imported.split(".")[0]
        assert package not in {"torch", "sentence_transformers", "transformers", "streamlit"}, (
            f"{name(path)}:{line}"
        )
