"""Driving the app without a browser: what it shows, and asking as the browser would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).parents[2] / "app.py")


def run(**query: str) -> AppTest:
    return started(AppTest.from_file(APP, default_timeout=600), **query)


def started(app: AppTest, **query: str | list[str]) -> AppTest:
    """``app`` after its first run, with ``query`` as its address."""
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def open_page(name: str, **query: str | list[str]) -> AppTest:
    """A page by the name of its folder in ``ui``, as its script alone."""

    def script(name: str) -> None:
        from importlib import import_module

        import_module(f"crosslingual.ui.{name}.page").render_page()

    app = AppTest.from_function(script, default_timeout=600, kwargs={"name": name})
    return started(app, **query)


def keep_downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What makes the files that pages offer from now on, by their names; a click calls it when the page is drawn."""
    made: dict[str, Callable[[], bytes]] = {}

    def keep(_label: str, data: Callable[[], bytes], name: str, *_: object, **__: object) -> None:
        made[name] = data

    monkeypatch.setattr(streamlit, "download_button", keep)
    return made


def fine(waiting: Any) -> AppTest:
    """The app, run with what waits to be sent: the app itself or a widget of it."""
    app: AppTest = waiting.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(block.proto.body for block in app.get("html"))


def shown(app: AppTest) -> dict[str, Any]:
    (component,) = app.get("bidi_component")
    return dict(json.loads(component.proto.json))


def ask(app: AppTest, **wish: object) -> dict[str, Any]:
    """As if the browser had asked; what the page says then."""
    app.session_state["compare.asked"] = {"number": "1", **wish}
    app.run()
    assert not app.exception
    return dict(shown(app)["said"])


def name(data: dict[str, Any], article: int, sentence: int) -> list[object]:
    return [data["articles"][article]["id"], data["articles"][article]["sentences"][sentence]["start"]]


def never(*_: object, **__: object) -> None:
    """In place of what may not be computed again."""
    raise AssertionError("computed again")
