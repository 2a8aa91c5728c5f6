"""Whose claim a statement is: each source says it itself, or names who does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosslingual.framing.claims import Claim
from crosslingual.ui.framing.charts import shorten_label
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    SectionPart,
    SentenceGroup,
    SentenceItem,
    grid_style,
)

OWN_WORD = "itself"


def claims_part(context: FramingContext) -> Iterator[SectionPart]:
    """Statements that a source says according to somebody, those first that another says itself."""
    shown, total = context.view.claim_rows()
    if not shown:
        return
    rows = []
    for statement, by_source in shown:
        label = context.view.statement_label(statement)
        rows.append(
            GridRow(
                statement,
                label.text,
                tuple(_claim_cell(context, by_source.get(id_, ())) for id_ in context.names),
                lang=label.lang,
            )
        )
    more = f" Shown are {len(shown)} of {total:,}; the report has all." if total > len(shown) else ""
    yield Grid(
        "claims",
        "Whose claim it is.",
        "Whether a source says a statement itself or according to somebody, with quotation marks or without; found by"
        f" rules. First what some say themselves and others attribute.{more}",
        "Statement",
        tuple(context.names.values()),
        tuple(rows),
        style=grid_style(len(context.names), "wide"),
    )


def _claim_cell(context: FramingContext, claims: Sequence[Claim]) -> GridCell:
    if not claims:
        return GridCell("")
    groups = tuple(
        SentenceGroup(
            describe_claim(claim),
            (SentenceItem(context.sentence_at(claim.sentence)),),
            (claim.cue,) if claim.cue else (),
        )
        for claim in claims
    )
    speakers = list(dict.fromkeys(claim.speaker or "" for claim in claims if claim.cue))
    own = any(not claim.cue for claim in claims)
    text = OWN_WORD if own else f"according to {shorten_label(speakers[0] or 'someone not named')}"
    others = speakers if own else speakers[1:]
    told = ", ".join(shorten_label(one) for one in others if one)
    return GridCell(
        text, groups, subtext=f"also according to {told}" if told else "", style="own" if own else ""
    )


def describe_claim(claim: Claim) -> str:
    """Whose claim it is, in words."""
    if not claim.cue:
        return "The source says it itself"
    return f"According to {claim.speaker}" if claim.speaker else "According to someone it does not name"
