"""Numbers written in words, read generously: what they might mean all counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_ROMAN = re.compile(r"(?<![\w.])[IVXLХІ]{1,6}(?![\w.])")
_ROMANS = {"I": 1, "І": 1, "V": 5, "X": 10, "Х": 10, "L": 50}
_HAN = dict(zip("零〇一二三四五六七八九两兩双雙", (0, 0, *range(1, 10), 2, 2, 2, 2), strict=True))
_HAN_UNITS = {"十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_SIZES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN_RUN = re.compile(f"[{''.join((*_HAN, *_HAN_UNITS, *_HAN_SIZES))}]{{1,20}}")

_WORDS = {
    "en": """
        .5 half|halv; 1 one|first|once|single; 2 two|second|twice|double|both|couple|pair|twin|dual;
        3 three| third|triple|thrice|trio|tri; 4 four|quarter|quad; 5 five|fifth|quint; 6 six; 7 seven;
        8 eight; 9 nin; 10 ten(?!d|s|n)|decade; 11 eleven; 12 twelve|twelfth|dozen; 13 thirteen;
        14 fourteen|fortnight; 15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen; 19 nineteen; 20 twent;
        30 thirt(?!een); 40 fort[yi]; 50 fift[yi]; 60 sixt[yi]; 70 sevent[yi]; 80 eight[yi]; 90 ninet[yi];
        100 hundred|centur|centen""",
    "de": """
        .5 halb|hälft; 1 ein|erst|eins; 2 zwei|zweit|beid|doppel|paar|zwilling; 3 drei|dritt; 4 vier;
        5 fünf; 6 sechs; 7 sieb; 8 acht; 9 neun; 10 zehn|jahrzehnt; 11 elf; 12 zwölf|dutzend; 13 dreizehn;
        14 vierzehn; 15 fünfzehn; 16 sechzehn; 17 siebzehn; 18 achtzehn; 19 neunzehn; 20 zwanzig;
        30 dreißig; 40 vierzig; 50 fünfzig; 60 sechzig; 70 siebzig; 80 achtzig; 90 neunzig; 100 hundert|
        jahrhundert""",
    "fr": """
        .5 demi|moitié; 1 un|une|premi|seul; 2 deux|second|double|couple|paire|jumea|jumel; 3 trois|tiers|
        tripl; 4 quatr|quart|quadr; 5 cinq; 6 six|sixi; 7 sept(?!e); 8 huit; 9 neuf|neuvi; 10 dix|dizaine|
        décenni; 11 onze|onzi; 12 douz; 13 treiz; 14 quatorz; 15 quinz; 16 seiz; 20 vingt; 30 trent;
        40 quarant; 50 cinquant; 60 soixant; 100 cent|siècle""",
    "ru": """
        .5 пол|половин; 1 один|одн|перв|единств; 2 два(?!д)|две(?!н)|дву|дво|втор|обе|оба|пар[аыуе]|удво;
        3 три(?!д|н)| тр[её]|трет|тро; 4 четыр|четвер|четверт; 5 пят(?!н)|пяти; 6 шест(?!н);
        7 семь(?![яеёю])|седьм|семи(?!д|н)|семер; 8 восьм|восем; 9 девят(?!н)|девят; 10 десят|дюжин;
        11 одиннадцат; 12 двенадцат|дюжин; 13 тринадцат; 14 четырнадцат; 15 пятнадцат; 16 шестнадцат;
        17 семнадцат; 18 восемнадцат; 19 девятнадцат; 20 двадцат; 30 тридцат; 40 сорок|сорока;
        50 пятьдесят|пятидесят; 60 шестьдесят|шестидесят; 70 семьдесят|семидесят; 80 восемьдесят|
        восьмидесят; 90 девяност; 100 сто$|ста$|сот|столет|век|сту$; 200 двести|двухсот|двумст;
        300 триста|тр[её]хсот; 400 четыреста|четыр[её]хсот; 500 пятьсот|пятисот; 600 шестьсот|шестисот;
        700 семьсот|семисот; 800 восемьсот|восьмисот; 900 девятьсот|девятисот; 1.5 полтор""",
    "uk": """
        .5 пів|половин; 1 один|одн|перш|єдин; 2 два(?!д)|дві|дво|друг|обидв|пар[аиуі]|подв; 3 три(?!д|н)|
        трьо|трет|тро; 4 чотир|четвер|чверт; 5 п.?ят(?!н)|п.?яти; 6 шіст(?!н|д)|шест|шост; 7 сім(?!н|д|
        [’']|е)|сем|сьом; 8 вісім|восьм|вось; 9 дев.?ят; 10 десят; 11 одинадцят; 12 дванадцят|дюжин;
        13 тринадцят; 14 чотирнадцят; 15 п.?ятнадцят; 16 шістнадцят; 17 сімнадцят; 18 вісімнадцят;
        19 дев.?ятнадцят; 20 двадцят; 30 тридцят; 40 сорок; 50 п.?ятдесят; 60 шістдесят; 70 сімдесят;
        80 вісімдесят; 90 дев.?яност; 100 сто$|ста$|сот|столітт|вік$| віц|вік; 200 двіст|двохсот;
        300 трист|трьохсот; 400 чотирист|чотирьохсот; 500 п.?ятсот|п.?ятисот; 600 шістсот| шестисот;
        700 сімсот|семисот; 800 вісімсот|восьмисот; 900 дев.?ятсот|дев.?ятисот; 1.5 півтор""",
}
"""By language, beginnings of the words for a number; where several fit, all count."""


def spelled(text: str, lang: str) -> set[Decimal]:
    """Values that words of ``text`` may stand for: 20, 5 and 25 for twenty-five, 12 for a dozen."""
    if lang in ("zh", "ja"):
        return {Decimal(value) for run in _HAN_RUN.findall(text) for value in _han(run)} | (
            {Decimal("0.5"), Decimal(50), Decimal(2)} if "半" in text else set()
        )
    found = {Decimal(_roman(run)) for run in _ROMAN.findall(text)}
    total, end = Decimal(0), -1
    for match in _WORD.finditer(text):
        values = _values(match[0].lower(), lang)
        if not values:
            if match[0].lower() not in ("and", "und", "et"):
                end = -1
            continue
        found |= values
        value = max(values)
        if 0 <= match.start() - end <= 6 and end >= 0:
            total = total * value if value == 100 and total < 100 else total + value
        else:
            total = value
        found.add(total)
        end = match.end()
    return found


def _values(word: str, lang: str) -> set[Decimal]:
    found: set[Decimal] = set()
    for pattern, value in _table(lang):
        if pattern.match(word):
            found.add(value)
            if value == Decimal("0.5"):
                found |= {Decimal(2), Decimal(50)}
    if lang == "de":
        found |= _german(word)
    return found


def _german(word: str) -> set[Decimal]:
    """Of a compound: fünfundzwanzig, dreihundert, einundzwanzigjährig."""
    parts = re.split(r"und(?!ert)|(?<=hundert)|(?=hundert)", word[:60])
    values = [
        max((value for pattern, value in _table("de") if pattern.match(part)), default=None) for part in parts
    ]
    found = [value for value in values if value is not None]
    if len(parts) < 2 or len(found) < 2:
        return set()
    return {found[0] + found[1], found[0] * found[1]}


def _han(run: str) -> Iterator[int]:
    """The value of a run of Chinese numerals, and of its digits one by one where they have no units."""
    if all(char in _HAN for char in run):
        yield int("".join(str(_HAN[char]) for char in run))
        yield from (_HAN[char] for char in run)
        return
    total, section, digit = 0, 0, -1
    for char in run:
        if char in _HAN:
            digit = _HAN[char]
        elif char in _HAN_UNITS:
            section += _HAN_UNITS[char] * (digit if digit > 0 else 1)
            digit = -1
        else:
            section += max(digit, 0)
            total = (total + (section or 1)) * _HAN_SIZES[char]
            section, digit = 0, -1
    yield total + section + max(digit, 0)
    yield from (_HAN[char] for char in run if char in _HAN)


def _roman(run: str) -> int:
    values = [_ROMANS[char] for char in run]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


@cache
def _table(lang: str) -> tuple[tuple[re.Pattern[str], Decimal], ...]:
    entries = (entry.split(None, 1) for entry in _WORDS.get(lang, "").split(";") if entry.strip())
    return tuple((re.compile(f"(?:{''.join(words.split())})"), Decimal(value)) for value, words in entries)
