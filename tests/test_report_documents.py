"""The report as one file: printed by a real browser, read back as Word, Excel and PDF."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crosslingual.errors import InputError
from crosslingual.report.build import table_files
from crosslingual.report.documents import make_document, printed_page
from crosslingual.report.documents.workbook import MAX_CELL_CHARS

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Fog in the harbour</title>
<style>h1 { color: red }</style></head><body><header><h1>Туман у порту</h1><nav><a href="#a">Contents</a></nav>
<p class="dek">How <strong>three</strong> tell it</p></header><section id="a"><h2>Who says what</h2>
<div class="wide"><table><thead><tr><th>Source</th><th>Statement</th></tr></thead><tbody>
<tr><th rowspan="2">新华社<span class="lang">zh</span></th><td>二十艘船在雾中等待。</td></tr>
<tr><td><span class="dot"></span> &lt;script&gt;alert(1)&lt;/script&gt;</td></tr></tbody></table></div>
<ol start="0"><li>Zwanzig Schiffe</li><li>warteten<span class="tr">Twenty ships</span></li></ol></section></body>
</html>"""
HOSTILE = '=HYPERLINK("https://evil.example")'
ROWS: list[dict[str, Any]] = [
    {"source": "新华社", "text": HOSTILE, "probability": 0.75, "is_perhaps": True, "langs": ["zh", "ru"]},
    {"source": "Ш", "text": "x" * 40_000, "probability": None, "is_perhaps": False, "langs": []},
]
FILES = {"report.html": PAGE.encode(), **table_files({"statements": ROWS, "silences": []})}


def test_a_word_document_holds_the_page() -> None:
    from docx import Document

    document = Document(io.BytesIO(make_document(".docx", FILES)))
    lines = [one.text for one in document.paragraphs]
    assert lines[0] == "Туман у порту"
    assert "How three tell it" in lines
    assert {"0. Zwanzig Schiffe", "1. warteten\nTwenty ships"} <= set(lines)
    assert not [line for line in lines if "Contents" in line or "color" in line]
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [
        ["Source", "Statement"],
        ["新华社 zh", "二十艘船在雾中等待。"],
        ["", "● <script>alert(1)</script>"],
    ]
    assert document.core_properties.title == "Fog in the harbour"


def test_a_workbook_holds_the_tables_and_no_formula() -> None:
    from python_calamine import CalamineWorkbook

    content = make_document(".xlsx", FILES)
    assert content == make_document(".xlsx", FILES)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["statements"]
    head, first, second = book.get_sheet_by_index(0).to_python()
    assert head == ["source", "text", "probability", "is_perhaps", "langs"]
    assert first == ["新华社", HOSTILE, 0.75, True, "zh; ru"]
    assert second == ["Ш", "x" * MAX_CELL_CHARS, "", False, ""]


def test_a_workbook_without_rows_is_one() -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(make_document(".xlsx", {"report.html": b""})))
    assert book.sheet_names == ["statements"]


@pytest.mark.browser
@pytest.mark.skipif(not any(map(shutil.which, printed_page.COMMANDS)), reason="no browser here to print with")
def test_a_pdf_has_the_page_in_all_scripts() -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(make_document(".pdf", FILES)) as document:
        text = document[0].get_textpage().get_text_range()
    for words in ("Туман у порту", "二十艘船在雾中等待", "Zwanzig Schiffe", "<script>alert(1)</script>"):
        assert words in text


def test_without_a_browser_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed_page, "COMMANDS", ())
    monkeypatch.setattr(printed_page, "_PLACES", {})
    with pytest.raises(InputError, match="no Chrome, Edge or Chromium here"):
        make_document(".pdf", FILES)


def test_a_browser_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(printed_page, "COMMANDS", (str(broken),))
    with pytest.raises(InputError, match="did not print the page"):
        make_document(".pdf", FILES)


def test_the_citation_file_is_what_the_format_asks() -> None:
    import yaml

    from crosslingual import __version__

    said = yaml.safe_load((Path(__file__).parents[1] / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert said["version"] == __version__
    assert {"message", "title", "authors", "license"} <= set(said)
    json.dumps(said)
