"""Words of a sentence that may be names, and those beside one another that are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from crosslingual.framing.mentions import MAX_CHARS, MAX_MENTIONS, Mention
from crosslingual.language.speakers import is_german_noun

_MAX_NAME_CHARS = 30
"""Letters of a name."""
_WORD_PATTERN = re.compile(r"(?:(?![\d_])\w)+(?:['’-](?:(?![\d_])\w)+)*")
_OPENING_CHARS = '"«„“‘‚‹([{:.!?…—–'
_ABBREVIATION = re.compile(r"(?<!\w)\w{1,2}\.$")
"""Ends no sentence: an initial, or Mr. before a name."""
_NAME_GAP = re.compile(r"[ \u00a0](?:\w\.[ \u00a0]?){0,2}")
"""What stands between two words of one name: a space, and initials."""


def find_name_mentions(text: str, lang: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Capitalised words that are none of the known places, months or days among ``mentions``.

    They are firm where they do not begin a sentence and are, in German, in no dictionary.
    """
    known = [mark for mark in mentions if mark.kind in ("name", "date", "number")]
    for match in islice(_WORD_PATTERN.finditer(text[:MAX_CHARS]), MAX_MENTIONS):
        word = match[0]
        if not 4 <= len(word) <= _MAX_NAME_CHARS or not word[0].isupper() or word.isupper():
            continue
        if lang == "zh" and not word.isascii():
            continue
        before = text[: match.start()].rstrip()
        first = not before or (before[-1] in _OPENING_CHARS and not _ABBREVIATION.search(before))
        clear = not any(mark.start < match.end() and match.start() < mark.end for mark in known)
        if clear:
            yield Mention(
                "name",
                re.sub(r"['’]s?$", "", word),
                *match.span(),
                is_firm=not first and not (lang == "de" and is_german_noun(word)),
            )


def group_name_words(text: str, names: Sequence[Mention]) -> list[list[Mention]]:
    """``names``, words of ``text``, with those together that stand beside one another: Anna Ivanova."""
    groups = [[one] for one in names[:1]]
    for before, after in pairwise(names):
        if _NAME_GAP.fullmatch(text, before.end, after.start):
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups
