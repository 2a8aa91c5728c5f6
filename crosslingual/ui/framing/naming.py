"""How each source calls what others call otherwise: a table for each thing that has several names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crosslingual.formatting import format_count
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.framing.naming import NamedReferent, NamingMention, Rendering
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    SectionPart,
    SentenceGroup,
    SentenceItem,
    grid_style,
)

_MAX_FORMS = 2
"""Forms that a cell shows."""
_DOUBT = "The word has other meanings: the sentence opposite says that it means this."


def naming_section(context: FramingContext) -> Iterator[SectionPart]:
    """Each thing with its names down and the sources across; names that differ in their spelling last."""
    naming = context.framing.naming
    if not naming:
        yield Note(
            "Nothing in these articles is called by several names that the list knows, such as war and special"
            " operation, and no place or person is written in several ways in one language."
        )
        return
    yield Note(
        "What sources call by names that take a side, from a list in six languages, and from what stands opposite in"
        " sentences that say the same. A figure is how often; it opens to the sentences. A dash means that no such name"
        " was found, not that the source has none. A question mark: only the sentence opposite tells what is meant."
        " Counted are the articles’ texts, not their titles."
    )
    for referent in naming:
        if referent.kind == "contested":
            yield Grid(
                f"naming.{referent.key}",
                f"{referent.label[:1].upper()}{referent.label[1:]}.",
                f"Named by {len(referent.sources)} of {format_count(len(context.names), 'source')}.",
                "Called",
                tuple(context.names.values()),
                tuple(_rendering_row(context, one) for one in referent.renderings),
                grid_style(len(context.names)),
            )
    if names := [one for one in naming if one.kind == "name"]:
        yield Grid(
            "naming.names",
            "Names written in several ways.",
            "Persons and places that are written in several ways within one language; endings of case do not count.",
            "Written",
            tuple(context.names.values()),
            tuple(
                _rendering_row(context, one, referent) for referent in names for one in referent.renderings
            ),
            grid_style(len(context.names)),
        )


def _rendering_row(
    context: FramingContext, rendering: Rendering, referent: NamedReferent | None = None
) -> GridRow:
    by_source: dict[str, list[NamingMention]] = defaultdict(list)
    for one in rendering.mentions:
        by_source[one.sentence.source].append(one)
    key, label = (f"{referent.key} ", referent.label) if referent else ("", "")
    return GridRow(
        f"{key}{rendering.key}",
        rendering.label,
        tuple(_mention_cell(context, rendering, by_source.get(source, [])) for source in context.names),
        subtext=label,
    )


def _mention_cell(context: FramingContext, rendering: Rendering, mentions: list[NamingMention]) -> GridCell:
    if not mentions:
        return GridCell("–")
    forms = list(rendering.forms_of(mentions[0].sentence.source))
    doubt = "?" * all(one.is_doubtful for one in mentions)
    items = tuple(
        SentenceItem(
            context.sentence_at(one.sentence, [DifferenceSpan(0, one.start, one.end, "called", "")]),
            _DOUBT if one.is_doubtful else "",
        )
        for one in mentions
    )
    shown = ", ".join(forms[:_MAX_FORMS]) + (" …" if len(forms) > _MAX_FORMS else "")
    return GridCell(f"{len(mentions):,}{doubt}", (SentenceGroup("", items),), subtext=shown)
