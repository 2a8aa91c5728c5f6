"""Lines of a PDF joined into paragraphs, with words that were cut at a line's end whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from crosslingual.language.scripts import WIDE_CHARS
from crosslingual.readers.pdf_layout import LINE_HYPHEN, PageLine

_SOFT_HYPHEN = "\xad"
_HYPHENS = ("-", "\u2010", LINE_HYPHEN, _SOFT_HYPHEN)
_SENTENCE_END = re.compile(r"[.!?…。！？:：;；][\"'»”’」』)）]*$")
WIDE_CHAR = re.compile(f"[{WIDE_CHARS}]")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_LAST_PART = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*$")
_JOINING_WORDS = frozenset(["und", "oder", "bzw", "sowie", "and", "or"])  # Vor- und Nachteile
_HYPHENED_PARTICLES = frozenset(["то", "нибудь", "либо", "таки"])  # кто-то
_MAX_WORD_CHARS = 100


def join_paragraphs(pages: Sequence[Sequence[PageLine]]) -> list[str]:
    """Lines joined into paragraphs, across columns and pages."""
    lines = [line for page in pages for line in page]
    pitch = median([_vertical_gap(one, other) for one, other in pairwise(lines)] or [0])
    width = max((line.right for line in lines), default=0)
    known = Counter(word.lower() for line in lines for word in _WORD.findall(line.text))
    paragraphs: list[list[str]] = []
    last: PageLine | None = None
    for line in lines:
        if last is None or _starts_paragraph(last, line, pitch, width):
            paragraphs.append([line.text])
        else:
            paragraphs[-1][-1:] = _join_lines(paragraphs[-1][-1], line.text, known)
        last = line
    return [
        "".join(pieces).rstrip(_SOFT_HYPHEN).replace(LINE_HYPHEN, "-").replace("\u2010", "-")
        for pieces in paragraphs
    ]


def _starts_paragraph(previous: PageLine, line: PageLine, pitch: float, width: float) -> bool:
    """Whether a paragraph begins with ``line``: by space, size, indent, or a last line that ends short."""
    if previous.text.endswith((LINE_HYPHEN, _SOFT_HYPHEN)):
        return False
    if abs(previous.height - line.height) > 0.25 * max(previous.height, line.height):
        return True
    down = _vertical_gap(previous, line)
    if down > 1.4 * max(pitch, line.height):
        return True
    if down > 0 and line.left - previous.left > 0.8 * line.height and _SENTENCE_END.search(previous.text):
        return True
    return bool(_SENTENCE_END.search(previous.text)) and previous.right < width - 4 * line.height


def _vertical_gap(upper: PageLine, lower: PageLine) -> float:
    """How far ``lower`` stands below ``upper``; nothing where it begins a column or a page."""
    return max(upper.bottom - lower.bottom, 0.0)


def _join_lines(text: str, line: str, known: Counter[str]) -> list[str]:
    """Pieces that joined are the line ``text`` and the next one; the last of them is ``line``."""
    if text.endswith(_HYPHENS) and len(text) > 1 and text[-2].isalnum() and line[:1].isalnum():
        following = _WORD.match(line[:_MAX_WORD_CHARS])
        if following and following[0].lower() in _JOINING_WORDS:
            return [text[:-1] + "- ", line]
        return [text[:-1] + ("-" if _keeps_hyphen(text, line, known) else ""), line]
    if WIDE_CHAR.match(text[-1:]) and WIDE_CHAR.match(line[:1]):
        return [text, line]
    return [text + " ", line]


def _keeps_hyphen(text: str, line: str, known: Counter[str]) -> bool:
    """Whether the hyphen between two lines is the word's own.

    The document's other words tell, where it has the word with or without a hyphen; else a capital or a
    digit after the hyphen, or a particle that is always hyphened.
    """
    if text[-1] == _SOFT_HYPHEN:
        return False
    before, after = _LAST_PART.search(text[-_MAX_WORD_CHARS:-1]), _WORD.match(line[:_MAX_WORD_CHARS])
    if not before or not after:
        return False
    first, second = before[0], after[0]
    if first[-1].isdigit() or second[0].isdigit():
        return True
    hyphened, joined = known[f"{first}-{second}".lower()], known[f"{first}{second}".lower()]
    if hyphened != joined:
        return hyphened > joined
    if second[0].isupper():
        return not (first.isupper() and second.isupper() and len(second) > 1)
    return second.lower() in _HYPHENED_PARTICLES
