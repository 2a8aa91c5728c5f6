from __future__ import annotations

import doctest
import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

import crosslingual as cl
from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.errors import CrosslingualError, InputError, LibraryError, NotFoundError
from crosslingual.model_store import translators
from crosslingual.report.notebook import MAX_SHOWN_ROWS
from crosslingual.settings import Settings
from tests.helpers.doubles import EchoEngine

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

DOCS = Path(__file__).parents[1] / "docs" / "python-api.md"
NAMES = ("bbc", "cctv", "lemonde")


@pytest.fixture
def library(loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path) -> Iterator[cl.Library]:
    """A copy of the demo library."""
    with cl.open(demo_copy, create=False) as library:
        yield library


def test_importing_it_imports_nothing_heavy() -> None:
    code = (
        "import sys\nimport crosslingual\ndir(crosslingual)\n"
        "print([name for name in ('torch', 'numpy', 'pandas', 'faiss', 'scipy', 'onnxruntime', 'sqlite3')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_public_name_is_there_and_no_other() -> None:
    for name in cl.__all__:
        assert getattr(cl, name) is not None
        assert name in dir(cl)
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        cl.opne  # type: ignore[attr-defined]  # noqa: B018  # that is what is tried


def test_the_examples_of_the_documentation_work(
    loaded_encoder: SentenceEncoder, demo_space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "articles").mkdir()
    for name in NAMES:
        shutil.copy(DEMO_FOLDER / "fukushima-water" / f"{name}-demo.md", tmp_path / "articles")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    results = doctest.testfile(str(DOCS), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.attempted > 20
    assert results.failed == 0
    assert (tmp_path / "news" / "library.db").is_file()
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_five_lines_of_the_documentation_work(
    loaded_encoder: SentenceEncoder, demo_space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(DEMO_FOLDER / "beijing-summit", tmp_path / "articles")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    code = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102  # our own documentation
    table, hits = names["table"], names["hits"]
    assert isinstance(table, cl.Comparison)
    assert table.statements
    assert isinstance(hits, cl.SearchResults)
    assert {hit.entry.lang for hit in hits} == {"zh"}


def test_what_is_set_is_what_the_command_line_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSLINGUAL_TARGET_LANG", "de")
    with cl.open(tmp_path, encoder="mine", translators=("one", "two")) as library:
        assert library.settings == Settings.load(library=tmp_path, encoder="mine", translators="one,two")
        assert library.settings.target_lang == "de"
        assert library.path == tmp_path
    with cl.open(tmp_path, target_lang="zh-Hans") as library:
        assert library.settings.target_lang == "zh"


def test_a_library_that_is_not_there_is_made_only_where_it_may_be(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library here"):
        cl.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()
    cl.open(tmp_path / "none").close()
    assert (tmp_path / "none").is_dir()


def test_a_closed_library_answers_no_longer(tmp_path: Path) -> None:
    with cl.open(tmp_path) as library:
        pass
    with pytest.raises(CrosslingualError):
        library.articles()


def test_an_address_is_not_fetched(tmp_path: Path) -> None:
    with cl.open(tmp_path) as library, pytest.raises(InputError, match="crosslingual add https://"):
        library.add("https://example.org/story")


def test_a_comparison_shows_every_state_and_escapes_what_it_shows(library: cl.Library) -> None:
    event = library.events()[0]
    table = library.compare(event, threshold=0.5)
    shown = table._repr_html_()
    for column in table.source_summaries:
        assert column.source.name in shown
    assert shown.count("<tr>") == 1 + len(table.statements)
    assert "not found in its" in shown
    assert any(statement.perhaps for statement in table.statements)
    assert "perhaps ·" in shown
    frame = table.to_pandas()
    assert len(frame) == sum(len(one.cells) + len(one.perhaps) for one in table.statements)
    assert list(frame.statement.unique()) == [one.id for one in table.statements]


def test_markup_in_a_text_is_shown_as_text(
    loaded_encoder: SentenceEncoder, demo_space: Space, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(
            f"---\nsource: {name}\nlang: en\ndate: 2024-05-16\ntitle: <b>A train</b>\n---\n"
            "The minister said that <script>alert(1)</script> was written on the train in Lyon.\n",
            encoding="utf-8",
        )
    with cl.open(tmp_path / "library") as library:
        assert library.add(tmp_path / "one.md", tmp_path / "two.md").n_added == 2
        shown = library.compare(library.events()[0])._repr_html_()
        found = library.search("A train in Lyon was written on by the minister.")._repr_html_()
        told = library.timeline(library.events()[0])._repr_html_()
    for html in (shown, found, told):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


def test_answers_become_the_same_table_of_pandas_and_arrow(library: cl.Library) -> None:
    event = library.events()[0]
    answers = (
        library.compare(event),
        library.search("signed a joint statement", limit=5),
        library.timeline(event),
        library.figures(event),
        library.citations(event),
    )
    for answer in answers:
        frame, table = answer.to_pandas(), answer.to_arrow()
        assert len(frame) == table.num_rows > 0
        assert list(frame.columns) == table.column_names
        for name in ("text", "source", "article"):
            assert frame[name].tolist() == table[name].to_pylist()
        assert pa.types.is_integer(table["sentence"].type)
        shown = answer._repr_html_()
        assert shown.startswith("<table>")
        assert escape(frame.text[0]) in shown
    assert library.search("signed", source="bbc-demo", since="2030-01-01").to_arrow().num_rows == 0


def test_a_long_table_is_shown_in_part(library: cl.Library) -> None:
    figures = library.figures(library.events()[0])
    rows = figures.table_rows()
    assert len(rows) > MAX_SHOWN_ROWS
    shown = figures._repr_html_()
    assert shown.count("<tr>") == 1 + MAX_SHOWN_ROWS
    assert f"{len(rows)} rows" in shown


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_library_is_translated_as_far_as_there_are_translators(
    library: cl.Library, monkeypatch: pytest.MonkeyPatch, is_fast: bool
) -> None:
    library.settings = replace(library.settings, target_lang="it")
    article = next(one for one in library.articles() if one.lang == "fr")
    monkeypatch.setattr(translators, "load_engines", lambda names, home: [])
    assert library.translate([article]).n_without_engine == (("fr", 1 + len(library.sentences(article))),)
    engine = EchoEngine({"it"}, is_fast=is_fast)
    monkeypatch.setattr(translators, "load_engines", lambda names, home: [engine])
    texts = {one.text for one in library.sentences(article)} | {article.title}
    assert library.translate([article.id], only_fast=True).n_translated == (len(texts) if is_fast else 0)
    assert library.translate([article]).n_translated == (0 if is_fast else len(texts))
    made = library.store.memory.find_best(texts, "fr", "it")
    assert {text: one.text for text, one in made.items()} == {text: engine.say(text) for text in texts}
    with pytest.raises(NotFoundError):
        library.translate(["no-such"])


def test_a_report_is_packed_as_it_is_written(library: cl.Library, tmp_path: Path) -> None:
    event = library.events()[0]
    written = library.report(event, tmp_path / "out")
    with zipfile.ZipFile(io.BytesIO(library.zip_report(event))) as archive:
        packed = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    files = [path for path in written.page.parent.rglob("*") if path.is_file()]
    assert packed == {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in files}


def test_a_search_is_a_sequence_and_its_filters_hold(library: cl.Library) -> None:
    hits = library.search("The two presidents signed a joint statement.", country=["cn", "RU"], limit=7)
    assert len(hits) == len(hits.hits) == len(list(hits)) == 7
    assert hits[-1] == hits[6]
    assert hits[:2] == hits.hits[:2]
    assert {hits.sources[hit.entry.source].country for hit in hits} <= {"CN", "RU"}
    assert hits.to_pandas().text.tolist() == [hit.sentence.text for hit in hits]
    event = library.event(hits[0].entry.article)
    inside = library.search("signed", event=event)
    assert {hit.entry.article for hit in inside} <= set(event.articles)
    late = library.search("signed", since="2024-05-17")
    assert all(hit.entry.date[:10] >= "2024-05-17" for hit in late)


def test_a_search_that_cannot_be_meant_is_an_error(library: cl.Library) -> None:
    with pytest.raises(InputError, match="not both"):
        library.search()
    with pytest.raises(InputError, match="not both"):
        library.search("water", like=(library.articles()[0].id, 0))
    with pytest.raises(InputError, match="other way round"):
        library.search("water", since="2024-05-02", until="2024-05-01")
    for day in ("yesterday", "2024-5-1", "20240501", "2024-02-30"):
        with pytest.raises(InputError, match=f"'{day}' is not a day"):
            library.search("water", since=day)
        with pytest.raises(InputError, match=f"'{day}' is not a day"):
            library.search("water", until=day)
    with pytest.raises(InputError, match="limit -1"):
        library.search("water", limit=-1)
    with pytest.raises(NotFoundError, match="lang 'xx'"):
        library.search("water", lang="xx")
    with pytest.raises(InputError, match="from 0 to 1"):
        library.compare(library.events()[0], threshold=7)


def test_what_another_encoder_added_is_encoded_first_and_told(
    library: cl.Library, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.undo()  # the encoder is another one here
    with cl.open(
        library.path, encoder=str(tiny_model), progress=lambda step, done, total: told.append(step)
    ) as other:
        article = library.articles()[0]
        assert other.align(article, library.articles()[1].id)
    assert "encoding" in told


def test_the_stories_that_wait_are_found_by_another_encoder(
    library: cl.Library, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = library.events()
    monkeypatch.undo()  # the encoder is another one here
    with cl.open(library.path, encoder=str(tiny_model)) as other:
        assert other.store.waiting_stories()
        other.merge_events(first, second)
        assert other.group_articles() == 0
        assert other.store.waiting_stories() == []
