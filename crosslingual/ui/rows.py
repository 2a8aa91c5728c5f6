"""The rows of an event at every threshold, worked out once: the browser only picks from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from crosslingual.compare.statements import MIN_PERHAPS_PROBABILITY, SentenceGroup, groups_at_threshold
from crosslingual.types import Article, Cell, Comparison, MergeEdge, SentenceIndex

MIN_PERCENT, MAX_PERCENT = 30, 99
"""The thresholds that can be asked for, in per cent."""
MIN_CHARS, MAX_CHARS = 40, 220
"""Characters of a sentence that says enough to stand for its row, and not too much."""
_CHAR_WEIGHTS = {"zh": 3.0, "ja": 2.4, "ko": 1.8}  # how much a character says, beside a letter
_SENTENCE_ENDS = (*".!?。！？…", "”", "»", '"', "」")


@dataclass(frozen=True, slots=True)
class ThresholdRange:
    """A group of sentences, and the thresholds in per cent, both inclusive, at which it is a row."""

    group: SentenceGroup
    min_percent: int
    max_percent: int


def threshold_ranges(bonds: Sequence[MergeEdge], sources: Sequence[str]) -> list[ThresholdRange]:
    """Every group that is a row at some threshold, by ``groups_at_threshold``, and at which."""
    open_: dict[SentenceGroup, int] = {}
    found: list[ThresholdRange] = []
    rows: list[SentenceGroup] = []
    counted = -1
    for per_cent in range(MAX_PERCENT, MIN_PERCENT - 1, -1):
        sure = sum(bond.probability >= per_cent / 100 for bond in bonds)
        if sure != counted:
            counted, rows = sure, groups_at_threshold(bonds, per_cent / 100, sources)
            now = set(rows)
            found += [
                ThresholdRange(group, per_cent + 1, most) for group, most in open_.items() if group not in now
            ]
            open_ = {group: open_.get(group, per_cent) for group in rows}
    return found + [ThresholdRange(group, MIN_PERCENT, most) for group, most in open_.items()]


class RowSerializer:
    """What the browser is given of the rows of a comparison, each with the words that stand for it.

    Sentences are nodes: their numbers when the articles stand one after another. ``sentences[a]`` are those
    of article a, ``voice_columns[a]`` is whose word it is and ``article_columns[a]`` its source's place.
    """

    def __init__(
        self,
        comparison: Comparison,
        sentences: Sequence[Sequence[Cell]],
        article_columns: Sequence[int],
        voice_columns: Sequence[int],
        separated_pairs: Iterable[tuple[SentenceIndex, SentenceIndex]],
        target_lang: str,
    ) -> None:
        self._comparison, self._sentences, self._target_lang = comparison, sentences, target_lang
        self._article_columns, self._voice_columns = article_columns, voice_columns
        self._node_offsets = [0]
        for own in sentences:
            self._node_offsets.append(self._node_offsets[-1] + len(own))
        self._separated_pairs = {frozenset(pair) for pair in separated_pairs}
        self._perhaps_links: dict[SentenceIndex, list[tuple[SentenceIndex, float]]] = defaultdict(list)
        for link in comparison.links:
            if link.probability >= MIN_PERHAPS_PROBABILITY:
                self._perhaps_links[link.left].append((link.right, link.probability))
                self._perhaps_links[link.right].append((link.left, link.probability))
        self._countries = {
            number: column.source.country for number, column in enumerate(comparison.source_summaries)
        }

    def node_number(self, index: SentenceIndex) -> int:
        """The number of a sentence."""
        return self._node_offsets[index[0]] + index[1]

    def serialize_rows(self) -> list[dict[str, Any]]:
        """The rows at every threshold."""
        sources = [article.source for article in self._comparison.articles]
        return [self._serialize_row(span) for span in threshold_ranges(self._comparison.merge_edges, sources)]

    def _serialize_row(self, threshold_range: ThresholdRange) -> dict[str, Any]:
        group = threshold_range.group
        return {
            "nodes": [self.node_number(place) for place in group.sentences],
            "own": [self.node_number(place) for place in group.primary_sentences],
            "probability": group.probability,
            "made": group.is_manual,
            "least": threshold_range.min_percent,
            "most": threshold_range.max_percent,
            "carried": len({self._voice_columns[article] for article, _ in group.sentences}),
            "perhaps": [
                [column, self.node_number(place), round(probability, 4)]
                for column, (place, probability) in sorted(self._find_perhaps(group).items())
            ],
            "says": self.node_number(self._representative(group)),
            "spread": round(self._spread_score(group), 3),
            "position": round(self._mean_position(group), 4),
        }

    def _find_perhaps(self, group: SentenceGroup) -> dict[int, tuple[SentenceIndex, float]]:
        """Of each source that does not carry a row, the sentence that may say it all the same.

        As ``find_perhaps`` does, from the links that are kept: the best of each source is among them.
        """
        carrying = {self._article_columns[article] for article, _ in group.sentences}
        found: dict[int, tuple[SentenceIndex, float]] = {}
        for place in group.sentences:
            for other, link in self._perhaps_links[place]:
                column, probability = self._article_columns[other[0]], link * group.probability
                known = found.get(column, (other, 0.0))[1]
                if column in carrying or probability < MIN_PERHAPS_PROBABILITY or probability <= known:
                    continue
                if frozenset((place, other)) not in self._separated_pairs:
                    found[column] = other, probability
        return found

    def _representative(self, group: SentenceGroup) -> SentenceIndex:
        """The sentence that stands for a row: the reader's own language first, then a translation, then any.

        Of these the shortest that is a whole sentence. Guests say more than the row does, and have a row of
        their own: they stand only for one that could not be read otherwise.
        """
        return min(group.sentences, key=lambda place: (*self._representative_rank(place, group), place))

    def _representative_rank(self, index: SentenceIndex, group: SentenceGroup) -> tuple[int, int, float]:
        cell = self._sentences[index[0]][index[1]]
        text, lang, kind = cell.text, cell.lang, 4
        if lang == self._target_lang:
            kind = 0
        elif cell.translation and cell.translation.lang == self._target_lang:
            text, lang, kind = cell.translation.text, cell.translation.lang, 1
        size = len(text) * _CHAR_WEIGHTS.get(lang, 1.0)
        doubts = kind == 1 and bool(cell.translation and cell.translation.issues)
        flaws = (
            (size < MIN_CHARS) + (size > MAX_CHARS) + doubts + (not text.rstrip().endswith(_SENTENCE_ENDS))
        )
        guest = index not in group.primary_sentences
        return kind + 2 * guest, flaws, abs(size - MIN_CHARS)

    def _spread_score(self, group: SentenceGroup) -> float:
        """How far it is spread over languages and countries: of each the next source counts less."""
        carrying = {
            self._article_columns[article]: self._comparison.articles[article].lang
            for article, _ in group.sentences
        }
        langs = Counter(carrying.values())
        countries = Counter(self._countries[column] for column in carrying)
        countries.pop("", None)
        spread = sum(map(sqrt, langs.values()))
        return spread + sum(map(sqrt, countries.values())) if countries else spread

    def _mean_position(self, group: SentenceGroup) -> float:
        """Where the articles tell it on average: 0 at their beginnings, 1 at their ends."""
        return sum(index / len(self._sentences[article]) for article, index in group.sentences) / len(
            group.sentences
        )


def separated_pairs(
    corrections: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[SentenceIndex, SentenceIndex]]:
    """The pairs that were parted by hand and not joined since; corrections are those of the payload."""
    pairs: dict[frozenset[SentenceIndex], tuple[SentenceIndex, SentenceIndex]] = {}
    for correction in corrections:
        for one in correction["one"]:
            for other in correction["other"]:
                pair = frozenset((one, other))
                if correction["kind"] == "joined":
                    pairs.pop(pair, None)
                else:
                    pairs[pair] = (one, other)
    yield from pairs.values()


def corrected_sentences(corrections: Iterable[Mapping[str, Any]]) -> Iterator[SentenceIndex]:
    """The sentences that a person has put where they are."""
    for correction in corrections:
        yield from correction["one"]
        if correction["kind"] == "joined":
            yield from correction["other"]


def main_language(column: int, articles: Sequence[Article], article_columns: Sequence[int]) -> str:
    """The language in which a source tells the event: of most of its articles."""
    langs = Counter(
        article.lang for article, at in zip(articles, article_columns, strict=True) if at == column
    )
    return langs.most_common(1)[0][0] if langs else ""
