"""RSS and Atom feeds: an article for each entry, with as much of its text as the feed carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

from crosslingual.errors import InputError
from crosslingual.language.detect import resolve_language
from crosslingual.readers.dates import DateReader
from crosslingual.readers.encoding import decode_markup
from crosslingual.readers.file import File
from crosslingual.readers.page_tree import XML_PROLOG, html_to_text
from crosslingual.readers.record import MAX_TEXT_CHARS, Problem, Record, build_record
from crosslingual.readers.xml_repair import lost_signs_message, repair_xml
from crosslingual.sources import web_link

_MAX_ESCAPES = 4
_TAG = re.compile(
    r"</(?:a|b|em|div|h[1-6]|i|li|ol|p|span|strong|ul)\s?>|<(?:br|img|p|div|hr)\b[^<>]{0,500}>", re.IGNORECASE
)
_ENTITY_DECLARATION = re.compile(r"<!ENTITY", re.IGNORECASE)


def read_feed(file: File) -> Iterator[Record | Problem]:
    """The entries of the feed.

    Raises:
        InputError: the file is no feed, or one that defines entities.
        OSError: the file cannot be read.
    """
    found, lost = _parse_feed(file)
    if lost:
        yield Problem(file.path, 0, lost_signs_message(lost), is_warning=True)
    if isinstance(found.get("bozo_exception"), SAXException):
        reason = str(found.bozo_exception.getMessage())[:100]
        message = f"not well-formed XML ({reason}); compare what was read with the feed"
        yield Problem(file.path, 0, message, is_warning=True)
    lang, home = str(found.feed.get("language") or ""), str(found.feed.get("link") or file.url)
    dates = DateReader(lambda: (("", _entry_date(entry)) for entry in found.entries))
    for number, entry in enumerate(found.entries, 1):
        yield from _read_entry(entry, number, file, lang, home, dates)


def read_links(file: File) -> Iterator[Record]:
    """Records without a text: the addresses of the pages that the feed names, each once, in their order.

    Raises:
        InputError: the file is no feed, or one that defines entities.
        OSError: the file cannot be read.
    """
    named = (urljoin(file.url, str(entry.get("link") or "")) for entry in _parse_feed(file)[0].entries)
    for number, link in enumerate(dict.fromkeys(filter(None, map(web_link, named))), 1):
        yield Record(file.path, number, "", url=link)


def _parse_feed(file: File) -> tuple[Any, int]:
    """The feed, and how many signs in it no XML can have."""
    import feedparser

    content = file.read()
    text = decode_markup(content, file.charset)
    if _ENTITY_DECLARATION.search(text):
        raise InputError("XML that defines entities, which is refused; save the feed without them")
    text, lost = repair_xml(XML_PROLOG.sub("", text))
    found = feedparser.parse(
        text.encode("utf-8", "replace"),
        sanitize_html=False,  # plain() leaves no markup
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": file.url},
    )
    if not found.get("version"):
        raise InputError("XML, but no RSS or Atom feed; save the pages as HTML")
    if not found.get("entries"):
        raise InputError("a feed without entries; take it again later")
    return found, lost


def _read_entry(
    entry: Any, number: int, file: File, lang: str, feed_url: str, dates: DateReader
) -> Iterator[Record | Problem]:
    bodies = [str(part.get("value") or "") for part in entry.get("content", [])]
    bodies.append(str(entry.get("summary") or ""))
    text = max((_plain_text(body[: 4 * MAX_TEXT_CHARS]) for body in bodies), key=len)
    title = _plain_text(str(entry.get("title") or "")[:MAX_TEXT_CHARS]).replace("\n", " ")
    if not text:
        yield Problem(file.path, number, "an entry without text; open its link and save the page")
        return
    fields = {
        "text": text,
        "title": title,
        "date": _entry_date(entry),
        "author": entry.get("author") or "",
        "url": entry.get("link") or feed_url,
        "lang": resolve_language(f"{title}\n{text}", str(entry.get("language") or lang)),
    }
    yield from build_record(fields, file.path, number, dates=dates)


def _plain_text(markup: str) -> str:
    """The text of an entry; where it has no markup but what was escaped again and again, that is its markup."""
    given = markup
    for _ in range(_MAX_ESCAPES):
        if _TAG.search(markup):
            return html_to_text(markup)
        markup = unescape(markup)
    return html_to_text(given)


def _entry_date(entry: Any) -> str:
    """What the entry says of its date, as it is written: feedparser makes days of what it cannot read."""
    said = (entry.get(name) for name in ("published", "created", "updated"))
    return next((str(one) for one in said if one), "")
