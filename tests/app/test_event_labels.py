from __future__ import annotations

import pytest

from crosslingual.types import Event
from crosslingual.ui.event_labels import choose_first_event, label_events


def happening(number: int, title: str, start: str = "2024-08-08", end: str = "2024-08-14") -> Event:
    return Event(str(number), title, start, end, ("a", "b"), ("s", "t"), ("en",))


def of_size(name: str, end: str, n_sources: int, n_articles: int) -> Event:
    articles, sources = (
        tuple(f"{name}{place}" for place in range(count)) for count in (n_articles, n_sources)
    )
    return Event(name, name, end, end, articles, sources, ("en",))


@pytest.mark.parametrize(
    ("events", "first"),
    [
        ([of_size("new", "2024-08-14", 2, 2), of_size("wide", "2024-08-08", 3, 9)], "wide"),
        ([of_size("new", "2024-08-14", 2, 2), of_size("old", "2024-08-06", 3, 9)], "new"),
        ([of_size("new", "2024-08-14", 3, 4), of_size("long", "2024-08-13", 3, 5)], "long"),
        ([of_size("new", "2024-08-14", 3, 5), of_size("as large", "2024-08-13", 3, 5)], "new"),
        ([of_size("alone", "2024-09-30", 1, 8), of_size("told", "2024-08-14", 2, 2)], "told"),
        ([of_size("alone", "2024-09-30", 1, 2), of_size("alone too", "2024-08-14", 1, 9)], "alone"),
        ([of_size("dated", "2024-08-14", 2, 2), of_size("undated", "", 5, 9)], "dated"),
        ([of_size("undated", "", 2, 2), of_size("undated too", "", 5, 9)], "undated too"),
    ],
)
def test_the_app_begins_with_the_widest_told_event_of_the_last_week(events: list[Event], first: str) -> None:
    assert choose_first_event(events).id == first


def test_the_title_comes_first_and_the_date_is_short() -> None:
    spans = [("2024-08-08", "2024-08-14"), ("2024-04-30", "2024-05-02"), ("2023-12-31", "2024-01-01")]
    spans += [("2024-05-02", "2024-05-02"), ("", "")]
    labels = label_events([happening(number, f"Fire {number}", *span) for number, span in enumerate(spans)])
    assert list(labels.values()) == [
        "Fire 0 · 8–14 Aug 2024 · 2 sources",
        "Fire 1 · 30 Apr – 2 May 2024 · 2 sources",
        "Fire 2 · 31 Dec 2023 – 1 Jan 2024 · 2 sources",
        "Fire 3 · 2 May 2024 · 2 sources",
        "Fire 4 · 2 sources",
    ]


def test_events_that_would_look_alike_show_more_of_their_titles_or_a_number() -> None:
    begin = "Ministers of both countries meet again to speak about"
    labels = label_events(
        [
            happening(1, f"{begin} grain"),
            happening(2, f"{begin} gas"),
            happening(3, "Storm"),
            happening(4, "Storm"),
        ]
    )
    assert len(set(labels.values())) == 4
    assert labels["1"].startswith(f"{begin} grain")
    assert labels["2"].startswith(f"{begin} gas")
    assert labels["4"] == f"{labels['3']} (2)"
