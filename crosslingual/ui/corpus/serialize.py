"""Counts as values that ``assets/corpus.js`` draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosslingual.corpus.axes import AxisPositions
from crosslingual.corpus.collocations import Collocations
from crosslingual.corpus.concordance import Concordance, ConcordanceLine, cut_context
from crosslingual.corpus.counterparts import Beside
from crosslingual.corpus.dictionary import CategoryCounts
from crosslingual.corpus.keyness import Keyness
from crosslingual.corpus.measures import share_interval
from crosslingual.corpus.silences import LeftOut, MonthTable
from crosslingual.framing.own_axes import OwnAxes
from crosslingual.language.codes import language_name
from crosslingual.language.scripts import HAN_LANGUAGES
from crosslingual.library import SentenceKey
from crosslingual.report.axes import describe_separation, format_position, poles_rows, position_rows
from crosslingual.report.concordance import beside_of, source_hits_row
from crosslingual.report.corpus import dictionary_rows
from crosslingual.report.word_lists import format_sizes, key_word_cells
from crosslingual.types import Cell, Event
from crosslingual.ui.corpus.request import CONCORDANCE, SILENCES, CorpusRequest
from crosslingual.ui.search.service import FilterOptions
from crosslingual.ui.serialize import format_date, format_date_range

_CONTEXT_CHARS, _WIDE_CONTEXT_CHARS = 62, 28
NO_DATE = "without a date"


def serialize_lines(
    found: Concordance,
    beside: Mapping[SentenceKey, Beside],
    options: FilterOptions,
    homes: Mapping[str, str],
    lang: str,
) -> dict[str, Any]:
    """Lines and sources of a concordance; ``homes`` is the event of each article that is in one."""
    return {
        "lines": [
            _serialize_line(line, beside_of(line, beside), options, homes, lang) for line in found.lines
        ],
        "sources": [
            _serialize_source(options, source) | source_hits_row(source, own)
            for source, own in found.sources.items()
        ],
    }


def _serialize_line(
    line: ConcordanceLine, beside: Beside, options: FilterOptions, homes: Mapping[str, str], lang: str
) -> dict[str, Any]:
    entry, own = line.counted.entry, line.counted.lang
    width = _WIDE_CONTEXT_CHARS if own in HAN_LANGUAGES else _CONTEXT_CHARS
    return _serialize_source(options, entry.source) | {
        "date": format_date(entry.date),
        "lang": own,
        "language": language_name(own, lang),
        "left": cut_context(line.left, width, at_end=True),
        "keyword": line.keyword,
        "right": cut_context(line.right, width, at_end=False),
        "cut": line.cuts_word,
        "translation": beside.translation.text if beside.translation else "",
        "beside": [_serialize_cell(options, cell) for cell in beside.counterparts[:1]],
        "event": homes.get(entry.article, ""),
        "at": f"{entry.article}:{line.counted.sentence.start}",
        "like": f"{entry.article}:{line.counted.sentence.index}",
    }


def serialize_collocations(found: Collocations, wish: CorpusRequest, lang: str) -> dict[str, Any]:
    """Words by language, each with the address of its lines."""
    groups = []
    for own, counts in sorted(found.counts.items(), key=lambda item: -item[1].n_nodes):
        told = (
            f"{counts.n_nodes:,} hits, {counts.n_window_words:,} words within {found.window} of them, of"
            f" {counts.n_words:,} in all"
        )
        rows = [
            [
                one.word,
                wish.link_params(view=CONCORDANCE, text=f"({wish.text}) AND {one.word}"),
                f"{one.n_beside:,} of {one.n_total:,}",
                f"{one.n_expected:,.1f}",
                f"{one.n_articles:,}",
                f"{one.log_dice:.2f}",
                f"{one.log_likelihood:,.1f}",
            ]
            for one in found.collocations
            if one.lang == own
        ]
        groups.append({"lang": own, "caption": f"{language_name(own, lang)}: {told}", "rows": rows})
    heads = ["Word", "Beside", "By chance", "Articles", "logDice", "G²"]
    return {"heads": heads, "wide": [2, 3], "groups": groups}


def serialize_keyness(found: Keyness, wish: CorpusRequest) -> dict[str, Any]:
    """Key words by language, each with the address of its lines: in the target, or where that has none elsewhere."""
    groups = []
    elsewhere = {"filters": replace(wish.filters, sources=wish.against, since="", until=""), "event": ""}
    for own, size in sorted(found.sizes.items(), key=lambda item: -item[1].target_words):
        rows = [
            [
                word.word,
                wish.link_params(view=CONCORDANCE, text=word.word, **({} if word.n_target else elsewhere)),
                *key_word_cells(word),
            ]
            for word in found.words
            if word.lang == own
        ]
        if rows or size.target_words:
            groups.append({"lang": own, "caption": format_sizes(own, size), "rows": rows})
    heads = ["Word", "Here", "Reference", "Articles", "G²", "Log ratio", "%DIFF"]
    return {"heads": heads, "wide": [3, 6], "groups": groups}


def serialize_dictionary(
    counted: Sequence[CategoryCounts], options: FilterOptions, queries: Mapping[str, str], wish: CorpusRequest
) -> dict[str, Any]:
    """A table a category; ``queries`` find the words of a category, where they can be asked for at once."""
    groups = []
    for one in counted:
        rows = []
        for row in dictionary_rows([one]):
            where = {"filters": _of_source(wish, row["source"]), "view": CONCORDANCE}
            query = queries.get(one.category, "")
            rows.append(
                [
                    options.names.get(row["source"], row["source"]),
                    wish.link_params(text=query, **where) if query and row["hits"] else None,
                    f"{row['hits']:,}",
                    f"{row['sentences']:,} of {row['of_sentences']:,}",
                    _format_interval(row["share"], row["share_low"], row["share_high"]),
                    f"{row['articles']:,} of {row['of_articles']:,}",
                ]
            )
        groups.append({"lang": "", "caption": f"{one.category}: {one.n_words:,} words", "rows": rows})
    heads = ["Source", "Hits", "Sentences", "Share (95 %)", "Articles"]
    return {"heads": heads, "wide": [2, 4], "groups": groups}


def serialize_axes(own: OwnAxes, positions: AxisPositions, options: FilterOptions) -> dict[str, Any]:
    """A table an axis, all months together first; each says how well it tells its own poles apart."""
    groups = []
    for axis, poles in zip(own.model.axes, poles_rows(own), strict=True):
        rows = [
            [
                options.names.get(row["source"], row["source"]),
                None,
                row["month"] or "all",
                format_position(row),
                f"{row['sentences']:,}",
                f"{row['articles']:,}",
            ]
            for row in position_rows({axis.id: positions[axis.id]})
        ]
        share = _format_interval(poles["share"], poles["share_low"], poles["share_high"])
        caption = (
            f"{axis.low} (-1) to {axis.high} (1): {describe_separation(poles)}; {poles['right']} of"
            f" {poles['of_texts']} of its texts fall on their own side when held out, {share}"
        )
        groups.append({"lang": "", "caption": caption, "rows": rows})
    heads = ["Source", "Month", "Position (95 %)", "Sentences", "Articles"]
    return {"heads": heads, "wide": [3, 4], "groups": groups}


def _of_source(wish: CorpusRequest, source: str) -> object:
    return replace(wish.filters, sources=frozenset((source,)))


def serialize_silences(table: MonthTable, options: FilterOptions, wish: CorpusRequest) -> dict[str, Any]:
    """A table a month; each source leads to its events and what it leaves out of them."""
    groups = []
    for month, sources in table.items():
        rows = []
        for source, own in sorted(sources.items(), key=lambda item: (-item[1].n_told, item[0])):
            if wish.filters.sources and source not in wish.filters.sources:
                continue
            left_out = "not compared yet"
            if own.n_compared:
                left_out = _format_part(own.n_left_out, own.n_statements)
            rows.append(
                [
                    options.names.get(source, source),
                    wish.link_params(view=SILENCES, month=month or NO_DATE, who=source),
                    _format_part(own.n_told, own.n_events),
                    f"{own.n_compared:,}" if own.n_told else "–",
                    left_out if own.n_told else "–",
                    f"{own.n_perhaps:,}" if own.n_compared else "–",
                ]
            )
        groups.append({"lang": "", "caption": month or NO_DATE, "rows": rows})
    heads = ["Source", "Events it tells", "Compared", "Statements of others it leaves out", "Perhaps"]
    return {"heads": heads, "wide": [2, 4], "groups": groups}


def serialize_left_out(
    events: Iterable[tuple[Event, tuple[LeftOut, ...] | None]],
    source: str,
    options: FilterOptions,
    wish: CorpusRequest,
) -> dict[str, Any]:
    """The events of a month with what ``source`` leaves out of them."""
    told = []
    for event, left_out in events:
        told.append(
            {
                "event": event.id,
                "title": event.title or "Untitled event",
                "date": format_date_range(event.start, event.end),
                "told": source in event.sources,
                "compared": left_out is not None,
                "statements": [
                    {
                        "sources": [
                            options.names.get(one, one)
                            for one in dict.fromkeys(cell.source for cell in item.statement.cells)
                        ],
                        "perhaps": item.is_perhaps,
                        "first": _serialize_cell(options, item.statement.cells[0]),
                        "at": f"{item.statement.cells[0].article}:{item.statement.cells[0].start}",
                    }
                    for item in left_out or ()
                ],
            }
        )
    back = wish.link_params(month="", who="")
    return _serialize_source(options, source) | {"month": wish.month, "events": told, "back": back}


def _serialize_cell(options: FilterOptions, cell: Cell) -> dict[str, Any]:
    return _serialize_source(options, cell.source) | {
        "lang": cell.lang,
        "text": cell.text,
        "translation": cell.translation.text if cell.translation else "",
    }


def _serialize_source(options: FilterOptions, id_: str) -> dict[str, Any]:
    source = options.sources.get(id_)
    return {"name": options.names.get(id_, id_), "country": source.country.upper() if source else ""}


def _format_part(part: int, whole: int) -> str:
    low, high = share_interval(part, whole)
    return f"{part:,} of {whole:,} · {_format_interval(part / whole, low, high)}" if whole else "0 of 0"


def _format_interval(share: float, low: float, high: float) -> str:
    return f"{100 * share:.0f}\u00a0% ({100 * low:.0f}\u2060–\u2060{100 * high:.0f})"  # not broken over two lines
