"""What changed between two versions of an article."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crosslingual.compare.article_changes import RowChange, SentenceChange, diff_rows, diff_sentences
from crosslingual.language.sentences import split_sentences
from crosslingual.types import Article, Cell, Comparison, Event, Sentence, Statement


def sentences(*texts: str) -> tuple[Sentence, ...]:
    found, start = [], 0
    for index, text in enumerate(texts):
        found.append(Sentence("a", index, start, start + len(text), text))
        start += len(text) + 1
    return tuple(found)


def told(changes: tuple[SentenceChange, ...]) -> list[tuple[str, str, str]]:
    return [
        (one.kind, one.before.text if one.before else "", one.after.text if one.after else "")
        for one in changes
    ]


def test_sentences_that_were_added_removed_and_edited() -> None:
    before = sentences("The bridge opened.", "It cost 3 million.", "Nobody paid.", "The sun shone.")
    after = sentences("The bridge opened.", "It cost 5 million.", "A minister resigned.", "The sun shone.")
    assert told(diff_sentences(before, after)) == [
        ("changed", "It cost 3 million.", "It cost 5 million."),
        ("added", "", "A minister resigned."),
        ("removed", "Nobody paid.", ""),
    ]


def test_chinese_sentences_are_compared_by_their_signs() -> None:
    before = sentences("大桥于星期一通车。", "造价三百万元。")
    after = sentences("大桥于星期二通车。", "市长已经辞职，副市长暂时主持工作。")
    assert told(diff_sentences(before, after)) == [
        ("changed", "大桥于星期一通车。", "大桥于星期二通车。"),
        ("added", "", "市长已经辞职，副市长暂时主持工作。"),
        ("removed", "造价三百万元。", ""),
    ]


def test_layout_and_order_are_no_change() -> None:
    before = sentences("«The bridge» opened.", "Nobody paid.", "The sun shone.")
    after = sentences("The sun shone.", "“The Bridge”  opened.", "Nobody paid.")
    assert diff_sentences(before, after) == ()


def test_a_sentence_that_stands_twice_is_counted_twice() -> None:
    once, twice = sentences("It rained.", "It snowed."), sentences("It rained.", "It snowed.", "It rained.")
    assert told(diff_sentences(once, twice)) == [("added", "", "It rained.")]
    assert told(diff_sentences(twice, once)) == [("removed", "It rained.", "")]


TEXTS = st.lists(
    st.sampled_from(["It rained.", "It rains.", "Snow.", "五百万", "-", "A mayor resigned."]), max_size=8
)


@given(TEXTS, TEXTS)
def test_what_is_told_makes_one_version_of_the_other(before: list[str], after: list[str]) -> None:
    changes = diff_sentences(sentences(*before), sentences(*after))
    left = sorted(text for text in before if text != "-")
    for change in changes:
        if change.before:
            left.remove(change.before.text)
        if change.after:
            left.append(change.after.text)
    assert sorted(left) == sorted(text for text in after if text != "-")


def test_texts_made_to_take_long_do_not() -> None:
    text = ". ".join(f"a{i % 7}" for i in range(30_000))
    one = split_sentences(Article("s", "en", text))
    other = split_sentences(Article("s", "en", text.replace("a3", "a4") + "b" * 100_000))
    changes = diff_sentences(one, other)  # hours without bounds
    assert {change.after.text for change in changes if change.after} >= {other[-1].text}


def statement(id_: str, *cells: tuple[str, int]) -> Statement:
    made = tuple(Cell(article, article, start, start, start + 1, "en", "x") for article, start in cells)
    return Statement(id_, made, 2, 3, 1.0, 0.9)


def comparison(*statements: Statement) -> Comparison:
    return Comparison(
        Event("e", "", "", "", (), (), ()), (), (), statements, (), "model", 0.7, (), (), (), ()
    )


def test_rows_that_an_article_tells_no_more_and_now() -> None:
    before = comparison(
        statement("kept", ("old", 0), ("b", 0)),
        statement("lost", ("old", 5), ("b", 5), ("c", 5)),
        statement("of others", ("b", 9), ("c", 9)),
    )
    after = comparison(
        statement("kept too", ("new", 3), ("b", 0), ("c", 1)),
        statement("lost to it", ("b", 5), ("c", 5)),
        statement("won", ("new", 9), ("b", 9), ("c", 9)),
    )
    assert diff_rows(before, "old", after, "new") == (
        RowChange("removed", before.statements[1]),
        RowChange("added", after.statements[2]),
    )
