"""How many cells a sheet of a workbook spans: a library makes room for all of them, however few are filled."""

from __future__ import annotations

import re
import zipfile

from crosslingual.errors import InputError
from crosslingual.zips import convert_zip_errors, iterate_chunks

MAX_SHEET_CELLS = 16_000_000
"""Cells in the rectangle around all filled cells of a sheet."""

_MAX_TAG_BYTES = 2**16
_TAG = re.compile(rb"<(?:[\w.-]{1,40}:)?(row|c)(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,3})(\d{0,7})["']""")


def check_sheet_spans(workbook: zipfile.ZipFile) -> None:
    """Refuse a workbook with a sheet that spans more than ``MAX_SHEET_CELLS``.

    Raises:
        InputError: there is one, or the workbook is damaged.
    """
    for entry in workbook.infolist():
        with convert_zip_errors("a damaged workbook; save it anew"):
            span = _SheetSpan()
            rest = b""
            for chunk in iterate_chunks(workbook, entry):
                rest = span.read_tags(rest + chunk)[-_MAX_TAG_BYTES:]
                if span.n_cells > MAX_SHEET_CELLS:
                    raise InputError(
                        f"a sheet that spans more than {MAX_SHEET_CELLS:,} cells;"
                        " delete what stands far from the table, and save it anew"
                    )


class _SheetSpan:
    """The rectangle of the cells read so far; rows and columns are counted from 1."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._rows: list[int] = []
        self._columns: list[int] = []

    @property
    def n_cells(self) -> int:
        if not self._rows:
            return 0
        return (self._rows[-1] - self._rows[0] + 1) * (self._columns[-1] - self._columns[0] + 1)

    def read_tags(self, xml: bytes) -> bytes:
        """Take the tags of rows and cells; return what may be the beginning of another."""
        for tag in _TAG.finditer(xml):
            reference = _REFERENCE.search(tag[2])
            letters, digits = reference.groups() if reference else (b"", b"")
            if tag[1] == b"row":
                self._row = int(digits) if digits else self._row + 1
                self._column = 0
                continue
            self._row = int(digits) if digits else self._row
            self._column = _column_number(letters) if letters else self._column + 1
            if not tag[2].endswith(b"/"):  # an empty one takes no room
                self._rows = _widen(self._rows, self._row)
                self._columns = _widen(self._columns, self._column)
        return xml[max(xml.rfind(b"<"), 0) :]


def _widen(bounds: list[int], value: int) -> list[int]:
    return [min(bounds[0], value), max(bounds[1], value)] if bounds else [value, value]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
