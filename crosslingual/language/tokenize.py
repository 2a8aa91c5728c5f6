"""Texts as words that can be looked up: dictionary forms as far as known, pairs of characters in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from crosslingual.language.scripts import HAN, is_han

LEMMATIZED_LANGUAGES = frozenset(("ru", "uk", "de", "fr", "en"))
_TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
# What is not seen, and marks that no letter was composed with: of stress, and vowels of Arabic and Hebrew.
_INVISIBLE_CHARS = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\u0300-\u036f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0670]"
)
_MAX_WORD_CHARS = 64  # letters of a word
# A word where it stands: what is not seen belongs to it.
_LETTER = rf"[^\W_{HAN}]"
_WORD = re.compile(rf"[{HAN}]+|{_LETTER}(?:{_LETTER}|{_INVISIBLE_CHARS.pattern})*")
_APOSTROPHE_WORD = re.compile(
    rf"[{HAN}]+|{_LETTER}(?:{_LETTER}|{_INVISIBLE_CHARS.pattern}|['’ʼ](?={_LETTER}))*"
)
APOSTROPHE_LANGUAGES = frozenset(("uk", "be"))
"""Languages in which an apostrophe is a letter."""


class TextWord(NamedTuple):
    """``text[start:end]`` is a word: ``form`` is how it is compared, ``lemma`` its dictionary form where known."""

    start: int
    end: int
    form: str
    lemma: str


def fold_text(text: str) -> str:
    """``text`` as it is compared literally: one width, small letters, one kind of white space and quotes.

    What nobody sees (soft hyphens, spaces of no width), stress marks and vowel points do not count.
    """
    plain = _INVISIBLE_CHARS.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("ё", "е")
    return " ".join(re.sub("[’ʼ`´]", "'", plain).split())


def word_forms(text: str, lang: str) -> Iterator[tuple[str, ...]]:
    """Each word of ``text``, in its order, in all the forms in which it can be looked up.

    A word of Chinese comes as it is cut, and besides every two characters that stand side by side.
    """
    for match in _TOKEN.finditer(fold_text(text)):
        word = match[0][:_MAX_WORD_CHARS]
        if is_han(word):
            yield from ((piece,) for piece in _chinese_tokens(match[0]))
        elif lang in LEMMATIZED_LANGUAGES and not word.isdigit():
            yield tuple(dict.fromkeys((word, _lemmatize(word, lang))))
        else:
            yield (word,)


def split_words(text: str, lang: str) -> Iterator[TextWord]:
    """The words of ``text`` where they stand; Chinese as the dictionary of rjieba (jieba in Rust) cuts it."""
    for start, end in word_spans(text, lang):
        run = text[start:end]
        if not is_han(run):
            yield TextWord(start, end, *fold_word(run, lang))
            continue
        for piece in _cut_chinese(run):
            form = fold_text(piece)
            yield TextWord(start, start + len(piece), form, form)
            start += len(piece)


def word_spans(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """Where the words of ``text`` stand; what is written in Chinese without a break is one."""
    pattern = _APOSTROPHE_WORD if lang in APOSTROPHE_LANGUAGES else _WORD
    return (match.span() for match in pattern.finditer(text))


@lru_cache(maxsize=200_000)
def fold_word(word: str, lang: str) -> tuple[str, str]:
    """How a word is compared, and its dictionary form as far as known."""
    form = fold_text(word[:_MAX_WORD_CHARS])
    if lang not in LEMMATIZED_LANGUAGES or form.isdigit():
        return form, form
    return form, _lemmatize(form, lang)


def _cut_chinese(run: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(run))


def _chinese_tokens(run: str) -> Iterator[str]:
    yield from (one + other for one, other in pairwise(run))
    # Two characters are among the pairs already.
    yield from (word for word in _cut_chinese(run) if len(word) != 2)


@lru_cache(maxsize=200_000)
def _lemmatize(word: str, lang: str) -> str:
    from simplemma import lemmatize

    # Nouns of German stand in the dictionary with a capital. The small form of the dictionaries loads in half of
    # the time, takes 100 MB less a language, and is asked once for each word.
    found = lemmatize(word.capitalize() if lang == "de" else word, lang=lang, low_memory=True)
    return str(found).casefold().replace("ё", "е")
