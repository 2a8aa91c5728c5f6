"""What the browser draws with scripts of ours: the files of ``assets``, joined into components."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

ASSET_FOLDER = Path(__file__).parent / "assets"
_IMPORT_PATTERN = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT_PATTERN = re.compile(r"^export (?!default)", re.MULTILINE)


@st.cache_resource(show_spinner=False)
def read_asset(name: str) -> str:
    """What stands in a file of ``assets``."""
    return (ASSET_FOLDER / name).read_text(encoding="utf-8")


def join_scripts(names: Sequence[str]) -> str:
    """Several modules as the one of a component, which can import none: without imports and exports."""
    return "\n".join(_EXPORT_PATTERN.sub("", _IMPORT_PATTERN.sub("", read_asset(name))) for name in names)


@st.cache_resource(show_spinner=False)
def build_component(name: str, styles: tuple[str, ...], scripts: tuple[str, ...]) -> Any:
    """What the browser draws with ``scripts`` into an element of the class ``name``."""
    return st.components.v2.component(
        f"crosslingual_{name}",
        html=f'<div class="compare {name}"></div>',
        css="\n".join(map(read_asset, styles)),
        js=join_scripts(scripts),
    )


def with_data_key(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with a key of what it holds, by which scripts know whether they have drawn it already."""
    return data | {"key": hashlib.sha256(json.dumps(data).encode()).hexdigest()}


def draw_component(
    name: str, styles: tuple[str, ...], scripts: tuple[str, ...], data: dict[str, Any], key: str
) -> None:
    """Have the browser draw ``data``; ``key`` tells the components of a page apart."""
    build_component(name, styles, scripts)(data=with_data_key(data), key=key)


def replace_params(name: str, value: str) -> None:
    """Have the address say that ``name`` is ``value``, without a step for the browser's back button.

    What is written into ``st.query_params`` is such a step.
    """
    component = build_component("address", (), ("replace_params.js",))
    component(data={"name": name, "value": value}, key=f"address.{name}")
