"""What the shape of a translation gives away: it repeats itself, or is its source again."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from crosslingual.language.scripts import CYRILLIC, HAN, HAN_RUN, KANA, WIDE, is_han

TOKEN = re.compile(rf"[{KANA}{HAN}]|[^\W_{KANA}{HAN}]+")
"""A word; in Chinese and Japanese a character."""

_CYRILLIC = re.compile(f"[{CYRILLIC}]+(?: +[{CYRILLIC}]+)*")
_CHARACTERS = re.compile(r"([^\s.…·•\-–—_=*~]{1,4}?)\1{7,}")
_SCRIPTS = {"zh": HAN_RUN, "ja": HAN_RUN, "ru": _CYRILLIC, "uk": _CYRILLIC, "be": _CYRILLIC, "bg": _CYRILLIC}
_MOST, _TOKENS = 4000, 600
_PERIODS = 40
_RUN, _KIN = 3, 6
"""Words in a row, not all of them names, that show a source left as it is; between languages alike."""


def repetition(text: str) -> str:
    """What ``text`` says again and again without end, else empty.

    A word four times in a row, two or three words three times, more words twice.
    """
    if match := _CHARACTERS.search(text[:_MOST]):
        return match[1]
    tokens = TOKEN.findall(text[:_MOST].lower())
    for period in range(1, min(_PERIODS, len(tokens) // 2) + 1):
        few = sum(is_han(token) for token in tokens[:period]) // 2
        wanted = period * (3 if period == 1 else 2 if period - few < 4 else 1)
        run = 0
        for place in range(period, len(tokens)):
            run = run + 1 if tokens[place] == tokens[place - period] else 0
            if run >= wanted:
                return _joined(tokens[place - period + 1 : place + 1])
    return ""


def copied(src: str, tgt: str, src_lang: str, tgt_lang: str) -> str:
    """What ``tgt`` has of ``src`` that is not translated, else empty.

    Where the languages have scripts of their own a single word of the source's is enough, but names in
    Latin letters stand in texts of any script; else some words in a row, not all with capitals.
    """
    if src_lang == tgt_lang:
        return ""
    src, tgt = src[:_MOST], tgt[:_MOST]
    own = _SCRIPTS.get(src_lang)
    if own and own is not _SCRIPTS.get(tgt_lang) and tgt_lang not in ("ja", "ko"):
        for match in own.finditer(tgt):
            if len(match[0]) > 1 and match[0] in src:
                return match[0]
    ours, theirs = (TOKEN.findall(text)[:_TOKENS] for text in (src, tgt))
    same = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
    words = ours[same.a : same.a + same.size]
    plain = [word for word in words if word.islower() and len(word) > 1 and word.isalpha()]
    enough = _KIN if own and own is _SCRIPTS.get(tgt_lang) else _RUN
    left = len([word for word in words if word.isalpha()]) >= enough and len(plain) > 1
    whole = words == ours and len(words) > 1 and plain
    return _joined(words) if left or whole else ""


def _joined(tokens: list[str]) -> str:
    return re.sub(f"(?<=[{WIDE}]) (?=[{WIDE}])", "", " ".join(tokens))
