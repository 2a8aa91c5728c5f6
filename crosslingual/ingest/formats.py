"""The table of formats: which reader a suffix calls for, and which run in a process of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crosslingual.errors import InputError
from crosslingual.ingest import docx, epub, feed, html, jsonl, objects, pdf, tables, text, tmx, warc
from crosslingual.ingest.file import File
from crosslingual.ingest.record import Problem, Record
from crosslingual.translate.memory import MemoryEntry

MAX_PROBLEMS = 1_000
"""Problems of one file after which the rest of it is not read."""

Parsed = Record | MemoryEntry | Problem
Reader = Callable[[File], Iterator[Parsed]]
"""Reads one file. A fault of a part is a ``Problem`` among the items; a fault that ends the reading is
an ``OSError`` or an ``InputError``, and what came before it counts."""

PLAIN: dict[str, Reader] = {
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".md": text.read_markdown,
    ".markdown": text.read_markdown,
    ".txt": text.read_plain,
    ".tmx": tmx.read,
}
"""Readers by suffix, in small letters, whose time and memory are bounded by the file's size."""

APART: dict[str, Reader] = {
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".mht": html.read_archived,
    ".mhtml": html.read_archived,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".epub": epub.read,
    ".csv": tables.read,
    ".tsv": tables.read,
    ".xlsx": tables.read,
    ".parquet": tables.read,
    ".json": objects.read,
    ".rss": feed.read,
    ".atom": feed.read,
    ".xml": feed.read,
    ".warc": warc.read,
    ".warc.gz": warc.read,
}
"""Readers by suffix that run in worker processes, where they can be stopped."""

ARCHIVES = (".zip",)
FORMATS = (*PLAIN, *APART, *ARCHIVES)
"""Suffixes of all known formats."""


def items(file: File) -> Iterator[Parsed]:
    """What a file holds that is no archive; whatever is wrong with it is a problem among the items."""
    problems = 0
    try:
        for item in (PLAIN.get(file.suffix) or APART[file.suffix])(file):
            yield item
            problems += isinstance(item, Problem)
            if problems == MAX_PROBLEMS:
                yield Problem(
                    file.path, 0, f"given up after {problems:,} problems; mend them and add it again"
                )
                return
    except OSError as error:
        yield unreadable(file, error)
    except InputError as error:
        yield Problem(file.path, 0, str(error).removeprefix(f"{file.place or file.path}: "))
    except MemoryError:
        yield Problem(file.path, 0, "needs too much memory; split it into smaller files")
    except Exception as error:  # whatever a library makes of a hostile file ends with it
        reason = f"{type(error).__name__}: {error}"[:200]
        yield Problem(file.path, 0, f"damaged, or not what its suffix says ({reason}); save it anew")


def unreadable(file: File, error: Exception) -> Problem:
    """The problem of a file that the system does not let read."""
    reason = getattr(error, "strerror", None) or error
    return Problem(file.path, 0, f"cannot be read ({reason}); check its permissions")
