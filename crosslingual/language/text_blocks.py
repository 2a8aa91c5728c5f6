"""The blocks of a text that are split into sentences: its lines, those of a hard-wrapped paragraph together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crosslingual.language.scripts import HAN_OR_KANA

_LIST_MARKER = re.compile(
    r"\s*(?:#{1,6}\s|[-*+•·▪●–—]\s|>|\d{1,3}[.)]\s|[（(]?[一二三四五六七八九十]{1,3}[）)、])"
)
_WRAP_WIDTHS = range(30, 121)


def text_blocks(text: str, starters: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Lines without the white space around them; those of a hard-wrapped paragraph together.

    Args:
        text: any text.
        starters: words that open sentences, in lower case; a line that ends with one is not complete.
    """
    paragraph: list[tuple[int, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if not bare or _LIST_MARKER.match(line):
            yield from _unwrap_lines(text, paragraph, starters)
            paragraph = []
        if bare:
            start = offset + len(line) - len(line.lstrip())
            paragraph.append((start, start + len(bare)))
        offset += len(line)
    yield from _unwrap_lines(text, paragraph, starters)


def _unwrap_lines(text: str, lines: list[tuple[int, int]], starters: frozenset[str]) -> list[tuple[int, int]]:
    width = max((end - start for start, end in lines), default=0)
    if width not in _WRAP_WIDTHS:
        return lines
    broken = False
    complete = text[lines[-1][1] - 1] in ".!?…"
    for (start, end), (after, after_end) in pairwise(lines):
        # A Chinese line breaks anywhere, but for a mark or two that may not begin a line.
        han = HAN_OR_KANA.match(text, after)
        room = 2 if han else 1 + len(text[after:after_end].split(maxsplit=1)[0])
        if end - start + room <= width - (1 if han else 0):
            return lines
        if text[end - 1].isalnum() or text[end - 1] in ",，、":
            broken = broken or text[after].islower() or (han is not None and len(lines) > 2)
            last = text[start:end].rsplit(maxsplit=1)[-1]
            # German nouns: "zu einem / Arbeitsbesuch"; headlines do not end so, nor the last with a stop.
            broken = broken or last in starters or (complete and len(lines) > 2 and last[0].islower())
    return [(lines[0][0], lines[-1][1])] if broken else lines
