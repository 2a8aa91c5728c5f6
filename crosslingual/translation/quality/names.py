"""Names that a translation lost, as far as they can be told: countries, and what sounds alike."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache

from babel import Locale

from crosslingual.language.common_words import COMMON_WORD_STEMS
from crosslingual.language.names import NAME_LANGUAGES, find_calendar_words, find_countries, find_proper_names
from crosslingual.language.phonetics import phonetic_form
from crosslingual.language.scripts import CYRILLIC_LETTERS, HAN_LANGUAGES, LATIN

_MIN_SIMILARITY, _MIN_LOWERCASE_SIMILARITY = 0.6, 0.75
"""Likeness of the consonants of two words from which they may be one name; where one has no capital."""
_FALSE_COUNTRIES = {"海地", "Самое", "Island"}
"""Also 沿海地区, the most, an island."""
_MAX_CHARS = 2000
_MIN_WORD_CHARS = 3
_LATIN_WORD = re.compile(f"[{LATIN}]{{3,}}")
_WORD = re.compile(f"[{LATIN}{CYRILLIC_LETTERS}]+")
_ADJECTIVE_ENDING = re.compile(
    "(?:[еиіо]?й)?[сц]ь?к(?:ий|ого|ому|им|ом|ая|ой|ую|ою|ое|ие|их|ими|ій|а|у|е|і)$"
)
_COUNTRY_STEMS = {
    # adjectives, peoples and short forms that do not begin as the country does
    "en": {
        "US": "u.s|us|america|washington|states", "GB": "brit|uk|u.k|engl|scot|wales|welsh",
        "NL": "dutch|holland", "CH": "swiss", "KP": "korea|pyongyang|dprk", "KR": "korea|seoul",
        "CN": "china|chin|prc|beijing|sino", "FR": "french", "PL": "pole|polish", "AE": "emirat|uae",
        "CZ": "czech", "MM": "burm", "EU": "europ|eu", "DK": "dane|danish", "ES": "span", "SE": "swed",
        "TR": "turk", "RU": "moscow", "GR": "greek|greec", "NO": "norw", "HK": "hong", "TW": "taipei",
        "BY": "belo|byel", "UA": "kyiv|kiev", "CD": "drc|zair", "IE": "irish", "TH": "thai",
        "SZ": "swaz", "MK": "maced", "VA": "holy see|papal", "MO": "macau", "CI": "ivor", "CV": "cape",
    },
    "ru": {
        "US": "сша|америк|штат", "GB": "брит|англ|соедин", "NL": "нидерл|голланд", "KP": "коре|кндр",
        "KR": "коре", "CN": "кита|кнр|пекин", "RU": "росс|рф|русск|москв", "AE": "эмират|оаэ",
        "EU": "евро|ес", "DE": "герман|немец|немц|фрг", "FR": "франц", "HU": "венг", "GE": "груз",
        "CZ": "чех|чеш", "BY": "бел", "HK": "гонконг", "ZA": "юар|южно|африк", "MM": "бирм",
        "GR": "греч|грец", "TR": "турец|турк|турц", "CD": "конго", "SA": "сауд", "VA": "ватик",
        "NO": "норв",
    },
    "zh": {
        "US": "美", "GB": "英", "CN": "中国|中國|中方|华|中", "RU": "俄", "FR": "法", "DE": "德", "JP": "日",
        "KR": "韩|韓|南", "KP": "朝|北", "IN": "印", "EU": "欧|歐", "TW": "台|臺", "HK": "港", "AU": "澳",
        "CA": "加", "UA": "乌|烏", "IT": "意", "ES": "西", "NL": "荷", "TR": "土", "IL": "以", "IR": "伊",
        "SA": "沙", "GR": "希", "MX": "墨", "BR": "巴", "VN": "越",
    },
}  # fmt: skip
_OPTIONAL_COUNTRIES = ("c:US", "c:GB")
"""What a translator adds to tell readers abroad whose Senate it is, or leaves out for those at home."""
_FOLLOWING_WORD = re.compile(r"(?:,? (?:of|for|and|the|&))* ([A-Z][a-z]+)")
_PRECEDING_TITLE = re.compile(r"[A-Z][a-z]+ (?:of|for|and)(?: the)? $")
_DERIVED_ENDING = re.compile(
    "(?:tion|ment|ness|ship|[ae]nce|ing|ism|able|ary|ies|[ie]ans?|ites?|ese|ish|ers)$"
)
_TRADITIONAL_LOCALES = {"zh": "zh_Hant"}


def missing_names(src: str, tgt: str, src_lang: str, tgt_lang: str) -> tuple[str, ...]:
    """Names of ``src`` that nothing in ``tgt`` stands for; of German, names of ``tgt`` that ``src`` lacks.

    German writes every noun with a capital, so that there only a name put in can be told.
    """
    src, tgt = src[:_MAX_CHARS], tgt[:_MAX_CHARS]
    found = [*_missing_countries(src, tgt, src_lang, tgt_lang)]
    if src_lang == "de":
        found += _unmatched_names(tgt, src, tgt_lang)
    elif tgt_lang not in ("zh", "ja", "ko"):
        found += _unmatched_names(src, tgt, src_lang)
    return tuple(dict.fromkeys(found))


def _missing_countries(src: str, tgt: str, src_lang: str, tgt_lang: str) -> list[str]:
    if src_lang not in NAME_LANGUAGES or tgt_lang not in NAME_LANGUAGES:
        return []
    there = {key for key, _, _ in find_countries(tgt, tgt_lang)}
    here = {key for key, _, _ in find_countries(src, src_lang)}
    put_in = any(not _country_pattern(key[2:], src_lang).search(src) for key in there - here)
    return [
        src[start:end]
        for key, start, end in find_countries(src, src_lang)
        if key not in there
        and src[start:end] not in _FALSE_COUNTRIES
        and (put_in or key not in _OPTIONAL_COUNTRIES)
        and src[start:end] not in tgt
        and not _country_pattern(key[2:], tgt_lang).search(tgt)
    ]


@cache
def _country_pattern(country_code: str, lang: str) -> re.Pattern[str]:
    """Beginnings of the words that speak of a country."""
    begins = set(_COUNTRY_STEMS.get(lang, {}).get(country_code, "").split("|")) - {""}
    for locale in (lang, *filter(None, (_TRADITIONAL_LOCALES.get(lang),))):
        name = str(Locale.parse(locale).territories.get(country_code, ""))
        words = (
            [name] if lang == "zh" else [word for word in _WORD.findall(name) if len(word) > _MIN_WORD_CHARS]
        )
        begins |= {
            word[: 2 if lang == "zh" else max(_MIN_WORD_CHARS, min(5, len(word) - 2))] for word in words
        }
    edge = "" if lang == "zh" else r"(?<!\w)"
    return re.compile(f"{edge}(?:{'|'.join(map(re.escape, sorted(begins))) or '(?!)'})", re.IGNORECASE)


def _unmatched_names(text: str, counterpart: str, lang: str) -> list[str]:
    """Names in ``text`` that no word of ``counterpart`` sounds like."""
    names = [name for name in find_names(text, lang) if len(_consonant_skeleton(name)) > 1]
    if not names:
        return []
    heard = {(key, word[0].isupper()) for word in _WORD.findall(counterpart) for key in _consonant_keys(word)}
    return [
        name
        for name in names
        if not any(
            _similarity_ratio(key, word) >= (_MIN_SIMILARITY if capital else _MIN_LOWERCASE_SIMILARITY)
            for key in _consonant_keys(name)
            for word, capital in heard
        )
    ]


def _consonant_keys(word: str) -> set[str]:
    """The consonants of a word, of its stem, and with ch as in Michael."""
    return {
        _consonant_skeleton(word),
        _consonant_skeleton(_word_stem(word)),
        _consonant_skeleton(word.lower().replace("ch", "k")),
    }


def find_names(text: str, lang: str) -> list[str]:
    """Words with a capital that are names, as far as is known: no first words, headlines, or acronyms."""
    if lang in HAN_LANGUAGES:
        return [word for word in _LATIN_WORD.findall(text) if not word.isupper() and not word.islower()]
    if lang not in COMMON_WORD_STEMS or _is_headline(text):
        return []
    taken = [
        (start, end) for _, start, end in (*find_countries(text, lang), *find_calendar_words(text, lang))
    ]
    spans = {
        (start, end)
        for _, start, end, first in find_proper_names(text, lang)
        if not first and not any(start < other_end and other < end for other, other_end in taken)
    }
    return sorted({text[start:end] for start, end in spans if _is_name(text, start, end, lang)})


def _is_name(text: str, start: int, end: int, lang: str) -> bool:
    word, common = text[start:end], _common_words_pattern(lang)
    if word.isupper() or common.match(word.lower()):
        return False
    if lang != "en":
        return True
    # English writes every word of a title with a capital: Election Commission, Power of Nutrition.
    behind = _FOLLOWING_WORD.match(text, end)
    ordinary = behind is not None and common.match(behind[1].lower())
    return not (
        ordinary or _PRECEDING_TITLE.search(text[max(0, start - 30) : start]) or _DERIVED_ENDING.search(word)
    )


def _is_headline(text: str) -> bool:
    """Whether nearly all long words begin with a capital."""
    words = [word for word in _WORD.findall(text) if len(word) > _MIN_WORD_CHARS]
    return len(words) > _MIN_WORD_CHARS and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _word_stem(word: str) -> str:
    return _ADJECTIVE_ENDING.sub("", word) or word


@cache
def _common_words_pattern(lang: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, COMMON_WORD_STEMS[lang].split())))


@lru_cache(maxsize=20_000)
def _consonant_skeleton(word: str) -> str:
    """Those of a word, voiced and voiceless as one: what is left of a name in any language."""
    sound = re.sub("[aeiouyh]", "", phonetic_form(word.lower().replace("дж", "ж").replace("j", "zh")))
    return re.sub(r"(.)\1+", r"\1", sound.translate(_DEVOICING))


_DEVOICING = str.maketrans("Svgbdz", "sfkpts")


@lru_cache(maxsize=200_000)
def _similarity_ratio(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
