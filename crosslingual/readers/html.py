"""HTML pages saved from the web: main text, title, date, author, language and link, by trafilatura."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from functools import cache
from typing import TYPE_CHECKING

from crosslingual.errors import InputError
from crosslingual.language.detect import resolve_language
from crosslingual.readers.dates import date_by_name
from crosslingual.readers.encoding import declared_encoding, decode_text
from crosslingual.readers.file import File
from crosslingual.readers.page_dates import PageDate, find_page_date
from crosslingual.readers.record import MAX_FIELD_CHARS, Problem, Record, build_record

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

MAX_PAGE_BYTES = 16 * 2**20
"""Bytes of a page."""

XML_PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>")
"""How an XML file begins, which no parser wants to see in a text."""
_CONTROL_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO_TEXT_MESSAGE = "no main text in the page; paste the article into a text file"
_BLOCK_TAGS = frozenset(
    name
    for line in (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure",
        "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead",
        "title tr ul",
    )
    for name in line.split()
)
_HEAVY_TAGS = (
    "script",
    "style",
    "svg",
    "template",
    "noscript",
    "iframe",
    "picture",
    "img",
    "video",
    "canvas",
)
_BOILERPLATE_TAGS = ("aside", "button", "dialog", "footer", "menu", "nav", "select")
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")
_HIDDEN_TAGS = frozenset(["head", "iframe", "noscript", "object", "script", "style", "svg", "template"])


def read_html(file: File) -> Iterator[Record | Problem]:
    """The page as one record.

    Raises:
        InputError: the page is too large, or its encoding cannot be told.
        OSError: the file cannot be read.
    """
    if file.size > MAX_PAGE_BYTES:
        raise InputError(f"larger than {MAX_PAGE_BYTES // 2**20} MB; save the article alone")
    content = file.read()
    return read_page(
        decode_text(content, [file.charset, declared_encoding(content)], replace_errors=True), file
    )


def read_mhtml(file: File) -> Iterator[Record | Problem]:
    """The page of a web archive in one file (``.mht``) as one record.

    Raises:
        InputError: it holds no page, or one that cannot be read.
        OSError: the file cannot be read.
    """
    message = email.message_from_bytes(file.read(), policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                named = [part.get_content_charset() or "", declared_encoding(content)]
                url = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "")
                found = File(file.path, b"", url=url)
                return read_page(decode_text(content, named, replace_errors=True), found)
    raise InputError("no page in it; save it as HTML")


def read_page(markup: str, file: File, line: int = 0) -> Iterator[Record | Problem]:
    """The record of a page, given as a text, or a problem.

    Args:
        markup: the page.
        file: what it is of; its ``url`` is the link of a page that names none.
        line: the page's place in a file of several.
    """
    from trafilatura import bare_extraction

    tree = parse_html(markup)
    if tree is None:
        yield Problem(file.path, line, _NO_TEXT_MESSAGE)
        return
    said = tree.get("lang") or ""
    published, site = find_page_date(tree, file.url), find_site_name(tree)
    _remove_boilerplate(tree)
    found = bare_extraction(tree, url=file.url or None, include_comments=False, with_metadata=True)
    text = (getattr(found, "text", None) or "").strip()
    if not found or isinstance(found, dict) or not text:
        yield Problem(file.path, line, _NO_TEXT_MESSAGE)
        return
    title = " ".join((found.title or "").split())
    first, _, rest = text.partition("\n")
    if rest and title and " ".join(first.split()) == title:
        text = rest
    url = next((one for one in (found.url, file.url) if one and len(one) <= MAX_FIELD_CHARS), "")
    flaw = ""
    if not (published.text or file.url):
        day, flaw = date_by_name(file.path)
        published = PageDate(day)
    fields = {
        "text": text,
        "title": title[:MAX_FIELD_CHARS],
        "date": published.text,
        "author": (found.author or "")[:MAX_FIELD_CHARS],
        "url": url,
        "source": "" if url else site,
        "is_source_inferred": True,
        "lang": resolve_language(f"{title}\n{text}", said),
    }
    if published.others:
        flaw = (
            f'"date" {published.text} is one of several: {", ".join(published.others)}; look which is right'
        )
    if flaw:
        yield Problem(file.path, line, flaw, is_warning=True)
    yield from build_record(fields, file.path, line)


def find_site_name(tree: HtmlElement) -> str:
    """What a page calls its site in its metadata; its title is no name."""
    for element in tree.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() in _SITE_NAMES:
            said = " ".join((element.get("content") or "").split())
            if any(char.isalpha() for char in said):
                return said[:MAX_FIELD_CHARS]
    return ""


def html_to_text(markup: str) -> str:
    """The text of a piece of HTML, a line for each block; what runs or is not shown is left out."""
    from lxml import etree

    tree = parse_html(markup)
    if tree is None:
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        begins = event == "start"
        hidden += (1 if begins else -1) * (tag in _HIDDEN_TAGS)
        if tag in _BLOCK_TAGS:
            pieces.append("\n")
        text = element.text if begins and tag else element.tail if not begins else None
        if text and not hidden and not (not begins and element is tree):
            pieces.append(" ".join(f"|{text}|".split())[1:-1])
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def parse_html(markup: str) -> HtmlElement | None:
    """The tree of a page or a piece of one; None where there is nothing in it."""
    from lxml import etree

    markup = XML_PROLOG.sub("", _CONTROL_CHARS.sub("", markup))
    if not markup.strip():
        return None
    tree: HtmlElement | None = etree.fromstring(markup.encode("utf-8", "replace"), _html_parser())
    return tree


def _remove_boilerplate(tree: HtmlElement) -> None:
    """Drop what no text is taken from before it is looked through many times; dates may stand in scripts.

    What stands around an article goes, as trafilatura has it, unless all paragraphs are in it.
    """
    for element in [*tree.iter(*_HEAVY_TAGS)]:
        if element.tag != "script" or "date" not in (element.text or "").lower():
            element.drop_tree()
    around = [*tree.iter(*_BOILERPLATE_TAGS)]
    inside = {paragraph for element in around for paragraph in element.iter("p")}
    if any(paragraph not in inside for paragraph in tree.iter("p")):
        for element in around:
            if element.getparent() is not None:
                element.drop_tree()


@cache
def _html_parser() -> HTMLParser:
    from lxml.html import HTMLParser

    # Comments and instructions are dropped, nothing is fetched, and no tree grows without bound.
    return HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
