"""Names that can be told in any script: countries, months, days of the week, people and places by sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from babel import Locale

from crosslingual.language.locale_data import calendar_names
from crosslingual.language.numbers import KeyedSpan
from crosslingual.language.phonetics import sound_skeleton, to_latin
from crosslingual.language.scripts import CYRILLIC_LETTERS, LATIN

NAME_LANGUAGES = ("zh", "ru", "uk", "en", "de", "fr")
"""Languages in which countries, months and days are known."""

_COUNTRY_ALIASES = {
    "zh": {"阿联酋": "AE", "沙特": "SA", "香港": "HK", "台湾": "TW"},
    "ru": {
        "США": "US",
        "Северная Корея": "KP",
        "Южная Корея": "KR",
        "Соединённые Штаты": "US",
        "Евросоюз": "EU",
        "Гонконг": "HK",
        "Белоруссия": "BY",
        "Молдавия": "MD",
        "КНР": "CN",
        "РФ": "RU",
    },
    "uk": {"США": "US", "КНР": "CN", "РФ": "RU", "КНДР": "KP", "ОАЕ": "AE", "Євросоюз": "EU"},
    "en": {"U.S.": "US", "US": "US", "USA": "US", "UK": "GB", "Britain": "GB", "EU": "EU", "UAE": "AE"},
    "de": {"USA": "US", "EU": "EU", "Großbritannien": "GB", "Hongkong": "HK", "Weißrussland": "BY"},
    "fr": {"UE": "EU", "Grande-Bretagne": "GB", "Birmanie": "MM", "Biélorussie": "BY"},
}
_AMBIGUOUS_COUNTRIES = {
    # also a person, a part of another country's name, or a common word
    "zh": {"马里", "蒙古", "美国本土外小岛屿"},
    "en": {"Georgia", "Jordan", "Chad", "Jersey", "Turkey", "Guinea", "Niger", "Mali", "Man"},
    "de": {"Niger", "Jersey", "Georgien"},
    "fr": {"Jersey", "Niger", "Tchad", "Géorgie"},
    "ru": {"Чад", "Джерси", "Того", "Мали", "Перу", "Конго"},
    "uk": {"Чад", "Джерсі", "Того", "Малі", "Перу", "Конго"},
}
_CHINESE_GUARDS = {"日本": r"(?<!\d)", "中国": "(?<!其)"}
"""What stands before a country's characters where they are parts of two words: 7日本轮冲突, 其中国内."""
_NOUN_ENDING = "(?:а|я|у|ю|е|и|і|ї|ы|о|ой|ою|ей|ею|єю|ом|ем|єм|ям|ями|ях|ам|ами|ах|ов|ів)"
_ADJECTIVE_ENDING = "(?:ая|яя|ую|юю|ой|ей|ое|ее|ые|ие|ых|их|ым|им|ыми|ими|ый|ий|ого|его|ому|ему|а|у|ої|і|е)"
_APOSTROPHE = "['’ʼ]"


def find_countries(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Countries that ``text`` names in ``lang``, in any case, as keys ``c:CN``; adjectives do not count."""
    pattern = _country_pattern(lang)
    for match in pattern.finditer(text) if pattern else ():
        yield f"c:{_country_code(match[0], lang)}", *match.span()


def find_calendar_words(text: str, lang: str) -> Iterator[KeyedSpan]:
    """Months in words beside a day or year (``m:5``) and days of the week (``d:1`` is Monday)."""
    for key, pattern in _calendar_patterns(lang):
        for match in pattern.finditer(text):
            yield key, *match.span("it")


def find_proper_names(text: str, lang: str) -> Iterator[tuple[str, int, int, bool]]:
    """Capitalised words, keyed by how they sound (``s:tr*mp``), and whether each begins a sentence or quote.

    A word has a second key without what may be the ending of its case.
    """
    capitals = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isupper():
            continue
        first = (
            not text[: match.start()].rstrip(_OPENING_CHARS)
            or text[: match.start()].rstrip()[-1:] in _SENTENCE_OPENERS
        )
        if len(word) > 2 and word.isupper():
            capitals += 1
            if capitals <= 3 and len(word) <= 6:
                yield f"a:{to_latin(word.lower())}", *match.span(), False
            continue
        for key in dict.fromkeys(map(sound_skeleton, _possible_stems(word, lang))):
            if key:
                yield f"s:{key}", *match.span(), first


_WORD = re.compile(rf"[{LATIN}{CYRILLIC_LETTERS}]+(?:['’ʼ](?!s\b)[{LATIN}{CYRILLIC_LETTERS}]+)?")
_OPENING_CHARS = " \t\n\"'«»„“”‘’‚‹›([{—–-"
_SENTENCE_OPENERS = '"«„“‘‚‹([{:.!?…—–'
_CASE_ENDINGS = (
    "ого",
    "его",
    "ому",
    "ему",
    "ими",
    "ыми",
    "ой",
    "ою",
    "ей",
    "ею",
    "єю",
    "ом",
    "ем",
    "ём",
    "єм",
    "ым",
    "им",
)


def _possible_stems(word: str, lang: str) -> Iterator[str]:
    """The word, and what may be its stem."""
    yield word
    if lang == "de" and word.endswith("s"):
        yield word[:-1]
    if "а" <= word[-1].lower() <= "ґ":
        for ending in _CASE_ENDINGS:
            if word.endswith(ending) and len(word) >= len(ending) + 3:
                yield word[: -len(ending)]
                return


@cache
def _country_pattern(lang: str) -> re.Pattern[str] | None:
    """Without a group for each name: so that at most places the first letter is enough to go on."""
    names = _country_names(lang)
    edge = ("", "") if lang == "zh" else (r"(?<![\w-])", r"(?![\w]|-[A-ZА-Я])")
    return re.compile(f"{edge[0]}(?:{'|'.join(names)}){edge[1]}") if names else None


@lru_cache(maxsize=1000)
def _country_code(written: str, lang: str) -> str:
    return next(
        code
        for pattern, code in _country_names(lang).items()
        if pattern[0] in (written[0], "(") and _compile_name(pattern).fullmatch(written)
    )


_compile_name = cache(re.compile)
"""More patterns than ``re`` keeps; ``(`` begins what may not stand before a name."""


@cache
def _country_names(lang: str) -> dict[str, str]:
    """What matches the name of a country, and its code: the longest first, 印度尼西亚 before 印度."""
    if lang not in NAME_LANGUAGES:
        return {}
    named = {
        name: code
        for code, name in Locale.parse(lang).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    names = {
        _remove_brackets(name): code
        for name, code in named.items()
        if code not in ("ZZ", "XA", "XB", "UN", "EZ", "QO")
    }
    names = {
        name: code
        for name, code in (names | _COUNTRY_ALIASES[lang]).items()
        if name not in _AMBIGUOUS_COUNTRIES[lang] and len(name) > 1
    }
    return {_name_pattern(name, lang): names[name] for name in sorted(names, key=len, reverse=True)}


def _remove_brackets(name: str) -> str:
    """Without what stands in brackets, which nobody writes."""
    return re.sub(r"\s*[(（].*", "", name) if re.search(r"[(（]", name) and "刚果" not in name else name


def _name_pattern(name: str, lang: str) -> str:
    if lang in ("ru", "uk"):
        return r"\s".join(_declined_pattern(word) for word in name.split())
    if lang == "de":
        words = name.split()
        *adjectives, noun = (re.escape(word) for word in words)
        return r"\s".join([*(re.sub("(?:e|es)$", "e[nrs]?", word) for word in adjectives), f"{noun}s?"])
    return _CHINESE_GUARDS.get(name, "") + re.escape(name).replace("’", _APOSTROPHE)


def _declined_pattern(word: str) -> str:
    """A Russian or Ukrainian word in any case; all capitals and names of foreign shape stay as they are."""
    written = re.sub(r"\\?['’ʼ]", _APOSTROPHE, re.escape(word))
    if word.isupper() or len(word) < 4:
        return written
    if match := re.fullmatch(r"(.+?)(?:ая|яя|ые|ие|ый|ий|ое)", word):
        return re.escape(match[1]) + _ADJECTIVE_ENDING
    if word.endswith(("й", "ь")):
        return f"{written[:-1]}(?:{word[-1]}|{_NOUN_ENDING})"
    if word[-1] in "аяыи" or (word.endswith("і") and len(word) > 5):
        return (
            f"{written[:-1]}(?:{_NOUN_ENDING}|й)?" if word[-1] in "яи" else f"{written[:-1]}{_NOUN_ENDING}?"
        )
    return written if word[-1] in "оеуюэієї" else f"{written}{_NOUN_ENDING}?"


@cache
def _calendar_patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if lang not in NAME_LANGUAGES:
        return ()
    if lang == "zh":
        months = ((f"m:{n}", f"(?<![十])(?P<it>{word}月)(?!球)") for n, word in enumerate(_CHINESE_MONTHS, 1))
        days = (
            (
                f"d:{n}",
                f"(?<![一二三四五六七八九十两几每数\\d])(?P<it>(?:星期|周|礼拜){word})(?![次个般天])",
            )
            for n, word in enumerate(("一", "二", "三", "四", "五", "六", "[日天]"), 1)
        )
        return tuple((key, re.compile(pattern)) for key, pattern in (*months, *days))
    named = calendar_names(lang)
    months_found = []
    for number in range(1, 13):
        words = {str(named["months"][form]["wide"][number]) for form in ("format", "stand-alone")}
        if lang in ("ru", "uk"):
            words |= {re.sub("[ьй]$", "", word) + "е" for word in words if word.endswith(("ь", "й", "т"))}
        word = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        beside = rf"(?:(?<=\d )|(?<=\d\. )|(?<=\der )|(?<=\d\u00a0))(?P<it>{word})(?!\w)"
        before = rf"(?<!\w)(?P<it>{word})(?=,? \d)"
        months_found += [(f"m:{number}", beside), (f"m:{number}", before)]
    days_found = [
        (
            f"d:{number + 1}",
            rf"(?<!\w)(?P<it>{_day_pattern(str(named['days']['stand-alone']['wide'][number]), lang)})(?!\w)",
        )
        for number in range(7)
    ]
    return tuple(
        (key, re.compile(pattern))
        for key, pattern in (*months_found, *days_found)
        if "(?P<it>сред" not in pattern  # Wednesday is also what surrounds us
    )


def _day_pattern(name: str, lang: str) -> str:
    if lang in ("ru", "uk"):
        if name in ("понеділок", "вівторок"):
            return f"{name[:-2]}(?:ок|ка|ку|ком)"
        closed = name[-1] not in "аяеь"
        stem = re.sub(r"\\?['’ʼ]", _APOSTROPHE, re.escape(name if closed else name[:-1]))
        return (
            f"{stem}{_NOUN_ENDING}?"
            if closed
            else f"{stem}{'(?:ь|' if name[-1] == 'ь' else '(?:'}{_NOUN_ENDING})"
        )
    return re.escape(name) + ("s?" if lang == "en" else "")


_CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
