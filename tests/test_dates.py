"""Dates in all the ways that they are written: right, or known to be in doubt."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.language.dates import read_date
from crosslingual.language.detect import NEWS_LANGUAGES

DAYS = st.dates(date(1990, 1, 1), date(2026, 12, 31))
LANGUAGES = st.sampled_from(sorted(NEWS_LANGUAGES))
DAY = "2023-11-27"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        (DAY, DAY),
        ("20231127", DAY),
        ("2023/11/27", DAY),
        ("2023-W48-1", DAY),
        ("27.11.2023", DAY),
        ("27/11/2023", DAY),
        ("11/27/2023", DAY),
        ("05.06.2023", "2023-06-05"),
        ("2023.11.27 8:30", f"{DAY}T08:30:00"),
        ("2023年11月27日", DAY),
        ("2023 年 11 月 27 日 下午3:05", f"{DAY}T15:05:00"),
        ("二〇二三年十一月二十七日", DAY),
        ("2023년 11월 27일", DAY),
        ("2023. 11. 27. 오후 3:05", f"{DAY}T15:05:00"),
        ("November 27th, 2023 at 3:05 p.m.", f"{DAY}T15:05:00"),
        ("Nov 27, 2023 12:05 am", f"{DAY}T00:05:00"),
        ("27. November 2023, 10.30 Uhr", f"{DAY}T10:30:00"),
        ("27 NOVEMBRE 2023 à 10h30", f"{DAY}T10:30:00"),
        ("понедельник, 27 ноября 2023 г., 10:30 (мск)", f"{DAY}T10:30:00+03:00"),
        ("27 листопада 2023 року", DAY),
        ("27 tháng 11, 2023", DAY),
        ("2023. november 27.", DAY),
        ("2023 m. lapkričio 27 d.", DAY),
        ("27 พฤศจิกายน 2566", DAY),
        ("٢٧ نوفمبر ٢٠٢٣", DAY),
        ("٢٠٢٣-١١-٢٧", DAY),
        ("\uff12\uff10\uff12\uff13/\uff11\uff11/\uff12\uff17", DAY),
        ("1701072000", f"{DAY}T08:00:00+00:00"),
        ("1701072000123", f"{DAY}T08:00:00+00:00"),
        ("20231127T103000Z", f"{DAY}T10:30:00+00:00"),
        ("20231127103000", f"{DAY}T10:30:00"),
        ("Mon, 27 Nov 2023 08:00:00 GMT", f"{DAY}T08:00:00+00:00"),
        ("Mo, 27 Nov 2023 10:30:00 +0100", f"{DAY}T10:30:00+01:00"),
        ("Mon Nov 27 10:30:00 2023", f"{DAY}T10:30:00"),
        ("Mon Nov 27 10:30:00 CST 2023", f"{DAY}T10:30:00"),
        ("Mon Nov 27 2023 10:30:00 GMT+0800 (China Standard Time)", f"{DAY}T10:30:00+08:00"),
        ("2023-11-27 10:30:00 UTC", f"{DAY}T10:30:00+00:00"),
        ("27 Nov 23", DAY),
        ("27-NOV-99", "1999-11-27"),
        ("mar 28 mar 2023", ""),
        ("martes 28 marzo 2023", "2023-03-28"),
    ],
)
def test_what_can_be_but_one_date_is_read(text: str, iso: str) -> None:
    assert read_date(text).resolve() == iso


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "7", "0", "45257", "2023", "11/2023", "2023-11", "November 2023", "27 November", "11-27"),
        *("yesterday", "today", "2 hours ago", "вчера", "昨天", "27 Brumaire 2023", "27 Nov 2023 or so"),
        *("2023-02-29", "31.04.2023", "2023-13-45", "2023/11/27 99:99", "13/13/2023", "10:30"),
        *("令和5年11月27日", "113年5月16日", "1402/09/06", "0001-01-01", "27.11.45", "9" * 5_000),
    ],
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert read_date(text).candidates == ()


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("05/06/2023", ("2023-06-05", "2023-05-06")),
        ("5-6-23", ("2023-06-05", "2023-05-06")),
        ("16.05.24", ("2024-05-16", "2016-05-24")),
        ("16 lis 2023", ("2023-10-16", "2023-11-16")),
    ],
)
def test_what_can_be_two_dates_is_both(text: str, dates: tuple[str, ...]) -> None:
    reading = read_date(text)
    assert (reading.candidates, reading.resolve()) == (dates, "")


def test_order_day_of_the_week_and_language_decide_between_two() -> None:
    assert read_date("05/06/2023").resolve("mdy") == "2023-05-06"
    assert read_date("05/06/2023").resolve("dmy") == "2023-06-05"
    assert read_date("Saturday, 05/06/2023").resolve() == "2023-05-06"
    assert [read_date("16 lis 2023", lang).resolve() for lang in ("hr", "pl")] == ["2023-10-16", "2023-11-16"]
    assert [read_date("16.05.24", lang).resolve() for lang in ("de", "ko")] == ["2024-05-16", "2016-05-24"]
    assert read_date("05/06/2023", "de").resolve() == ""


@settings(deadline=None)
@given(DAYS, LANGUAGES, st.sampled_from(["full", "long", "medium"]), st.booleans())
def test_a_date_with_its_month_in_words_is_right_in_every_language(
    day: date,
    lang: str,
    width: str,
    shouted: bool,  # drawn
) -> None:
    written = format_date(day, width, locale=lang)
    reading = read_date(written.upper() if shouted else written, lang)
    assert day.isoformat() in reading.candidates
    assert reading.resolve() in (day.isoformat(), "")


@settings(deadline=None)
@given(DAYS, LANGUAGES, st.booleans())
def test_a_short_date_is_right_or_in_doubt_in_every_language(
    day: date,
    lang: str,
    known: bool,  # drawn
) -> None:
    reading = read_date(format_date(day, "short", locale=lang), lang if known else "")
    assert day.isoformat() in reading.candidates
    assert reading.resolve() in (day.isoformat(), "")


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 12, 31)), LANGUAGES)
def test_a_time_in_a_date_is_right_or_left(moment: datetime, lang: str) -> None:
    for width in ("full", "long", "medium", "short"):
        found = read_date(format_datetime(moment, width, locale=lang), lang).resolve()
        assert found[:16] in (moment.isoformat()[:16], "")


@given(st.datetimes(datetime(2001, 9, 10), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_seconds_and_their_parts_since_1970_are_read(moment: datetime) -> None:
    seconds = int(moment.timestamp())
    for factor in (1, 10**3, 10**6, 10**9):
        assert read_date(str(seconds * factor)).resolve() == moment.replace(microsecond=0).isoformat()


@settings(deadline=None)
@given(st.text(max_size=200) | st.from_regex(r"[0-9 ./:T+-]{0,30}|[0-9]{1,4}[./ -]\w{1,9}[./ -][0-9]{1,4}"))
def test_any_text_is_a_date_that_is_read_again_or_none(text: str) -> None:
    for iso in read_date(text).candidates:
        assert read_date(iso).resolve() == iso
