from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.library import Library
from crosslingual.settings import Settings
from crosslingual.types import Source
from crosslingual.ui.sources.choices import country_names
from crosslingual.ui.sources.grid import changed_sources
from crosslingual.ui.sources.suggested import suggest_facts
from tests.app.conftest import HOSTILE
from tests.helpers.app_driver import fine, html

Use = Callable[[Settings], None]
ECHO = "village-echo-example"


@pytest.fixture
def settings(shelf: Callable[..., Settings], use: Use, request: pytest.FixtureRequest) -> Settings:
    told = [
        {
            "url": f"https://village-echo.example/{n}",
            "lang": "en",
            "title": f"Rain {n}",
            "text": f"It rains {n}.",
        }
        for n in range(2)
    ]
    told.append({"source": "bbc", "lang": "en", "title": "Rain", "text": "It rains a lot."})
    settings = shelf(f"sources-{request.node.name}", *told)
    use(settings)
    return settings


def page() -> AppTest:
    def script() -> None:
        from crosslingual.ui.sources import page

        page.render_page()

    app_shown: AppTest = fine(AppTest.from_function(script, default_timeout=600))
    return app_shown


def known(settings: Settings) -> dict[str, Source]:
    with Library(settings.library) as library:
        return library.known_sources()


def counts(settings: Settings) -> dict[str, int]:
    with Library(settings.library) as library:
        return library.article_counts()


def test_what_is_suggested_of_sources_is_marked_taken_saved_and_undone(settings: Settings) -> None:
    app = page()
    assert f"2 sources with {sum(counts(settings).values())} articles in this library" in html(app)
    assert "1 source to complete" in html(app)
    (table,) = app.data_editor
    assert list(table.value["Name"]) == ["village-echo.example", "BBC"], "what lacks something stands first"
    assert list(table.value["Suggested"]) == ["English (its articles)", ""]
    assert app.button(key="sources.save").disabled
    fine(app.toggle(key="sources.suggestions.0").set_value(True))
    assert "is a guess" in html(app)
    assert known(settings)[ECHO].languages == ()
    assert app.button(key="sources.save").label == "Save 1 source"
    app = fine(app.button(key="sources.save").click())
    assert known(settings)[ECHO].languages == ("en",)
    assert "village-echo.example saved. It can be undone below." in html(app)
    (undo,) = [button for button in app.button if button.label == "Undo"]
    fine(undo.click())
    assert known(settings)[ECHO].languages == ()


def test_what_is_written_into_the_table_is_what_is_saved() -> None:
    sources = [Source("a", "A", domains=("a.ru",)), Source("b", "B", country="FR"), Source("c", "C")]
    edits: dict[Any, dict[str, object]] = {
        "0": {"Country": "Russia", "Ownership": "state", "Languages": ["Russian", "nothing"]},
        "2": {"Name": " ", "Country": "nowhere"},
    }
    (changed,) = changed_sources(sources, sources, edits)
    assert (changed.id, changed.country, changed.ownership, changed.languages) == (
        "a",
        "RU",
        "state",
        ("ru",),
    )
    drawn = [suggest_facts(one, {"ru": 9, "en": 1}).fill_missing(one) for one in sources]
    assert [one.languages for one in changed_sources(sources, drawn, {"1": {"Languages": []}})] == [
        ("ru",),
        ("ru",),
    ]


@pytest.mark.parametrize(
    ("domains", "country"),
    [
        (("news.gov.ru",), "RU"),
        (("bbc.co.uk",), "GB"),
        (("a.com", "a.de"), "DE"),
        (("rt.com",), ""),
        (("channel.tv",), ""),
        (("x.xx",), ""),
        ((), ""),
    ],
)
def test_a_country_is_suggested_by_the_end_of_a_domain(domains: tuple[str, ...], country: str) -> None:
    assert suggest_facts(Source("a", "A", domains=domains), {}).country == country
    told = suggest_facts(Source("a", "A", country="FR", domains=domains), {})
    assert told.country == "", "what is known is not guessed"


def test_a_source_is_edited_and_what_it_cannot_be_is_told(settings: Settings) -> None:
    app = page()
    app = fine(app.selectbox(key="sources.one").set_value(ECHO))
    app.text_input(key=f"sources.name.{ECHO}").set_value(f" {HOSTILE[:100]} ")
    app.text_area(key=f"sources.feeds.{ECHO}").set_value("https://village-echo.example/feed")
    app = fine(app.button(key=f"sources.save.{ECHO}").click())
    assert known(settings)[ECHO].feeds == ("https://village-echo.example/feed",)
    assert "<script>" not in html(app).replace("<style>", "")
    assert [button.label for button in app.button if button.key == "sources.fetch"] == [
        "Fetch its 1 feed now"
    ]
    app.text_area(key=f"sources.domains.{ECHO}").set_value("bbc.co.uk")
    app = fine(app.button(key=f"sources.save.{ECHO}").click())
    assert "Not done: source" in html(app)
    assert known(settings)[ECHO].domains == ("village-echo.example",)


def test_sources_are_merged_and_removed_with_what_hangs_on_them(settings: Settings) -> None:
    app = page()
    app = fine(app.selectbox(key="sources.one").set_value(ECHO))
    app = fine(app.selectbox(key=f"sources.into.{ECHO}").set_value("bbc"))
    assert "the 2 articles of" in "".join(block.value for block in app.markdown)
    app = fine(app.button(key="sources.merge").click())
    assert counts(settings) == {"bbc": 3}
    assert "merged into BBC, with 2 articles" in html(app)
    app = fine(app.selectbox(key="sources.one").set_value("bbc"))
    app = fine(app.button(key="sources.remove").click())
    assert counts(settings) == {}
    with Library(settings.library) as library:
        library.undo_operation()
        library.undo_operation()
    assert counts(settings) == {"bbc": 1, ECHO: 2}


def test_without_a_library_the_way_to_the_add_page_is_shown(
    use: Use, shelf: Callable[..., Settings], tmp_path: Path
) -> None:
    use(replace(shelf("no-sources"), library=tmp_path / "none"))
    assert "no library here" in html(page())


def test_countries_are_those_of_iso_3166() -> None:
    assert {"CN", "RU", "UA", "XK", "TW"} <= country_names().keys()
    assert not {"EU", "UN", "ZZ", "150"} & country_names().keys()
