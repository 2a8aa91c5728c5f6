"""Differences of two sentences that can be named: numbers, dates, names, negations, stances; and how sure each is."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crosslingual.framing.counterparts import (
    AnalyzedSentence,
    SentencePair,
    UnmatchedMention,
)
from crosslingual.framing.evidence import DifferenceEvidence
from crosslingual.framing.figure_differences import (
    MIN_LIKENESS,
    MIN_SURE_LIKENESS,
    contrast_figures,
    describe_item,
)
from crosslingual.framing.mentions import MAX_CHARS, Mention
from crosslingual.language.known_names import find_known_names
from crosslingual.language.speakers import is_title

Side = Literal[0, 1]
_AGAINST = " against "
_COUNTRY = "c:"
"""How the key of a country begins."""


@dataclass(frozen=True, slots=True)
class DifferenceSpan:
    """Characters ``start`` to ``end`` of the cell on ``side`` that the other has not, or has otherwise.

    ``kind`` is "number", "date", "name", "negation", "attribution", "hedge", "clause" or "words";
    ``description`` says in words what differs. ``is_sure``: both say the same thing with values that cannot both
    hold; any other is perhaps a paraphrase.
    """

    side: Side
    start: int
    end: int
    kind: str
    description: str
    is_sure: bool = False

    @property
    def stands_against(self) -> bool:
        """Whether something else stands opposite, rather than nothing."""
        return _AGAINST in self.description


def find_named_differences(evidence: DifferenceEvidence, side: Side) -> Iterator[DifferenceSpan]:
    """What the sentence on ``side`` has, and the other has not or has otherwise, as far as it can be named."""
    pair = evidence.pair.swapped if side else evidence.pair
    yield from _figure_spans(evidence, pair, side)
    yield from _place_spans(evidence, pair, side)
    yield from _person_spans(evidence, pair, side)
    for kind in ("negation", "attribution", "hedge"):
        yield from _wording_spans(kind, evidence.unmatched[kind][side], pair, side)


def _figure_spans(evidence: DifferenceEvidence, pair: SentencePair, side: Side) -> Iterator[DifferenceSpan]:
    mine, theirs = (
        [one.mention for kind in ("number", "date") for one in evidence.unmatched[kind][at]]
        for at in (side, 1 - side)
    )
    for found in contrast_figures(pair, mine, theirs):
        item, rival = found.item, found.rival
        about = _describe_contrast(
            describe_item(item, pair.left.text), describe_item(rival, pair.right.text) if rival else ""
        )
        yield DifferenceSpan(side, item.start, item.end, item.kind, about, found.is_sure)


def _place_spans(evidence: DifferenceEvidence, pair: SentencePair, side: Side) -> Iterator[DifferenceSpan]:
    """Places; a country against another, or a city, only where each sentence has one that the other lacks."""
    lone = [one.mention for one in evidence.unmatched["name"][side]]
    rivals = {one.mention.key: one.mention for one in evidence.unmatched["name"][1 - side]}
    is_only = len({mark.key for mark in lone}) == len(rivals) == 1
    rival = next(iter(rivals.values())) if is_only else None
    for mark in lone:
        is_alike = rival is not None and mark.key.startswith(_COUNTRY) == rival.key.startswith(_COUNTRY)
        yield _name_span(mark, rival if is_alike else None, pair, side)


def _person_spans(evidence: DifferenceEvidence, pair: SentencePair, side: Side) -> Iterator[DifferenceSpan]:
    """Persons of the list in whose place another stands; other names by sound, of one script, also those only here."""
    here, there = _listed_persons(pair.left), _listed_persons(pair.right)
    lone, rivals = here.keys() - there.keys(), there.keys() - here.keys()
    taken = [(here[key].start, here[key].end) for key in here.keys() & there.keys()]
    if len(lone) == len(rivals) == 1:
        span = _name_span(here[lone.pop()], there[rivals.pop()], pair, side)
        if span.stands_against:
            taken.append((span.start, span.end))
            yield span
    if _main_script(pair.left.text) != _main_script(pair.right.text):
        return  # sounds of two scripts are not sure enough: Путиным, Putin
    for one in evidence.unmatched_names[side]:
        mark, rival = one.mention, one.rival
        is_listed = any(start < mark.end and mark.start < end for start, end in taken)
        if is_listed or not mark.is_firm or is_title(mark.key, pair.left.lang):
            continue
        if rival and (not rival.is_firm or is_title(rival.key, pair.right.lang)):
            rival = None
        yield replace(_name_span(mark, rival, pair, side), is_sure=False)


def _listed_persons(sentence: AnalyzedSentence) -> dict[str, Mention]:
    """The persons of the list whom a sentence names, by their keys, each where it first does."""
    found: dict[str, Mention] = {}
    for one in find_known_names(sentence.text[:MAX_CHARS], sentence.lang):
        if one.kind == "person":
            found.setdefault(one.key, Mention("name", one.key, one.start, one.end))
    return found


def _name_span(mention: Mention, rival: Mention | None, pair: SentencePair, side: Side) -> DifferenceSpan:
    """A name, against ``rival`` where the sentences are otherwise so alike that one stands for the other."""
    likeness = pair.likeness_beside((mention.start, mention.end), (rival.start, rival.end)) if rival else 0.0
    there = _written(rival, pair.right.text) if rival and likeness >= MIN_LIKENESS else ""
    about = _describe_contrast(_written(mention, pair.left.text), there)
    is_sure = bool(there) and likeness >= MIN_SURE_LIKENESS
    return DifferenceSpan(side, mention.start, mention.end, "name", about, is_sure)


def _wording_spans(
    kind: str, unmatched: Sequence[UnmatchedMention], pair: SentencePair, side: Side
) -> Iterator[DifferenceSpan]:
    """Negations, hedges and stances of verbs of saying; with a stance the verb opposite."""
    for one in unmatched:
        mark, rival = one.mention, one.rival
        written = _written(mark, pair.left.text)
        if kind != "attribution":
            about = f"{written}: {'negated only' if kind == 'negation' else 'less sure'} here"
        elif mark.key == "neutral":
            continue
        elif rival:
            about = f"{written} ({mark.key}) against {_written(rival, pair.right.text)} ({rival.key})"
            yield DifferenceSpan(_other(side), rival.start, rival.end, kind, about)
        else:
            about = f"{written} ({mark.key}): such a stance only here"
        yield DifferenceSpan(side, mark.start, mark.end, kind, about)


def _other(side: Side) -> Side:
    return 0 if side else 1


def _written(mention: Mention, text: str) -> str:
    return text[mention.start : mention.end].strip()


def _describe_contrast(here: str, there: str) -> str:
    return f"{here}{_AGAINST}{there}" if there else f"{here}: only here"


def _main_script(text: str) -> str:
    """The script that most letters of ``text`` are of: its name in Unicode, ``CYRILLIC``."""
    letters = Counter(unicodedata.name(char, "").split(" ")[0] for char in text[:MAX_CHARS] if char.isalpha())
    return max(letters, key=letters.__getitem__, default="")
