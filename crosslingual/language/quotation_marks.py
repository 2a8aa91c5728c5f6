"""Where quotation marks open and close in a text, in each language's own marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosslingual.language.scripts import is_han

_MARK_PAIRS = {
    "“": "”",
    "„": '“”"',
    "‚": "‘’",
    "«": "»",
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’",
    '"': '"',
    "＂": "＂",
}
_INWARD_MARKS = {"»": "«", "›": "‹"}
"""Books and some papers point their marks inwards."""
_APOSTROPHE_MARK = "’"
"""An apostrophe too: closes only where no letter follows."""
_MAX_CHARS = 3000
"""Characters in a quotation; what is longer is a mark that nobody closed."""
_MAX_DEPTH = 4
"""Quotations in one another."""


@dataclass(frozen=True, slots=True)
class QuotationSpan:
    """A quotation: ``text[start:end]`` with its marks. Quotations inside it are part of it.

    ``closed`` is false where its paragraph ends without a closing mark and the next one opens again.
    """

    start: int
    end: int
    closed: bool = True

    @property
    def inner_slice(self) -> slice:
        """Where its words stand, without the marks."""
        return slice(self.start + 1, self.end - 1 if self.closed else self.end)


def quotation_spans(text: str, lang: str) -> list[QuotationSpan]:
    """The outermost quotations of ``text``, in order; none overlaps another.

    A quotation ends with its paragraph. One that is not closed there counts where the next paragraph opens
    again, as long speeches are set; else the last closing mark of its kind ends it, as where marks inside
    marks share one; else it is a slip and is left out.
    """
    found: list[QuotationSpan] = []
    paragraphs = list(_paragraph_spans(text))
    for number, (start, end) in enumerate(paragraphs):
        following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else len(text)
        found += _quotations_in_paragraph(text, start, end, lang, text[following : following + 1])
    return found


def _paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        lead = len(line) - len(line.lstrip())
        if line.strip():
            yield start + lead, start + len(line.rstrip())
        start += len(line)


def _quotations_in_paragraph(
    text: str, start: int, end: int, lang: str, next_char: str
) -> Iterator[QuotationSpan]:
    place = start
    while place < end:
        closers = _closing_marks(text, place, lang)
        if not closers:
            place += 1
            continue
        close, last = _find_close(text, place, end, lang)
        if close is None and next_char == text[place] and 1 < end - place <= _MAX_CHARS:
            yield QuotationSpan(place, end, closed=False)
            place = end
            continue
        close = last if close is None else close
        if close is None or close - place > _MAX_CHARS or not text[place + 1 : close].strip():
            place += 1
            continue
        yield QuotationSpan(place, close + 1)
        place = close + 1


def _find_close(text: str, start: int, end: int, lang: str) -> tuple[int | None, int | None]:
    """Where what opens at ``start`` closes; and the last mark that could, were all nested ones shut."""
    stack = [_closing_marks(text, start, lang)]
    outer, last = stack[0], None
    for place in range(start + 1, min(end, start + _MAX_CHARS + 1)):
        letter = text[place]
        if letter in stack[-1] and _can_close(text, place):
            stack.pop()
            last = place if letter in outer else last
            if not stack:
                return place, last
        elif closers := _closing_marks(text, place, lang):
            if letter in outer and letter in closers:  # a straight mark inside another kind
                continue
            stack.append(closers)
            if len(stack) > _MAX_DEPTH:
                return None, last
        elif letter in outer and _can_close(text, place):  # something inside was never shut
            return place, place
    return None, last


def _closing_marks(text: str, index: int, lang: str) -> str:
    """The marks that close what opens at ``index``; empty where nothing does."""
    letter = text[index]
    if lang == "de" and letter in _INWARD_MARKS:
        return _INWARD_MARKS[letter]
    closers = _MARK_PAIRS.get(letter, "")
    if not closers or (lang == "de" and letter in "“‘«‹"):  # there they close
        return closers if lang != "de" or (letter in "«‹" and _can_open(text, index)) else ""
    if letter in '‘"＂' and not _can_open(text, index):
        return ""
    return closers


def _can_open(text: str, index: int) -> bool:
    """Whether something can begin here: no letter, digit or stop stands right before, a sign right after."""
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    chinese = is_han(before)
    return (not before or chinese or not (before.isalnum() or before in ".,!?…%")) and bool(after.strip())


def _can_close(text: str, index: int) -> bool:
    if text[index] not in _APOSTROPHE_MARK:
        return True
    return not text[index + 1 : index + 2].isalpha()
