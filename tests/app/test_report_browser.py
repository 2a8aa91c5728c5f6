from __future__ import annotations

from pathlib import Path

import framed  # type: ignore[import-not-found]
import pytest
from browsing import launched  # type: ignore[import-not-found]

from crosslingual.report.build import report_files, report_metadata
from crosslingual.settings import Settings

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("text", ["", f"{'long' * 20} "])
def test_the_report_never_scrolls_sideways(text: str) -> None:
    comparison = framed.comparison(text)
    about = report_metadata(comparison, Settings(Path("home"), Path("library")))
    made = report_files(comparison, framed.framing(comparison), {}, about)["report.html"].decode()
    with launched() as browser:
        page = browser.new_page()
        page.set_content(made)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") == width
