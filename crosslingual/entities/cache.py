"""The names of articles, kept with their library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosslingual.entities.mentions import NameMention
from crosslingual.entities.values import FoundName
from crosslingual.library.article_cache import load_kept, store_kept


def load_names(
    library_path: Path, version: str, article_keys: Iterable[str]
) -> dict[str, tuple[FoundName, ...]]:
    """What ``store_names`` kept of these articles under ``version``; nothing of those that cannot be read."""
    found = {}
    for key, rows in load_kept(library_path, "names", version, article_keys).items():
        try:
            found[key] = tuple(map(_read_name, rows))
        except (ValueError, TypeError):  # whatever a damaged file holds
            continue
    return found


def store_names(library_path: Path, version: str, found: Mapping[str, Sequence[FoundName]]) -> None:
    """Keep the names of articles."""
    rows = {key: [_name_row(*one) for one in names] for key, names in found.items()}
    store_kept(library_path, "names", version, rows)


def _name_row(sentence: int, name: NameMention, form: str) -> list[Any]:
    return [sentence, name.start, name.end, name.kind, name.key, int(name.is_doubtful), form]


def _read_name(row: Sequence[Any]) -> FoundName:
    sentence, start, end, kind, key, doubtful, form = row
    return int(sentence), NameMention(int(start), int(end), kind, str(key), bool(doubtful)), str(form)
