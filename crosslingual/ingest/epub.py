"""EPUB books: one article a chapter."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crosslingual.errors import InputError
from crosslingual.ingest import zips
from crosslingual.ingest.encoding import declared, decode
from crosslingual.ingest.file import File
from crosslingual.ingest.html import MAX_PAGE, parse, plain
from crosslingual.ingest.record import Problem, Record, iso_date, read_record
from crosslingual.language.detect import settle

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_UNPACKED = 512 * 2**20
"""Bytes of a book when it is unpacked, pictures included."""

_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/rights.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html")
_LEAST = 100  # characters of a chapter; what has fewer is a cover or a title page


def read(file: File) -> Iterator[Record | Problem]:
    """The chapters of the book, in its order; covers, title pages and tables of contents are passed over.

    Raises:
        InputError: it is no EPUB, protected, or too large when unpacked.
        OSError: the file cannot be read.
    """
    with file.open() as stream, zips.opened(stream, MAX_UNPACKED, "a damaged book; fetch it anew") as book:
        if _RIGHTS in book.namelist():
            raise InputError("protected against copying; only books without protection can be read")
        package_name = _package_name(book)
        package = _xml(book, package_name)
        about = {name: _text(package, name) for name in ("title", "creator", "language", "date")}
        found = False
        for number, name in enumerate(_spine(package, posixpath.dirname(package_name)), 1):
            try:
                content = zips.content(book, _entry(book, name), MAX_PAGE)
                markup = decode(content, [declared(content)], damaged=True)
            except InputError as error:
                yield Problem(file.path, number, f"{name}: {error}")
                continue
            title, text = _chapter(markup)
            if len(text) >= _LEAST:
                found = True
                yield from _record(title, text, about, file, number)
        if not found:
            raise InputError("no chapter with text in it; convert it to text and add that")


def _record(
    title: str, text: str, about: dict[str, str], file: File, number: int
) -> Iterator[Record | Problem]:
    fields = {
        "text": text,
        "title": title or about["title"],
        "author": about["creator"],
        "date": iso_date(about["date"]),
        "lang": settle(text, about["language"]),
    }
    yield from read_record(fields, file.path, number)


def _chapter(markup: str) -> tuple[str, str]:
    """Title and text of a chapter; a first line that is the title is no sentence of it."""
    tree = parse(markup)
    if tree is None or any(_is_contents(nav) for nav in tree.iter("nav")):
        return "", ""
    heading = next((" ".join("".join(one.itertext()).split()) for one in tree.iter("h1", "h2", "h3")), "")
    text = plain(markup)
    first, _, rest = text.partition("\n")
    return (heading, rest) if heading and first == heading else (heading, text)


def _is_contents(nav: Element) -> bool:
    return any(value == "toc" for value in nav.attrib.values())


def _package_name(book: zipfile.ZipFile) -> str:
    for element in _xml(book, _CONTAINER).iter():
        if _local(element) == "rootfile" and (name := element.get("full-path")):
            return name
    raise InputError("no EPUB: its container names no package; convert it to text and add that")


def _spine(package: Element, folder: str) -> Iterator[str]:
    """Names of the chapters' entries, in the order of reading."""
    items = {
        element.get("id"): element.get("href", "")
        for element in package.iter()
        if _local(element) == "item" and element.get("media-type") in _CHAPTERS
    }
    for element in package.iter():
        if _local(element) == "itemref" and (href := items.get(element.get("idref"))):
            yield posixpath.normpath(posixpath.join(folder, unquote(href).partition("#")[0]))


def _text(package: Element, name: str) -> str:
    return next(
        (" ".join((one.text or "").split()) for one in package.iter() if _local(one) == name and one.text), ""
    )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _entry(book: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    try:
        return book.getinfo(name)
    except KeyError:
        raise InputError("named in the book but not in it; pack it anew") from None


def _xml(book: zipfile.ZipFile, name: str) -> Element:
    from xml.etree.ElementTree import ParseError  # only the error: the parser is defusedxml's

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(zips.content(book, _entry(book, name), MAX_PAGE), forbid_dtd=False)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise InputError(f"no EPUB that can be read ({name}: {type(error).__name__}); pack it anew") from None
    return root
