"""Web archives (WARC): an article for each HTML page that was answered with success, by warcio."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from crosslingual.errors import InputError, one_line
from crosslingual.extras import needs_extra
from crosslingual.readers.encoding import decode_markup
from crosslingual.readers.file import File
from crosslingual.readers.html import MAX_PAGE_BYTES, read_page
from crosslingual.readers.record import Problem, Record

MAX_UNPACKED_BYTES = 8 * 2**30
"""Bytes of all pages of an archive when they are unpacked."""

_CHUNK_BYTES = 2**14
_GZIP_BITS = zlib.MAX_WBITS | 16
_GZIP_MARK = b"\x1f\x8b"
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_UNSAID_TYPES = ("", "application/octet-stream", "unknown/unknown")
_PAGE_BEGINNINGS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--")
_NO_CODINGS, _ZLIB_CODINGS = ("", "identity", "none", "utf-8"), ("gzip", "x-gzip", "deflate")
_CUT_MESSAGE = "a page that is cut off; fetch it anew"
_LENGTH_MESSAGE = "a record is not as long as it says: pages may be cut or missing; fetch it anew"
_DAMAGED_MESSAGE = "a page whose packing is damaged; fetch it anew"


def read_warc(file: File) -> Iterator[Record | Problem]:
    """The pages of the archive; what else it holds is passed over.

    A page is what its server calls one, or what begins like one where it called it nothing.

    Raises:
        InputError: it is no WARC, damaged, or unpacks too far.
        OSError: the file cannot be read.
    """
    with needs_extra("readers"):
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

    number = size = 0
    with file.open() as stream:
        archive = _open_archive(stream)
        try:
            records = ArchiveIterator(archive)
            for record in records:
                if not _may_be_page(record):
                    continue
                content, flaw = _read_content(record)
                if not (_media_type(record) or flaw or _begins_page(content)):
                    continue
                number += 1
                size += len(content)
                if size > MAX_UNPACKED_BYTES:
                    raise InputError(f"unpacks to more than {MAX_UNPACKED_BYTES // 2**30} GB; split it")
                yield from _read_response(record, content, flaw, file, number)
        except (ArchiveLoadFailed, AttributeError, EOFError) as error:  # warcio's, of a head that is cut off
            reason = getattr(archive, "fault", "") or one_line(error, 100)
            raise InputError(f"a damaged web archive ({reason}); fetch it anew") from None
        if records.err_count:
            yield Problem(file.path, 0, _LENGTH_MESSAGE, is_warning=True)
        if fault := getattr(archive, "fault", ""):
            raise InputError(f"a damaged web archive ({fault[:100]}); fetch it anew")
    if not number:
        raise InputError("no HTML page in it; add an archive with pages that were answered")


class _GzipStream:
    """Unpacks an archive, packed record by record or as a whole; damage ends it, and ``fault`` says what it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = zlib.decompressobj(_GZIP_BITS)
        self._waiting = b""
        self.fault = ""

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        while not self.fault:
            if self._unpacker.eof:
                self._waiting = self._unpacker.unused_data.lstrip(b"\0") or self._stream.read(_CHUNK_BYTES)
                if not self._waiting:
                    break
                self._unpacker = zlib.decompressobj(_GZIP_BITS)
            elif not self._waiting:
                self._waiting = self._stream.read(_CHUNK_BYTES)
            is_last = not self._waiting
            try:
                part = self._unpacker.decompress(self._waiting, size)
            except zlib.error as error:
                self.fault = str(error)
                break
            self._waiting = self._unpacker.unconsumed_tail
            if part:
                return part
            if is_last and not self._unpacker.eof:
                self.fault = "cut off"
        return b""


def _open_archive(stream: BinaryIO) -> BinaryIO | _GzipStream:
    packed = stream.read(len(_GZIP_MARK)) == _GZIP_MARK
    stream.seek(0)
    return _GzipStream(stream) if packed else stream


def _read_response(
    record: Any, content: bytes, flaw: str, file: File, number: int
) -> Iterator[Record | Problem]:
    if flaw:
        yield Problem(file.path, number, flaw, is_warning=bool(content))
    if len(content) > MAX_PAGE_BYTES:
        yield Problem(file.path, number, f"a page larger than {MAX_PAGE_BYTES // 2**20} MB; left out")
    if not content or len(content) > MAX_PAGE_BYTES:
        return
    kind = record.http_headers.get_header("Content-Type") or ""
    named = kind.lower().partition("charset=")[2].strip(" \"';")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    try:
        markup = decode_markup(content, named)
    except InputError as error:
        yield Problem(file.path, number, str(error))
        return
    yield from read_page(markup, File(file.path, b"", url=url.strip("<>")), number)


def _may_be_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    return record.http_headers.get_statuscode() == "200" and _media_type(record) in ("", *_PAGE_TYPES)


def _media_type(record: Any) -> str:
    """What the server called it, in small letters; empty where that says nothing."""
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return "" if kind in _UNSAID_TYPES else kind


def _begins_page(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_BEGINNINGS)


def _read_content(record: Any) -> tuple[bytes, str]:
    """The page's bytes, a few more than are allowed at most, and what is wrong with them."""
    from warcio.bufferedreaders import ChunkedDataReader

    headers, stream = record.http_headers, record.raw_stream
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=None)
    content = _read_stream(stream)
    coding = (headers.get_header("Content-Encoding") or "").strip().lower()
    if coding in _NO_CODINGS or _begins_page(content):  # a crawler may unpack it and leave the header
        return content, ""
    if coding == "br":
        return _unpack_brotli(content)
    if coding in _ZLIB_CODINGS:
        return _unpack_zlib(content)
    return b"", f"a page packed as {coding[:40]!r}, which is not read; fetch it anew without"


def _read_stream(stream: Any) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= MAX_PAGE_BYTES and (part := stream.read(_CHUNK_BYTES)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _unpack_zlib(packed: bytes) -> tuple[bytes, str]:
    for kind in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # gzip or zlib by its head, or neither
        unpacker = zlib.decompressobj(kind)
        with suppress(zlib.error):
            content = unpacker.decompress(packed, MAX_PAGE_BYTES + 1)
            is_whole = unpacker.eof or len(content) > MAX_PAGE_BYTES
            return content, "" if is_whole else _CUT_MESSAGE
    return b"", _DAMAGED_MESSAGE


def _unpack_brotli(packed: bytes) -> tuple[bytes, str]:
    with needs_extra("readers"):
        import brotli

    unpacker = brotli.Decompressor()
    parts: list[bytes] = []
    size, waiting = 0, packed
    try:
        while size <= MAX_PAGE_BYTES and not unpacker.is_finished():
            part = unpacker.process(waiting, output_buffer_limit=_CHUNK_BYTES)
            if not part and not waiting:
                return b"".join(parts), _CUT_MESSAGE
            waiting = b""
            parts.append(part)
            size += len(part)
    except brotli.error:
        return b"", _DAMAGED_MESSAGE
    return b"".join(parts), ""
