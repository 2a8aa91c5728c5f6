"""JSON: an object with a record's fields, a list of such, or an object that holds a list; keys as columns."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from crosslingual.errors import InputError
from crosslingual.readers import columns
from crosslingual.readers.column_names import names_full_text
from crosslingual.readers.dates import DateReader
from crosslingual.readers.encoding import decode_text
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, Record

_MAX_DEPTH = 4  # levels below the top at which a list of articles is looked for, or a key's value


def read_json(file: File) -> Iterator[Record | Problem]:
    """The records of the file.

    Raises:
        InputError: it is no JSON, or holds no articles.
        OSError: the file cannot be read.
    """
    found = [flatten_object(item) for item in find_objects(parse_json_file(file))]
    if not found:
        raise InputError('no objects in it; write a list of {"source": …, "text": …}')
    mapping = guess_mapping(found, file.columns)
    dates = DateReader(lambda: columns.list_row_dates(found, mapping))
    if not mapping.text:
        keys = ", ".join(dict.fromkeys(key for item in found[: columns.SAMPLE_ROWS] for key in item))
        raise InputError(f"no key of texts among {keys[:300]}; name it with --column text=KEY")
    for number, item in enumerate(found, 1):
        yield from columns.build_row_record(file.path, number, item, mapping, dates)


def parse_json_file(file: File) -> Any:
    """What the file says.

    Raises:
        InputError: it is no JSON.
        OSError: the file cannot be read.
    """
    return parse_json(decode_text(file.read(), [file.charset]))


def parse_json(text: str) -> Any:
    """What ``text`` says.

    Raises:
        InputError: it is no JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{error.msg}, line {error.lineno}, column {error.colno}"
        raise InputError(
            f"not valid JSON ({place}); mend it, or name it .jsonl if each line is one"
        ) from None
    except (ValueError, RecursionError):
        raise InputError("JSON that is too deep or has too long numbers; mend it") from None


def find_objects(content: Any) -> list[dict[str, Any]]:
    """The articles in ``content``: an object that has a text, or the longest list of such, or of any objects."""
    best: list[dict[str, Any]] = []
    waiting = [(content, 0)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, list):
            objects = [one for one in item if isinstance(one, dict)]
            best = max(best, objects, key=_rank_objects) if depth else objects or best
        elif isinstance(item, dict) and depth < _MAX_DEPTH and not (depth == 0 and _has_text(item)):
            waiting += [(value, depth + 1) for value in item.values()]
    return best or ([content] if isinstance(content, dict) else [])


def _rank_objects(objects: list[dict[str, Any]]) -> tuple[bool, int]:
    return any(map(_has_text, objects)), len(objects)


def _has_text(item: dict[str, Any]) -> bool:
    """Whether an object holds an article's text by itself, as a text or as parts of one."""
    return any(names_full_text(key) and _first_text(value) for key, value in item.items())


def _first_text(value: Any) -> str:
    """A text in ``value`` itself, in a list, or in lists inside an object, as the body of fundus is."""
    if isinstance(value, dict):
        value = [one for part in value.values() if isinstance(part, list) for one in part]
        return next(_iterate_texts(value, 0), "")
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        return ""
    return next(_iterate_texts(value, 0), "")


def _iterate_texts(value: Any, depth: int) -> Iterator[str]:
    """All texts in ``value`` in their order."""
    if isinstance(value, str):
        yield from [value] if value.strip() else []
    elif isinstance(value, (dict, list)) and depth < _MAX_DEPTH:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _iterate_texts(part, depth + 1)


def flatten_object(item: dict[str, Any]) -> dict[str, str]:
    """Texts by key; of an object inside, keys joined by full stops; of lists, what is in them, line by line.

    A text that is an object with lists (a summary, sections with paragraphs) is all of them in their order.
    """
    found: dict[str, list[str]] = {}
    waiting: deque[tuple[str, Any, int]] = deque([("", item, 0)])
    while waiting:
        name, value, depth = waiting.popleft()
        if isinstance(value, dict):
            if name and names_full_text(name) and any(isinstance(part, list) for part in value.values()):
                found[name] = [*_iterate_texts(value, 0)]
            elif depth < _MAX_DEPTH:
                waiting += [(f"{name}.{key}" if name else key, one, depth + 1) for key, one in value.items()]
        elif isinstance(value, list):
            if depth < _MAX_DEPTH:
                texts = (one for one in value if len(value) == 1 or isinstance(one, (str, dict, list)))
                waiting += [(name, one, depth + 1) for one in texts]
        elif value is not None and not isinstance(value, bool):
            found.setdefault(name, []).append(str(value))
    return {name: "\n".join(texts) for name, texts in found.items() if texts}


def guess_mapping(
    items: Sequence[dict[str, str]], column_pairs: Sequence[tuple[str, str]]
) -> columns.ColumnMapping:
    """Which key holds which field, as guessed from some objects and as the user has said.

    Raises:
        InputError: the user named a field or key that there is not.
    """
    some = items[: columns.SAMPLE_ROWS]
    header = list(dict.fromkeys(key for item in some for key in item))
    rows = [[item.get(key, "") for key in header] for item in some]
    return columns.override_columns(column_pairs, header, columns.guess_columns(header, rows))
