from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.index import FlatIndex
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.library.documents import FolderDocuments
from crosslingual.search import article_words, maintenance
from crosslingual.search.query import MAX_QUERY_CHARS
from crosslingual.search.saved import SavedSearch, load_saved_searches, save_search
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui.search.examples import EXAMPLES
from tests.app.conftest import HOSTILE
from tests.helpers.app_driver import html, never, open_page

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

Use = Callable[[Settings], None]
WORKING = "<b>Bringing the search index up to date</b>"
LYON = "A train went off the rails near Lyon on Tuesday morning"


@pytest.fixture(autouse=True)
def _loaded(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real encoder, which the tests have loaded before, is not loaded again; a slow one is waited for."""
    monkeypatch.setattr("crosslingual.ui.search.service.load_query_encoder", lambda name, home: encoder)
    monkeypatch.setattr("crosslingual.ui.search.service._WAIT_SECONDS", 60)


@pytest.fixture
def unsaved(two_events: Settings) -> Iterator[Path]:
    """The library's folder, without saved searches before and after."""
    folder = two_events.library
    assert isinstance(folder, Path)
    file = folder / "searches.json"
    file.unlink(missing_ok=True)
    yield folder
    file.unlink(missing_ok=True)


page = partial(open_page, "search")


def run(one: Any) -> None:
    """The page, or one of its fields, once more."""
    app = one.run()
    assert not app.exception


def found(app: AppTest) -> dict[str, Any]:
    (component,) = app.get("bidi_component")
    return dict(json.loads(component.proto.json))


def address(app: AppTest) -> dict[str, list[str]]:
    return {
        name: [values] if isinstance(values, str) else [*values] for name, values in app.query_params.items()
    }


def langs(app: AppTest) -> set[str]:
    return {one["lang"] for one in found(app)["hits"]}


def test_a_sentence_is_found_in_every_language(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page()
    run(app.text_input(key="search.query").set_value(LYON))
    best = found(app)["hits"][:8]
    told = ["".join(text for text, _ in one["pieces"]) for one in best]
    for text in ("Un train a déraillé près de Lyon mardi matin.", "周二上午，一列火车在里昂附近脱轨。"):
        assert text in told
    assert "sources say it</b> · of 5 sources, 6 articles, " in html(app)
    assert address(app)["q"] == [LYON]


def test_filters_narrow_what_is_looked_at_and_stand_in_the_address(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(q=LYON, sure="1")
    assert len(langs(app)) == 4
    run(app.multiselect(key="search.langs").set_value(["zh", "de"]))
    assert langs(app) == {"zh", "de"}
    assert address(app)["lang"] == ["de", "zh"]
    run(app.multiselect(key="search.countries").set_value(["DE"]))
    assert langs(app) == {"de"}
    again = page(q=LYON, sure="1", country="DE", lang=["zh", "de"])
    assert found(again)["hits"] == found(app)["hits"]
    run(app.date_input(key="search.until").set_value(date(2020, 1, 1)))
    assert not app.get("bidi_component")
    assert "leave no article to look at" in html(app)


def test_each_filter_has_a_chip_that_takes_it_away(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(q=LYON, sure="1", country="DE", lang=["zh", "de"], phrase="Lyon [b](x)")

    def chips() -> dict[str, Any]:
        return {one.label: one for one in app.button if str(one.key).startswith("search.chip.")}

    assert set(chips()) == {"Germany ✕", "Chinese ✕", "German ✕", r"exact phrase “Lyon \[b\]\(x\)” ✕"}
    run(chips()[r"exact phrase “Lyon \[b\]\(x\)” ✕"].click())
    assert langs(app) == {"de"}
    run(chips()["Germany ✕"].click())
    assert langs(app) == {"de", "zh"}
    assert address(app)["lang"] == ["de", "zh"]
    assert "country" not in address(app)
    assert app.multiselect(key="search.countries").value == []
    run(chips()["Chinese ✕"].click())
    run(chips()["German ✕"].click())
    assert not chips()


def test_the_headline_counts_what_is_listed(use: Use, two_events: Settings) -> None:
    use(two_events)
    for asked in (LYON, "Lyon", "train derailed", "Zug"):
        app = page(q=asked, n="1000")
        told = html(app).split("search-summary")[1].split("<b>")[1].split("</b>")[0]
        counted = sum(int(number) for number in re.findall(r"\d+", told))
        assert counted == len({one["source"] for one in found(app)["hits"]}), asked


def test_an_event_and_an_ownership_narrow_it(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(q=LYON, sure="1")
    (late, early) = app.selectbox(key="search.event").options
    assert " · 2 Jun 2024 · " in late
    run(app.selectbox(key="search.event").select_index(0))
    assert {one["date"] for one in found(app)["hits"]} == {"2 June 2024"}
    assert " · 5 Mar 2024 · " in early
    state = page(q=LYON, sure="1", owner="state")
    assert {one["country"] for one in found(state)["hits"]} == {"CN"}


def test_it_is_grouped_as_wanted(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(q=LYON, sure="1", n="100")
    titles = {group["title"] for group in found(app)["groups"]}
    assert {"Reuters", "Le Monde", "Xinhua"} <= titles
    run(app.segmented_control(key="search.view").set_value("event"))
    assert len(found(app)["groups"]) == 2
    run(app.segmented_control(key="search.view").set_value("list"))
    assert [group["title"] for group in found(app)["groups"]] == [""]
    (everything,) = found(app)["groups"]
    assert everything["hits"] == [*range(len(found(app)["hits"]))]
    assert address(app)["view"] == ["list"]


def test_more_is_shown_when_asked_for(use: Use, shelf: Any) -> None:
    text = " ".join(f"Rain fell in village number {number}." for number in range(50))
    use(shelf("search-more", {"source": "bbc", "lang": "en", "date": "2024-03-05", "text": text}))
    app = page(q="Rain")
    assert len(found(app)["hits"]) == 20
    assert app.button(key="search.more").label == "Show 20 more of 30"
    run(app.button(key="search.more").click())
    run(app.button(key="search.more").click())
    assert len(found(app)["hits"]) == 50
    assert address(app)["n"] == ["60"]
    assert "search.more" not in {button.key for button in app.button}
    run(app.text_input(key="search.query").set_value("village"))
    assert len(found(app)["hits"]) == 20


def test_over_time_shows_the_table_behind_the_chart(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(q="Lyon", view="time")
    assert app.get("vega_lite_chart")
    assert "2024-03-05" in html(app)
    assert "first 5 March 2024" in html(app)


def test_like_a_stored_sentence_without_encoding(
    use: Use, two_events: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosslingual.ui.search.service.load_query_encoder", never)
    use(two_events)
    with Library(two_events.library) as library:
        (german,) = (one for one in library.load_articles(library.article_ids()) if one.lang == "de")
    app = page(like=f"{german.id}:1", sure="1")
    assert "Niemand wurde verletzt." in html(app)
    first = found(app)["hits"][:4]
    assert "无人受伤。" in ["".join(text for text, _ in one["pieces"]) for one in first]
    assert f"{german.id}:1" not in {one["at"] for one in found(app)["hits"]}
    run(app.button(key="search.clear").click())
    assert "like" not in address(app)
    for name in (f"{german.id}:999", "nothing:0"):
        assert not page(like=name).get("bidi_component")


def test_what_cannot_be_asked_is_said(use: Use, two_events: Settings) -> None:
    use(two_events)
    assert "no words" in html(page(q="?!"))
    long = page(q="x" * (MAX_QUERY_CHARS + 5))
    assert len(long.text_input(key="search.query").value or "") == MAX_QUERY_CHARS
    app = page(q=LYON, source=["bbc", "nosuch<b>"], event="never")
    assert "left out: nosuch&lt;b&gt;, never" in html(app)
    assert address(app)["source"] == ["bbc"]
    for asked in ({"q": '"no such phrase at all"'}, {"q": LYON, "phrase": "no such phrase at all"}):
        none = page(**asked)
        assert "Nothing found" in html(none)
        assert "without the quotation marks or the exact phrase" in html(none)
    assert "give some words" in html(page(q=LYON, phrase="?!"))


def test_nothing_asked_shows_saved_searches_and_no_example_without_the_demo(
    use: Use, two_events: Settings, unsaved: Path
) -> None:
    use(two_events)
    app = page()
    assert "5 sources" in html(app)
    assert not [button for button in app.button if button.label in EXAMPLES]
    assert "Saved searches" not in html(app)


def test_a_search_is_saved_opened_removed_and_put_back(use: Use, two_events: Settings, unsaved: Path) -> None:
    use(two_events)
    app = page(q="Lyon", lang="fr")
    app.text_input(key="search.name").set_value(f"trains {HOSTILE[:40]}")
    run(app.button(key="search.save").click())
    (kept,) = load_saved_searches(FolderDocuments(unsaved))
    assert (kept.query, kept.filters.langs) == ("Lyon", frozenset(["fr"]))
    run(app.button(key="search.list").click())
    assert "nothing new since" in html(app)
    assert "<img" not in html(app)
    (remove,) = (one for one in app.button if one.label == "Remove")
    run(remove.click())
    assert load_saved_searches(FolderDocuments(unsaved)) == []
    run(app.button(key="search.undo").click())
    assert load_saved_searches(FolderDocuments(unsaved)) == [kept]
    (open_,) = (one for one in app.button if one.label == "Open")
    run(open_.click())
    assert address(app)["q"] == ["Lyon"]
    assert app.multiselect(key="search.langs").value == ["fr"]
    assert "<b>0 new</b> since" in html(app)


def test_a_list_ends_where_sentences_no_longer_answer_until_more_is_asked_for(
    use: Use, two_events: Settings
) -> None:
    use(two_events)
    app = page(q="The committee approved a larger budget for rural schools in the north last week")
    assert not app.get("bidi_component")
    assert "No sentence says it at 50 % or more." in html(app)
    run(app.button(key="search.near").click())
    assert found(app)["hits"]
    assert all(one["probability"] < 0.5 for one in found(app)["hits"])


def test_what_is_new_is_told_marked_and_then_counts_as_seen(
    use: Use, two_events: Settings, unsaved: Path
) -> None:
    save_search(
        FolderDocuments(unsaved), SavedSearch("trains", "Lyon", viewed_at="2024-01-01T00:00:00+00:00")
    )
    use(two_events)
    app = page()
    assert "new</strong> since 1 January 2024" in html(app)
    (open_,) = (one for one in app.button if one.label == "Open")
    run(open_.click())
    answers = [one for one in found(app)["hits"] if one["ways"] != ["near"]]
    assert answers
    assert all(one["new"] for one in answers)
    assert load_saved_searches(FolderDocuments(unsaved))[0].seen
    run(app.segmented_control(key="search.view").set_value("list"))
    answers = [one for one in found(app)["hits"] if one["ways"] != ["near"]]
    assert all(one["new"] for one in answers)  # as long as it is looked at
    run(app.button(key="search.list").click())
    assert "nothing new since" in html(app)
    run(app.text_input(key="search.query").set_value("Iceland"))
    assert "saved" not in address(app)


def test_a_damaged_list_of_searches_is_said(use: Use, two_events: Settings, unsaved: Path) -> None:
    (unsaved / "searches.json").write_text("{")
    use(two_events)
    assert "not a list of searches" in html(page())


def test_the_address_wins_where_it_has_changed_and_the_fields_where_they_have(
    use: Use, two_events: Settings
) -> None:
    use(two_events)
    app = page(q=LYON)
    run(app.text_input(key="search.query").set_value("Iceland"))
    assert address(app)["q"] == ["Iceland"]
    app.query_params["q"] = LYON  # as the browser's back button does
    run(app)
    assert app.text_input(key="search.query").value == LYON
    assert address(app)["q"] == [LYON]


def test_another_language_to_read_in_or_another_query_forgets_no_filter(
    use: Use, two_events: Settings
) -> None:
    use(two_events)
    app = page(q=LYON, country="DE", lang="de", sure="1")
    run(app.selectbox(key="search.event").select_index(1))
    before = address(app)
    run(app.selectbox(key="compare.reader").set_value("de"))
    assert address(app) == {**before, "read": ["de"]}
    assert found(app)["hits"][0]["countryName"] == "Deutschland"
    run(app.text_input(key="search.query").set_value("Lyon"))
    assert app.selectbox(key="search.sure").value == 1
    assert address(app)["country"] == ["DE"]


def test_a_rerun_finds_nothing_anew(use: Use, two_events: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use(two_events)
    app = page(q=LYON)
    before = found(app)
    monkeypatch.setattr("crosslingual.ui.search.service.search_sentences", never)
    monkeypatch.setattr("crosslingual.ui.search.service.open_index", never)
    monkeypatch.setattr("crosslingual.ui.search.page.serialize_results", never)
    run(app)
    assert found(app) == before


def test_what_is_added_is_found_at_once(use: Use, shelf: Any, encoder: object) -> None:
    told = {"lang": "en", "date": "2024-03-05", "title": "Train"}
    settings = shelf("search-adding", {"source": "bbc", "text": "A train left the rails near Lyon.", **told})
    use(settings)
    assert len(found(page(q="Lyon"))["hits"]) == 1
    lines = settings.library.parent / "more.jsonl"
    lines.write_text(json.dumps({"source": "dw", "text": "Lyon mourns after the train crash.", **told}))
    with Library(settings.library) as library:
        add_files([lines], library, lambda: shelf.reader)
    assert len(found(page(q="Lyon"))["hits"]) == 2


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The index takes in one article, then waits for this; no page waits for it."""
    go_on, begun = Event(), Event()
    take_in = maintenance._index_chunk

    def waiting(*given: Any) -> None:
        if begun.is_set():
            go_on.wait(60)
        begun.set()
        take_in(*given)

    monkeypatch.setattr(article_words, "SENTENCES_PER_CHUNK", 1)
    monkeypatch.setattr(maintenance, "_index_chunk", waiting)
    monkeypatch.setattr("crosslingual.ui.search.service._WAIT_SECONDS", 0)
    yield go_on
    go_on.set()


def until(app: AppTest, there: Callable[[str], bool]) -> None:
    """The page drawn again, as it does by itself, until it shows what is waited for."""
    for _ in range(600):
        if there(html(app)):
            return
        time.sleep(0.05)
        run(app)
    raise AssertionError("it goes on for ever")


def test_what_takes_long_to_take_in_is_followed_from_any_window_and_then_found(
    use: Use, shelf: Any, slowly: Event, unsaved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("A train left the rails near Lyon.", "Lyon mourns. Trains stand still.", "Trains run near Lyon.")
    told = [{"source": "bbc", "lang": "en", "date": "2024-03-05", "text": text} for text in texts]
    settings = shelf("search-long", *told)
    save_search(
        FolderDocuments(settings.library),
        SavedSearch("trains", "Lyon", viewed_at="2024-01-01T00:00:00+00:00"),
    )
    use(settings)
    app = page(q="Lyon")
    until(app, lambda shown: " of 4 sentences" in shown and "left" in shown)
    assert WORKING in html(app)
    assert not app.get("bidi_component")
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "start_job", never)
        assert WORKING in html(page(q="trains"))
        start = page()
        assert WORKING in html(start)
        assert "open it to see what is new" in html(start)
    slowly.set()
    until(app, lambda shown: WORKING not in shown)
    assert len(found(app)["hits"]) == 3
    run(start)
    assert "3 new</strong> since" in html(start)


@pytest.mark.parametrize("patience", [0, 60])
def test_an_index_that_cannot_be_made_is_said_and_made_once_it_can_be(
    use: Use, shelf: Any, unsaved: Path, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    settings = shelf(f"search-full-{patience}", {"source": "bbc", "lang": "en", "text": "Rain fell."})
    save_search(FolderDocuments(settings.library), SavedSearch("rain", "Rain"))
    use(settings)
    monkeypatch.setattr("crosslingual.ui.search.service._WAIT_SECONDS", patience)
    with monkeypatch.context() as patch:
        patch.setattr(FlatIndex, "save", full)
        app, start = page(q="Rain"), page()
        until(app, lambda shown: "Nothing to show" in shown)
        assert "cannot be written (No space left on device)" in html(app)
        until(start, lambda shown: "cannot be written (No space left on device)" in shown)
        assert "open it to see what is new" in html(start)
    until(app, lambda shown: bool(app.get("bidi_component")))
    assert len(found(app)["hits"]) == 1


@pytest.mark.parametrize(
    "query", [HOSTILE, '"' * 50, "'; DROP TABLE words; --", "NEAR(x y) AND *", "\u202eabc"]
)
def test_a_hostile_query_is_text(use: Use, two_events: Settings, query: str) -> None:
    use(two_events)
    app = page(q=query)
    assert "<img" not in html(app)
    assert "<script" not in html(app)


def test_an_export_has_all_that_was_found_with_links_and_scores(
    use: Use, two_events: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit

    given: dict[str, bytes] = {}

    def keep(label: str, data: Callable[[], bytes], *_: object, **__: object) -> None:
        given[label] = data()

    monkeypatch.setattr(streamlit, "download_button", keep)
    use(two_events)
    app = page(q=LYON, sure="1")
    rows = list(csv.DictReader(io.StringIO(given["CSV"].decode("utf-8-sig"))))
    lines = [json.loads(line) for line in given["JSON Lines"].decode().splitlines()]
    assert len(rows) == len(lines) >= len(found(app)["hits"])
    assert {"url", "probability", "score", "translation", "title"} <= set(rows[0])
    shown = ["".join(text for text, _ in one["pieces"]) for one in found(app)["hits"]]
    assert [row["text"] for row in lines][: len(shown)] == shown


def test_an_empty_library_is_said(use: Use, two_events: Settings, tmp_path: Path) -> None:
    with Library(tmp_path / "empty"):
        pass
    use(replace(two_events, library=tmp_path / "empty"))
    assert "An empty library" in html(page(q="Lyon"))


def test_a_library_of_one_article_can_be_searched(use: Use, shelf: Any) -> None:
    use(shelf("search-alone", {"source": "bbc", "lang": "en", "date": "", "text": "Rain fell. Nobody came."}))
    app = page(q="Rain")
    (one,) = found(app)["hits"]
    assert (one["event"], one["date"]) == ("", "no date")
