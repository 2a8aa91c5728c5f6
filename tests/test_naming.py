from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.framing.counterparts import AnalyzedSentence
from crosslingual.framing.naming import NamedReferent, find_naming
from crosslingual.framing.naming_list import find_listed, load_referents
from crosslingual.framing.word_vectors import SentenceWords
from crosslingual.language.names import NAME_LANGUAGES
from crosslingual.types import Article, Cell, Comparison, Event, Link, Source, SourceSummary

ALIKE = {"conflict": "war", "войну": "war", "冲突": "war"}
"""Words that stand for one another, as the encoder would have it."""


def analyze(texts: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], AnalyzedSentence]:
    """Words with vectors that are alike for the same word, and for those of ``ALIKE``."""
    found = {}
    for text, lang in texts:
        spans = [match.span() for match in re.finditer(r"冲突|[a-zа-яё]+|[\u4e00-\u9fff]", text.lower())]
        rows = [word_vector(text.lower()[start:end]) for start, end in spans]
        words = SentenceWords(np.array(spans), np.stack(rows), np.ones(len(spans), dtype=np.float32))
        found[text, lang] = AnalyzedSentence(text, lang, words)
    return found


def word_vector(word: str) -> np.ndarray:
    seed = int.from_bytes(ALIKE.get(word, word).encode()[:8].ljust(8), "little")
    row = np.random.default_rng(seed).normal(size=64).astype(np.float32)
    return row / np.linalg.norm(row)


def event(
    articles: Mapping[tuple[str, str], Sequence[str]],
    links: Iterable[tuple[tuple[int, int], tuple[int, int], float]] = (),
) -> Comparison:
    """Articles by source and language, each of sentences; links by article and sentence."""
    made = [Article(source, lang, "\n".join(lines)) for (source, lang), lines in articles.items()]
    cells = [
        Cell(one.source, one.id, number, 0, len(text), one.lang, text, None, 0.0, 0.0)
        for one in made
        for number, text in enumerate(one.text.split("\n"))
    ]
    return Comparison(
        event=Event("e", "", "", "", tuple(one.id for one in made), (), ()),
        source_summaries=tuple(SourceSummary(Source(one.source, one.source), 1, 1, 0, 1) for one in made),
        articles=tuple(made),
        statements=(),
        exclusives=tuple(cells),
        encoder="letters@1",
        threshold=0.7,
        merge_edges=(),
        links=tuple(Link(left, right, likely, 1.0) for left, right, likely in links),
        corrections=(),
        translation_pairs=(),
    )


def table(naming: Sequence[NamedReferent]) -> dict[str, dict[str, dict[str, int]]]:
    """Counts by what is named, rendering and source."""
    return {one.key: {each.key: each.sources for each in one.renderings} for one in naming}


OPERATION = "Москва назвала это специальной военной операцией на Украине."


def test_each_source_has_what_it_calls_a_thing() -> None:
    told = find_naming(
        event(
            {
                ("harbour", "en"): ["The war in Ukraine goes on.", "Ukraine war talks failed."],
                ("port", "ru"): [OPERATION],
                ("quay", "zh"): ["双方谈到俄乌冲突。"],
            }
        ),
        analyze,
        "de",
    )
    assert table(told)["war-in-ukraine"] == {
        "war in Ukraine": {"harbour": 2},
        "special military operation": {"port": 1},
        "conflict in Ukraine": {"quay": 1},
    }
    (first, *_) = told
    assert first.label == "die Kämpfe in der Ukraine"
    assert {one.label for one in first.renderings} >= {"militärische Spezialoperation", "Ukraine-Konflikt"}
    assert [one.mentions[0].form for one in first.renderings if one.key.startswith("special")] == [
        "специальной военной операцией"
    ]


@pytest.mark.parametrize(("likely", "shown"), [(0.6, True), (0.1, False)])
def test_a_word_of_many_meanings_counts_where_one_stands_opposite_that_has_this(
    likely: float, shown: bool
) -> None:
    compared = event(
        {
            ("harbour", "en"): ["Kyiv wants the conflict to end.", "A family conflict, said Kyiv."],
            ("port", "ru"): ["Киев хочет закончить войну."],
            ("quay", "ru"): [OPERATION],
        },
        [((0, 0), (1, 0), likely)],
    )
    told = table(find_naming(compared, analyze, "en")).get("war-in-ukraine", {})
    assert ("conflict in Ukraine" in told) is shown
    if shown:
        assert told["conflict in Ukraine"] == {"harbour": 1}
        assert told["war in Ukraine"] == {"port": 1}


def test_what_only_the_other_sentence_tells_is_doubtful() -> None:
    compared = event(
        {
            ("harbour", "en"): ["Kyiv wants the conflict to end."],
            ("port", "ru"): ["Киев хочет закончить войну на Украине."],
        },
        [((0, 0), (1, 0), 0.9)],
    )
    (found,) = find_naming(compared, analyze, "en")
    assert {one.key: one.is_doubtful for one in found.renderings} == {
        "conflict in Ukraine": True,
        "war in Ukraine": False,
    }


def test_a_single_word_means_it_only_where_its_sentence_is_about_it() -> None:
    told = find_naming(
        event(
            {
                ("harbour", "en"): [
                    "Trump survived the assassination attempt.",
                    "An older shooting was worse.",
                ],
                ("port", "en"): ["The shooting of Trump lasted seconds."],
            }
        ),
        analyze,
        "en",
    )
    assert table(told)["trump-shooting"] == {"assassination attempt": {"harbour": 1}, "shooting": {"port": 1}}


def test_of_two_things_that_a_word_may_mean_neither_is_told() -> None:
    told = find_naming(
        event(
            {
                ("harbour", "en"): ["Hamas and the Crimean bridge: a terrorist attack, said the mayor."],
                ("port", "en"): ["The Hamas attack began early."],
            }
        ),
        analyze,
        "en",
    )
    assert told == ()


def test_one_way_to_call_it_is_no_row_and_one_source_is_none() -> None:
    alike = {("a", "en"): ["War in Ukraine."], ("b", "en"): ["The war in Ukraine."]}
    alone = {("a", "en"): ["War in Ukraine, or special military operation?"]}
    assert find_naming(event(alike), analyze, "en") == ()
    assert find_naming(event(alone), analyze, "en") == ()


def test_names_are_told_apart_within_a_language_but_not_by_their_case_or_length() -> None:
    told = find_naming(
        event(
            {
                ("harbour", "ru"): ["Выборы в Молдавии прошли тихо.", "Молдавия ждёт."],
                ("port", "ru"): ["Выборы в Республике Молдова прошли.", "В Молдове ждут."],
                ("quay", "en"): ["Moldova voted.", "Xi Jinping spoke; Xi left."],
                ("pier", "en"): ["Xi arrived."],
            }
        ),
        analyze,
        "en",
    )
    assert {one.label: {each.label: each.sources for each in one.renderings} for one in told} == {
        "Moldova": {"Молдавия": {"harbour": 2}, "Молдова": {"port": 2}}
    }


def test_every_rendering_of_the_list_is_found_in_every_language_that_has_it() -> None:
    lost = [
        (referent.key, rendering, lang, form)
        for referent in load_referents().values()
        for rendering, forms in referent.renderings.items()
        for lang, own in forms.items()
        for form in own
        if not any(
            (one.start, one.end) == (0, len(form))
            and any(each.rendering == rendering and each.referent == referent.key for each in one.forms)
            for one in find_listed(form, lang)
        )
    ]
    assert lost == []


def test_every_thing_of_the_list_has_a_label_and_several_names() -> None:
    for referent in load_referents().values():
        assert set(referent.labels) == set(NAME_LANGUAGES), referent.key
        assert all(referent.labels.values()), referent.key
        assert len(referent.renderings) > 1, referent.key


@given(st.text(max_size=200), st.sampled_from([*NAME_LANGUAGES, "xx"]))
def test_whatever_a_text_is_what_is_found_lies_in_it(text: str, lang: str) -> None:
    for one in find_listed(text, lang):
        assert 0 <= one.start < one.end <= len(text)


def test_no_label_of_a_war_or_revolt_takes_the_side_of_one_of_its_names() -> None:
    for key in ("war-in-ukraine", "wagner-mutiny", "gaza-war", "annexation"):
        for lang, label in load_referents()[key].labels.items():
            own = [form for one in find_listed(label, lang) for form in one.forms]
            assert not [form for form in own if form.referent == key and form.rendering], (key, label)


def test_a_rendering_goes_by_the_form_that_sources_of_the_readers_language_write() -> None:
    told = find_naming(
        event(
            {
                ("harbour", "en"): ["The Wagner mutiny ended.", "After the Wagner mutiny Prigozhin left."],
                ("port", "en"): ["The Wagner uprising ended."],
            }
        ),
        analyze,
        "en",
    )
    (found,) = (one for one in told if one.key == "wagner-mutiny")
    assert {one.label for one in found.renderings} == {"Wagner mutiny", "Wagner uprising"}
