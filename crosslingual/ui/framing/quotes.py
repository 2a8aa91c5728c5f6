"""Quotations: who gets to speak, and what became of a quotation elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.framing.quotes import Quote, Voice
from crosslingual.framing.retold import Elsewhere
from crosslingual.report.words import count
from crosslingual.ui.framing.charts import bars, short
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Plot, Row, look_of
from crosslingual.ui.framing.telling import Telling

SIGNS = {"whole": "●", "shortened": "◐", "paraphrased": "○", "dropped": "–"}
VOICES = 6
"""Speakers of a source in the chart; the table has all."""
NOT_TOLD = "speaker not told"


def quotes(telling: Telling) -> Iterator[Part]:
    """Speakers by source, then each quotation across the sources."""
    if not telling.framing.quotes.voices:
        yield Note("No direct speech in quotation marks was found in these articles.")
        return
    yield Note(
        "What stands in quotation marks; reported speech without marks does not count. Who is quoted was"
        " found by rules and may be wrong."
    )
    yield _chart(telling)
    yield _voices(telling)
    yield _elsewhere(telling)


def _speaker(voice: Voice) -> str:
    return voice.names[0] if voice.who and voice.names else NOT_TOLD


def _chart(telling: Telling) -> Plot:
    rows, taken = [], defaultdict[str, int](int)
    for voice in telling.framing.quotes.voices:
        taken[voice.source] += 1
        if taken[voice.source] <= VOICES:
            rows.append(
                {
                    "source": telling.names[voice.source],
                    "speaker": short(_speaker(voice)),
                    "share": voice.share,
                    "of": f"{voice.units:,} of {voice.of:,} {voice.unit}",
                }
            )
    order = list(telling.names.values())
    return Plot(
        "voices",
        "Who gets to speak.",
        "Share of what a source quotes, in words (in Chinese, signs).",
        bars(rows, order, name="speaker", value="share", panel="source"),
    )


def _voices(telling: Telling) -> Grid:
    of: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in telling.framing.quotes.quotes:
        if quote.kind == "speech":
            of[quote.source, quote.who].append(quote)
    rows = []
    for voice in telling.framing.quotes.voices:
        said = tuple(_said(telling, quote) for quote in of[voice.source, voice.who])
        others = ", ".join(voice.names[1:4]) if voice.who else ""
        rows.append(
            Row(
                f"{voice.source} {voice.who}",
                _speaker(voice),
                (
                    Cell(telling.names[voice.source]),
                    Cell(
                        f"{round(100 * voice.share)} %",
                        said,
                        f"{voice.units:,} of {voice.of:,} {voice.unit}",
                        voice.share,
                    ),
                    Cell(str(voice.quotes), said),
                ),
                sub=f"also {others}" if others else "",
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


def _said(telling: Telling, quote: Quote) -> Group:
    by = f"{quote.speaker or NOT_TOLD}{' (by a pronoun)' if quote.resolved else ''}"
    size = count(quote.units, "sign" if quote.lang == "zh" else "word")
    return Group(
        f"“{quote.text}”",
        tuple(Item(telling.told(place)) for place in quote.sentences),
        (" · ".join(part for part in (by, quote.verb, size) if part),),
    )


def _elsewhere(telling: Telling) -> Grid:
    every = {quote.id: quote for quote in telling.framing.quotes.quotes}
    total = sum(quote.kind == "speech" for quote in every.values())
    shown = telling.view.quotes()
    rows = []
    for quote, fates in shown:
        by = {fate.source: fate for fate in fates}
        rows.append(
            Row(
                quote.id,
                quote.text,
                tuple(
                    Cell("its own", (_said(telling, quote),), look="own")
                    if id_ == quote.source
                    else _fate(telling, quote, by[id_], every)
                    if id_ in by
                    else Cell("")
                    for id_ in telling.names
                ),
                lang=quote.lang,
                sub=" · ".join((telling.names[quote.source], quote.speaker or NOT_TOLD)),
            )
        )
    more = f" Shown are {len(shown)} of {total:,}; the report has all." if total > len(shown) else ""
    return Grid(
        "elsewhere",
        "The same quotation elsewhere.",
        "● whole, ◐ shortened, ○ in other words, – dropped. Of another language only likeness and length are"
        f" known.{more}",
        "Quotation",
        tuple(telling.names.values()),
        tuple(rows),
        look=look_of(len(telling.names), "wide"),
    )


def _fate(telling: Telling, quote: Quote, fate: Elsewhere, every: dict[str, Quote]) -> Cell:
    other = every.get(fate.other)
    places = other.sentences if other else (fate.cell,) if fate.cell else ()
    went = f"without: {' … '.join(fate.gone)}" if fate.gone else ""
    came = f"with: {' … '.join(fate.added)}" if fate.added else ""
    likeness = f"likeness {fate.likeness:.2f}" if fate.likeness is not None else ""
    known = "judged by likeness and length only" if fate.by_length else ""
    note = " · ".join(part for part in (likeness, known) if part)
    there = Group(
        f"In {telling.names[fate.source]}: {fate.fate}",
        tuple(Item(telling.told(place)) for place in places),
        tuple(part for part in (went, came, note, telling.looked_at(fate.source)) if part),
    )
    return Cell(
        f"{SIGNS[fate.fate]} {'other words' if fate.fate == 'paraphrased' else fate.fate}",
        (there, _said(telling, quote)),
        sub=f"without {count(len(fate.gone), 'passage')}" if fate.gone else "",
        look="hole" if fate.fate == "dropped" else "",
    )
