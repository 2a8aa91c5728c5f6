"""What the browser is given of a comparison: plain values, every text once, links checked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from crosslingual.align.anchors import collect_names, find_anchors
from crosslingual.compare.corrections import CorrectionGroup, SentenceRef, group_corrections
from crosslingual.compare.statements import DEFAULT_THRESHOLD, MIN_PERHAPS_PROBABILITY
from crosslingual.events.duplicates import independent_voices
from crosslingual.formatting import MANUAL_LABEL, SURENESS_LEVELS, describe_probabilities, engine_label
from crosslingual.framing.cells import collect_cells
from crosslingual.framing.pipeline import Difference
from crosslingual.language.codes import country_name, language_name
from crosslingual.library import MANUAL_ENGINE, MEMORY_ENGINE
from crosslingual.report.sentences import UNNAMED_KINDS
from crosslingual.sources import web_link
from crosslingual.translation.quality import format_issue
from crosslingual.types import Article, Cell, Comparison, SentenceIndex, Source, SourceSummary, Translation
from crosslingual.ui.gist import extract_gist, names_by_sound
from crosslingual.ui.rows import RowSerializer, corrected_sentences, main_language, separated_pairs

MAX_ABOUT_CHARS = 160
"""Characters of what is said of a difference."""


class SentenceContext(NamedTuple):
    """Whom the sentences of an article are shown to, and the names that they and others are known to hold."""

    target_lang: str
    names: frozenset[str]
    names_by_sound: Mapping[str, str]


def describe_change(changed_at: str) -> str:
    """On a card of an article that has former versions: until when another text stood at its address."""
    return f"Another text stood at this address until {format_date(changed_at)}" if changed_at else ""


def serialize_comparison(
    comparison: Comparison, target_lang: str, changed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The comparison for ``assets/*.js``, in values that JSON has.

    Sentences stand in their articles; links and corrections point at them as ``[article, sentence]``, both
    counted from 0, rows by their numbers when the articles stand one after another. The browser takes of
    ``rows`` those of the threshold that is asked for; what is in none of them is an exclusive.
    ``serialize_differences`` are put in where they are asked for. ``changed`` tells by articles' ids when they last
    changed at their addresses.
    """
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in collect_cells(comparison):
        cells[cell.article].append(cell)
    told = [cells[article.id] for article in comparison.articles]
    columns = {column.source.id: number for number, column in enumerate(comparison.source_summaries)}
    contexts = sentence_contexts(comparison.articles, told, target_lang)
    voices = independent_voices(comparison.articles, comparison.duplicates)
    voiced = [columns[voices[article.id]] for article in comparison.articles]
    column_of = [columns[article.source] for article in comparison.articles]
    corrections = [
        _serialize_correction(stroke, comparison, told)
        for stroke in group_corrections(comparison.corrections)
    ]
    apart = list(separated_pairs(corrections))
    rows = RowSerializer(comparison, told, column_of, voiced, apart, target_lang)
    return {
        "event": comparison.event.id,
        "reader": target_lang,
        "readerName": language_name(target_lang, target_lang),
        "encoder": comparison.encoder.partition("@")[0],
        "caution": describe_probabilities(comparison),
        "columns": [
            serialize_source(column, target_lang, main_language(number, comparison.articles, column_of))
            for number, column in enumerate(comparison.source_summaries)
        ],
        "articles": [
            _serialize_article(
                article,
                own,
                columns[article.source],
                contexts[article.lang],
                changed.get(article.id, ""),
            )
            for article, own in zip(comparison.articles, told, strict=True)
        ],
        "threshold": comparison.threshold,
        "sure": DEFAULT_THRESHOLD,
        "perhaps": MIN_PERHAPS_PROBABILITY,
        "words": [*SURENESS_LEVELS],
        "byHand": MANUAL_LABEL,
        "rows": rows.serialize_rows(),
        "of": len(set(voiced)),
        "links": [
            [*link.left, *link.right, round(link.probability, 4), round(link.score, 3)]
            for link in comparison.links
        ],
        "corrections": corrections,
        "parted": [[rows.node_number(one), rows.node_number(other)] for one, other in apart],
        "handled": sorted({rows.node_number(place) for place in corrected_sentences(corrections)}),
        "translations": parallel_source_pairs(comparison),
        # Whose word each article is, as a column: its own, of copies that of the first to appear.
        "voices": voiced,
        "marks": None,
    }


def serialize_differences(differences: Iterable[Difference], comparison: Comparison) -> list[list[Any]]:
    """Pairs of sentences held against each other, each with its spans: side, start, end, kind, about.

    A pair without a span stands there too: a word is without counterpart only where every pair says so.
    """
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}
    return [
        [
            *(number for side in (one.left, one.right) for number in (numbers[side.article], side.sentence)),
            [
                [
                    span.side,
                    *utf16_offsets((one.left, one.right)[span.side].text, span.start, span.end),
                    span.kind,
                ]
                + ([] if span.kind in UNNAMED_KINDS else [span.description[:MAX_ABOUT_CHARS]])
                for span in one.divergence.spans
            ],
        ]
        for one in differences
    ]


def utf16_offsets(text: str, *offsets: int) -> list[int]:
    """Places in ``text`` as a browser counts them: signs beyond the first plane are two units there."""
    return [len(text[:place].encode("utf-16-le", errors="surrogatepass")) // 2 for place in offsets]


def parallel_source_pairs(comparison: Comparison) -> list[tuple[str, str]]:
    """Names of the sources whose articles are one text, each pair once."""
    names = {
        column.source.id: strip_demo_suffix(column.source.name, column.source)
        for column in comparison.source_summaries
    }
    of = {article.id: names[article.source] for article in comparison.articles}
    return list(dict.fromkeys((of[one], of[other]) for one, other in comparison.translation_pairs))


def sentence_contexts(
    articles: Sequence[Article], sentences: Sequence[Sequence[Cell]], target_lang: str
) -> dict[str, SentenceContext]:
    """For each language of ``articles`` the context of its ``sentences``, which are those of the articles."""
    texts: dict[str, list[str]] = defaultdict(list)
    for article, own in zip(articles, sentences, strict=True):
        texts[article.lang] += [cell.text for cell in own]
    known = names_by_sound(texts.get(target_lang, ()), target_lang)
    return {
        lang: SentenceContext(target_lang, collect_names(own, lang), known) for lang, own in texts.items()
    }


def _serialize_correction(
    stroke: CorrectionGroup, comparison: Comparison, sentences: list[list[Cell]]
) -> dict[str, Any]:
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}

    def sentence_indexes(side: Iterable[SentenceRef]) -> list[SentenceIndex]:
        return [
            (numbers[article], cell.sentence)
            for article, start in side
            if article in numbers
            for cell in sentences[numbers[article]]
            if cell.start <= start < cell.end
        ]

    return {
        "id": stroke.id,
        "kind": stroke.kind,
        "made": stroke.created_at,
        "one": sentence_indexes(stroke.left),
        "other": sentence_indexes(stroke.right),
    }


def serialize_source(column: SourceSummary, target_lang: str, article_lang: str) -> dict[str, Any]:
    """A source, which tells the event in ``article_lang``, with its part in it."""
    source = column.source
    name, native = strip_demo_suffix(source.name, source), strip_demo_suffix(source.native_name, source)
    languages = ", ".join(language_name(code, target_lang) for code in source.languages)
    return {
        "id": source.id,
        "name": name,
        "native": native if native != name else "",
        "lang": source.languages[0] if source.languages else "",
        "toldIn": article_lang,
        "toldInName": _capitalize(language_name(article_lang, target_lang)),
        "languages": languages,
        "country": source.country.upper(),
        "countryName": country_name(source.country, target_lang) if source.country else "",
        "owner": format_ownership(source),
        "demo": source.demo,
        "articles": column.n_articles,
        "sentences": column.n_sentences,
    }


def _capitalize(name: str) -> str:
    return name[:1].upper() + name[1:]


def _serialize_article(
    article: Article, sentences: list[Cell], column: int, context: SentenceContext, changed_at: str
) -> dict[str, Any]:
    ends = [0, *(cell.end for cell in sentences)]
    return {
        "id": article.id,
        "column": column,
        "lang": article.lang,
        "title": article.title,
        "date": format_date(article.date),
        "changed": describe_change(changed_at),
        "url": web_link(article.url),
        "sentences": [
            serialize_sentence(cell, article.text[end : cell.start], context)
            for end, cell in zip(ends, sentences, strict=False)
        ],
    }


def serialize_sentence(sentence: Cell, gap: str, context: SentenceContext) -> dict[str, Any]:
    """A sentence with its translation or gist; ``gap`` is what stands between it and the one before."""
    reader, names = context.target_lang, context.names
    made = (
        sentence.translation
        if sentence.translation and sentence.translation.lang == reader != sentence.lang
        else None
    )
    shown: dict[str, Any] = {
        "text": sentence.text,
        "lang": sentence.lang,
        "translation": made.text if made else None,
        "paragraph": "\n" in gap,
        "start": sentence.start,
        "anchors": [
            [anchor.key, anchor.text, anchor.is_weak]
            for anchor in find_anchors(sentence.text, sentence.lang, names)
        ],
    }
    if not made and sentence.lang != reader:
        shown["gist"] = extract_gist(sentence.text, sentence.lang, reader, context.names_by_sound, names)
    if made:
        shown |= {
            "engine": _engine_name(made),
            "by": _engine_details(made),
            "hand": made.engine == MANUAL_ENGINE,
        }
        if made.issues:
            shown["doubts"] = [format_issue(doubt) for doubt in made.issues]
    return shown


def _engine_name(translation: Translation) -> str:
    """Who or what translated, as short as a cell wants it."""
    return {MANUAL_ENGINE: "corrected by you", MEMORY_ENGINE: "translation memory"}.get(
        translation.engine, translation.engine
    )


def _engine_details(translation: Translation) -> str:
    """The same in full: ``translated by argostranslate (uk-ru 1.2, then ru-en 1.9)``."""
    if translation.engine == MANUAL_ENGINE:
        return f"corrected by you on {format_date(translation.version)}"
    if translation.engine == MEMORY_ENGINE:
        return "translation memory"
    return f"translated by {engine_label(translation).replace(', ', ', then ')}"


def format_ownership(source: Source) -> str:
    """Ownership and kind in one phrase: ``state news agency``, ``private``."""
    owned = "" if source.ownership == "unknown" else source.ownership
    kind = source.kind.removeprefix(f"{owned} ") if owned else source.kind
    return " ".join(part for part in (owned, kind) if part)


def strip_demo_suffix(name: str, source: Source) -> str:
    """The name without the mark of a demo source, which is shown as a chip beside it."""
    return re.sub(r"\s*[(（][^()（）]*[)）]$", "", name) if source.demo else name


def unique_source_names(sources: Iterable[Source]) -> dict[str, str]:
    """The names of sources by id, no two alike."""
    plain = {source.id: strip_demo_suffix(source.name, source) for source in sources}
    times = Counter(plain.values())
    return {id_: name if times[name] == 1 else f"{name} ({id_})" for id_, name in plain.items()}


def format_date(text: str) -> str:
    """An ISO date as ``16 May 2024``; what is no date is given back as it came."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def format_date_range(start: str, end: str) -> str:
    """Two ISO dates as one span: ``15–17 May 2024``, ``30 April – 2 May 2024``."""
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return format_date(start or end)
    if first == last:
        return format_date(start)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_date(end)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {format_date(end)}"
    return f"{format_date(start)} – {format_date(end)}"
