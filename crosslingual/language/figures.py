"""The figures of a sentence: numbers with what they count, amounts of money, percentages and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from crosslingual.language.figure_dates import find_dates
from crosslingual.language.lexicons import section_patterns
from crosslingual.language.numbers import KeyedSpan, find_numbers
from crosslingual.language.scripts import HAN_LANGUAGES

FigureKind = Literal["count", "percent", "points", "money", "date"]
Bound = Literal["", "least", "most", "about"]
_BOUNDS: tuple[Bound, ...] = ("least", "most", "about")
MAX_CHARS = 2000
"""Characters of a sentence that are read."""
PERSONS = "people"
"""What persons are counted as where nothing says what became of them."""
_REACH = 100
"""Characters of a clause on either side of a number in which what it counts is looked for."""
_CLOSE_BY = 4
"""Characters behind a number within which a word is sure to be about it."""
_NOT_BESIDE = "what it counts is not said beside it"
_CLAUSE_END = re.compile(
    r"[,;:!?()，；：。！？、（）\n]|\.(?=\s|$)|[—–]|(?<!\w)(?:and|и|а|і|та|und|et|while|но|але)(?!\w)|[和及]"
)
_CLOCK_AFTER = re.compile(
    r"\s?(?:[时時点點](?!名)|[ap]\.?\s?m\b|uhr\b|час(?:а|ов)? (?:утра|дня|вечера|ночи))",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"\+\d{1,3} ?(?:\(\d{2,5}\) ?)?\d{2,4}(?:[- ]\d{2,4}){1,4}")
_SPLIT_CLOCK = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):\s[0-5]\d(?![\d:])")
_DOTTED_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_NAMED_NUMBER = re.compile(r"(?:[№#+第]|\b[Nn]o\.)\s?$")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th|-(?:й|я|е|го|му|м|ю|ой|ая|ий|а))(?!\w)|世[纪紀]")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s")
_UNSURE_NUMBER = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:[.,]\d{3})+(?![\w.,:/-]\d)")
_WORD = r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,3}"
_NEXT_WORDS = re.compile(rf"[\s-]{{1,2}}({_WORD})(?:\s({_WORD}))?")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_SYMBOLS = ("·", "•")
"""What joins the parts of a name: the 5·9 of a holiday."""
_CLASSIFIERS = "名位个個架枚辆輛艘座家所栋棟件次条條项項种種支只隻张張块塊处處场場顶頂份"
_SIGNS_BEFORE = re.compile(r"(?P<letters>[A-Za-z]{0,3})(?P<sign>[$€£₽₴¥￥])\s?$")
_SIGNS_AFTER = re.compile(r"\s?(?P<sign>[€£₽₴])")
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH"}
_SHARED_UNIT = re.compile(
    r"\s?(?:[-–—~]|至|到|(?<=\s)(?:to|or|and|до|или|и|або|чи|і|bis|oder|und|à|ou|et)(?=\s))\s?"
)
_PART_OF_NUMBER = re.compile(r"\s(?:из|of|out of|von|sur|з|із)\s(?:the\s|der\s|les\s)?\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """Characters ``start`` to ``end`` of a sentence are a number, an amount or a date.

    ``value`` is a decimal number, of a date what is said of it in ISO 8601 (``--03-22`` has no year), and empty
    where it can be read in two ways. ``what`` is what it counts, as a key that is the same in every language
    ("dead", "km", "USD"), empty where no list has it; ``words`` are those of the sentence that say so. ``is_part``
    is whether it counts a part of another figure, or what comes on top. ``doubt`` says what is not sure.
    """

    kind: FigureKind
    value: str
    start: int
    end: int
    what: str = ""
    words: str = ""
    bound: Bound = ""
    is_part: bool = False
    doubt: str = ""


@lru_cache(maxsize=20_000)
def find_figures(text: str, lang: str) -> tuple[Figure, ...]:
    """The figures of a sentence in their order; times of day, numbers in names and of lists are none.

    Only digits and the words of the languages of ``number_tables`` are read, of the first ``MAX_CHARS``.
    """
    text = text[:MAX_CHARS]
    numbers = find_numbers(text, lang)
    dates = find_dates(text, lang, numbers)
    found = [Figure("date", one.iso, one.start, one.end) for one in dates]
    taken = [(one.start, one.end) for one in dates]
    taken += [match.span() for noise in (_SPLIT_CLOCK, _TELEPHONE) for match in noise.finditer(text)]
    free = [one for one in numbers if not _overlaps(one[1], one[2], taken) and one[0][:2] != "m:"]
    found += _FigureReader(text, lang, free).read_figures()
    spans = [(start, end) for _, start, end in numbers]
    found += [
        Figure("count", "", *match.span(), doubt="the sign in it may part thousands or decimals")
        for match in _UNSURE_NUMBER.finditer(text)
        if not _overlaps(*match.span(), spans)
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in spans)


class _FigureReader:
    """A sentence with its numbers that are parts of no date."""

    def __init__(self, text: str, lang: str, numbers: list[KeyedSpan]) -> None:
        self._text, self._lang, self._numbers = text, lang, numbers
        breaks = [match.span() for match in _CLAUSE_END.finditer(text)]
        inside = [
            span for span in breaks if not any(start < span[1] and span[0] < end for _, start, end in numbers)
        ]
        self._breaks = [(0, 0), *inside, (len(text), len(text))]

    def read_figures(self) -> Iterator[Figure]:
        """Backwards: in "6 to 8 years" the last number has the unit of both."""
        edges = [0, *(end for _, _, end in self._numbers)]
        starts = [*(start for _, start, _ in self._numbers), len(self._text)]
        following: Figure | None = None
        for place in reversed(range(len(self._numbers))):
            key, start, end = self._numbers[place]
            if self._is_no_figure(start, end):
                continue
            before = max(self._clause_start(start), edges[place], start - _REACH)
            after = min(self._clause_end(end), starts[place + 1], end + _REACH)
            figure = self._read_figure(key, start, end, before, after)
            if figure.doubt == _NOT_BESIDE and following and self._shares_unit(end, following):
                figure = replace(
                    figure, kind=following.kind, what=following.what, words=following.words, doubt=""
                )
            yield figure
            following = figure

    def _is_no_figure(self, start: int, end: int) -> bool:
        return bool(
            _CLOCK_AFTER.match(self._text, end)
            or (self._text[end : end + 1] == "分" and self._text[start - 1 : start] in tuple("时時点點"))
            or _ORDINAL_END.match(self._text, end)
            or self._text[end : end + 1] in _SYMBOLS
            or self._text[max(0, start - 1) : start] in _SYMBOLS
            or (self._text[start] in "-−" and self._text[start - 1 : start].strip())
            or _NAMED_NUMBER.search(self._text[max(0, start - 5) : start])
            or (not self._text[:start].strip() and _LIST_NUMBER.match(self._text))
        )

    def _shares_unit(self, end: int, following: Figure) -> bool:
        return bool(_SHARED_UNIT.fullmatch(self._text, end, following.start)) and not following.doubt

    def _read_figure(self, key: str, start: int, end: int, before: int, after: int) -> Figure:
        prefix, _, value = key.partition(":")
        bound = self._find_bound(start, end)
        is_part = self._is_part(before, start, end)
        if prefix in ("%", "pp"):
            kind: FigureKind = "percent" if prefix == "%" else "points"
            return Figure(kind, value, start, end, prefix, self._text[start:end], bound, is_part)
        if money := self._find_money(start, end):
            what, doubt, stop = money
            words = self._text[end:stop].strip()
            return Figure("money", value, start, max(end, stop), what, words, bound, is_part, doubt)
        what, words, doubt = self._find_counted(before, start, end, after)
        if self._lang in ("ru", "uk", "de", "fr") and _DOTTED_CLOCK.fullmatch(self._text, start, end):
            doubt = "it may be a time of day"
        return Figure("count", value, start, end, what, words, bound, is_part, doubt)

    def _clause_start(self, index: int) -> int:
        return max(stop for _, stop in self._breaks if stop <= index)

    def _clause_end(self, index: int) -> int:
        return min(start for start, _ in self._breaks if start >= index)

    def _find_bound(self, start: int, end: int) -> Bound:
        near = self._text[max(0, start - 24) : start]
        found = [
            (match.start(), bound)
            for bound in _BOUNDS
            if (pattern := _before_pattern(bound, self._lang)) and (match := pattern.search(near))
        ]
        if found:
            return min(found)[1]  # the longest: no more than, not more than
        if self._lang in HAN_LANGUAGES:
            if self._text[end : end + 1] in ("多", "余", "餘"):
                return "least"
            return "about" if "左右" in self._text[end : end + 5] else ""
        return ""

    def _is_part(self, before: int, start: int, end: int) -> bool:
        pattern = _search_pattern("sign", "part", self._lang)
        nearby = self._text[max(self._clause_start(before), before) : start]
        return bool(
            (pattern and (pattern.search(nearby) or pattern.match(self._text, end + 1)))
            or _PART_OF_NUMBER.match(self._text, end)
        )

    def _find_money(self, start: int, end: int) -> tuple[str, str, int] | None:
        """The currency by ISO 4217, what is in doubt, and where the words for it end."""
        sign = _SIGNS_BEFORE.search(self._text[max(0, start - 5) : start])
        sign = sign or _SIGNS_AFTER.match(self._text, end)
        if sign:
            named = sign.groupdict().get("letters") or ""
            if sign["sign"] in "¥￥":
                return "", "yuan or yen", end
            if named not in ("", "US"):
                return "", f"a currency written {named}{sign['sign']}", end
            return _CURRENCIES[sign["sign"]], "", end
        for currency, pattern in _following_patterns("money", self._lang):
            if match := pattern.match(self._text, end):
                return currency, "", match.end()
        return None

    def _find_counted(self, before: int, start: int, end: int, after: int) -> tuple[str, str, str]:
        """What a number counts, the words that say so, and what is in doubt."""
        for key, pattern in _following_patterns("toll", self._lang):
            if match := pattern.match(self._text, end):
                return key, match[0].strip(" -"), ""
        unit = self._find_unit(end)
        if unit and unit[0] != PERSONS:
            return *unit, ""
        words = unit[1] if unit else self._next_words(end, after)
        if not unit and _BARE_YEAR.fullmatch(self._text, start, end) and not self._find_bound(start, end):
            return "", words, "it may be a year"
        if words and not unit:
            return "", words, ""
        behind = self._find_toll(end, after, last=False)
        ahead = self._find_toll(before, start, last=True)
        if behind and ahead and behind[1] != ahead[1] and behind[0] > end + _CLOSE_BY:
            return *behind[1:], f"{behind[1]} or {ahead[1]}"
        if toll := behind or ahead:
            return *toll[1:], ""
        return (*unit, "") if unit else ("", "", _NOT_BESIDE)

    def _find_unit(self, end: int) -> tuple[str, str] | None:
        found = [
            (match.end(), key, match[0].strip(" -"))
            for key, pattern in _following_patterns("counted", self._lang)
            if (match := pattern.match(self._text, end))
        ]
        return max(found)[1:] if found else None  # the longest

    def _find_toll(self, start: int, end: int, *, last: bool) -> tuple[int, str, str] | None:
        found = [
            (match.start(), key, match[0])
            for key in section_patterns("figures", "toll", self._lang)
            if (pattern := _search_pattern("toll", key, self._lang))
            for match in pattern.finditer(self._text, start, end)
        ]
        return (max(found) if last else min(found)) if found else None

    def _next_words(self, end: int, limit: int) -> str:
        if self._lang in HAN_LANGUAGES:
            return self._next_chinese_words(end)
        match = _NEXT_WORDS.match(self._text, end)
        small = _search_pattern("sign", "small", self._lang)
        if not match or match.start(1) >= limit or (small and small.fullmatch(match[1])):
            return ""
        both = len(match[2] or "") > 3 and match.start(2) < limit
        both = both and not (small and small.fullmatch(match[2]))
        return self._text[match.start(1) : match.end(2 if both else 1)]

    def _next_chinese_words(self, end: int) -> str:
        import rjieba

        rest = self._text[end : min(self._clause_end(end), end + 12)].lstrip("多余餘")
        if rest[:1] and rest[0] in _CLASSIFIERS:
            rest = rest[1:]
        words: list[str] = rjieba.cut(rest)
        return words[0].strip() if words and words[0][:1].isalpha() else ""


@cache
def _following_patterns(section: str, lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What stands right behind a number, by key."""
    edge = "" if lang in HAN_LANGUAGES else r"(?!\w)"
    lead = f"[多余餘]?[{_CLASSIFIERS}]?" if lang in HAN_LANGUAGES and section == "toll" else ""
    return tuple(
        (key, re.compile(rf"[\s-]?{lead}(?:{words}){edge}", re.IGNORECASE))
        for key, words in section_patterns("figures", section, lang).items()
    )


@cache
def _search_pattern(section: str, key: str, lang: str) -> re.Pattern[str] | None:
    words = section_patterns("figures", section, lang).get(key)
    edges = ("", "") if lang in HAN_LANGUAGES else (r"(?<!\w)", r"(?!\w)")
    return re.compile(f"{edges[0]}(?:{words}){edges[1]}", re.IGNORECASE) if words else None


@cache
def _before_pattern(bound: str, lang: str) -> re.Pattern[str] | None:
    words = section_patterns("figures", "sign", lang).get(bound)
    edge = "" if lang in HAN_LANGUAGES else r"(?<!\w)"
    return re.compile(rf"{edge}(?:{words})[\s$€£]{{0,2}}$", re.IGNORECASE) if words else None
