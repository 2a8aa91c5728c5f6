"""What a person gives the Add page: files kept on disk until they are read, links, a text."""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from crosslingual.errors import InputError, one_line
from crosslingual.ingest import File, Problem, Record
from crosslingual.ingest.columns import any_date
from crosslingual.ingest.record import clean, read_record
from crosslingual.sources import web_link

MOST_LINKS = 200
MAX_NAME = 120
"""Characters of a file's name, as it is shown."""
PASTED, LINKS = Path("pasted text"), Path("pasted links")

_SEPARATORS = re.compile(r"[/\\]+")


class Upload(Protocol):
    """A file as the browser sends it."""

    @property
    def name(self) -> str:
        """What the browser calls it."""

    def getbuffer(self) -> memoryview:
        """Its bytes."""


class Folder:
    """A folder that is there for as long as this is."""

    def __init__(self) -> None:
        """Make it.

        Raises:
            OSError: the disk is full.
        """
        self.path = Path(mkdtemp(prefix="crosslingual-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Given:
    """Files, addresses and records to be added; ``folder`` holds the files for as long as this is kept.

    ``source`` is whose what the addresses give is, where it does not say so itself.
    """

    files: tuple[File, ...] = ()
    urls: tuple[str, ...] = ()
    pasted: tuple[Record | Problem, ...] = ()
    source: str = ""
    folder: Folder | None = field(default=None, compare=False)

    @property
    def names(self) -> list[Path]:
        """What a batch of it is told by."""
        return [
            *(file.path for file in self.files),
            *map(Path, self.urls),
            *dict.fromkeys(item.path for item in self.pasted if isinstance(item, Record)),
        ]


def uploaded(uploads: Iterable[Upload]) -> Given:
    """Files from the browser, put on disk: an archive is then read piece by piece.

    Raises:
        InputError: there is none, or the disk is full.
    """
    try:
        folder = Folder()
        files = tuple(_kept(upload, folder.path / str(n)) for n, upload in enumerate(uploads))
    except OSError as error:
        raise InputError(
            f"the files cannot be kept while they are read ({error.strerror}); free some space"
        ) from None
    if not files:
        raise InputError("no file; drop some, or choose them")
    return Given(files=files, folder=folder)


def _kept(upload: Upload, place: Path) -> File:
    place.write_bytes(upload.getbuffer())
    return File(Path(shown_name(upload.name)), place=place)


def shown_name(name: str) -> str:
    """A file's name on one line, without folders and what turns its direction; its end tells the format."""
    return " ".join(clean(_SEPARATORS.sub("_", name)).split())[-MAX_NAME:] or "unnamed"


def linked(text: str) -> Given:
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
        if all(map(web_link, words)):
            urls |= dict.fromkeys(words)
        else:
            shown = one_line(clean(written), 80)
            wrong.append(
                Problem(LINKS, number, f"“{shown}” is no address of the web; write it with https://")
            )
    if not urls:
        raise InputError(wrong[0].message)
    if len(urls) > MOST_LINKS:
        raise InputError(f"{len(urls):,} links; give {MOST_LINKS} at most at a time")
    return Given(urls=tuple(urls), pasted=tuple(wrong))


def pasted(fields: Mapping[str, str]) -> Given:
    """A text that was pasted, with what is known of it; ``fields`` are those of a record.

    Raises:
        InputError: there is no text, or a field cannot be used.
    """
    if not fields.get("text", "").strip():
        raise InputError("no text; paste the article's")
    record, wrong = checked(fields, PASTED, 0)
    if wrong or record is None:
        raise InputError(wrong)
    return Given(pasted=(record,))


def checked(fields: Mapping[str, str], path: Path, line: int) -> tuple[Record | None, str]:
    """The record in what a person wrote into its fields, or why it is none."""
    said = fields.get("date", "").strip()
    dated = {**fields, "date": any_date(said) or said}
    items: Iterator[Record | Problem] = read_record(dated, path, line)
    record: Record | None = None
    for item in items:
        if isinstance(item, Problem):
            return None, _plainer(item.message)
        record = item
    return record, ""


def _plainer(message: str) -> str:
    return message.replace('"', "").replace("went in without: write it as", "write it as")
