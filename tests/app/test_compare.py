from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosslingual.settings import Settings
from crosslingual.types import Correction
from tests.helpers.app_driver import ask, html, name, never, run, shown
from tests.helpers.library_folders import library_folder

Use = Callable[[Settings], None]


def made_by_hand(data: dict[str, Any]) -> list[list[int]]:
    return [row["nodes"] for row in data["rows"] if row["made"]]


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
    monkeypatch.setattr("crosslingual.compare.pair_cache.score_pairs", never)
    monkeypatch.setattr("crosslingual.events.clustering.group_new_articles", never)
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
    assert len(shown(app)["articles"]) == 2


def test_a_damaged_library_is_said_to_be_damaged(use: Use, two_events: Settings, tmp_path: Path) -> None:
    stored = next(path for path in library_folder(two_events).iterdir() if path.is_file())
    (tmp_path / stored.name).write_bytes(b"not a database" * 999)
    use(replace(two_events, library=tmp_path))
    assert str(tmp_path) in html(run())


def test_another_encoder_than_the_librarys_compares_and_is_said_to_be_less_sure(
    use: Use, two_events: Settings, tiny_model: Path
) -> None:
    use(two_events)
    sure = shown(run())
    use(replace(two_events, encoder=str(tiny_model)))
    app = run()
    assert not app.exception
    assert shown(app)["articles"] == sure["articles"]
    assert "too high" in json.dumps(shown(app)) + html(app)
    assert "too high" not in json.dumps(sure)


def test_an_encoder_that_is_not_installed_is_explained(use: Use, two_events: Settings) -> None:
    use(replace(two_events, encoder="nobody/nothing"))
    assert "crosslingual models install nobody/nothing" in html(run())


def test_a_correction_is_made_once_said_and_taken_back(
    use: Use, correctable: Settings, corrections: Callable[[], list[Correction]]
) -> None:
    use(correctable)
    app = run()
    before = shown(app)
    wish = {
        "event": before["event"],
        "seen": before["key"],
        "action": "join",
        "one": [name(before, 0, 0)],
        "other": [name(before, 1, 1)],
    }
    said = ask(app, **wish)
    assert (said["to"], said["text"], said["wrong"]) == ("1", "Joined into one row.", False)
    after = shown(app)
    assert after["key"] != before["key"]
    assert after["event"] == before["event"]
    assert [one["id"] for one in after["corrections"]] == [said["undo"]]
    assert made_by_hand(after) == [[0, len(after["articles"][0]["sentences"]) + 1]]
    app.run()
    assert len(corrections()) == 1
    said = ask(app, event=before["event"], seen=after["key"], action="undo", id=said["undo"])
    assert (said["text"], said["undo"]) == ("Taken back.", None)
    assert corrections() == []
    assert shown(app)["rows"] == before["rows"]


def test_a_correction_outlives_the_articles_being_added_again(
    use: Use, correctable: Settings, added_again: Callable[[], None]
) -> None:
    use(correctable)
    app = run()
    data = shown(app)
    ask(app, event=data["event"], action="join", one=[name(data, 0, 0)], other=[name(data, 1, 1)])
    corrected = shown(app)
    added_again()
    app.run()
    again = shown(app)
    assert again["key"] != corrected["key"]
    assert made_by_hand(again) == [[0, len(again["articles"][0]["sentences"]) + 1]]
    assert again["corrections"] == corrected["corrections"]


def test_what_another_tab_did_is_said_and_nothing_is_lost(
    use: Use, correctable: Settings, corrections: Callable[[], list[Correction]]
) -> None:
    use(correctable)
    here, there = run(), run()
    data = shown(here)
    wish = {"event": data["event"], "seen": data["key"], "action": "reject"}
    ask(there, **wish, one=[name(data, 0, 0)], other=[name(data, 1, 0)])
    said = ask(here, **wish, one=[name(data, 0, 1)], other=[name(data, 1, 1)])
    assert "changed elsewhere" in said["text"]
    assert len(shown(here)["corrections"]) == len(corrections()) == 2
    ids = [one["id"] for one in shown(here)["corrections"]]
    ask(there, event=data["event"], action="undo", id=ids[0])
    said = ask(here, event=data["event"], action="undo", id=ids[0])
    assert said["wrong"]
    assert "gone already" in said["text"]
    assert [one["id"] for one in shown(here)["corrections"]] == ids[1:]


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"action": "join"},
        {"event": "another", "action": "join", "one": [["x", 0]], "other": [["y", 0]]},
        {"action": "join", "one": [["0" * 16, 0]], "other": [["1" * 16, 0]]},
        {"action": "<script>", "one": 1, "other": None},
        {"action": "undo", "id": {"a": 1}},
    ],
)
def test_a_wish_that_cannot_be_done_is_answered(
    use: Use, correctable: Settings, corrections: Callable[[], list[Correction]], wish: dict[str, object]
) -> None:
    use(correctable)
    app = run()
    said = ask(app, **({"event": shown(app)["event"]} | wish))
    assert said["wrong"]
    assert said["text"].startswith("Not done: ")
    assert corrections() == []


def test_the_sentence_in_the_address_goes_with_its_event(
    use: Callable[[Settings], None], two_events: Settings
) -> None:
    use(two_events)
    app = run()
    there, other = app.selectbox(key="compare.event").value, app.selectbox(key="compare.event").options[1]
    assert there is not None
    app = run(event=there, at="abc:0")
    assert "at" in app.query_params
    app.selectbox(key="compare.event").select(other).run()
    assert not app.exception
    assert "at" not in app.query_params


def test_the_address_wins_where_it_has_changed_and_without_an_event_it_means_the_newest(
    use: Use, two_events: Settings
) -> None:
    use(two_events)
    app = run()
    other = app.selectbox(key="compare.event").options[1]
    assert "event" not in app.query_params  # going back from here leaves the page
    app.query_params["hide"] = "bbc"
    app.query_params["sure"] = "0.5"
    app.selectbox(key="compare.event").select(other).run()
    gone_to = app.query_params["event"]
    assert len(shown(app)["columns"]) == 4
    assert "hide" not in app.query_params
    assert app.query_params["sure"] == "0.5"
    del app.query_params["event"]  # back
    app.run()
    assert len(shown(app)["columns"]) == 2
    app.query_params["event"] = gone_to  # and forward
    app.run()
    assert not app.exception
    assert len(shown(app)["columns"]) == 4
