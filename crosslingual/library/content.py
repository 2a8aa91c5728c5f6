"""The same text in any formatting: what is left of it when formatting is taken away."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

_HTML_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|tr|article|header)\b[^<>]{0,2000}>", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_NON_ALPHANUMERIC = re.compile(r"[\W_]+")
_DIGIT_SEPARATOR = re.compile(r"(\d)[.,:\uff0e\uff0c\uff1a](?=\d)")
_MAX_HEADING_CHARS = 200
"""Letters and digits that a line on top has at most to be a heading."""
_SENTENCE_ENDINGS = tuple(".!?…。！？:：;；,，»”\"'")


def normalize_text(text: str) -> str:
    """Letters and digits of ``text`` in one case, without HTML, Markdown, quotation marks and white space."""
    if "<" in text:
        text = _HTML_TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    # What stands between digits tells 1.5 from 15: kept as a letter. Marks are no letters: composed first.
    pointed = _DIGIT_SEPARATOR.sub(r"\1x", unicodedata.normalize("NFC", text))
    # Last, since most of what it would change is formatting, and it takes long.
    return unicodedata.normalize("NFKC", _NON_ALPHANUMERIC.sub("", pointed)).casefold()


def content_key(text: str, title: str) -> str:
    """The same for texts that differ in formatting only, or in a heading on top of the text.

    The title is left out where the text begins with it; of a text without title, a short first line
    that ends without a full stop is its heading. 32 hexadecimal digits.
    """
    bare = normalize_text(text)
    heading = normalize_text(title) if title else _find_heading(text)
    rest = bare.removeprefix(heading) or bare
    # A text without any letter is what it is.
    kept = rest or " ".join(text.split())
    return hashlib.blake2b(kept.encode(errors="replace"), digest_size=16).hexdigest()


def _find_heading(text: str) -> str:
    start = _BLOCK_TAG.sub("\n", text[: 20 * _MAX_HEADING_CHARS]).strip()
    line, _, rest = start.partition("\n")
    if not rest.strip() or line.rstrip("*_ \t").endswith(_SENTENCE_ENDINGS):
        return ""
    found = normalize_text(line)
    return found if len(found) <= _MAX_HEADING_CHARS else ""
