"""Numbers in Chinese numerals: 三百二十万, 廿一, 一点五亿, 二〇二四."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from crosslingual.language.number_tables import HAN_DIGITS, HAN_SCALES, HAN_TENS, HAN_UNITS

_HAN_RUN = re.compile(
    f"(?<![0-9])[{''.join((*HAN_DIGITS, *HAN_UNITS, *HAN_TENS))}]"
    f"[{''.join((*HAN_DIGITS, *HAN_UNITS, *HAN_TENS, *HAN_SCALES))}]{{0,39}}"
    f"(?:点(?P<rest>[零〇一二三四五六七八九]{{1,6}})(?P<scale>[{''.join(HAN_SCALES)}]{{0,2}}))?"
)
_COUNTED_UNIT = re.compile(
    "[个個名人岁歲年次天项項位家只隻条條日号场場艘架辆輛座枚起例元倍]|公里|公斤|英里|小时|小時|分钟|分鐘|百分点|美元"
)
"""What is counted: a single numeral before it is a number, not part of a name such as 三峡, 四川."""
_UNCOUNTED_UNIT = re.compile("月|国集团|國集團|[年]?代|世[纪紀]")
_ORDINAL_PREFIX = re.compile("(?:第|周|星期|礼拜|初|[数几幾上近成])$")

_TENTHS = re.compile(
    r"(?<![0-9一二三四五六七八九十百千万两])(?P<tens>[1-9一二三四五六七八九两])\s?成(?P<ones>[1-9一二三四五六七八九半])?"
    "(?![员員立果本功为為熟年套份交绩績品长長语語都堆群效就分])(?!人(?!口|士))"
)


def find_tenths(text: str) -> Iterator[tuple[Decimal, int, int]]:
    """Tenths as percentages, with their start and end: 两成 is 20, 3成5 is 35, 两成员国 is none."""
    for match in _TENTHS.finditer(text):
        tens, ones = (
            HAN_DIGITS[one] if one in HAN_DIGITS else 5 if one == "半" else int(one)
            for one in (match["tens"], match["ones"] or "0")
        )
        yield Decimal(10 * tens + ones), match.start(), match.end()


def find_han_numbers(text: str) -> Iterator[tuple[Decimal, int, int, bool]]:
    """Runs of Chinese numerals: value, start, end, and whether it surely is a number."""
    for match in _HAN_RUN.finditer(text):
        end = match.end()
        whole = match[0]
        percent = text.endswith("百分之", 0, match.start())
        if match["rest"]:
            counts = match["scale"] or percent or _COUNTED_UNIT.match(text, end)
            time = whole.partition("点")[0]
            if counts or (len(match["rest"]) > 1 and _han_value(time) > 24):
                decimals = "".join(str(HAN_DIGITS[char]) for char in match["rest"])
                value = Decimal(f"{_han_value(time)}.{decimals}")
                for char in match["scale"]:
                    value *= HAN_SCALES[char]
                yield value.normalize(), match.start(), end, True
                continue
            end = match.start() + len(time)
            whole = time
        if whole == "百" and text.startswith("分之", end):
            continue
        value = Decimal(_han_value(whole))
        if set(whole) <= set(HAN_DIGITS) and len(whole) in (2, 3):  # 两三个 is two or three
            spots = enumerate(whole, match.start())
            yield from ((Decimal(HAN_DIGITS[one]), at, at + 1, False) for at, one in spots)
        exact = _is_exact(whole, counted=percent or _COUNTED_UNIT.match(text, end) is not None)
        exact = (
            exact
            and not _UNCOUNTED_UNIT.match(text, end)
            and not _ORDINAL_PREFIX.search(text[max(0, match.start() - 2) : match.start()])
        )
        yield value, match.start(), end, exact


def _is_exact(run: str, *, counted: bool) -> bool:
    """Whether a run surely is a number: 三百, 十五, 二〇二四; 三 only where something is counted by it."""
    if set(run) <= set(HAN_DIGITS):
        return (len(run) == 1 and counted and run not in "一零〇") or (
            len(run) > 2 and (len(run) == 4 or not {"零", "〇"}.isdisjoint(run[1:]))
        )
    if re.search(f"[{''.join(HAN_DIGITS)}]{{2}}", re.sub("[零〇]", "", run)):
        return False  # 十四五 is the fourteenth plan of five years
    if run == "十一" or len(run) == 1:
        return counted
    return not set(run).isdisjoint(HAN_DIGITS) or run[0] in HAN_TENS or counted


def _han_value(run: str) -> int:
    """A run of numerals by its units, or read digit by digit where it has none; 三万五 is 35,000."""
    if set(run) <= set(HAN_DIGITS):
        return int("".join(str(HAN_DIGITS[char]) for char in run))
    total = section = digit = 0
    unit = 10
    for char in run:
        if char in HAN_DIGITS:
            digit = HAN_DIGITS[char]
            unit = unit if digit else 10  # 三万零五 is 30,005
        elif char in HAN_SCALES:
            scale = HAN_SCALES[char]
            section += digit
            if total and total < scale:
                total = (total + section) * scale
            else:
                total += (section or 1) * scale
            section, digit, unit = 0, 0, scale
        else:
            unit = 10 if char in HAN_TENS else HAN_UNITS[char]
            section += HAN_TENS.get(char) or (digit or 1) * unit
            digit = 0
    return total + section + digit * unit // 10
