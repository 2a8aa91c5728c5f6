"""Concordance, collocations, key words and n-grams of small texts that can be counted by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.corpus.collocations import find_collocations
from crosslingual.corpus.concordance import LineOrder, build_concordance, cut_context
from crosslingual.corpus.keyness import compare_frequencies
from crosslingual.corpus.measures import association_log_likelihood, keyness_log_likelihood, log_dice
from crosslingual.corpus.ngrams import count_ngrams
from crosslingual.corpus.tally import DiskTally
from crosslingual.corpus.word_query import parse_word_query
from tests.helpers.counted import Told, counted_articles

PRESS: tuple[Told, ...] = (
    ("bay", "en", "2024-05-17", "The old ferry sank. A ferry sank off Brill.|Nobody drowned."),
    ("arc", "en", "2024-05-16", "Divers found the ferry.|The ferry had been sold."),
    ("cove", "en", "", "It rained."),
    ("sina", "zh", "2024-05-18", "渡轮沉没。联合国救援渡轮。"),
)
ORDERS: tuple[tuple[LineOrder, list[str]], ...] = (
    ("date", ["Divers found the ", "The ", "The old ", "The old ferry sank. A "]),
    ("source", ["Divers found the ", "The ", "The old ", "The old ferry sank. A "]),
    ("left", ["The old ferry sank. A ", "The old ", "The ", "Divers found the "]),
    ("right", ["Divers found the ", "The ", "The old ", "The old ferry sank. A "]),
)


@pytest.mark.parametrize(("order", "lefts"), ORDERS)
def test_lines_are_complete_and_in_order(order: LineOrder, lefts: list[str]) -> None:
    found = build_concordance(parse_word_query("ferry"), counted_articles(*PRESS), order=order)
    assert (found.n_hits, found.n_sentences, found.n_articles, found.n_sources) == (4, 3, 2, 2)
    assert found.n_sentences_searched == 6
    assert len(found.sources) == 4, "those that have nothing too"
    shown = [line.left for line in found.lines]
    assert sorted(shown) == sorted(lefts)
    if order == "date":
        assert shown == lefts
    if order == "left":
        words = [left.split()[-1].lower() if left.split() else "" for left in shown]
        assert words == sorted(words)
    for line in found.lines:
        assert line.left + line.keyword + line.right == line.counted.text


def test_counts_do_not_depend_on_how_many_lines_are_shown() -> None:
    for limit in (0, 1, 3):
        found = build_concordance(parse_word_query("ferry"), counted_articles(*PRESS), limit=limit)
        assert (len(found.lines), found.n_hits, found.n_articles) == (limit, 4, 2)


def test_part_of_a_chinese_word_is_found_and_marked() -> None:
    whole = build_concordance(parse_word_query("渡轮"), counted_articles(*PRESS))
    assert (whole.n_hits, whole.n_cut) == (2, 0)
    part = build_concordance(parse_word_query("联合"), counted_articles(*PRESS))
    assert (part.n_hits, part.n_cut) == (1, 1)
    assert part.lines[0].cuts_word


def test_a_context_is_cut_at_a_word() -> None:
    assert cut_context("one two three four", 10, at_end=True) == "…three four"
    assert cut_context("one two three four", 10, at_end=False) == "one two…"
    assert cut_context(" one  two ", 10, at_end=False) == "one two"


def test_collocations_are_as_counted_by_hand() -> None:
    texts = ("red ferry red sails", "blue ferry sails home", "red red house")
    told = [("s", "fr", "", text) for text in texts]  # no lemma of another language changes these words
    found = find_collocations(parse_word_query('"ferry"'), counted_articles(*told), window=1, min_count=1)
    assert found.counts["fr"].n_nodes == 2
    assert found.counts["fr"].n_window_words == 4
    assert found.counts["fr"].n_words == 9
    by_word = {one.word: one for one in found.collocations}
    blue = by_word["blue"]
    assert (blue.n_beside, blue.n_total, blue.n_articles) == (1, 1, 1)
    assert blue.n_expected == pytest.approx(4 * 1 / 9)
    assert blue.log_dice == pytest.approx(log_dice(1, 2, 1))
    assert blue.log_likelihood == pytest.approx(association_log_likelihood(1, 4, 1, 9))
    red = by_word["red"]
    assert (red.n_beside, red.n_total) == (2, 4)
    assert "ferry" not in by_word
    assert "house" not in by_word


def test_a_word_between_two_hits_counts_once() -> None:
    told = [("s", "fr", "", "ferry old ferry")]
    found = find_collocations(parse_word_query('"ferry"'), counted_articles(*told), window=2, min_count=1)
    assert found.counts["fr"].n_window_words == 1
    assert not found.collocations, "all words stand in the window: no more than by chance"


def test_key_words_are_counted_in_each_language_by_itself() -> None:
    target: list[Told] = [("a", "fr", "", " ".join(["port"] * 6 + ["vent"] * 2)), ("a", "zh", "", "渡轮")]
    reference: list[Told] = [("b", "fr", "", " ".join(["vent"] * 22 + ["port"] * 2)), ("b", "de", "", "Wind")]
    found = compare_frequencies(counted_articles(*target), counted_articles(*reference), min_count=1)
    assert [(one.word, one.n_target, one.n_reference) for one in found.words] == [("port", 6, 2)]
    (word,) = found.words
    assert word.log_likelihood == pytest.approx(keyness_log_likelihood(6, 2, 8, 24))
    assert word.log_ratio == pytest.approx(3.1699, abs=1e-4)  # 6/8 : 2/24 = 9
    assert word.percent_difference == pytest.approx(800)
    assert {lang for lang, size in found.sizes.items() if size.is_comparable} == {"fr"}


def test_rarer_words_come_after_more_frequent_ones() -> None:
    target: list[Told] = [("a", "fr", "", " ".join(["port"] * 20 + ["vent"]))]
    reference: list[Told] = [("b", "fr", "", " ".join(["vent"] * 20 + ["port"]))]
    found = compare_frequencies(counted_articles(*target), counted_articles(*reference), limit=1)
    assert [(one.word, one.log_likelihood > 0) for one in found.words] == [("port", True), ("vent", False)]


def test_ngrams_do_not_go_over_punctuation_or_sentences() -> None:
    told: list[Told] = [
        ("a", "en", "", "The joint statement, the joint statement.|Joint statement"),
        ("b", "en", "", "Statement the joint"),
        ("c", "zh", "", "联合声明和联合声明"),
    ]
    found = count_ngrams(counted_articles(*told), length=2, min_count=2)
    assert {(one.text, one.n_occurrences, one.n_articles) for one in found if one.lang == "en"} == {
        ("the joint", 3, 2),
        ("joint statement", 3, 1),
    }
    (whole,) = count_ngrams(counted_articles(told[2]), length=1, min_count=2)
    assert (whole.text, whole.n_occurrences) == ("联合声明", 2)


@given(
    st.lists(
        st.tuples(st.sampled_from("xy"), st.lists(st.sampled_from("abcdefg")), st.booleans()), max_size=12
    ),
    st.integers(0, 4),
)
def test_a_tally_is_exact_however_little_it_holds(
    articles: list[tuple[str, list[str], bool]], held: int
) -> None:
    expected: dict[tuple[str, str], list[int]] = {}
    with DiskTally(held) as tally:
        for group, keys, is_reference in articles:
            tally.add_article(group, Counter(keys), is_reference=is_reference)
            for key, count in Counter(keys).items():
                row = expected.setdefault((group, key), [0, 0, 0, 0])
                row[2 * is_reference] += count
                row[2 * is_reference + 1] += 1
        rows = {(row.group, row.key): [*row[2:]] for row in tally.frequent_rows(0)}
    assert rows == expected
