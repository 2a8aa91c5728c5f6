"""Stops that end no sentence for what stands around them: brackets, titles, quotations, names."""

from __future__ import annotations

import re

from crosslingual.language.abbreviations import JAPANESE_RULES, SplittingRules

_NAME_WITH_MARK = re.compile(r"(?<!\w)([A-Z]\w{1,19})!(?=['’]s\b| [a-z])")  # Yahoo! said
_KNOWN_NAMES_WITH_MARK = frozenset(("Yahoo", "Yum", "Jeopardy", "Joomla", "Kahoot", "Wham"))
_NAME_BEFORE = re.compile(r"(?<!\w)[A-Z]\w{1,19}$")
_BRACKETS = ("()", "（）", "[]", "【】")
_TITLE_BRACKETS = ("《》", "〈〉")
_QUOTING_BRACKETS = ("「」", "『』")
_MAX_BRACKET_CHARS = 200
_LOOK_BACK_CHARS = 24


def names_with_mark(text: str, start: int, end: int) -> frozenset[str]:
    """Names that end with an exclamation mark: known ones, and those before which the text goes on."""
    return _KNOWN_NAMES_WITH_MARK.union(_NAME_WITH_MARK.findall(text, start, end))


def is_mark_of_name(
    text: str,
    sentence_start: int,
    stop: re.Match[str],
    ahead: re.Match[str],
    names: frozenset[str],
    rules: SplittingRules,
) -> bool:
    """Whether an exclamation mark belongs to a name, as in "Yahoo! Japan"."""
    if stop[0] != "!" or ahead["word"].lower() in rules.starters:
        return False
    before = text[max(sentence_start, stop.start() - _LOOK_BACK_CHARS) : stop.start()]
    name = _NAME_BEFORE.search(before)
    return name is not None and name[0] in names


def is_in_brackets(text: str, sentence_start: int, stop: re.Match[str], rules: SplittingRules) -> bool:
    """Whether the stop stands in a title 《…！…》, or in a bracket or quotation inside the sentence."""
    marked = stop.start("marks")
    start = max(sentence_start, marked - _MAX_BRACKET_CHARS)
    before, after = text[start:marked], text[marked : min(marked + _MAX_BRACKET_CHARS, stop.endpos)]
    quoting = _QUOTING_BRACKETS if rules is JAPANESE_RULES else ()
    for opening, closing in (*_BRACKETS, *_TITLE_BRACKETS, *quoting):
        if opening in before and closing in after:
            place = _find_open_bracket(before, opening, closing)
            inside = start + place > sentence_start or opening in "《〈"
            if place >= 0 and inside and _is_closed(after, opening, closing):
                return True
    return False


def _find_open_bracket(before: str, opening: str, closing: str) -> int:
    """Where the last bracket begins that is not closed; -1 where all are. Smileys are none."""
    closed = 0
    for place in range(len(before) - 1, -1, -1):
        if before[place] == closing:
            closed += 1
        elif before[place] == opening and before[max(place - 1, 0)] not in ":;-=":
            if not closed:
                return place
            closed -= 1
    return -1


def _is_closed(after: str, opening: str, closing: str) -> bool:
    """Whether a bracket that is open ends in ``after``, brackets inside it apart."""
    opened = 1
    for char in after:
        opened += (char == opening) - (char == closing)
        if not opened:
            return True
    return False
