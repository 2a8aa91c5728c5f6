"""One of a few views of a page, which stands in the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def pick_view(label: str, key: str, param: str, views: Mapping[str, str]) -> str:
    """The one of ``views`` (values of ``param``, with their names) that is chosen; the first is not in the address."""
    first = next(iter(views))
    asked = st.query_params.get(param, first)
    st.session_state[key] = asked if asked in views else first
    return str(
        st.segmented_control(
            label,
            list(views),
            format_func=views.__getitem__,
            key=key,
            required=True,
            label_visibility="collapsed",
            on_change=store_view,
            args=(key, param, first),
        )
    )


def store_view(key: str, param: str, first: str) -> None:
    """Put what the widget ``key`` has into the address, ``first`` by leaving ``param`` out."""
    chosen = str(st.session_state[key])
    if chosen != first:
        st.query_params[param] = chosen
    elif param in st.query_params:
        del st.query_params[param]
