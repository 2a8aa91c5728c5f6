"""Texts as the words that are counted: segmented in Chinese, in their dictionary form elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

LEMMATIZED_LANGUAGES = ("ru", "uk", "en", "de", "fr")
_WORD_RUN = re.compile(r"(?<!\w)[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")


def extract_terms(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """Words and phrases of two words in ``text``, each with the form it stands in.

    A phrase is two words with nothing but white space between them. Numbers do not count.
    """
    words = list(_chinese_words(text) if lang == "zh" else _lemmatized_words(text, lang))
    glue = "" if lang == "zh" else " "
    for place, (term, start, end) in enumerate(words):
        yield term, text[start:end]
        if place + 1 < len(words):
            following, begin, stop = words[place + 1]
            if not text[end:begin].strip():
                yield f"{term}{glue or chr(8203)}{following}", text[start:stop]


def _lemmatized_words(text: str, lang: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD_RUN.finditer(text):
        yield _lemmatize(match[0], lang), *match.span()


def _chinese_words(text: str) -> Iterator[tuple[str, int, int]]:
    import rjieba

    place = 0
    for word in rjieba.cut(text):
        if _WORD_RUN.fullmatch(word):
            yield word.casefold(), place, place + len(word)
        place += len(word)


@cache
def _lemmatize(word: str, lang: str) -> str:
    if lang not in LEMMATIZED_LANGUAGES:
        return word.casefold()
    from simplemma import lemmatize

    # The small form of the dictionaries, as elsewhere: each is loaded once.
    return lemmatize(word, lang=lang, low_memory=True).casefold()
