from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.citations.reading import read_citation_graph
from crosslingual.compare.comparison import compare_event
from crosslingual.events.clustering import find_events
from crosslingual.events.duplicates import find_duplicates
from crosslingual.framing.pipeline import cached_framing
from crosslingual.library import Library
from crosslingual.report.build import event_beads, report_files, report_metadata
from crosslingual.report.folder import write_folder, zip_report
from crosslingual.settings import Settings
from crosslingual.ui.framing.page import SECTIONS
from tests.helpers.app_driver import html, never

if TYPE_CHECKING:
    from crosslingual.align.space import Space

Use = Callable[[Settings], None]

pytestmark = pytest.mark.usefixtures("loaded_encoder", "instruments")


def page(event: int = 0) -> AppTest:
    def script() -> None:
        from crosslingual.ui.framing import page

        page.render_page()

    app = AppTest.from_function(script, default_timeout=600)
    app.run()
    if event:
        app.selectbox(key="compare.event").select_index(event).run()
    assert not app.exception
    return app


def show(app: AppTest, section: str) -> list[dict[str, Any]]:
    app.segmented_control(key="framing.section").set_value(section).run()
    assert not app.exception
    return grids(app)


def grids(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(component.proto.json) for component in app.get("bidi_component")]


def test_the_section_stands_in_the_address(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(event=1)
    show(app, "Naming")
    assert app.query_params["section"] in ("Naming", ["Naming"])
    app.query_params["section"] = "Quotations"
    app.run()
    assert app.segmented_control(key="framing.section").value == "Quotations"
    app.query_params["section"] = "<b>"
    app.run()
    assert app.segmented_control(key="framing.section").value == "Overview"


def test_every_section_shows_figures_that_open_to_their_sentences(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(event=1)
    for section in SECTIONS:
        found = show(app, section)
        figures = [cell for grid in found for row in grid["rows"] for cell in row["cells"]]
        if section in ("Naming", "Quotations", "Lexicon"):
            continue  # too little text for them: said below
        assert [cell for cell in figures if cell["groups"]], section
        for grid in found:
            for group in grid["groups"]:
                assert group["items"], (section, group)
                for item in group["items"]:
                    sentence = grid["sentences"][item["at"]]
                    assert sentence["text"]
                    assert grid["articles"][sentence["article"]]["source"]


def test_the_matrix_has_a_field_for_each_statement_and_source_with_its_denominator(
    use: Use, two_events: Settings
) -> None:
    use(two_events)
    ground, matrix, alone = show(page(event=1), "Silences")
    assert len(ground["rows"]) == len(ground["columns"]) == 4
    assert all("looked at" in row["sub"] for row in (*ground["rows"], *alone["rows"]))
    for number, row in enumerate(ground["rows"]):
        assert row["cells"][number]["groups"] == []
    holes = [
        (row, cell, name)
        for row in matrix["rows"]
        for cell, name in zip(row["cells"], matrix["columns"], strict=True)
        if cell["look"] == "hole"
    ]
    carried = [cell for row in matrix["rows"] for cell in row["cells"] if cell["text"] == "●"]
    assert holes
    assert len(holes) + len(carried) == 4 * len(matrix["rows"])
    for _, cell, name in holes:
        (group,) = (matrix["groups"][at] for at in cell["groups"])
        assert group["title"] in (f"Not found in {name}", f"Perhaps in {name}")
        assert "1 article, " in group["note"][0]
        assert "sentences looked at" in group["note"][0]


def test_a_difference_opens_to_two_sentences_with_marks(use: Use, two_events: Settings) -> None:
    use(two_events)
    by_source, sure, grid = show(page(event=1), "Differences")
    assert {row["text"] for row in by_source["rows"]} <= {"Reuters", "Le Monde", "Xinhua", "DW", "BBC"}
    assert [head["text"] for head in by_source["rows"]]
    likely = [int(row["cells"][-1]["text"].split()[0]) for row in sure["rows"]]
    assert likely == sorted(likely, reverse=True)
    assert all(one >= 70 for one in likely)
    assert grid["marks"]
    pairs = [group for group in grid["groups"] if group["beside"]]
    assert pairs
    assert all(len(group["items"]) == 2 for group in pairs)
    marked = [item for group in pairs for item in group["items"] if item["parts"]]
    assert marked
    for item in marked:
        whole = "".join(part["text"] for part in item["parts"])
        assert whole == grid["sentences"][item["at"]]["text"]
    for row in grid["rows"]:
        compared = len(row["cells"][0]["groups"])
        assert row["cells"][0]["text"].split()[0] == str(compared)
        assert all(int(cell["text"]) == len(cell["groups"]) <= compared for cell in row["cells"][1:])


def test_what_cannot_be_shown_is_said(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(event=1)
    assert show(app, "Lexicon") == []
    said = html(app)
    assert "without a translation into English are not counted" in said
    app.segmented_control(key="framing.where").set_value("In its own language").run()
    assert not app.exception
    assert "No other source of this event writes in" in html(app)
    show(app, "Quotations")
    assert "No direct speech in quotation marks was found" in html(app)
    show(app, "Policy frames")
    assert "A weak automatic reading" in html(app)


def test_one_source_alone_has_no_silence(use: Use, shelf: Callable[..., Settings]) -> None:
    texts = ("A train left the rails near Lyon on Tuesday.", "On Tuesday a train left the rails near Lyon.")
    told = [{"source": "bbc", "lang": "en", "date": "2024-03-05", "title": "Train", "text": t} for t in texts]
    use(shelf("framing-alone", *told))
    app = page()
    for section in SECTIONS:
        show(app, section)
    show(app, "Silences")
    assert "Only one source tells this event" in html(app)
    show(app, "Differences")
    assert "none can be held against" in html(app)


def test_what_can_be_mended_is_said_in_a_panel(use: Use, two_events: Settings, tmp_path: Path) -> None:
    use(replace(two_events, library=tmp_path / "none"))
    assert f"crosslingual add PATH --library {tmp_path / 'none'}" in html(page())


def test_outside_text_is_no_markup_on_the_page(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = page(event=1)
    for section in SECTIONS:
        show(app, section)
        assert "<img" not in html(app)
        assert "<script" not in html(app)


def test_a_rerun_measures_nothing(use: Use, two_events: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use(two_events)
    app = page()
    before = grids(app)
    monkeypatch.setattr("crosslingual.ui.framing_cache.cached_framing", never)
    monkeypatch.setattr("crosslingual.ui.framing.page._serialize_parts", never)
    app.run()
    assert not app.exception
    assert grids(app) == before


def test_the_report_is_what_the_command_writes(
    use: Use, two_events: Settings, demo_space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[bytes] = []

    def keep(*given: Any) -> bytes:
        packed.append(zip_report(*given))
        return packed[-1]

    monkeypatch.setattr("crosslingual.ui.framing.reporting.zip_report", keep)
    use(two_events)
    app = page()
    app.button(key="framing.make").click().run()
    assert not app.exception
    (save,) = app.get("download_button")
    assert "Save the report" in save.proto.label
    app.selectbox(key="framing.form").set_value("The tables for Excel").run()
    assert not app.exception
    assert "Save the report" in app.get("download_button")[0].proto.label
    with Library(two_events.library) as library:
        event = find_events(library, demo_space, target_lang="en", engines=two_events.engine_priority)[0]
        comparison = compare_event(
            library, demo_space, event, target_lang="en", engines=two_events.engine_priority
        )
        framing = cached_framing(library, demo_space, comparison, two_events)
        beads = event_beads(library, demo_space, comparison)
        citations = read_citation_graph(
            library,
            library.lookup.article_entries(event.articles),
            find_duplicates(library, demo_space),
            comparison.statements,
        )
    about = report_metadata(comparison, two_events)
    write_folder(tmp_path / event.id, report_files(comparison, framing, beads, about, citations), about)
    with zipfile.ZipFile(io.BytesIO(packed[0])) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in (tmp_path / event.id).rglob("*")
        if path.is_file()
    }
    assert held == written
    app.run()
    assert not app.exception
    assert app.get("download_button")
    assert len(packed) == 1
