"""What stands where on a PDF's pages: words, columns, lines. All places are in points."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from crosslingual.extras import needs_extra

LINE_HYPHEN = "\ufffe"
"""A hyphen at a line's end, as PDFium marks it."""

_MAX_COLUMN_WORDS = 20_000  # of a page; columns of a longer one are not looked for
_MAX_COLUMN_DEPTH = 6
_MIN_GUTTER = 0.7  # of the characters' height
_MIN_COLUMN_WIDTH = 8  # times the characters' height; narrower are cells of tables
_MIN_COLUMN_LINES = 3
_PDFIUM_HYPHENS = (0x02, 0xFFFE)
_SURROGATES = range(0xD800, 0xE000)
_DAMAGED_CODE = 0xFFFD


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word of a page, the number of its line in PDFium's order, and its box.

    ``n_unmapped`` is of how many characters the font does not say which they are: PDFium takes their number in it.
    """

    text: str
    line: int
    left: float
    right: float
    bottom: float
    top: float
    n_unmapped: int = 0


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page, and where it stands: points from the page's left and lower edge.

    ``n_unmapped`` is as of a word.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    height: float = 0.0
    n_unmapped: int = 0


def read_page_lines(page: Any) -> list[PageLine]:
    """Lines of a ``PdfTextPage``: in the order of the file, but those of columns column by column."""
    lines = []
    for _, group in groupby(order_columns(list(_read_words(page))), key=lambda word: word.line):
        words = list(group)
        lines.append(
            PageLine(
                " ".join(word.text for word in words),
                _left_edge(words),
                _right_edge(words),
                words[0].bottom,
                words[0].top - words[0].bottom,
                sum(word.n_unmapped for word in words),
            )
        )
    return lines


def _read_words(page: Any) -> Iterator[PageWord]:
    with needs_extra("readers"):
        from pypdfium2.raw import FPDFText_GetUnicode, FPDFText_HasUnicodeMapError

    places = range(page.count_chars())
    unmapped = [FPDFText_HasUnicodeMapError(page, index) == 1 for index in places]
    codes = [
        _DAMAGED_CODE if unmapped[index] and not _is_visible(code) else code
        for index, code in ((index, FPDFText_GetUnicode(page, index)) for index in places)
    ]
    line, start = 0, -1
    for index, code in enumerate([*codes, 0x0A]):
        hyphen = code in _PDFIUM_HYPHENS
        space = not hyphen and (code == 0 or chr(code).isspace())
        if start < 0 and not space:
            start = index
        if start >= 0 and (space or hyphen):
            end = index + hyphen
            first, last = (page.get_charbox(place, loose=True) for place in (start, end - 1))
            left, right = min(first[0], last[0]), max(first[2], last[2])  # either may be the left one
            text, doubtful = _decode_chars(codes[start:end]), sum(unmapped[start:end])
            yield PageWord(text, line, left, right, first[1], first[3], doubtful)
            start = -1
        line += hyphen or code in (0x0A, 0x0D)


def _is_visible(code: int) -> bool:
    """Whether a character of that number, half of a pair too, is seen; the number of a glyph may be any."""
    return code in _SURROGATES or chr(code).isprintable() or chr(code).isspace()


def _decode_chars(codes: Sequence[int]) -> str:
    """Characters as a text; those beyond 16 bits may come as two."""
    text = "".join(LINE_HYPHEN if code in _PDFIUM_HYPHENS else chr(code) for code in codes)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def order_columns(words: Sequence[PageWord], depth: int = 0) -> list[PageWord]:
    """Words with those of a left column before those of a right one, else in their order.

    A gutter is where most gaps lie one below the other. Lines across it divide the page into bands; in a
    band, both sides must be running text, so that tables stay in rows.
    """
    if len(words) > _MAX_COLUMN_WORDS or depth > _MAX_COLUMN_DEPTH:
        return list(words)
    height = median(word.top - word.bottom for word in words) if words else 0
    segments = list(_line_segments(words, _MIN_GUTTER * height))
    gutter = _find_gutter(segments, height)
    if gutter is None:
        return list(words)
    begin, end = gutter  # the longest lines of a column reach into it
    across = {part[0].line for part in segments if _left_edge(part) < begin and end < _right_edge(part)}
    heights = {part[0].line: -part[0].bottom for part in segments if part[0].line in across}
    crossings = sorted(heights.values())
    beside = [part for part in segments if part[0].line not in across]
    occupied = sorted({bisect_right(crossings, -part[0].bottom) for part in beside})
    bands: dict[int, list[list[PageWord]]] = defaultdict(list)
    for part in segments:
        above = bisect_right(crossings, -part[0].bottom)
        if part[0].line in across:
            bands[2 * bisect_right(occupied, bisect_right(crossings, heights[part[0].line]) - 1)].append(part)
        else:
            bands[2 * occupied.index(above) + 1].append(part)
    ordered: list[PageWord] = []
    found = False
    for number, parts in sorted(bands.items()):
        sides = [
            [part for part in parts if (_left_edge(part) + _right_edge(part) > begin + end) == right]
            for right in (False, True)
        ]
        if number % 2 == 0:
            ordered += order_columns(_all_words(parts), depth + 1)
        elif all(_is_running_text(side, height) for side in sides):
            found = True
            for side in reversed(sides) if _reads_leftwards(parts) else sides:
                ordered += order_columns(_all_words(side), depth + 1)
        else:
            ordered += _all_words(parts)
    return ordered if found else list(words)


def _line_segments(words: Iterable[PageWord], gap: float) -> Iterator[list[PageWord]]:
    """Words of a line up to the next gap of that width."""
    part: list[PageWord] = []
    for word in words:
        if part and (word.line != part[-1].line or not _distance(part[-1], word) < gap):
            yield part
            part = []
        part.append(word)
    if part:
        yield part


def _distance(one: PageWord, other: PageWord) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def _left_edge(words: Iterable[PageWord]) -> float:
    return min(word.left for word in words)


def _right_edge(words: Iterable[PageWord]) -> float:
    return max(word.right for word in words)


def _all_words(parts: Iterable[Sequence[PageWord]]) -> list[PageWord]:
    return [word for part in parts for word in part]


def _find_gutter(segments: Sequence[Sequence[PageWord]], height: float) -> tuple[float, float] | None:
    """From where to where most of the gaps between segments lie one below the other; None where too few do."""
    if not height > 0:
        return None
    step = height / 2
    scans: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for part in segments:
        if part[0].top - part[0].bottom <= 4 * height:
            for scan in range(int(part[0].bottom / step) + 1, int(part[0].top / step) + 1):
                scans[scan].append((_left_edge(part), _right_edge(part)))
    edges: list[tuple[float, int]] = []
    for row in scans.values():
        row.sort()
        reach = row[0][1]
        for left, right in row[1:]:
            if left - reach >= _MIN_GUTTER * height:
                edges += [(reach, 1), (left, -1)]
            reach = max(reach, right)
    depth = best = 0
    place: tuple[float, float] | None = None
    edges.sort()
    for number, (edge, change) in enumerate(edges):
        depth += change
        if depth > best:
            best, place = depth, (edge, edges[number + 1][0])
    return place if best >= 2 * _MIN_COLUMN_LINES - 1 else None


def _is_running_text(parts: Sequence[Sequence[PageWord]], height: float) -> bool:
    """Whether most lines are long, and as long as the longest: a column of text, not cells of a table."""
    widths = sorted(_right_edge(part) - _left_edge(part) for part in parts)
    if len(widths) < _MIN_COLUMN_LINES:
        return False
    middle = widths[len(widths) // 2]
    return middle >= _MIN_COLUMN_WIDTH * height and middle >= 0.6 * widths[-1]


def _reads_leftwards(parts: Iterable[Sequence[PageWord]]) -> bool:
    letters = [char for word in _all_words(parts) for char in word.text if char.isalpha()]
    return sum("\u0590" <= char <= "\u08ff" for char in letters) > len(letters) / 2
