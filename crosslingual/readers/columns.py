"""Which column of a table, or key of an object, holds which field: guessed, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

from babel import Locale

from crosslingual.errors import InputError
from crosslingual.language.codes import language_code
from crosslingual.language.detect import NEWS_LANGUAGES
from crosslingual.readers.html import html_to_text
from crosslingual.readers.record import (
    MAX_TEXT_CHARS,
    RECORD_FIELDS,
    Problem,
    Record,
    build_record,
    parse_iso_date,
)

COLUMN_NAMES: dict[str, str] = {
    "text": """
        text body content article articletext articlebody fulltext maintext bodytext
        story plaintext 正文 内容 全文 文章 內容 文本 текст содержание статья полныйтекст зміст
        стаття inhalt artikel volltext texte contenu corps texto cuerpo contenido testo
        content.rendered contenthtml bodyhtml description summary
    """,
    "title": """
        title headline heading head subject 标题 題目 标题名 標題 题目 заголовок название назва
        тема titel überschrift schlagzeile titre titulo título titolo title.rendered
    """,
    "date": """
        date published publishdate pubdate publicationdate datepublished publishedat
        publicationtime created createdat timestamp datetime time day 日期 时间 時間 发布时间 发布日期
        發布時間 发表时间 дата датапубликации времяпубликации время датапублікації datum
        veröffentlicht erscheinungsdatum datedepublication fecha data
    """,
    "source": """
        source outlet publisher media newspaper sitename site domain publication channel
        来源 媒体 來源 媒體 网站 报纸 источник издание сми сайт джерело видання quelle medium
        zeitung herausgeber média journal fuente medio
    """,
    "author": """
        author authors byline writer creator by journalist reporter 作者 记者 記者 автор
        авторы автори autor autorin verfasser auteur auteurs author.name
    """,
    "url": """
        url link href uri permalink canonical address weburl sourceurl articleurl 链接 网址
        鏈接 連結 ссылка адрес посилання adresse lien enlace
    """,
    "lang": """
        lang language languagecode locale 语言 語言 язык мова sprache langue idioma
    """,
}
"""Names of columns by the field that they stand for, the surest first."""

SAMPLE_ROWS = 50
"""Rows that a guess is made from."""

_NOT_LETTERS = re.compile(r"[\W_]+")
_URL = re.compile(r"https?://\S+")
_TAGS = re.compile(r"<(p|br|div|span|a|h[1-6]|strong|em|ul|li|img)\b[^<>]*>", re.IGNORECASE)
_NUMERIC_DATE = re.compile(
    r"(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)\S*)?"
)
_DAY_FIRST_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}:\d{2}(?::\d{2})?))?")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The column of each field, empty where there is none.

    ``unsure`` are fields whose column was guessed from what it holds: a person should look at them.
    """

    text: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""
    url: str = ""
    lang: str = ""
    unsure: tuple[str, ...] = ()

    def column_pairs(self) -> tuple[tuple[str, str], ...]:
        """Fields with their columns, as ``File.columns`` takes them."""
        return tuple((name, column) for name in RECORD_FIELDS if (column := getattr(self, name)))


def guess_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ColumnMapping:
    """The most likely mapping of a table's columns, by their names in several languages, then by content.

    Args:
        header: the columns' names, each once.
        rows: some rows, with as many cells as the header has, or fewer.
    """
    found = _columns_by_name(header)
    free = [name for name in header if name not in found.values()]
    cells = {
        name: [row[place] for row in rows[:SAMPLE_ROWS] if place < len(row) and row[place].strip()]
        for place, name in enumerate(header)
    }
    unsure: list[str] = []
    for field, fits in (("text", _is_text), ("url", _is_url), ("date", _is_date), ("title", _is_title)):
        if field in found:
            continue
        fitting = [name for name in free if cells[name] and fits(cells[name])]
        if fitting:
            found[field] = max(fitting, key=lambda name: _mean_length(cells[name]))
            free.remove(found[field])
            unsure.append(field)
    return ColumnMapping(**found, unsure=tuple(unsure))


def override_columns(
    pairs: Sequence[tuple[str, str]], header: Sequence[str], guessed: ColumnMapping
) -> ColumnMapping:
    """``guessed`` with what the user has said about columns put in its place.

    Raises:
        InputError: a field or a column that there is not.
    """
    for field, column in pairs:
        if field not in COLUMN_NAMES:
            raise InputError(f"no field {field!r}; fields are {', '.join(COLUMN_NAMES)}")
        if column not in header:
            raise InputError(f"no column {column[:60]!r}; there are {', '.join(header)[:300]}")
    said = {column for _, column in pairs}
    fields = {
        field: "" if getattr(guessed, field) in said else getattr(guessed, field) for field in COLUMN_NAMES
    }
    unsure = tuple(field for field in guessed.unsure if field not in dict(pairs))
    return replace(guessed, **(fields | dict(pairs)), unsure=unsure)


def parse_column_pairs(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the user says about columns, ``text=body``, as ``File.columns`` takes it.

    Raises:
        InputError: a word that says nothing of the kind.
    """
    pairs = []
    for word in words:
        field, sign, column = word.partition("=")
        if not sign or field not in COLUMN_NAMES or not column:
            raise InputError(
                f"column {word[:60]!r}: write FIELD=NAME, where FIELD is one of {', '.join(COLUMN_NAMES)}"
            )
        pairs.append((field, column))
    return tuple(pairs)


def build_row_record(
    path: Path, line: int, cells: dict[str, str], mapping: ColumnMapping
) -> Iterator[Record | Problem]:
    """The record in a row or object; HTML becomes lines, and any date that is unmistakable is read."""
    fields = {name: cells.get(column, "") for name, column in mapping.column_pairs()}
    for name in ("text", "title", "author"):
        if _TAGS.search(fields.get(name, "")[:MAX_TEXT_CHARS]):
            fields[name] = html_to_text(fields[name])
    if said := fields.get("date", ""):
        fields["date"] = parse_any_date(said) or said
    if said := fields.get("lang", ""):
        told = language_code(said) or language_code_by_name(said)
        fields["lang"] = told or said
    yield from build_record(fields, path, line, keyed=True)


def parse_any_date(text: str) -> str:
    """A date in ISO 8601, or empty where ``text`` is none, or could be two (``05/06/2024``)."""
    text = text.strip()
    if found := parse_iso_date(text):
        return found
    if match := _NUMERIC_DATE.fullmatch(text):
        year, month, day, time = match.groups()
    elif match := _DAY_FIRST_DATE.fullmatch(text):
        day, month, year, time = match.groups()
    else:
        try:
            return parsedate_to_datetime(text[:100]).isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            return ""
    try:
        found = date(int(year), int(month), int(day)).isoformat()
        return datetime.fromisoformat(f"{found}T{time:0>5}").isoformat() if time else found
    except ValueError:
        return ""


def language_code_by_name(name: str) -> str:
    """The ISO 639-1 code of a language called by its name in English, or in itself; else empty."""
    return _language_codes_by_name().get(name.strip().casefold(), "")


@cache
def _language_codes_by_name() -> dict[str, str]:
    english = Locale("en").languages
    found: dict[str, str] = {}
    for code in sorted(NEWS_LANGUAGES):
        found[english[code].casefold()] = code
        found[str(Locale.parse(code).display_name).casefold()] = code
    return found


def _columns_by_name(header: Sequence[str]) -> dict[str, str]:
    """Columns by field where the name says it: the surest name that is there wins."""
    plain_names = {_normalize_name(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for field, names in COLUMN_NAMES.items():
        for name in names.split():
            column = plain_names.get(_normalize_name(name))
            if column is not None and column not in found.values():
                found[field] = column
                break
    return found


def _normalize_name(name: str) -> str:
    return _NOT_LETTERS.sub("", name.casefold())


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells)


def _is_text(cells: Sequence[str]) -> bool:
    return _mean_length(cells) >= 80 and not _is_url(cells)


def _is_title(cells: Sequence[str]) -> bool:
    letters = sum(char.isalpha() for cell in cells for char in cell)
    return 8 <= _mean_length(cells) < 200 and letters > 0.6 * sum(map(len, cells)) and not _is_url(cells)


def _is_url(cells: Sequence[str]) -> bool:
    return sum(bool(_URL.fullmatch(cell.strip())) for cell in cells) > 0.8 * len(cells)


def _is_date(cells: Sequence[str]) -> bool:
    return sum(bool(parse_any_date(cell)) for cell in cells) > 0.8 * len(cells)
