from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.ingest import inputs as web_inputs
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library
from crosslingual.readers import File, Problem, Record
from crosslingual.serve.jobs import Job
from crosslingual.settings import Settings
from crosslingual.types import Article, Sentence
from crosslingual.ui.add import preview_model as drafts
from crosslingual.ui.add.inputs import AddInputs, check_fields, inputs_from_text
from crosslingual.ui.add.preview_model import (
    MAX_PREVIEW_ARTICLES,
    PRIVATE_ADDRESS_HINT,
    ArticleDefaults,
    Draft,
    DraftArticle,
    read_draft,
    record_sentences,
)
from crosslingual.web.fetch import Fetcher
from tests.helpers import file_samples
from tests.helpers.library_folders import library_folder
from tests.helpers.site_double import Site, html

RAIN = "It has rained in the north since Monday, and the river is expected to rise until the weekend."


def file(name: str, content: str | bytes) -> File:
    return File(Path(name), content if isinstance(content, bytes) else content.encode())


def lines(*records: dict[str, str]) -> str:
    return "\n".join(json.dumps(record) for record in records)


def read(draft: Draft, library: Path, job: Job | None = None) -> Draft:
    read_draft(draft, library, job or Job("Reading"))
    assert draft.is_ready
    return draft


def of_files(library: Path, *files: File) -> Draft:
    return read(Draft(AddInputs(files=files)), library)


def all_items(draft: Draft) -> list[Any]:
    return list(draft.iterate_items(lambda *_: None, lambda: False))


def test_what_was_read_is_shown_and_what_could_not_be(tmp_path: Path) -> None:
    draft = of_files(
        tmp_path / "none",
        file("a.jsonl", lines({"source": "bbc", "title": "Rain", "text": RAIN, "date": "2024-05-16"})),
        file("b.pdf", b"%PDF-1.4 broken"),
    )
    (row,) = draft.articles
    assert (row.n_sentences, row.lang, draft.has_more) == (1, "en", False)
    source = draft.find_source(draft.edited_record(row))
    assert source is not None
    assert source.name == "BBC"
    assert [str(problem.path) for problem in draft.problems] == ["b.pdf"]
    assert not (tmp_path / "none").exists()  # looking makes no library


def test_an_article_is_cut_into_sentences_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []

    def split_and_note(article: Article) -> tuple[Sentence, ...]:
        cut.append(article.text)
        return tuple(split_sentences(article))

    monkeypatch.setattr(drafts, "split_sentences", split_and_note)
    texts = [RAIN, f"{RAIN} Nobody was hurt."]
    draft = of_files(tmp_path / "none", file("a.jsonl", lines(*({"text": text} for text in texts))))
    assert cut == texts
    assert sorted(row.n_sentences for row in draft.articles) == [1, 2]


def test_what_lacks_a_source_or_a_language_comes_first_and_is_asked_for(tmp_path: Path) -> None:
    draft = of_files(
        tmp_path,
        file("a.jsonl", lines({"source": "bbc", "text": RAIN})),
        file("b.txt", RAIN + " Nobody was hurt."),
        file("c.jsonl", lines({"url": "https://village-echo.example/1", "text": "12 : 13"})),
    )
    assert [draft.missing_fields(row) for row in draft.articles] == [["source"], ["language"], []]
    draft.defaults = ArticleDefaults("Village Echo", "de")
    asked, short, whole = map(draft.edited_record, draft.articles)
    assert (asked.source, asked.lang) == ("Village Echo", "en")  # as it reads, not as said for the unsure
    assert (short.source, short.lang) == ("", "de")  # its link says whose it is
    assert (whole.source, whole.lang) == ("bbc", "en")
    assert not any(map(draft.missing_fields, draft.articles))


def test_an_article_is_mended_and_a_bad_value_changes_nothing(tmp_path: Path) -> None:
    draft = of_files(tmp_path, file("a.jsonl", lines({"source": "bbc", "title": "Ran", "text": RAIN})))
    (row,) = draft.articles
    draft.apply_edits(row, {"title": "Rain <b>", "date": "16.05.2024"})
    assert (draft.edited_record(row).title, draft.edited_record(row).date) == ("Rain <b>", "2024-05-16")
    draft.apply_edits(row, {"date": "soon", "title": "Rain"})
    assert draft.edit_errors[row.item_index] == "date is 'soon'; write it as 2024-05-16"
    assert (draft.edited_record(row).title, draft.edited_record(row).date) == ("Rain", "2024-05-16")
    draft.apply_edits(row, {"source": "DW\u202e", "title": None})
    assert (draft.edited_record(row).source, draft.edited_record(row).title, draft.edit_errors) == (
        "DW",
        "",
        {},
    )
    assert all_items(draft) == [replace(row.record, source="DW", title="", date="2024-05-16", lang="en")]
    draft.apply_edits(row, {"keep": False})
    assert all_items(draft) == []


@given(
    st.lists(st.tuples(st.sampled_from(["title", "date", "source", "lang", "keep"]), st.text(max_size=40)))
)
def test_whatever_is_written_into_the_table_the_record_stays_a_record(changes: list[tuple[str, str]]) -> None:
    draft = Draft(inputs_from_text({"text": RAIN, "source": "bbc", "title": "Rain"}))
    (record,) = draft.inputs.pasted
    assert isinstance(record, Record)
    draft.items.append(record)
    draft.articles.append(DraftArticle(0, record, (RAIN,), "en"))
    for name, value in changes:
        draft.apply_edits(draft.articles[0], {name: value})
        now = draft.edited_record(draft.articles[0])
        fields = {one: getattr(now, one) for one in ("title", "date", "source", "lang", "text")}
        again, wrong = check_fields(fields, Path("x"), 1)
        assert not wrong
        assert again is not None
        assert (again.title, again.date, again.text) == (now.title, now.date, RAIN)


def test_of_many_articles_the_first_are_read_and_the_rest_when_they_are_added(tmp_path: Path) -> None:
    told = [{"text": f"{RAIN} Day {n}.", "title": str(n)} for n in range(MAX_PREVIEW_ARTICLES + 30)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(0, len(told), 10):
            archive.writestr(f"{n:04}.jsonl", lines(*told[n : n + 10]))
    draft = of_files(tmp_path, file("many.zip", packed.getvalue()))
    assert (len(draft.articles), draft.has_more) == (MAX_PREVIEW_ARTICLES, True)
    draft.defaults = ArticleDefaults("Village Echo")
    draft.apply_edits(draft.articles[0], {"title": "mended"})
    draft.apply_edits(draft.articles[1], {"keep": False})
    found = all_items(draft)
    assert [item.title for item in found] == [
        "mended",
        *(str(n) for n in range(2, MAX_PREVIEW_ARTICLES + 30)),
    ]
    assert {item.source for item in found} == {"Village Echo"}
    assert {item.lang for item in found} == {"en"}


def test_reading_can_be_stopped_and_what_was_read_is_there(tmp_path: Path) -> None:
    job = Job("Reading")
    job.stop()
    draft = read(
        Draft(AddInputs(files=(file("a.txt", RAIN),), pasted=inputs_from_text({"text": RAIN}).pasted)),
        tmp_path,
        job,
    )
    assert [row.record.path for row in draft.articles] == [Path("pasted text")]
    assert draft.has_more  # the file is read when it is added


def test_a_tables_columns_are_guessed_and_other_ones_can_be_said(tmp_path: Path) -> None:
    content = file_samples.table(file_samples.STORIES[:3], header=("wann", "kopf", "roman", "wer", "wo"))
    draft = of_files(
        tmp_path,
        file("a.csv", content),
        file("b.json", file_samples.objects(file_samples.STORIES, inside=True)),
    )
    assert draft.tables[0].header == ("wann", "kopf", "roman", "wer", "wo")
    assert draft.tables[0].mapping.unsure
    assert draft.tables[1].mapping.text == "body"
    again = replace(draft.inputs.files[0], columns=(("text", "roman"), ("source", "wer")))
    other = read(draft.with_files((again,)), tmp_path)
    assert {draft.find_source(row.record).name for row in other.articles} == {"Village Echo"}  # type: ignore[union-attr]


def test_a_damaged_table_is_a_problem_and_no_table(tmp_path: Path) -> None:
    draft = of_files(tmp_path, file("a.xlsx", b"PK"), file("b.json", "{"))
    assert draft.tables == {}
    assert len(draft.problems) == 2


def test_what_the_library_holds_is_marked(tmp_path: Path, shelf: Callable[..., Settings]) -> None:
    record = {"source": "bbc", "lang": "en", "title": "Rain", "text": RAIN, "date": "2024-05-16"}
    settings = shelf("held", record)
    draft = of_files(
        library_folder(settings), file("a.jsonl", lines(record, record | {"text": RAIN + " More."}))
    )
    assert [row.item_index in draft.existing_indexes for row in draft.articles] == [True, False]


def test_what_mostly_repeats_an_article_of_the_library_is_marked(
    tmp_path: Path, shelf: Callable[..., Settings]
) -> None:
    told = [
        "The ferry to Holm stopped on Sunday because of ice.",
        "Forty islanders waited for nine hours in the harbour hall.",
        "A tug from the mainland broke the ice before midnight.",
        "The company will pay back all the tickets by Friday.",
    ]
    record = {"source": "bbc", "lang": "en", "title": "Ferry stuck", "date": "2024-02-03"}
    settings = shelf("near", record | {"text": " ".join(told)})
    edited = told[2].replace("before midnight", "shortly before midnight")
    other = record | {"source": "Coast Mail", "title": "Ice stops ferry", "date": "2024-02-05"}
    texts = {
        "reprint": [*told[:2], edited, "Our reporter was there."],
        "same day": [
            told[0],
            "A choir of Lund sang for the bishop.",
            "The museum shows old clocks in March.",
        ],
    }
    given = [other | {"text": " ".join(text)} for text in texts.values()]
    draft = of_files(library_folder(settings), file("a.jsonl", lines(*given)))
    found = {row.record.text: draft.stored_duplicate_titles.get(row.item_index) for row in draft.articles}
    assert found[given[0]["text"]] == "Ferry stuck"
    assert found[given[1]["text"]] is None
    assert not draft.existing_indexes
    nothing = of_files(tmp_path / "none", file("a.jsonl", lines(given[0])))
    assert nothing.stored_duplicate_titles == {}


def test_an_article_of_another_year_is_not_looked_at(tmp_path: Path, shelf: Callable[..., Settings]) -> None:
    record = {
        "source": "bbc",
        "lang": "en",
        "title": "Rain",
        "text": RAIN + " It stopped.",
        "date": "2024-05-16",
    }
    settings = shelf("years", record)
    again = record | {"source": "Coast Mail", "text": RAIN + " It went on."}
    found = [
        bool(
            of_files(
                library_folder(settings), file("a.jsonl", lines(again | {"date": day}))
            ).stored_duplicate_titles
        )
        for day in ("2024-05-30", "2025-05-16", "")
    ]
    assert found == [True, False, True]


def test_pages_are_fetched_and_this_machine_is_refused_with_what_to_do(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/a"] = html()
    url = f"{site.home}/a"
    (problem,) = read(Draft(AddInputs(urls=(url,))), tmp_path / "lib").items
    assert isinstance(problem, Problem)
    assert "leads to 127.0.0.1, an address of this machine or its network" in problem.message
    assert problem.message.endswith(PRIVATE_ADDRESS_HINT)
    assert site.asked == []
    lenient = Fetcher(allow_private=True, pause=lambda _: None)
    monkeypatch.setattr(web_inputs, "Fetcher", lambda **_: lenient)
    draft = read(Draft(AddInputs(urls=(url,), default_source="village-echo")), tmp_path / "lib")
    (row,) = draft.articles
    assert (row.record.title, row.record.source) == ("Bridge opens again", "village-echo")
    with Library(tmp_path / "lib") as library:
        assert library.article_ids() == []


def test_a_quotation_in_another_language_is_told(tmp_path: Path) -> None:
    text = f"{RAIN} «Мы не ожидали, что река поднимется так быстро и так высоко», — сказал житель посёлка."
    told = record_sentences(Record(Path("x"), 1, text, lang="en"))
    assert [lang for _, lang in told] == ["en", "ru"]
