"""What sources tell and leave out by month."""

from __future__ import annotations

from dataclasses import replace

from crosslingual.corpus.silences import NO_MONTH, count_silences, find_left_out
from crosslingual.report.corpus import silence_rows
from crosslingual.types import Article, Comparison, Event
from tests.helpers.timeline_samples import made_comparison

ARTICLES = [Article(source, "en", "Words.\nMore words.") for source in ("arc", "bay", "cove", "dune")]
ARC, BAY, COVE, DUNE = range(4)


def event(id_: str, start: str, *sources: str) -> Event:
    return Event(id_, id_, start, start, (), sources, ("en",))


def compared(one: Event) -> Comparison:
    """Three statements: of three, of two, and of the other two sources."""
    made = made_comparison(
        ARTICLES, [(ARC, 0), (BAY, 0), (COVE, 0)], [(ARC, 1), (BAY, 1)], [(COVE, 1), (DUNE, 1)]
    )
    return replace(made, event=one)


def test_silences_are_counted_against_what_two_others_tell() -> None:
    may, june = (
        event("may", "2024-05-30", "arc", "bay", "cove", "dune"),
        event("june", "2024-06-01", "arc", "bay"),
    )
    none = event("none", "", "bay", "cove")
    table = count_silences([may, june, none], lambda one: compared(one) if one is may else None)
    assert list(table) == ["2024-06", "2024-05", NO_MONTH]
    dune = table["2024-05"]["dune"]
    assert (dune.n_told, dune.n_events, dune.n_compared) == (1, 1, 1)
    assert (dune.n_statements, dune.n_left_out) == (2, 2), "its own with one other is not of two others"
    arc = table["2024-05"]["arc"]
    assert (arc.n_statements, arc.n_left_out) == (2, 1)
    assert (table["2024-06"]["arc"].n_told, table["2024-06"]["arc"].n_compared) == (1, 0)
    assert (table["2024-06"]["dune"].n_told, table["2024-06"]["dune"].n_events) == (0, 1)
    assert table[NO_MONTH]["cove"].n_told == 1


def test_each_figure_opens_to_its_statements() -> None:
    may = event("may", "2024-05-30", "arc", "bay", "cove", "dune")
    made = compared(may)
    first = made.statements[0]
    perhaps = replace(
        made,
        statements=(replace(first, perhaps=(replace(first.cells[0], source="dune"),)), *made.statements[1:]),
    )
    left_out = list(find_left_out(perhaps, "dune"))
    assert [(one.statement.id, one.is_perhaps) for one in left_out] == [
        (made.statements[0].id, True),
        (made.statements[1].id, False),
    ]
    (month,) = count_silences([may], lambda _: perhaps).values()
    assert (month["dune"].n_left_out, month["dune"].n_perhaps) == (1, 1)


def test_rows_have_their_denominators_and_intervals() -> None:
    may = event("may", "2024-05-30", "arc", "bay", "cove", "dune")
    rows = {row["source"]: row for row in silence_rows(count_silences([may], compared))}
    assert (rows["arc"]["statements_left_out"], rows["arc"]["of_statements"]) == (1, 2)
    assert rows["arc"]["left_out_low"] < 0.5 < rows["arc"]["left_out_high"]
