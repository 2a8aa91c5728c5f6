from __future__ import annotations

import string
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.search import Filters
from crosslingual.search.query import MAX_QUERY_CHARS
from crosslingual.search.saved import SavedSearch
from crosslingual.ui.search.search_state import MAX_SENTENCES, MIN_PERCENTS, PAGE_SIZE, VIEWS, SearchRequest

TEXTS = st.text(max_size=60).map(lambda text: " ".join(text.replace("\0", " ").split()))
NAMES = st.frozensets(
    st.text(st.sampled_from(string.ascii_letters + "-<>&'\"ж中"), min_size=1, max_size=9), max_size=4
)
DAYS = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
FILTERS = st.builds(Filters, NAMES, NAMES, NAMES, NAMES, DAYS, DAYS)
WISHES = st.builds(
    SearchRequest,
    text=TEXTS,
    filters=FILTERS,
    event=st.sampled_from(("", "2024-05-16-08bda4")),
    view=st.sampled_from(VIEWS),
    min_probability=st.sampled_from(MIN_PERCENTS).map(lambda sure: sure / 100),
    n_shown=st.integers(PAGE_SIZE, MAX_SENTENCES),
    saved_name=st.sampled_from(("", "strike & <b>", "罢工")),
)


def read(address: str) -> SearchRequest:
    values = parse_qs(address)
    return SearchRequest.from_params(lambda name: values.get(name, []))


@given(WISHES)
def test_the_address_says_all_of_a_wish(wish: SearchRequest) -> None:
    address = urlencode(wish.to_params(), doseq=True, errors="surrogatepass")
    assert read(address) == wish


@given(st.dictionaries(st.sampled_from(("q", "like", "from", "to", "n", "sure", "view", "lang")), st.text()))
def test_any_address_is_read_as_some_wish(values: dict[str, str]) -> None:
    wish = SearchRequest.from_params(lambda name: [values[name]] if name in values else [])
    assert len(wish.text) <= MAX_QUERY_CHARS
    assert PAGE_SIZE <= wish.n_shown <= MAX_SENTENCES
    assert wish.view in VIEWS
    assert round(100 * wish.min_probability) in MIN_PERCENTS
    assert not (wish.text and wish.similar_to)


@pytest.mark.parametrize(
    "address",
    [
        "n=-5",
        "n=x",
        "n=99999999999",
        "sure=0.5",
        "sure=33",
        "view=<script>",
        "from=yesterday",
        "like=abc",
        "like=a:٣",
    ],
)
def test_what_makes_no_sense_is_left_out(address: str) -> None:
    wish = read(address)
    assert (wish.min_probability, wish.view, wish.filters, wish.similar_to) == (0.0, VIEWS[0], Filters(), "")
    assert wish.n_shown in (PAGE_SIZE, MAX_SENTENCES)


def test_a_sentence_is_named_by_its_article_and_number() -> None:
    assert read("like=ab12:3").sentence_ref == ("ab12", 3)
    typed = read("like=ab12:3&q=rain")
    assert (typed.text, typed.sentence_ref) == ("rain", None)  # what was typed comes first


def test_how_it_is_shown_does_not_change_what_is_asked() -> None:
    plain = read("q=rain&lang=de&lang=zh")
    assert plain.cache_key == read("q=rain&lang=zh&lang=de&view=list&n=60&sure=70").cache_key
    assert plain.cache_key != read("q=rain&source=de&source=zh").cache_key


def test_a_search_is_opened_as_it_was_saved() -> None:
    wish = read("q=rain&country=FR&from=2024-01-02&event=e1")
    kept = wish.to_saved_search("wet", wish.text)
    assert kept == SavedSearch("wet", "rain", wish.filters, "e1")
    assert SearchRequest.from_saved(kept).cache_key == wish.cache_key
    assert SearchRequest.from_saved(kept).saved_name == "wet"
