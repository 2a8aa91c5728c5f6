"""How likely two sentences of an event say the same: what the judge says, in the light of all around them.

The judge sees two sentences. Here it counts besides whether others of the event are nearer to either, what
third articles say, in which order the articles tell it, which numbers, names and words both have, whether a
sentence is a formula that article after article repeats, and whether one source wrote both.
``scripts/fit_pairs.py`` weighed that on real coverage that the judge was not fitted to, so that the
probabilities are what happens there.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.anchors import collect_names, find_anchors
from crosslingual.align.event_coverage import Indices
from crosslingual.align.features import find_repeats, order_features, row_lead
from crosslingual.align.judge import JudgeOutput
from crosslingual.align.pair_coverage import COSINE_STEPS
from crosslingual.align.transitivity import transitivity_features
from crosslingual.align.word_overlap import measure_word_overlap
from crosslingual.types import FloatArray

WEIGHTS_PATH = Path(__file__).with_suffix(".npz")
MIN_LOGIT, MAX_LOGIT = -9.0, 9.0
"""Logits beyond count as these."""
MIN_CANDIDATE_LOGIT = -4.5
"""Logit from which a pair is looked at in the light of others."""
MIN_RIVAL_LOGIT = -4.0
"""Logit that a rival has at least."""
_RIVAL_RANKS = (0, 2, 5)
_MAX_THREADS = 4
_PAIRS_PER_STRIP = 16_384
"""Pairs that go through the trees together: what is known of them stays in the processor's cache."""
_NON_LETTERS = re.compile(r"[\d\W_]+")


class PairContext:
    """What is known of an event's pairs of sentences; ``rows`` and ``columns`` (p,) are those looked at."""

    def __init__(
        self,
        judge_output: JudgeOutput,
        cosines: FloatArray,
        texts: Sequence[str],
        langs: Sequence[str],
        starts: Indices,
        sources: Sequence[str],
    ) -> None:
        """Look at the pairs that the judge does not find hopeless.

        Args:
            judge_output: what the judge makes of all s sentences.
            cosines: (s, s) of their centred vectors.
            texts: the s sentences.
            langs: (s,) their languages.
            starts: (a + 1,) where each article begins among them, and s.
            sources: (a,) whose articles these are.
        """
        sizes = np.diff(starts)
        self._sources = np.array(sources)
        self._starts, self._sizes = starts, sizes
        self._article = np.repeat(np.arange(len(sizes)), sizes)
        self._across = self._article[:, None] != self._article[None, :]
        self._logits = np.where(
            self._across, np.clip(judge_output.logits, MIN_LOGIT, MAX_LOGIT), np.float32(MIN_LOGIT)
        )
        self._judge_output, self._cosines = judge_output, cosines
        self._texts, self._langs = texts, np.array(langs)
        self.rows, self.columns = np.nonzero(np.triu(self._across & (self._logits > MIN_CANDIDATE_LOGIT), 1))

    def compute_features(self) -> dict[str, FloatArray]:
        """Each (p,), by its name, in the order in which they are weighed."""
        logits = self._logits
        probabilities = np.where(self._across, 1 / (1 + np.exp(-logits)), 0).astype(np.float32)
        found = {"judge": self._pair_values(logits)}
        repeats = find_repeats(self._texts, self._starts)
        found |= self._both_directions("lead", row_lead(logits, self._starts, MIN_RIVAL_LOGIT, repeats))
        found |= self._rank_features(logits)
        found |= self._density_features(probabilities)
        speak_for, against = transitivity_features(probabilities, self._starts, self.rows, self.columns)
        distance, ordered = (self._pair_values(one) for one in order_features(probabilities, self._starts))
        found |= {"for": speak_for, "against": against, "distance": distance, "ordered": ordered}
        found |= {"cosine": self._pair_values(self._cosines), "profile": self._profile_cosine(probabilities)}
        found |= self._both_directions("weakest", self._judge_output.weakest_coverage)
        for step, short in zip(COSINE_STEPS, self._judge_output.uncovered_shares, strict=True):
            found |= self._both_directions(f"short of {step}", short)
        found |= (
            self._neighbor_features()
            | self._position_features()
            | self._formula_features()
            | self._anchor_features()
            | self._source_features()
            | measure_word_overlap(self._texts, self._langs.tolist(), self.rows, self.columns)
        )
        return {name: np.asarray(one, dtype=np.float32) for name, one in found.items()}

    def _pair_values(self, table: FloatArray) -> FloatArray:
        return np.asarray(table[self.rows, self.columns], dtype=np.float32)

    def _both_directions(self, name: str, table: NDArray[Any]) -> dict[str, FloatArray]:
        """What holds from either side, the less and the more."""
        there, back = table[self.rows, self.columns], table[self.columns, self.rows]
        return {f"{name} less": np.minimum(there, back), f"{name} more": np.maximum(there, back)}

    def _both_sentences(self, name: str, values: FloatArray) -> dict[str, FloatArray]:
        """What is known of each sentence (s,), of both ends the less and the more."""
        one, other = values[self.rows], values[self.columns]
        return {f"{name} less": np.minimum(one, other), f"{name} more": np.maximum(one, other)}

    def _rank_features(self, logits: FloatArray) -> dict[str, FloatArray]:
        """How far a pair is above what is first, third and sixth of each end in the whole event."""
        found: dict[str, FloatArray] = {}
        own = self._pair_values(logits)
        for rank in _RIVAL_RANKS:
            place = max(logits.shape[1] - 1 - rank, 0)
            rival = np.partition(logits, place, axis=1)[:, place]
            one, other = own - rival[self.rows], own - rival[self.columns]
            found |= {
                f"above {rank} less": np.minimum(one, other),
                f"above {rank} more": np.maximum(one, other),
            }
        return found

    def _source_features(self) -> dict[str, FloatArray]:
        one, other = (self._sources[self._article[ends]] for ends in (self.rows, self.columns))
        return {"same source": (one == other).astype(np.float32)}

    def _density_features(self, probabilities: FloatArray) -> dict[str, FloatArray]:
        """How many say what either says, an article, and how much of the event is told by several."""
        others = max(len(self._sizes) - 1, 1)
        mass = np.log(probabilities.sum(axis=1) / others + 1e-3)
        count = len(self.rows)
        density = np.log(probabilities.sum() / max(len(probabilities), 1) / others + 1e-3)
        return self._both_sentences("mass", mass) | {
            "density": np.full(count, density),
            "articles": np.full(count, np.log(max(len(self._sizes), 1))),
            "sentences": np.full(count, np.log(max(len(probabilities), 1))),
        }

    def _profile_cosine(self, probabilities: FloatArray) -> FloatArray:
        """Cosine of what all sentences are to either."""
        lengths = np.linalg.norm(probabilities, axis=1) + 1e-6
        alike = (probabilities @ probabilities.T) / lengths[:, None] / lengths[None, :]
        return self._pair_values(np.asarray(alike, dtype=np.float32))

    def _neighbor_features(self) -> dict[str, FloatArray]:
        """The best logit of what stands before or behind both, and of either with the other's neighbours."""
        count = len(self._logits)
        padded = np.full((count + 2, count + 2), MIN_LOGIT, dtype=np.float32)
        padded[1:-1, 1:-1] = self._logits
        article = np.concatenate([[-1], self._article, [-2]])

        def logit_at(down: int, across: int) -> FloatArray:
            rows, columns = self.rows + 1 + down, self.columns + 1 + across
            same = article[rows] == self._article[self.rows]
            same &= article[columns] == self._article[self.columns]
            return np.where(same, padded[rows, columns], np.float32(MIN_LOGIT))

        return {
            "along": np.maximum(logit_at(1, 1), logit_at(-1, -1)),
            "aside": np.maximum.reduce([logit_at(0, 1), logit_at(0, -1), logit_at(1, 0), logit_at(-1, 0)]),
        }

    def _position_features(self) -> dict[str, FloatArray]:
        """Where in their articles both stand, how long these and they are, and whether in one language."""
        index = np.concatenate([np.arange(size) for size in self._sizes]).astype(np.float32)
        size = np.repeat(self._sizes, self._sizes).astype(np.float32)
        wide = np.isin(self._langs, ("zh", "ja", "ko"))
        length = np.log([1 + len(text) for text in self._texts]) + 0.8 * wide
        one, other = index[self.rows], index[self.columns]
        return (
            {
                "same language": (self._langs[self.rows] == self._langs[self.columns]).astype(np.float32),
                "headlines": (one == 0).astype(np.float32) + (other == 0),
                "apart": np.abs(one / size[self.rows] - other / size[self.columns]),
            }
            | self._both_sentences("place", np.log1p(index))
            | self._both_sentences("size", np.log(size))
            | self._both_sentences("length", np.asarray(length, dtype=np.float32))
        )

    def _formula_features(self) -> dict[str, FloatArray]:
        """In how many articles of the event the letters of either stand, and whether both have the same."""
        letters = [_NON_LETTERS.sub("", text).casefold() for text in self._texts]
        held = set(zip(letters, self._article.tolist(), strict=True))
        times = Counter(key for key, _ in held)
        number = {key: place for place, key in enumerate(times)}
        key = np.array([number[one] for one in letters])
        repeats = np.log([times[one] for one in letters]).astype(np.float32)
        same = (key[self.rows] == key[self.columns]).astype(np.float32)
        return self._both_sentences("repeated", repeats) | {
            "same letters": same,
            "formula": same * repeats[self.rows],
        }

    def _anchor_features(self) -> dict[str, FloatArray]:
        """Numbers and dates, and names, that both have, by how rare they are in the event."""
        names = {
            lang: collect_names(
                [text for text, own in zip(self._texts, self._langs, strict=True) if own == lang], lang
            )
            for lang in dict.fromkeys(self._langs.tolist())
        }
        held = [
            {one.key for one in find_anchors(text, lang, names[lang]) if not one.is_weak}
            for text, lang in zip(self._texts, self._langs.tolist(), strict=True)
        ]
        times = Counter(key for own in held for key in own)
        found: dict[str, FloatArray] = {}
        for name, wanted in (("numbers", _is_number_key), ("names", _is_name_key)):
            shared, least, most = self._shared_weights(held, times, wanted)
            found |= {
                f"{name} shared": shared,
                f"{name} of less": np.where(least > 0, shared / np.maximum(least, 1e-6), -0.3),
                f"{name} of more": np.where(most > 0, shared / np.maximum(most, 1e-6), -0.3),
                f"{name} differ": ((least > 0) & (shared == 0)).astype(np.float32),
            }
        return found

    def _shared_weights(
        self, anchor_keys: Sequence[set[str]], counts: Counter[str], is_wanted: Callable[[str], bool]
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Weight (p,) of what both have, and of what the end with less and with more of it has."""
        number = {key: place for place, key in enumerate(key for key in counts if is_wanted(key))}
        rare = np.array([np.log1p(len(anchor_keys) / counts[key]) for key in number], dtype=np.float32)
        has = np.zeros((len(anchor_keys), len(number)), dtype=np.float32)
        for row, own in zip(has, anchor_keys, strict=True):
            row[[number[key] for key in own if key in number]] = 1
        weighed = np.asarray(has * rare, dtype=np.float32)
        total = weighed.sum(axis=1)
        one, other = total[self.rows], total[self.columns]
        return self._pair_values(np.asarray(weighed @ has.T)), np.minimum(one, other), np.maximum(one, other)


def predict_pairs(features: dict[str, FloatArray]) -> FloatArray:
    """Probabilities (p,) of pairs with these ``features``, each (p,)."""
    trees = load_trees()
    table = [features[name] for name in trees.feature_names]
    found = np.full(len(table[0]), trees.base_logit, dtype=np.float32)

    def add_strip(begin: int) -> None:
        here = slice(begin, begin + _PAIRS_PER_STRIP)
        strip = [column[here] for column in table]
        for tree in trees.node_arrays:
            found[here] += _leaf_values(tree, strip)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MAX_THREADS)) as pool:
        list(pool.map(add_strip, range(0, len(found), _PAIRS_PER_STRIP)))  # what one raises is raised here
    return np.asarray(1 / (1 + np.exp(-found)), dtype=np.float32)


def _leaf_values(tree: tuple[NDArray[Any], ...], strip: Sequence[FloatArray]) -> FloatArray:
    """What a tree adds for each pair: all pairs pass every node, which spares following each."""
    feature, threshold, left, right, value = tree
    reached = {0: np.full(len(strip[0]), 255, dtype=np.uint8)}  # all bits set where a pair comes by
    leaves = np.zeros(len(strip[0]), dtype=np.uint8)
    for node in range(len(value)):
        here = reached.pop(node)
        if left[node] == node:
            leaves |= here & np.uint8(node)
        else:
            below = -(strip[feature[node]] <= threshold[node]).view(np.uint8)
            reached[int(left[node])] = first = here & below
            reached[int(right[node])] = here ^ first
    return np.asarray(value.take(leaves), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Boosted trees over the features ``feature_names``: log-odds begin at ``base_logit``, each tree adds to them.

    A tree of n ``node_arrays`` is five arrays (n,): which feature is looked at, up to which value the way
    goes to the left, the nodes to the left and right (a leaf leads to itself), and what a leaf adds. A node
    stands before those that it leads to.
    """

    feature_names: tuple[str, ...]
    base_logit: float
    node_arrays: tuple[tuple[NDArray[Any], ...], ...]


@cache
def load_trees() -> BoostedTrees:
    """As ``scripts/fit_pairs.py`` fitted them."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as saved:
        columns = [saved[name] for name in ("feature", "threshold", "left", "right", "value")]
        return BoostedTrees(
            tuple(saved["names"].tolist()), float(saved["base"]), tuple(zip(*columns, strict=True))
        )


def _is_name_key(key: str) -> bool:
    """Whether an anchor is a country or another name; else it is a number or date."""
    return key[0] in "cas"


def _is_number_key(key: str) -> bool:
    return not _is_name_key(key)
