from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual import ingest
from crosslingual.ingest import FORMATS, Item, Skipped, encoding, read, record
from crosslingual.ingest.language import detect
from crosslingual.ingest.record import Problem, Record, clean, iso_date, read_record
from crosslingual.translate.memory import MemoryEntry

DATA = Path(__file__).parent / "data" / "ingest"
TEXT = "Путин прибыл в Пекин. Си встретил его."


def told(*paths: Path) -> list[str]:
    """The problems, without the folder they are in."""
    return [
        str(item).replace(f"{item.path.parent}{os.sep}", "") for item in read(paths) if isinstance(item, Problem)
    ]


def records(*paths: Path) -> list[Record]:
    return [item for item in read(paths) if isinstance(item, Record)]


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_each_format_gives_the_same_article() -> None:
    found = records(*(DATA / f"summit.{suffix}" for suffix in ("jsonl", "md", "txt")))
    assert len(found) == 3
    first = found[0]
    assert first == Record(
        path=DATA / "summit.jsonl",
        line=1,
        text="国家主席习近平16日在北京同俄罗斯总统普京会谈。\n\n两国元首签署了联合声明。",
        source="xinhua-demo",
        lang="zh",
        date="2024-05-16",
        title="习近平：同普京会谈",
        url="https://example.org/summit",
        end=(DATA / "summit.jsonl").stat().st_size,
    )
    for other in found[1:]:
        assert [getattr(other, name) for name in record.FIELDS] == [getattr(first, name) for name in record.FIELDS]


def test_a_translation_memory_gives_entries_and_what_ends_it_is_told() -> None:
    items = list(read([DATA / "memory.tmx"]))
    assert items[0] == MemoryEntry("ru", "en", TEXT, "Putin arrived in Beijing. Xi met him.", "by hand")
    assert isinstance(items[-1], Problem)
    assert len(items) == 2
    assert "memory.tmx: line 9: not well-formed XML" in str(items[-1])


def test_a_bad_record_is_told_by_line_and_the_rest_goes_in() -> None:
    path = DATA / "bad.jsonl"
    assert [item.line for item in records(path)] == [1, 3, 16, 17, 18]
    assert told(path) == [
        'bad.jsonl:2: no "text"; add the article\'s text under that key',
        "bad.jsonl:4: not valid JSON (Expecting ',' delimiter, column 18); mend the line",
        'bad.jsonl:5: not a JSON object; write {"source": …, "text": …}',
        'bad.jsonl:6: "text" is no text; put it in quotes',
        'bad.jsonl:7: no "text"; add the article\'s text under that key',
        'bad.jsonl:8: no "text"; add the article\'s text under that key',
        "bad.jsonl:9: \"lang\" is 'Russian'; give an ISO 639-1 code such as zh, ru, en",
        "bad.jsonl:10: not UTF-8 (byte 0xcf); save the file as UTF-8",
        'bad.jsonl:11: "date" is no text; put it in quotes',
        "bad.jsonl:12: JSON that is too deep or has too long numbers; mend the line",
        "bad.jsonl:13: JSON that is too deep or has too long numbers; mend the line",
        'bad.jsonl:14: "text" is no text; put it in quotes',
        "bad.jsonl:16: \"date\" is '16.05.2024'; went in without: write it as 2024-05-16",
    ]
