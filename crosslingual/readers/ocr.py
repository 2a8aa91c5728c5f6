"""Scanned pages and pictures of text, read by Tesseract where it is installed: each page's doubt is told."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from crosslingual.errors import InputError
from crosslingual.readers.file import File
from crosslingual.readers.pdf_heads import describe_doubtful, remove_running_heads
from crosslingual.readers.pdf_layout import PageLine
from crosslingual.readers.pdf_text import WIDE_CHAR, join_paragraphs
from crosslingual.readers.record import Problem, Record, build_record

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
"""Of pictures that are read where they are named: in a folder or archive they are skipped, as a saved page's."""
DOTS_PER_INCH = 300
"""At which pages are drawn for it, as its makers advise."""
MAX_SCANNED_PAGES = 50

_LANGUAGES_BY_SCRIPT = {
    "Latin": ("eng", "deu", "fra"),
    "Cyrillic": ("rus", "ukr"),
    "Han": ("chi_sim", "chi_tra"),
    "Japanese": ("jpn", "chi_sim"),
    "Hangul": ("kor",),
    "Arabic": ("ara",),
}
_ANY_LANGUAGES = ("eng", "rus", "chi_sim")
"""Where the script cannot be told."""
_MIN_CONFIDENCE = 60.0
"""Of 100, below which a word is doubtful."""
_PAGE_SECONDS = 100  # of a processor; a worker that is silent for longer than a page takes is given up
_MAX_NAMED_WORDS = 5
_MISSING_MESSAGE = (
    "a picture of text; install Tesseract and the languages it needs, or run OCR on it and add the result"
)


def read_picture(file: File) -> Iterator[Record | Problem]:
    """The text in a picture as one record, with a flaw.

    Raises:
        InputError: it is no picture, nothing can be read in it, or Tesseract is not there.
        OSError: the file cannot be read.
    """
    yield from read_scanned_pages(file, iter([file.read()]), {})


def read_scanned_pages(
    file: File, pictures: Iterator[bytes], fields: Mapping[str, str]
) -> Iterator[Record | Problem]:
    """The text of a document's pages, given as pictures, as one record with ``fields``; a flaw for each page.

    Raises:
        InputError: nothing can be read in any of them, one is no picture, or Tesseract is not there.
    """
    if not _installed_languages():
        raise InputError(_MISSING_MESSAGE)
    pages: list[list[PageLine]] = []
    script = ""
    for number, picture in enumerate(pictures, 1):
        script = script or _detect_script(picture)
        words = _read_words(picture, _choose_languages(script))
        pages.append(_build_lines(words))
        yield Problem(file.path, 0, _describe_doubt(number, words), is_warning=True)
    if not any(pages):
        raise InputError("no text can be read in its pictures; paste the article into a text file")
    found = remove_running_heads(pages)
    if found.doubtful:
        yield Problem(file.path, 0, describe_doubtful(found.doubtful), is_warning=True)
    yield from build_record({**fields, "text": "\n".join(join_paragraphs(found.pages))}, file.path, 0)


@cache
def _installed_languages() -> frozenset[str]:
    if not shutil.which("tesseract"):
        return frozenset()
    said = _run(("--list-langs",), b"")
    return frozenset(said.decode(errors="replace").split("\n")[1:]) - {"", "osd"}


def _detect_script(picture: bytes) -> str:
    """As Tesseract names it; empty where there are too few letters to tell."""
    try:
        said = _run(("-", "-", "--psm", "0"), picture).decode(errors="replace")
    except InputError:
        return ""
    return next(
        (line.partition(":")[2].strip() for line in said.split("\n") if line.startswith("Script:")), ""
    )


def _choose_languages(script: str) -> str:
    """Those of the script that are installed, as Tesseract takes them."""
    installed = _installed_languages()
    choices = (_LANGUAGES_BY_SCRIPT.get(script, ()), _ANY_LANGUAGES, sorted(installed))
    found = ([name for name in wanted if name in installed] for wanted in choices)
    return "+".join(next(names for names in found if names)[:3])


def _read_words(picture: bytes, languages: str) -> list[dict[str, str]]:
    """A row of Tesseract's table for each word."""
    said = _run(("-", "-", "-l", languages, "--dpi", str(DOTS_PER_INCH), "tsv"), picture)
    rows = csv.DictReader(io.StringIO(said.decode(errors="replace")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if row["level"] == "5" and (row["text"] or "").strip()]


def _build_lines(words: Sequence[Mapping[str, str]]) -> list[PageLine]:
    """Lines as of a text layer, in Tesseract's order, which knows columns."""
    lines = []
    for _, group in groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        own = list(group)
        lefts, tops, widths, heights = (
            [int(row[name]) * 72 / DOTS_PER_INCH for row in own]
            for name in ("left", "top", "width", "height")
        )
        bottom = max(top + height for top, height in zip(tops, heights, strict=True))
        right = max(left + width for left, width in zip(lefts, widths, strict=True))
        lines.append(
            PageLine(_join_words([row["text"] for row in own]), min(lefts), right, -bottom, max(heights))
        )
    return lines


def _join_words(words: Sequence[str]) -> str:
    """With a space between, but not between Chinese characters."""
    line = words[0]
    for word in words[1:]:
        is_wide = WIDE_CHAR.match(line[-1:]) and WIDE_CHAR.match(word[:1])
        line += word if is_wide else f" {word}"
    return line


def _describe_doubt(number: int, words: Sequence[Mapping[str, str]]) -> str:
    if not words:
        return f"page {number} is a picture in which nothing could be read"
    doubtful = [row["text"] for row in words if float(row["conf"]) < _MIN_CONFIDENCE]
    named = ", ".join(f'"{word[:40]}"' for word in doubtful[:_MAX_NAMED_WORDS])
    more = " …" if len(doubtful) > _MAX_NAMED_WORDS else ""
    told = f"{len(doubtful):,} of {len(words):,} words are doubtful"
    return f"page {number} was read from a picture (OCR), {told}{f': {named}{more}' if named else ''}"


def _run(arguments: tuple[str, ...], picture: bytes) -> bytes:
    """What Tesseract says.

    Raises:
        InputError: it cannot read the picture, or not in time.
    """
    command = shutil.which("tesseract") or "tesseract"
    process = subprocess.Popen(  # noqa: S603  # our own arguments
        [command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )
    if sys.platform == "linux":
        import resource

        resource.prlimit(process.pid, resource.RLIMIT_CPU, (_PAGE_SECONDS, _PAGE_SECONDS))
    try:
        said, _ = process.communicate(picture, timeout=2 * _PAGE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise InputError("reading its picture took too long; make it smaller") from None
    if process.returncode:
        raise InputError("no picture, or a damaged one; save it anew")
    return said
