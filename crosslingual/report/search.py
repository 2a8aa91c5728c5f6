"""What a search found, as JSON (``docs/search.schema.json``), as flat rows, and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosslingual.align.thresholds import LIKELY
from crosslingual.report.listing import Listing
from crosslingual.report.words import count, percent, printable
from crosslingual.search import Hit, Results
from crosslingual.search.bands import Band
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
            "says": results.says,
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
        "match": hit.band.name.lower(),
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


def search_view(listed: Listing, results: Results, sources: Mapping[str, Source]) -> RenderableType:
    """For a terminal: how many sources say it, and the sentences by source.

    A probability of less than ½ is not shown of a few words: a sentence that has them says more.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    told = headline(listed, results, sources)
    parts: list[RenderableType] = [Text(f"{told[:1].upper()}{told[1:]}")]
    groups: dict[str, list[Hit]] = {}
    for hit in () if listed.nearest else listed.hits:
        groups.setdefault(hit.entry.source, []).append(hit)
    for id_, hits in groups.items():
        source = sources.get(id_) or Source(id_, id_)
        country = f" · {source.country}" if source.country else ""
        parts.append(
            Text.assemble(
                (f"\n{printable(source.name)}", "bold"), f"{country} · {count(len(hits), 'sentence')}"
            )
        )
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("same", "date", "lang"):
            table.add_column(name, no_wrap=True, justify="right" if name == "same" else "left")
        table.add_column("sentence", overflow="fold", ratio=1)
        table.show_header = False
        for hit in hits:
            text = Text(printable(hit.sentence.text))
            if hit.translation:
                text.append(
                    f"\n{printable(hit.translation.text)} ({printable(hit.translation.engine)})", style="dim"
                )
            text.append(f"\n{hit.entry.article}:{hit.sentence.index}", style="dim")
            unsaid = results.query.short and hit.band != Band.SAYS
            sure = REASONS[hit.band] if unsaid else f"{percent(hit.probability)} %"
            table.add_row(sure, printable(hit.entry.date[:10]), printable(hit.lang), text)
        parts.append(table)
    return Group(*parts)


REASONS = {Band.SAYS: "says it", Band.WORDS: "words", Band.NEAR: "near", Band.OTHER: "–"}
"""Why a sentence was found, in a word."""


def headline(listed: Listing, results: Results, sources: Mapping[str, Source]) -> str:
    """How many sources are listed, by why they are, and where it was said first."""
    told = f"{counted(listed, results)} · of {scope(results)}"
    first = first_said(over_time(results), sources)
    return f"{told} · {first}" if first and (listed.says or listed.words) else told


def counted(listed: Listing, results: Results) -> str:
    """``3 sources say it, 4 more have the words``; each source counts once."""
    words = "the phrase" if results.query.phrases else "the words"
    parts: list[str] = []
    for number, one, many in (
        (len(listed.says), "says it", "say it"),
        (len(listed.words), f"has {words}", f"have {words}"),
        (len(listed.near), "comes near", "come near"),
    ):
        if number:
            what = f"{number:,} more" if parts else count(number, "source")
            parts.append(f"{what} {one if number == 1 else many}")
    return ", ".join(parts) or (
        f"no source says it or has {words}"
        if results.query.short or results.query.phrases
        else "no source says it"
    )


def scope(results: Results) -> str:
    """Where it was looked: ``22 sources, 87 articles, 1,040 sentences``."""
    return (
        f"{count(results.of, 'source')}, {count(results.articles, 'article')},"
        f" {count(results.sentences, 'sentence')}"
    )


def nothing(results: Results) -> str:
    """What to do where nothing is listed."""
    ways = []
    if results.found:
        best = max(results.found, key=lambda hit: hit.probability)
        ways.append(
            f"see the {count(len(results.found), 'sentence')} that come nearest, the best at"
            f" {percent(best.probability)} %, with --threshold 0"
        )
    if results.query.phrases:
        ways.append("ask without the quotation marks or the exact phrase")
    ways.append("ask with fewer filters" if not results.articles else "ask with other words")
    return f"nothing found: {', or '.join(ways)}"


def first_said(lines: Iterable[Line], sources: Mapping[str, Source]) -> str:
    """``first 2024-05-16: BBC, DW``; empty where no article has a date."""
    dated = [line for line in lines if line.first]
    first = [line.source for line in dated if line.first == dated[0].first]
    names = ", ".join(printable(sources[id_].name) if id_ in sources else printable(id_) for id_ in first[:4])
    more = f" and {len(first) - 4} more" if len(first) > 4 else ""
    return f"first {dated[0].first}: {names}{more}" if dated else ""
