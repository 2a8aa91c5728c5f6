"""What was coded as a file: a codebook, a project, or a table of codings."""

from __future__ import annotations

from pathlib import Path

from crosslingual.coding.refi_codebook import codebook_bytes
from crosslingual.coding.refi_project import ExportedProject, project_bytes
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
    content, made = export_bytes(library, path)
    try:
        with atomic_write(path) as new:
            new.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return made


def export_bytes(library: Library, path: Path) -> tuple[bytes, ExportedProject | None]:
    """What a file with the name of ``path`` would hold, and what is in a project.

    Raises:
        InputError: as for :func:`export_coding`.
    """
    kind = path.suffix.lower()
    if kind == ".qdc":
        return codebook_bytes(library.load_codes()), None
    if kind == ".qdpx":
        units = library.load_coding_units()
        return project_bytes(units, library.load_codes(), load_coded_articles(library, units))
    if kind == ".csv":
        return codings_csv(library), None
    raise InputError(f"{path.name}: name the file .qdc (codebook), .qdpx (project) or .csv (codings)")


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
