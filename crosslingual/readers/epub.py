"""EPUB books: one article a chapter."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crosslingual import zips
from crosslingual.errors import InputError
from crosslingual.language.detect import resolve_language
from crosslingual.readers.encoding import decode_markup
from crosslingual.readers.file import File
from crosslingual.readers.html import MAX_PAGE_BYTES
from crosslingual.readers.page_tree import element_text, parse_html, tree_to_text
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, build_record

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_UNPACKED_BYTES = 512 * 2**20
"""Bytes of a book when it is unpacked, pictures included."""

_CONTAINER_PATH = "META-INF/container.xml"
_RIGHTS_PATH = "META-INF/rights.xml"
_NCX_TYPE = "application/x-dtbncx+xml"
_CHAPTER_TYPES = ("application/xhtml+xml", "text/html")
_MIN_CHAPTER_CHARS = 100  # characters of a chapter; what has fewer is a cover or a title page


def read_epub(file: File) -> Iterator[Record | Problem]:
    """The chapters of the book, in its order; covers, title pages and tables of contents are passed over.

    A file without a heading that the table of contents does not name belongs to the chapter before it.

    Raises:
        InputError: it is no EPUB, protected, or too large when unpacked.
        OSError: the file cannot be read.
    """
    with (
        file.open() as stream,
        zips.open_zip(stream, MAX_UNPACKED_BYTES, "a damaged book; fetch it anew") as book,
    ):
        if _RIGHTS_PATH in book.namelist():
            raise InputError("protected against copying; only books without protection can be read")
        package_name = _find_package_name(book)
        package = _parse_xml(book, package_name)
        about = {name: _metadata_text(package, name) for name in ("title", "creator", "language", "date")}
        labels = _contents_labels(book, package, folder := posixpath.dirname(package_name))
        pending: tuple[str, str, int] | None = None
        found = False
        for number, name in enumerate(_chapter_names(package, folder), 1):
            try:
                title, text = _parse_chapter(_read_markup(book, name))
            except InputError as error:
                yield Problem(file.path, number, f"{name}: {error}")
                continue
            title = title or labels.get(name, "")
            if pending and pending[0] and _continues_chapter(title, text, pending[1]):
                pending = pending[0], f"{pending[1]}\n{text}", pending[2]
            elif len(text) >= _MIN_CHAPTER_CHARS:
                if pending:
                    yield from _chapter_record(*pending, about, file)
                pending, found = (title, text, number), True
        if pending:
            yield from _chapter_record(*pending, about, file)
        if not found:
            raise InputError("no chapter with text in it; convert it to text and add that")


def _continues_chapter(title: str, text: str, before: str) -> bool:
    """Whether a file without a title of its own goes on with the chapter before it."""
    return not title and bool(text) and len(before) + len(text) < MAX_TEXT_CHARS


def _read_markup(book: zipfile.ZipFile, name: str) -> str:
    content = zips.read_entry(book, _find_entry(book, name), MAX_PAGE_BYTES)
    return decode_markup(content)


def _chapter_record(
    title: str, text: str, number: int, metadata: dict[str, str], file: File
) -> Iterator[Record | Problem]:
    fields = {
        "text": text,
        "title": title or metadata["title"],
        "author": metadata["creator"],
        "date": metadata["date"],
        "lang": resolve_language(text, metadata["language"]),
    }
    yield from build_record(fields, file.path, number)


def _parse_chapter(markup: str) -> tuple[str, str]:
    """Title and text of a chapter; a first line that is the title is no sentence of it."""
    tree = parse_html(markup)
    if tree is None or any(_is_table_of_contents(nav) for nav in tree.iter("nav")):
        return "", ""
    heading = next((element_text(one) for one in tree.iter("h1", "h2", "h3")), "")
    text = tree_to_text(tree)
    first, _, rest = text.partition("\n")
    return (heading, rest) if heading and first == heading else (heading, text)


def _contents_labels(book: zipfile.ZipFile, package: Element, folder: str) -> dict[str, str]:
    """What the table of contents calls the chapters, by their entries' names; empty where it cannot be read."""
    labels: dict[str, str] = {}
    for item in package.iter():
        if _local_name(item) != "item":
            continue
        is_nav = "nav" in item.get("properties", "").split()
        if not is_nav and item.get("media-type") != _NCX_TYPE:
            continue
        name = _entry_name(folder, item.get("href", ""))
        try:
            pairs = _nav_links(_read_markup(book, name)) if is_nav else _ncx_links(_parse_xml(book, name))
        except InputError:
            continue
        for href, label in pairs:
            labels.setdefault(_entry_name(posixpath.dirname(name), href), " ".join(label.split()))
    return labels


def _nav_links(markup: str) -> Iterator[tuple[str, str]]:
    tree = parse_html(markup)
    for nav in tree.iter("nav") if tree is not None else ():
        if _is_table_of_contents(nav):
            for link in nav.iter("a"):
                yield link.get("href", ""), "".join(link.itertext())


def _ncx_links(root: Element) -> Iterator[tuple[str, str]]:
    label = ""
    for element in root.iter():
        if _local_name(element) == "text":
            label = element.text or ""
        elif _local_name(element) == "content":
            yield element.get("src", ""), label


def _entry_name(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href).partition("#")[0]))


def _is_table_of_contents(nav: Element) -> bool:
    return any(value == "toc" for value in nav.attrib.values())


def _find_package_name(book: zipfile.ZipFile) -> str:
    for element in _parse_xml(book, _CONTAINER_PATH).iter():
        if _local_name(element) == "rootfile" and (name := element.get("full-path")):
            return name
    raise InputError("no EPUB: its container names no package; convert it to text and add that")


def _chapter_names(package: Element, folder: str) -> Iterator[str]:
    """Names of the chapters' entries, in the order of reading."""
    items = {
        element.get("id"): element.get("href", "")
        for element in package.iter()
        if _local_name(element) == "item" and element.get("media-type") in _CHAPTER_TYPES
    }
    for element in package.iter():
        if _local_name(element) == "itemref" and (href := items.get(element.get("idref"))):
            yield _entry_name(folder, href)


def _metadata_text(package: Element, name: str) -> str:
    return next(
        (
            " ".join((one.text or "").split())
            for one in package.iter()
            if _local_name(one) == name and one.text
        ),
        "",
    )


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find_entry(book: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    try:
        return book.getinfo(name)
    except KeyError:
        raise InputError("named in the book but not in it; pack it anew") from None


def _parse_xml(book: zipfile.ZipFile, name: str) -> Element:
    from xml.etree.ElementTree import ParseError  # only the error: the parser is defusedxml's

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(
            zips.read_entry(book, _find_entry(book, name), MAX_PAGE_BYTES), forbid_dtd=False
        )
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise InputError(f"no EPUB that can be read ({name}: {type(error).__name__}); pack it anew") from None
    return root
