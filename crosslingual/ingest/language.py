"""Which language a text is in: the script decides where it can, a model (py3langid) where it must."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = frozenset(
    code
    for group in (
        "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk ko lt lv mk ms",
        "nl no pl pt ro ru sk sl sq sr sv sw ta th tr uk ur uz vi zh",
    )
    for code in group.split()
)
"""Those that news is looked for in: the model knows more, and takes short texts for them."""

SURE = 0.9
"""Probability from which the model is believed."""

_READ = 4_000  # characters
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_OTHER_LETTERS = re.compile(r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]")


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language ``text`` is in, judged by its beginning; None where unsure."""
    text = text[:_READ]
    han = len(_HAN.findall(text))
    # A Chinese text has names and abbreviations in other scripts, but says more than those.
    if han >= 2 and not _KANA.search(text) and han >= len(_OTHER_LETTERS.findall(text)) / 4:
        return "zh"
    if _CYRILLIC.search(text) and (decided := _by_letters(text.lower())):
        return decided
    lang, probability = _identifier().classify(text)
    return str(lang) if probability >= SURE else None


def _by_letters(text: str) -> str | None:
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
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
