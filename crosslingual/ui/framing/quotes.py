"""Quotations: who gets to speak, and what became of a quotation elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.formatting import format_count
from crosslingual.framing.quote_reuse import QuoteReuse
from crosslingual.framing.quotes import Quote, SpeakerShare
from crosslingual.ui.framing.charts import bar_chart, shorten_label
from crosslingual.ui.framing.claims import claims_part
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    Plot,
    SectionPart,
    SentenceGroup,
    SentenceItem,
    grid_style,
)

FATE_SIGNS = {"whole": "●", "shortened": "◐", "paraphrased": "○", "perhaps": "?", "not found": "–"}
MAX_SPEAKERS = 6
"""Speakers of a source in the chart; the table has all."""
UNKNOWN_SPEAKER = "speaker not told"


def quotes_section(context: FramingContext) -> Iterator[SectionPart]:
    """Speakers by source, then each quotation across the sources."""
    if not context.framing.quotes.speaker_shares:
        yield Note("No direct speech in quotation marks was found in these articles.")
        yield from claims_part(context)
        return
    yield Note(
        "What stands in quotation marks; reported speech without marks does not count. Who is quoted was"
        " found by rules and may be wrong."
    )
    yield _speaker_chart(context)
    yield _speaker_grid(context)
    yield from claims_part(context)
    yield _reuse_grid(context)


def _speaker_name(speaker: SpeakerShare) -> str:
    return speaker.names[0] if speaker.speaker_key and speaker.names else UNKNOWN_SPEAKER


def _speaker_chart(context: FramingContext) -> Plot:
    rows, taken = [], defaultdict[str, int](int)
    for voice in context.framing.quotes.speaker_shares:
        taken[voice.source] += 1
        if taken[voice.source] <= MAX_SPEAKERS:
            rows.append(
                {
                    "source": context.names[voice.source],
                    "speaker": shorten_label(_speaker_name(voice)),
                    "share": voice.share,
                    "of": f"{voice.n_words:,} of {voice.total_words:,} {voice.unit}",
                }
            )
    order = list(context.names.values())
    return Plot(
        "voices",
        "Who gets to speak.",
        "Share of what a source quotes, in words (in Chinese, signs).",
        bar_chart(rows, order, name="speaker", value="share", panel="source"),
    )


def _speaker_grid(context: FramingContext) -> Grid:
    of: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in context.framing.quotes.quotes:
        if quote.kind == "speech":
            of[quote.source, quote.speaker_key].append(quote)
    rows = []
    for voice in context.framing.quotes.speaker_shares:
        said = tuple(_quote_group(context, quote) for quote in of[voice.source, voice.speaker_key])
        others = ", ".join(voice.names[1:4]) if voice.speaker_key else ""
        rows.append(
            GridRow(
                f"{voice.source} {voice.speaker_key}",
                _speaker_name(voice),
                (
                    GridCell(context.names[voice.source]),
                    GridCell(
                        f"{round(100 * voice.share)} %",
                        said,
                        f"{voice.n_words:,} of {voice.total_words:,} {voice.unit}",
                        voice.share,
                    ),
                    GridCell(str(voice.n_quotes), said),
                ),
                subtext=f"also {others}" if others else "",
            )
        )
    return Grid(
        "voices",
        "Speakers.",
        "The figures of the chart, all of them.",
        "Speaker",
        ("Source", "Share of what it quotes", "Quotations"),
        tuple(rows),
    )


def _quote_group(context: FramingContext, quote: Quote) -> SentenceGroup:
    by = f"{quote.speaker or UNKNOWN_SPEAKER}{' (by a pronoun)' if quote.is_resolved else ''}"
    size = format_count(quote.n_words, "sign" if quote.lang == "zh" else "word")
    return SentenceGroup(
        f"“{quote.text}”",
        tuple(SentenceItem(context.sentence_at(place)) for place in quote.sentences),
        (" · ".join(part for part in (by, quote.verb, size) if part),),
    )


def _reuse_grid(context: FramingContext) -> Grid:
    every = {quote.id: quote for quote in context.framing.quotes.quotes}
    total = sum(quote.kind == "speech" for quote in every.values())
    shown = context.view.quote_rows()
    rows = []
    for quote, fates in shown:
        by = {fate.source: fate for fate in fates}
        rows.append(
            GridRow(
                quote.id,
                quote.text,
                tuple(
                    GridCell("its own", (_quote_group(context, quote),), style="own")
                    if id_ == quote.source
                    else _fate_cell(context, quote, by[id_], every)
                    if id_ in by
                    else GridCell("")
                    for id_ in context.names
                ),
                lang=quote.lang,
                subtext=" · ".join((context.names[quote.source], quote.speaker or UNKNOWN_SPEAKER)),
            )
        )
    more = f" Shown are {len(shown)} of {total:,}; the report has all." if total > len(shown) else ""
    return Grid(
        "elsewhere",
        "The same quotation elsewhere.",
        "What was found of it in the articles of each source that are in the library: ● whole, ◐ shortened, ○ in other"
        " words, ? perhaps, – not found. A source that does not quote it need never have had it. Of another language"
        f" only likeness and length are known.{more}",
        "Quotation",
        tuple(context.names.values()),
        tuple(rows),
        style=grid_style(len(context.names), "wide"),
    )


def _fate_cell(
    context: FramingContext, quote: Quote, fate: QuoteReuse, quotes_by_id: dict[str, Quote]
) -> GridCell:
    other = quotes_by_id.get(fate.other_quote)
    places = other.sentences if other else (fate.cell,) if fate.cell else ()
    went = f"without: {' … '.join(fate.removed_words)}" if fate.removed_words else ""
    came = f"with: {' … '.join(fate.added_words)}" if fate.added_words else ""
    likeness = f"likeness {fate.cosine:.2f}" if fate.cosine is not None else ""
    known = "judged by likeness and length only" if fate.by_length else ""
    note = " · ".join(part for part in (likeness, known) if part)
    there = SentenceGroup(
        f"Not quoted in {context.names[fate.source]}"
        if fate.fate == "not found"
        else f"In {context.names[fate.source]}: {_fate_words(fate)}",
        tuple(SentenceItem(context.sentence_at(place)) for place in places),
        tuple(part for part in (went, came, note, context.examined_text(fate.source)) if part),
    )
    return GridCell(
        f"{FATE_SIGNS[fate.fate]} {_fate_words(fate)}",
        (there, _quote_group(context, quote)),
        subtext=f"without {format_count(len(fate.removed_words), 'passage')}" if fate.removed_words else "",
        style="hole" if fate.fate == "not found" else "",
    )


def _fate_words(fate: QuoteReuse) -> str:
    return "other words" if fate.fate == "paraphrased" else fate.fate
