"""What the glossary says stands in the code does."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DOCS / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| term", "|--"))
]
NAMES = [(term, name) for term, _, where in ROWS for name in re.findall(r"`([\w.]+)`", where)]


@pytest.mark.parametrize(("term", "name"), [one for one in NAMES if one[1].startswith("crosslingual.")])
def test_a_term_stands_in_the_code_under_the_name_given(term: str, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), attribute), term


@pytest.mark.parametrize(("term", "name"), [one for one in NAMES if "." not in one[1]])
def test_a_term_stands_in_the_data_under_the_name_given(term: str, name: str) -> None:
    from crosslingual.settings import Settings

    def keys(schema: object) -> set[str]:
        if isinstance(schema, list):
            return {key for one in schema for key in keys(one)}
        if not isinstance(schema, dict):
            return set()
        return set(schema.get("properties", ())) | {key for one in schema.values() for key in keys(one)}

    schema = json.loads((DOCS / "comparison.schema.json").read_text(encoding="utf-8"))
    assert name in keys(schema) | set(Settings.__dataclass_fields__), term


def test_a_term_is_explained_once() -> None:
    terms = [term for term, *_ in ROWS]
    assert len(terms) == len(set(terms)) > 20
