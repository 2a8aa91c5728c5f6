"""Markdown and plain text: one article a file, its fields in a front matter or in lines on top, if at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from crosslingual.readers.dates import date_by_name
from crosslingual.readers.encoding import read_text
from crosslingual.readers.file import File
from crosslingual.readers.record import MAX_FIELD_CHARS, RECORD_FIELDS, Problem, Record, build_record

MAX_HEADER_CHARS = 16_384
"""Characters of a front matter."""

_FENCE = "---"
_FIELD_LINE = re.compile(
    rf"({'|'.join(name for name in RECORD_FIELDS if name != 'text')}):(.*)", re.IGNORECASE
)
_OPEN_FRONT_MATTER = re.compile(rf"{_FENCE}[ \t\r]*\n[\w-]{{1,40}}:")
_OPEN_MESSAGE = 'front matter without an end; it went in as text: put a line "---" behind it'
_MARKDOWN_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*")


def read_markdown(file: File) -> Iterator[Record | Problem]:
    """The file as one record; a first line ``# …`` is the title where the front matter gives none."""
    return _read_article(file, markdown=True)


def read_plain_text(file: File) -> Iterator[Record | Problem]:
    """The file as one record."""
    return _read_article(file, markdown=False)


def _read_article(file: File, *, markdown: bool) -> Iterator[Record | Problem]:
    content = read_text(file)
    if isinstance(content, Problem):
        yield content
        return
    header, body = _split_front_matter(content)
    found = _parse_front_matter(header, file)
    if isinstance(found, Problem):
        yield found
        return
    fields = found
    if body == content:
        fields, body = _parse_header_fields(body)
    heading, _, rest = body.lstrip().partition("\n")
    if (
        markdown
        and not fields.get("title")
        and (match := _MARKDOWN_HEADING.fullmatch(heading[:MAX_FIELD_CHARS].rstrip()))
    ):
        fields, body = {**fields, "title": match[1]}, rest
    flaw = ""
    if not fields.get("date"):
        fields["date"], flaw = date_by_name(file.path)
    if flaw:
        yield Problem(file.path, 1, flaw, is_warning=True)
    if body == content and _OPEN_FRONT_MATTER.match(content):
        yield Problem(file.path, 1, _OPEN_MESSAGE, is_warning=True)
    yield from build_record({**fields, "text": body, "is_date_doubtful": bool(flaw)}, file.path, 1)


def _parse_front_matter(header: str, file: File) -> dict[str, Any] | Problem:
    """The fields of a front matter, none of an empty one."""
    if len(header) > MAX_HEADER_CHARS:
        return Problem(file.path, 1, f"front matter of more than {MAX_HEADER_CHARS:,} characters; shorten it")
    try:
        # Of YAML's loaders the one that makes nothing but texts, lists and tables: "no" stays a language.
        fields = yaml.load(header, Loader=yaml.BaseLoader) or {}  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return Problem(
            file.path, line, f"front matter is not valid YAML ({error.problem}); put the value in quotes"
        )
    except (yaml.YAMLError, RecursionError):
        return Problem(
            file.path, 1, "front matter is not valid YAML; write one field a line as in: title: A title"
        )
    if not isinstance(fields, dict):
        return Problem(file.path, 1, "front matter has no fields; write one a line as in: title: A title")
    return fields


def _split_front_matter(content: str) -> tuple[str, str]:
    """Front matter and body; no front matter where the file does not begin with a closed one."""
    lines = content.splitlines(keepends=True)
    if lines and lines[0].rstrip() == _FENCE:
        for place, line in enumerate(lines[1:], 1):
            if line.rstrip() == _FENCE:
                return "".join(lines[1:place]), "".join(lines[place + 1 :])
    return "", content


def _parse_header_fields(content: str) -> tuple[dict[str, str], str]:
    """Fields on top, one a line up to an empty one, and what follows; none where there is another line."""
    lines = content.splitlines(keepends=True)
    fields: dict[str, str] = {}
    for place, line in enumerate(lines):
        if fields and not line.strip():
            return fields, "".join(lines[place + 1 :])
        match = _FIELD_LINE.fullmatch(line.rstrip())
        if not match or (name := match[1].lower()) in fields:
            break
        fields[name] = match[2]
    return {}, content
