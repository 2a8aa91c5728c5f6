"""Numbers by their value, however a language writes them, in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from crosslingual.language.number_tables import SCALE_WORDS
from crosslingual.language.number_words import find_word_numbers
from crosslingual.language.scripts import HAN_LANGUAGES, is_spaced

KeyedSpan = tuple[str, int, int]
"""What was found, as a key that is the same in every language, and where: start and end in the text."""

_SPACE_CHARS = "[ \u00a0\u202f\u2009]"
_DIGIT_RUN = re.compile(rf"\d+(?:[.,'’]\d+|{_SPACE_CHARS}\d{{3}}(?!\d))*")
_LITERAL_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPING_PATTERNS = {
    # thousands, decimals
    "comma": (re.compile(rf"\d{{1,3}}(?:(?:,|{_SPACE_CHARS})\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?"), "."),
    "dot": (re.compile(rf"\d{{1,3}}(?:(?:\.|['’]|{_SPACE_CHARS})\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?"), ","),
    # A comma or point before just three digits is thousands to one writer and decimals to another.
    "space": (
        re.compile(rf"\d{{1,3}}(?:{_SPACE_CHARS}\d{{3}})+(?:,\d+)?|0,\d+|\d+(?:[.,](?!\d{{3}}$)\d+)?"),
        ",",
    ),
    "": (re.compile(r"\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d+"), "."),
}
_GROUPING_BY_LANG = {
    **dict.fromkeys(("en", "zh", "ja", "ko"), "comma"),
    "de": "dot",
    **dict.fromkeys(("ru", "uk", "fr"), "space"),
}
_PERCENTAGE_POINTS = re.compile(
    r"(?:\s?percentage points?|\s?percentage-point|\s?процентн\w+ пункт\w*"
    r"|\s?п\. ?п\.|\s?відсотков\w+ пункт\w*|\s?Prozentpunkte?n?"
    r"|\s?points? de (?:pourcentage|pourcent)|个?百分点)"
)
_PERCENT = re.compile(
    r"\s?(?:%|％|(?:percent|per cent|процент\w{0,3}|відсот\w{2,4}|Prozent|pour cent|pour-cent)(?!\w))"
)
_MONTH_SUFFIX = re.compile(r"\s?月")
_RANGE_JOINER = re.compile(
    r"\s?(?:[-–—~〜]|至|到|\b(?:to|and|or|и|или|до|або|і|та|bis|und|oder|à|et|ou)\b)\s?(?=\d)"
)
_NUMERIC_DATE = re.compile(
    r"(?<!\d)(?<!\d[.-])(?:(\d{4})-(\d\d)-(\d\d)|(\d\d?)\.(\d\d?)\.(\d{4}))(?![.-]?\d)"
)


@lru_cache(maxsize=20_000)
def find_numbers(text: str, lang: str) -> tuple[KeyedSpan, ...]:
    """Numbers of ``text`` in digits, as ``find_digit_numbers`` gives them, and those surely meant in words.

    In words only from three on: one and two are in many words besides.
    """
    found = list(find_digit_numbers(text, lang))
    for one in find_word_numbers(text, lang):
        clear = not any(start < one.end and one.start < end for _, start, end in found)
        if one.exact and one.value > 2 and clear:
            kind, end = _number_kind(text, one.start, one.end)
            found.append((f"{kind}:{one.value:f}", one.start, end))
    return tuple(sorted(found, key=lambda one: one[1:]))


def number_keys(text: str, lang: str) -> frozenset[str]:
    """Values of the numbers in ``text``, and what is no value by itself (10:30, F-16) as it is written."""
    found = find_numbers(text, lang)
    keys = {key.partition(":")[2].lstrip("-") for key, _, _ in found}
    for match in _LITERAL_NUMBER.finditer(text):
        if not any(start < match.end() and match.start() < end for _, start, end in found):
            keys.add(match[0])
    return frozenset(keys)


def find_digit_numbers(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Numbers in digits: ``n:1200`` (also a year, a day), ``%:5``, ``pp:5`` (points), ``m:5`` (a month).

    1,200 is 1200 in English, 1.2 in German; 1.2万, 12 тыс., 1,2 Mio. and $3bn count what they name. What can
    be read in two ways, and what is part of a name (F-16), a time or a ratio (10:30, 3/4), is left out.
    """
    dates = [date for date in _NUMERIC_DATE.finditer(text) if lang in ("ru", "uk", "de") or date[1]]
    for date in dates:
        year, month, day = date.group(1, 2, 3) if date[1] else date.group(6, 5, 4)
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield from (
                (f"{kind}:{int(value)}", *date.span())
                for kind, value in (("n", year), ("m", month), ("n", day))
            )
    at = 0
    while match := _DIGIT_RUN.search(text, at):
        at = match.end()
        if any(date.start() < match.end() and match.start() < date.end() for date in dates):
            continue
        value = _parse_value(match[0], lang)
        if value is None or _is_part_of_word(text, match.start()):
            continue
        amount, end = _apply_scales(text, value, match.end(), lang)
        kind, end = _number_kind(text, match.start(), end)
        if lang in HAN_LANGUAGES and kind == "n" and (month := _MONTH_SUFFIX.match(text, end)):
            if amount == int(amount) and 1 <= amount <= 12:
                yield f"m:{int(amount)}", match.start(), month.end()
            continue
        if _is_continued(text, end, scaled=amount != value):
            continue
        if amount == value and kind == "n" and _shares_following_unit(text, end, lang):
            continue  # the 5 of "5 to 7 million"
        sign = "-" if _is_negative(text, match.start()) else ""
        yield f"{kind}:{sign}{amount.normalize():f}", match.start() - len(sign), end
        at = max(at, end)


def _parse_value(chunk: str, lang: str) -> Decimal | None:
    pattern, decimal = _GROUPING_PATTERNS[_GROUPING_BY_LANG.get(lang, "")]
    if not pattern.fullmatch(chunk) or len(chunk) > 24:
        return None
    if _GROUPING_BY_LANG.get(lang) == "space":
        chunk = chunk.replace(".", ",")
    whole, _, rest = chunk.partition(decimal)
    return Decimal(re.sub(r"\D", "", whole) + (f".{rest}" if rest else ""))


def _apply_scales(text: str, value: Decimal, end: int, lang: str) -> tuple[Decimal, int]:
    """The value with the words of size behind it (2 млн 300 тыс., 1亿2000万), and where these end."""
    total, least = Decimal(0), 99
    while True:
        power, after = _match_scale(text, end, lang)
        if not power or power >= least:
            return (total + value, end) if least == 99 else (total, end)
        total, end, least = total + value * 10**power, after, power
        more = _DIGIT_RUN.match(text, after + (text[after : after + 1] in (" ", "\u00a0")))
        following = _parse_value(more[0], lang) if more else None
        if more is None or following is None or following >= 10**least:
            return total, end
        if not _match_scale(text, more.end(), lang)[0]:
            if lang in HAN_LANGUAGES and more.start() == after:
                return total + following, more.end()
            return total, end
        value, end = following, more.end()


def _match_scale(text: str, end: int, lang: str) -> tuple[int, int]:
    for power, pattern in _scale_patterns(lang):
        if match := pattern.match(text, end):
            return power, match.end()
    return 0, end


@cache
def _scale_patterns(lang: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    gap = f"{_SPACE_CHARS}?[多余來来]?" if lang in HAN_LANGUAGES else f"(?:{_SPACE_CHARS}|-)?"
    close = "" if lang in HAN_LANGUAGES else r"(?!\w)"
    return tuple(
        (power, re.compile(f"{gap}(?:{words}{'|' if short else ''}{short}){close}"))
        for power, words, short in SCALE_WORDS.get(lang, ())
    )


def _number_kind(text: str, start: int, end: int) -> tuple[str, int]:
    if match := _PERCENTAGE_POINTS.match(text, end):
        return "pp", match.end()
    if match := _PERCENT.match(text, end):
        return "%", match.end()
    return ("%", end) if text[max(0, start - 3) : start] == "百分之" else ("n", end)


def _is_part_of_word(text: str, start: int) -> bool:
    before, further = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if is_spaced(before) or before == "_":
        return True
    if before in ("-", "–", "—", "−", "‑"):
        return is_spaced(further)
    return before in (":", "/", ".", ",") and further.isdigit()


def _is_continued(text: str, end: int, *, scaled: bool) -> bool:
    """Whether what stands behind makes it another thing: 10:30, 1/2, 1990s, 1990-х, 5G."""
    rest = text[end : end + 4]
    if re.match(r"[:/]\d|年代|_", rest) or re.match(r"[-‑](?:х|е|ые|ых|та|ті|ми)(?!\w)", rest):
        return True
    if scaled or re.match(r"(?:st|nd|rd|th)(?!\w)", rest):
        return False
    return is_spaced(rest[:1])


def _shares_following_unit(text: str, end: int, lang: str) -> bool:
    if not (joint := _RANGE_JOINER.match(text, end)) or not (chunk := _DIGIT_RUN.match(text, joint.end())):
        return False
    return (
        bool(_match_scale(text, chunk.end(), lang)[0])
        or _number_kind(text, chunk.start(), chunk.end())[0] != "n"
    )


def _is_negative(text: str, start: int) -> bool:
    return text[start - 1 : start] in ("-", "−") and not text[max(0, start - 2) : start - 1].isdigit()
