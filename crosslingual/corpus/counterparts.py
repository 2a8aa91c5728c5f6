"""What stands beside a line of a concordance: a translation, and the sentences of others that say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosslingual.corpus.concordance import ConcordanceLine
from crosslingual.library import Library, SentenceKey
from crosslingual.types import Cell, Comparison, Event, Translation

MAX_COUNTERPARTS = 3
"""Sentences of others that stand beside a line at most."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a sentence: its ``translation``, and the ``counterparts`` of other sources, best first."""

    translation: Translation | None
    counterparts: tuple[Cell, ...]


def find_beside(
    library: Library,
    lines: Iterable[ConcordanceLine],
    events: Iterable[Event],
    find_comparison: Callable[[Event], Comparison | None],
    *,
    beside: str = "",
    target_lang: str = "en",
    engine_priority: Sequence[str] = (),
) -> dict[SentenceKey, Beside]:
    """What stands beside the sentences of ``lines``, by their places; nothing is compared or translated for it.

    Args:
        library: that the lines are of.
        lines: a concordance's.
        events: in which counterparts are looked for.
        find_comparison: how the sources of an event tell it, where that is known.
        beside: only counterparts of the source with this id, or in this language; by default those in another
            language come first.
        target_lang: the language for translations.
        engine_priority: whose translations are preferred.
    """
    shown = {(line.counted.entry.article, line.counted.sentence.index): line for line in lines}
    own = {key: _own_text(line) for key, line in shown.items()}
    translations = library.memory.find_best_of_all(own.values(), target_lang, engine_priority)
    counterparts: dict[SentenceKey, list[Cell]] = {}
    articles = {article for article, _ in shown}
    for event in events:
        comparison = find_comparison(event) if articles.intersection(event.articles) else None
        if comparison:
            counterparts |= _find_counterparts(comparison, shown)
    return {
        key: Beside(
            translations.get(own[key]),
            tuple(_choose_counterparts(counterparts.get(key, ()), line.counted.lang, beside)),
        )
        for key, line in shown.items()
    }


def _find_counterparts(
    comparison: Comparison, shown: Mapping[SentenceKey, ConcordanceLine]
) -> dict[SentenceKey, list[Cell]]:
    found: dict[SentenceKey, list[Cell]] = defaultdict(list)
    for statement in comparison.statements:
        for cell in statement.cells:
            if (cell.article, cell.sentence) in shown:
                others = (one for one in statement.cells if one.source != cell.source)
                found[cell.article, cell.sentence] += others
    return found


def _choose_counterparts(cells: Iterable[Cell], lang: str, beside: str) -> list[Cell]:
    wanted = [cell for cell in cells if not beside or beside in (cell.source, cell.lang)]
    return sorted(wanted, key=lambda cell: (cell.lang == lang, -cell.probability))[:MAX_COUNTERPARTS]


def _own_text(line: ConcordanceLine) -> tuple[str, str]:
    """The sentence as its article has it, and its language."""
    entry, sentence = line.counted.entry, line.counted.sentence
    return sentence.text, sentence.lang or entry.lang
