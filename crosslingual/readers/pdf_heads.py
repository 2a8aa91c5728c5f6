"""Running heads, feet and page numbers of a PDF, by where they stand and what repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from crosslingual.readers.pdf_layout import PageLine

_MAX_HEAD_ROWS = 4
_MAX_NAMED_LINES, _MAX_NAMED_CHARS = 3, 80
_SURE_PAGES = 3  # on which the same line at the same height is no chance
_NUMBER = re.compile(r"\d{1,9}")
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?P<label>(?:page|seite|стр(?:аница)?|сторінка|с|p|pag|página|pagina|第)?)[\W]{0,3}(?P<number>\d{1,4})"
    r"(?:\s?(?:of|von|из|з|із|de|sur|di|/|页，?\s?共)\s?\d{1,4})?\W{0,3}页?\W{0,2}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PagesWithoutHeads:
    """Lines of the text, page by page; ``doubtful`` are those left out that may be text, each once."""

    pages: list[list[PageLine]]
    doubtful: tuple[str, ...] = ()


def remove_running_heads(pages: Sequence[Sequence[PageLine]]) -> PagesWithoutHeads:
    """Pages without running heads, feet and page numbers.

    A head is among the outermost rows of a page and stands on others at the same height: word for word, or
    with a number that counts the pages. A page number alone may stand on one page only. What is alike on two
    pages only, and has no number of the page, may be text.
    """
    heads = _find_repeated_lines(pages)
    kept = [_remove_outer_rows(page, number, heads) for number, page in enumerate(pages)]
    texts = [frozenset(page) for page in kept]
    dropped = (
        (number, line) for number, page in enumerate(pages) for line in page if line not in texts[number]
    )
    doubtful = (line.text for number, line in dropped if heads.get((number, line)) is False)
    return PagesWithoutHeads(kept, tuple(dict.fromkeys(doubtful)))


def _find_repeated_lines(pages: Sequence[Sequence[PageLine]]) -> dict[tuple[int, PageLine], bool]:
    """Lines that repeat, with their page; whether it is sure that they are no text."""
    seen: dict[tuple[object, ...], dict[int, PageLine]] = defaultdict(dict)
    for number, page in enumerate(pages):
        rows = _group_rows(page)
        for line in _all_lines(rows[: _MAX_HEAD_ROWS + 1] + rows[-_MAX_HEAD_ROWS - 1 :]):
            for signature in _head_signatures(line.text, number):
                seen[signature].setdefault(number, line)
    found: dict[tuple[int, PageLine], bool] = {}
    for signature, lines in seen.items():
        level = median(line.bottom for line in lines.values())
        same = [
            (number, line) for number, line in lines.items() if abs(line.bottom - level) <= line.height / 2
        ]
        if len(same) >= max(2, 0.4 * len(pages)):
            is_sure = len(same) >= _SURE_PAGES or ("page", 1) in signature
            found.update((one, is_sure or found.get(one, False)) for one in same)
    return found


def _head_signatures(text: str, page: int) -> Iterator[tuple[object, ...]]:
    """What a line has in common with those of other pages, if one of its numbers, or none, counts pages."""
    numbers = [int(one) for one in _NUMBER.findall(text)][:8]
    words = _NUMBER.sub("#", text)
    yield words, *numbers
    for place, number in enumerate(numbers):
        yield words, *numbers[:place], ("page", number - page), *numbers[place + 1 :]


def _group_rows(page: Sequence[PageLine]) -> list[list[PageLine]]:
    """Lines from the top, those of one height together."""
    rows: list[list[PageLine]] = []
    for line in sorted(page, key=lambda line: -line.bottom):
        if rows and rows[-1][0].bottom - line.bottom < line.height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _all_lines(rows: Iterable[Sequence[PageLine]]) -> list[PageLine]:
    return [line for row in rows for line in row]


def _remove_outer_rows(
    page: Sequence[PageLine], number: int, heads: Mapping[tuple[int, PageLine], bool]
) -> list[PageLine]:
    rows = _group_rows(page)
    dropped: set[PageLine] = set()
    for outer in (rows, rows[::-1]):
        removed: list[PageLine] = []
        for depth, row in enumerate(outer):
            found = [
                line
                for line in row
                if (number, line) in heads or (depth == 0 and _is_page_number(line, outer, number))
            ]
            if found and depth == _MAX_HEAD_ROWS:  # too many for a head: a text that is there twice
                removed = []
            else:
                removed += found
            if len(found) < len(row) or depth == _MAX_HEAD_ROWS:
                break
        dropped.update(removed)
    kept = [line for line in page if line not in dropped]
    return kept or list(page)


def _is_page_number(line: PageLine, rows: Sequence[Sequence[PageLine]], page: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    if not match or len(rows) < 2:
        return False
    apart = abs(rows[1][0].bottom - line.bottom) > 2 * line.height
    return apart or int(match["number"]) == page + 1


def describe_doubtful(lines: Sequence[str]) -> str:
    """What was left out though it may be text, in one line."""
    named = ", ".join(f'"{line[:_MAX_NAMED_CHARS]}"' for line in lines[:_MAX_NAMED_LINES])
    more = f" and {len(lines) - _MAX_NAMED_LINES} more" if len(lines) > _MAX_NAMED_LINES else ""
    return f"alike on two pages and left out as head or foot: {named}{more}; look whether it is text"
