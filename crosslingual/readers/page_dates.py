"""When a page was published: by its metadata, its address, what it shows; never when it was changed or saved."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from crosslingual.language.dates import DateReading, read_date
from crosslingual.readers.column_names import normalize_name
from crosslingual.readers.dates import only_order, shown_order
from crosslingual.readers.json_ld import JsonLdScript

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED_NAMES = frozenset(
    name
    for line in (
        "articlepublished articlepublishedtime articlepublisheddate articlefirstpublished bodatepublished btpubdate",
        "citationdate citationpublicationdate cxenseparsepublishtime cxenseparserecspublishtime datepublished",
        "dcdateissued dctermsissued dcsextarticlefirstpublished firstpublished iso8601publishdate",
        "ogarticlepublishedtime ogpubdate ogpublishedtime ogreleasedate originalpublicationdate",
        "prismpublicationdate pubdate publicationdate publishdate published publisheddate publishedtime publishtime",
        "mediatorpublishedtime parselypubdate rnewsdatepublished sailthrudate shareaholicarticlepublishedtime",
    )
    for name in line.split()
)
_CREATED_NAMES = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "article", "dc", "dcterms", "display")
    for name in ("created", "date", "datecreated")
)
_ARTICLE_TYPES = ("article", "posting", "report", "review", "story", "webpage")
_JSON_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"\\]{6,60})"')
_DATE_CLASS = re.compile(
    r"dat[eum]|time|publ|post|byline|stamp|infos?\b|meta|created|дата|时间", re.IGNORECASE
)
_DATE_TAGS = ("time", "span", "div", "p", "li", "abbr", "b", "em", "i", "small", "font")
_CHANGED = re.compile("updat|modif|aktualis|stand:|mis à jour|actualiz|обновл|оновл|更新", re.IGNORECASE)
_URL_DATE = re.compile(
    r"[/_.=-]((?:19|20)\d{2})(?:([/_-])(\d{1,2})\2(\d{1,2})(?=[/_.-]|$)|/?(\d{2})(\d{2})(?=[/_.-]|$))"
)
_MAX_PIECES = 400  # texts of a page that are looked at
_MAX_PIECE_CHARS = 160
_LINE_LENGTHS = range(6, _MAX_PIECE_CHARS + 1)
_MAX_TEXT_NODES = 40  # of an element that is looked at
_MAX_OTHER_DAYS = 3
_MAX_DATE_WORDS = 8
_MAX_WORDS = 30
_MAX_JSON_VALUES = 20_000


@dataclass(frozen=True, slots=True)
class PageDate:
    """``text`` is the day in ISO 8601, or as it is written where it cannot be told; ``others`` are further days.

    ``others`` is empty unless the page names several days with the same right.
    """

    text: str = ""
    others: tuple[str, ...] = ()


def find_page_date(tree: HtmlElement, url: str, json_ld: Iterable[JsonLdScript]) -> PageDate:
    """When a page was published, as far as it says so.

    Args:
        tree: the page, its scripts included.
        url: its address, or empty.
        json_ld: its JSON-LD, as ``list_json_ld`` gives it.
    """
    return _PageDates(tree, url, json_ld).find_date()


class _PageDates:
    """The dates of one page, by where they stand."""

    def __init__(self, tree: HtmlElement, url: str, json_ld: Iterable[JsonLdScript]) -> None:
        self._tree = tree
        self._json_ld = json_ld
        self._lang = (tree.get("lang") or "")[:2].lower()
        canonical = tree.find('.//link[@rel="canonical"]')
        named = [url, canonical.get("href") or "" if canonical is not None else ""]
        self._url_date = next(filter(None, map(date_in_url, named)), "")

    def find_date(self) -> PageDate:
        published, created = self._list_published(), self._list_meta(_CREATED_NAMES)
        readings = [(text, read_date(text, self._lang)) for text in published]
        doubtful = next((text for text, _ in readings), "")
        if found := self._pick_first(readings):
            return found
        readings = [(text, read_date(text, self._lang)) for text in created]
        if found := self._pick_first(readings):
            return PageDate(found.text)
        if self._url_date:
            return PageDate(self._url_date)
        if found := self._pick_first(self._shown):
            return found
        return PageDate(doubtful or next((text for text, _ in [*readings, *self._shown]), ""))

    def _pick_first(self, readings: Sequence[tuple[str, DateReading]]) -> PageDate | None:
        """The first date that can be told, with the days among the others that are not near it."""
        found = [iso for _, reading in readings if (iso := self._resolve(reading))]
        if not found:
            return None
        first = date.fromisoformat(found[0][:10])
        days = dict.fromkeys(iso[:10] for iso in found)
        far = [day for day in days if abs((date.fromisoformat(day) - first).days) > 1]
        return PageDate(found[0][:10], tuple(far[:_MAX_OTHER_DAYS]))

    def _list_meta(self, names: frozenset[str]) -> Iterator[str]:
        for element in self._tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            said = (element.get("content") or element.get("datetime") or "").strip()
            if said and normalize_name(name) in names:
                yield said

    def _list_published(self) -> Iterator[str]:
        """What the page says of its publication where readers do not see it, the surest first."""
        yield from self._list_meta(_PUBLISHED_NAMES)
        for script in self._json_ld:
            yield from _json_ld_dates(script)
        for element in self._tree.iter("time", "span", "div", "p", "abbr"):
            if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
                yield from _element_texts(element)

    @cached_property
    def _shown(self) -> list[tuple[str, DateReading]]:
        """The dates that readers see, with how they are read: those in places for dates, else those on own lines."""
        places = (element for element in self._tree.iter(*_DATE_TAGS) if _is_date_place(element))
        pieces = (text for element in islice(places, _MAX_PIECES) for text in _element_texts(element))
        found = [pair for text in pieces if (pair := _find_in_text(text, self._lang))]
        if found:
            return found
        lines = (" ".join(text.split()) for text in self._tree.itertext() if _LINE_LENGTHS.start < len(text))
        dated = (line for line in lines if len(line) in _LINE_LENGTHS and any(map(str.isdigit, line)))
        return [pair for line in islice(dated, _MAX_PIECES) if (pair := _read_whole(line, self._lang))]

    def _resolve(self, reading: DateReading) -> str:
        """The date, where all that the page shows leaves but one."""
        if len(reading.candidates) < 2:
            return reading.resolve()
        others = {one.resolve()[:10] for _, one in self._shown} | {self._url_date}
        named = [one for one in reading.candidates if one[:10] in others]
        if len(named) == 1:
            return named[0]
        orders = {order for _, one in self._shown if (order := shown_order(one))}
        return reading.resolve(only_order(orders))


def date_in_url(url: str) -> str:
    """The day that an address names in full, in ISO 8601: ``/2024/05/16/``, ``/20240516/``; else empty."""
    for match in _URL_DATE.finditer(url[:2_000]):
        year, _, month, day, month2, day2 = match.groups()
        if found := read_date(f"{year}-{int(month or month2):02}-{int(day or day2):02}").resolve():
            return found
    return ""


def _is_date_place(element: HtmlElement) -> bool:
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (element.tag == "time" or bool(_DATE_CLASS.search(marks))) and not _CHANGED.search(marks)


def _read_whole(line: str, lang: str) -> tuple[str, DateReading] | None:
    reading = read_date(line, lang)
    return (line, reading) if reading.candidates and not line.isdigit() else None


def _element_texts(element: HtmlElement) -> Iterator[str]:
    for name in ("datetime", "content", "title"):
        if said := (element.get(name) or "").strip():
            yield said[:_MAX_PIECE_CHARS]
    pieces = islice(element.itertext(), _MAX_TEXT_NODES)
    text = " ".join("".join(piece[: 2 * _MAX_PIECE_CHARS] for piece in pieces).split())
    if len(text) in _LINE_LENGTHS and not _CHANGED.search(text):
        yield text


def _find_in_text(text: str, lang: str) -> tuple[str, DateReading] | None:
    """The first date in a short text, as it is written and read: the longest run of words that is one."""
    words = text.split()[:_MAX_WORDS]
    for start in range(len(words)):
        for end in range(min(len(words), start + _MAX_DATE_WORDS), start, -1):
            piece = " ".join(words[start:end]).strip(" |•·–—-:;,()[]")
            if any(map(str.isdigit, piece)) and not piece.isdigit():
                reading = read_date(piece, lang)
                if reading.candidates:
                    return piece, reading
    return None


def _json_ld_dates(script: JsonLdScript) -> Iterator[str]:
    """When the articles that a script describes were published; what is beside them does not count."""
    if script.value is None:
        yield from (match[1] for match in islice(_JSON_DATE.finditer(script.text), 1))
        return
    waiting: deque[Any] = deque([script.value])
    for _ in range(_MAX_JSON_VALUES):
        if not waiting:
            return
        item = waiting.popleft()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            said = item.get("datePublished")
            if isinstance(said, str) and str(item.get("@type")).lower().strip("[]'").endswith(_ARTICLE_TYPES):
                yield said
            waiting += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]
