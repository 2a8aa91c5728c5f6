"""What articles name is the same in every script, and two events of one week stay two."""

from __future__ import annotations

import numpy as np
import pytest

from crosslingual.events.article_names import article_names, name_weight
from crosslingual.events.evidence import ArticleProfiles, score_articles
from crosslingual.events.linkage import group_articles

ONE_DAY = np.ones((2, 2))


def make_profiles(*articles: tuple[float, str, int, frozenset[str]]) -> ArticleProfiles:
    """Of day, language, topic and names."""
    days, langs, topics, names = zip(*articles, strict=True)
    return ArticleProfiles(np.array(days), langs, np.eye(4, dtype=np.float32)[list(topics)], names)


def test_persons_places_and_days_are_one_in_three_scripts() -> None:
    chinese = article_names(["10月18日，习近平在北京同普京会谈。"], "zh")
    russian = article_names(["18 октября Си Цзиньпин встретился в Пекине с Путиным."], "ru")
    english = article_names(["Xi Jinping received Putin in Beijing on October 18."], "en")
    assert {"n:jin-ping", "t:10-18", "g:Beijing"} <= chinese & russian & english
    assert "s:puten" in russian & english


def test_a_day_of_the_month_is_no_country() -> None:
    assert "c:JP" not in article_names(["5月3日和4日，天气晴朗。"], "zh")


@pytest.mark.parametrize("text", ["1" * 100_000, "Аб " * 50_000, "月日" * 50_000, "\ud800"])
def test_names_of_any_text_are_bounded(text: str) -> None:
    for lang in ("zh", "ru", "en", "xx"):
        assert len(article_names([text] * 3, lang)) <= 121


def test_a_rare_name_tells_more_than_a_common_one() -> None:
    assert name_weight("s:never-heard") > name_weight("c:US") > 0


def test_names_in_common_make_one_event_likelier() -> None:
    names = frozenset({"g:Kursk", "s:s*dz*", "n:jin-ping"})
    left = make_profiles((1.0, "zh", 0, names))
    alike, other = make_profiles((1.0, "ru", 1, names)), make_profiles((1.0, "ru", 1, frozenset({"g:Paris"})))
    assert score_articles(left, alike)[0, 0] > score_articles(left, other)[0, 0]
    later = make_profiles((4.0, "ru", 1, names))
    assert score_articles(left, later)[0, 0] < score_articles(left, alike)[0, 0]


def test_an_article_without_a_date_is_compared_all_the_same() -> None:
    undated = make_profiles((float("nan"), "en", 0, frozenset()))
    assert np.isfinite(score_articles(undated, undated)).all()
    dated = make_profiles((5.0, "en", 0, frozenset()))
    found = group_articles(undated, dated, np.array([7]), np.array([[5.0, 5.0]]))
    assert found.homes.tolist() == [7]


def test_an_article_without_a_date_does_not_tie_two_years_together() -> None:
    names = frozenset({"g:Kursk", "n:jin-ping"})
    undated = make_profiles((float("nan"), "en", 0, names), (900.0, "de", 0, names))
    early = make_profiles((float("nan"), "fr", 0, names))  # on an event of the first days
    found = group_articles(undated, early, np.array([7]), np.array([[1.0, 2.0]]))
    assert found.homes[1] != 7


def test_separated_events_are_not_joined_by_what_comes_between() -> None:
    standing = make_profiles((1.0, "en", 0, frozenset()), (1.0, "ru", 0, frozenset()))
    new = make_profiles((1.0, "de", 0, frozenset()), (2.0, "fr", 0, frozenset()))
    together = group_articles(new, standing, np.array([3, 5]), ONE_DAY)
    assert set(together.homes.tolist()) == {3}
    assert together.merges == {5: 3}
    apart = group_articles(new, standing, np.array([3, 5]), ONE_DAY, {(3, 5)})
    assert apart.merges == {}
    assert set(apart.homes.tolist()) <= {3, 5}


def test_nothing_new_changes_nothing() -> None:
    nobody = ArticleProfiles(np.zeros(0), [], np.zeros((0, 4), np.float32), [])
    standing = make_profiles((1.0, "en", 0, frozenset()), (1.0, "ru", 0, frozenset()))
    found = group_articles(nobody, standing, np.array([3, 5]), ONE_DAY)
    assert (len(found.homes), found.merges) == (0, {})
