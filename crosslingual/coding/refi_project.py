"""Projects in REFI-QDA 1.5 (``.qdpx``): articles as plain text, codes, coded selections, coders, memos.

https://www.qdasoftware.org, section 5.3 of the standard: namespace ``urn:QDA-XML:project:1.0``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement

from crosslingual import __version__
from crosslingual.coding.adjudication import code_articles
from crosslingual.coding.refi_codebook import add_code_elements, xml_bytes
from crosslingual.errors import InputError
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import CodingUnit, Passage, is_intact
from crosslingual.types import Article

NAMESPACE = "urn:QDA-XML:project:1.0"
PROJECT_FILE, SOURCES_FOLDER = "project.qde", "sources"
ADJUDICATED = "adjudicated"
"""The name of the user whose codings are what was decided."""
_DECISIONS = ""
"""In place of a coder, who has a name."""
_OWN_SPACE = UUID("4d7b3c52-8f0e-4a3b-9b1e-2c6a5d0e7f41")
_MAX_NAME_CHARS = 60
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same project is the same file


@dataclass(frozen=True, slots=True)
class ExportedProject:
    """How many codings, of how many articles, are in a project; ``n_gone`` passages are not there any more."""

    n_codings: int
    n_articles: int
    n_gone: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A code on a passage, by a user, with a memo."""

    guid: str
    passage: Passage
    code: str
    user: str
    created_at: str
    memo: str


@dataclass(slots=True)
class _Marks:
    found: list[_Mark] = field(default_factory=list)
    n_gone: int = 0


def can_be_exported(
    units: Iterable[CodingUnit], codes: Iterable[Code], articles: Mapping[str, Article]
) -> bool:
    """Whether a project would have any coding in it."""
    return bool(_list_marks(units, {code.id for code in codes}, articles).found)


def project_bytes(
    units: Iterable[CodingUnit], codes: Sequence[Code], articles: Mapping[str, Article]
) -> tuple[bytes, ExportedProject]:
    """What was coded as a ``.qdpx`` file, and what is in it; the articles of ``units`` that are there go in whole.

    Raises:
        InputError: there are no codes or no codings.
    """
    marks = _list_marks(units, {code.id for code in codes}, articles)
    if not marks.found:
        raise InputError("nothing is coded yet; code something with: crosslingual code apply")
    used = [articles[id_] for id_ in sorted({one.passage.article for one in marks.found})]
    root = _build_project(marks.found, codes, used)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        _write_entry(archive, PROJECT_FILE, xml_bytes(root))
        for article in used:
            entry = f"{SOURCES_FOLDER}/{_make_guid('article', article.id)}.txt"
            _write_entry(archive, entry, article.text.encode(errors="replace"))
    return content.getvalue(), ExportedProject(len(marks.found), len(used), marks.n_gone)


def _list_marks(units: Iterable[CodingUnit], codes: set[str], articles: Mapping[str, Article]) -> _Marks:
    marks = _Marks()
    for unit in units:
        passages = [*dict.fromkeys(unit.passages)]
        here = [
            one for one in passages if one.article in articles and is_intact(one, articles[one.article].text)
        ]
        if unit.codings or unit.decision:
            marks.n_gone += len(passages) - len(here)
        for coding in unit.codings:
            for passage in _parts_within(coding.passage, here) if coding.passage else here:
                if coding.code in codes:
                    guid = _make_guid(coding.id, *_place_words(passage))
                    marks.found.append(
                        _Mark(guid, passage, coding.code, coding.coder, coding.created_at, coding.memo)
                    )
        if made := unit.decision:
            for code in sorted(made.codes & codes):
                carriers = code_articles(unit, code)
                for passage in here:
                    if passage.article in carriers:
                        guid = _make_guid(unit.id, code, *_place_words(passage))
                        marks.found.append(_Mark(guid, passage, code, _DECISIONS, made.created_at, made.memo))
    return marks


def _parts_within(part: Passage, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """``part``, if it stands in one of ``passages``."""
    is_there = any(
        one.article == part.article and one.start <= part.start < part.end <= one.end for one in passages
    )
    return (part,) if is_there else ()


def _build_project(marks: Sequence[_Mark], codes: Sequence[Code], articles: Sequence[Article]) -> Element:
    users = list(dict.fromkeys(one.user for one in marks))
    root = Element(
        "Project",
        {
            "xmlns": NAMESPACE,
            "name": "crosslingual",
            "origin": f"crosslingual {__version__}",
            "creatingUserGUID": _user_guid(users[0]),
            "creationDateTime": min(one.created_at for one in marks),
        },
    )
    people = SubElement(root, "Users")
    for user in users:
        SubElement(people, "User", {"guid": _user_guid(user), "name": user or ADJUDICATED})
    add_code_elements(SubElement(root, "CodeBook"), codes)
    sources = SubElement(root, "Sources")
    by_article: dict[str, list[_Mark]] = {}
    for one in marks:
        by_article.setdefault(one.passage.article, []).append(one)
    for article in articles:
        _add_source(sources, article, by_article[article.id])
    notes = [one for one in marks if one.memo]
    if notes:
        _add_notes(SubElement(root, "Notes"), notes)
    return root


def _add_source(sources: Element, article: Article, marks: Sequence[_Mark]) -> None:
    guid = _make_guid("article", article.id)
    element = SubElement(
        sources,
        "TextSource",
        {
            "guid": guid,
            "name": f"{article.source}: {article.title or article.id}",
            "plainTextPath": f"internal://{guid}.txt",
        },
    )
    told = {"article": article.id, "language": article.lang, "date": article.date, "link": article.url}
    SubElement(element, "Description").text = "\n".join(
        f"{key}: {value}" for key, value in told.items() if value
    )
    by_passage: dict[Passage, list[_Mark]] = {}
    for one in sorted(marks, key=lambda one: one.passage):
        by_passage.setdefault(one.passage, []).append(one)
    for passage, own in by_passage.items():
        _add_selection(element, article, passage, own)


def _add_selection(source: Element, article: Article, passage: Passage, marks: Sequence[_Mark]) -> None:
    first = marks[0]
    selection = SubElement(
        source,
        "PlainTextSelection",
        {
            "guid": _make_guid("selection", *_place_words(passage)),
            "name": " ".join(article.text[passage.start : passage.end].split())[:_MAX_NAME_CHARS],
            "startPosition": str(passage.start),
            "endPosition": str(passage.end),
            "creatingUser": _user_guid(first.user),
            "creationDateTime": first.created_at,
        },
    )
    for one in marks:
        coding = SubElement(
            selection,
            "Coding",
            {
                "guid": one.guid,
                "creatingUser": _user_guid(one.user),
                "creationDateTime": one.created_at,
            },
        )
        SubElement(coding, "CodeRef", {"targetGUID": one.code})
        if one.memo:
            SubElement(coding, "NoteRef", {"targetGUID": _make_guid("note", one.guid)})


def _add_notes(notes: Element, marks: Iterable[_Mark]) -> None:
    for one in marks:
        note = SubElement(
            notes,
            "Note",
            {
                "guid": _make_guid("note", one.guid),
                "name": " ".join(one.memo.split())[:_MAX_NAME_CHARS],
                "creatingUser": _user_guid(one.user),
                "creationDateTime": one.created_at,
            },
        )
        SubElement(note, "PlainTextContent").text = one.memo


def _write_entry(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _user_guid(user: str) -> str:
    """A coder may well be called as what was decided is."""
    return _make_guid("user", user) if user else _make_guid("decisions")


def _place_words(passage: Passage) -> tuple[str, ...]:
    return passage.article, str(passage.start), str(passage.end)


def _make_guid(*words: str) -> str:
    return str(uuid5(_OWN_SPACE, "\0".join(words)))
