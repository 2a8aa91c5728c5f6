"""Countries and languages by their names."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


def country_name(code: str, reader: str = "en") -> str:
    """A country's name in the reader's language (CLDR), or the code where there is none."""
    return str(_locale(reader).territories.get(code.upper(), code))


def language_name(code: str, reader: str = "en") -> str:
    """A language's name in the reader's language (CLDR), or the code where there is none."""
    return str(_locale(reader).languages.get(code.lower(), code))


@cache
def _locale(reader: str) -> Locale:
    try:
        return Locale.parse(reader, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
