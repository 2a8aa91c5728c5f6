"""Policy frames: a distribution by source, labelled for what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crosslingual.framing.policy import FrameShare
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    SectionPart,
    SentenceGroup,
    SentenceItem,
)


def frames_section(context: FramingContext) -> Iterator[SectionPart]:
    """The frames of every source, with the sentences that have most of one."""
    found = context.framing.frame_shares
    if not found:
        yield Note("There are no sentences to read frames from.")
        return
    yield Note(
        "A weak automatic reading: how near sentences are to descriptions of the generic frames of Boydstun"
        " et al. (2014), not what a trained coder would say. It is no score of bias.",
        is_warning=True,
    )
    yield _frames_grid(context)


def _frames_grid(context: FramingContext) -> Grid:
    by: dict[str, dict[str, FrameShare]] = defaultdict(dict)
    for one in context.framing.frame_shares:
        by[one.name][one.source] = one
    most = max(one.share for one in context.framing.frame_shares) or 1.0
    return Grid(
        "frames",
        "Policy frames by source.",
        "Per cent of a source’s sentences; the darker, the more. First the mean of all. Choose a figure to"
        " read the sentences with most of the frame.",
        "Frame",
        ("All sources", *context.names.values()),
        tuple(
            GridRow(
                name,
                name,
                (
                    _mean_cell(own, most),
                    *(
                        _share_cell(context, own[id_], most) if id_ in own else GridCell("–", style="own")
                        for id_ in context.names
                    ),
                ),
            )
            for name, own in by.items()
        ),
        style="heat",
    )


def _mean_cell(shares: Mapping[str, FrameShare], max_share: float) -> GridCell:
    mean = next(iter(shares.values())).event_share
    return GridCell(f"{round(100 * mean)} %", shade=min(1.0, mean / max_share), style="mean")


def _share_cell(context: FramingContext, frame_share: FrameShare, max_share: float) -> GridCell:
    items = tuple(
        SentenceItem(context.sentence_at(found.cell), f"{round(100 * found.share)} % of it")
        for found in frame_share.evidence
    )
    groups = (
        (
            SentenceGroup(
                f"Most of “{frame_share.name}” in {context.names[frame_share.source]}",
                items,
                (frame_share.caveat,),
            ),
        )
        if items
        else ()
    )
    return GridCell(f"{round(100 * frame_share.share)} %", groups, shade=frame_share.share / max_share)
