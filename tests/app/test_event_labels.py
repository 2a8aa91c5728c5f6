from __future__ import annotations

from crosslingual.types import Event
from crosslingual.ui.event_labels import label_events


def happening(number: int, title: str, start: str = "2024-08-08", end: str = "2024-08-14") -> Event:
    return Event(str(number), title, start, end, ("a", "b"), ("s", "t"), ("en",))


def test_the_title_comes_first_and_the_date_is_short() -> None:
    spans = [("2024-08-08", "2024-08-14"), ("2024-04-30", "2024-05-02"), ("2023-12-31", "2024-01-01")]
    spans += [("2024-05-02", "2024-05-02"), ("", "")]
    labels = label_events([happening(number, f"Fire {number}", *span) for number, span in enumerate(spans)])
    assert list(labels.values()) == [
        "Fire 0 · 8–14 Aug 2024",
        "Fire 1 · 30 Apr – 2 May 2024",
        "Fire 2 · 31 Dec 2023 – 1 Jan 2024",
        "Fire 3 · 2 May 2024",
        "Fire 4",
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
