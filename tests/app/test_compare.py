from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.settings import Settings

APP = str(Path(__file__).parents[2] / "app.py")
Use = Callable[[Settings], None]


def run(**query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(block.proto.body for block in app.get("html"))


def shown(app: AppTest) -> dict[str, Any]:
    (component,) = app.get("bidi_component")
    return dict(json.loads(component.proto.json))


def test_the_newest_event_is_shown_and_another_can_be_picked(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = run()
    newest = shown(app)
    assert {column["id"] for column in newest["columns"]} == {"bbc", "lemonde"}
    assert "2 June 2024 · 2 articles · 2 sources · 2 languages" in html(app)
    picker = app.selectbox(key="compare.event")
    assert picker.label == "2 events in this library"
    app = picker.select_index(1).run()
    assert not app.exception
    assert len(shown(app)["columns"]) == 4
    other = app.query_params["event"]
    assert other == app.selectbox(key="compare.event").value
    assert shown(run(event=other))["key"] == shown(app)["key"]


def test_an_event_that_is_not_there_gives_way_to_the_newest(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = run(event="<script>")
    assert len(shown(app)["columns"]) == 2
    assert "not in this library" in app.caption[0].value


def test_a_rerun_computes_nothing(use: Use, two_events: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use(two_events)
    app = run()
    before = shown(app)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("crosslingual.comparison.find_statements", never)
    monkeypatch.setattr("crosslingual.events._groups", never)
    app.run()
    assert not app.exception
    assert shown(app) == before


def test_no_library_says_how_to_make_one(use: Use, two_events: Settings, tmp_path: Path) -> None:
    use(replace(two_events, library=tmp_path / "none"))
    page = html(run())
    assert "no library here" in page
    assert f"crosslingual add PATH --library {tmp_path / 'none'}" in page
    assert "make app" in page


@pytest.mark.parametrize("count", [0, 1])
def test_a_library_without_events_says_what_is_missing(
    use: Use, shelf: Callable[..., Settings], count: int
) -> None:
    article = {"source": "bbc", "lang": "en", "date": "2024-03-05", "title": "Rain", "text": "It rains."}
    settings = shelf(f"few-{count}", *([article] * count))
    use(settings)
    page = html(run())
    assert ("An empty library", "No events yet")[count] in page
    assert f"crosslingual add PATH --library {settings.library}" in page


def test_one_source_alone_is_shown_with_a_word_of_why(use: Use, shelf: Callable[..., Settings]) -> None:
    texts = ("A train left the rails near Lyon on Tuesday.", "On Tuesday a train left the rails near Lyon.")
    told = [{"source": "bbc", "lang": "en", "date": "2024-03-05", "title": "Train", "text": t} for t in texts]
    use(shelf("alone", *told))
    app = run()
    assert "Only one source tells this event" in html(app)
    assert len(shown(app)["exclusives"]) == 2


def test_a_damaged_library_is_said_to_be_damaged(use: Use, two_events: Settings, tmp_path: Path) -> None:
    stored = next(path for path in two_events.library.iterdir() if path.is_file())
    (tmp_path / stored.name).write_bytes(b"not a database" * 999)
    use(replace(two_events, library=tmp_path))
    assert str(tmp_path) in html(run())


def test_another_encoder_than_the_librarys_is_explained(
    use: Use, two_events: Settings, tiny_model: Path
) -> None:
    use(replace(two_events, encoder=str(tiny_model)))
    assert "encoder" in html(run())


def test_an_encoder_that_is_not_installed_is_explained(use: Use, two_events: Settings) -> None:
    use(replace(two_events, encoder="nobody/nothing"))
    assert "crosslingual models install nobody/nothing" in html(run())
