"""Whose claim a statement is in each source: its own, or somebody's whom it names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from crosslingual.attribution.finding import find_attributions
from crosslingual.attribution.values import Attribution, Span
from crosslingual.framing.cells import SentenceTrace, make_trace
from crosslingual.types import Comparison

MIN_COVERED = 0.5
"""Share of a sentence, without the words that say who speaks, from which it is somebody's claim."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says what ``sentence`` of ``statement`` tells; empty ``cue``: the source says it itself.

    ``speaker`` and ``cue`` are as written; ``speaker`` is empty where the cue names nobody.
    """

    statement: str
    sentence: SentenceTrace
    lang: str
    speaker: str
    cue: str


def find_claims(comparison: Comparison) -> tuple[Claim, ...]:
    """A claim for each sentence of each statement of ``comparison``, in their order."""
    wanted = {cell.article for statement in comparison.statements for cell in statement.cells}
    texts = {article.id: article for article in comparison.articles if article.id in wanted}
    found = {
        id_: _AttributedText.from_attributions(find_attributions(article.text, article.lang))
        for id_, article in texts.items()
    }
    claims = []
    for statement in comparison.statements:
        for cell in statement.cells:
            text = texts[cell.article].text
            one = found[cell.article].find(cell.start, cell.end)
            claims.append(
                Claim(
                    statement.id,
                    make_trace(cell),
                    cell.lang,
                    _join_spans(text, one.source) if one else "",
                    _join_spans(text, one.cue) if one else "",
                )
            )
    return tuple(claims)


@dataclass(frozen=True, slots=True)
class _AttributedText:
    """Attributions of a text by where their contents end.

    ``first_starts``: where, of those from each place on, the first begins.
    """

    ends: tuple[int, ...]
    first_starts: tuple[int, ...]
    by_end: tuple[tuple[Span, Attribution], ...]

    @classmethod
    def from_attributions(cls, attributions: Sequence[Attribution]) -> _AttributedText:
        spans = sorted(
            ((span, one) for one in attributions if one.is_report for span in one.content),
            key=lambda pair: pair[0][1],
        )
        first_starts = tuple(accumulate((span[0] for span, _ in reversed(spans)), min))[::-1]
        return cls(tuple(span[1] for span, _ in spans), first_starts, tuple(spans))

    def find(self, start: int, end: int) -> Attribution | None:
        """The attribution whose content has most of characters ``start`` to ``end``; of two that do the inner one."""
        covered: dict[int, int] = {}
        ones: dict[int, Attribution] = {}
        for place in range(bisect_left(self.ends, start + 1), len(self.ends)):
            if self.first_starts[place] >= end:
                break
            (first, last), one = self.by_end[place]
            if first >= end:
                continue
            ones[id(one)] = one
            covered[id(one)] = covered.get(id(one), 0) + min(end, last) - max(start, first)
        best: Attribution | None = None
        for key, one in ones.items():
            frame = sum(max(0, min(end, last) - max(start, first)) for first, last in (*one.source, *one.cue))
            enough = covered[key] >= MIN_COVERED * max(end - start - frame, 1)
            if enough and (best is None or one.cue >= best.cue):
                best = one
        return best


def _join_spans(text: str, spans: Sequence[Span]) -> str:
    return " … ".join(" ".join(text[start:end].split()) for start, end in spans)
