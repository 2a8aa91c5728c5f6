"""What a person gives the Add page: files kept on disk until they are read, links, a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crosslingual.errors import InputError, one_line
from crosslingual.readers import File, Problem, Record
from crosslingual.readers.record import build_record, clean_text
from crosslingual.serve.uploads import MAX_LINKS, TemporaryFolder, store_upload
from crosslingual.sources import web_link

PASTED_TEXT, PASTED_LINKS = Path("pasted text"), Path("pasted links")


class Upload(Protocol):
    """A file as the browser sends it."""

    @property
    def name(self) -> str:
        """What the browser calls it."""

    def getbuffer(self) -> memoryview:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class AddInputs:
    """Files, addresses and records to be added; ``folder`` holds the files for as long as this is kept.

    ``default_source`` is whose what the addresses give is, where it does not say so itself.
    """

    files: tuple[File, ...] = ()
    urls: tuple[str, ...] = ()
    pasted: tuple[Record | Problem, ...] = ()
    default_source: str = ""
    folder: TemporaryFolder | None = field(default=None, compare=False)

    @property
    def display_paths(self) -> list[Path]:
        """What a batch of it is told by."""
        return [
            *(file.path for file in self.files),
            *map(Path, self.urls),
            *dict.fromkeys(item.path for item in self.pasted if isinstance(item, Record)),
        ]


def inputs_from_uploads(uploads: Iterable[Upload]) -> AddInputs:
    """Files from the browser, put on disk: an archive is then read piece by piece.

    Raises:
        InputError: there is none, or the disk is full.
    """
    try:
        folder = TemporaryFolder()
        files = tuple(
            store_upload(upload.name, [upload.getbuffer()], folder.path / str(number))
            for number, upload in enumerate(uploads)
        )
    except OSError as error:
        raise InputError(
            f"the files cannot be kept while they are read ({error.strerror}); free some space"
        ) from None
    if not files:
        raise InputError("no file; drop some, or choose them")
    return AddInputs(files=files, folder=folder)


def inputs_from_links(text: str) -> AddInputs:
    """The addresses in ``text``, one a line or with spaces between; what is none holds up nothing.

    Raises:
        InputError: there is none, or too many.
    """
    if not text.split():
        raise InputError("no link; paste one a line, each with https://")
    urls: dict[str, None] = {}
    wrong: list[Problem] = []
    for number, written in enumerate(text.splitlines(), 1):
        words = written.split()
        links = [*map(web_link, words)]
        if all(links):
            urls |= dict.fromkeys(links)
        else:
            shown = one_line(clean_text(written), 80)
            wrong.append(
                Problem(PASTED_LINKS, number, f"“{shown}” is no address of the web; write it with https://")
            )
    if not urls:
        raise InputError(wrong[0].message)
    if len(urls) > MAX_LINKS:
        raise InputError(f"{len(urls):,} links; give {MAX_LINKS} at most at a time")
    return AddInputs(urls=tuple(urls), pasted=tuple(wrong))


def inputs_from_text(fields: Mapping[str, str]) -> AddInputs:
    """A text that was pasted, with what is known of it; ``fields`` are those of a record.

    Raises:
        InputError: there is no text, or a field cannot be used.
    """
    if not fields.get("text", "").strip():
        raise InputError("no text; paste the article's")
    record, wrong = check_fields(fields, PASTED_TEXT, 0)
    if wrong or record is None:
        raise InputError(wrong)
    return AddInputs(pasted=(record,))


def check_fields(fields: Mapping[str, str], path: Path, line: int) -> tuple[Record | None, str]:
    """The record in what a person wrote into its fields, or why it is none."""
    items: Iterator[Record | Problem] = build_record(fields, path, line)
    record: Record | None = None
    for item in items:
        if isinstance(item, Problem):
            return None, _simplify_message(item.message)
        record = item
    return record, ""


def _simplify_message(message: str) -> str:
    return message.replace('"', "").replace("went in without: write it as", "write it as")
