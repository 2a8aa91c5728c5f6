"""Which language the page is read in, and what there is to translate into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from crosslingual.errors import CrosslingualError
from crosslingual.language.codes import language_name
from crosslingual.model_store import TRANSLATOR_ALIAS, installed_models
from crosslingual.model_store.translators import can_model_translate, load_engines
from crosslingual.settings import Settings
from crosslingual.translation.argos import needed_packages
from crosslingual.translation.engine import Engine, choose_engine
from crosslingual.types import Event
from crosslingual.ui.components import replace_params

TARGET_LANG_KEY = "compare.reader"
PICKED_LANG_KEY = "scene.reader"
"""What was picked, kept while another page is shown: a widget forgets it then."""
TARGET_LANGS = ("en", "zh", "ru", "uk", "de", "fr")
"""Offered after the language of the settings."""


def get_target_lang(settings: Settings) -> str:
    """The language to read in: as picked, else as the address says, else as the settings do."""
    offered = _available_langs(settings)
    names = (TARGET_LANG_KEY, PICKED_LANG_KEY)
    picked, before = (st.session_state.get(name) for name in names)
    wanted = (picked, st.query_params.get("read", ""), before, settings.target_lang)
    chosen = next(lang for lang in wanted if lang in offered)
    st.session_state.update(
        dict.fromkeys(names, chosen)
    )  # so that a widget of another page is not taken over
    return str(st.session_state[TARGET_LANG_KEY])


def pick_target_lang(settings: Settings) -> None:
    """Draw the choice; the address keeps what is not the setting."""
    chosen = st.selectbox(
        "Read in",
        options=_available_langs(settings),
        format_func=_native_name,
        key=TARGET_LANG_KEY,
        on_change=_store_target_lang,
        args=(settings.target_lang,),
        label_visibility="collapsed",
    )
    if chosen != settings.target_lang and "read" not in st.query_params:  # one has come from another page
        replace_params("read", chosen)


def _store_target_lang(default: str) -> None:
    """Put what was picked into the address: a step for the browser's back button."""
    chosen = str(st.session_state[TARGET_LANG_KEY])
    if chosen != default:
        st.query_params["read"] = chosen
    elif "read" in st.query_params:
        del st.query_params["read"]


def _available_langs(settings: Settings) -> list[str]:
    return list(dict.fromkeys((settings.target_lang, *TARGET_LANGS)))


def _native_name(code: str) -> str:
    name = language_name(code, code)
    return name[:1].upper() + name[1:]


def installed_engines(settings: Settings) -> tuple[list[Engine], str]:
    """The engines that are installed, or why they cannot be told."""
    stamp = tuple((model.name, model.digest) for model in installed_models(settings.home))
    try:
        return _load_engines(settings.engine_names, settings.home, stamp), ""
    except CrosslingualError as error:
        return [], str(error)


@st.cache_resource(max_entries=1, show_spinner=False)
def _load_engines(order: tuple[str, ...], home: Path, stamp: object) -> list[Engine]:  # noqa: ARG001
    """Kept, since an engine keeps the models that it has loaded; ``stamp`` says what is installed."""
    return load_engines(order, home)


def translation_routes(engines: Sequence[Engine], event: Event, target_lang: str) -> dict[str, str]:
    """By each language of the event but the reader's, what would translate it; nothing where none can."""
    found = {
        lang: choose_engine(engines, lang, target_lang) for lang in event.languages if lang != target_lang
    }
    return {
        lang: f"{engine.name} {engine.route(lang, target_lang)}" if engine else ""
        for lang, engine in found.items()
    }


def count_untranslated(data: dict[str, Any]) -> Counter[str]:
    """By language, how many sentences of a payload are shown as written for lack of a translation."""
    return Counter(
        article["lang"]
        for article in data["articles"]
        if article["lang"] != data["reader"]
        for sentence in article["sentences"]
        if sentence["translation"] is None
    )


def missing_translator_help(lang: str, target_lang: str) -> dict[str, str]:
    """What a cell says where nothing installed translates ``lang``, and the commands that mend it.

    ``model`` is empty where the language model would not do.
    """
    return {
        "name": language_name(lang),
        "into": language_name(target_lang),
        "get": f"crosslingual models install {' '.join(needed_packages([lang], target_lang))}",
        "model": f"crosslingual models install {TRANSLATOR_ALIAS}"
        if can_model_translate(lang, target_lang)
        else "",
    }
