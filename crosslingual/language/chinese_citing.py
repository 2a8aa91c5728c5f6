"""The words by which a Chinese sentence cites an outlet."""

from __future__ import annotations

import re

from crosslingual.language.citation_rules import LISTED_OUTLET, Cue, load_citation_rules
from crosslingual.language.outlets import OutletMention
from crosslingual.language.speech_verbs import citing_verbs

_WINDOW_CHARS = 18
_CLAUSE_MARK = re.compile(r"[，。；：！？,;:!?\n]")
_JOINING = f"{LISTED_OUTLET}、和及与《》“”〈〉"
"""What stands between the outlets of a list, and they."""


def find_chinese_cue(masked: str, mention: OutletMention) -> Cue | None:
    """The words that cite ``mention``; in ``masked`` each character of an outlet's name is ``LISTED_OUTLET``."""
    rules = load_citation_rules()["zh"]
    start = max(mention.start - _WINDOW_CHARS, 0)
    ahead = masked[start : mention.start].rstrip("《“〈")
    tail = masked[mention.end : mention.end + _WINDOW_CHARS].lstrip("》”〉")
    shift = len(masked[mention.end : mention.end + _WINDOW_CHARS]) - len(tail)
    tail_start = mention.end + shift
    # 据新华社、法新社报道: other outlets of the same list are looked over.
    close = ahead.rstrip(_JOINING) if LISTED_OUTLET in ahead else ahead
    rest = tail.lstrip(_JOINING) if LISTED_OUTLET in tail[:3] else tail
    skipped = len(tail) - len(rest)
    after = _cue_after(tail[skipped:], tail_start + skipped)
    before = None
    for match in re.finditer(rules["before"], close):
        gap = close[match.end() :]
        if not _CLAUSE_MARK.search(gap) and "、" not in gap and len(gap) <= 12:
            before = (match, gap)
    if before:
        match, gap = before
        needs_after = re.fullmatch(rules["needs_after"], match[0])
        is_direct = match[0] in ("据", "據", "根据") and tail[skipped : skipped + 1] in ("，", ",", "：")
        if not needs_after or is_direct or after:
            return Cue(start + match.start(), start + match.end(), is_adjacent=len(gap) <= 4)
    return after


def _cue_after(tail: str, offset: int) -> Cue | None:
    rules = load_citation_rules()["zh"]
    clause = _CLAUSE_MARK.split(tail)[0]
    if match := re.search(rules["after"], clause):
        is_doubtful = bool(re.search(rules["roles"], clause[: match.start()]))
        return Cue(
            offset + match.start(),
            offset + match.end(),
            is_doubtful=is_doubtful,
            is_adjacent=match.start() <= 4,
        )
    weak = citing_verbs("zh", "weak").search(clause)
    if (
        weak
        and weak.start() <= 8
        and not re.search(rules["roles"] + "|记者|評論員|评论员", clause[: weak.start()])
    ):
        return Cue(offset + weak.start(), offset + weak.end(), is_weak=True, is_adjacent=weak.start() <= 2)
    return None
