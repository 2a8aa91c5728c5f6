"""Which language the page is read in, and what there is to translate into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.language.codes import language_name
from crosslingual.models import TRANSLATOR, installed
from crosslingual.models.translators import load_engines, model_translates
from crosslingual.settings import Settings
from crosslingual.translate.argos import needed
from crosslingual.translate.engine import Engine, choose
from crosslingual.types import Event

READER = "compare.reader"
READERS = ("en", "zh", "ru", "uk", "de", "fr")
"""Offered after the language of the settings."""


def reader(settings: Settings) -> str:
    """The language to read in: as picked, else as the address says, else as the settings do."""
    offered = _offered(settings)
    if st.session_state.get(READER) not in offered:
        asked = st.query_params.get("read", "")
        st.session_state[READER] = asked if asked in offered else settings.reader
    return str(st.session_state[READER])


def pick_reader(settings: Settings) -> None:
    """Draw the choice; the address keeps what is not the setting."""
    chosen = st.selectbox(
        "Read in", options=_offered(settings), format_func=_native, key=READER, label_visibility="collapsed"
    )
    if chosen != settings.reader:
        st.query_params["read"] = chosen
    elif "read" in st.query_params:
        del st.query_params["read"]


def _offered(settings: Settings) -> list[str]:
    return list(dict.fromkeys((settings.reader, *READERS)))


def _native(code: str) -> str:
    name = language_name(code, code)
    return name[:1].upper() + name[1:]


def translators(settings: Settings) -> tuple[list[Engine], str]:
    """The engines that are installed, or why they cannot be told."""
    stamp = tuple((model.name, model.digest) for model in installed(settings.home))
    try:
        return _engines(settings.engines, settings.home, stamp), ""
    except CrosslingualError as error:
        return [], str(error)


@st.cache_resource(max_entries=1, show_spinner=False)
def _engines(order: tuple[str, ...], home: Path, stamp: object) -> list[Engine]:  # noqa: ARG001
    """Kept, since an engine keeps the models that it has loaded; ``stamp`` says what is installed."""
    return load_engines(order, home)


def ways(engines: Sequence[Engine], event: Event, reader: str) -> dict[str, str]:
    """By each language of the event but the reader's, what would translate it; nothing where none can."""
    found = {lang: choose(engines, lang, reader) for lang in event.languages if lang != reader}
    return {
        lang: f"{engine.name} {engine.way(lang, reader)}" if engine else "" for lang, engine in found.items()
    }


def bare(data: dict[str, Any]) -> Counter[str]:
    """By language, how many sentences of a payload are shown as written for lack of a translation."""
    return Counter(
        article["lang"]
        for article in data["articles"]
        if article["lang"] != data["reader"]
        for sentence in article["sentences"]
        if sentence["translation"] is None
    )


def lacking(lang: str, reader: str) -> dict[str, str]:
    """What a cell says where nothing installed translates ``lang``, and the commands that mend it.

    ``model`` is empty where the language model would not do.
    """
    return {
        "name": language_name(lang),
        "into": language_name(reader),
        "get": f"crosslingual models install {' '.join(needed([lang], reader))}",
        "model": f"crosslingual models install {TRANSLATOR}" if model_translates(lang, reader) else "",
    }
