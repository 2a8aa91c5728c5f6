from __future__ import annotations

from collections.abc import Callable

from crosslingual.settings import Settings
from tests.helpers.app_driver import html, run, shown

Use = Callable[[Settings], None]
STORY = (
    "A train left the rails near Lyon on Tuesday morning. Nobody was hurt. "
    "The operator said that a broken switch was the cause. Traffic will resume on Wednesday. "
)
OTHER = "Near Lyon a train derailed on Tuesday. The unions ask for more money to keep the tracks in order."


def test_copies_count_once_where_the_switch_says_so(use: Use, shelf: Callable[..., Settings]) -> None:
    told = {"reuters": STORY, "bbc": STORY + "Passengers were taken on by bus.", "ap": OTHER}
    records = [
        {
            "source": source,
            "lang": "en",
            "date": "2024-03-05",
            "title": f"Train <b>{source}</b>",
            "text": text,
        }
        for source, text in told.items()
    ]
    use(shelf("copied", *records))
    app = run()
    assert sorted(shown(app)["voices"]) == [0, 1, 2]
    assert "count once" not in html(app)
    app.toggle(key="compare.copies").set_value(True).run()
    assert not app.exception
    assert len(set(shown(app)["voices"])) == 2
    told_of = html(app)
    assert "are one text (100 % of the shorter one’s sentences) and count once" in told_of
    assert "Train &lt;b&gt;bbc&lt;/b&gt;" in told_of
    app.toggle(key="compare.marks").set_value(True).run()
    assert not app.exception
    assert len(set(shown(app)["voices"])) == 2
    assert shown(app)["marks"] is not None
    app.toggle(key="compare.copies").set_value(False).run()
    assert sorted(shown(app)["voices"]) == [0, 1, 2]


def test_an_event_without_copies_says_so(use: Use, two_events: Settings) -> None:
    use(two_events)
    app = run()
    app.toggle(key="compare.copies").set_value(True).run()
    assert not app.exception
    assert "No two articles of this event are copies." in html(app)
