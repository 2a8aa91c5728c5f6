"""The rows of an event at every threshold, worked out once: the browser only picks from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from crosslingual.statements import PERHAPS, Group, groups_at
from crosslingual.types import Article, Bond, Cell, Comparison, Place

LEAST, MOST = 30, 99
"""The thresholds that can be asked for, in per cent."""
SHORT, LONG = 40, 220
"""Characters of a sentence that says enough to stand for its row, and not too much."""
_DENSE = {"zh": 3.0, "ja": 2.4, "ko": 1.8}  # how much a character says, beside a letter
_ENDS = (*".!?。！？…", "”", "»", '"', "」")


@dataclass(frozen=True, slots=True)
class Span:
    """A group of sentences, and the thresholds in per cent, both inclusive, at which it is a row."""

    group: Group
    least: int
    most: int


def spans(bonds: Sequence[Bond], sources: Sequence[str]) -> list[Span]:
    """Every group that is a row at some threshold, by ``groups_at``, and at which."""
    open_: dict[Group, int] = {}
    found: list[Span] = []
    rows: list[Group] = []
    counted = -1
    for per_cent in range(MOST, LEAST - 1, -1):
        sure = sum(bond.probability >= per_cent / 100 for bond in bonds)
        if sure != counted:
            counted, rows = sure, groups_at(bonds, per_cent / 100, sources)
            now = set(rows)
            found += [Span(group, per_cent + 1, most) for group, most in open_.items() if group not in now]
            open_ = {group: open_.get(group, per_cent) for group in rows}
    return found + [Span(group, LEAST, most) for group, most in open_.items()]


class Rows:
    """What the browser is given of the rows of a comparison, each with the words that stand for it.

    Sentences are nodes: their numbers when the articles stand one after another. ``told[a]`` are the
    sentences of article a, ``voices[a]`` whose word it is and ``columns[a]`` its source's place.
    """

    def __init__(
        self,
        comparison: Comparison,
        told: Sequence[Sequence[Cell]],
        columns: Sequence[int],
        voices: Sequence[int],
        apart: Iterable[tuple[Place, Place]],
        reader: str,
    ) -> None:
        self._comparison, self._told, self._reader = comparison, told, reader
        self._columns, self._voices = columns, voices
        self._starts = [0]
        for own in told:
            self._starts.append(self._starts[-1] + len(own))
        self._parted = {frozenset(pair) for pair in apart}
        self._near: dict[Place, list[tuple[Place, float]]] = defaultdict(list)
        for link in comparison.links:
            if link.probability >= PERHAPS:
                self._near[link.one].append((link.other, link.probability))
                self._near[link.other].append((link.one, link.probability))
        self._countries = {number: column.source.country for number, column in enumerate(comparison.columns)}

    def node(self, place: Place) -> int:
        """The number of a sentence."""
        return self._starts[place[0]] + place[1]

    def all(self) -> list[dict[str, Any]]:
        """The rows at every threshold."""
        sources = [article.source for article in self._comparison.articles]
        return [self._row(span) for span in spans(self._comparison.bonds, sources)]

    def _row(self, span: Span) -> dict[str, Any]:
        group = span.group
        return {
            "nodes": [self.node(place) for place in group.places],
            "own": [self.node(place) for place in group.own],
            "probability": group.probability,
            "made": group.made,
            "least": span.least,
            "most": span.most,
            "carried": len({self._voices[article] for article, _ in group.places}),
            "perhaps": [
                [column, self.node(place), round(probability, 4)]
                for column, (place, probability) in sorted(self._perhaps(group).items())
            ],
            "says": self.node(self._spokesman(group)),
            "spread": round(self._spread(group), 3),
            "position": round(self._position(group), 4),
        }

    def _perhaps(self, group: Group) -> dict[int, tuple[Place, float]]:
        """Of each source that does not carry a row, the sentence that may say it all the same.

        As ``may_say`` does, from the links that are kept: the best of each source is among them.
        """
        carrying = {self._columns[article] for article, _ in group.places}
        found: dict[int, tuple[Place, float]] = {}
        for place in group.places:
            for other, link in self._near[place]:
                column, probability = self._columns[other[0]], link * group.probability
                known = found.get(column, (other, 0.0))[1]
                if column in carrying or probability < PERHAPS or probability <= known:
                    continue
                if frozenset((place, other)) not in self._parted:
                    found[column] = other, probability
        return found

    def _spokesman(self, group: Group) -> Place:
        """The sentence that stands for a row: the reader's own language first, then a translation, then any.

        Of these the shortest that is a whole sentence. Guests say more than the row does, and have a row of
        their own: they stand only for one that could not be read otherwise.
        """
        return min(group.places, key=lambda place: (*self._standing(place, group), place))

    def _standing(self, place: Place, group: Group) -> tuple[int, int, float]:
        cell = self._told[place[0]][place[1]]
        text, lang, kind = cell.text, cell.lang, 4
        if lang == self._reader:
            kind = 0
        elif cell.translation and cell.translation.lang == self._reader:
            text, lang, kind = cell.translation.text, cell.translation.lang, 1
        size = len(text) * _DENSE.get(lang, 1.0)
        doubts = kind == 1 and bool(cell.translation and cell.translation.doubts)
        flaws = (size < SHORT) + (size > LONG) + doubts + (not text.rstrip().endswith(_ENDS))
        guest = place not in group.own
        return kind + 2 * guest, flaws, abs(size - SHORT)

    def _spread(self, group: Group) -> float:
        """How far it is spread over languages and countries: of each the next source counts less."""
        carrying = {
            self._columns[article]: self._comparison.articles[article].lang for article, _ in group.places
        }
        langs = Counter(carrying.values())
        countries = Counter(self._countries[column] for column in carrying)
        countries.pop("", None)
        spread = sum(map(sqrt, langs.values()))
        return spread + sum(map(sqrt, countries.values())) if countries else spread

    def _position(self, group: Group) -> float:
        """Where the articles tell it on average: 0 at their beginnings, 1 at their ends."""
        return sum(index / len(self._told[article]) for article, index in group.places) / len(group.places)


def parted(corrections: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Place, Place]]:
    """The pairs that were parted by hand and not joined since; corrections are those of the payload."""
    pairs: dict[frozenset[Place], tuple[Place, Place]] = {}
    for correction in corrections:
        for one in correction["one"]:
            for other in correction["other"]:
                pair = frozenset((one, other))
                if correction["kind"] == "joined":
                    pairs.pop(pair, None)
                else:
                    pairs[pair] = (one, other)
    yield from pairs.values()


def handled(corrections: Iterable[Mapping[str, Any]]) -> Iterator[Place]:
    """The sentences that a person has put where they are."""
    for correction in corrections:
        yield from correction["one"]
        if correction["kind"] == "joined":
            yield from correction["other"]


def language_of(column: int, articles: Sequence[Article], columns: Sequence[int]) -> str:
    """The language in which a source tells the event: of most of its articles."""
    langs = Counter(article.lang for article, at in zip(articles, columns, strict=True) if at == column)
    return langs.most_common(1)[0][0] if langs else ""
