"""What a search found, as JSON (``docs/search.schema.json``), as flat rows, and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosslingual.align.thresholds import LIKELY_PROBABILITY
from crosslingual.formatting import format_count, strip_control_chars, to_percent
from crosslingual.report.listing import HitListing
from crosslingual.search import Hit, Results
from crosslingual.search.bands import Band
from crosslingual.search.timeline import SourceTimeline, build_timelines
from crosslingual.types import Source

if TYPE_CHECKING:
    from rich.console import RenderableType

SCHEMA = "crosslingual/search/2"


def search_object(
    results: Results, sources: Mapping[str, Source], encoder: str, warning: str = ""
) -> dict[str, Any]:
    """``results`` as JSON-ready values; ``sources`` are the library's, by id, ``warning`` says what was left out."""
    query = results.query
    return {
        "schema": SCHEMA,
        **({"note": warning} if warning else {}),
        "query": {
            "text": query.text,
            "lang": query.lang or None,
            "phrases": list(query.phrases),
            "kind": "words" if query.is_short else "sentence",
        },
        "encoder": encoder,
        "sources": {
            "n_sources": results.n_sources,
            "n_sources_saying": results.n_sources_saying,
            "n_sources_searched": results.n_sources_searched,
            "articles": results.n_articles,
            "sentences": results.n_sentences,
            "counted": "words" if query.is_short else "probability",
            "judged": len(results.all_hits),
            "complete": results.is_complete,
            "threshold": None if query.is_short else LIKELY_PROBABILITY,
        },
        "results": [hit_object(hit, sources) for hit in results.hits],
        "over_time": [_timeline_object(line, sources) for line in build_timelines(results)],
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
        "words": hit.has_words,
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


def _timeline_object(timeline: SourceTimeline, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(timeline.source)
    return {
        "source": timeline.source,
        "name": source.name if source else timeline.source,
        "sentences": timeline.n_sentences,
        "articles": timeline.n_articles,
        "first": timeline.first_day,
        "last": timeline.last_day,
        "days": [{"date": day, "sentences": count} for day, count in timeline.day_counts],
    }


def search_rows(hits: Iterable[Hit], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Flat rows of what was found, for a table."""
    rows = []
    for rank, hit in enumerate(hits, 1):
        row = hit_object(hit, sources)
        translation = row.pop("translation") or {}
        row |= {"translation": translation.get("text", ""), "engine": translation.get("engine", "")}
        rows.append({"rank": rank} | row)
    return rows


def search_view(listing: HitListing, results: Results, sources: Mapping[str, Source]) -> RenderableType:
    """For a terminal: how many sources say it, and the sentences by source.

    A probability of less than ½ is not shown of a few words: a sentence that has them says more.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    headline = format_headline(listing, results, sources)
    parts: list[RenderableType] = [Text(f"{headline[:1].upper()}{headline[1:]}")]
    groups: dict[str, list[Hit]] = {}
    for hit in () if listing.is_nearest_only else listing.hits:
        groups.setdefault(hit.entry.source, []).append(hit)
    for id_, hits in groups.items():
        source = sources.get(id_) or Source(id_, id_)
        country = f" · {source.country}" if source.country else ""
        parts.append(
            Text.assemble(
                (f"\n{strip_control_chars(source.name)}", "bold"),
                f"{country} · {format_count(len(hits), 'sentence')}",
            )
        )
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("same", "date", "lang"):
            table.add_column(name, no_wrap=True, justify="right" if name == "same" else "left")
        table.add_column("sentence", overflow="fold", ratio=1)
        table.show_header = False
        for hit in hits:
            text = Text(strip_control_chars(hit.sentence.text))
            if hit.translation:
                text.append(
                    f"\n{strip_control_chars(hit.translation.text)} ({strip_control_chars(hit.translation.engine)})",
                    style="dim",
                )
            text.append(f"\n{hit.entry.article}:{hit.sentence.index}", style="dim")
            unsaid = results.query.is_short and hit.band != Band.SAYS
            sure = BAND_LABELS[hit.band] if unsaid else f"{to_percent(hit.probability)} %"
            table.add_row(sure, strip_control_chars(hit.entry.date[:10]), strip_control_chars(hit.lang), text)
        parts.append(table)
    return Group(*parts)


BAND_LABELS = {Band.SAYS: "says it", Band.WORDS: "words", Band.NEAR: "near", Band.OTHER: "–"}
"""Why a sentence was found, in a word."""


def format_headline(listing: HitListing, results: Results, sources: Mapping[str, Source]) -> str:
    """How many sources are listed, by why they are, and where it was said first."""
    counts = (
        f"{format_source_counts(listing, results)} · of {format_scope(results)} · {format_counting(results)}"
    )
    first = format_first_sources(build_timelines(results), sources)
    return f"{counts} · {first}" if first and (listing.saying_sources or listing.word_sources) else counts


def format_source_counts(listing: HitListing, results: Results) -> str:
    """``3 sources say it, 4 more have the words``; each source counts once."""
    words = "the phrase" if results.query.phrases else "the words"
    parts: list[str] = []
    for number, singular, plural in (
        (len(listing.saying_sources), "says it", "say it"),
        (len(listing.word_sources), f"has {words}", f"have {words}"),
        (len(listing.near_sources), "comes near", "come near"),
    ):
        if number:
            what = f"{number:,} more" if parts else format_count(number, "source")
            parts.append(f"{what} {singular if number == 1 else plural}")
    return ", ".join(parts) or (
        f"no source says it or has {words}"
        if results.query.is_short or results.query.phrases
        else "no source says it"
    )


def format_scope(results: Results) -> str:
    """Where it was looked: ``22 sources, 87 articles, 1,040 sentences``."""
    return (
        f"{format_count(results.n_sources_searched, 'source')}, {format_count(results.n_articles, 'article')},"
        f" {format_count(results.n_sentences, 'sentence')}"
    )


def format_counting(results: Results) -> str:
    """How it was counted: ``counted to the last, 120 sentences judged``."""
    judged = f"{format_count(len(results.all_hits), 'sentence')} judged"
    if results.is_complete:
        return f"counted to the last, {judged}"
    return f"at least so many, {judged}: narrow the search for a full count"


def format_no_results(results: Results) -> str:
    """What to do where nothing is listed."""
    ways = []
    if results.all_hits:
        best = max(results.all_hits, key=lambda hit: hit.probability)
        ways.append(
            f"see the {format_count(len(results.all_hits), 'sentence')} that come nearest, the best at"
            f" {to_percent(best.probability)} %, with --threshold 0"
        )
    if results.query.phrases:
        ways.append("ask without the quotation marks or the exact phrase")
    ways.append("ask with fewer filters" if not results.n_articles else "ask with other words")
    return f"nothing found: {', or '.join(ways)}"


def format_first_sources(timelines: Iterable[SourceTimeline], sources: Mapping[str, Source]) -> str:
    """``first 2024-05-16: BBC, DW``; empty where no article has a date."""
    dated = [line for line in timelines if line.first_day]
    first = [line.source for line in dated if line.first_day == dated[0].first_day]
    names = ", ".join(
        strip_control_chars(sources[id_].name) if id_ in sources else strip_control_chars(id_)
        for id_ in first[:4]
    )
    more = f" and {len(first) - 4} more" if len(first) > 4 else ""
    return f"first {dated[0].first_day}: {names}{more}" if dated else ""
