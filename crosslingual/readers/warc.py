"""Web archives (WARC): an article for each HTML page that was answered with success, by warcio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.readers.encoding import declared_encoding, decode_text
from crosslingual.readers.file import File
from crosslingual.readers.html import MAX_PAGE_BYTES, read_page
from crosslingual.readers.record import Problem, Record

MAX_UNPACKED_BYTES = 8 * 2**30
"""Bytes of all pages of an archive when they are unpacked."""

_CHUNK_BYTES = 2**16
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def read_warc(file: File) -> Iterator[Record | Problem]:
    """The pages of the archive; what else it holds is passed over.

    Raises:
        InputError: it is no WARC, damaged, or unpacks too far.
        OSError: the file cannot be read.
    """
    with needs_extra("readers"):
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

    number = size = 0
    with file.open() as stream:
        try:
            for record in ArchiveIterator(stream):
                if not _is_page(record):
                    continue
                number += 1
                content = _read_content(record)
                size += len(content)
                if size > MAX_UNPACKED_BYTES:
                    raise InputError(f"unpacks to more than {MAX_UNPACKED_BYTES // 2**30} GB; split it")
                if len(content) > MAX_PAGE_BYTES:
                    yield Problem(
                        file.path, number, f"a page larger than {MAX_PAGE_BYTES // 2**20} MB; left out"
                    )
                    continue
                yield from _read_response(record, content, file, number)
        except (ArchiveLoadFailed, EOFError) as error:
            raise InputError(f"a damaged web archive ({error}); fetch it anew") from None
    if not number:
        raise InputError("no HTML page in it; add an archive with pages that were answered")


def _read_response(record: Any, content: bytes, file: File, number: int) -> Iterator[Record | Problem]:
    kind = record.http_headers.get_header("Content-Type") or ""
    named = kind.lower().partition("charset=")[2].strip(" \"';")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    try:
        markup = decode_text(content, [named, declared_encoding(content)], replace_errors=True)
    except InputError as error:
        yield Problem(file.path, number, str(error))
        return
    yield from read_page(markup, File(file.path, b"", url=url.strip("<>")), number)


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return kind in _PAGE_TYPES and record.http_headers.get_statuscode() == "200"


def _read_content(record: Any) -> bytes:
    """The page's bytes, a few more than are allowed at most."""
    stream = record.content_stream()
    parts: list[bytes] = []
    size = 0
    while size <= MAX_PAGE_BYTES and (part := stream.read(_CHUNK_BYTES)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
