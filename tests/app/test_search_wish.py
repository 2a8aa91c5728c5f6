from __future__ import annotations

import string
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.search import Filters
from crosslingual.search.query import LONGEST
from crosslingual.search.saved import SavedSearch
from crosslingual.ui.search.wish import FIRST, MOST, SURES, VIEWS, Wish

TEXTS = st.text(max_size=60).map(lambda text: " ".join(text.replace("\0", " ").split()))
NAMES = st.frozensets(
    st.text(st.sampled_from(string.ascii_letters + "-<>&'\"ж中"), min_size=1, max_size=9), max_size=4
)
DAYS = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
FILTERS = st.builds(Filters, NAMES, NAMES, NAMES, NAMES, DAYS, DAYS)
WISHES = st.builds(
    Wish,
    text=TEXTS,
    filters=FILTERS,
    event=st.sampled_from(("", "2024-05-16-08bda4")),
    view=st.sampled_from(VIEWS),
    sure=st.sampled_from(SURES).map(lambda sure: sure / 100),
    shown=st.integers(FIRST, MOST),
    saved=st.sampled_from(("", "strike & <b>", "罢工")),
)


def read(address: str) -> Wish:
    values = parse_qs(address)
    return Wish.read(lambda name: values.get(name, []))


@given(WISHES)
def test_the_address_says_all_of_a_wish(wish: Wish) -> None:
    address = urlencode(wish.params(), doseq=True, errors="surrogatepass")
    assert read(address) == wish


@given(st.dictionaries(st.sampled_from(("q", "like", "from", "to", "n", "sure", "view", "lang")), st.text()))
def test_any_address_is_read_as_some_wish(values: dict[str, str]) -> None:
    wish = Wish.read(lambda name: [values[name]] if name in values else [])
    assert len(wish.text) <= LONGEST
    assert FIRST <= wish.shown <= MOST
    assert wish.view in VIEWS
    assert round(100 * wish.sure) in SURES
    assert not (wish.text and wish.like)


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
    assert (wish.sure, wish.view, wish.filters, wish.like) == (0.0, VIEWS[0], Filters(), "")
    assert wish.shown in (FIRST, MOST)


def test_a_sentence_is_named_by_its_article_and_number() -> None:
    assert read("like=ab12:3").mark == ("ab12", 3)
    typed = read("like=ab12:3&q=rain")
    assert (typed.text, typed.mark) == ("rain", None)  # what was typed comes first


def test_how_it_is_shown_does_not_change_what_is_asked() -> None:
    plain = read("q=rain&lang=de&lang=zh")
    assert plain.asked == read("q=rain&lang=zh&lang=de&view=list&n=60&sure=70").asked
    assert plain.asked != read("q=rain&source=de&source=zh").asked


def test_a_search_is_opened_as_it_was_saved() -> None:
    wish = read("q=rain&country=FR&from=2024-01-02&event=e1")
    kept = wish.to_save("wet", wish.text)
    assert kept == SavedSearch("wet", "rain", wish.filters, "e1")
    assert Wish.opened(kept).asked == wish.asked
    assert Wish.opened(kept).saved == "wet"
