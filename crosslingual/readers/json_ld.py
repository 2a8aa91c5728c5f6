"""The JSON-LD of a page, parsed once for all who read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_JSON_CHARS = 2_000_000
"""Characters of a page's scripts that are parsed."""


@dataclass(frozen=True, slots=True)
class JsonLdScript:
    """The ``text`` of a script and the ``value`` that it holds, None where it is no JSON."""

    text: str
    value: Any


def list_json_ld(tree: HtmlElement) -> list[JsonLdScript]:
    """The scripts of JSON-LD in a page, in their order; what is beyond ``MAX_JSON_CHARS`` is not parsed."""
    found = []
    n_chars = 0
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            text = script.text or ""
            n_chars += len(text)
            found.append(JsonLdScript(text, parse_json(text) if n_chars <= MAX_JSON_CHARS else None))
    return found


def parse_json(text: str) -> Any:
    """The first value in ``text``, which may stand in a comment and have more behind it; None where there is none."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
