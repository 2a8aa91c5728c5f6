"""Valid files, damaged at random: whatever a reader makes of them, nothing but items comes out of it.

``INGEST_FUZZ=3000`` tries so many of each format; CI has its own, smaller, number.
"""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslingual.readers import KNOWN_SUFFIXES, File, Problem, Record, archive
from crosslingual.readers.formats import IN_PROCESS_READERS, SANDBOXED_READERS, read_items
from crosslingual.readers.ocr import PICTURE_SUFFIXES
from crosslingual.tmx import MemoryEntry
from tests.helpers.file_samples import (
    STORIES,
    atom,
    docx,
    epub,
    feed,
    mht,
    objects,
    page,
    parquet,
    pdf,
    picture,
    rows,
    table,
    typeset,
    warc,
    xlsx,
)

TRIES = int(os.environ.get("INGEST_FUZZ", "25"))
DATA = Path(__file__).parent / "data" / "readers"
PIECES = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"<",
    b">",
    b"&#x110000;",
    b"<!ENTITY a 'b'>",
    b"&a;",
    b"]]>",
    b"\r\n",
    b'"',
    b"[" * 50,
]
PIECES += [
    b"PK\x03\x04",
    b"-1",
    b"4294967295",
    b"obj",
    b"stream",
    b"{",
    b"\xed\xa0\x80",
    b"1e999",
    b"---\n",
    b"\x1a",
    b",",
]


@cache
def seeds() -> dict[str, list[bytes]]:
    """Valid files by suffix."""
    some = STORIES[:3]
    cells = rows(some, ("date", "headline", "body", "source", "link"))
    made: dict[str, list[bytes]] = {
        ".html": [page(STORIES[0]).encode(), page(STORIES[1], "windows-1251").encode("cp1251", "replace")],
        ".mht": [mht(STORIES[2])],
        ".pdf": [pdf([typeset(STORIES[3].lines), typeset(STORIES[0].lines)])],
        ".docx": [docx(STORIES[4])],
        ".epub": [epub(some)],
        ".csv": [table(some).encode(), table(some, ";").encode("utf-16")],
        ".tsv": [table(some, "\t").encode()],
        ".xlsx": [xlsx(cells)],
        ".parquet": [parquet(cells)],
        ".json": [objects(some).encode(), objects(some, inside=True).encode()],
        ".rss": [feed(some, "utf-8").encode(), atom(some).encode()],
        ".warc": [warc(some)],
        ".warc.gz": [warc(some, packed=True)],
        ".jsonl": [
            (DATA / "summit.jsonl").read_bytes(),
            b'{"body": "%s", "n": [1, {"a": 2}]}' % (b"word " * 30),
        ],
        ".md": [(DATA / "summit.md").read_bytes()],
        ".txt": [(DATA / "summit.txt").read_bytes()],
        ".tmx": [(DATA / "memory.tmx").read_bytes()],
    }
    same = {".htm": ".html", ".xhtml": ".html", ".mhtml": ".mht", ".atom": ".rss", ".xml": ".rss"}
    same |= {".ndjson": ".jsonl", ".markdown": ".md"}
    made[".png"] = [picture()]
    same |= dict.fromkeys(set(PICTURE_SUFFIXES) - {".png"}, ".png")
    return made | {suffix: made[other] for suffix, other in same.items()}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """``content`` with some of it overwritten, cut out, doubled, or replaced by what readers stumble on."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(made) + 1)
        size = min(chance.choice((1, 1, 2, 8, 100, 2_000)), len(made) - place)
        match chance.randrange(5):
            case 0:
                made[place : place + size] = chance.randbytes(size)
            case 1:
                del made[place : place + size]
            case 2:
                made[place:place] = made[place : place + size]
            case 3:
                made[place : place + size] = chance.choice(PIECES)
            case 4 if made:
                made[place % len(made)] ^= 1 << chance.randrange(8)
    return bytes(made)


FUZZED_SUFFIXES = sorted({*IN_PROCESS_READERS, *SANDBOXED_READERS} - {*PICTURE_SUFFIXES[1:]})
"""Pictures are one reader, which starts a process for each."""


@pytest.mark.parametrize("suffix", FUZZED_SUFFIXES)
def test_nothing_but_items_leaves_a_reader(suffix: str) -> None:
    @settings(max_examples=TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False), st.sampled_from(seeds()[suffix]))
    def run(chance: random.Random, content: bytes) -> None:
        found = list(read_items(File(Path(f"a{suffix}"), damaged(content, chance))))
        for item in found:
            assert isinstance(item, Record | Problem | MemoryEntry)
            if isinstance(item, Problem):
                assert str(item).isprintable()
            elif isinstance(item, Record):
                assert any(char.isalnum() for char in item.text)
                "".join((item.text, item.title, item.author, item.url, item.source)).encode()

    run()


@settings(max_examples=4 * TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_nothing_but_members_leaves_an_archive(chance: random.Random) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", STORIES[1].text)
        made.writestr("folder/б.html", page(STORIES[1]))
        made.writestr("inner.zip", out.getvalue())
    for _, member in archive.read_members(File(Path("x.zip"), damaged(out.getvalue(), chance))):
        assert isinstance(member, File | Problem) or member.path
        if isinstance(member, Problem):
            assert str(member).isprintable()
        assert ".." not in member.path.parts


@settings(max_examples=TRIES, deadline=None, database=None)
@given(st.binary(max_size=2_000), st.sampled_from(FUZZED_SUFFIXES))
def test_any_bytes_under_any_name_are_items(content: bytes, suffix: str) -> None:
    for item in read_items(File(Path(f"a{suffix}"), content)):
        assert isinstance(item, Record | Problem | MemoryEntry)


def test_every_format_is_tried() -> None:
    assert {*KNOWN_SUFFIXES} == {*seeds(), ".zip"}
