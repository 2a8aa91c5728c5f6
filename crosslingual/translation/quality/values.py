"""Numbers that a translation lost or made up, whether in digits or in words."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from crosslingual.language.han_numbers import find_tenths
from crosslingual.language.names import find_calendar_words
from crosslingual.language.number_words import find_scales, possible_values
from crosslingual.language.numbers import find_digit_numbers
from crosslingual.language.scripts import HAN, HAN_LANGUAGES

_NUMBER_CHUNK = re.compile(r"\d{1,15}(?:[.,'’\u00a0\u202f\u2009 ]\d{1,15}){0,6}")
_DIGIT_GAP = re.compile(f"(?<=[0-9]) +(?=[{HAN}])")
_PERCENT_WORD = re.compile("[%％]|per ?cent|процент|відсот|prozent|pour ?cent")
_CLOCK_TIME = re.compile(r"(?<![\d:.,])(\d{1,2}):(\d{1,2})(?![\d:.,]\d|\d)")
_DOTTED_TIME = re.compile(r"([01]?\d|2[0-3])\.([0-5]\d)")
_GERMAN_TIME = re.compile(r"(?<![\d:.,])(\d{1,2})\.(\d{2})(?=\s?Uhr)")
_HALF_HOUR = re.compile(r"[点點时時]半|\bhalf past\b|\bet demie\b")
_MAX_CHARS = 2000
_MULTIPLE_WORD = re.compile(r"倍|\btimes|fold|\bраз(?:а|и|ів)?\b|\bfois|mal\b")
_SHORT_SCALES = {Decimal(10) ** power: re.compile(rf"\d{letter}\b") for power, letter in ((6, "m"), (9, "b"))}
"""As headlines write millions and billions: £125m."""


def missing_numbers(src: str, tgt: str, src_lang: str, tgt_lang: str) -> tuple[str, ...]:
    """Numbers that ``src`` has in digits and ``tgt`` in no form, as ``src`` writes them."""
    here = _stated_numbers(src, src_lang)
    if not here:
        return ()
    there = _possible_numbers(tgt, tgt_lang)
    return tuple(
        text for value, text in here if not _is_among(value, there) and not _is_clock_time(text, there)
    )


def _is_clock_time(text: str, values: frozenset[Decimal]) -> bool:
    """Whether what is written 10.30 is that time of day opposite."""
    match = _DOTTED_TIME.fullmatch(text)
    return match is not None and all(_is_among(Decimal(part), values) for part in match.groups())


def _is_among(value: Decimal, values: frozenset[Decimal]) -> bool:
    return not _equivalent_values(value).isdisjoint(values)


def _stated_numbers(text: str, lang: str) -> tuple[tuple[Decimal, str], ...]:
    """Values in digits that can be read in one way only, and how they are written."""
    text = _normalize_digits(text)
    found = {}
    tenths = tuple(find_tenths(text)) if lang in HAN_LANGUAGES else ()
    for key, start, end in find_digit_numbers(text, lang):
        kind, _, value = key.partition(":")
        if kind != "m" and not any(start < after and at < end for _, at, after in tenths):
            found[abs(Decimal(value))] = text[start:end].strip()
    found |= {value: text[start:end] for value, start, end in tenths}
    for match in (*_CLOCK_TIME.finditer(text), *_GERMAN_TIME.finditer(text)):
        found |= {Decimal(part): match[0] for part in match.groups() if int(part)}
    return tuple(found.items())


@lru_cache(maxsize=4096)
def _possible_numbers(text: str, lang: str) -> frozenset[Decimal]:
    """Every value that ``text`` might state."""
    text = _normalize_digits(text)
    found = {value for value, _ in _stated_numbers(text, lang)} | possible_values(text, lang)
    for chunk in _NUMBER_CHUNK.findall(text):
        groups = re.split(r"\D", chunk)
        found |= {Decimal(group) for group in groups}
        if all(len(group) == 3 for group in groups[1:]):
            found.add(Decimal("".join(groups)))
        found.add(Decimal(f"{''.join(groups[:-1]) or '0'}.{groups[-1]}"))
    dated = (*find_digit_numbers(text, lang), *find_calendar_words(text, lang))
    found |= {Decimal(key[2:]) for key, _, _ in dated if key.startswith("m:")}
    small = text.lower()
    if _HALF_HOUR.search(small):
        found.add(Decimal(30))
    if _PERCENT_WORD.search(small):
        found |= {value / 100 for value in found}
    scales = [
        *find_scales(text, lang),
        *(scale for scale, letter in _SHORT_SCALES.items() if letter.search(small)),
    ]
    if _MULTIPLE_WORD.search(small):  # 1.7 times as much is 170 per cent
        scales.append(Decimal(100))
    found |= {value * scale for value in [*found, Decimal(1)] for scale in scales}
    for value in list(found):
        if value == int(value) and 1000 <= value < 2200:  # a year tells its century and decade
            found |= {value // 100 + 1, value // 100, value % 100, value % 100 // 10 * 10}
    return frozenset(found)


def _normalize_digits(text: str) -> str:
    """Without full-width digits, and with 3 万 written as 3万."""
    return _DIGIT_GAP.sub("", unicodedata.normalize("NFKC", text[:_MAX_CHARS]))


def _equivalent_values(value: Decimal) -> frozenset[Decimal]:
    """What counts as ``value``: 22 o'clock is 10 in the evening, 1.5 one and a half."""
    found = {value}
    if 13 <= value <= 24:
        found.add(value - 12)
    if value <= 12:
        found.add(value + 12)
    return frozenset(found)
