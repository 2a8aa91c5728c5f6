from __future__ import annotations

import random
from dataclasses import replace

import pytest

from crosslingual.compare.statements import cut_forest
from crosslingual.types import Cell, Comparison, Link, MergeEdge, Translation
from crosslingual.ui.gist import extract_gist, names_by_sound
from crosslingual.ui.rows import MAX_PERCENT, MIN_PERCENT, threshold_ranges
from crosslingual.ui.serialize import serialize_comparison
from tests.helpers.bare_page import made


def told(comparison: Comparison, *texts: tuple[str, str]) -> Comparison:
    """``comparison`` with one sentence an article: language and text of each."""
    articles = tuple(
        replace(article, lang=lang, text=text)
        for article, (lang, text) in zip(comparison.articles, texts, strict=True)
    )
    cells = tuple(
        Cell(article.source, article.id, 0, 0, len(article.text), article.lang, article.text)
        for article in articles
    )
    first = [MergeEdge((0, 0), (place, 0), 0.9) for place in range(1, len(texts))]
    return replace(comparison, articles=articles, exclusives=cells, merge_edges=tuple(first), links=())


@pytest.mark.parametrize("seed", range(20))
def test_the_rows_at_each_threshold_are_the_statements_at_it(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    sources = [str(chance.randrange(4)) for _ in range(6)]
    places = [(article, index) for article in range(6) for index in range(5)]
    likely = sorted((chance.random() for _ in range(25)), reverse=True)
    bonds = [
        MergeEdge(one, other, probability, is_secondary=chance.random() < 0.3)
        for probability in likely
        for one, other in [chance.sample(places, 2)]
    ]
    found = threshold_ranges(bonds, sources)
    for per_cent in range(MIN_PERCENT, MAX_PERCENT + 1):
        here = [span.group for span in found if span.min_percent <= per_cent <= span.max_percent]
        rows = sorted((group.sentences, group.probability) for group in here)
        assert rows == cut_forest(bonds, per_cent / 100, sources)
        assert all(set(group.primary_sentences) <= set(group.sentences) for group in here)


def test_a_row_speaks_the_readers_language_in_its_shortest_whole_sentence() -> None:
    texts = (
        ("de", "Kurz."),
        ("en", "Headline without an end"),
        ("en", "The river broke through the dam near the town on Monday night, the police said at noon."),
        ("en", "The river broke through the dam on Monday night."),
        ("en", "It broke."),
    )
    (row,) = serialize_comparison(told(made(5, 1), *texts), "en")["rows"]
    assert row["says"] == 3
    (row,) = serialize_comparison(told(made(5, 1), *texts), "de")["rows"]
    assert row["says"] == 0
    (row,) = serialize_comparison(
        told(made(2, 1), ("ru", "Река прорвала плотину."), ("zh", "河水冲垮了大坝。")), "en"
    )["rows"]
    assert row["says"] in (0, 1)


def test_a_translation_stands_before_the_original_and_what_is_foreign_has_a_gist() -> None:
    base = told(made(2, 1), ("ru", "24 июня Путин был в Москве."), ("zh", "普京6月24日在莫斯科。"))
    translated = replace(
        base,
        exclusives=(
            base.exclusives[0],
            replace(base.exclusives[1], translation=Translation("Putin was in Moscow.", "en", "memory")),
        ),
    )
    data = serialize_comparison(translated, "en")
    assert data["rows"][0]["says"] == 1
    first, second = (article["sentences"][0] for article in data["articles"])
    assert first["gist"] == ["24 June", "Putin", "Moscow"]
    assert "gist" not in second


def test_a_source_that_may_say_it_is_not_one_that_tells_it_and_parted_pairs_are_left_out() -> None:
    comparison = told(made(4, 1), *[("en", f"Sentence {n}.") for n in range(4)])
    links = (Link((0, 0), (2, 0), 0.3, 1), Link((1, 0), (2, 0), 0.4, 1), Link((1, 0), (3, 0), 0.01, 1))
    comparison = replace(comparison, merge_edges=(MergeEdge((0, 0), (1, 0), 0.9),), links=links)
    (row,) = serialize_comparison(comparison, "en")["rows"]
    assert row["perhaps"] == [[2, 2, 0.36]]  # the link has to hold, and the row
    assert row["carried"] == 2


def test_rows_spread_over_languages_stand_before_those_told_by_as_many_in_one() -> None:
    alike = told(made(4, 1), *[("en", f"Sentence {n}.") for n in range(4)])
    mixed = told(made(4, 1), *[(lang, f"Sentence {n}.") for n, lang in enumerate(("en", "ru", "zh", "de"))])
    (one,) = serialize_comparison(alike, "en")["rows"]
    (other,) = serialize_comparison(mixed, "en")["rows"]
    assert other["spread"] > one["spread"]


@pytest.mark.parametrize(
    ("text", "lang", "reader", "known"),
    [
        ("Газ идёт через Приднестровье в Европу.", "ru", "en", ["Transnistria", "Europe"]),
        ("«Газ вернётся в Европу».", "ru", "en", ["Europe"]),
        ("Владимира Путина ждут в Курской области.", "ru", "de", ["Wladimir Putin", "Region Kursk"]),
        ("8月8日，莫斯科。", "zh", "en", ["8 August", "Moscow"]),
        ("5月15日，5人。", "zh", "en", ["15 May", "5"]),
        ("习近平在克里姆林宫。", "zh", "en", ["Xi Jinping", "Kremlin"]),
        ("К утру 24 июня отряды заняли Ростов.", "ru", "en", ["24 June", "Rostov-on-Don"]),
        ("6月24日，约25000人，距莫斯科400公里。", "zh", "en", ["24 June", "25,000", "Moscow", "400"]),
        ("2023年，增长3.5%。", "zh", "ru", ["2023", "3.5 %"]),
        ("Am Samstag zogen 8.000 Mann nach Moskau.", "de", "en", ["Saturday", "8,000", "Moscow"]),
        ("Nothing to name.", "en", "de", []),
        ("\ud800 <b>", "xx", "yy", []),
    ],
)
def test_a_gist_names_what_is_known_in_the_readers_language(
    text: str, lang: str, reader: str, known: list[str]
) -> None:
    assert extract_gist(text, lang, reader, {}, frozenset()) == known


def test_names_are_written_as_the_readers_articles_write_them() -> None:
    heard = names_by_sound(["On Monday Lukashenko spoke.", "Then Lukashenko left."], "en")
    assert "Lukashenko" in extract_gist("Он встретил Лукашенко.", "ru", "en", heard, frozenset())


def test_every_source_has_the_language_that_it_tells_the_event_in() -> None:
    columns = serialize_comparison(made(7, 3), "en")["columns"]
    assert [column["toldIn"] for column in columns] == ["en", "zh", "ru", "de", "fr", "uk", "en"]
    assert columns[1]["toldInName"] == "Chinese"
