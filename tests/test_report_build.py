from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from crosslingual.align.space import Space
from crosslingual.citations.graph import build_citation_graph
from crosslingual.citations.values import Citation
from crosslingual.compare.comparison import align_articles, compare_event
from crosslingual.events.clustering import find_events
from crosslingual.framing.axes import load_axis_model
from crosslingual.framing.cells import collect_cells
from crosslingual.framing.pipeline import Framing, Instruments, measure_framing
from crosslingual.framing.policy import load_frame_model
from crosslingual.library import ArticleEntry, Library
from crosslingual.report.bitext import BeadsByPair, bitext_entries
from crosslingual.report.build import report_files, report_metadata
from crosslingual.report.folder import write_folder, zip_report
from crosslingual.report.sentences import sentence_anchor
from crosslingual.report.tables import csv_bytes, jsonl_bytes
from crosslingual.settings import Settings
from crosslingual.timeline.figure_ledger import build_ledger
from crosslingual.tmx import read_tmx
from crosslingual.types import Comparison, FloatArray
from tests.helpers import framing_samples
from tests.helpers.timeline_samples import made_article, made_comparison

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

DOCS = Path(__file__).parents[1] / "docs"
VOID = {"meta", "br", "link", "img", "hr", "input"}
TURN = "\u202e"
HOSTILE = f"<script>alert(1)</script>{{{{ 7*7 }}}}\"'>&{TURN}\x00\x1b[31m"


class Page(HTMLParser):
    """Elements with their attributes; complains of what is not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> Iterator[str]:
        return (value for _, attrs in self.elements if (value := attrs.get(name)) is not None)


def files(
    comparison: Comparison, framing: Framing | None = None, beads: BeadsByPair | None = None
) -> dict[str, bytes]:
    settings = Settings(Path("home"), Path("library"))
    about = report_metadata(comparison, settings)
    return report_files(comparison, framing or framing_samples.framing(comparison), beads or {}, about)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.fixture(scope="module")
def demo(
    demo_library: Library,
    demo_space: Space,
    instruments: Instruments,
) -> tuple[Comparison, Framing, BeadsByPair]:
    """The summit of the demo, measured."""
    event = next(one for one in find_events(demo_library, demo_space) if "Xi" in one.title)
    comparison = compare_event(demo_library, demo_space, event)
    one, other = (next(a.id for a in comparison.articles if a.lang == lang) for lang in ("zh", "en"))
    beads = {(one, other): align_articles(demo_library, demo_space, one, other)}
    return comparison, measure_framing(demo_library, instruments, comparison), beads


def test_a_page_that_needs_nothing_else(demo: tuple[Comparison, Framing, BeadsByPair]) -> None:
    text = files(*demo)["report.html"].decode()
    page = Page(text)
    assert not {tag for tag, _ in page.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "base",
        "form",
    }
    assert "url(" not in text
    assert "@import" not in text
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "written for crosslingual from public facts" in text, "the demo is marked as such"


def test_each_claim_leads_to_its_sentence_and_each_article_to_its_source(
    demo: tuple[Comparison, Framing, BeadsByPair],
) -> None:
    comparison, framing, _ = demo
    page = Page(files(*demo)["report.html"].decode())
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    links = list(page.values("href"))
    inner = {link[1:] for link in links if link.startswith("#")}
    assert inner <= set(ids)
    assert {f"s-{cell.article}-{cell.sentence}" for cell in collect_cells(comparison)} <= set(ids)
    assert {f"st-{one.id}" for one in comparison.statements} <= set(ids)
    assert {link for link in links if not link.startswith("#")} == {
        article.url for article in comparison.articles if article.url
    }
    movers = {
        f"s-{one.cell.article}-{one.cell.sentence}" for s in framing.axis_scores for one in s.towards_high[:1]
    }
    assert movers <= inner


def test_the_page_says_engines_models_versions_and_settings(
    demo: tuple[Comparison, Framing, BeadsByPair],
) -> None:
    comparison = demo[0]
    text = files(*demo)["report.html"].decode()
    for said in (
        comparison.encoder,
        comparison.event.id,
        "translation memory",
        "Setting: threshold",
        "numpy",
    ):
        assert said in text


def test_the_same_again_byte_for_byte(
    demo: tuple[Comparison, Framing, BeadsByPair],
    demo_library: Library,
    demo_space: Space,
    encoder: SentenceEncoder,
    encode_once: Callable[[Sequence[str]], FloatArray],
    tmp_path: Path,
) -> None:
    comparison, _, beads = demo
    again = compare_event(demo_library, demo_space, comparison.event)
    fitted_again = Instruments(
        encoder,
        demo_space,
        load_axis_model(demo_space, tmp_path, encode_once),
        load_frame_model(demo_space, tmp_path, encode_once),
    )
    measured = measure_framing(demo_library, fitted_again, again)
    assert files(again, measured, beads) == files(*demo)


def test_the_tables_hold_what_was_measured(demo: tuple[Comparison, Framing, BeadsByPair]) -> None:
    comparison, framing, _ = demo
    found = files(*demo)
    counts = {
        "statements": sum(len(one.cells) + len(one.perhaps) for one in comparison.statements),
        "differences": sum(max(1, len(one.divergence.spans)) for one in framing.differences),
        "silences": len(framing.omissions.omissions),
        "exclusives": len(framing.omissions.exclusives),
        "overlap": len(framing.omissions.overlaps),
        "quotes": len(framing.quotes.quotes),
        "quotes-elsewhere": len(framing.quote_reuse),
        "voices": len(framing.quotes.speaker_shares),
        "claims": len(framing.claims),
        "lexicon": len(framing.lexicon.original) + len(framing.lexicon.across),
        "axes": len(framing.axis_scores),
        "frames": len(framing.frame_shares),
        "timeline": sum(len(one.cells) for one in comparison.statements),
        "figures": sum(len(group.mentions) for group in build_ledger(comparison).groups),
        "naming": sum(len(one.mentions) for each in framing.naming for one in each.renderings),
    }
    for name, count in counts.items():
        table = rows(found[f"tables/{name}.csv"])
        lines = [json.loads(line) for line in found[f"tables/{name}.jsonl"].decode().splitlines()]
        assert len(table) == len(lines) == count, name
        assert count, name
        assert [list(row) for row in table] == [list(line) for line in lines]
    spans = [json.loads(line) for line in found["tables/differences.jsonl"].decode().splitlines()]
    for row in spans:
        side = "left" if row["in"] == row["left_source"] else "right"
        assert not row["kind"] or row[f"{side}_text"][row["start"] : row["end"]] == row["words"]
    cell = rows(found["tables/statements.csv"])[0]
    article = next(one for one in comparison.articles if one.id == cell["article"])
    assert article.text[int(cell["start"]) : int(cell["end"])] == cell["text"].removeprefix("'")


def test_the_page_says_who_was_first_and_which_figures_were_told() -> None:
    articles = [
        made_article(
            "a", "en", "2031-04-02T09:00:00Z", "The ferry burned.", "At least 40 people were killed."
        ),
        made_article(
            "b",
            "en",
            "2031-04-02T10:30:00Z",
            "The ferry burned.",
            "61 people were killed, the ministry said.",
        ),
    ]
    comparison = made_comparison(articles, [(0, 0), (1, 0)])
    text = files(comparison)["report.html"].decode()
    assert "1 h 30 min later" in text
    assert "2031-04-02 09:00+00:00" in text
    assert "40 → 61" in text
    assert "according to" in text
    inner = {link[1:] for link in Page(text).values("href") if link.startswith("#")}
    assert inner <= set(Page(text).values("id"))


def test_the_page_says_what_they_call_it_and_who_cites_whom(
    demo: tuple[Comparison, Framing, BeadsByPair],
) -> None:
    comparison, framing, beads = demo
    told = " ".join(files(*demo)["report.html"].decode().split())
    assert framing.naming
    for referent in framing.naming:
        assert f"<bdi>{escape(referent.label)}</bdi>" in told
    assert 'id="citations"' not in told
    one = comparison.articles[0]
    cell = next(cell for cell in comparison.exclusives if cell.article == one.id)
    spans = (0, 3, 4, 6)
    citation = Citation(
        one.source, one.id, one.date, one.lang, cell.sentence, cell.text, *spans,
        "<herald>", "The <Herald>", is_in_library=False, is_own=False, is_doubtful=False,
    )  # fmt: skip
    entry = ArticleEntry(one.id, one.source, one.lang, one.date, one.title, one.url, 9)
    graph = build_citation_graph([entry], [citation])
    settings = Settings(Path("home"), Path("library"))
    found = report_files(comparison, framing, beads, report_metadata(comparison, settings), graph)
    page = Page(found["report.html"].decode())
    assert any(tag == "section" and attrs.get("id") == "citations" for tag, attrs in page.elements)
    assert f"#{sentence_anchor(cell)}" in page.values("href")
    assert "<Herald>" not in found["report.html"].decode()
    assert json.loads(found["citations.json"])["edges"][0]["cited"] == "<herald>"
    assert [row["cited"] for row in rows(found["tables/citations.csv"])] == ["<herald>"]


def test_framing_as_json_is_the_whole_of_it_and_as_documented(
    demo: tuple[Comparison, Framing, BeadsByPair],
) -> None:
    _, framing, _ = demo
    found = json.loads(files(*demo)["framing.json"])
    schema = json.loads((DOCS / "framing.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    for described in (schema, *schema["$defs"].values()):
        assert described["additionalProperties"] is False
        assert described["required"] == list(described["properties"])
        assert all(field["description"] for field in described["properties"].values())
    assert list(found)[2:] == list(Framing.__dataclass_fields__)
    assert [one["statement"] for one in found["differences"]] == [
        one.statement for one in framing.differences
    ]
    assert found["axis_scores"][0]["bias"] == pytest.approx(framing.axis_scores[0].bias, abs=5e-5)


def test_the_bitext_is_read_by_a_reader_of_others(
    demo: tuple[Comparison, Framing, BeadsByPair], tmp_path: Path
) -> None:
    from translate.storage.tmx import tmxfile

    comparison, _, beads = demo
    (tmp_path / "bitext.tmx").write_bytes(files(*demo)["bitext.tmx"])
    with (tmp_path / "bitext.tmx").open("rb") as file:
        store = tmxfile(file)
    made = list(bitext_entries(comparison, beads))
    assert [(unit.source, unit.target) for unit in store.units] == [(one.src, one.tgt) for one in made]
    assert all(one.src_lang != one.tgt_lang and one.note.startswith(comparison.event.id) for one in made)
    assert any("statement" in one.note and "%" in one.note for one in made)
    assert any("aligned in order" in one.note for one in made)


def test_what_hangs_together_through_a_third_only_is_no_bitext() -> None:
    comparison = framing_samples.comparison()
    assert len(list(bitext_entries(comparison, {}))) == 1
    assert list(bitext_entries(replace(comparison, links=()), {})) == []


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    comparison = framing_samples.comparison(HOSTILE, url="javascript:alert(1)")
    found = files(comparison, framing_samples.framing(comparison, HOSTILE))
    text = found["report.html"].decode()
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.elements}
    assert "{{ 7*7 }}" in text
    assert TURN not in text
    assert not re.search("[\x00-\x08\x0b-\x1f]", text)
    assert not [link for link in page.values("href") if not link.startswith("#")]
    assert {tag for tag, _ in page.elements} == {tag for tag, _ in Page(plain()).elements} | {"br"}
    (tmp_path / "bitext.tmx").write_bytes(found["bitext.tmx"])
    (entry,) = read_tmx(tmp_path / "bitext.tmx")
    assert entry.src.startswith("<script>alert(1)</script>{{ 7*7 }}")
    for name, content in found.items():
        if name.endswith(".csv"):
            assert b"\0" not in content
            rows(content)


def plain() -> str:
    comparison = framing_samples.comparison("=plain, ")
    return files(comparison, framing_samples.framing(comparison, "=plain "))["report.html"].decode()


def test_a_text_is_no_formula() -> None:
    for start in "=+-@\t\r\n＝":
        (row,) = rows(csv_bytes([{"text": f"{start}1+1", "number": -1.5, "list": ("=a", "b"), "none": None}]))
        assert row == {"text": f"'{start}1+1", "number": "-1.5", "list": "'=a; b", "none": ""}
    (row,) = rows(csv_bytes([{"text": 'a "b",\nc'}]))
    assert row["text"] == 'a "b",\nc'
    assert json.loads(jsonl_bytes([{"text": "=1"}])) == {"text": "=1"}


@pytest.mark.parametrize("sources", [1, 2])
def test_an_event_of_one_source_and_one_without_silences(sources: int) -> None:
    comparison = framing_samples.comparison(sources=sources)
    found = files(comparison)
    Page(found["report.html"].decode())
    assert len(rows(found["tables/statements.csv"])) == (0 if sources == 1 else 2)
    assert ("No two sources share a statement" in found["report.html"].decode()) == (sources == 1)


def test_nothing_at_all() -> None:
    comparison = replace(
        framing_samples.comparison(sources=1),
        source_summaries=(),
        articles=(),
        statements=(),
        exclusives=(),
        links=(),
        merge_edges=(),
    )
    Page(files(comparison)["report.html"].decode())


def test_codes_of_people_stand_on_the_page_and_in_tables_of_their_own() -> None:
    comparison = framing_samples.comparison()
    source = comparison.source_summaries[0].source
    share = {"event": "e", "code": "Blame / <b>State", "kind": "cell", "source": source.id, "lang": ["ru"]}
    shares = [share | {"state": "shared", "n_units": 8, "n_coded": 3, "share": 0.375}]
    shares += [share | {"code": "Calm", "state": "alone", "n_units": 8, "n_coded": 0, "share": 0.0}]
    test = {
        "event": "e",
        "code": "Blame",
        "kind": "cell",
        "by": "source",
        "groups": ["a", "b"],
        "n_units": 16,
    }
    tests = [test | {"method": "fisher", "p_value": 0.01234, "adjusted": 0.0247, "reason": ""}]
    tests += [
        test | {"by": "lang", "method": "", "p_value": None, "adjusted": None, "reason": "one group only"}
    ]
    coded = {"description": "8 units settled.", "n_units": 8, "shares": shares, "tests": tests}
    about = report_metadata(comparison, Settings(Path("home"), Path("library")), coded=coded)
    made = report_files(comparison, framing_samples.framing(comparison), {}, about)
    page = made["report.html"].decode()
    Page(page)
    section = page.partition('<section id="codes">')[2].partition("</section>")[0]
    assert "Blame / &lt;b&gt;State" in section
    assert "3 of 8" in section
    assert "Calm" not in section  # nobody carries it; the table has it
    assert "0.0247" in section
    assert "corrected for 1 test (" in section
    rows = [json.loads(line) for line in made["tables/codes.jsonl"].decode().splitlines()]
    assert rows == shares
    assert "one group only" in made["tables/code-tests.csv"].decode()
    assert 'id="codes"' not in files(comparison)["report.html"].decode()


def test_a_manifest_with_digests_and_nothing_of_this_machine(tmp_path: Path) -> None:
    import hashlib

    comparison = framing_samples.comparison()
    settings = Settings(tmp_path, tmp_path / "library", translators=f"argostranslate,{tmp_path}/mine")
    about = report_metadata(comparison, settings)
    made = report_files(comparison, framing_samples.framing(comparison), {}, about)
    assert write_folder(tmp_path / "out", made, about) == []
    manifest: dict[str, Any] = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    here = {
        one.relative_to(tmp_path / "out").as_posix() for one in (tmp_path / "out").rglob("*") if one.is_file()
    }
    assert here == {*manifest["files"], "manifest.json"}
    for name, about in manifest["files"].items():
        content = (tmp_path / "out" / name).read_bytes()
        assert about == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert str(tmp_path).encode() not in content
    assert manifest["settings"] == {
        "threshold": comparison.threshold,
        "target_lang": "en",
        "translators": "argostranslate, mine",
    }
    assert (
        manifest["articles"][0]["sha256"] == hashlib.sha256(comparison.articles[0].text.encode()).hexdigest()
    )


def test_the_zip_is_the_folder_and_always_the_same(tmp_path: Path) -> None:
    files, about = {"a.txt": b"one", "tables/b.csv": b""}, {"event": "e"}
    write_folder(tmp_path / "e", files, about)
    packed = zip_report(files, about, "e")
    assert packed == zip_report(files, about, "e")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / name).read_bytes()
        assert sorted(archive.namelist()) == ["e/a.txt", "e/manifest.json", "e/tables/b.csv"]
