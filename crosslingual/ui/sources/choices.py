"""What can be picked for a field of a source, by names that a reader knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import streamlit as st
from babel import Locale

from crosslingual.language.codes import language_name
from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.sources import OWNERSHIPS, SOURCE_KINDS
from crosslingual.types import Source

UNKNOWN = "unknown"


@cache
def country_names() -> dict[str, str]:
    """Names by ISO 3166-1 code, in the order of the names (CLDR)."""
    names = {
        str(code): str(name)
        for code, name in Locale("en").territories.items()
        if len(str(code)) == 2 and str(code) not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO")
    }
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def pick_country(source: Source, key: str) -> str:
    """The code of the country that is picked; empty where none is."""
    names = country_names()
    codes = ["", *names] + ([source.country] if source.country not in ("", *names) else [])
    return _pick_option(
        "Country", codes, source.country, lambda code: names.get(code, code or "not known"), key
    )


def pick_ownership(source: Source, key: str) -> str:
    """The word that is picked."""
    return _pick_option("Ownership", [UNKNOWN, *OWNERSHIPS], source.ownership, _option_label, key)


def pick_kind(source: Source, key: str) -> str:
    """The kind that is picked; empty where none is."""
    return _pick_option("Kind", ["", *SOURCE_KINDS], source.kind, _option_label, key)


def pick_languages(source: Source, key: str) -> tuple[str, ...]:
    """The codes that are picked, the main one first."""
    codes = list(dict.fromkeys([*source.languages, *sorted(NEWS_LANGUAGES, key=language_name)]))
    return tuple(
        st.multiselect("Languages", codes, default=source.languages, format_func=language_name, key=key)
    )


def _pick_option(
    name: str, options: list[str], current: str, format_option: Callable[[str], str], key: str
) -> str:
    index = options.index(current) if current in options else 0
    return str(st.selectbox(name, options, index=index, format_func=format_option, key=key))


def _option_label(word: str) -> str:
    return "not known" if word in ("", UNKNOWN) else word
