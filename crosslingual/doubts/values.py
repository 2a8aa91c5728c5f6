"""Numbers that a translation lost or made up, whether in digits or in words."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from crosslingual.align.anchors import anchors
from crosslingual.language.number_words import spelled
from crosslingual.language.numbers import figures

_CHUNK = re.compile(r"\d{1,15}(?:[.,'’\u00a0\u202f\u2009 ]\d{1,15}){0,6}")
_GAP = re.compile("(?<=[0-9]) +(?=[\u4e00-\u9fff])")
_PERCENT = re.compile("[%％]|per ?cent|процент|відсот|prozent|pour ?cent")
_TIME = re.compile(r"(?<![\d:.,])(\d{1,2}):(\d{1,2})(?![\d:.,]\d|\d)")
_MOST = 2000
_SIZES = {
    2: r"倍|\btimes|fold|\bраз(?:а|и)?\b|\bfois|mal\b",  # 1.7 times as much is 170 per cent
    3: "thousand|tausend|tsd|mille|milliers?|тысяч|тыс|тисяч|тис|千",
    4: "[万萬]",
    5: "十[万萬]",
    6: r"million|mn\b|mio\b|миллион|мільйон|млн|百[万萬]|\dm\b",
    7: "千[万萬]",
    8: "[亿億]",
    9: r"billion|bn\b|milliard|mrd\b|миллиард|мільярд|млрд|\db\b|十[亿億]",
    12: r"trillion|tn\b|billion|триллион|трильйон|трлн|[万萬][亿億]|兆",
}
_SCALES = {Decimal(10) ** power: re.compile(words) for power, words in _SIZES.items()}


def lost(src: str, tgt: str, src_lang: str, tgt_lang: str) -> tuple[str, ...]:
    """Numbers that ``src`` has in digits and ``tgt`` in no form, as ``src`` writes them."""
    here = _stated(src, src_lang)
    if not here:
        return ()
    there = _readings(tgt, tgt_lang)
    return tuple(text for value, text in here if _forms(value).isdisjoint(there))


def _stated(text: str, lang: str) -> tuple[tuple[Decimal, str], ...]:
    """Values in digits that can be read in one way only, and how they are written."""
    text = _plain(text)
    found = {}
    for key, start, end in figures(text, lang):
        kind, _, value = key.partition(":")
        if kind != "m":
            found[abs(Decimal(value))] = text[start:end].strip()
    for match in _TIME.finditer(text):
        found |= {Decimal(part): match[0] for part in match.groups() if int(part)}
    return tuple(found.items())


@lru_cache(maxsize=4096)
def _readings(text: str, lang: str) -> frozenset[Decimal]:
    """Every value that ``text`` might state."""
    text = _plain(text)
    found = {value for value, _ in _stated(text, lang)} | spelled(text, lang)
    for chunk in _CHUNK.findall(text):
        groups = re.split(r"\D", chunk)
        found |= {Decimal(group) for group in groups}
        if all(len(group) == 3 for group in groups[1:]):
            found.add(Decimal("".join(groups)))
        found.add(Decimal(f"{''.join(groups[:-1]) or '0'}.{groups[-1]}"))
    found |= {Decimal(anchor.key[2:]) for anchor in anchors(text, lang) if anchor.key.startswith("m:")}
    small = text.lower()
    if _PERCENT.search(small):
        found |= {value / 100 for value in found}
    scales = [scale for scale, words in _SCALES.items() if words.search(small)]
    found |= {value * scale for value in [*found, Decimal(1)] for scale in scales}
    for value in list(found):
        if value == int(value) and 1000 <= value < 2200:  # a year tells its century and decade
            found |= {value // 100 + 1, value // 100, value % 100, value % 100 // 10 * 10}
    return frozenset(found)


def _plain(text: str) -> str:
    """Without full-width digits, and with 3 万 written as 3万."""
    return _GAP.sub("", unicodedata.normalize("NFKC", text[:_MOST]))


def _forms(value: Decimal) -> frozenset[Decimal]:
    """What counts as ``value``: 22 o'clock is 10 in the evening, 1.5 one and a half."""
    found = {value}
    if 13 <= value <= 24:
        found.add(value - 12)
    if value <= 12:
        found.add(value + 12)
    return frozenset(found)
