from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.embeddings.encoder import SentenceEncoder, TokenStates
from crosslingual.entities.cache import NAME_CACHE
from crosslingual.entities.linking import link_names
from crosslingual.entities.mentions import NameMention
from crosslingual.entities.reading import read_article_names
from crosslingual.entities.tagger import TAGS, find_tagger, load_tagger
from crosslingual.entities.values import ArticleNames
from crosslingual.errors import InputError
from crosslingual.evaluate.entities import read_labelled, score_links, score_spans
from crosslingual.library import Library
from crosslingual.library.folder import NAMES_FILE
from tests.helpers.library_samples import MODEL, article, put

NAMES = (NameMention(0, 4, "place", "c:FR"), NameMention(9, 12, "person", is_doubtful=True))


def test_names_in_no_list_are_told_in_six_languages(encoder: SentenceEncoder) -> None:
    tagger = find_tagger(encoder.name)
    assert tagger
    texts = {
        "The mayor of Torrevale, Gordon Hathersage, resigned.": "Gordon Hathersage",
        "Мэр города Игорь Ветлужский ушёл в отставку.": "Игорь Ветлужский",
        "Міський голова Тарас Вербовенко подав у відставку.": "Тарас Вербовенко",
        "Bürgermeister Konrad Wiesenhüter trat zurück.": "Konrad Wiesenhüter",
        "Le maire Bastien Courvoisier a démissionné.": "Bastien Courvoisier",
        "作家欧阳若澜昨天获奖。": "欧阳若澜",
    }
    found = {
        text: {(text[span.start : span.end], span.kind) for span in tagger.tag_text(text, tokens)}
        for text, tokens in zip(texts, encoder.token_states(list(texts)), strict=True)
    }
    lost = [name for text, name in texts.items() if (name, "person") not in found[text]]
    assert lost == []


def test_what_names_nobody_has_no_names(encoder: SentenceEncoder) -> None:
    texts = [
        "Nobody knew how long the rain would last.",
        "没有人知道雨会下多久。",
        "Никто не знал, сколько будет дождь.",
        "…",
        "",
    ]
    tagger = load_tagger()
    assert [tagger.tag_text(*one) for one in zip(texts, encoder.token_states(texts), strict=True)] == [
        []
    ] * len(texts)


@given(st.text(min_size=1, max_size=40), st.integers(0, 2**32 - 1))
def test_spans_lie_in_the_text_whatever_the_states(text: str, seed: int) -> None:
    tagger = load_tagger()
    cuts = sorted({0, len(text), *np.random.default_rng(seed).integers(0, len(text) + 1, 4).tolist()})
    spans = np.array(list(pairwise(cuts)), dtype=np.int64)
    states = np.random.default_rng(seed).normal(0, 3, (len(spans), len(tagger.mean))).astype(np.float32)
    end = 0
    for span in tagger.tag_text(text, TokenStates(spans, states, np.ones(len(spans), dtype=np.float32))):
        assert end <= span.start < span.end <= len(text)
        assert 0 <= span.probability <= 1.001
        end = span.end


def test_no_tag_continues_another_kind() -> None:
    tagger = load_tagger()
    wrong = [
        (before, after)
        for place, before in enumerate(TAGS)
        for other, after in enumerate(TAGS)
        if after[0] == "I" and before[2:] != after[2:] and tagger.transitions[place, other] > -100
    ]
    assert wrong == []


def test_kept_names_are_read_only_under_what_found_them(tmp_path: Path) -> None:
    kept = tuple((2, name, "Paris") for name in NAMES)
    NAME_CACHE.store(tmp_path, "1 list", {"article en": kept})
    assert NAME_CACHE.load(tmp_path, "1 list", ["article en", "other"]) == {"article en": kept}
    assert NAME_CACHE.load(tmp_path, "2 list", ["article en"]) == {}


def test_a_damaged_file_of_names_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / NAMES_FILE).write_bytes(b"no database" * 500)
    assert NAME_CACHE.load(tmp_path, "1", ["a"]) == {}
    NAME_CACHE.store(tmp_path, "1", {"a": [(0, NAMES[0], "Lyon")]})
    assert NAME_CACHE.load(tmp_path, "1", ["a"]) == {"a": ((0, NAMES[0], "Lyon"),)}


def test_names_are_found_once_and_again_after_the_file_is_gone(
    tmp_path: Path, encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def load_encoder() -> SentenceEncoder:
        asked.append(1)
        return encoder

    with Library(tmp_path) as library:
        put(
            library,
            article(["Putin met Gordon Hathersage.", "Nobody else came."]),
            article(["普京到了。"], "zh", "t"),
        )
        ids = library.article_ids()
        first = read_article_names(library, encoder.name, load_encoder, ids)
        with monkeypatch.context() as patch:
            patch.setattr(library, "load_sentences", lambda _: pytest.fail("their names are kept"))
            assert read_article_names(library, encoder.name, load_encoder, ids) == first
        assert len(asked) == 1
        (tmp_path / NAMES_FILE).unlink()
        assert read_article_names(library, encoder.name, load_encoder, ids) == first
        assert len(asked) == 2
    assert [one.article for one in first] == ids
    assert {entity.name: len(entity.forms) for entity in link_names(first)} == {
        "Vladimir Putin": 2,
        "Gordon Hathersage": 1,
    }


def test_another_encoder_has_the_names_of_the_list_and_is_not_asked(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        put(library, article(["Putin met Gordon Hathersage."]))
        (found,) = read_article_names(
            library, MODEL, lambda: pytest.fail("not needed"), library.article_ids()
        )
    assert [form for _, _, form in found.names] == ["Putin"]


def labelled(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_spans_and_links_are_scored(tmp_path: Path) -> None:
    english = {
        "lang": "en",
        "text": "Putin met Quellin in Paris, near Zog.",
        "mentions": [
            [0, 5, "person", "p"],
            [10, 17, "person", "q"],
            [21, 26, "place", "paris"],
            [33, 36, "place", "z", "optional"],
        ],
    }
    russian = {"lang": "ru", "text": "Путин молчал.", "mentions": [[0, 5, "person", "p"]]}
    sentences = read_labelled([labelled(tmp_path / "a.jsonl", english, russian)])
    spans = score_spans(sentences, [(), ()])
    assert (spans["en"].n_mentions, spans["en"].exact.precision, round(spans["en"].exact.recall, 2)) == (
        3,
        1.0,
        0.67,
    )
    assert spans["en"].by_kind["place"].f1 == 1.0
    assert score_links(sentences)["en-ru"].f1 == 1.0


def test_a_wrong_link_costs_precision(tmp_path: Path) -> None:
    rows = [
        {"lang": lang, "text": text, "mentions": [[0, len(text), "person", entity]]}
        for lang, text, entity in (("en", "Putin", "one"), ("ru", "Путин", "another"))
    ]
    assert score_links(read_labelled([labelled(tmp_path / "a.jsonl", *rows)]))["en-ru"].precision == 0.0


@pytest.mark.parametrize(
    "line", ["no json", "{}", '{"lang": "en", "text": "a", "mentions": [[0, 9, "place", "x"]]}']
)
def test_a_line_that_is_no_labelled_sentence_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_labelled([tmp_path / "a.jsonl"])


def test_an_article_without_sentences_has_no_entities() -> None:
    assert link_names([ArticleNames("a", "s", "en", ())]) == []
