"""HTML pages saved from the web: main text, title, date, author, language and link, by trafilatura."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING

from crosslingual.errors import InputError
from crosslingual.language.detect import resolve_language
from crosslingual.readers.dates import date_by_name
from crosslingual.readers.encoding import decode_markup
from crosslingual.readers.file import File
from crosslingual.readers.json_ld import list_json_ld
from crosslingual.readers.page_data import read_page_data
from crosslingual.readers.page_dates import PageDate, find_page_date
from crosslingual.readers.page_text import (
    PageText,
    compact_text,
    complete_text,
    has_mostly_links,
    is_overview,
    is_placeholder,
)
from crosslingual.readers.page_title import choose_title
from crosslingual.readers.page_tree import clean_tree, parse_html
from crosslingual.readers.record import DAMAGED_CHAR, MAX_FIELD_CHARS, Problem, Record, build_record

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_PAGE_BYTES = 16 * 2**20
"""Bytes of a page."""

_NO_TEXT_MESSAGE = "no main text in the page; paste the article into a text file"
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")
_DAMAGED_MESSAGE = (
    f"unreadable characters ({DAMAGED_CHAR}) beside the text that went in; compare it with the page"
)
_BLOCK_CHARS = 8  # unreadable characters that are no slip of who wrote the page
_LINKS_MESSAGE = "most of its text is links to other pages; look whether the article itself is there"
_OVERVIEW_MESSAGE = "an overview of articles, not one; open those you want and save them"


def read_html(file: File) -> Iterator[Record | Problem]:
    """The page as one record.

    Raises:
        InputError: the page is too large, or its encoding cannot be told.
        OSError: the file cannot be read.
    """
    if file.size > MAX_PAGE_BYTES:
        raise InputError(f"larger than {MAX_PAGE_BYTES // 2**20} MB; save the article alone")
    content = file.read()
    return read_page(decode_markup(content, file.charset), file)


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
                # Base64 or quoted-printable, whose declaration is damaged.
                if b"<" not in content or content.count(b'=3D"') > content.count(b'="'):
                    raise InputError("its page is not in the encoding that it names; save it as HTML")
                url = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "")
                found = File(file.path, b"", url=url)
                return read_page(decode_markup(content, part.get_content_charset() or ""), found)
    raise InputError("no page in it; save it as HTML")


def read_page(markup: str, file: File, line: int = 0) -> Iterator[Record | Problem]:
    """The record of a page, given as a text, or a problem.

    Args:
        markup: the page.
        file: what it is of; its ``url`` is the link of a page that names none.
        line: the page's place in a file of several.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    tree = parse_html(markup)
    if tree is None:
        yield Problem(file.path, line, _NO_TEXT_MESSAGE)
        return
    said = tree.get("lang") or ""
    json_ld = list_json_ld(tree)
    published, site = find_page_date(tree, file.url, json_ld), find_site_name(tree)
    data = read_page_data(tree, json_ld)
    title = choose_title(tree, data, file.url)
    clean_tree(tree)
    found = bare_extraction(tree, url=file.url or None, include_comments=False, with_metadata=True)
    if not found or isinstance(found, dict):
        found = Document()
    page = complete_text(tree, (found.text or "").strip(), title, data)
    text = page.text
    if not text or is_placeholder(text):
        yield Problem(file.path, line, _NO_TEXT_MESSAGE)
        return
    if not data.is_article and is_overview(tree, text):
        yield Problem(file.path, line, _OVERVIEW_MESSAGE)
        return
    for doubt in _list_doubts(tree, page, title, markup):
        yield Problem(file.path, line, doubt, is_warning=True)
    first, _, rest = text.partition("\n")
    if rest and title and compact_text(first) == compact_text(title):
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
        fields["is_date_doubtful"] = True
    yield from build_record(fields, file.path, line)


def _list_doubts(tree: HtmlElement, page: PageText, title: str, markup: str) -> Iterator[str]:
    """What is doubtful about the text that was taken from ``tree``, which is of ``markup``."""
    if page.doubt:
        yield page.doubt
    if has_mostly_links(tree, page.text):
        yield _LINKS_MESSAGE
    if DAMAGED_CHAR in title + page.text:
        return  # it is told of the record
    is_block = markup.count(DAMAGED_CHAR) >= _BLOCK_CHARS  # tags may have gone with it
    if is_block or any(DAMAGED_CHAR in words for words in tree.itertext()):
        yield _DAMAGED_MESSAGE


def find_site_name(tree: HtmlElement) -> str:
    """What a page calls its site in its metadata; its title is no name."""
    for element in tree.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() in _SITE_NAMES:
            said = " ".join((element.get("content") or "").split())
            if any(char.isalpha() for char in said):
                return said[:MAX_FIELD_CHARS]
    return ""
