"""Numbers and dates of two sentences that differ: held against each other only where both count the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel import Locale

from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair
from crosslingual.framing.mentions import Mention, format_amount
from crosslingual.language.figure_values import has_same_noun, has_same_unit, is_only_value, values_agree
from crosslingual.language.figures import PERSONS, Figure, find_figures
from crosslingual.language.lexicons import place_countries, section_patterns

_COUNTED_PERSONS = frozenset({*section_patterns("figures", "toll", "en"), PERSONS})
"""What a sentence has one total of, as a rule; of kilometres, years or dollars it may have several."""
MIN_LIKENESS, MIN_SURE_LIKENESS = 0.5, 0.6
"""How near the rest of two sentences is from which what differs stands perhaps, and surely, for one another."""
_TOTAL_MARGIN = 0.15
"""What may lack of it where both count the same persons or things, and nothing else does."""
_MIN_SAME_NOUN = 0.6
"""Cosine of what two numbers count from which it may be the same."""
_SHARE_TOLERANCE = 2
"""Per cent by which a share in words, as a quarter, may differ from one in digits."""


@dataclass(frozen=True, slots=True)
class FigureItem:
    """Characters ``start`` to ``end``: a number or date that the sentence opposite lacks, with what it counts.

    ``figure`` is None of a number that is read as none: an ordinal, a share in words.
    """

    kind: str
    start: int
    end: int
    mention: Mention
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class FigureContrast:
    """A number or date without counterpart, and what stands opposite instead, if both count the same thing."""

    item: FigureItem
    rival: FigureItem | None
    is_sure: bool


def contrast_figures(
    pair: SentencePair, unmatched: Sequence[Mention], rivals: Sequence[Mention]
) -> Iterator[FigureContrast]:
    """Numbers and dates of ``pair.left`` that are ``unmatched``, each with the one of ``rivals`` that it contradicts.

    Two stand against each other only where neither sentence has another that counts the same: else which answers
    which is not known. Nor is that sure where one has another that the other sentence has too.
    """
    here = _collect_items(pair.left, pair.right, unmatched)
    there = _collect_items(pair.right, pair.left, rivals)
    for item in here:
        rival = _find_rival(pair, item, here, there)
        if rival is None:
            yield FigureContrast(item, None, is_sure=False)
            continue
        likeness = pair.likeness_beside((item.start, item.end), (rival.start, rival.end))
        likeness += _TOTAL_MARGIN if _are_totals(pair, item, rival) else 0
        is_sure = likeness >= MIN_SURE_LIKENESS and all(
            one.figure is None or is_only_value(one.figure, sentence.text, sentence.lang)
            for one, sentence in ((item, pair.left), (rival, pair.right))
        )
        yield FigureContrast(item, rival if likeness >= MIN_LIKENESS else None, is_sure)


def _find_rival(
    pair: SentencePair, item: FigureItem, here: Sequence[FigureItem], there: Sequence[FigureItem]
) -> FigureItem | None:
    """The one of ``there`` that counts the same as ``item``, whose value cannot hold beside its value."""
    opposite = [one for one in there if _count_same(pair, item, one)]
    if len(opposite) != 1 or sum(_count_same(pair, one, opposite[0]) for one in here) > 1:
        return None
    (rival,) = opposite
    can_both_hold = item.figure and rival.figure and values_agree(item.figure, rival.figure)
    return None if can_both_hold else rival


def describe_item(item: FigureItem, text: str) -> str:
    """As it is written, and behind it what it means where that cannot be seen: 2.4万 (24,000)."""
    written = text[item.start : item.end].strip()
    meant = ""
    if item.kind == "number" and (item.figure or any(map(str.isdigit, written))):
        key = item.mention.key
        meant = format_amount(key) if len(key) > 4 else key  # a year has no comma
    elif item.kind == "date" and not item.figure:
        meant = _day_name(item.mention.key)
    plain = written.lower().replace(",", "")
    is_told = not meant or plain.startswith(meant.lower().replace(",", ""))
    return written if is_told else f"{written} ({meant})"


def _collect_items(
    sentence: AnalyzedSentence, opposite: AnalyzedSentence, unmatched: Sequence[Mention]
) -> list[FigureItem]:
    """``unmatched`` of ``sentence``, those of one date together, without what ``opposite`` says in other words."""
    figures = find_figures(sentence.text, sentence.lang)
    others = find_figures(opposite.text, opposite.lang)
    found: dict[tuple[int, int], FigureItem] = {}
    for mark in unmatched:
        figure = next((one for one in figures if one.start < mark.end and mark.start < one.end), None)
        if figure and figure.kind == "date":
            if not any(one.kind == "date" and values_agree(figure, one) for one in others):
                found[figure.start, figure.end] = FigureItem("date", figure.start, figure.end, mark, figure)
        elif not _is_told_share(mark, figure, sentence, opposite, others):
            found[mark.start, mark.end] = FigureItem(mark.kind, mark.start, mark.end, mark, figure)
    return list(found.values())


def _is_told_share(
    mention: Mention,
    figure: Figure | None,
    sentence: AnalyzedSentence,
    opposite: AnalyzedSentence,
    others: Sequence[Figure],
) -> bool:
    """Whether one side has a share in words and the other the same one in per cent: a quarter, 25 %."""
    if figure is None or figure.kind == "count":
        parts = _share_parts(mention, figure, sentence)
        shares = [float(one.value) for one in others if one.kind == "percent" and one.value]
        return bool(parts) and any(_is_share_of(share, parts) for share in shares)
    if figure.kind != "percent" or not figure.value:
        return False
    words = (
        mark
        for mark in opposite.mentions_by_kind.get("number", ())
        if not any(one.start < mark.end and mark.start < one.end for one in others)
    )
    return any(_is_share_of(float(figure.value), mark.key) for mark in words)


def _share_parts(mention: Mention, figure: Figure | None, sentence: AnalyzedSentence) -> str:
    """Into how many parts a share in words divides: 4 of a quarter and three quarters; empty if it is none."""
    if figure is None:
        return mention.key
    end = figure.end + len(figure.words) + 1
    numbers = sentence.mentions_by_kind.get("number", ())
    return next((one.key for one in numbers if figure.end <= one.start and one.end <= end), "")


def _is_share_of(percent: float, parts: str) -> bool:
    """Whether so many per cent are one or several of so many parts."""
    count = float(parts) if ":" not in parts else 0  # a day or month
    if not 2 <= count <= 10:
        return False
    return any(abs(percent - 100 * taken / count) <= _SHARE_TOLERANCE for taken in range(1, int(count)))


def _count_same(pair: SentencePair, item: FigureItem, rival: FigureItem) -> bool:
    """Whether the two, of ``pair.left`` and ``pair.right``, may count the same thing."""
    left, right = item.figure, rival.figure
    if item.kind != rival.kind or (left is None) != (right is None):
        return False
    if left is None or right is None:
        return item.kind == "date" and item.mention.key[:1] == rival.mention.key[:1]
    if left.doubt or right.doubt or left.is_part or right.is_part:
        return False
    if left.kind == "date" or has_same_unit(left, right):
        return left.kind == right.kind
    if left.what or right.what or left.kind != right.kind or not left.words or not right.words:
        return False
    if pair.left.lang == pair.right.lang:
        return has_same_noun(left, pair.left.lang, right, pair.right.lang)
    return _noun_cosine(pair, left, right) >= _MIN_SAME_NOUN


def _noun_cosine(pair: SentencePair, left: Figure, right: Figure) -> float:
    return pair.span_cosine(
        left.end, left.end + len(left.words) + 1, right.end, right.end + len(right.words) + 1
    )


def _are_totals(pair: SentencePair, item: FigureItem, rival: FigureItem) -> bool:
    """Whether each sentence has one such figure, of persons or with the same noun: so that they answer one another.

    Where they name several countries, one may count the dead of this and the other those of that.
    """
    left, right = item.figure, rival.figure
    if left is None or right is None:
        return False
    if left.what not in _COUNTED_PERSONS and not has_same_noun(left, pair.left.lang, right, pair.right.lang):
        return False
    named = {
        country
        for sentence in (pair.left, pair.right)
        for mark in sentence.mentions_by_kind.get("name", ())
        for country in place_countries(mark.key)
    }
    return len(named) <= 1 and all(
        sum(_counts_like(one, figure) for one in find_figures(sentence.text, sentence.lang)) == 1
        for sentence, figure in ((pair.left, left), (pair.right, right))
    )


def _counts_like(figure: Figure, other: Figure) -> bool:
    return figure.kind == other.kind and (
        figure.what == other.what if other.what else figure.words == other.words
    )


def _day_name(key: str) -> str:
    locale = Locale.parse("en")
    kind, number = key.split(":")
    names = locale.months["format"]["wide"] if kind == "m" else locale.days["format"]["wide"]
    return str(names[int(number) - (kind == "d")])
