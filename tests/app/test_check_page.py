from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual.align.space import load_space
from crosslingual.compare.pair_cache import scoring_key
from crosslingual.library import Library
from crosslingual.library.judgements import CheckItem, CheckSample
from crosslingual.settings import Settings
from tests.app.conftest import ELECTION, records
from tests.helpers.app_driver import open_page

pytestmark = pytest.mark.model
CALIBRATE, GOLD = "Calibrate on 1 judgement", "All answers as gold"


@pytest.fixture
def checked(shelf: Callable[..., Settings], use: Callable[[Settings], None]) -> Settings:
    settings = shelf("checked-page", *records(ELECTION, "2024-06-02"))
    use(settings)
    return settings


def answer(settings: Settings, articles: Sequence[str]) -> None:
    """One question about two articles, answered."""
    one, other = articles
    asked = CheckItem(0, "pair", "found 0.70", 0.8, "de-en", one, 0, "s", other, 0)
    key = scoring_key(load_space(settings.encoder, settings.home))
    with Library(settings.library) as library:
        library.remove_check_samples()
        library.add_check_sample(CheckSample("c1", "", "", 1, key, "", 1, 1, {"found 0.70": 9}, (asked,)))
        (sample,) = library.load_check_samples()
        library.store_answer([sample.items[0].number], "same", "")


def results_page() -> AppTest:
    return open_page("check", scope="library", view="results")


def labels(app: AppTest) -> set[str]:
    """Of the buttons, those of downloads too."""
    return {one.label for one in app.button} | {one.proto.label for one in app.get("download_button")}


def test_results_are_read_where_nothing_can_be_written(
    checked: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(checked.library) as library:
        answer(checked, library.article_ids()[:2])
    assert {CALIBRATE, GOLD, "CSV"} <= labels(results_page())
    monkeypatch.setattr(Library, "is_read_only", True)
    app = results_page()
    assert CALIBRATE not in labels(app)
    assert {GOLD, "CSV"} <= labels(app)
    assert "cannot be written" not in "".join(one.proto.body for one in app.get("html"))


def test_answers_about_articles_that_are_gone_are_no_file(checked: Settings) -> None:
    answer(checked, ["gone", "away"])
    app = results_page()
    assert GOLD not in labels(app)
    assert "the articles that they are about are gone" in " ".join(one.value for one in app.caption)
