"""The table of formats: which reader a suffix calls for, and which run in a process of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from crosslingual.errors import InputError
from crosslingual.readers import (
    docx,
    epub,
    feed,
    html,
    json_docs,
    jsonl,
    ocr,
    pdf,
    tables,
    text,
    tmx,
    warc,
)
from crosslingual.readers.file import File
from crosslingual.readers.record import Problem, Record
from crosslingual.tmx import MemoryEntry

MAX_PROBLEMS = 1_000
"""Problems of one file after which the rest of it is not read."""

T = TypeVar("T")
ParsedItem = Record | MemoryEntry | Problem
TaskResult = ParsedItem | tables.TablePreview
FormatReader = Callable[[File], Iterator[ParsedItem]]
"""Reads one file. A fault of a part is a ``Problem`` among the items; a fault that ends the reading is
an ``OSError`` or an ``InputError``, and what came before it counts."""

IN_PROCESS_READERS: dict[str, FormatReader] = {
    ".jsonl": jsonl.read_jsonl,
    ".ndjson": jsonl.read_jsonl,
    ".md": text.read_markdown,
    ".markdown": text.read_markdown,
    ".txt": text.read_plain_text,
    ".tmx": tmx.read_translations,
}
"""Readers by suffix, in small letters, whose time and memory are bounded by the file's size."""

SANDBOXED_READERS: dict[str, FormatReader] = {
    ".html": html.read_html,
    ".htm": html.read_html,
    ".xhtml": html.read_html,
    ".mht": html.read_mhtml,
    ".mhtml": html.read_mhtml,
    ".pdf": pdf.read_pdf,
    ".docx": docx.read_docx,
    ".epub": epub.read_epub,
    ".csv": tables.read_table,
    ".tsv": tables.read_table,
    ".xlsx": tables.read_table,
    ".parquet": tables.read_table,
    ".json": json_docs.read_json,
    ".rss": feed.read_feed,
    ".atom": feed.read_feed,
    ".xml": feed.read_feed,
    ".warc": warc.read_warc,
    ".warc.gz": warc.read_warc,
    **dict.fromkeys(ocr.PICTURE_SUFFIXES, ocr.read_picture),
}
"""Readers by suffix that run in worker processes, where they can be stopped."""

ARCHIVE_SUFFIXES = (".zip",)
KNOWN_SUFFIXES = (*IN_PROCESS_READERS, *SANDBOXED_READERS, *ARCHIVE_SUFFIXES)
"""Suffixes of all known formats."""
FOLDER_SUFFIXES = tuple(suffix for suffix in KNOWN_SUFFIXES if suffix not in ocr.PICTURE_SUFFIXES)
"""Suffixes of what is read in a folder or archive."""


def read_items(file: File) -> Iterator[ParsedItem]:
    """What a file holds that is no archive; whatever is wrong with it is a problem among the items."""
    problems = flaws = 0
    reader = IN_PROCESS_READERS.get(file.suffix) or SANDBOXED_READERS[file.suffix]
    for item in _convert_faults(file, feed.read_links if file.links_only else reader):
        if isinstance(item, Problem) and item.is_warning:
            flaws += 1
            if flaws > MAX_PROBLEMS:
                continue
        yield item
        problems += isinstance(item, Problem) and not item.is_warning
        if problems == MAX_PROBLEMS:
            yield Problem(file.path, 0, f"given up after {problems:,} problems; mend them and add it again")
            return
    if flaws > MAX_PROBLEMS:
        more = f"{flaws - MAX_PROBLEMS:,} more flaws like these, not listed"
        yield Problem(file.path, 0, more, is_warning=True)


def read_preview(file: File) -> Iterator[tables.TablePreview | Problem]:
    """The head of a table, or why there is none."""
    yield from _convert_faults(file, lambda file: [tables.preview_table(file)])


READING_TASKS: dict[str, Callable[[File], Iterator[TaskResult]]] = {
    "items": read_items,
    "preview": read_preview,
}
"""What a worker can be asked of a file."""


def _convert_faults(file: File, read: Callable[[File], Iterable[T]]) -> Iterator[T | Problem]:
    """What ``read`` gives; whatever ends it is a problem among the items."""
    try:
        yield from read(file)
    except OSError as error:
        yield unreadable_problem(file, error)
    except InputError as error:
        yield Problem(file.path, 0, str(error).removeprefix(f"{file.disk_path or file.path}: "))
    except MemoryError:
        yield Problem(file.path, 0, "needs too much memory; split it into smaller files")
    except Exception as error:  # whatever a library makes of a hostile file ends with it
        reason = f"{type(error).__name__}: {error}"[:200]
        yield Problem(file.path, 0, f"damaged, or not what its suffix says ({reason}); save it anew")


def unreadable_problem(file: File, error: Exception) -> Problem:
    """The problem of a file that the system does not let read."""
    reason = getattr(error, "strerror", None) or error
    return Problem(file.path, 0, f"cannot be read ({reason}); check its permissions")
