"""The preview says which dates are in doubt."""

from __future__ import annotations

from pathlib import Path

from crosslingual.readers.record import build_record
from crosslingual.ui.add.inputs import AddInputs
from crosslingual.ui.add.preview import _table_cells
from crosslingual.ui.add.preview_model import Draft, _add_item


def test_a_date_in_doubt_is_marked_until_a_person_writes_it() -> None:
    draft = Draft(AddInputs())
    text = "The harbour was closed on Monday after a storm had damaged both of its cranes, officials said."
    for line, day in enumerate(("03/04/2022", "2022-04-03", ""), 1):
        for item in build_record({"text": text, "date": day, "source": "rt"}, Path("a.csv"), line):
            _add_item(draft, item)
    asks = [str(_table_cells(draft, row)["Asks"]) for row in draft.articles]
    assert asks == ["date not sure", "", "no date"]
    draft.apply_edits(draft.articles[0], {"date": "3 April 2022"})
    assert _table_cells(draft, draft.articles[0])["Asks"] == ""
    assert draft.edited_record(draft.articles[0]).date == "2022-04-03"
