"""Originals as files: pages as one web archive (WARC 1.1), by warcio; files under their digests; a list of both."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from rich.table import Table

from crosslingual import __version__
from crosslingual.extras import needs_extra
from crosslingual.library.originals import Original
from crosslingual.report.tables import csv_bytes
from crosslingual.report.terminal import plain_text

WARC_NAME = "pages.warc.gz"
LIST_NAME = "originals.csv"
_SUFFIX = re.compile(r"(?:\.warc)?\.[a-z0-9]{1,8}")


def original_rows(originals: Iterable[Original]) -> list[dict[str, Any]]:
    """A row for each article of each original."""
    return [
        {
            "article": article,
            "sha256": original.digest,
            "bytes": original.size,
            "fetched_at": original.fetched_at,
            "url": original.url,
            "name": original.name,
            "file": WARC_NAME if original.url else _file_name(original),
        }
        for original in originals
        for article in original.articles
    ]


def originals_table(originals: Iterable[Original]) -> Table:
    """For a terminal: a row for each original."""
    table = Table(box=None, pad_edge=False)
    for heading in ("SHA-256", "bytes", "fetched or read at (UTC)", "articles", "page or file"):
        table.add_column(heading, overflow="fold")
    for one in originals:
        moment = one.fetched_at.removesuffix("+00:00")
        n_articles = str(len(one.articles))
        table.add_row(one.digest[:16], f"{one.size:,}", moment, n_articles, plain_text(one.url or one.name))
    return table


def original_files(originals: Iterable[tuple[Original, bytes]]) -> dict[str, bytes]:
    """What ``originals`` are as files, by their names; the same for the same originals, byte for byte.

    Raises:
        MissingExtraError: there are pages, and warcio is not installed.
    """
    files: dict[str, bytes] = {}
    pages: list[tuple[Original, bytes]] = []
    listed = []
    for original, content in originals:
        listed.append(original)
        if original.url:
            pages.append((original, content))
        else:
            files[_file_name(original)] = content
    if pages:
        files[WARC_NAME] = _pack_pages(pages)
    if listed:
        files[LIST_NAME] = csv_bytes(original_rows(listed))
    return files


def _file_name(original: Original) -> str:
    """Under its digest: what the user called it is never a path."""
    suffix = "".join(re.findall(r"\.[^.]*", original.name.lower())[-2:])
    match = re.search(rf"{_SUFFIX.pattern}$", suffix)
    return f"files/{original.digest}{match[0] if match else ''}"


def _pack_pages(pages: Iterable[tuple[Original, bytes]]) -> bytes:
    with needs_extra("readers"):
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter

    memory = io.BytesIO()
    writer = WARCWriter(memory, gzip=True, warc_version="1.1")
    for number, (original, content) in enumerate(pages):
        date = original.fetched_at.replace("+00:00", "Z")
        if not number:
            about = writer.create_warcinfo_record(WARC_NAME, {"software": f"crosslingual/{__version__}"})
            about.rec_headers.replace_header("WARC-Date", date)
            about.rec_headers.replace_header("WARC-Record-ID", _record_id(f"warcinfo {original.digest}"))
            writer.write_record(about)
        record = writer.create_warc_record(
            original.url,
            "response",
            payload=io.BytesIO(content),
            length=len(content),  # else warcio makes a file of it
            http_headers=StatusAndHeaders("200 OK", [*original.headers], protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": date,
                "WARC-Record-ID": _record_id(f"{original.digest} {original.url} {date}"),
            },
        )
        writer.write_record(record)
    return memory.getvalue()


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"
