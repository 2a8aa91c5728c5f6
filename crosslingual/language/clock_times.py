"""The time of day in a date: 10:30, 10.30 Uhr, 10h30, 下午3点05分, 3:05 PM, with its offset from UTC."""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone

from crosslingual.language.calendar_words import calendar_words, fold_word

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"|(?<![\d.])(?P<h2>\d{1,2})\.(?P<m2>\d{2}) ?uhr\b"
    r"|\b(?:kl|klo)\.? ?(?P<h3>\d{1,2})\.(?P<m3>\d{2})(?![.\d])"
    r"|(?<=\d{4}),? (?P<h5>\d{1,2})\.(?P<m5>\d{2})(?:\.(?P<s5>\d{2}))?(?![.\d])"
    r"|(?<!\d)(?P<h4>\d{1,2}) ?(?:[時时点點시]|h(?=[\d\s]|$)) ?(?:(?P<m4>\d{1,2}) ?(?:[分분]|min\b)?)?"
    r"(?: ?(?P<s4>\d{1,2}) ?[秒초])?"
)
_ISO_MARK = re.compile(r"(?<=\d)t(?=\d{1,2}:\d)")
_HALF_OF_DAY = re.compile(r"\b([ap]) ?\. ?m\b\.?")
_CLOCK_WORD = re.compile(r"^ ?(?:uhr|hrs?|h|ч)\b")
_OFFSET = re.compile(r" ?(?:utc|gmt|ut)? ?([+-])(\d{1,2}):?(\d{2})?(?![\d:])")
_ZONE_NAME = re.compile(r" ?\(?([a-zа-я]{1,5})\)?(?=[ ,)]|$)")
_ZONE_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "est": -5, "edt": -4, "pst": -8, "pdt": -7, "mdt": -6, "cdt": -5,
    "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "jst": 9, "kst": 9, "hkt": 8,
    "sgt": 8, "wib": 7,
}  # fmt: skip
_AMBIGUOUS_ZONES = frozenset(["cst", "ist", "bst", "ast", "mst", "sst", "gst", "pkt", "trt"])
"""Abbreviations of several zones, or of one that has changed."""


def split_clock_time(text: str) -> tuple[str, time | str | None]:
    """``text``, in small letters, without the time of day in it, and that time.

    The time is "" where there is none, and None where what looks like one is none.
    """
    text = _HALF_OF_DAY.sub(r" \1m ", _ISO_MARK.sub(" ", text))
    match = _CLOCK.search(text)
    if not match:
        return text, ""
    groups = match.groupdict()
    hour, minute, second = (
        next((int(groups[key]) for key in keys if groups.get(key)), 0)
        for keys in (
            ("h", "h2", "h3", "h4", "h5"),
            ("m", "m2", "m3", "m4", "m5"),
            ("s", "s4", "s5"),
        )
    )
    before, after = text[: match.start()], text[match.end() :]
    after = _CLOCK_WORD.sub("", after)
    before, after, hour = _apply_half_of_day(before, after, hour)
    after, offset = _split_offset(after)
    try:
        zone = None if offset is None else timezone(timedelta(minutes=offset))
        return f"{before} {after}", time(hour, minute, second, tzinfo=zone)
    except ValueError:
        return text, None


def _apply_half_of_day(before: str, after: str, hour: int) -> tuple[str, str, int]:
    """What stands around a time without the word for its half of the day, and the hour of 24."""
    known = calendar_words()
    ending, beginning = before.rstrip(), after.lstrip()
    for words, base in ((known.morning, 0), (known.afternoon, 12)):
        for word in words:
            if ending.endswith(word) and not _is_inside_word(word, ending[: -len(word)][-1:]):
                before = ending[: -len(word)]
            elif beginning.startswith(word) and not _is_inside_word(word, beginning[len(word) :][:1]):
                after = beginning[len(word) :]
            else:
                continue
            return before, after, hour % 12 + base if hour <= 12 else hour
    return before, after, hour


def _is_inside_word(word: str, neighbour: str) -> bool:
    return word < "\u2e80" and neighbour.isalpha()  # words of East Asia stand without spaces


def _split_offset(after: str) -> tuple[str, int | None]:
    """What follows a time without its offset from UTC, and that in minutes; None where it says none."""
    if match := _OFFSET.match(after):
        minutes = 60 * int(match[2][:2]) + int(match[3] or 0)
        return after[match.end() :], -minutes if match[1] == "-" else minutes
    if match := _ZONE_NAME.match(after):
        name = fold_word(match[1])
        if name in _ZONE_HOURS:
            return after[match.end() :], 60 * _ZONE_HOURS[name]
        if name in _AMBIGUOUS_ZONES:
            return after[match.end() :], None
    return after, None
