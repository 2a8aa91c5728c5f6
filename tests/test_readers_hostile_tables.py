"""Tables of a few bytes that ask for all memory there is: refused, and never by the app's own process."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet as writer

from crosslingual.errors import InputError
from crosslingual.readers import (
    File,
    Problem,
    preview_tables,
    read_files,
    sheet_span,
    tables,
)
from crosslingual.readers.formats import SANDBOXED_READERS, read_items
from crosslingual.readers.parquet import MAX_BATCH_BYTES, MAX_COLUMNS
from tests.helpers.file_samples import STORIES, parquet, rows, table, xlsx

HEADER = ("date", "headline", "body", "source", "link")
TEXT = "The ferry to the islands was late again on Tuesday."
FAR_CELLS = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    "<row><c r='A1'><v>1</v></c></row><row><c r='xfd900000'><v>2</v></c></row>",
    '<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row r="9"><x:c s="1" r="XFD999999"><x:v>2</x:v></x:c></x:row>',
    "<row>" + "<c><v>1</v></c>" * 16_384 + '</row><row r="1048576"><c><v>2</v></c></row>',
    '<row><c\nr = "A1"\n><v>1</v></c></row>' + " " * 3_000_000 + '<row><c r="ZZZ99999"><v>2</v></c></row>',
]


def sheet(cells: str) -> bytes:
    """A workbook with these rows in place of its own."""
    made, out = xlsx([["x"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in book.infolist():
            content = book.read(entry).decode()
            if entry.filename.endswith("sheet1.xml"):
                start, end = content.index("<sheetData>") + len("<sheetData>"), content.index("</sheetData>")
                content = content[:start] + cells + content[end:]
            new.writestr(entry.filename, content)
    return out.getvalue()


def wide_parquet(width: int, claimed: int) -> bytes:
    """A file whose cells have ``width`` bytes and which says that they have ``claimed``."""
    out = io.BytesIO()
    empty = pyarrow.array([None] * 300, pyarrow.binary(width))
    writer.write_table(pyarrow.table({"body": empty}), out, store_schema=False)
    made = out.getvalue()
    size = int.from_bytes(made[-8:-4], "little")
    head, foot = made[: -8 - size], made[-8 - size : -8]
    assert foot.count(varint(width)) == 1
    foot = foot.replace(varint(width), varint(claimed))
    return head + foot + len(foot).to_bytes(4, "little") + b"PAR1"


def varint(number: int) -> bytes:
    """A number as Thrift's compact protocol has it."""
    left, found = 2 * number, []
    while left >= 128:
        found.append(left % 128 + 128)
        left //= 128
    return bytes([*found, left])


def problems(name: str, content: bytes) -> list[str]:
    """What workers say of a file that gives nothing."""
    found = list(read_files([File(Path(name), content)]))
    assert all(isinstance(item, Problem) for item in found)
    return [str(item) for item in found]


@pytest.mark.parametrize("cells", FAR_CELLS, ids=range(len(FAR_CELLS)))
def test_a_sheet_with_a_far_cell_is_refused_before_it_is_opened(
    cells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import python_calamine

    def refuse(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", refuse)
    (problem,) = read_items(File(Path("far.xlsx"), sheet(cells)))
    assert "spans more than 16,000,000 cells" in str(problem)


def test_a_sheet_that_is_only_formatted_far_out_is_read() -> None:
    filled = "".join(
        f'<row r="{number}"><c r="B{number}" t="inlineStr"><is><t>{cell}</t></is></c></row>'
        for number, cell in ((7, "body"), (8, TEXT))
    )
    made = sheet(filled + '<row r="1048576"><c r="XFD1048576" s="3"/></row>')
    assert [getattr(item, "text", item) for item in read_items(File(Path("a.xlsx"), made))] == [TEXT]


@pytest.mark.parametrize(
    ("cells", "span"),
    [
        ('<c r="C3"><v/></c><c r="E9"><v/></c>', 21),
        ("<row><c><v/></c><c/><c><v/></c></row><row><c><v/></c></row>", 6),
        ('<row r="5"><c><v/></c></row><row><c r="AA6"><v/></c></row>', 54),
        ("<cols><col/></cols><rowBreaks/>", 0),
    ],
)
def test_the_span_is_the_rectangle_of_the_filled_cells(
    cells: str, span: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(sheet(cells))) as workbook:
        monkeypatch.setattr(sheet_span, "MAX_SHEET_CELLS", span)
        sheet_span.check_sheet_spans(workbook)
        monkeypatch.setattr(sheet_span, "MAX_SHEET_CELLS", span - 1)
        if span:
            with pytest.raises(InputError, match="spans more than"):
                sheet_span.check_sheet_spans(workbook)


def test_cells_that_are_wide_without_holding_anything_are_refused() -> None:
    made = wide_parquet(100_003, 2**31 - 1)  # a batch of which would have 549 GB
    assert len(made) < 2_000
    assert problems("a.parquet", made) == [
        "a.parquet: rows of 2,147,483,647 bytes, whatever they hold; leave only the columns of the articles"
    ]
    assert list(preview_tables([File(Path("a.parquet"), made)])) == []


@pytest.mark.parametrize("width", [1_000, MAX_BATCH_BYTES // 3])
def test_batches_have_as_many_rows_as_fit(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    columns = {"body": [TEXT] * 10, "mark": pyarrow.array([b"x" * width] + [None] * 9, pyarrow.binary(width))}
    writer.write_table(pyarrow.table(columns), out)
    asked: list[int] = []
    real = writer.ParquetFile.iter_batches

    def noted(self: writer.ParquetFile, batch_size: int, **more: object) -> object:
        asked.append(batch_size)
        return real(self, batch_size=batch_size, **more)

    monkeypatch.setattr(writer.ParquetFile, "iter_batches", noted)
    assert len(list(read_items(File(Path("a.parquet"), out.getvalue())))) == 10
    assert max(asked) * width <= MAX_BATCH_BYTES
    assert max(asked) >= 2


def test_a_long_text_that_is_repeated_is_held_once() -> None:
    """Expanded, a batch of these would have 2 GB: more than a worker may have."""
    out = io.BytesIO()
    long = pyarrow.DictionaryArray.from_arrays(
        pyarrow.array([0] * 256, pyarrow.int32()), ["word " * 1_600_000]
    )
    writer.write_table(pyarrow.table({"body": [TEXT] * 256, "raw": long}), out, compression="zstd")
    assert len(out.getvalue()) < 100_000
    found = list(read_files([File(Path("a.parquet"), out.getvalue(), columns=(("text", "body"),))]))
    assert {getattr(item, "text", item) for item in found} == {TEXT}
    assert len(found) == 256


def test_what_parquet_holds_is_read_as_before() -> None:
    found = list(read_items(File(Path("a.parquet"), parquet(rows(STORIES, HEADER)))))
    assert [getattr(item, "text", item) for item in found] == [story.text for story in STORIES]


@pytest.fixture
def readers_note_their_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file into which each process writes its number when it reads a table, an object or a feed."""
    noted = tmp_path / "processes"
    script = tmp_path / "sitecustomize.py"
    script.write_text(
        "import sys\n"
        "if 'crosslingual.readers.worker' in ' '.join(sys.orig_argv):\n"
        "    from tests.test_readers_hostile_tables import note_process\n"
        f"    note_process({str(noted)!r})\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), root]))
    return noted


def note_process(path: str) -> None:
    """Have this process write its number into ``path`` when it opens a file that it was given."""
    real = File.open

    def noted(self: File) -> object:
        with Path(path).open("a", encoding="utf-8") as out:
            out.write(f"{os.getpid()}\n")
        return real(self)

    File.open = noted  # type: ignore[assignment, method-assign]


def refuse_opening(self: File) -> None:
    raise AssertionError(f"{self.path} opened in the process that asked")


SAMPLES: Sequence[tuple[str, bytes]] = [
    ("a.csv", table(STORIES).encode()),
    ("a.xlsx", xlsx(rows(STORIES, HEADER))),
    ("a.parquet", parquet(rows(STORIES, HEADER))),
    ("a.json", b'[{"body": "%s"}]' % TEXT.encode()),
]


def test_heads_of_tables_are_read_by_workers(
    readers_note_their_process: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(File, "open", refuse_opening)
    files = [File(Path("bad.xlsx"), b"none"), *(File(Path(name), content) for name, content in SAMPLES)]
    shown = dict(preview_tables(files))
    assert [shown[number].mapping.text for number in range(1, 5)] == ["body"] * 4
    assert 0 not in shown
    noted = set(readers_note_their_process.read_text(encoding="utf-8").split())
    assert noted
    assert str(os.getpid()) not in noted


def test_what_a_worker_shows_is_what_the_reader_does() -> None:
    files = [File(Path(name), content) for name, content in SAMPLES]
    assert [shown for _, shown in preview_tables(files)] == [tables.preview_table(file) for file in files]


def test_a_preview_holds_no_long_cells() -> None:
    made = table(STORIES).replace(STORIES[0].text.splitlines()[0], "word " * 5_000)
    shown = tables.preview_table(File(Path("a.csv"), made.encode()))
    assert max(len(cell) for row in shown.rows for cell in row) == tables.MAX_PREVIEW_CHARS
    for keys in (
        {"k" * 500: 1, "body": TEXT},
        {f"k{number}": 1 for number in range(MAX_COLUMNS + 1)},
    ):
        with pytest.raises(InputError, match="keys"):
            tables.preview_table(File(Path("a.json"), repr([keys]).replace("'", '"').encode()))


def test_every_table_that_the_page_shows_has_a_worker() -> None:
    from crosslingual.ui.add.preview_model import TABLE_SUFFIXES

    assert set(TABLE_SUFFIXES) <= set(SANDBOXED_READERS)
