"""What a report of an event is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosslingual.api.corpus import CorpusScope
from crosslingual.check.session import measure_event
from crosslingual.errors import InputError
from crosslingual.files import atomic_write
from crosslingual.framing.axes import score_axes
from crosslingual.framing.cells import collect_cells, load_cell_vectors
from crosslingual.report.axes import poles_rows
from crosslingual.report.build import event_beads, report_files, report_metadata, table_files
from crosslingual.report.coding import coded_object
from crosslingual.report.corpus import dictionary_rows
from crosslingual.report.documents import make_document
from crosslingual.report.originals import original_files
from crosslingual.report.tables import score_rows
from crosslingual.types import Event

if TYPE_CHECKING:
    from crosslingual.api import Library


@dataclass(frozen=True, slots=True)
class ReportParts:
    """A report of ``event`` that is not written yet: ``files`` by their paths, and what its manifest says of it."""

    event: Event
    files: Mapping[str, bytes]
    metadata: Mapping[str, Any]


def build_report(
    library: Library,
    event: Event | str,
    threshold: float | None,
    dictionary: str | Path | None = None,
    axes: str | Path | None = None,
    *,
    originals: bool = False,
) -> ReportParts:
    """The report of ``event``; arguments and errors as of :meth:`crosslingual.api.Library.report`."""
    own_axes = (
        None if axes is None else library.corpus.fit_axes(axes)
    )  # a bad file, before the event is compared
    comparison = library.compare(event, threshold=threshold)
    own_tables = {}
    if dictionary is not None:
        counted = library.corpus.count_dictionary(dictionary, CorpusScope(event=comparison.event.id))
        own_tables["dictionary"] = dictionary_rows(counted)
    if own_axes is not None:
        cells = collect_cells(comparison)
        vectors = load_cell_vectors(library.store, library.space, cells)
        own_tables["own_axes"] = score_rows(score_axes(cells, vectors, own_axes.model))
        own_tables["own_axes_poles"] = poles_rows(own_axes)
    framing = library.framing(comparison)
    beads = event_beads(library.store, library.space, comparison)
    citations = library.event_citations(comparison)
    checked = measure_event(library.store, library.space, comparison.event.id)
    coded = coded_object(library.store, comparison)
    about = report_metadata(comparison, library.settings, checked, coded)
    files = report_files(comparison, framing, beads, about, citations) | table_files(own_tables)
    if originals:
        kept = library.store.list_originals(comparison.event.articles)
        parts = original_files(library.store.read_originals(kept))
        files |= {f"originals/{name}": content for name, content in parts.items()}
    return ReportParts(comparison.event, files, about)


def write_document(parts: ReportParts, path: Path) -> None:
    """Write a report as the one file that the suffix of ``path`` asks for; it appears whole.

    Raises:
        InputError: it cannot be written, or no browser is there to print a PDF.
        MissingExtraError: the extra ``documents`` is not installed.
    """
    content = make_document(path.suffix.lower(), parts.files)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as unfinished:
            unfinished.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
