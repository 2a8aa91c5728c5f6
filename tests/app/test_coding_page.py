from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from crosslingual.coding.unit_view import load_unit_view
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingDecision, CodingUnit, make_passage
from crosslingual.settings import Settings
from crosslingual.ui.add.widgets import escape_markdown
from crosslingual.ui.coding.queue_view import find_words
from tests.app.conftest import ELECTION, HOSTILE, records
from tests.helpers.app_driver import fine, html, keep_downloads, open_page

pytestmark = pytest.mark.model
BLAME = Code("Blame", HOSTILE, HOSTILE, "#0072b2")


@pytest.fixture
def library(
    shelf: Callable[..., Settings], use: Callable[[Settings], None], request: pytest.FixtureRequest
) -> Library:
    settings = shelf(f"coded-{request.node.name[:40]}", *records(ELECTION, "2024-06-02"))
    use(settings)
    return Library(settings.library)


def code_page(view: str = "", coder: str = "Ann") -> AppTest:
    return open_page("coding", **({"view": view} if view else {}), **({"coder": coder} if coder else {}))


def first_units(library: Library, count: int) -> list[CodingUnit]:
    units = [
        CodingUnit("sentence", (make_passage(one.id, one.text, sentence.start, sentence.end),))
        for one in library.load_articles()
        for sentence in library.load_sentences([one.id])[one.id]
    ]
    return units[:count]


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def press(app: AppTest, label: str) -> AppTest:
    return fine(next(one for one in app.button if one.label == label).click())


def field(app: AppTest, label: str) -> TextInput:
    return next(one for one in app.text_input if one.label.startswith(label))


def test_empty_states_say_what_comes_first(library: Library) -> None:
    assert "Say who codes" in html(code_page(coder=""))
    assert "no codes yet: make some under Codebook" in html(code_page())
    assert "Nobody has coded anything yet" in html(code_page("agreement"))
    assert "There are no codes yet" in html(code_page("counts"))
    assert "No codes yet" in html(code_page("codebook"))
    library.add_codes([BLAME])
    assert "Passages to code" in html(code_page())
    assert "No disagreements" in html(code_page("differ"))


def test_a_codebook_is_made_changed_and_taken_back(library: Library) -> None:
    app = code_page("codebook")
    field(app, "Name").input("Blame")
    app = press(app, "Add")
    assert "Done: code added: Blame" in html(app)
    assert [one.name for one in library.load_codes()] == ["Blame"]
    field(app, "Name").input("blame")
    app = press(app, "Add")
    assert "Not done: Blame: there is such a code already" in html(app)
    app = press(app, f"Undo: {escape_markdown('code added: Blame')}")
    assert library.load_codes() == []
    assert not [label for label in labels(app) if label.startswith("Undo")]


def test_a_code_goes_to_a_passage_with_memo_and_words_and_off_again(library: Library) -> None:
    library.add_codes([BLAME, Code("Calm")])
    units = first_units(library, 2)
    library.offer_units(units, ["Ann", "Ben"], "two")
    app = code_page()
    assert "Passage 1 of 2" in html(app)
    app = press(app, "Blame")
    assert "✓ Blame" in labels(app)
    field(app, "Memo").input("why here?")
    field(app, "Only these words").input("nowhere to be found")
    app = press(app, "Calm")
    assert "does not stand in this passage" in html(app)
    text = library.load_articles()[0].text
    field(app, "Only these words").input(text[2:9])
    app = press(app, "Calm")
    (unit, _) = library.load_coding_units()
    calm = next(one for one in unit.codings if one.memo)
    assert calm.passage
    assert text[calm.passage.start : calm.passage.end] == text[2:9]
    assert field(app, "Memo").value == field(app, "Only these words").value == ""
    app = press(app, "✓ Blame")
    assert [one.memo for one in library.load_coding_units()[0].codings] == ["why here?"]
    app = press(app, "Done, next")
    assert "Passage 2 of 2" in html(app)
    app = press(app, "Take the last passage back")
    assert "Passage 1 of 2" in html(app)
    assert "✓" not in "".join(labels(code_page(coder="Ben")))


def test_what_coders_said_is_decided_and_counted_and_taken_away(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add_codes([BLAME])
    units = first_units(library, 2)
    library.offer_units(units, ["Ann", HOSTILE[:60]], "two")
    library.add_coding(units[0], Coding(BLAME.id, "Ann", HOSTILE))
    for unit in library.load_coding_units():
        for task in unit.tasks:
            library.finish_task(unit.id, task.coder)
    files = keep_downloads(monkeypatch)
    app = code_page("differ")
    assert "1 passage coded differently, 1 not decided" in html(app)
    assert "<script" not in html(app)
    app = press(app, "Decide")
    decision = library.load_coding_units()[0].decision
    assert decision
    assert (decision.coder, decision.codes) == ("Ann", frozenset())
    assert "Ann decided: no code" in html(app)
    app = press(app, "Take the decision back")
    assert library.load_coding_units()[0].decision is None
    assert "<td" in html(code_page("agreement"))
    code_page("codebook")
    library.add_coding(units[1], Coding(BLAME.id, "Cid"))  # after the pages were drawn
    codings = files["codings.csv"]().decode("utf-8-sig")
    assert (codings.count("\nAnn,"), codings.count("\nCid,")) == (2, 1)
    assert files["agreement.csv"]()
    assert b"urn:QDA-XML:codebook:1.0" in files["codebook.qdc"]()
    with zipfile.ZipFile(BytesIO(files["coding.qdpx"]())) as archive:
        assert "project.qde" in archive.namelist()
    assert "1 open (not finished by all, or disagreed on)" in html(code_page("counts"))
    settled = library.load_coding_units()[0].id
    library.add_decision(settled, CodingDecision("Ann", frozenset({BLAME.id})))
    assert "2 units settled by the coders" in html(code_page("counts"))
    assert files["codes.csv"]()


def test_passages_that_are_gone_are_told(library: Library) -> None:
    library.add_codes([BLAME])
    (unit,) = first_units(library, 1)
    gone = make_passage("0" * 16, "no more", 0, 7)
    library.offer_units([replace(unit, kind="statement", passages=(*unit.passages, gone))], ["Ann"], "one")
    assert "1 passage of this unit is gone" in html(code_page())


def test_a_library_that_cannot_be_written_is_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add_codes([BLAME])
    monkeypatch.setattr(Library, "is_read_only", True)
    assert "cannot be written" in html(code_page())
    files = keep_downloads(monkeypatch)
    app = code_page("codebook")
    assert "Blame" in html(app)
    assert [label for label in labels(app) if label != "Codebook (.qdc)"] == []
    assert b"Blame" in files["codebook.qdc"]()


def test_words_that_stand_twice_are_asked_for_in_full(library: Library) -> None:
    text = library.load_articles()[0].text
    unit = CodingUnit("span", (make_passage(library.load_articles()[0].id, text, 0, len(text)),))
    view = load_unit_view(library, unit)
    twice = next(word for word in text.split() if text.count(word) > 1)
    with pytest.raises(InputError, match="stands there twice"):
        find_words(view, twice)
    whole = find_words(view, text[: len(text) // 2])
    assert whole
    assert (whole.start, whole.end) == (0, len(text[: len(text) // 2].rstrip()))


def test_a_hostile_name_is_a_name_in_buttons(library: Library) -> None:
    library.add_codes([Code(HOSTILE[:200])])
    label = next(one for one in labels(code_page("codebook")) if one.startswith("Undo"))
    assert label == f"Undo: {escape_markdown(library.load_operations('codes')[0].description)}"


def test_what_was_typed_is_not_dropped_and_a_passage_taken_back_is_the_next(library: Library) -> None:
    library.add_codes([BLAME])
    library.offer_units(first_units(library, 3), ["Ann", "Ben"], "three")
    second = library.load_coding_units()[1]
    library.finish_task(second.id, "Ann")
    app = code_page()
    field(app, "Memo").input("not kept yet")
    app = press(app, "Done, next")
    assert "press the code that it goes with" in html(app)
    assert library.load_coding_units()[0].is_done_by("Ann") is False
    field(app, "Memo").input("")
    app = press(app, "Take the last passage back")
    app = press(app, "Blame")
    assert library.load_coding_units()[1].codes_of("Ann") == {BLAME.id}
    app = press(app, "Done, next")
    for task_coder, unit in (
        (coder, unit) for unit in library.load_coding_units() for coder in ("Ann", "Ben")
    ):
        library.finish_task(unit.id, task_coder)
    app = press(code_page(), "Take the last passage back")
    assert "have finished it, or it is decided" in html(app)


def test_an_offer_says_what_came_of_it_and_is_taken_back(library: Library) -> None:
    library.add_codes([BLAME])
    app = code_page()
    app = press(app, "Offer")
    n_tasks = sum(len(unit.tasks) for unit in library.load_coding_units())
    assert f"{n_tasks} tasks offered" in html(app)
    app = press(app, "Take the offer back")
    assert f"{n_tasks} tasks taken back" in html(app)
    assert not [unit for unit in library.load_coding_units() if unit.tasks]


def test_downloads_are_offered_where_there_is_something_in_them(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = keep_downloads(monkeypatch)
    library.add_codes([BLAME])
    library.offer_units(first_units(library, 1), ["Ann"], "one")
    code_page("agreement")
    assert not files.keys() & {"codings.csv", "coding.qdpx"}
    library.finish_task(library.load_coding_units()[0].id, "Ann")
    code_page("agreement")
    assert "codings.csv" in files
    assert "coding.qdpx" not in files
