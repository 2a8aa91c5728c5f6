"""Lists of feeds as other readers have them: OPML 2.0 (Winer 2007), read with care and written."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from crosslingual.errors import InputError
from crosslingual.library.followed import Followed
from crosslingual.sources import web_link
from crosslingual.tmx import ILLEGAL_CHARS

MAX_OPML_BYTES = 5 * 2**20
MAX_OUTLINES = 10_000
MAX_OPML_DEPTH = 50

_MAX_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a list: its address and its title."""

    url: str
    title: str


def read_opml(path: Path) -> tuple[list[OpmlFeed], int]:
    """The feeds of an OPML file, each once, and how many of its outlines name a feed that is no address of the web.

    Folders of the list are left out; their feeds are taken.

    Raises:
        InputError: it cannot be read, is too large, or no OPML; a document type, which may hide entities, is refused.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_OPML_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    if len(content) > MAX_OPML_BYTES:
        raise InputError(f"{path}: larger than {MAX_OPML_BYTES // 2**20} MB; export fewer feeds")
    reader = _OutlineReader(path)
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            (reader.open_element if event == "start" else reader.close_element)(element)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        reason = "a document type" if isinstance(error, DefusedXmlException) else str(error)[:80]
        raise InputError(f"{path}: no OPML that can be read ({reason}); export it anew") from None
    return [*reader.feeds.values()], reader.n_bad


class _OutlineReader:
    """Gathers feeds while a file is read; of an element that is closed nothing is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.feeds: dict[str, OpmlFeed] = {}
        self.n_bad = 0
        self._n_outlines = self._depth = 0

    def open_element(self, element: Element) -> None:
        self._depth += 1
        if self._depth == 1 and element.tag != "opml":
            raise InputError(
                f"{self._path}: its root is {str(element.tag)[:40]!r}, not opml; export it anew as OPML"
            )
        if self._depth > MAX_OPML_DEPTH:
            raise InputError(f"{self._path}: nested more than {MAX_OPML_DEPTH} deep; export it anew")
        if element.tag == "outline":
            self._take_outline(element)

    def close_element(self, element: Element) -> None:
        self._depth -= 1
        element.clear()

    def _take_outline(self, element: Element) -> None:
        self._n_outlines += 1
        if self._n_outlines > MAX_OUTLINES:
            raise InputError(f"{self._path}: more than {MAX_OUTLINES:,} outlines; export fewer feeds")
        named = (element.get("xmlUrl") or "").strip()
        if not named:
            return
        url = web_link(named)
        if url:
            title = element.get("title") or element.get("text") or ""
            self.feeds.setdefault(url, OpmlFeed(url, title[:_MAX_TITLE_CHARS]))
        else:
            self.n_bad += 1


def write_opml(followed: Iterable[Followed]) -> bytes:
    """The feeds among ``followed`` as an OPML file; folders have no place in it."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "Feeds followed with crosslingual"
    body = SubElement(root, "body")
    for one in followed:
        if one.kind == "feed":
            title = ILLEGAL_CHARS.sub("\N{REPLACEMENT CHARACTER}", one.title or one.address)
            SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=one.address)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
