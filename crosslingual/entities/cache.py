"""The names of articles, kept with their library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosslingual.entities.mentions import NameMention
from crosslingual.entities.values import FoundName
from crosslingual.library.article_cache import ArticleCache


def _write_name(found: FoundName) -> list[Any]:
    sentence, name, form = found
    return [sentence, name.start, name.end, name.kind, name.key, int(name.is_doubtful), form]


def _read_name(row: Sequence[Any]) -> FoundName:
    sentence, start, end, kind, key, doubtful, form = row
    return int(sentence), NameMention(int(start), int(end), kind, str(key), bool(doubtful)), str(form)


NAME_CACHE = ArticleCache("names", _write_name, _read_name, articles_per_write=50)
