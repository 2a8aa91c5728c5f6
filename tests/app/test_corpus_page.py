from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import crosslingual
from crosslingual.search.query import Filters
from crosslingual.settings import Settings
from crosslingual.ui.corpus.request import CorpusRequest
from tests.app.conftest import HOSTILE
from tests.helpers.app_driver import fine, html, keep_downloads, open_page, shown
from tests.helpers.own_axis import OWN_AXIS

Use = Callable[[Settings], None]
PRESS = {
    "reuters": (
        "en",
        f"Two ferries left Orlen harbour on Thursday. The old ferry sank off the coast. {HOSTILE} Nobody drowned.",
    ),
    "bbc": (
        "en",
        "Two ferries left Orlen harbour on Thursday. The old ferry sank off the coast. Divers are there.",
    ),
    "dw": ("de", "Zwei Fähren verließen am Donnerstag den Hafen. Die alte Fähre sank vor der Küste."),
    "xinhua": ("zh", "周四两艘渡轮离开港口。潜水员已到达现场。"),
}


def test_a_request_is_what_its_address_says() -> None:
    wish = CorpusRequest(
        "keyness",
        "ferry AND 渡轮",
        Filters(langs=frozenset(("en", "zh")), sources=frozenset(("bbc",)), since="2024-05-01"),
        "2024-05-16-ab",
        frozenset(("dw",)),
        "left",
        "2024-05",
        "bbc",
    )
    params = wish.to_params()
    assert CorpusRequest.from_params(lambda name: params.get(name, [])) == wish
    odd = {"view": ["x"], "from": ["May"], "sort": ["?"], "q": ["a" * 9_999 + "\0"]}
    read = CorpusRequest.from_params(lambda name: odd.get(name, []))
    assert (read.view, read.filters.since, read.order) == ("concordance", "", "date")
    assert len(read.text) <= 2_000


@pytest.fixture(scope="module")
def settings(shelf: Callable[..., Settings]) -> Settings:
    told = [
        {"source": source, "lang": lang, "date": "2024-05-16", "title": text[:30], "text": text}
        for source, (lang, text) in PRESS.items()
    ]
    made: Settings = shelf("ferries", *told)
    return made


@pytest.fixture
def press(settings: Settings, use: Use, loaded_encoder: object) -> Settings:
    use(settings)
    return settings


page = partial(open_page, "corpus")


def test_words_are_asked_for_counted_and_narrowed(press: Settings) -> None:
    app = page()
    assert "Type words" in html(app)
    fine(app.text_input(key="corpus.text").set_value("ferry"))
    data = shown(app)
    assert "4 hits in 4 sentences, 2 articles, 2 of 4 sources" in html(app)
    assert [line["keyword"] for line in data["lines"]] == ["ferries", "ferry"] * 2
    assert {one["source"]: one["hits"] for one in data["sources"]} == {
        "bbc": 2,
        "reuters": 2,
        "dw": 0,
        "xinhua": 0,
    }
    assert app.query_params["q"] in ("ferry", ["ferry"])
    fine(app.multiselect(key="corpus.sources").set_value(["bbc"]))
    assert "2 hits in 2 sentences, 1 article" in html(app)
    assert "Only BBC" in html(app)
    fine(app.text_input(key="corpus.text").set_value("zeppelin"))
    assert "No sentence has it" in html(app)
    fine(app.text_input(key="corpus.text").set_value("(ferry"))
    assert "a bracket is not closed" in html(app)


def test_a_table_is_made_when_the_page_is_drawn(press: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = keep_downloads(monkeypatch)
    for query in ({"q": "ferry"}, {"view": "keyness", "source": "bbc"}, {"view": "silences"}):
        page(**query)
    lines = list(csv.DictReader(io.StringIO(given["concordance.csv"]().decode("utf-8-sig"))))
    assert [line["keyword"] for line in lines] == ["ferries", "ferry"] * 2
    assert given.keys() == {"concordance.csv", "key-words.csv", "silences.csv"}
    assert all(make() for make in given.values())


def test_what_a_hostile_text_has_stays_text(press: Settings) -> None:
    app = page(q="pwned", view="concordance")
    assert "<script>" not in html(app)
    assert any("<script>" in line["left"] + line["right"] for line in shown(app)["lines"])
    assert "<script>" not in html(page(q="<script>"))


def test_words_that_stand_beside_lead_to_their_lines(press: Settings) -> None:
    fine(app := page(view="collocations", q='"the old"'))
    assert "No word stands beside it" in html(app)
    app = page(view="collocations", q="ferry OR harbour OR coast OR left OR drowned")
    if app.get("bidi_component"):
        assert shown(app)["heads"][0] == "Word"


def test_key_words_ask_for_a_choice_and_tell_what_cannot_be_compared(press: Settings) -> None:
    assert "Choose sources" in html(page(view="keyness"))
    data = shown(page(view="keyness", source="xinhua"))
    assert data["groups"][0]["rows"] == []
    assert "no words in the reference" in data["groups"][0]["caption"]


def test_silences_need_a_comparison_and_open_to_statements(press: Settings) -> None:
    data = shown(app := page(view="silences"))
    assert "Nothing was compared yet" in html(app)
    assert {row[4] for group in data["groups"] for row in group["rows"]} <= {"not compared yet", "–"}
    assert isinstance(press.library, Path)
    with crosslingual.open(press.library) as library:
        (event,) = library.events()
        comparison = library.compare(event)
    data = shown(app := page(view="silences"))
    assert "Nothing was compared yet" not in html(app)
    (group,) = data["groups"]
    told = {row[0]: row for row in group["rows"]}
    assert told["BBC"][2].startswith("1 of 1")
    link = dict(told["Xinhua"][1] if "Xinhua" in told else next(iter(told.values()))[1])
    one = shown(page(**link))
    assert one["events"][0]["told"] == (link["who"] in event.sources)
    n_shared = sum(
        len({cell.source for cell in row.cells} - {link["who"]}) > 1 for row in comparison.statements
    )
    assert len(one["events"][0]["statements"]) <= n_shared


def test_what_a_source_tells_is_of_all_events_whatever_the_filters(
    shelf: Callable[..., Settings], use: Use, loaded_encoder: object
) -> None:
    told = [
        {"source": source, "lang": lang, "date": "2024-05-16", "title": text[:30], "text": text}
        for source, (lang, text) in PRESS.items()
    ]
    vote = "Parliament voted on the budget on Friday. The deputies of Arden rejected it by two votes."
    told += [
        {"source": source, "lang": "en", "date": "2024-07-12", "title": "Arden's budget", "text": vote + more}
        for source, more in (("afp", " A new vote follows."), ("itv", " Nobody was surprised."))
    ]
    use(settings := shelf("silent", *told))
    assert isinstance(settings.library, Path)
    with crosslingual.open(settings.library) as library:
        vote_event = next(event for event in library.events() if "afp" in event.sources)
        n_events = len(library.events())
    assert n_events > 1

    def share(**query: str) -> list[str]:
        groups = shown(page(view="silences", **query))["groups"]
        return [
            row[2].partition(" ·")[0] for group in groups for row in group["rows"] if row[1][-1][1] == "itv"
        ]

    everything = share()
    assert "1 of 1" in everything
    assert any(part.startswith("0 of") for part in everything)
    assert share(source="itv") == everything
    assert share(lang="en") == everything
    month = {"view": "silences", "month": vote_event.start[:7], "who": "bbc"}
    assert [one["event"] for one in shown(page(**month, source="bbc"))["events"]] == [vote_event.id]
    assert shown(page(**month, to="2024-06-01"))["events"] == []


def test_an_own_dictionary_is_counted_and_kept(press: Settings) -> None:
    app = page(view="dictionary")
    assert "columns category and word" in html(app)
    app.session_state["corpus.dictionary"] = {"sea": ("ferry", "渡轮"), "calm": ("quiet",)}
    fine(app)
    sea, calm = shown(app)["groups"]
    rows = {row[0]: row for row in sea["rows"]}
    assert rows["BBC"][2:4] == ["2", "2 of 3"]
    link = dict(rows["BBC"][1])
    assert (link["q"], link["source"]) == ("ferry OR 渡轮", "bbc")
    assert all(row[1] is None for row in calm["rows"])


def test_own_axes_are_placed_and_told_how_good_they_are(press: Settings) -> None:
    app = page(view="axes")
    assert "[[axis]]" in html(app)
    app.session_state["corpus.axes"] = OWN_AXIS.encode(), "own.toml"
    fine(app)
    (group,) = shown(app)["groups"]
    assert group["caption"].startswith("fighting (-1) to talks (1): tells its poles apart; ")
    assert {row[2] for row in group["rows"]} >= {"all"}
    app.session_state["corpus.axes"] = b"[[axis]]", "<own>.toml"
    app.run()
    assert "&lt;own&gt;.toml: axis 1: lacks id" in html(app)
