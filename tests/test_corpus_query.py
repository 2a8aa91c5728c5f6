"""What is looked for by its words."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.corpus.patterns import make_sequence
from crosslingual.corpus.regular_expression import RegularExpression
from crosslingual.corpus.word_query import MAX_DEPTH, parse_word_query
from crosslingual.errors import InputError
from crosslingual.language.tokenize import fold_text, split_words

EN = "The ferries sailed, and Orlov's statement was joint."
ZH = "船长与大副签署联合声明"
UK = "Він дав п’ять гривень капітанові."
RU = "Капита́н подписал совместные заявления."
TEXTS, LANGS = (EN, ZH, UK, RU), ("en", "zh", "uk", "ru")


def found(query: str, text: str, lang: str) -> list[str] | None:
    (spans,) = parse_word_query(query).find_all([text], [lang])
    return None if spans is None else [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "lang", "hits"),
    [
        ("ferry", EN, "en", ["ferries"]),
        ("FERRIES", EN, "en", ["ferries"]),
        ('"ferry"', EN, "en", None),
        ('"Ferries sailed"', EN, "en", ["ferries sailed"]),
        ("sail and", EN, "en", ["sailed, and"]),
        ("Orlov's statement", EN, "en", ["Orlov's statement"]),
        ("ferr*", EN, "en", ["ferries"]),
        ("?as", EN, "en", ["was"]),
        ("* joint", EN, "en", ["was joint"]),
        ("капитан", RU, "ru", ["Капита́н"]),
        ("совместное заявление", RU, "ru", ["совместные заявления"]),
        ("п'ять гривня", UK, "uk", ["п’ять гривень"]),
        ("联合声明", ZH, "zh", ["联合声明"]),
        ("签*声明", ZH, "zh", ["签署联合声明"]),
        ("船?与", ZH, "zh", ["船长与"]),
        ("签*与", ZH, "zh", None),
        ("北港", "轮船在北，港口已封。", "zh", None),
        ("北港", "轮船在北港停靠。", "zh", ["北港"]),
        ("北 港", "轮船在北，港口已封。", "zh", ["北，港"]),
        ("北\u200b港", "在北\u200b港", "zh", ["北\u200b港"]),
        ("船*声明", "船停了。他签声明", "zh", None),
        ("船?声", "船，的声", "zh", None),
        ("第2港", "在第2港", "zh", ["第2港"]),
        ("北港まで", "北、港まで", "ja", None),
        ("комп'ют*", "Новий комп’ютер зламався.", "uk", ["комп’ютер"]),
        ("*'ютер?", "Без комп'ютера.", "uk", ["комп'ютера"]),
        ("аб'ё*", "Вялікі аб’ём.", "be", ["аб’ём"]),
        ("l'orat*", "L'orateur parle", "fr", ["L'orateur"]),
        ('"wohin?"', "Wohin? fragte er", "de", ["Wohin"]),
        ('"Где причал?!" NOT море', "«Где причал», спросил он", "ru", ["Где причал"]),
        ('"Où aller ?"', "Où aller ? dit-il", "fr", ["Où aller"]),
        ('"谁来?"', "问谁来", "zh", ["谁来"]),
        ('"fe?ry"', "The ferry", "en", ["ferry"]),
        ('"option ? of"', "option B of two", "en", ["option B of"]),
        ("option ? of", "option of two", "en", None),
        ("option ? of", "option 10 of two", "en", None),
        ("/a  b/", "a  b", "en", ["a  b"]),
        ("/a b/", "a  b", "en", None),
        (r"/[Оо]рл\p{L}+|[Сс]айт/", RU, "ru", None),
        (r"/п\p{L}+ал/", RU, "ru", ["подписал"]),
        (r"/(?i)THE \w+/", EN, "en", ["The ferries"]),
        ("ferry AND statement", EN, "en", ["ferries", "statement"]),
        ("ferry AND boat", EN, "en", None),
        ("ferry OR boat", EN, "en", ["ferries"]),
        ("ferry NOT statement", EN, "en", None),
        ("ferry NOT boat", EN, "en", ["ferries"]),
        ("boat OR ferry AND statement", EN, "en", ["ferries", "statement"]),
        ("(boat OR ferry) AND NOT (joint OR boat)", EN, "en", None),
        ("statement OR Orlov's statement", EN, "en", ["Orlov's statement"]),
    ],
)
def test_a_query_finds_what_it_says(query: str, text: str, lang: str, hits: list[str] | None) -> None:
    assert found(query, text, lang) == hits


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "is empty"),
        ("* *", "no word to look for"),
        ("???", "no word to look for"),
        ("NOT boat", "only what must be absent"),
        ("boat OR NOT ferry", "only what must be absent"),
        ("(boat", "a bracket is not closed"),
        ("boat)", "a bracket is closed"),
        ("AND boat", "words are missing"),
        ("boat OR", "words are missing"),
        ("/boat/ ferry", "put AND or OR"),
        ("/(/", "syntax is that of RE2"),
        ("/a\ud800b/", "half a character"),
        ('"?" * ??', "no word to look for"),
        (r"/(a)\1/", "syntax is that of RE2"),
        (r"/a(?=b)/", "syntax is that of RE2"),
        ("/" + "a" * 600 + "/", "at most 500"),
        ("a" * 3000, "at most 2,000"),
        ("(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2), "brackets in one another"),
        (" OR ".join(["a"] * 101), "more than 100 parts"),
    ],
)
def test_what_cannot_be_read_is_told(query: str, reason: str) -> None:
    with pytest.raises(InputError, match=re.escape(reason)):
        parse_word_query(query)


def test_patterns_that_take_others_for_ever_are_done_at_once() -> None:
    long = "a" * 5_000
    assert found(r"/(a+)+b/", long, "en") is None
    assert found("a*a*a*a*a*a*a*a*a*a*a*b", long, "en") is None
    assert found("船" + "*船" * 30 + "锚", "船" * 3_000, "zh") is None


def test_a_pattern_keeps_nothing_of_the_texts_it_reads() -> None:
    texts = [f"w{number}x" for number in range(3_000)]
    langs = ["sv"] * len(texts)
    patterns = [make_sequence([(word, False)]) for word in (*(f"a{n}*" for n in range(20)), "boat ferry")]
    for pattern in patterns[:1]:  # what all of them share is kept
        pattern.find_spans(texts, langs)
    tracemalloc.start()
    for pattern in patterns[1:]:
        pattern.find_spans(texts, langs)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000


@given(st.text(alphabet="北港船，。、 a", max_size=12))
def test_chinese_that_is_typed_together_stands_together(text: str) -> None:
    assert len(found("北港", text, "zh") or ()) == text.count("北港")
    assert len(found("港船北", text, "zh") or ()) == text.count("港船北")


def test_the_marks_of_a_regular_expression_are_no_part_of_a_text() -> None:
    text = "a\x02b\x03c"
    ((span,),) = RegularExpression("c").find_spans([text], ["en"])
    assert text[slice(*span)] == "c"
    assert RegularExpression("x*").find_spans(["ab"], ["en"]) == [[]]


WORDS = st.sampled_from(["boat", "ferry", "anchor", "storm", "boats"])


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS, WORDS)
def test_operators_are_those_of_logic(said: list[str], one: str, other: str) -> None:
    text = " ".join(said)
    a, b = (f'"{word}"' for word in (one, other))
    has_one, has_other = one in said, other in said
    assert (found(f"{a} AND {b}", text, "en") is not None) == (has_one and has_other)
    assert (found(f"{a} OR {b}", text, "en") is not None) == (has_one or has_other)
    assert (found(f"{a} NOT {b}", text, "en") is not None) == (has_one and not has_other)
    assert len(found(a, text, "en") or ()) == said.count(one)


@given(st.text(), st.sampled_from(["en", "ru", "uk", "zh", "de", "fr", "ja"]))
def test_words_stand_in_their_order_where_they_say(text: str, lang: str) -> None:
    end = 0
    for word in split_words(text, lang):
        assert end <= word.start < word.end <= len(text)
        assert word.form == fold_text(text[word.start : word.end])[:64] or len(word.form) <= 64
        end = word.end


@given(st.text(alphabet='ab *?"()/ANDORT 船\\'), st.text(alphabet="ab 船", max_size=20))
def test_any_query_is_read_or_refused(query: str, text: str) -> None:
    try:
        parsed = parse_word_query(query)
    except InputError:
        return
    (spans,) = parsed.find_all([text], ["zh"])
    assert spans is None or all(0 <= start < end <= len(text) for start, end in spans)
