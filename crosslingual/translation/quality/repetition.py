"""What the shape of a translation gives away: it repeats itself, or is its source again."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from crosslingual.language.scripts import CYRILLIC, HAN, HAN_RUN, KANA, WIDE_CHARS, is_han

TOKEN_PATTERN = re.compile(rf"[{KANA}{HAN}]|[^\W_{KANA}{HAN}]+")
"""A word; in Chinese and Japanese a character."""

_CYRILLIC_RUN = re.compile(f"[{CYRILLIC}]+(?: +[{CYRILLIC}]+)*")
_REPEATED_CHARS = re.compile(r"([^\s.…·•\-–—_=*~]{1,4}?)\1{7,}")
_SCRIPT_PATTERNS = {
    "zh": HAN_RUN,
    "ja": HAN_RUN,
    "ru": _CYRILLIC_RUN,
    "uk": _CYRILLIC_RUN,
    "be": _CYRILLIC_RUN,
    "bg": _CYRILLIC_RUN,
}
_MAX_CHARS, _MAX_TOKENS = 4000, 600
_MAX_PERIOD_TOKENS = 40
_MIN_RUN_WORDS, _MIN_RELATED_RUN_WORDS = 3, 6
"""Words in a row, not all of them names, that show a source left as it is; between languages alike."""


def find_repetition(text: str) -> str:
    """What ``text`` says again and again without end, else empty.

    A word four times in a row, two or three words three times, more words twice.
    """
    if match := _REPEATED_CHARS.search(text[:_MAX_CHARS]):
        return match[1]
    tokens = TOKEN_PATTERN.findall(text[:_MAX_CHARS].lower())
    for period in range(1, min(_MAX_PERIOD_TOKENS, len(tokens) // 2) + 1):
        few = sum(is_han(token) for token in tokens[:period]) // 2
        wanted = period * (3 if period == 1 else 2 if period - few < 4 else 1)
        run = 0
        for place in range(period, len(tokens)):
            run = run + 1 if tokens[place] == tokens[place - period] else 0
            if run >= wanted:
                return _join_tokens(tokens[place - period + 1 : place + 1])
    return ""


def find_untranslated_span(src: str, tgt: str, src_lang: str, tgt_lang: str) -> str:
    """What ``tgt`` has of ``src`` that is not translated, else empty.

    Where the languages have scripts of their own a single word of the source's is enough, but names in
    Latin letters stand in texts of any script; else some words in a row, not all with capitals.
    """
    if src_lang == tgt_lang:
        return ""
    src, tgt = src[:_MAX_CHARS], tgt[:_MAX_CHARS]
    own = _SCRIPT_PATTERNS.get(src_lang)
    if own and own is not _SCRIPT_PATTERNS.get(tgt_lang) and tgt_lang not in ("ja", "ko"):
        for match in own.finditer(tgt):
            if len(match[0]) > 1 and match[0] in src:
                return match[0]
    ours, theirs = (TOKEN_PATTERN.findall(text)[:_MAX_TOKENS] for text in (src, tgt))
    same = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
    words = ours[same.a : same.a + same.size]
    plain = [word for word in words if word.islower() and len(word) > 1 and word.isalpha()]
    enough = _MIN_RELATED_RUN_WORDS if own and own is _SCRIPT_PATTERNS.get(tgt_lang) else _MIN_RUN_WORDS
    left = len([word for word in words if word.isalpha()]) >= enough and len(plain) > 1
    whole = words == ours and len(words) > 1 and plain
    return _join_tokens(words) if left or whole else ""


def _join_tokens(tokens: list[str]) -> str:
    return re.sub(f"(?<=[{WIDE_CHARS}]) (?=[{WIDE_CHARS}])", "", " ".join(tokens))
