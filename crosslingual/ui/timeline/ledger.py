"""The ledger of figures as values that the browser draws."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from crosslingual.framing.cells import collect_cells
from crosslingual.report.figures import describe_revisions, describe_what, format_value
from crosslingual.timeline.figure_ledger import FigureConflict, FigureGroup, FigureLedger, FigureMention
from crosslingual.types import Cell, Comparison
from crosslingual.ui.serialize import sentence_contexts, serialize_sentence
from crosslingual.ui.timeline.lanes import format_moment

MAX_CONFLICTS = 4
"""Conflicts of a figure that are told in its row."""


def select_groups(ledger: FigureLedger, source: str) -> list[FigureGroup]:
    """The figures that ``source`` tells, or all of them without one; those with revisions or conflicts first."""
    found = [group for group in ledger.groups if not source or source in group.sources]
    return sorted(found, key=lambda group: not (group.revisions or group.conflicts))


def serialize_ledger(
    comparison: Comparison,
    groups: Sequence[FigureGroup],
    names: Mapping[str, str],
    target_lang: str,
    params: Mapping[str, str],
) -> dict[str, Any]:
    """``groups`` for ``assets/ledger.js``; ``names`` are those of the sources by their ids."""
    told: dict[str, list[Cell]] = defaultdict(list)
    for cell in collect_cells(comparison):
        told[cell.article].append(cell)
    every = [told[article.id] for article in comparison.articles]
    contexts = sentence_contexts(comparison.articles, every, target_lang)
    langs = {article.id: article.lang for article in comparison.articles}
    countries = {summary.source.id: summary.source.country.upper() for summary in comparison.source_summaries}

    def serialize_mention(one: FigureMention, group: FigureGroup) -> dict[str, Any]:
        cell, figure = one.cell, one.figure
        sentence = serialize_sentence(cell, "", contexts[langs[cell.article]])
        return {
            "source": names[cell.source],
            "country": countries[cell.source],
            "when": format_moment(one.published),
            "value": format_value(one),
            "doubt": figure.doubt,
            "according": one.according_to,
            "lang": cell.lang,
            "pieces": [
                piece
                for piece in (
                    (cell.text[: figure.start], False),
                    (cell.text[figure.start : figure.end], True),
                    (cell.text[figure.end :], False),
                )
                if piece[0]
            ],
            "translation": sentence["translation"],
            "gist": sentence.get("gist", []),
            "at": f"{cell.article}:{cell.start}",
            "revision": one in group.revisions[1:],
            "conflict": any(one in (pair.left, pair.right) for pair in group.conflicts),
        }

    return {
        "view": "figures",
        "params": dict(params),
        "event": comparison.event.id,
        "reader": target_lang,
        "empty": "The articles of this event name no number, amount or date.",
        "groups": [
            {
                "what": describe_what(group),
                "values": list(Counter(map(format_value, group.mentions)).items()),
                "revised": describe_revisions(group),
                "doubt": group.doubt,
                "conflicts": [_describe_conflict(pair, names) for pair in group.conflicts[:MAX_CONFLICTS]]
                + ["…"] * (len(group.conflicts) > MAX_CONFLICTS),
                "sources": len(group.sources),
                "mentions": [serialize_mention(one, group) for one in group.mentions],
            }
            for group in groups
        ],
    }


def _describe_conflict(pair: FigureConflict, names: Mapping[str, str]) -> str:
    sides = (f"{format_value(one)} ({names[one.cell.source]})" for one in (pair.left, pair.right))
    return " against ".join(sides)
