"""What a search found, as JSON (``docs/search.schema.json``), as flat rows, and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosslingual.align.thresholds import LIKELY
from crosslingual.search import Hit, Results
from crosslingual.search.over_time import Line, over_time
from crosslingual.types import Source

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA = "crosslingual/search/1"


def search_object(results: Results, sources: Mapping[str, Source], encoder: str) -> dict[str, Any]:
    """``results`` as JSON-ready values; ``sources`` are the library's, by id."""
    query = results.query
    return {
        "schema": SCHEMA,
        "query": {
            "text": query.text,
            "lang": query.lang or None,
            "phrases": list(query.phrases),
            "kind": "words" if query.short else "sentence",
        },
        "encoder": encoder,
        "sources": {
            "said": results.said,
            "of": results.of,
            "articles": results.articles,
            "sentences": results.sentences,
            "counted": "words" if query.short else "probability",
            "threshold": None if query.short else LIKELY,
        },
        "results": [hit_object(hit, sources) for hit in results.hits],
        "over_time": [_line(line, sources) for line in over_time(results)],
    }


def hit_object(hit: Hit, sources: Mapping[str, Source]) -> dict[str, Any]:
    """One sentence that was found."""
    source = sources.get(hit.entry.source) or Source(hit.entry.source, hit.entry.source)
    return {
        "text": hit.sentence.text,
        "lang": hit.lang,
        "source": hit.entry.source,
        "date": hit.entry.date,
        "article": hit.entry.article,
        "sentence": hit.sentence.index,
        "probability": round(hit.probability, 4),
        "score": round(hit.score, 4),
        "cosine": round(hit.cosine, 4),
        "words": hit.worded,
        "start": hit.sentence.start,
        "end": hit.sentence.end,
        "title": hit.entry.title,
        "url": hit.entry.url,
        "name": source.name,
        "country": source.country,
        "ownership": source.ownership,
        "demo": source.demo,
        "before": hit.before,
        "after": hit.after,
        "translation": asdict(hit.translation) if hit.translation else None,
    }


def _line(line: Line, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(line.source)
    return {
        "source": line.source,
        "name": source.name if source else line.source,
        "sentences": line.sentences,
        "articles": line.articles,
        "first": line.first,
        "last": line.last,
        "days": [{"date": day, "sentences": count} for day, count in line.days],
    }


def search_rows(hits: Iterable[Hit], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Flat rows of what was found, for a table."""
    rows = []
    for place, hit in enumerate(hits, 1):
        row = hit_object(hit, sources)
        translation = row.pop("translation") or {}
        row |= {"translation": translation.get("text", ""), "engine": translation.get("engine", "")}
        rows.append({"rank": place} | row)
    return rows


def search_view(results: Results, sources: Mapping[str, Source]) -> RenderableType:
    """For a terminal: the sentences found, and by whom it was said first.

    A probability of less than ½ is not shown of a few words: a sentence that has them says more.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    table.add_column("same", justify="right")
    table.add_column("source, date, place", overflow="fold", max_width=28)
    table.add_column("sentence", overflow="fold")
    for hit in results.hits:
        source = sources.get(hit.entry.source)
        said = Text(hit.sentence.text)
        if hit.translation:
            said.append(f"\n{hit.translation.text} ({hit.translation.engine})", style="dim")
        where = f"{source.name if source else hit.entry.source}\n{hit.entry.date[:10]} {hit.lang}"
        sure = "" if results.query.short and hit.probability < LIKELY else f"{hit.probability:.0%}"
        table.add_row(sure, Text(f"{where}\n{hit.entry.article}:{hit.sentence.index}"), said)
    return Group(Text(summary(results, sources)), table)


def summary(results: Results, sources: Mapping[str, Source]) -> str:
    """How many sources say it of how many were looked at, and where it was said first."""
    what = "have these words" if results.query.short else f"say it (probability {LIKELY} or more)"
    told = (
        f"{results.said} of {results.of} sources {what}; looked at: {results.articles:,} articles,"
        f" {results.sentences:,} sentences"
    )
    dated = [line for line in over_time(results) if line.first]
    if dated:
        first = [line for line in dated if line.first == dated[0].first]
        names = (sources[line.source].name if line.source in sources else line.source for line in first)
        told += f"; first {dated[0].first}: {', '.join(names)}"
    return told
