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
from crosslingual.ingest.encoding import declared, decode
from crosslingual.ingest.file import File
from crosslingual.ingest.record import MAX_FIELD, Problem, Record, read_record
from crosslingual.language.detect import settle

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

MAX_PAGE = 16 * 2**20
"""Bytes of a page."""

PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>")
"""How an XML file begins, which no parser wants to see in a text."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMPTY = "no main text in the page; paste the article into a text file"
_BLOCKS = frozenset(
    name
    for line in (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure",
        "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead",
        "title tr ul",
    )
    for name in line.split()
)
_HEAVY = ("script", "style", "svg", "template", "noscript", "iframe", "picture", "img", "video", "canvas")
_AROUND = ("aside", "button", "dialog", "footer", "menu", "nav", "select")
_UNSEEN = frozenset(["head", "iframe", "noscript", "object", "script", "style", "svg", "template"])


def read(file: File) -> Iterator[Record | Problem]:
    """The page as one record.

    Raises:
        InputError: the page is too large, or its encoding cannot be told.
        OSError: the file cannot be read.
    """
    if file.size > MAX_PAGE:
        raise InputError(f"larger than {MAX_PAGE // 2**20} MB; save the article alone")
    content = file.read()
    return page(decode(content, [file.charset, declared(content)], damaged=True), file)


def read_archived(file: File) -> Iterator[Record | Problem]:
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
                named = [part.get_content_charset() or "", declared(content)]
                url = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "")
                found = File(file.path, b"", url=url)
                return page(decode(content, named, damaged=True), found)
    raise InputError("no page in it; save it as HTML")


def page(markup: str, file: File, line: int = 0) -> Iterator[Record | Problem]:
    """The record of a page, given as a text, or a problem.

    Args:
        markup: the page.
        file: what it is of; its ``url`` is the link of a page that names none.
        line: the page's place in a file of several.
    """
    from trafilatura import bare_extraction

    tree = parse(markup)
    if tree is None:
        yield Problem(file.path, line, _EMPTY)
        return
    said = tree.get("lang") or ""
    _lighten(tree)
    found = bare_extraction(tree, url=file.url or None, include_comments=False, with_metadata=True)
    text = (getattr(found, "text", None) or "").strip()
    if not found or isinstance(found, dict) or not text:
        yield Problem(file.path, line, _EMPTY)
        return
    title = " ".join((found.title or "").split())
    first, _, rest = text.partition("\n")
    if rest and title and " ".join(first.split()) == title:
        text = rest
    url = next((one for one in (found.url, file.url) if one and len(one) <= MAX_FIELD), "")
    fields = {
        "text": text,
        "title": title[:MAX_FIELD],
        "date": found.date,
        "author": (found.author or "")[:MAX_FIELD],
        "url": url,
        "source": "" if url else found.sitename,
        "lang": settle(f"{title}\n{text}", said),
    }
    yield from read_record(fields, file.path, line)


def plain(markup: str) -> str:
    """The text of a piece of HTML, a line for each block; what runs or is not shown is left out."""
    from lxml import etree

    tree = parse(markup)
    if tree is None:
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        begins = event == "start"
        hidden += (1 if begins else -1) * (tag in _UNSEEN)
        if tag in _BLOCKS:
            pieces.append("\n")
        text = element.text if begins and tag else element.tail if not begins else None
        if text and not hidden and not (not begins and element is tree):
            pieces.append(" ".join(f"|{text}|".split())[1:-1])
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def parse(markup: str) -> HtmlElement | None:
    """The tree of a page or a piece of one; None where there is nothing in it."""
    from lxml import etree

    markup = PROLOG.sub("", _CONTROLS.sub("", markup))
    if not markup.strip():
        return None
    tree: HtmlElement | None = etree.fromstring(markup.encode("utf-8", "replace"), _parser())
    return tree


def _lighten(tree: HtmlElement) -> None:
    """Drop what no text is taken from before it is looked through many times; dates may stand in scripts.

    What stands around an article goes, as trafilatura has it, unless all paragraphs are in it.
    """
    for element in [*tree.iter(*_HEAVY)]:
        if element.tag != "script" or "date" not in (element.text or "").lower():
            element.drop_tree()
    around = [*tree.iter(*_AROUND)]
    inside = {paragraph for element in around for paragraph in element.iter("p")}
    if any(paragraph not in inside for paragraph in tree.iter("p")):
        for element in around:
            if element.getparent() is not None:
                element.drop_tree()


@cache
def _parser() -> HTMLParser:
    from lxml.html import HTMLParser

    # Comments and instructions are dropped, nothing is fetched, and no tree grows without bound.
    return HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
