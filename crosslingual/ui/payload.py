"""What the browser is given of a comparison: plain values, every text once, links checked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from crosslingual.align.anchors import anchors, known_names
from crosslingual.copies import voices_of
from crosslingual.corrections import Named, Stroke, strokes
from crosslingual.doubts import words
from crosslingual.frame import Difference
from crosslingual.framing.cells import cells_of
from crosslingual.language.codes import country_name, language_name
from crosslingual.library import HAND, MEMORY
from crosslingual.report.sentences import PLAIN
from crosslingual.report.words import BY_HAND, UNLEARNED, WORDS, made_by
from crosslingual.sources import web_link
from crosslingual.statements import PERHAPS, SURE
from crosslingual.tuned import layers_for
from crosslingual.types import Article, Cell, Column, Comparison, Place, Source, Translation
from crosslingual.ui.gist import gist, sounds
from crosslingual.ui.rows import Rows, handled, language_of, parted

ABOUT = 160
"""Characters of what is said of a difference."""


class Reading(NamedTuple):
    """Whom the sentences of an article are shown to, and the names that they and others are known to hold."""

    reader: str
    names: frozenset[str]
    known: Mapping[str, str]


def payload(comparison: Comparison, reader: str) -> dict[str, Any]:
    """The comparison for ``assets/*.js``, in values that JSON has.

    Sentences stand in their articles; links and corrections point at them as ``[article, sentence]``, both
    counted from 0, rows by their numbers when the articles stand one after another. The browser takes of
    ``rows`` those of the threshold that is asked for; what is in none of them is an exclusive. ``marks`` are
    put in where they are asked for.
    """
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells_of(comparison):
        cells[cell.article].append(cell)
    told = [cells[article.id] for article in comparison.articles]
    columns = {column.source.id: number for number, column in enumerate(comparison.columns)}
    names = _names(comparison.articles, told)
    voices = voices_of(comparison.articles, comparison.copies)
    voiced = [columns[voices[article.id]] for article in comparison.articles]
    column_of = [columns[article.source] for article in comparison.articles]
    corrections = [_stroke(stroke, comparison, told) for stroke in strokes(comparison.corrections)]
    apart = list(parted(corrections))
    rows = Rows(comparison, told, column_of, voiced, apart, reader)
    known = sounds(
        (
            cell.text
            for article, own in zip(comparison.articles, told, strict=True)
            if article.lang == reader
            for cell in own
        ),
        reader,
    )
    return {
        "event": comparison.event.id,
        "reader": reader,
        "readerName": language_name(reader, reader),
        "encoder": comparison.encoder.partition("@")[0],
        "caution": "" if layers_for(comparison.encoder) else UNLEARNED,
        "columns": [
            _column(column, reader, language_of(number, comparison.articles, column_of))
            for number, column in enumerate(comparison.columns)
        ],
        "articles": [
            _article(article, own, columns[article.source], Reading(reader, names[article.lang], known))
            for article, own in zip(comparison.articles, told, strict=True)
        ],
        "threshold": comparison.threshold,
        "sure": SURE,
        "perhaps": PERHAPS,
        "words": [*WORDS],
        "byHand": BY_HAND,
        "rows": rows.all(),
        "of": len(set(voiced)),
        "links": [
            [*link.one, *link.other, round(link.probability, 4), round(link.score, 3)]
            for link in comparison.links
        ],
        "corrections": corrections,
        "parted": [[rows.node(one), rows.node(other)] for one, other in apart],
        "handled": sorted({rows.node(place) for place in handled(corrections)}),
        "translations": twins(comparison),
        # Whose word each article is, as a column: its own, of copies that of the first to appear.
        "voices": voiced,
        "marks": None,
    }


def marks(differences: Iterable[Difference], comparison: Comparison) -> list[list[Any]]:
    """Pairs of sentences held against each other, each with its spans: side, start, end, kind, about.

    A pair without a span stands there too: a word is without counterpart only where every pair says so.
    """
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}
    return [
        [
            *(number for side in (one.one, one.other) for number in (numbers[side.article], side.sentence)),
            [
                [span.side, *utf16((one.one, one.other)[span.side].text, span.start, span.end), span.kind]
                + ([] if span.kind in PLAIN else [span.about[:ABOUT]])
                for span in one.divergence.spans
            ],
        ]
        for one in differences
    ]


def utf16(text: str, *places: int) -> list[int]:
    """Places in ``text`` as a browser counts them: signs beyond the first plane are two units there."""
    return [len(text[:place].encode("utf-16-le", errors="surrogatepass")) // 2 for place in places]


def twins(comparison: Comparison) -> list[tuple[str, str]]:
    """Names of the sources whose articles are one text, each pair once."""
    names = {column.source.id: unmarked(column.source.name, column.source) for column in comparison.columns}
    of = {article.id: names[article.source] for article in comparison.articles}
    return list(dict.fromkeys((of[one], of[other]) for one, other in comparison.translations))


def _names(articles: Iterable[Article], told: Iterable[list[Cell]]) -> dict[str, frozenset[str]]:
    """For each language what its articles show to be names."""
    texts: dict[str, list[str]] = defaultdict(list)
    for article, own in zip(articles, told, strict=True):
        texts[article.lang] += [cell.text for cell in own]
    return {lang: known_names(own, lang) for lang, own in texts.items()}


def _stroke(stroke: Stroke, comparison: Comparison, told: list[list[Cell]]) -> dict[str, Any]:
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}

    def places(side: Iterable[Named]) -> list[Place]:
        return [
            (numbers[article], cell.sentence)
            for article, start in side
            if article in numbers
            for cell in told[numbers[article]]
            if cell.start <= start < cell.end
        ]

    return {
        "id": stroke.id,
        "kind": stroke.kind,
        "made": stroke.made,
        "one": places(stroke.one),
        "other": places(stroke.other),
    }


def _column(column: Column, reader: str, told_in: str) -> dict[str, Any]:
    source = column.source
    name, native = unmarked(source.name, source), unmarked(source.native_name, source)
    languages = ", ".join(language_name(code, reader) for code in source.languages)
    return {
        "id": source.id,
        "name": name,
        "native": native if native != name else "",
        "lang": source.languages[0] if source.languages else "",
        "toldIn": told_in,
        "toldInName": _capital(language_name(told_in, reader)),
        "languages": languages,
        "country": source.country.upper(),
        "countryName": country_name(source.country, reader) if source.country else "",
        "owner": ownership(source),
        "demo": source.demo,
        "articles": column.articles,
        "sentences": column.sentences,
    }


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _article(article: Article, told: list[Cell], column: int, reading: Reading) -> dict[str, Any]:
    ends = [0, *(cell.end for cell in told)]
    return {
        "id": article.id,
        "column": column,
        "lang": article.lang,
        "title": article.title,
        "date": date_text(article.date),
        "url": web_link(article.url),
        "sentences": [
            _sentence(cell, article.text[end : cell.start], reading)
            for end, cell in zip(ends, told, strict=False)
        ],
    }


def _sentence(cell: Cell, gap: str, reading: Reading) -> dict[str, Any]:
    reader, names = reading.reader, reading.names
    made = cell.translation if cell.translation and cell.translation.lang == reader != cell.lang else None
    shown: dict[str, Any] = {
        "text": cell.text,
        "lang": cell.lang,
        "translation": made.text if made else None,
        "paragraph": "\n" in gap,
        "start": cell.start,
        "anchors": [
            [anchor.key, anchor.text, anchor.weak] for anchor in anchors(cell.text, cell.lang, names)
        ],
    }
    if not made and cell.lang != reader:
        shown["gist"] = gist(cell.text, cell.lang, reader, reading.known, names)
    if made:
        shown |= {"engine": _engine(made), "by": _by(made), "hand": made.engine == HAND}
        if made.doubts:
            shown["doubts"] = [words(doubt) for doubt in made.doubts]
    return shown


def _engine(made: Translation) -> str:
    """Who or what translated, as short as a cell wants it."""
    return {HAND: "corrected by you", MEMORY: "translation memory"}.get(made.engine, made.engine)


def _by(made: Translation) -> str:
    """The same in full: ``translated by argostranslate (uk-ru 1.2, then ru-en 1.9)``."""
    if made.engine == HAND:
        return f"corrected by you on {date_text(made.version)}"
    if made.engine == MEMORY:
        return "translation memory"
    return f"translated by {made_by(made).replace(', ', ', then ')}"


def ownership(source: Source) -> str:
    """Ownership and kind in one phrase: ``state news agency``, ``private``."""
    owned = "" if source.ownership == "unknown" else source.ownership
    kind = source.kind.removeprefix(f"{owned} ") if owned else source.kind
    return " ".join(part for part in (owned, kind) if part)


def unmarked(name: str, source: Source) -> str:
    """The name without the mark of a demo source, which is shown as a chip beside it."""
    return re.sub(r"\s*[(（][^()（）]*[)）]$", "", name) if source.demo else name


def names_of(sources: Iterable[Source]) -> dict[str, str]:
    """The names of sources by id, no two alike."""
    plain = {source.id: unmarked(source.name, source) for source in sources}
    times = Counter(plain.values())
    return {id_: name if times[name] == 1 else f"{name} ({id_})" for id_, name in plain.items()}


def date_text(text: str) -> str:
    """An ISO date as ``16 May 2024``; what is no date is given back as it came."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def span_text(start: str, end: str) -> str:
    """Two ISO dates as one span: ``15–17 May 2024``, ``30 April – 2 May 2024``."""
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return date_text(start or end)
    if first == last:
        return date_text(start)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_text(end)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {date_text(end)}"
    return f"{date_text(start)} – {date_text(end)}"
