"""Who was first with a statement: by the clock where zones are known, by the day where not, and never more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.moments import (
    Delay,
    describe_delay,
    describe_moment,
    find_earliest,
    is_before,
    measure_delay,
    parse_moment,
)
from crosslingual.timeline.statement_times import build_timeline
from tests.helpers.timeline_samples import made_article, made_comparison

TEXT = "The ferry burned."


def told_roles(*dates: str) -> list[tuple[str, str, str]]:
    """Sources a, b, … that tell one statement at these times: who, in which role, and how long after whom."""
    articles = [made_article("abcdef"[place], "en", date, TEXT) for place, date in enumerate(dates)]
    (line,) = build_timeline(made_comparison(articles, [(n, 0) for n in range(len(dates))])).statements
    return [
        (one.cell.source, one.role, f"{describe_delay(one.delay)} {one.after}" if one.delay else "")
        for one in line.tellings
    ]


@pytest.mark.parametrize(
    ("written", "precision", "shown"),
    [
        ("2031-04-02T21:40:00+03:00", "zoned", "2031-04-02 21:40+03:00"),
        ("2031-04-02T21:40:00Z", "zoned", "2031-04-02 21:40+00:00"),
        ("2031-04-02T21:40:00", "local", "2031-04-02 21:40 (zone unknown)"),
        ("2031-04-02", "day", "2031-04-02 (day only)"),
        ("2031-04-02T00:00:00+08:00", "day", "2031-04-02 (day only)"),
        ("", "none", "no date"),
        ("2031-04", "none", "no date"),
        ("0001-01-01T00:30:00+14:00", "none", "no date"),
    ],
)
def test_a_time_is_as_exact_as_it_is_written(written: str, precision: str, shown: str) -> None:
    moment = parse_moment(written)
    assert (moment.precision, describe_moment(moment)) == (precision, shown)


def test_times_with_zones_are_in_the_order_of_the_clock() -> None:
    assert told_roles("2031-04-02T20:00:00+08:00", "2031-04-02T15:05:00+03:00") == [
        ("a", "first", ""),
        ("b", "later", "5 min later a"),
    ]
    assert told_roles("2031-04-03T01:00:00+09:00", "2031-04-02T12:00:00+00:00")[0][:2] == ("b", "first")


@pytest.mark.parametrize("other", ["2031-04-02", "2031-04-02T09:00:00", "2031-04-02T00:00:00Z"])
def test_of_one_day_nobody_is_first_unless_both_have_a_zone(other: str) -> None:
    assert {role for _, role, _ in told_roles("2031-04-02T23:00:00Z", other)} == {"tied"}


def test_days_alone_are_told_apart_by_days() -> None:
    assert told_roles("2031-04-05", "", "2031-04-02") == [
        ("c", "first", ""),
        ("a", "later", "3 days later c"),
        ("b", "undated", ""),
    ]


def test_one_source_with_two_articles_of_a_day_is_first_by_itself() -> None:
    articles = [
        made_article("a", "en", "2031-04-02", TEXT),
        made_article("a", "en", "2031-04-02", TEXT, "More."),
        made_article("b", "en", "2031-04-03", TEXT),
    ]
    timeline = build_timeline(made_comparison(articles, [(0, 0), (1, 0), (2, 0)]))
    assert timeline.statements[0].first_source == "a"
    assert [(one.source, one.n_first, one.n_later) for one in timeline.leads] == [("a", 1, 0), ("b", 0, 1)]


def test_statements_come_in_the_order_in_which_they_were_first_told() -> None:
    articles = [
        made_article("a", "en", "2031-04-04", TEXT, "A sailor was blamed."),
        made_article("b", "en", "2031-04-02", TEXT),
        made_article("c", "en", "2031-04-05", "They blamed a sailor."),
    ]
    timeline = build_timeline(made_comparison(articles, [(0, 1), (2, 0)], [(0, 0), (1, 0)]))
    assert [line.statement for line in timeline.statements] == ["s2", "s1"]


def test_an_event_without_statements_has_an_empty_timeline() -> None:
    timeline = build_timeline(made_comparison([made_article("a", "en", "", TEXT)]))
    assert timeline.statements == ()


def test_delays_are_told_in_words() -> None:
    told = [Delay(0), Delay(1), Delay(0, 0), Delay(1, 1445), Delay(0, 125)]
    assert [describe_delay(one) for one in told] == [
        "same day",
        "1 day later",
        "within a minute",
        "1 d 5 min later",
        "2 h 5 min later",
    ]
    assert measure_delay(parse_moment("2031-04-02"), parse_moment("")) is None


_DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.text(max_size=30),
)


@given(st.lists(_DATES, max_size=6))
def test_whatever_is_written_some_dated_one_is_among_the_first(written: list[str]) -> None:
    moments = [parse_moment(one) for one in written]
    earliest = find_earliest(moments)
    assert bool(earliest) == any(moment.day for moment in moments)
    assert not any(is_before(left, right) and is_before(right, left) for left in moments for right in moments)
