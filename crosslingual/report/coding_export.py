"""What was coded as a file: a codebook, a project, or a table of codings."""

from __future__ import annotations

from pathlib import Path

from crosslingual.coding.refi_codebook import write_codebook
from crosslingual.coding.refi_project import ExportedProject, write_project
from crosslingual.coding.unit_view import load_coded_articles
from crosslingual.errors import InputError
from crosslingual.files import atomic_write
from crosslingual.library import Library
from crosslingual.report.coding import coding_rows
from crosslingual.report.tables import csv_bytes

NOTHING_CODED = "nothing is coded yet; offer something with: crosslingual code offer EVENT --coder NAME"


def export_coding(library: Library, path: Path) -> ExportedProject | None:
    """Write what ``path`` ends with: ``.qdc`` the codebook, ``.qdpx`` the project, ``.csv`` the codings.

    Returns:
        What is in the project; None of the others.

    Raises:
        InputError: it ends otherwise, there is nothing to write, or it cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".qdc":
        write_codebook(library.load_codes(), path)
        return None
    if kind == ".qdpx":
        units = library.load_coding_units()
        return write_project(units, library.load_codes(), load_coded_articles(library, units), path)
    if kind != ".csv":
        raise InputError(f"{path.name}: name the file .qdc (codebook), .qdpx (project) or .csv (codings)")
    content = codings_csv(library)
    try:
        with atomic_write(path) as new:
            new.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return None


def codings_csv(library: Library) -> bytes:
    """All codings in long format.

    Raises:
        InputError: there are none.
    """
    units = library.load_coding_units()
    rows = list(coding_rows(units, library.load_codes(), load_coded_articles(library, units)))
    if not rows:
        raise InputError(NOTHING_CODED)
    return csv_bytes(rows)
