"""Scanned pages and pictures of text, read by a real Tesseract."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from crosslingual.readers import File, Problem, Record, ocr, read_files
from crosslingual.readers.formats import SANDBOXED_READERS, read_items
from tests.helpers.file_samples import pdf, typeset

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
ZH = "国家主席习近平同来访的外国客人举行会谈。\n双方签署了关于港口合作的文件。"
RU = "Капитан порта сообщил о тумане.\nДвадцать судов ждали на рейде до утра."
DE = "Der Hafenmeister meldete dichten Nebel.\nZwanzig Schiffe warteten bis zum Morgen."


def is_ready() -> bool:
    """Whether ``scripts/ocr.sh`` could install what is needed."""
    found = shutil.which("tesseract")
    said = subprocess.run([found, "--list-langs"], capture_output=True, text=True).stdout if found else ""
    return {"chi_sim", "rus", "deu", "eng"} <= set(said.split()) and FONT.is_file()


needs_tesseract = pytest.mark.skipif(not is_ready(), reason="no Tesseract here; remedy: bash scripts/ocr.sh")


def draw(text: str) -> Image.Image:
    """A page of 300 dots an inch, as a scanner makes it."""
    page = Image.new("L", (2480, 1400), 255)
    font = ImageFont.truetype(str(FONT), 52)
    ImageDraw.Draw(page).multiline_text((200, 200), text, font=font, fill=0, spacing=28)
    return page


def save(pages: Sequence[Image.Image], suffix: str) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if pages[1:] else {}
    pages[0].save(out, suffix, resolution=300, **more)
    return out.getvalue()


def read(name: str, content: bytes) -> tuple[list[Record], list[Problem]]:
    items = list(read_items(File(Path(name), content)))
    return [one for one in items if isinstance(one, Record)], [
        one for one in items if isinstance(one, Problem)
    ]


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@needs_tesseract
@pytest.mark.parametrize(("text", "lang"), [(ZH, "zh"), (RU, "ru"), (DE, "de")])
def test_a_scanned_pdf_is_read_and_each_page_tells_its_doubt(text: str, lang: str) -> None:
    (record,), problems = read("a.pdf", save([draw(text), draw(text.split("\n")[1])], "PDF"))
    wanted = letters(text) + letters(text.split("\n")[1])
    assert letters(record.text) == wanted
    assert record.lang in (lang, "")
    assert [one.is_warning for one in problems] == [True, True]
    assert problems[0].message.startswith("page 1 was read from a picture (OCR), ")
    assert "words are doubtful" in problems[1].message


@needs_tesseract
@pytest.mark.parametrize("suffix", ["png", "jpeg", "tiff", "webp"])
def test_a_picture_that_is_named_is_read(suffix: str) -> None:
    (record,), (problem,) = read(f"a.{suffix}", save([draw(DE)], suffix.upper()))
    assert letters(record.text) == letters(DE)
    assert problem.is_warning


@needs_tesseract
def test_words_that_can_hardly_be_read_are_named() -> None:
    blurred = draw(DE).resize((400, 226)).resize((2480, 1400))
    _, (problem,) = read("a.png", save([blurred], "PNG"))
    assert "words are doubtful: " in problem.message


@needs_tesseract
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (save([Image.new("L", (800, 600), 255)], "PNG"), "no text can be read"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "no picture, or a damaged one"),
        (b"<svg/>", "no picture, or a damaged one"),
    ],
)
def test_a_picture_without_text_and_no_picture_are_told(content: bytes, told: str) -> None:
    records, problems = read("a.png", content)
    assert records == []
    assert told in problems[-1].message


@needs_tesseract
def test_pictures_are_read_by_workers_and_passed_over_in_folders(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.png").write_bytes(save([draw(DE)], "PNG"))
    (folder / "a.txt").write_text("The harbour master told of fog. Twenty ships waited.", encoding="utf-8")
    inside = [one for one in read_files([folder]) if isinstance(one, Record)]
    assert [one.path.name for one in inside] == ["a.txt"]
    (named,) = (one for one in read_files([folder / "a.png"]) if isinstance(one, Record))
    assert letters(named.text) == letters(DE)
    assert SANDBOXED_READERS[".png"] is ocr.read_picture


def test_scanned_pages_among_others_are_told() -> None:
    import pypdfium2

    whole = pypdfium2.PdfDocument(pdf([typeset(["Twenty ships waited in fog.", "It rose at noon."])]))
    whole.import_pages(pypdfium2.PdfDocument(save([draw(DE)], "PDF")))
    out = io.BytesIO()
    whole.save(out)
    (record,), (problem,) = read("a.pdf", out.getvalue())
    assert "Twenty ships" in record.text
    assert problem.message.startswith("page 2 without a text layer, left out")
    assert problem.is_warning


def test_without_tesseract_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_installed_languages", frozenset)
    for name, content in (("a.pdf", pdf([[]], text=False)), ("a.png", b"")):
        records, (problem,) = read(name, content)
        assert records == []
        assert "install Tesseract" in problem.message


def test_a_pdf_with_a_text_layer_needs_no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_installed_languages", frozenset)
    (record,), problems = read("a.pdf", pdf([typeset(["Twenty ships waited in fog.", "It rose at noon."])]))
    assert "Twenty ships" in record.text
    assert problems == []
