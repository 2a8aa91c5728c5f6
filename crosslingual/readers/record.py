"""What readers give: records as their files state them, made clean, and problems in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crosslingual.language.codes import language_code
from crosslingual.language.scripts import CYRILLIC, HAN, HANGUL, KANA, LATIN
from crosslingual.readers.dates import DateReader
from crosslingual.readers.file import File
from crosslingual.sources import web_link

MAX_TEXT_CHARS = 1_000_000
"""Characters of an article's text."""
MAX_FIELD_CHARS = 2_000
"""Characters of any other field."""

RECORD_FIELDS = ("source", "lang", "date", "title", "url", "text", "author")

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, marks that make a text read otherwise than it is stored, and what parts words unseen: BOMs
# and spaces of no width inside a text, soft hyphens with the line that ends at them, joiners of no letters that join.
_INVISIBLE_CHARS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u180e\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
    "|\xad(?:[ \t]*\n[ \t]*(?=[^\\W\\d_]))?"
    f"|(?<=[{LATIN}\u0370-\u03ff{CYRILLIC}{KANA}{HAN}{HANGUL}])[\u200c\u200d]+"
)
_STRESS_MARKS = re.compile(f"(?<=[{CYRILLIC}])[\u0300\u0301]+")
DAMAGED_CHAR = "\N{REPLACEMENT CHARACTER}"
"""What stands for a character that was unreadable."""
# What only a font of its own shows: by itself a bullet or an icon, in a word a letter that is lost.
_PRIVATE_CHARS = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_LONE_SIGNS = re.compile(rf"(?<!\S)[{_PRIVATE_CHARS}](?!\S)[^\S\n]*")
_PRIVATE_CHAR = re.compile(f"[{_PRIVATE_CHARS}]")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """An article as its file gives it; fields that it lacks are empty.

    ``text`` is clean, ``lang`` an ISO 639-1 code, ``date`` ISO 8601, ``url`` http or https;
    ``end`` is the offset in bytes behind it, 0 where the file is read as a whole. ``is_source_inferred`` is
    whether the source is only what a page calls its site: the user's word on outlets goes before it.
    ``is_date_doubtful`` is whether a flaw tells of its date. ``origin`` is the file that the user named, of an archive
    that and not its member.
    """

    path: Path
    line: int
    text: str
    source: str = ""
    lang: str = ""
    date: str = ""
    title: str = ""
    url: str = ""
    end: int = 0
    author: str = ""
    is_source_inferred: bool = False
    is_date_doubtful: bool = False
    origin: File | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be used; as a text one line. ``line`` counts from 1, 0 is the whole file.

    ``is_warning`` is whether the article is read all the same, without what is wrong.
    """

    path: Path
    line: int
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return "".join(
            char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in f"{place}: {self.message}"
        )


def clean_text(text: str) -> str:
    """``text`` with line feeds for line ends, letters composed (NFC), and without what no reader could see.

    Control characters, soft hyphens, spaces of no width, and bidirectional embeddings and overrides go; so
    do stress marks on Cyrillic letters, and signs for private use that stand by themselves, as bullets do. A
    lone surrogate, which no encoding can hold, and a sign for private use in a word become U+FFFD.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE_CHARS.sub("", _LINE_ENDS.sub("\n", text)))
    text = _PRIVATE_CHAR.sub(DAMAGED_CHAR, _LONE_SIGNS.sub("", _STRESS_MARKS.sub("", text)))
    return _SURROGATES.sub(DAMAGED_CHAR, text).strip()


def build_record(
    fields: Mapping[str, object],
    path: Path,
    line: int,
    *,
    keyed: bool = False,
    dates: DateReader | None = None,
) -> Iterator[Record | Problem]:
    """The record that ``fields`` state, after a problem for each of them that was left out.

    Fields of other names are ignored. Where there is no usable text there is no record; ``keyed`` is whether
    the file itself names its text by a key, ``dates`` reads the dates of a file of several. A source that is
    the address of an article is no outlet's name but the link.
    """
    texts: dict[str, str] = {}
    for name in RECORD_FIELDS:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            yield Problem(path, line, f'"{name}" is no text; put it in quotes')
            return
        texts[name] = clean_text(value or "")
        if len(texts[name]) > (limit := MAX_TEXT_CHARS if name == "text" else MAX_FIELD_CHARS):
            yield Problem(path, line, f'"{name}" has more than {limit:,} characters; split or shorten it')
            return
        if name != "text":
            texts[name] = " ".join(texts[name].split())
    texts["text"] = _remove_title_heading(texts["text"], texts["title"])
    if not any(char.isalnum() for char in texts["text"]):
        remedy = (
            '"text"; add the article\'s text under that key'
            if keyed
            else "text in it; put the article's there"
        )
        yield Problem(path, line, f"no {remedy}")
        return
    if texts["lang"]:
        given, texts["lang"] = texts["lang"], language_code(texts["lang"])
        if not texts["lang"]:
            yield Problem(path, line, f'"lang" is {given[:40]!r}; give an ISO 639-1 code such as zh, ru, en')
            return
    doubtful = bool(fields.get("is_date_doubtful"))
    if texts["date"]:
        outlet = outlet_key(texts["source"], texts["url"])
        found = (dates or DateReader()).find_date(texts["date"], texts["lang"], outlet)
        if found.doubt:
            message = f'"date" {found.doubt}; went in without: write it as 2024-05-16'
            yield Problem(path, line, message, is_warning=True)
            doubtful = True
        texts["date"] = found.iso
    texts |= _split_link(texts["source"], texts["url"])
    yield from _report_damage(texts, path, line)
    inferred = bool(fields.get("is_source_inferred") and texts["source"])
    flags = {"is_source_inferred": inferred, "is_date_doubtful": doubtful}
    yield Record(path, line, **texts, **flags)  # type: ignore[arg-type]  # RECORD_FIELDS are texts


def _split_link(source: str, url: str) -> dict[str, str]:
    """Outlet and link of a record: an article's address is no outlet's name, wherever it stands."""
    if named := web_link(source):
        parts = urlsplit(named)
        source, url = ("", url or named) if parts.path.strip("/") else (parts.hostname or "", url)
    return {"source": source, "url": web_link(url)}


def outlet_key(source: str, url: str) -> str:
    """What tells the outlets of a file apart: the name, or else the host of the address."""
    return " ".join(clean_text(source).split()).casefold() or url.split("://")[-1].split("/")[0]


def _report_damage(texts: Mapping[str, str], path: Path, line: int) -> Iterator[Problem]:
    """A flaw, where a field that is read has characters that stand for what was unreadable."""
    names = [name for name in ("title", "text", "author") if DAMAGED_CHAR in texts[name]]
    if names:
        count = sum(texts[name].count(DAMAGED_CHAR) for name in names)
        chars = f"{count:,} unreadable {'character' if count == 1 else 'characters'} ({DAMAGED_CHAR})"
        message = f"{' and '.join(names)} with {chars}; went in all the same: compare with the original"
        yield Problem(path, line, message, is_warning=True)


def _remove_title_heading(text: str, title: str) -> str:
    """``text`` without a first line that only repeats the title, as Markdown pages have it."""
    heading, _, rest = text.partition("\n")
    if title and heading.startswith("# ") and " ".join(heading[2:].split()) == title:
        return rest.lstrip()
    return text
