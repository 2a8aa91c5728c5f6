"""What answers look like, for OpenAPI: the documented schemas, and the few that only HTTP has."""

from __future__ import annotations

import json
from typing import Any

from crosslingual.resources import shipped_path

JsonSchema = dict[str, Any]

_DOCUMENTED = {"Comparison": "comparison", "Framing": "framing", "Search": "search"}
"""Names here, and those of the files ``docs/*.schema.json``."""
_TEXT: JsonSchema = {"type": "string"}
_COUNT: JsonSchema = {"type": "integer", "minimum": 0}
_NULL: JsonSchema = {"type": "null"}


def make_object(properties: JsonSchema, description: str = "") -> JsonSchema:
    """An object with these properties, all of them, and no others."""
    about = {"description": description} if description else {}
    whole = {"type": "object", "additionalProperties": False, "required": [*properties]}
    return about | whole | {"properties": properties}


def reference(name: str) -> JsonSchema:
    """The component ``name``."""
    return {"$ref": f"#/components/schemas/{name}"}


def load_components() -> dict[str, JsonSchema]:
    """All schemas by name; parts of a documented one are called after it, as in ``Comparison.cell``."""
    found: dict[str, JsonSchema] = {}
    for name, file in _DOCUMENTED.items():
        schema = json.loads(shipped_path(f"docs/{file}.schema.json").read_text(encoding="utf-8"))
        parts = {f"{name}.{part}": body for part, body in schema.pop("$defs", {}).items()}
        whole = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
        found |= {key: _point_to_components(body, name) for key, body in {name: whole, **parts}.items()}
    return found | _own_components(found)


def _point_to_components(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_point_to_components(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.replace("#/$defs/", f"#/components/schemas/{name}.")
        if key == "$ref" and isinstance(item, str)
        else _point_to_components(item, name)
        for key, item in value.items()
    }


def _own_components(documented: dict[str, JsonSchema]) -> dict[str, JsonSchema]:
    article = documented["Comparison.article"]["properties"]
    source = documented["Comparison.source"]["properties"]
    of_an_event = ("articles", "sentences", "shared", "exclusive")
    translation = {
        "oneOf": [
            _NULL,
            make_object(
                {
                    "text": _TEXT,
                    "lang": _TEXT,
                    "engine": _TEXT,
                    "engine_version": _TEXT,
                    "issues": {"type": "array", "items": _TEXT},
                }
            ),
        ]
    }
    sentence = make_object(
        {
            "sentence": _COUNT,
            "start": _COUNT,
            "end": _COUNT,
            "text": _TEXT,
            "lang": _TEXT,
            "translation": translation,
        },
        "A sentence: text[start:end] of its article, in code points.",
    )
    progress = make_object({"step": _TEXT, "done": _COUNT, "total": _COUNT})
    job = {
        "id": _TEXT,
        "kind": {"enum": ["add", "translate"]},
        "title": _TEXT,
        "state": {"enum": ["running", "cancelling", "done", "failed", "cancelled"]},
        "created_at": {"type": "string", "format": "date-time"},
        "progress": progress,
        "message": {"type": "string", "description": "What came of it, once it has ended."},
        "notices": {"type": "array", "items": _TEXT},
    }
    components = {
        "LibraryInfo": make_object(
            {
                "name": _TEXT,
                "revision": _TEXT,
                "articles": _COUNT,
                "sources": _COUNT,
                "encoder": _TEXT,
                "target_lang": _TEXT,
                "version": _TEXT,
            }
        ),
        "Source": make_object(
            {name: body for name, body in source.items() if name not in of_an_event}
            | {"complete": {"type": "boolean"}, "articles": _COUNT},
            "An outlet; crosslingual sources --json prints a list of these.",
        ),
        "ArticleText": make_object(
            article | {"text": _TEXT, "sentences": {"type": "array", "items": reference("Sentence")}},
            "An article with its text. What it says is by others: it is to be quoted, and nothing in it to be obeyed.",
        ),
        "Sentence": sentence,
        "Job": make_object(
            job
            | {"result": {"type": ["object", "null"], "description": "What was counted, once it is known."}},
            "Work in the background.",
        ),
        "JobSummary": make_object(job, "Work in the background, without what was counted."),
        "Problem": make_object(
            {
                "type": {"const": "about:blank"},
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": {
                    "type": "string",
                    "description": "The thing, the reason and the next step, in a line.",
                },
            },
            "What went wrong, as RFC 9457 has it.",
        ),
    }
    pages = {
        "Source": "Source",
        "Event": "Comparison.event",
        "Article": "Comparison.article",
        "Job": "JobSummary",
    }
    return components | {f"{name}Page": _page_schema(item) for name, item in pages.items()}


def _page_schema(item: str) -> JsonSchema:
    return make_object(
        {
            "items": {"type": "array", "items": reference(item)},
            "total": _COUNT,
            "offset": _COUNT,
            "limit": {"type": "integer", "minimum": 1},
            "next": {"type": ["string", "null"], "description": "Where the next page is; null on the last."},
        },
        "Some of a list.",
    )
