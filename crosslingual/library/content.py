"""The same text in any formatting: what is left of it when formatting is taken away."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

_HTML_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|tr|article|header)\b[^<>]{0,2000}>", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[\s,.;:!?\"'()«»“”„，。、-]+(?=[^\W\d_])")
_NON_ALPHANUMERIC = re.compile(r"[\W_]+")
_UNIT_SIGNS = frozenset("%‰°％")
_NUMBER_SIGNS = frozenset("-+±<>≤≥≈▲▼△▽↑↓")
"""What changes a number that it stands right before."""
_DIGIT_SEPARATORS = frozenset(".,:;/-'·×⁄")
"""What tells two numbers beside each other, or the parts of one."""
_SAME_SIGN = str.maketrans("−–—‐‑－＋．，：／’٫٬", "------+.,:/'.,")
_MAX_HEADING_CHARS = 200
"""Letters and digits that a line on top has at most to be a heading."""
_SENTENCE_ENDINGS = tuple(".!?…。！？:：;；,，»”\"'")


def normalize_text(text: str) -> str:
    """Letters and digits of ``text`` in one case, without HTML, Markdown, quotation marks and white space.

    What makes a number another stays: its sign, a currency, per cent, and what stands between two digits.
    """
    if "<" in text:
        text = _HTML_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    # Marks are no letters: composed first. What stands between letters is most, and soon gone.
    bare = _BETWEEN_LETTERS.sub("", unicodedata.normalize("NFC", text))
    bare = _NON_ALPHANUMERIC.sub(_keep_number_signs, bare)
    # Last, since most of what it would change is formatting, and it takes long.
    return unicodedata.normalize("NFKC", bare).casefold()


def _keep_number_signs(match: re.Match[str]) -> str:
    """What of a run of signs belongs to the numbers beside it."""
    run = match[0]
    units = "".join(char for char in run if char in _UNIT_SIGNS or unicodedata.category(char) == "Sc")
    if not match.string[match.end() : match.end() + 1].isdigit():
        return units
    before = match.string[match.start() - 1 : match.start()]
    run = run.translate(_SAME_SIGN)
    if before.isdigit():
        kept = "".join(char for char in run if char in _DIGIT_SEPARATORS or char in _NUMBER_SIGNS)
        return units + kept or " " * any(map(str.isspace, run))
    sign = next((char for char in reversed(run) if unicodedata.category(char) != "Sc"), "")
    is_attached = len(run) > 1 or not before  # else it is a hyphen, as in "F-16"
    return (sign if sign in _NUMBER_SIGNS and is_attached else "") + units


def content_key(text: str, title: str) -> str:
    """The same for texts that differ in formatting only, or in a heading on top of the text.

    The title is left out where the text begins with it; of a text without title, a short first line
    that ends without a full stop is its heading. 32 hexadecimal digits.
    """
    bare = normalize_text(text)
    heading = normalize_text(title) if title else _find_heading(text)
    rest = bare.removeprefix(heading).lstrip(" .,:;") or bare  # what parted its number from the heading's
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
