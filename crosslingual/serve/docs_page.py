"""The reference as a plain page: nothing of it is fetched from elsewhere, and no script runs."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ api.info.title }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f27;
  background: #f6f7f9 }
h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere }
h2 b { display: inline-block; min-width: 4rem; color: #2f4a7d }
code { font-family: ui-monospace, monospace; font-size: .92em }
table { border-collapse: collapse; width: 100%; background: #fff; border: 1px solid #d9dde4 }
th { white-space: nowrap }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-top: 1px solid #d9dde4;
  overflow-wrap: break-word }
.wide { overflow-x: auto } p { margin: .2rem 0 } nav { columns: 2 18rem } nav a { display: block }
a { color: #2f4a7d }
</style></head><body>
<h1>{{ api.info.title }}</h1>
<p>{{ api.info.description }} All of it for programmes: <a href="/openapi.json">openapi.json</a>.</p>
<nav>{% for one in operations %}<a href="#{{ one.id }}">{{ one.summary.rstrip(".") }}</a>{% endfor %}</nav>
{% for one in operations %}
<h2 id="{{ one.id }}"><b>{{ one.method }}</b> <code>{{ one.path }}</code></h2>
<p>{{ one.summary }}</p>
{% if one.fields %}<div class="wide"><table><tr><th>field</th><th>in</th><th>value</th><th>what it is</th></tr>
{% for field in one.fields %}<tr><td><code>{{ field.name }}</code>{% if field.required %} *{% endif %}</td>
<td>{{ field.place }}</td><td>{{ field.kind }}</td><td>{{ field.description }}</td></tr>{% endfor %}
</table></div>{% endif %}
<p>Answers: {% for answer in one.answers %}<code>{{ answer.status }}</code>{% if answer.schema %}{{ " " }}
<a href="#{{ answer.schema }}">{{ answer.schema }}</a>{% endif %}{{ "" if loop.last else ", " }}{% endfor %}</p>
{% endfor %}
<h1>What answers hold</h1>
{% for name, schema in schemas %}
<h2 id="{{ name }}"><code>{{ name }}</code></h2><p>{{ schema.description }}</p>
{% if schema.properties %}<div class="wide"><table><tr><th>field</th><th>value</th><th>what it is</th></tr>
{% for field in schema.fields %}<tr><td><code>{{ field.name }}</code></td><td>{{ field.kind }}</td>
<td>{{ field.description }}</td></tr>{% endfor %}</table></div>{% endif %}
{% endfor %}
</body></html>
"""


def render_docs(api: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    schemas = api["components"]["schemas"]
    operations = [
        _describe_operation(method, path, operation)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
    ]
    shown = [(name, schema | {"fields": _list_fields(schema)}) for name, schema in schemas.items()]
    page = Environment(autoescape=True, trim_blocks=True).from_string(_PAGE)
    return page.render(api=api, operations=operations, schemas=shown)


def _describe_operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    fields = [
        _describe_field(one["name"], one["schema"], one.get("description", ""))
        | {"place": one["in"], "required": one.get("required", False)}
        for one in operation.get("parameters", ())
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        fields += [field | {"place": "body"} for field in _list_fields(content["schema"])]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["description"],
        "fields": fields,
        "answers": [
            {"status": status, "schema": _name_schema(answer)}
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _name_schema(answer: dict[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        return str(content["schema"].get("$ref", "")).rpartition("/")[2]
    return ""


def _list_fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [_describe_field(name, body) for name, body in schema.get("properties", {}).items()]


def _describe_field(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "kind": _describe_kind(schema),
        "description": description or schema.get("description", ""),
    }


def _describe_kind(schema: dict[str, Any]) -> str:
    """The values that a field takes, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(_describe_kind, several)))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_describe_kind(schema.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
