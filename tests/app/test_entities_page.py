from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner

from crosslingual.cli import cli
from crosslingual.entities.values import Entity, EntityMention
from crosslingual.library import Library
from crosslingual.report.entities import LIST_ONLY_WARNING
from crosslingual.settings import Settings
from crosslingual.types import Translation
from crosslingual.ui.entities.name_list import SORTS, label_entity, select_entities
from crosslingual.ui.entities.one_entity import split_at_names
from tests.app.conftest import HOSTILE
from tests.helpers.app_driver import fine, html, keep_downloads, open_page, shown

Use = Callable[[Settings], None]
PRESS = {
    "reuters": (
        "en",
        f"President Putin met Xi Jinping in Beijing on Thursday. {HOSTILE} Putin thanked China.",
    ),
    "ria": ("ru", "Президент Путин встретился с Си Цзиньпином в Пекине. Кремль доволен."),
    "xinhua": ("zh", "习近平在北京会见外宾。"),
    "dw": ("de", "In Berlin regnet es seit Tagen. Der Pegel der Spree steigt."),
}


def mention(form: str, lang: str, source: str, start: int = 0, *, doubtful: bool = False) -> EntityMention:
    return EntityMention("a", source, lang, 0, start, start + len(form), form, doubtful)


def entity(name: str, kind: Any, *mentions: EntityMention, key: str = "") -> Entity:
    return Entity(key or f"name:{name.casefold()}", name, kind, mentions, is_doubtful=False)


NAMES = [
    entity("Vladimir Putin", "person", mention("Путин", "ru", "ria"), key="person:Vladimir Putin"),
    entity("Orenfeld", "place", *(mention(form, "de", source) for form in ("Orenfeld",) for source in "abc")),
    entity("Bureau of Tides", "organisation", *[mention("Bureau of Tides", "en", "bbc")] * 5),
]


def chosen(**wish: str) -> list[str]:
    given = {"kind": "all", "text": "", "sort": next(iter(SORTS)), "lang": "en"} | wish
    return [one.name for one in select_entities(NAMES, **given)]


def test_names_are_narrowed_by_kind_and_text_and_sorted() -> None:
    assert chosen() == ["Orenfeld", "Bureau of Tides", "Vladimir Putin"]
    assert chosen(sort="Most mentions first")[0] == "Bureau of Tides"
    assert chosen(sort="By name") == ["Bureau of Tides", "Orenfeld", "Vladimir Putin"]
    assert chosen(kind="place") == ["Orenfeld"]
    assert chosen(text="  TIDES ") == ["Bureau of Tides"]
    assert chosen(text="путин") == ["Vladimir Putin"]
    assert chosen(text="普京") == ["Vladimir Putin"], "in a script that no article has it in"
    assert not chosen(text="Nobody")


def test_a_name_is_shown_in_the_language_that_is_read() -> None:
    both = entity("Ann Orel", "person", mention("Ann Orel", "en", "a"), mention("Анна Орел", "ru", "b"))
    assert [label_entity(both, lang) for lang in ("en", "ru", "fr")] == ["Ann Orel", "Анна Орел", "Ann Orel"]


def test_a_sentence_is_cut_at_its_names_and_nothing_is_lost() -> None:
    text = "Rey saw Rey"
    pieces = list(
        split_at_names(text, [mention("Rey", "en", "a", 8, doubtful=True), mention("Rey", "en", "a")])
    )
    assert pieces == [("Rey", "name"), (" saw ", ""), ("Rey", "doubtful")]
    twice = [mention("Rey saw", "en", "a"), mention("saw Rey", "en", "a", 4), mention("Reyes", "en", "a", 8)]
    assert "".join(piece for piece, _ in split_at_names(text, twice)) == text


@pytest.fixture
def press(
    shelf: Callable[..., Settings], use: Use, loaded_encoder: object, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Four articles; one source names no one that the others name."""
    monkeypatch.setattr("crosslingual.ui.entities.finding.load_encoder_for", lambda *_: loaded_encoder)
    told = [
        {"source": source, "lang": lang, "date": "2024-05-16", "title": HOSTILE, "text": text}
        for source, (lang, text) in PRESS.items()
    ]
    settings = shelf("press", *told)
    with Library(settings.library) as library:
        made = Translation("Xi Jinping received guests in Beijing.", "en", "memory")
        library.memory.put_translations([(PRESS["xinhua"][1], "zh", made)])
    use(settings)
    return settings


page = partial(open_page, "entities")


def test_a_table_is_made_when_the_page_is_drawn(press: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = keep_downloads(monkeypatch)
    page(scope="library")
    page(scope="library", entity="Putin")
    assert b"Putin" in given["names.csv"]()
    assert "Президент Путин встретился" in given["mentions.csv"]().decode()


def test_the_list_says_of_how_many_sources_and_in_which_forms(press: Settings) -> None:
    app = page(scope="library")
    rows = {row["name"]: row for row in shown(app)["rows"]}
    assert shown(app)["of"] == len(PRESS)
    assert rows["Xi Jinping"]["sources"] == 3
    assert {form["lang"] for form in rows["Xi Jinping"]["forms"]} == {"en", "ru", "zh"}
    assert rows["Vladimir Putin"]["mentions"] == 3
    fine(app.text_input(key="entities.text").set_value("Кремль"))
    assert [row["kind"] for row in shown(app)["rows"]] == ["organisation"]
    fine(app.text_input(key="entities.text").set_value("Nobody at all"))
    assert not app.get("bidi_component")
    assert "No name matches" in html(app)


def test_one_name_tells_who_has_it_who_has_not_and_each_sentence(press: Settings) -> None:
    data = shown(page(scope="library", entity="习近平"))
    assert (data["name"], data["sources"], data["of"]) == ("Xi Jinping", 3, 4)
    assert (data["articles"], data["ofArticles"]) == (3, 4)
    assert [(one["source"], one["of"]) for one in data["silent"]] == [("DW", 1)]
    sentences = {one["lang"]: one for group in data["groups"] for one in group["sentences"]}
    assert ["习近平", "name"] in sentences["zh"]["pieces"]
    assert sentences["zh"]["translation"] == "Xi Jinping received guests in Beijing."
    assert sentences["ru"]["translation"] == ""


def test_a_name_that_nobody_has_is_said_plainly_and_leads_back(press: Settings) -> None:
    app = page(scope="library", entity=f"Zebulon {HOSTILE}")
    assert "no article here names it" in html(app)
    assert "<script>" not in html(app)
    assert shown(app)["view"] == "none"


def test_a_library_without_events_shows_its_names(
    press: Settings, shelf: Callable[..., Settings], use: Use
) -> None:
    use(
        shelf(
            "press-alone", {"source": "bbc", "lang": "en", "title": "Tea", "text": "Vladimir Putin had tea."}
        )
    )
    data = shown(page())
    assert [row["name"] for row in data["rows"]] == ["Vladimir Putin"]
    assert data["params"] == {}


def test_with_another_encoder_page_and_command_say_that_only_the_list_works(
    press: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> tuple[str, str]:
        result = CliRunner().invoke(cli, ["entities", "--json"], catch_exceptions=False)
        assert json.loads(result.stdout)
        return html(page(scope="library")), result.stderr

    assert not any(LIST_ONLY_WARNING in told for told in asked())
    for module in ("entities.tagger", "ui.entities.page"):
        monkeypatch.setattr(f"crosslingual.{module}.find_tagger", lambda model: None)
    assert all(LIST_ONLY_WARNING in told for told in asked())
