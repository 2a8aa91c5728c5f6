"""Parquet, in batches that are bounded by bytes: a cell may be far larger than what the file holds of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from crosslingual.errors import InputError, one_line
from crosslingual.readers.file import File

MAX_COLUMNS = 1_000
MAX_ROW_GROUP_BYTES = 512 * 2**20
"""Bytes of a row group when it is unpacked, as the file says."""
MAX_BATCH_BYTES = 16 * 2**20
"""Bytes of the rows that are read at once, where their columns have a width."""

_BATCH_ROWS = 256  # at most


def read_parquet_rows(file: File) -> Iterator[list[str]]:
    """The names of the columns, then the rows.

    Raises:
        InputError: it cannot be read, or asks for too much.
        OSError: the file cannot be read.
    """
    import pyarrow
    from pyarrow import parquet

    with file.open() as stream:
        try:
            about = parquet.read_metadata(stream)
            _check_sizes(about)
            # Repeated texts are kept once: a dictionary of one long text may stand for any number of cells.
            leaves = [about.schema.column(place) for place in range(about.num_columns)]
            texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
            stream.seek(0)
            table = parquet.ParquetFile(stream, read_dictionary=texts)
            yield list(table.schema_arrow.names)
            batch_rows = _count_batch_rows(table.schema_arrow, about)
            for batch in table.iter_batches(batch_size=batch_rows, use_threads=False):
                yield from map(list, zip(*map(_read_cells, batch.columns), strict=True))
        except (pyarrow.ArrowMemoryError, pyarrow.ArrowCapacityError):
            raise InputError("needs too much memory; write smaller row groups") from None
        except (pyarrow.ArrowException, UnicodeDecodeError) as error:
            raise InputError(f"no Parquet file that can be read ({one_line(error)}); write it anew") from None


def _check_sizes(about: Any) -> None:
    if about.num_columns > MAX_COLUMNS:
        raise InputError(f"more than {MAX_COLUMNS:,} columns; leave only those of the articles")
    if any(
        about.row_group(place).total_byte_size > MAX_ROW_GROUP_BYTES for place in range(about.num_row_groups)
    ):
        raise InputError(f"a row group of more than {MAX_ROW_GROUP_BYTES // 2**20} MB; write smaller ones")


def _count_batch_rows(schema: Any, about: Any) -> int:
    """How many rows have ``MAX_BATCH_BYTES``, by the width of their columns and as the file says of the rest."""
    width = sum(_cell_bytes(field.type) for field in schema)
    if width > MAX_BATCH_BYTES:
        raise InputError(
            f"rows of {width:,} bytes, whatever they hold; leave only the columns of the articles"
        )
    groups = [about.row_group(place) for place in range(about.num_row_groups)]
    mean = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(_BATCH_ROWS, MAX_BATCH_BYTES // max(width, mean, 1)))


def _cell_bytes(kind: Any) -> int:
    """Bytes that a cell of the type ``kind`` takes even if it is empty."""
    from pyarrow import types

    if types.is_fixed_size_list(kind):
        return int(kind.list_size) * _cell_bytes(kind.value_type)
    if types.is_struct(kind):
        return sum(_cell_bytes(kind.field(place).type) for place in range(kind.num_fields))
    return int(kind.byte_width) if types.is_fixed_size_binary(kind) else 8


def _read_cells(column: Any) -> Iterator[str]:
    """The cells of a column one by one; a text that is repeated is one object."""
    from pyarrow import types

    if not types.is_dictionary(column.type):
        yield from (format_cell(cell.as_py()) for cell in column)
        return
    known: dict[int | None, str] = {None: ""}
    for cell in column.indices:
        place = cell.as_py()
        if place not in known:
            known[place] = format_cell(column.dictionary[place].as_py())
        yield known[place]


def format_cell(value: object) -> str:
    """A cell of any table, as text; days without a time."""
    if value is None:
        return ""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
