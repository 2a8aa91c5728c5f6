"""Chinese names by their syllables in pinyin, in three scripts.

Latin letters write the syllables out, Cyrillic ones follow them by Palladius' rules: 习近平, Xi Jinping, Си
Цзиньпин.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from anyascii import anyascii

from crosslingual.language.scripts import is_han

_INITIALS = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г", "k": "к",
    "h": "х", "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш", "r": "ж", "z": "цз",
    "c": "ц", "s": "с",
}  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю",
    "ian": "янь", "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о",
    "uai": "уай", "ui": "уй", "uan": "уань", "un": "унь", "uang": "уан", "ue": "юэ",
}  # fmt: skip
_HARD_INITIALS = ("zh", "ch", "sh", "r", "z", "c", "s", "g", "k", "h", "f")  # before no i but their own
_FINALS_AFTER_J = {"u": "юй", "uan": "юань", "un": "юнь"}  # after j, q and x, u is ü
_WHOLE_SYLLABLES = {
    "zhi": "чжи", "chi": "чи", "shi": "ши", "ri": "жи", "zi": "цзы", "ci": "цы", "si": "сы", "hui": "хуэй",
    "a": "а", "ai": "ай", "an": "ань", "ang": "ан", "ao": "ао", "e": "э", "en": "энь", "er": "эр", "ou": "оу",
    "yi": "и", "ya": "я", "yao": "яо", "ye": "е", "you": "ю", "yan": "янь", "yin": "инь", "ying": "ин",
    "yang": "ян", "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wu": "у", "wa": "ва",
    "wo": "во", "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн",
}  # fmt: skip
_CASE_ENDINGS = ("", "ом", "ем", "ой", "ей", "а", "у", "е", "я", "ю", "ы", "и")
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN_TO_RUSSIAN = str.maketrans("иіїє", "ыиие")
_MAX_NAME_CHARS = 24  # letters of a word that may be a Chinese name
_ONE_LETTER_NAMES = "ИУЭІ"  # names of one letter, Ван И; A and I are words


@lru_cache(maxsize=20_000)
def _char_pinyin(char: str) -> str:
    return re.sub("[^a-z]", "", anyascii(char).lower())


@cache
def _syllable_tables() -> tuple[dict[str, str], dict[str, str]]:
    """What may be written in Latin and in Cyrillic letters, and the syllable in pinyin."""
    spelled = dict(_WHOLE_SYLLABLES)
    for initial, letters in _INITIALS.items():
        for final, sound in _FINALS.items():
            soft = final[0] == "i" or final == "ue"
            if initial in "jqx" and (soft or final in _FINALS_AFTER_J):
                spelled[initial + final] = letters + _FINALS_AFTER_J.get(final, sound)
            elif initial not in "jqx" and not (soft and initial in _HARD_INITIALS):
                spelled.setdefault(initial + final, letters + sound)
    cyrillic: dict[str, str] = {}
    for syllable, letters in spelled.items():
        cyrillic.setdefault(letters, syllable)
    cyrillic |= {"люй": "lu", "нюй": "nu", "хой": "hui"}
    return {syllable: syllable for syllable in spelled}, cyrillic


@lru_cache(maxsize=50_000)
def _parse_syllables(word: str, *, cyrillic: bool) -> tuple[str, ...]:
    """The syllables that make up the whole word, the longest first; none where it is not made of them."""
    known = _syllable_tables()[cyrillic]
    reached: dict[int, tuple[str, ...]] = {len(word): ()}
    for start in range(len(word) - 1, -1, -1):
        for size in range(6, 0, -1):
            rest = reached.get(start + size)
            if rest is not None and (syllable := known.get(word[start : start + size])):
                reached[start] = (syllable, *rest)
                break
    return reached.get(0, ())


def name_syllables(text: str, lang: str = "", *, declined: bool = False) -> Iterator[tuple[str, ...]]:
    """The syllables of each run of Chinese characters, and of each capitalised word that could be Chinese.

    An ending that could be a syllable counts as one, but not where the text is said to be ``declined``.
    """
    for match in _WORD.finditer(text):
        word = match[0]
        if is_han(word[0]):
            yield tuple(filter(None, map(_char_pinyin, word)))
        elif (
            word[0].isupper()
            and (len(word) > 1 or word in _ONE_LETTER_NAMES)
            and len(word) <= _MAX_NAME_CHARS
        ):
            yield _word_syllables(word, lang, declined=declined)


@lru_cache(maxsize=50_000)
def _word_syllables(word: str, lang: str, *, declined: bool) -> tuple[str, ...]:
    small = word.lower()
    if small.isascii():
        return _parse_syllables(small, cyrillic=False)
    if not "а" <= small[0] <= "ґ":
        return ()
    if lang == "uk" or any(letter in small for letter in "іїє"):
        small = small.translate(_UKRAINIAN_TO_RUSSIAN)
    for ending in (*_CASE_ENDINGS[1:], "") if declined else _CASE_ENDINGS:
        if small.endswith(ending) and (
            found := _parse_syllables(small[: len(small) - len(ending)], cyrillic=True)
        ):
            return found
    return ()
