"""Concordances and hits by source as JSON, as rows and for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.corpus.concordance import Concordance, ConcordanceLine, QueryHits, SourceHits, cut_context
from crosslingual.corpus.counterparts import Beside
from crosslingual.corpus.measures import share_interval
from crosslingual.formatting import format_count, strip_control_chars
from crosslingual.library import SentenceKey
from crosslingual.report.corpus import format_share, make_table
from crosslingual.report.framing import round_numbers
from crosslingual.report.terminal import plain_text

_CONTEXT_CHARS, _WIDE_CONTEXT_CHARS = 60, 30
"""Characters of context on a terminal, and of such as are twice as wide."""
NOTHING_BESIDE = Beside(None, ())


def concordance_object(found: Concordance, beside: Mapping[SentenceKey, Beside]) -> dict[str, Any]:
    """A concordance as JSON-ready values, with all counts."""
    return {
        "query": found.query.text,
        "n_hits": found.n_hits,
        "n_sentences": found.n_sentences,
        "n_articles": found.n_articles,
        "n_sources": found.n_sources,
        "n_within_longer_words": found.n_cut,
        "n_sentences_searched": found.n_sentences_searched,
        "n_untranslated": found.n_untranslated,
        "counted": "all sentences in scope",
        "sources": [source_hits_row(source, own) for source, own in found.sources.items()],
        "lines": [line_object(line, beside_of(line, beside)) for line in found.lines],
    }


def source_hits_row(source: str, hits: SourceHits) -> dict[str, Any]:
    """What one source has, with the share of its articles and the interval of 95 % of that."""
    low, high = share_interval(hits.n_articles, hits.of_articles)
    row: dict[str, Any] = round_numbers(
        {
            "source": source,
            "hits": hits.n_hits,
            "sentences": hits.n_sentences,
            "articles": hits.n_articles,
            "of_articles": hits.of_articles,
            "share": hits.n_articles / hits.of_articles if hits.of_articles else 0.0,
            "share_low": low,
            "share_high": high,
        }
    )
    return row


def beside_of(line: ConcordanceLine, beside: Mapping[SentenceKey, Beside]) -> Beside:
    """What stands beside a line."""
    return beside.get((line.counted.entry.article, line.counted.sentence.index), NOTHING_BESIDE)


def line_object(line: ConcordanceLine, beside: Beside) -> dict[str, Any]:
    """A line with the whole sentence around what was found."""
    entry, sentence = line.counted.entry, line.counted.sentence
    made = beside.translation
    return {
        "source": entry.source,
        "date": entry.date,
        "lang": line.counted.lang,
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
        "within_longer_word": line.cuts_word,
        "translated": line.counted.is_translated,
        "article": entry.article,
        "sentence": sentence.index,
        "start": line.start,
        "end": line.end,
        "title": entry.title,
        "url": entry.url,
        "translation": asdict(made) if made else None,
        "beside": [
            {
                "source": cell.source,
                "lang": cell.lang,
                "article": cell.article,
                "sentence": cell.sentence,
                "probability": round(cell.probability, 4),
                "text": cell.text,
            }
            for cell in beside.counterparts
        ],
    }


def line_row(line: ConcordanceLine, beside: Beside) -> dict[str, Any]:
    """A line as one row of a table."""
    row = line_object(line, beside)
    translation, counterparts = row.pop("translation") or {}, row.pop("beside")
    first = counterparts[0] if counterparts else {}
    return row | {
        "translation": translation.get("text", ""),
        "engine": translation.get("engine", ""),
        "beside_source": first.get("source", ""),
        "beside_lang": first.get("lang", ""),
        "beside_text": first.get("text", ""),
    }


def concordance_rows(found: Concordance, beside: Mapping[SentenceKey, Beside]) -> Iterator[dict[str, Any]]:
    """A row a line."""
    return (line_row(line, beside_of(line, beside)) for line in found.lines)


def concordance_view(found: Concordance, beside: Mapping[SentenceKey, Beside]) -> RenderableType:
    """For a terminal: how much there is, and the lines with what was found in one column."""
    parts: list[RenderableType] = [plain_text(concordance_headline(found))]
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", ratio=1, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for line in found.lines:
        width = _WIDE_CONTEXT_CHARS if line.counted.lang in ("zh", "ja") else _CONTEXT_CHARS
        table.add_row(
            plain_text(f"{line.counted.entry.source} {line.counted.entry.date[:10]}"),
            plain_text(cut_context(line.left, width, at_end=True)),
            Text(strip_control_chars(line.keyword), style="bold"),
            _right_text(line, width, beside_of(line, beside)),
        )
    parts.append(table)
    if found.n_hits > len(found.lines):
        parts.append(
            plain_text(f"shown are {len(found.lines):,} of {found.n_hits:,} lines; --limit shows more")
        )
    return Group(*parts)


def _right_text(line: ConcordanceLine, width: int, beside: Beside) -> Text:
    text = Text(strip_control_chars(cut_context(line.right, width, at_end=False)))
    if beside.counterparts:
        other = beside.counterparts[0]
        text.append(f"\n{other.source}: {strip_control_chars(other.text)}", style="dim")
    elif beside.translation:
        text.append(f"\n= {strip_control_chars(beside.translation.text)}", style="dim")
    return text


def concordance_headline(found: Concordance) -> str:
    """``12 hits in 10 sentences, 4 articles, 3 of 8 sources``, and what is to be known of the counting."""
    told = (
        f"{format_count(found.n_hits, 'hit')} in {format_count(found.n_sentences, 'sentence')},"
        f" {format_count(found.n_articles, 'article')}, {found.n_sources} of"
        f" {format_count(len(found.sources), 'source')}; all {found.n_sentences_searched:,} sentences were read"
    )
    if found.n_untranslated:
        told += f" but {found.n_untranslated:,} without a translation"
    if found.n_cut:
        told += f"; {found.n_cut:,} of the hits are part of a longer Chinese word"
    return told


def source_hits_table(sources: Mapping[str, SourceHits]) -> Table:
    """A source a row: hits, sentences, articles of how many, and the share with its interval."""
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "hits", "sentences", "articles", "share of its articles (95 %)"):
        table.add_column(heading, justify="left" if heading == "source" else "right")
    for source, own in sources.items():
        row = source_hits_row(source, own)
        table.add_row(
            plain_text(source),
            f"{own.n_hits:,}",
            f"{own.n_sentences:,}",
            f"{own.n_articles:,} of {own.of_articles:,}",
            format_share(row["share"], row["share_low"], row["share_high"]),
        )
    return table


def batch_objects(counted: Sequence[QueryHits]) -> list[dict[str, Any]]:
    """A query an object: totals, and what each source has."""
    return [
        _batch_totals(one)
        | {"by_source": [source_hits_row(source, own) for source, own in sorted(one.sources.items())]}
        for one in counted
    ]


def batch_rows(counted: Sequence[QueryHits]) -> list[dict[str, Any]]:
    """A row for each query and source."""
    return [
        {"query": one.query} | source_hits_row(source, own) | {"complete": one.is_complete}
        for one in counted
        for source, own in sorted(one.sources.items())
    ]


def batch_table(counted: Sequence[QueryHits]) -> Table:
    """A query a row, with the sources that have it."""
    table = make_table("query", "sentences", "articles", "sources")
    table.add_column("by source", overflow="fold", ratio=1)
    for one in counted:
        totals = _batch_totals(one)
        at_least = "" if one.is_complete else "at least "
        told = sorted(one.sources.items(), key=lambda item: (-item[1].n_sentences, item[0]))
        table.add_row(
            plain_text(one.query),
            f"{at_least}{totals['sentences']:,}",
            f"{at_least}{totals['articles']:,} of {totals['of_articles']:,}",
            f"{at_least}{totals['sources']} of {totals['of_sources']}",
            plain_text(", ".join(f"{source} {own.n_sentences:,}" for source, own in told if own.n_sentences)),
        )
    return table


def _batch_totals(counted: QueryHits) -> dict[str, Any]:
    sources = counted.sources
    return {
        "query": counted.query,
        "sources": sum(own.n_hits > 0 for own in sources.values()),
        "of_sources": len(sources),
        "hits": sum(own.n_hits for own in sources.values()),
        "sentences": sum(own.n_sentences for own in sources.values()),
        "articles": sum(own.n_articles for own in sources.values()),
        "of_articles": sum(own.of_articles for own in sources.values()),
        "complete": counted.is_complete,
    }
