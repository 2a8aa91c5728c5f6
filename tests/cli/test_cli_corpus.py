"""Counting on the command line and in Python, on the demo."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

import crosslingual
from crosslingual.align.space import Space
from crosslingual.api import corpus as api_corpus
from crosslingual.api.corpus import CorpusScope
from crosslingual.cli import cli
from crosslingual.cli.concordance import read_queries
from crosslingual.corpus.scope import select_entries
from crosslingual.errors import InputError, NotFoundError
from crosslingual.search.query import Filters
from tests.helpers.own_axis import OWN_AXIS

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder
    from crosslingual.search.searcher import Results

Run = Callable[..., Result]


@pytest.fixture
def run(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", str(demo_copy))
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def library(
    loaded_encoder: SentenceEncoder, demo_space: Space, demo_copy: Path
) -> Iterator[crosslingual.Library]:
    with crosslingual.open(demo_copy) as opened:
        yield opened


def count_in_texts(library: crosslingual.Library, word: str) -> int:
    return sum(article.text.casefold().count(word) for article in library.articles())


def test_every_place_is_counted_and_filters_part_the_whole(library: crosslingual.Library, run: Run) -> None:
    whole = json.loads(run("concordance", '"putin"', "--limit", 0, "--json").stdout)
    assert whole["n_hits"] == count_in_texts(library, "putin") > 3
    assert whole["lines"] == []
    by_source = {one["source"]: one for one in whole["sources"]}
    assert sum(one["hits"] for one in by_source.values()) == whole["n_hits"]
    for source, row in by_source.items():
        own = json.loads(run("concordance", '"putin"', "--source", source, "--json").stdout)
        assert own["n_hits"] == row["hits"]
        assert row["share_low"] <= row["share"] <= row["share_high"]
    days = sorted({article.date[:10] for article in library.articles() if article.date})
    early = json.loads(run("concordance", '"putin"', "--to", days[0], "--json").stdout)["n_hits"]
    late = json.loads(run("concordance", '"putin"', "--from", days[0], "--json").stdout)["n_hits"]
    assert early <= whole["n_hits"]
    assert late == whole["n_hits"]


def test_beside_a_line_stands_who_else_says_it_once_that_was_compared(
    run: Run, library: crosslingual.Library
) -> None:
    def told() -> list[dict[str, Any]]:
        return list(json.loads(run("concordance", "statement", "--lang", "en", "--json").stdout)["lines"])

    before = told()
    assert not any(line["beside"] for line in before), "nothing is compared for it"
    library.compare(before[0]["article"])
    after = told()
    assert after[0]["beside"]
    assert all(one["source"] != line["source"] for line in after for one in line["beside"])
    assert len({one["lang"] for line in after for one in line["beside"]} - {"en"}) > 1
    lang = after[0]["beside"][0]["lang"]
    chosen = json.loads(run("concordance", "statement", "--lang", "en", "--beside", lang, "--json").stdout)
    assert {one["lang"] for line in chosen["lines"] for one in line["beside"]} == {lang}
    rows = list(csv.DictReader(io.StringIO(run("concordance", "statement", "--lang", "en", "--csv").stdout)))
    assert any(row["beside_text"] for row in rows)


def test_a_known_translation_stands_beside_and_can_be_counted(library: crosslingual.Library) -> None:
    (hit,) = library.corpus.concordance("联合声明", limit=1).concordance.lines
    sentence = hit.counted.sentence
    made = library.store.memory.put_manual(sentence.text, "zh", "A joint zebra declaration", "en")
    answer = library.corpus.concordance("联合声明", limit=1)
    assert [one.translation and one.translation.text for one in answer.beside.values()] == [made.text]
    assert library.corpus.concordance("zebra").concordance.n_hits == 0
    read = library.corpus.concordance("zebra", CorpusScope(read_lang="en")).concordance
    assert read.n_hits >= 1
    swedish = library.corpus.concordance("zebra", CorpusScope(read_lang="sv")).concordance
    assert swedish.n_untranslated == swedish.n_sentences_searched, "told, as nothing could be counted"
    assert read.lines[0].counted.is_translated


def test_collocations_open_to_their_sentences(run: Run) -> None:
    found = json.loads(run("collocations", "statement", "--lang", "en", "--min-count", 2, "--json").stdout)
    first = next(one for one in found["collocations"] if one["word"] == "joint")
    assert first["n_beside"] <= first["n_total"]
    there = json.loads(run("concordance", "statement AND joint", "--lang", "en", "--json").stdout)
    assert there["n_sentences"] >= first["n_beside"] / 2
    assert "logDice" in run("collocations", "statement", "--lang", "en").stdout
    assert "not found" in run("collocations", "xylophone").stdout


def test_key_words_compare_with_all_others_or_with_a_chosen_part(run: Run) -> None:
    zh = json.loads(run("keyness", "--source", "xinhua-demo", "--min-count", 1, "--json").stdout)
    assert {word["lang"] for word in zh["words"]} <= {"zh"}
    assert zh["langs"]["zh"]["target_articles"] > 0
    event = json.loads(run("events", "--json").stdout)[0]["id"]
    own = json.loads(run("keyness", "--event", event, "--lang", "en", "--min-count", 2, "--json").stdout)
    assert own["words"]
    assert {word["lang"] for word in own["words"]} == {"en"}
    with pytest.raises(InputError, match="no articles in the reference"):
        run("keyness", "--event", event, "--against-event", event)


def test_what_cannot_be_counted_is_told(library: crosslingual.Library) -> None:
    counts = library.corpus
    with pytest.raises(InputError, match="window 0"):
        counts.collocations("statement", window=0)
    with pytest.raises(InputError, match="length 9"):
        counts.ngrams(length=9)
    with pytest.raises(InputError, match="no articles in the reference"):
        counts.keyness(CorpusScope())
    with pytest.raises(NotFoundError, match="lang 'xx'"):
        counts.ngrams(CorpusScope(Filters(langs=frozenset(("xx",)))))
    with pytest.raises(InputError, match="not a day"):
        counts.concordance("x", CorpusScope(Filters(since="May")))


def test_ngrams_are_found_as_phrases(run: Run, library: crosslingual.Library) -> None:
    ngrams = json.loads(run("ngrams", "--words", 3, "--lang", "en", "--json").stdout)
    first = ngrams[0]
    there = json.loads(run("concordance", f'"{first["text"]}"', "--lang", "en", "--json").stdout)
    assert there["n_hits"] >= first["n_occurrences"] >= 3
    own = library.corpus.ngrams(CorpusScope(Filters(langs=frozenset(("en",)))), length=3)
    assert [(one.text, one.n_occurrences) for one in own] == [
        (one["text"], one["n_occurrences"]) for one in ngrams
    ], "the same by default in Python"
    assert there["n_articles"] >= first["n_articles"]


def test_search_by_words_counts_to_the_last(run: Run) -> None:
    words = json.loads(run("search", "--words", "statement AND joint", "--json").stdout)
    assert words == json.loads(run("concordance", "statement AND joint", "--limit", 20, "--json").stdout)
    without = json.loads(run("search", "--words", "statement NOT joint", "--json").stdout)
    whole = json.loads(run("search", "--words", "statement", "--json").stdout)
    assert words["n_sentences"] + without["n_sentences"] == whole["n_sentences"]


def test_many_queries_are_counted_by_source(run: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("statement AND joint\n\n联合声明\n", encoding="utf-8")
    asked = ("search", "--words", "--batch", tmp_path / "queries.txt")
    first, second = json.loads(run(*asked, "--json").stdout)
    assert (first["query"], second["query"]) == ("statement AND joint", "联合声明")
    alone = json.loads(run("search", "--words", "联合声明", "--json").stdout)
    assert second["sentences"] == alone["n_sentences"] > 0
    assert second["sources"] == alone["n_sources"]
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--csv").stdout)))
    assert sum(int(row["hits"]) for row in rows if row["query"] == "联合声明") == second["hits"]
    assert len(rows) == 2 * second["of_sources"]
    assert "联合声明" in run(*asked).stdout


def test_many_meanings_are_counted_as_search_counts_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("The presidents signed a joint statement\n", encoding="utf-8")
    (row,) = json.loads(run("search", "--batch", tmp_path / "queries.txt", "--json").stdout)
    alone = json.loads(run("search", "The presidents signed a joint statement", "--json").stdout)
    assert row["sources"] == alone["sources"]["n_sources"] > 1
    assert row["sentences"] == sum(line["sentences"] for line in alone["over_time"])


def test_a_count_by_meaning_that_stopped_is_no_more_than_at_least(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = crosslingual.Library.search_filtered

    def stop(*args: Any, **options: Any) -> Results:
        found = search(*args, **options)
        return replace(found, is_complete=False)

    asked = ("search", "--batch", tmp_path / "queries.txt")
    (tmp_path / "queries.txt").write_text("The presidents signed a joint statement\n", encoding="utf-8")
    (whole,) = json.loads(run(*asked, "--json").stdout)
    assert whole["complete"] is True
    assert "at least" not in run(*asked).stdout
    monkeypatch.setattr(crosslingual.Library, "search_filtered", stop)
    (row,) = json.loads(run(*asked, "--json").stdout)
    assert row == whole | {"complete": False}
    lines = list(csv.DictReader(io.StringIO(run(*asked, "--csv").stdout)))
    assert {line["complete"] for line in lines} == {"no"}
    assert "at least" in run(*asked).stdout


def test_an_article_of_a_new_source_may_come_while_meanings_are_counted(
    library: crosslingual.Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = library.search_filtered("The presidents signed a joint statement", Filters(), limit=1)
    source = found.match_counts[0][0].source
    before = select_entries
    monkeypatch.setattr(
        api_corpus,
        "select_entries",
        lambda *args: [entry for entry in before(*args) if entry.source != source],
    )
    (counted,) = library.corpus.count_meanings(["The presidents signed a joint statement"])
    own = counted.sources[source]
    assert 1 <= own.n_articles <= own.of_articles


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("é".encode() * 500_001, "larger than 1,000,000 bytes"),
        (b"a" + "é".encode() * 500_000, "larger than 1,000,000 bytes"),
        (b"\n\n", "give 1 to 1,000"),
        (b"x\n" * 1001, "give 1 to 1,000"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"fine\n(open\n", "queries.txt:2: "),
    ],
)
def test_a_file_of_queries_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "queries.txt").write_bytes(content)
    with pytest.raises(InputError, match=reason):
        read_queries(tmp_path / "queries.txt", by_words=True)


def test_an_own_dictionary_is_counted_here_and_in_the_report(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("category,word\nagreement,statement\nagreement,声明\n", encoding="utf-8")
    event = json.loads(run("events", "--json").stdout)[0]["id"]
    rows = json.loads(run("dictionary", path, "--event", event, "--json").stdout)
    assert {row["category"] for row in rows} == {"agreement"}
    assert all(row["hits"] >= row["sentences"] <= row["of_sentences"] for row in rows)
    assert run("report", event, "--out", tmp_path / "out", "--dictionary", path).exit_code == 0
    written = (tmp_path / "out" / "tables" / "dictionary.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in written] == rows
    assert "tables/dictionary.csv" in json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]


def test_own_axes_are_scored_here_and_in_the_report(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_AXIS, encoding="utf-8")
    found = json.loads(run("axes", path, "--json").stdout)
    (poles,) = found["poles"]
    assert poles["of_texts"] == 16
    assert poles["tells_poles_apart"] is (poles["share_low"] > 0.5) is True
    rows = [row for row in found["positions"] if not row["month"]]
    assert rows
    for row in rows:
        dated = [one for one in found["positions"] if one["month"] and one["source"] == row["source"]]
        assert sum(one["sentences"] for one in dated) == row["sentences"]
    table = run("axes", path, "--csv").stdout.splitlines()
    assert table[0].startswith("axis,month,source,mean,mean_low,mean_high,sentences,articles")
    assert len(table) == len(found["positions"]) + 1
    assert "talks-fighting: tells its poles apart" in run("axes", path).stdout

    event = json.loads(run("events", "--json").stdout)[0]["id"]
    assert run("report", event, "--out", tmp_path / "out", "--axes", path).exit_code == 0
    tables = tmp_path / "out" / "tables"
    written = [json.loads(line) for line in (tables / "own_axes.jsonl").read_text("utf-8").splitlines()]
    assert {row["axis"] for row in written} == {"talks-fighting"}
    assert all(row["ci_low"] <= row["bias"] <= row["ci_high"] for row in written)
    assert json.loads((tables / "own_axes_poles.jsonl").read_text("utf-8")) == poles


def test_axes_are_not_measured_in_translation(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_AXIS, encoding="utf-8")
    with pytest.raises(InputError, match="as they were written"):
        run("axes", tmp_path / "own.toml", "--read", "en")
