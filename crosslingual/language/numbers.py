"""Numbers by their value, however a language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

Found = tuple[str, int, int]
"""What was found, as a key that is the same in every language, and where: start and end in the text."""

_SPACE = "[ \u00a0\u202f\u2009]"
_CHUNK = re.compile(rf"\d+(?:[.,'’]\d+|{_SPACE}\d{{3}}(?!\d))*")
_GROUPS = {
    # thousands, decimals
    "comma": (re.compile(rf"\d{{1,3}}(?:(?:,|{_SPACE})\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?"), "."),
    "dot": (re.compile(rf"\d{{1,3}}(?:(?:\.|['’]|{_SPACE})\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?"), ","),
    # A comma or point before just three digits is thousands to one writer and decimals to another.
    "space": (re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d+)?|0,\d+|\d+(?:[.,](?!\d{{3}}$)\d+)?"), ","),
    "": (re.compile(r"\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d+"), "."),
}
_WRITTEN = {
    **dict.fromkeys(("en", "zh", "ja", "ko"), "comma"),
    "de": "dot",
    **dict.fromkeys(("ru", "uk", "fr"), "space"),
}
_SLAVIC = "(?:[аиіыуеє]|ами|ах|ам|ом|ів|ов|ей|ею|)"
_SCALES: dict[str, tuple[tuple[str, int], ...]] = {
    "en": (("thousand", 3), ("million|mn", 6), ("billion|bn", 9), ("trillion|tn", 12)),
    "de": (
        ("Tausend|tausend|Tsd\\.?", 3),
        ("Million(?:en)?|Mio\\.?", 6),
        ("Milliarden?|Mrd\\.?", 9),
        ("Billion(?:en)?|Bio\\.", 12),
    ),
    "fr": (
        ("mille|milliers", 3),
        ("millions?", 6),
        ("milliards?|Mds?", 9),
        ("billions?", 12),
    ),
    "ru": (
        (f"тысяч{_SLAVIC}|тыс\\.?", 3),
        (f"миллион{_SLAVIC}|млн\\.?", 6),
        (f"миллиард{_SLAVIC}|млрд\\.?", 9),
        (f"триллион{_SLAVIC}|трлн\\.?", 12),
    ),
    "uk": (
        (f"тисяч{_SLAVIC}|тис\\.?", 3),
        (f"мільйон{_SLAVIC}|млн\\.?", 6),
        (f"мільярд{_SLAVIC}|млрд\\.?", 9),
        (f"трильйон{_SLAVIC}|трлн\\.?", 12),
    ),
    "zh": (
        ("万亿|萬億", 12),
        ("千亿|千億", 11),
        ("百亿|百億", 10),
        ("十亿|十億", 9),
        ("亿|億", 8),
        ("千万|千萬", 7),
        ("百万|百萬", 6),
        ("十万|十萬", 5),
        ("万|萬", 4),
        ("千(?![克米瓦赫卡伏焦帕字])", 3),
    ),
    "ja": (("兆", 12), ("億", 8), ("万", 4)),
}
_POINTS = re.compile(
    r"(?:\s?percentage points?|\s?percentage-point|\s?процентн\w+ пункт\w*"
    r"|\s?п\. ?п\.|\s?відсотков\w+ пункт\w*|\s?Prozentpunkte?n?"
    r"|\s?points? de (?:pourcentage|pourcent)|个?百分点)"
)
_PERCENT = re.compile(
    r"\s?(?:%|％|(?:percent|per cent|процент\w{0,3}|відсот\w{2,4}|Prozent|pour cent|pour-cent)(?!\w))"
)
_RANGE = re.compile(
    r"\s?(?:[-–—~〜]|至|到|\b(?:to|and|or|и|или|до|або|і|та|bis|und|oder|à|et|ou)\b)\s?(?=\d)"
)
_DATE = re.compile(r"(?<!\d)(?<!\d[.-])(?:(\d{4})-(\d\d)-(\d\d)|(\d\d?)\.(\d\d?)\.(\d{4}))(?![.-]?\d)")
_EASTERN = ("zh", "ja")


def figures(text: str, lang: str) -> Iterator[Found]:
    """Numbers of ``text``: ``n:1200`` (also a year, a day), ``%:5``, ``pp:5`` (points), ``m:5`` (a month).

    1,200 is 1200 in English, 1.2 in German; 1.2万, 12 тыс., 1,2 Mio. and $3bn count what they name. What can
    be read in two ways, and what is part of a name (F-16), a time or a ratio (10:30, 3/4), is left out.
    """
    dates = [date for date in _DATE.finditer(text) if lang in ("ru", "uk", "de") or date[1]]
    for date in dates:
        year, month, day = date.group(1, 2, 3) if date[1] else date.group(6, 5, 4)
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield from (
                (f"{kind}:{int(value)}", *date.span())
                for kind, value in (("n", year), ("m", month), ("n", day))
            )
    at = 0
    while match := _CHUNK.search(text, at):
        at = match.end()
        if any(date.start() < match.end() and match.start() < date.end() for date in dates):
            continue
        value = _value(match[0], lang)
        if value is None or _part_of_a_word(text, match.start()):
            continue
        amount, end = _scaled(text, value, match.end(), lang)
        kind, end = _kind(text, match.start(), end)
        if lang in _EASTERN and text[end : end + 1] == "月" and kind == "n":
            if amount == int(amount) and 1 <= amount <= 12:
                yield f"m:{int(amount)}", match.start(), end + 1
            continue
        if _goes_on(text, end, scaled=amount != value):
            continue
        if amount == value and kind == "n" and _shares_what_follows(text, end, lang):
            continue  # the 5 of "5 to 7 million"
        sign = "-" if _negative(text, match.start()) else ""
        yield f"{kind}:{sign}{amount.normalize():f}", match.start() - len(sign), end
        at = max(at, end)


def _value(chunk: str, lang: str) -> Decimal | None:
    pattern, decimal = _GROUPS[_WRITTEN.get(lang, "")]
    if not pattern.fullmatch(chunk) or len(chunk) > 24:
        return None
    if _WRITTEN.get(lang) == "space":
        chunk = chunk.replace(".", ",")
    whole, _, rest = chunk.partition(decimal)
    return Decimal(re.sub(r"\D", "", whole) + (f".{rest}" if rest else ""))


def _scaled(text: str, value: Decimal, end: int, lang: str) -> tuple[Decimal, int]:
    """The value with the words of size behind it (2 млн 300 тыс., 1亿2000万), and where these end."""
    total, least = Decimal(0), 99
    while True:
        power, after = _scale(text, end, lang)
        if not power or power >= least:
            return (total + value, end) if least == 99 else (total, end)
        total, end, least = total + value * 10**power, after, power
        more = _CHUNK.match(text, after + (text[after : after + 1] in (" ", "\u00a0")))
        following = _value(more[0], lang) if more else None
        if more is None or following is None or following >= 10**least:
            return total, end
        if not _scale(text, more.end(), lang)[0]:
            if lang in _EASTERN and more.start() == after:
                return total + following, more.end()
            return total, end
        value, end = following, more.end()


def _scale(text: str, end: int, lang: str) -> tuple[int, int]:
    gap = f"{_SPACE}?[多余來来]?" if lang in _EASTERN else f"(?:{_SPACE}|-)?"
    close = "" if lang in _EASTERN else r"(?!\w)"
    for word, power in _SCALES.get(lang, ()):
        if match := re.compile(f"{gap}(?:{word}){close}").match(text, end):
            return power, match.end()
    return 0, end


def _kind(text: str, start: int, end: int) -> tuple[str, int]:
    if match := _POINTS.match(text, end):
        return "pp", match.end()
    if match := _PERCENT.match(text, end):
        return "%", match.end()
    return ("%", end) if text[max(0, start - 3) : start] == "百分之" else ("n", end)


def _part_of_a_word(text: str, start: int) -> bool:
    before, further = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if _letter(before) or before == "_":
        return True
    if before in ("-", "–", "—", "−", "‑"):
        return _letter(further)
    return before in (":", "/", ".", ",") and further.isdigit()


def _goes_on(text: str, end: int, *, scaled: bool) -> bool:
    """Whether what stands behind makes it another thing: 10:30, 1/2, 1990s, 1990-х, 5G."""
    rest = text[end : end + 4]
    if re.match(r"[:/]\d|年代|_", rest) or re.match(r"[-‑](?:х|е|ые|ых|та|ті|ми)(?!\w)", rest):
        return True
    if scaled or re.match(r"(?:st|nd|rd|th)(?!\w)", rest):
        return False
    return _letter(rest[:1])


def _shares_what_follows(text: str, end: int, lang: str) -> bool:
    if not (joint := _RANGE.match(text, end)) or not (chunk := _CHUNK.match(text, joint.end())):
        return False
    return bool(_scale(text, chunk.end(), lang)[0]) or _kind(text, chunk.start(), chunk.end())[0] != "n"


def _negative(text: str, start: int) -> bool:
    return text[start - 1 : start] in ("-", "−") and not text[max(0, start - 2) : start - 1].isdigit()


def _letter(char: str) -> bool:
    """A letter of a script that parts words by spaces."""
    return char.isalpha() and not "\u2e80" <= char <= "\u9fff" and not "\uac00" <= char <= "\ud7af"
