"""Codes of languages, and countries and languages by their names."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


def country_name(code: str, target_lang: str = "en") -> str:
    """A country's name in the reader's language (CLDR), or the code where there is none."""
    return str(find_locale(target_lang).territories.get(code.upper(), code))


def language_name(code: str, target_lang: str = "en") -> str:
    """A language's name in the reader's language (CLDR), or the code where there is none."""
    return str(find_locale(target_lang).languages.get(code.lower(), code))


@cache
def find_locale(target_lang: str) -> Locale:
    """What CLDR knows of the reader's language, or of English where it knows nothing."""
    try:
        return Locale.parse(target_lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_code(text: str) -> str:
    """The ISO 639-1 code of a language tag (``zh`` of ``zh-CN``, ``de`` of ``deu`` or ``ger``), else empty.

    A country's code that is no language's (``cn``, ``jp``) is none.
    """
    match = _LANGUAGE_TAG.fullmatch(text)
    code = match[1].lower() if match else ""
    if len(code) == 3:
        code = str(get_global("language_aliases").get(code, ""))
    return code if code in _known_codes() else ""


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").languages if len(str(code)) == 2)
