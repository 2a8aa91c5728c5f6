"""Sources as lanes in time: of one event with its statements, or of all events of a story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crosslingual.framing.cells import collect_cells
from crosslingual.library.events import EventEntry
from crosslingual.moments import Moment, describe_delay, parse_moment
from crosslingual.report.timeline import ROLE_LABELS
from crosslingual.sources import web_link
from crosslingual.timeline.statement_times import EventTimeline, StatementTelling
from crosslingual.types import Article, Cell, Comparison, Source, SourceSummary, Story
from crosslingual.ui.rows import main_language
from crosslingual.ui.serialize import (
    format_date,
    format_date_range,
    sentence_contexts,
    serialize_sentence,
    serialize_source,
)


def serialize_timeline(
    comparison: Comparison, timeline: EventTimeline, target_lang: str, params: Mapping[str, str]
) -> dict[str, Any]:
    """An event for ``assets/timeline.js``: its sources, articles, and statements in time.

    A telling is ``[article, sentence, role, delay in words, source it came after]``; articles and sources are named
    by their places, ``sentences`` by ``article:index``.
    """
    columns = {summary.source.id: place for place, summary in enumerate(comparison.source_summaries)}
    places = {article.id: place for place, article in enumerate(comparison.articles)}
    column_of = [columns[article.source] for article in comparison.articles]
    told = {
        (telling.cell.article, telling.cell.sentence): telling.cell
        for line in timeline.statements
        for telling in line.tellings
    }

    def serialize_telling(telling: StatementTelling) -> list[Any]:
        delay = describe_delay(telling.delay) if telling.delay else ROLE_LABELS.get(telling.role, "")
        return [
            places[telling.cell.article],
            telling.cell.sentence,
            telling.role,
            delay,
            columns.get(telling.after, -1),
        ]

    return {
        "view": "lanes",
        "params": dict(params),
        "event": comparison.event.id,
        "reader": target_lang,
        "columns": [
            serialize_source(summary, target_lang, main_language(place, comparison.articles, column_of))
            for place, summary in enumerate(comparison.source_summaries)
        ],
        "articles": [
            serialize_moment(parse_moment(article.date))
            | {
                "id": article.id,
                "column": column,
                "lang": article.lang,
                "title": article.title,
                "url": web_link(article.url),
            }
            for article, column in zip(comparison.articles, column_of, strict=True)
        ],
        "sentences": _serialize_sentences(comparison, told, places, target_lang),
        "statements": [
            {"id": line.statement, "tellings": [serialize_telling(one) for one in line.tellings]}
            for line in timeline.statements
        ],
        "leads": [
            [columns[lead.source], lead.n_first, lead.n_tied, lead.n_later, lead.n_undated]
            for lead in timeline.leads
        ],
    }


def serialize_story(
    story: Story,
    entries: Iterable[Sequence[EventEntry]],
    sources: Mapping[str, Source],
    target_lang: str,
    params: Mapping[str, str],
) -> dict[str, Any]:
    """A story for ``assets/timeline.js``; ``entries`` are the articles of each of its events."""
    inside = [(place, entry) for place, own in enumerate(entries) for entry in own]
    counts = Counter(entry.source for _, entry in inside)
    columns = {id_: place for place, id_ in enumerate(counts)}
    articles = [Article(entry.source, entry.lang, "") for _, entry in inside]
    column_of = [columns[entry.source] for _, entry in inside]
    return {
        "view": "story",
        "params": dict(params),
        "event": story.id,
        "reader": target_lang,
        "title": story.title,
        "columns": [
            serialize_source(
                SourceSummary(sources.get(id_, Source(id_, id_)), counts[id_], 0, 0, 0),
                target_lang,
                main_language(place, articles, column_of),
            )
            for id_, place in columns.items()
        ],
        "events": [
            {
                "id": event.id,
                "title": event.title or "Untitled event",
                "dates": format_date_range(event.start, event.end),
                "sources": len(event.sources),
            }
            for event in story.events
        ],
        "articles": [
            serialize_moment(parse_moment(entry.date))
            | {
                "id": entry.article,
                "column": columns[entry.source],
                "lang": entry.lang,
                "title": entry.title,
                "url": "",
                "event": place,
            }
            for place, entry in inside
        ],
    }


def serialize_moment(moment: Moment) -> dict[str, Any]:
    """``when`` in words; the ``day`` in UTC or as written, or None; ``utc`` in ms, None where it is no exact time."""
    exact = moment.instant
    day = exact.date() if exact else moment.day
    return {
        "when": format_moment(moment),
        "day": day.isoformat() if day else None,
        "utc": int(exact.timestamp() * 1000) if exact else None,
    }


def format_moment(moment: Moment) -> str:
    """``16 May 2024, 21:40 (UTC+03:00)``, ``16 May 2024, 21:40 (zone not known)``, ``16 May 2024``, ``no date``."""
    if moment.day is None:
        return "no date"
    day = format_date(moment.day.isoformat())
    if moment.precision == "day":
        return day
    return f"{day}, {moment.clock} ({f'UTC{moment.offset}' if moment.instant else 'zone not known'})"


def _serialize_sentences(
    comparison: Comparison,
    told: Mapping[tuple[str, int], Cell],
    places: Mapping[str, int],
    target_lang: str,
) -> dict[str, dict[str, Any]]:
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in collect_cells(comparison):
        cells[cell.article].append(cell)
    every = [cells[article.id] for article in comparison.articles]
    contexts = sentence_contexts(comparison.articles, every, target_lang)
    langs = {article.id: article.lang for article in comparison.articles}
    found = {}
    for (article, index), cell in told.items():
        whole = serialize_sentence(cell, "", contexts[langs[article]])
        found[f"{places[article]}:{index}"] = {
            name: value for name, value in whole.items() if name not in ("anchors", "paragraph")
        }
    return found
