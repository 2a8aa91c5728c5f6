"""Which language a text is in: the script decides where it can, a model (py3langid) where it must."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from crosslingual.language.codes import language_code
from crosslingual.language.scripts import CYRILLIC, HAN, HAN_CHARACTER

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NEWS_LANGUAGES = frozenset(
    code
    for group in (
        "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk ko lt lv mk ms",
        "nl no pl pt ro ru sk sl sq sr sv sw ta th tr uk ur uz vi zh",
    )
    for code in group.split()
)
"""Those that news is looked for in: the model knows more, and takes short texts for them."""

MIN_PROBABILITY = 0.9
"""Probability from which the model is believed."""
MIN_FOREIGN_PROBABILITY = 0.99
"""Probability from which a sentence is in another language than its article."""

_MAX_CHARS = 4_000  # characters
_MIN_LETTERS = 30  # letters of a sentence in an alphabet that can be in another language than its article
_SIMILAR_LANGUAGES = tuple(
    frozenset(group.split())
    for group in (
        "no da sv",
        "hr sr bs sl mk bg",
        "cs sk",
        "id ms",
        "es pt ca it",
        "az tr uz",
        "be uk ru bg",
        "fa ur ar",
        "hi ne mr",
    )
)
"""Languages that are easily taken for one another."""
_KANA_CHAR = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_CYRILLIC_CHAR = re.compile(f"[{CYRILLIC}]")
_LETTER = re.compile(r"[^\W\d_]")
_NON_HAN_WORD = re.compile(rf"[^\W\d_{HAN}]+")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the language ``text`` is in, judged by its beginning; None where unsure."""
    return _classify_language(text, MIN_PROBABILITY)


def resolve_language(text: str, declared_lang: str) -> str:
    """The language of ``text``: what it reads as where that is sure, else what its file says, else empty.

    Files say what their template says as often as not: a page in Chinese that is marked as English.
    """
    return detect_language(text) or language_code(declared_lang)


def detect_sentence_languages(article_lang: str, sentences: Sequence[str]) -> list[str]:
    """The language of each sentence of an article: another than the article's only where that is sure.

    Args:
        article_lang: ISO 639-1 code.
        sentences: the article's, in their order.
    """
    return [_foreign_language(article_lang, sentence) or article_lang for sentence in sentences]


def _foreign_language(article_lang: str, sentence: str) -> str | None:
    """The language of a sentence that is surely not in its article's."""
    han, letters = len(HAN_CHARACTER.findall(sentence)), len(_LETTER.findall(sentence))
    if letters < _MIN_LETTERS and not (han >= 4 and han > letters / 2):
        return None
    found = _classify_language(sentence, MIN_FOREIGN_PROBABILITY)
    if found is None:
        return None
    if {found, article_lang} == {"ru", "uk"}:  # their own letters tell them apart
        return _russian_or_ukrainian(sentence.lower())
    # Where the model would tell other neighbours apart, one sentence does not say enough.
    return None if any({found, article_lang} <= group for group in _SIMILAR_LANGUAGES) else found


def _classify_language(text: str, min_probability: float) -> str | None:
    text = text[:_MAX_CHARS]
    han = len(HAN_CHARACTER.findall(text))
    if han and not _KANA_CHAR.search(text):
        words = _NON_HAN_WORD.findall(text)
        letters = sum(map(len, words))
        # A Chinese text has names and abbreviations in other scripts, but says more than those.
        if han >= 4 and han >= letters / 4 and han >= 1.5 * len(words):
            return "zh"
        if letters < 12 * han:  # too few characters, or scripts so mixed that neither speaks for the text
            return None
    if _CYRILLIC_CHAR.search(text) and (decided := _russian_or_ukrainian(text.lower())):
        return decided
    lang, probability = _load_identifier().classify(text)
    return str(lang) if probability >= min_probability else None


def _russian_or_ukrainian(text: str) -> str | None:
    """Russian or Ukrainian, where letters that the other does not have tell them apart."""
    ukrainian = sum(text.count(letter) for letter in "іїєґ")
    russian = sum(text.count(letter) for letter in "ыэё")
    if any(letter in text for letter in "ўјљњћђџќѓѕәғқңөұүһ"):  # Belarusian, Serbian, Kazakh, …
        return None
    if ukrainian >= 2 and ukrainian > 4 * russian:
        return "uk"
    if russian >= 2 and russian > 4 * ukrainian:
        return "ru"
    return None


@cache
def _load_identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(NEWS_LANGUAGES)
    # Made anew of what is left: the first one keeps the weights of all languages, 27 MB in each process.
    return LanguageIdentifier(
        model.nb_ptc,
        model.nb_pc,
        model.nb_classes,
        model.tk_nextmove,
        model.tk_output,
        norm_probs=True,
        tk_row=model.tk_row,
    )
