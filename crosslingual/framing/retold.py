"""What became of a source's quotations elsewhere: whole, shortened, in other words, or dropped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from crosslingual.framing.cells import Trace, trace
from crosslingual.framing.quotes import Quote, units
from crosslingual.types import Cell, Comparison, FloatArray

SAME = 0.55
"""Cosine of two quotations' centred vectors from which they may be one, in other words or languages."""
TOGETHER = 0.4
"""The same where they stand in one statement."""
_PER_SIGN = {"zh": 3.2}
"""Characters of a European text that one of the language stands for, to compare lengths."""

Fate = Literal["whole", "shortened", "paraphrased", "dropped"]
Similar = Callable[[Sequence[tuple[str, str]]], FloatArray]
"""Centred vectors (n, d), of length 1, of n texts with their languages."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What ``source`` made of quotation ``quote`` (ids).

    "whole": the same words; "shortened": some of them left out; "paraphrased": other words, in marks
    (``other``) or without (``cell``); "dropped": neither the quotation nor its statement. ``gone`` are the
    words that went, ``added`` those that came. Of another language only likeness and length are known:
    ``by_length`` is true and nothing ``gone``. ``articles`` and ``sentences`` of the source were looked at.
    """

    quote: str
    source: str
    fate: Fate
    other: str
    cell: Trace | None
    gone: tuple[str, ...]
    added: tuple[str, ...]
    likeness: float | None
    by_length: bool
    articles: int
    sentences: int


def retold(
    comparison: Comparison, quotes: Sequence[Quote], similar: Similar | None = None
) -> tuple[Elsewhere, ...]:
    """What every other source made of each of ``quotes`` that is speech.

    Without ``similar`` quotations meet only in one language.
    """
    speech = [quote for quote in quotes if quote.kind == "speech"]
    if not speech:
        return ()
    rows = similar([(quote.text, quote.lang) for quote in speech]) if similar else None
    cosines = None if rows is None else rows @ rows.T
    home, told = _statements(comparison)
    stated = [
        {home[place] for one in quote.sentences if (place := (one.article, one.sentence)) in home}
        for quote in speech
    ]
    of: dict[str, list[int]] = defaultdict(list)
    for j, quote in enumerate(speech):
        of[quote.source].append(j)
    result = []
    for i, quote in enumerate(speech):
        for column in comparison.columns:
            if column.source.id == quote.source:
                continue
            met = [
                found
                for j in of[column.source.id]
                if (
                    found := _compare(
                        quote,
                        speech[j],
                        None if cosines is None else float(cosines[i, j]),
                        together=bool(stated[i] & stated[j]),
                    )
                )
            ]
            if met:
                best = max(met, key=lambda found: found[0])[1]
            else:
                carried = [told[key] for id_ in sorted(stated[i]) if (key := (id_, column.source.id)) in told]
                best = _without_marks(quote, column.source.id, carried)
            result.append(replace(best, articles=column.articles, sentences=column.sentences))
    return tuple(result)


def _statements(comparison: Comparison) -> tuple[dict[tuple[str, int], str], dict[tuple[str, str], Cell]]:
    """Each sentence's statement, and the first cell of each statement and source."""
    home: dict[tuple[str, int], str] = {}
    told: dict[tuple[str, str], Cell] = {}
    for statement in comparison.statements:
        for cell in statement.cells:
            home[cell.article, cell.sentence] = statement.id
            told.setdefault((statement.id, cell.source), cell)
    return home, told


def _without_marks(quote: Quote, source: str, carried: Sequence[Cell]) -> Elsewhere:
    return Elsewhere(
        quote=quote.id,
        source=source,
        fate="paraphrased" if carried else "dropped",
        other="",
        cell=trace(carried[0]) if carried else None,
        gone=(),
        added=(),
        likeness=None,
        by_length=False,
        articles=0,
        sentences=0,
    )


def _compare(
    quote: Quote, other: Quote, cosine: float | None, *, together: bool
) -> tuple[float, Elsewhere] | None:
    """How ``other`` tells ``quote``, and how near it is; None where it is another quotation."""
    alike = quote.lang == other.lang
    strangers = bool(quote.who and other.who and quote.who != other.who and quote.by == other.by == "named")
    if strangers and (alike or not together):  # names of two scripts may be one person's
        return None
    found = replace(_without_marks(quote, other.source, ()), other=other.id, likeness=cosine)
    if not alike:
        return _by_length(quote, other, cosine, found, together=together)
    one, two = units(quote.text, quote.lang), units(other.text, other.lang)
    common = (Counter(one) & Counter(two)).total()
    likely = cosine is not None and cosine >= SAME + 0.1
    if not common or (common < 0.4 * min(len(one), len(two)) and not likely):
        return None
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    least = 2 if quote.lang == "zh" else 1
    kept = sum(block.size for block in matcher.get_matching_blocks() if block.size >= least)
    inside, of_other = kept / len(one), kept / len(two)
    if inside >= 0.8:  # all there, if not more
        fate: Fate = "whole"
    elif of_other >= 0.8 and (len(two) >= 2 or together):
        fate = "shortened"
    elif likely or (together and max(inside, of_other) >= 0.4):
        fate = "paraphrased"
    else:
        return None
    glue = "" if quote.lang == "zh" else " "
    steps = matcher.get_opcodes()
    gone = tuple(glue.join(one[a:b]) for tag, a, b, _, _ in steps if tag in ("delete", "replace"))
    added = tuple(glue.join(two[c:d]) for tag, _, _, c, d in steps if tag in ("insert", "replace"))
    return 1 + max(inside, of_other), replace(found, fate=fate, gone=gone, added=added)


def _by_length(
    quote: Quote, other: Quote, cosine: float | None, found: Elsewhere, *, together: bool
) -> tuple[float, Elsewhere] | None:
    """Across languages: nothing but likeness and length tells."""
    if cosine is None or cosine < (TOGETHER if together else SAME):
        return None
    size = len(other.text) * _PER_SIGN.get(other.lang, 1) / (len(quote.text) * _PER_SIGN.get(quote.lang, 1))
    fate: Fate = "shortened" if size < 0.6 else "paraphrased"
    if 0.6 <= size < 1.7 and cosine >= 0.7:
        fate = "whole"
    return cosine, replace(found, fate=fate, by_length=True)
