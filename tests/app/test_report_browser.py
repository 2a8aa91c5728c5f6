from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual.report.build import report_files, report_metadata
from crosslingual.settings import Settings
from tests.helpers import framing_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("text", ["", f"{'long' * 20} "])
def test_the_report_never_scrolls_sideways(chromium: Browser, text: str) -> None:
    comparison = framing_samples.comparison(text)
    about = report_metadata(comparison, Settings(Path("home"), Path("library")))
    made = report_files(comparison, framing_samples.framing(comparison), {}, about)["report.html"].decode()
    page = chromium.new_page()
    page.set_content(made)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()
