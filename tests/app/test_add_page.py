from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.library import Library
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.ui.add.form import DRAFT_KEY
from crosslingual.ui.add.preview import apply_table_edits
from tests.app.conftest import ELECTION, HOSTILE, TRAIN, records
from tests.helpers import file_samples
from tests.helpers.app_driver import fine, html
from tests.helpers.library_folders import library_folder

Use = Callable[[Settings], None]
STORY = file_samples.STORIES[3]


pytestmark = pytest.mark.usefixtures("loaded_encoder")


@pytest.fixture
def settings(shelf: Callable[..., Settings], use: Use, tmp_path: Path) -> Iterator[Settings]:
    """No library yet."""
    settings = replace(shelf("add-page"), library=tmp_path / "library")
    use(settings)
    yield settings
    if job := jobs.current_job(str(settings.library)):
        job.stop()
        until(lambda: not job.is_running)
        jobs.dismiss_job(str(settings.library), job.id)


def until(done: Callable[[], bool]) -> None:
    for _ in range(60_000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it goes on for ever")


def page() -> AppTest:
    def script() -> None:
        from crosslingual.ui.add import page

        page.render_page()

    app = AppTest.from_function(script, default_timeout=600)
    app_shown: AppTest = fine(app)
    return app_shown


def preview(*files: tuple[str, bytes]) -> AppTest:
    app = page()
    app.file_uploader(key="add.files").set_value([(name, data, "") for name, data in files])
    fine(app)  # read at once
    until(lambda: app.session_state[DRAFT_KEY].is_ready)
    app_shown: AppTest = fine(app)
    return app_shown


def lines(*records: dict[str, str]) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def pressed(app: AppTest, key: str, settings: Settings) -> AppTest:
    """The page once what the button began has ended."""
    fine(app.button(key=key).click())
    until(lambda: (job := jobs.current_job(str(settings.library))) is None or not job.is_running)
    app_shown: AppTest = fine(app)
    return app_shown


def test_files_are_previewed_added_undone_and_redone(settings: Settings) -> None:
    app = preview(
        ("a.html", file_samples.page(replace(STORY, url="https://village-echo.example/1")).encode()),
        ("b.txt", STORY.text.encode()),
        ("c.pdf", b"%PDF-1.4"),
    )
    shown = html(app)
    assert "2 articles read, nothing stored yet" in shown
    assert "1 article must have a source and a language before it can be added" in shown
    assert "c.pdf" in shown
    assert not library_folder(settings).exists()
    assert app.button(key="add.add").label == "Add 1 article (1 needs a source)"
    (source,) = [box for box in app.selectbox if box.label.startswith("Source of the")]
    source.set_value("Xinhua")
    fine(app)
    assert app.button(key="add.add").label == "Add 2 articles"
    app = pressed(app, "add.add", settings)
    shown = html(app)
    assert "2 articles added, 1 problem." in shown
    assert "Country, ownership or language of 1 source is not known yet." in shown
    assert DRAFT_KEY not in app.session_state
    with Library(settings.library) as library:
        assert sorted(one.source for one in library.load_articles()) == ["village-echo-example", "xinhua"]
    app = fine(app.button(key="add.undo").click())
    shown = html(app)
    assert "all of it was undone since" in shown
    assert not [
        rest for rest in ("articles added", "new articles", "not known yet", "failed") if rest in shown
    ]
    with Library(settings.library) as library:
        assert library.article_ids() == []
        latest = library.load_operations()[0]
    fine(app.button(key=f"add.undo.{latest.id}").click())
    with Library(settings.library) as library:
        assert len(library.article_ids()) == 2
    assert "2 articles added, 1 problem." in html(app)


def test_only_what_an_add_put_in_counts_in_its_summary(settings: Settings) -> None:
    train, election = records(TRAIN, "2024-03-05"), records(ELECTION, "2024-06-02")
    pressed(preview(("a.jsonl", lines(*train[1:], *election))), "add.add", settings)
    app = pressed(preview(("b.jsonl", lines(*train, *election))), "add.add", settings)
    labels = [link.proto.label for link in app.get("page_link")]
    (event,) = [label for label in labels if "article" in label]
    assert event.endswith(f"1 of {len(train)} articles")
    assert "1 article · 1 new source · " in html(app)


def test_a_flaw_is_counted_apart_from_what_failed(settings: Settings) -> None:
    story = {"source": "bbc", "lang": "en", "text": STORY.text, "date": "soon"}
    app = pressed(preview(("a.jsonl", lines(story, {"source": "bbc"}))), "add.add", settings)
    shown = html(app)
    assert "1 article added, 1 problem, 1 flaw." in shown
    assert "<b>1</b><span>failed</span>" in shown
    assert "<b>1</b><span>with a flaw</span>" in shown
    assert len(app.get("download_button")) == 2


def test_the_table_is_mended_in_place_and_a_bad_date_is_told(settings: Settings) -> None:
    app = preview(
        ("a.jsonl", lines({"source": "bbc", "title": "Ran", "text": STORY.text}, {"text": "12:13"}))
    )
    draft = app.session_state[DRAFT_KEY]
    (table,) = app.data_editor
    assert list(table.value["Asks"]) == ["source?, language?, no date", "no date"]
    edits: dict[int, dict[str, object]] = {
        0: {"Add": False},
        1: {"Title": HOSTILE, "Language": "German", "Date": "1. 2."},
    }
    # The editor is drawn on a canvas that AppTest cannot write on.
    apply_table_edits(draft, draft.articles, edits)
    fine(app)
    assert "date is '1. 2.'; write it as 2024-05-16" in unescape(html(app))
    edits[1] |= {"Date": "2024-02-01"}
    apply_table_edits(draft, draft.articles, edits)
    fine(app)
    assert "write it as" not in html(app)
    assert app.button(key="add.add").label == "Add 1 article"
    app = pressed(app, "add.add", settings)
    with Library(settings.library) as library:
        (article,) = library.load_articles()
    assert (article.title, article.lang, article.date) == (" ".join(HOSTILE.split()), "de", "2024-02-01")


def test_copies_and_missing_dates_are_told_before_anything_is_stored(settings: Settings) -> None:
    first = {"source": "bbc", "lang": "en", "title": "First", "text": STORY.text, "date": "2024-05-16"}
    again = first | {"source": "dw", "title": "Again", "text": f"{STORY.text} One more sentence is new here."}
    other = {
        "source": "dw",
        "lang": "en",
        "title": "Other",
        "text": "Nothing of the kind was said by anybody.",
    }
    app = preview(("a.jsonl", lines(first, again, other)))
    (table,) = app.data_editor
    assert list(table.value["Asks"]) == ["", "copy of First", "no date"]
    assert "1 copy of others among them" in html(app)
    assert "1 article without a date" in html(app)
    assert app.button(key="add.add").label == "Add 3 articles"


def test_where_there_is_no_library_the_demo_is_offered(settings: Settings) -> None:
    app = page()
    assert "There is no library yet" in html(app)
    fine(app.button(key="add.demo").click())
    until(lambda: app.session_state[DRAFT_KEY].is_ready)
    assert "22 articles read, nothing stored yet" in html(fine(app))
    assert not library_folder(settings).exists()


def test_a_text_and_links_have_their_own_ways_in(settings: Settings) -> None:
    app = page()
    fine(app.button(key="add.read-text").click())
    assert "no text; paste the article" in html(app)
    app.text_area(key="add.text").set_value(STORY.text)
    app.text_input(key="add.source").set_value("Village Echo")
    fine(app.button(key="add.read-text").click())
    until(lambda: app.session_state[DRAFT_KEY].is_ready)
    assert "1 article read" in html(fine(app))
    fine(app.button(key="add.discard").click())
    assert DRAFT_KEY not in app.session_state
    app.text_area(key="add.links").set_value("http://127.0.0.1:1/x")
    fine(app.button(key="add.fetch").click())
    until(lambda: app.session_state[DRAFT_KEY].is_ready)
    shown = html(fine(app))
    assert "leads to 127.0.0.1, an address of this machine or its network" in shown
    assert app.button(key="add.add").disabled


def test_the_columns_of_a_table_are_shown_and_changed(settings: Settings) -> None:
    header = ("wann", "kopf", "roman", "wer", "wo")
    app = preview(("a.csv", file_samples.table(file_samples.STORIES[:2], header=header).encode()))
    assert "Guessed from what the columns hold" in html(app)
    draft = app.session_state[DRAFT_KEY]
    app.selectbox(key=f"add.column.{draft.id}.0.source").set_value("wer")
    fine(app.button(key=f"add.columns.{draft.id}.0.go").click())
    assert app.session_state[DRAFT_KEY] is not draft
    until(lambda: app.session_state[DRAFT_KEY].is_ready)
    fine(app)
    assert list(app.data_editor[0].value["Source"]) == ["Village Echo"] * 2


def test_hostile_names_and_texts_are_shown_as_they_are_written(settings: Settings) -> None:
    record = {
        "source": HOSTILE,
        "title": HOSTILE,
        "text": f"{HOSTILE} {STORY.text}",
        "url": "javascript:alert(1)",
    }
    app = preview((f"\u202e{HOSTILE}.jsonl", lines(record)), (f"{HOSTILE}.pdf", b"%PDF"))
    for where in (app, pressed(app, "add.add", settings)):
        shown = html(where)
        assert "<script>window.pwned" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown
        assert "&lt;script&gt;window.pwned" in shown


def test_a_run_is_found_again_in_another_window(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    gate, read = Event(), Library.find_existing

    def slowly(library: Library, *articles: object) -> object:
        gate.wait(20)
        return read(library, *articles)  # type: ignore[arg-type]

    app = preview(("a.jsonl", lines({"source": "bbc", "title": "Bridge", "text": STORY.text})))
    monkeypatch.setattr(Library, "find_existing", slowly)
    fine(app.button(key="add.add").click())
    other = page()
    assert "Adding a.jsonl" in html(other)
    assert not list(other.file_uploader)
    gate.set()
    until(lambda: not jobs.current_job(str(settings.library)).is_running)  # type: ignore[union-attr]
    assert "1 article added." in html(fine(other))
