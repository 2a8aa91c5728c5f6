"""Silences, quotations, lexicon, axes and policy frames on the demo corpus, with the real encoder."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.space import Space, _load_demo_pairs
from crosslingual.compare.comparison import compare_event
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError
from crosslingual.evaluate.axes import evaluate_axes
from crosslingual.framing.axes import (
    AXES_PATH,
    AxisModel,
    fit_axis_model,
    load_axes,
    load_axis_model,
    score_axes,
)
from crosslingual.framing.cells import collect_cells, load_cell_vectors
from crosslingual.framing.lexicon import build_lexicon, log_odds_ratios
from crosslingual.framing.omissions import find_omissions
from crosslingual.framing.policy import OTHER_FRAME, fit_frame_model, load_frames, score_frames
from crosslingual.framing.quote_reuse import find_quote_reuse
from crosslingual.framing.quotes import find_quotes
from crosslingual.language.people import match_speaker_keys, person_key
from crosslingual.language.quotation_marks import quotation_spans
from crosslingual.language.speakers import find_speaker
from crosslingual.language.terms import extract_terms
from crosslingual.library import Library
from crosslingual.types import Cell, Comparison, Event, FloatArray

GOLD = Path(__file__).parents[1] / "corpora" / "gold"
Told = tuple[Comparison, list[Cell], FloatArray]
Encode = Callable[[Sequence[str]], FloatArray]


@pytest.fixture(scope="module")
def told(demo_library: Library, demo_space: Space) -> dict[str, Told]:
    """The demo events compared, with their sentences and vectors."""
    found = {}
    for name in ("beijing-summit", "fukushima-water", "kharkiv-offensive"):
        record = json.loads((GOLD / f"{name}.jsonl").read_text(encoding="utf-8"))
        titles = {(article["source"], article["title"]) for article in record["articles"]}
        own = [one for one in demo_library.load_articles() if (one.source, one.title) in titles]
        event = Event(name, name, "", "", tuple(one.id for one in own), tuple(one.source for one in own), ())
        comparison = compare_event(demo_library, demo_space, event)
        cells = collect_cells(comparison)
        found[name] = comparison, cells, load_cell_vectors(demo_library, demo_space, cells)
    return found


@pytest.fixture(scope="module")
def compass(demo_space: Space, encode_once: Encode) -> AxisModel:
    return fit_axis_model(load_axes(), demo_space, encode_once)


def test_every_silence_has_its_denominator_and_the_matrix_adds_up(told: dict[str, Told]) -> None:
    for comparison, _, vectors in told.values():
        found = find_omissions(comparison, vectors)
        looked = {one.source: one for one in found.source_scopes}
        assert len(found.omissions) == sum(one.n_sources - one.coverage for one in comparison.statements)
        for silence in found.omissions:
            own = looked[silence.source]
            assert (silence.n_articles, silence.n_sentences) == (own.n_articles, own.n_sentences)
            assert silence.source not in silence.reporting_sources
        both = {(pair.left, pair.right): pair.n_shared for pair in found.overlaps}
        assert len(both) == len(looked) * (len(looked) - 1)
        for pair in found.overlaps:
            assert pair.n_reported == looked[pair.left].n_reported
            assert both[pair.right, pair.left] == pair.n_shared <= pair.n_reported
        assert sum(one.n_occurrences for one in found.exclusives) == len(comparison.exclusives)
        json.dumps(asdict(found))


def test_silences_that_are_not_doubtful_are_true(told: dict[str, Told]) -> None:
    right: Counter[bool] = Counter()
    every: Counter[bool] = Counter()
    for name, (comparison, _, vectors) in told.items():
        record = json.loads((GOLD / f"{name}.jsonl").read_text(encoding="utf-8"))
        carried: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for gold in record["statements"]:
            sources = {record["articles"][int(place)]["source"] for place in gold}
            for place, own in gold.items():
                article = record["articles"][int(place)]
                for sentence in own:
                    carried[article["source"], article["sentences"][sentence]] |= sources
        statements = {one.id: one for one in comparison.statements}
        for silence in find_omissions(comparison, vectors).omissions:
            tellers = [
                carried.get((one.source, one.text), set()) for one in statements[silence.statement].cells
            ]
            every[silence.is_perhaps] += 1
            right[silence.is_perhaps] += all(silence.source not in sources for sources in tellers)
    assert right[False] / every[False] > 0.9
    # The mark says something, though it is set wherever one in twenty such sentences says it.
    assert right[True] / every[True] < right[False] / every[False]


@given(
    st.text(alphabet="ab .“”„«»‘’「」\"'\n，。—", max_size=60),
    st.sampled_from(["zh", "ru", "uk", "en", "de", "fr"]),
)
def test_quotations_lie_in_their_text_and_apart(text: str, lang: str) -> None:
    end = 0
    for span in quotation_spans(text, lang):
        assert end <= span.start < span.end <= len(text)
        assert text[span.inner_slice].strip()
        assert "\n" not in text[span.start : span.end]
        end = span.end


@pytest.mark.parametrize(
    ("lang", "text", "inner"),
    [
        ("en", "“A ‘nested’ one,” she said. It’s ‘so’ nice, the workers’ rights.", ["A ‘nested’ one,", "so"]),
        ("en", 'open " never closed\nnext "ok" done', ["ok"]),
        ("de", "Er sagte: „Das ist „gut“ so.“ Und »Buch«.", ["Das ist „gut“ so.", "Buch"]),
        ("ru", "«Один\n«Два» — сказал он", ["Один", "Два"]),
        (
            "ru",
            "Компания «Рога и копыта», «ООО «Ромашка» рядом», «не закрыто",
            ["Рога и копыта", "ООО «Ромашка» рядом"],
        ),
        ("zh", "他说：“你好‘世界’。”「引」", ["你好‘世界’。", "引"]),
        ("fr", "« L'idée “neuve” »", ["L'idée “neuve”"]),
    ],
)
def test_marks(lang: str, text: str, inner: list[str]) -> None:
    assert [text[span.inner_slice].strip() for span in quotation_spans(text, lang)] == inner


@pytest.mark.parametrize(
    ("lang", "before", "after", "name", "kind", "verb"),
    [
        ("en", "", ", deputy spokesman Vedant Patel told reporters.", "Vedant Patel", "named", "told"),
        ("en", "Asked about Kharkiv, he said there were no plans ", ".", "he", "pronoun", "said"),
        ("en", "Sergey Markov, director in Moscow, told Al Jazeera: ", "", "Sergey Markov", "named", "told"),
        ("ru", "", ", — сказал президент.", "президент", "role", "сказал"),
        ("ru", "В частности, Си Цзиньпин заявил, что страны должны ", ".", "Си Цзиньпин", "named", "заявил"),
        ("de", "Selenskyj nannte die Lage ", ".", "Selenskyj", "named", "nannte"),
        ("fr", "À Paris, Emmanuel Macron avait salué les ", ".", "Emmanuel Macron", "named", "salué"),
        ("uk", "", ", — заявив Володимир Зеленський.", "Володимир Зеленський", "named", "заявив"),
        ("zh", "总统泽连斯基16日同军方将领会面，称该州局势", "。", "泽连斯基", "named", "称"),
        ("zh", "外交部发言人汪文斌说，", "", "汪文斌", "named", "说"),
        ("zh", "发言人表示，日方强行排海是", "。", "发言人", "role", "表示"),
        ("en", "The prices rose by ", " in May.", "", "unknown", ""),
    ],
)  # fmt: skip
def test_who_is_quoted(lang: str, before: str, after: str, name: str, kind: str, verb: str) -> None:
    found = find_speaker(before, after, lang)
    assert (found.name, found.kind, found.verb) == (name, kind, verb)


def test_a_speaker_is_one_in_all_scripts() -> None:
    spelled = [
        ("普京", "zh"),
        ("Владимира Путина", "ru"),
        ("Mr Putin", "en"),
        ("M. Poutine", "fr"),
        ("Путіна", "uk"),
    ]
    assert {person_key(*one) for one in spelled} == {"Vladimir Putin"}
    assert person_key("Kirill Budanow", "de") == person_key("Буданов", "ru") != ""


def test_speakers_of_two_scripts_are_one_where_only_one_fits() -> None:
    def keys(*names: tuple[str, str]) -> dict[str, str]:
        return match_speaker_keys({person_key(*one): one for one in names})

    lee = ("Alexander Novak", "en")
    assert keys(("诺瓦克", "zh"), lee) == {"诺瓦克": person_key(*lee)}
    assert keys(("诺瓦克", "zh"), lee, ("Anna Smith", "en")) == {"诺瓦克": person_key(*lee)}
    assert keys(("诺瓦克", "zh"), lee, ("Peter Noviko", "en")) == {}, "it may be either"
    assert keys(("普京", "zh"), lee) == {}
    assert keys(("张军", "zh"), lee) == {}


def test_quotations_of_the_demo(told: dict[str, Told], demo_space: Space, encoder: SentenceEncoder) -> None:
    comparison, _, _ = told["fukushima-water"]
    found = find_quotes(comparison)
    texts = {article.id: article.text for article in comparison.articles}
    for quote in found.quotes:
        assert quote.text == texts[quote.article][quote.start + 1 : quote.end - 1].strip()
        assert quote.sentences
    for source in {voice.source for voice in found.speaker_shares}:
        assert sum(voice.share for voice in found.speaker_shares if voice.source == source) == pytest.approx(
            1
        )
    selfish = next(one for one in found.quotes if one.text == "extremely selfish and irresponsible")
    assert (selfish.kind, selfish.speaker, selfish.verb) == ("speech", "Beijing", "described")

    def similar(pairs: Sequence[tuple[str, str]]) -> FloatArray:
        rows = encoder.encode([text for text, _ in pairs])
        return np.concatenate(
            [demo_space.center_vectors(row[None], lang) for row, (_, lang) in zip(rows, pairs, strict=True)]
        )

    fates = {(one.quote, one.source): one for one in find_quote_reuse(comparison, found.quotes, similar)}
    assert len(fates) == sum(quote.kind == "speech" for quote in found.quotes) * (
        len(comparison.source_summaries) - 1
    )
    bbc = fates[selfish.id, "bbc-demo"]
    assert (bbc.fate, bbc.removed_words) == ("shortened", ("extremely",))
    assert fates[selfish.id, "lemonde-demo"].fate == "whole"
    assert fates[selfish.id, "lemonde-demo"].by_length
    assert (
        fates[selfish.id, "ria-demo"].fate == "perhaps"
    )  # China's protest, which it tells without the words


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30))
def test_log_odds_change_sign_with_the_sides(counts: list[tuple[int, int]]) -> None:
    one, other = np.array(counts, dtype=float).T
    for there, back in zip(log_odds_ratios(one, other), log_odds_ratios(other, one), strict=True):
        assert np.isfinite(there).all()
        np.testing.assert_allclose(there, -back, atol=1e-9)


def test_log_odds_draw_common_words_to_nothing() -> None:
    _, z = log_odds_ratios(np.array([200.0, 10, 0]), np.array([200.0, 0, 10]))
    assert abs(z[0]) < 1 < 2 < z[1]
    assert z[2] == pytest.approx(-z[1])


def test_terms_are_words_in_dictionary_form_and_pairs() -> None:
    assert [term for term, _ in extract_terms("On May 15th troops said", "en")][:3] == ["on", "on may", "may"]
    assert "президент" in [term for term, _ in extract_terms("сказал президентом", "ru")]
    assert "哈尔科夫" in [term for term, _ in extract_terms("哈尔科夫市17日", "zh")]


def test_the_lexicon_tells_the_translators_words(told: dict[str, Told]) -> None:
    comparison, cells, _ = told["kharkiv-offensive"]
    found = build_lexicon(comparison)
    kharkov = next(one for one in found.across if one.form == "Kharkov")
    assert (kharkov.source, kharkov.n_translated) == ("ria-demo", kharkov.count)
    assert not any(one.n_translated for one in found.across if one.source == "bbc-demo")
    places = {(cell.article, cell.sentence) for cell in cells}
    for one in (*found.original, *found.across):
        assert {(cell.article, cell.sentence) for cell in one.cells} <= places
        assert one.z > 0
        assert one.n_sentences >= len(one.cells) > 0


def test_axes_say_the_same_in_every_language(demo_space: Space, encode_once: Encode) -> None:
    """Hand-made translations in groups of five, against the English; the larger measure is a command."""
    for lang in ("zh", "ru"):
        pairs = [(text, english) for other, text, english in _load_demo_pairs() if other == lang]
        vectors = {
            lang: demo_space.center_vectors(encode_once([text for text, _ in pairs]), lang),
            "en": demo_space.center_vectors(encode_once([english for _, english in pairs]), "en"),
        }
        documents = [place // 5 for place in range(len(pairs))]
        found = evaluate_axes(load_axes(), demo_space, encode_once, vectors, documents)
        for name, scores in found.items():
            assert scores.difference <= 0.2, (lang, name)
            assert scores.order >= 0.9, name
            assert scores.rivalry < 1, name


def test_stands_are_traced_and_repeatable(told: dict[str, Told], compass: AxisModel) -> None:
    _, cells, vectors = told["kharkiv-offensive"]
    found = score_axes(cells, vectors, compass)
    assert found == score_axes(cells, vectors, compass)
    for one in found:
        assert one.ci_low <= one.bias <= one.ci_high
        assert one.intensity >= 0
        for mover in one.towards_high:
            assert mover.cell.source == one.source
            assert mover.position > one.bias
    sides = {one.source: one.bias for one in found if one.axis == "cooperation-confrontation"}
    assert len(sides) == 8


def test_poles_stand_where_they_should(
    compass: AxisModel, demo_space: Space, encoder: SentenceEncoder
) -> None:
    texts = ["Two states signed a treaty of friendship.", "Two states exchanged threats and broke off ties."]
    friends, foes = compass.project_vectors(demo_space.center_vectors(encoder.encode(texts), "en"), "en")
    place = [axis.id for axis in compass.axes].index("cooperation-confrontation")
    assert friends[place] > foes[place] + 0.5


def test_a_compass_is_kept(
    demo_space: Space, compass: AxisModel, encode_once: Encode, tmp_path: Path
) -> None:
    load_axis_model(demo_space, tmp_path, encode_once)

    def never(texts: Sequence[str]) -> FloatArray:
        raise AssertionError(texts)

    kept = load_axis_model(demo_space, tmp_path, never)
    np.testing.assert_allclose(kept.directions, compass.directions, atol=1e-5)
    assert kept.axes == compass.axes


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('low = "bad"\n', "", "lacks 'low'"),
        ('"This is good news.", ', "", "as many sentences"),
        ("[axis.ru]", "[axis.xx]", "lacks|needs zh, ru and en"),
        ("[[axis]]", "[[axis", "no axes can be read"),
    ],
)
def test_a_damaged_list_of_axes_is_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "axes.toml"
    path.write_text(AXES_PATH.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        load_axes(path)


def test_portions_sum_to_one(told: dict[str, Told], demo_space: Space, encode_once: Encode) -> None:
    frames = fit_frame_model(load_frames(), demo_space, encode_once)
    _, cells, vectors = told["kharkiv-offensive"]
    found = score_frames(cells, vectors, frames)
    for source in {one.source for one in found}:
        own = [one for one in found if one.source == source]
        assert sum(one.share for one in own) == pytest.approx(1, abs=1e-5)
        assert [one.frame for one in own][-1] == OTHER_FRAME
        best = max(own[:-1], key=lambda one: one.share)
        assert "weak" in best.caveat
        assert all(one.cell.source == source for one in best.evidence)
    war = np.mean([one.share for one in found if one.frame == "security"])
    assert war == max(
        np.mean([one.share for one in found if one.frame == frame.id]) for frame in frames.frames
    )
