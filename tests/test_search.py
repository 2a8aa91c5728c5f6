"""Searching the demo corpus with the real encoder, in files and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import NotFoundError
from crosslingual.library import Library
from crosslingual.library.transfer import restore_library
from crosslingual.report.listing import select_hits
from crosslingual.search import (
    Filters,
    LibraryIndex,
    Results,
    encode_query,
    load_query,
    open_index,
    parse_query,
    search_sentences,
)
from crosslingual.search.bands import Band
from crosslingual.search.candidates import find_candidates
from crosslingual.search.reranker import load_ranking_model, logits_to_probabilities
from crosslingual.search.timeline import build_timelines

Search = Callable[..., Results]


@pytest.fixture(scope="module")
def library(demo_library: Library, new_library: Callable[[], LibraryAddress]) -> Iterator[Library]:
    """A copy: the index is written beside it."""
    address = new_library()
    restore_library(demo_library.path, address)
    with Library(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def index(library: Library, demo_space: Space) -> Iterator[LibraryIndex]:
    opened = open_index(library, demo_space)
    yield opened
    opened.close()


@pytest.fixture
def search(library: Library, index: LibraryIndex, demo_space: Space, encoder: SentenceEncoder) -> Search:
    def run(typed: str, **options: object) -> Results:
        asked = encode_query(parse_query(typed), encoder, demo_space)
        return search_sentences(library, index, demo_space, asked, **options)  # type: ignore[arg-type]  # a test's own

    return run


@pytest.mark.parametrize(
    "query",
    [
        "Xi Jinping and Vladimir Putin signed a joint statement in Beijing",
        "习近平和普京在北京签署联合声明",
        "Си Цзиньпин и Владимир Путин подписали в Пекине совместное заявление",
        "Xi Jinping und Wladimir Putin unterzeichneten in Peking eine gemeinsame Erklärung",
    ],
)
def test_a_sentence_in_any_language_finds_who_said_it(search: Search, query: str) -> None:
    results = search(query)
    best = results.hits[0]
    assert best.probability > 0.1, "a short paraphrase of longer sentences"
    assert results.n_sources_searched == 8
    assert results.n_sources <= results.n_sources_searched
    assert len({hit.entry.lang for hit in results.hits[:10]}) >= 3
    assert [hit.score for hit in results.hits] == sorted((hit.score for hit in results.hits), reverse=True)


@pytest.mark.parametrize("lang", ["zh", "ru", "en", "de", "fr", "uk"])
def test_what_is_copied_from_an_article_is_found_first(library: Library, search: Search, lang: str) -> None:
    article = next(article for article in library.load_articles() if article.lang == lang)
    for sentence in library.load_sentences([article.id])[article.id][:4]:
        if parse_query(sentence.text).is_short:
            continue
        best = search(sentence.text.replace('"', " ")).hits[0]
        assert best.sentence.text == sentence.text
        assert best.probability > 0.9


def test_what_nobody_said_is_not_said(search: Search) -> None:
    results = search("The penguins of the southern island have learned to play chess against visitors")
    assert results.n_sources == 0
    assert all(hit.probability < 0.5 for hit in results.all_hits)
    assert build_timelines(results) == ()


@pytest.mark.parametrize("query", ["习近平", "Xi Jinping", "xi jinping", "Си Цзиньпин", "Си Цзиньпина"])
def test_a_name_in_any_script_finds_the_others(search: Search, query: str) -> None:
    results = search(query)
    named = [hit for hit in results.hits if hit.has_words]
    assert {"zh", "ru", "en", "de", "fr"} <= {hit.entry.lang for hit in named}
    names = ("习近平", "习主席", "Xi Jinping", "Си Цзиньпин")
    assert any(name in hit.sentence.text for hit in named[:5] for name in names)
    assert results.n_sources >= 6


def test_phrases_have_to_occur(search: Search) -> None:
    for results in (
        search('"joint statement"'),
        search("What the presidents signed in Beijing", filters=Filters(phrase="joint statement")),
    ):
        assert results.all_hits
        assert all("joint statement" in hit.sentence.text.lower() for hit in results.all_hits)
        assert all(hit.band <= Band.WORDS for hit in results.all_hits)
        assert results.n_sources == len({hit.entry.source for hit in results.all_hits})
    assert search('"no such phrase anywhere"').all_hits == ()


def test_a_sentence_that_quotes_is_found_in_other_languages(search: Search) -> None:
    plain = search("Xi Jinping and Vladimir Putin signed a joint statement in Beijing")
    for quoted in ('a "joint statement" in', "a “joint statement” in"):
        query = f"Xi Jinping and Vladimir Putin signed {quoted} Beijing"
        assert {hit.sentence_key for hit in search(query).hits} == {hit.sentence_key for hit in plain.hits}
    assert search("“no limits anywhere”").query.phrases == (), "in no text: then it is no quotation"


def test_a_few_words_find_what_has_them_and_what_says_it(search: Search) -> None:
    results = search("joint statement", limit=1000)
    bands = {hit.sentence_key: hit.band for hit in results.hits}
    worded = [hit for hit in results.hits if hit.band == Band.WORDS or hit.has_all]
    assert worded
    assert all("statement" in hit.sentence.text.lower() for hit in worded)
    near = [hit for hit in results.hits if hit.band in (Band.SAYS, Band.NEAR) and not hit.has_all]
    assert {"zh", "ru"} & {hit.entry.lang for hit in near}, "nobody types in their words"
    order = [max(band - Band.WORDS, 0) for band in bands.values()]
    assert order == sorted(order), "what answers stands before what only comes near"
    listed = select_hits(results)
    assert listed.saying_sources | listed.word_sources == {entry.source for entry, _ in results.match_counts}
    assert not listed.word_sources & listed.saying_sources
    assert not listed.near_sources & (listed.saying_sources | listed.word_sources)
    assert {
        hit.entry.source for hit in listed.hits
    } == listed.saying_sources | listed.word_sources | listed.near_sources


def test_filters_limit_what_is_looked_at(search: Search) -> None:
    results = search(
        "Xi Jinping and Putin signed a joint statement", filters=Filters(countries=frozenset(["CN"]))
    )
    assert {hit.entry.source for hit in results.all_hits} <= {"cctv-demo", "xinhua-demo"}
    assert results.n_sources_searched == 2
    assert search("Putin", filters=Filters(langs=frozenset(["xx"]))).n_sources_searched == 0


def test_a_stored_sentence_finds_what_is_like_it_but_not_itself(
    library: Library, index: LibraryIndex, demo_space: Space, search: Search
) -> None:
    best = search("Xi Jinping and Vladimir Putin signed a joint statement in Beijing").hits[0]
    asked = load_query(library, demo_space, best.sentence_key)
    results = search_sentences(library, index, demo_space, asked, limit=1000)
    assert best.sentence_key not in {hit.sentence_key for hit in results.all_hits}
    assert results.hits[0].probability > 0.5
    with pytest.raises(NotFoundError, match="count from 0"):
        load_query(library, demo_space, (best.sentence_key[0], 999))
    with pytest.raises(NotFoundError):
        load_query(library, demo_space, ("0" * 16, 0))


@pytest.mark.parametrize("asked_in", ["zh", "en"])
def test_what_surely_says_it_speaks_for_other_languages(
    library: Library, index: LibraryIndex, demo_space: Space, encoder: SentenceEncoder, asked_in: str
) -> None:
    chosen = {article.lang: article.id for article in library.load_articles()}  # so few that all is compared
    filters = Filters(articles=frozenset(chosen.values()))
    typed = library.load_sentences([chosen[asked_in]])[chosen[asked_in]][1].text
    asked = encode_query(parse_query(typed), encoder, demo_space)
    own = find_candidates(library, index, demo_space, asked, filters)
    odds = load_ranking_model().predict_logits(own.features)
    pivot = int(odds.argmax())
    assert odds[pivot] > 0
    lang = own.candidates.langs[pivot]
    others = Filters(articles=frozenset(article for one, article in chosen.items() if one != lang))
    like = load_query(library, demo_space, (own.sentences[pivot].article, own.sentences[pivot].index))
    via = find_candidates(library, index, demo_space, like, others)
    second = dict(zip(via.sentences, load_ranking_model().predict_logits(via.features), strict=True))
    assert second
    found = search_sentences(library, index, demo_space, asked, filters=filters).all_hits
    told = {hit.sentence: hit.probability for hit in found}
    for sentence, first in zip(own.sentences, odds, strict=True):
        wanted = (first + second[sentence]) / 2 if sentence in second else first
        np.testing.assert_allclose(told[sentence], logits_to_probabilities(wanted), atol=1e-4)


def test_neighbours_and_translations_come_with_each(library: Library, search: Search) -> None:
    for hit in search("普京访问北京").hits:
        told = library.load_sentences([hit.entry.article])[hit.entry.article]
        assert told[hit.sentence.index] == hit.sentence
        assert hit.before == (told[hit.sentence.index - 1].text if hit.sentence.index else "")
        assert hit.after == (told[hit.sentence.index + 1].text if hit.sentence.index + 1 < len(told) else "")
        assert (hit.translation is None) == (hit.entry.lang == "en")


def test_over_time_counts_each_source_and_tells_who_was_first(search: Search) -> None:
    results = search("Харьков")
    lines = build_timelines(results)
    assert len(lines) == results.n_sources
    assert sum(line.n_sentences for line in lines) == sum(count for _, count in results.match_counts)
    assert [line.first_day for line in lines] == sorted(line.first_day for line in lines)
    assert all(line.first_day <= line.last_day for line in lines)
