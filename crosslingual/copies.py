"""Articles that are one text: reprints and updates in one language, translated wire copy across languages."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np

from crosslingual.align.matching import Telling, liken
from crosslingual.align.parallel import common
from crosslingual.align.space import Space
from crosslingual.align.telling import centred_vectors, telling_of
from crosslingual.disk import draft
from crosslingual.events import article_vectors
from crosslingual.index import FlatIndex
from crosslingual.library import Library, plain
from crosslingual.types import Article, Copy, FloatArray, Sentence

SHARE = 0.5
"""Share of the sentences of the shorter that a copy has in common with the other."""
LEAST = 3
"""Sentences in common below which two texts are copies only if one of them is no longer than that."""
LONGER = 0.2
"""The same of the sentences of the longer, where they are in two languages: a short report may happen to say
nothing that a long one does not."""
ORDER = 0.8
"""Kendall's tau of what translations have in common: they tell it in the same order."""
ALIKE = 0.6
"""Share of the four-letter pieces of two sentences of one language that are the same sentence, edited."""
NEIGHBOURS = 20
"""Articles looked at around each, besides those that have a sentence in common with it."""
RECIPE = f"1 {SHARE} {LEAST} {LONGER} {ORDER} {ALIKE}"
"""How copies are told; its number grows with every change, so that nothing earlier is read."""

_NEAR = 0.3
"""Cosine of what two articles are about, below which they are not looked at."""
_WORTH = 0.4
"""Share in common by vectors alone, and order, from which two texts are looked at by their tokens too."""
_EDITED = 0.8
"""Cosine of sentences of one language that may be the same, edited."""
_PIECE = 4  # letters
_TELLING = 12
"""Letters and digits of a sentence below which it stands in any article."""
_ALONE = 40
"""Letters and digits that a text of less than ``LEAST`` sentences must have in common with the other."""
_REPEATED = 5
"""Articles of one source beyond which a sentence in them is a set phrase of that source."""
_CROWD = 200
"""Articles beyond which a sentence that stands in all of them is not looked up."""
_LOOKUP = 500  # articles read at once
_HELD = 2_000  # articles whose sentences are kept at hand


def find_copies(
    library: Library, space: Space, progress: Callable[[int, int], None] | None = None
) -> list[Copy]:
    """All pairs of the library's articles that are one text, in the order of their articles' ids.

    What was found is kept beside the library: of pairs that were looked at before only what is new is
    looked at, and nothing where nothing changed.

    Raises:
        LibraryError: an article lacks vectors or tokens of the space's model.
    """
    kept = _Kept.of(library, space)
    if kept.revision != library.revision:
        revision = library.revision
        _Comparing(library, space, kept.pairs).bring_up_to_date(progress)
        kept.revision = revision
        kept.save()
    return [found for _, found in sorted(kept.pairs.items()) if found]


def copy_groups(copies: Iterable[Copy]) -> list[tuple[str, ...]]:
    """The articles that hang together as copies, by their ids, each group sorted."""
    homes: dict[str, set[str]] = {}
    for copy in copies:
        group = homes.get(copy.one, {copy.one}) | homes.get(copy.other, {copy.other})
        homes.update(dict.fromkeys(group, group))
    return sorted({tuple(sorted(group)) for group in homes.values()})


def voices_of(articles: Sequence[Article], copies: Iterable[Copy]) -> dict[str, str]:
    """Whose word each article is, by its id: its source's, of copies that of the first to appear."""
    voices = {article.id: article.source for article in articles}
    by_id = {article.id: article for article in articles}
    for group in copy_groups(copies):
        first = min(group, key=lambda id_: (not by_id[id_].date, by_id[id_].date, id_))
        voices.update(dict.fromkeys(group, by_id[first].source))
    return voices


Pair = tuple[str, str]
Found = Copy | None
"""None where the two are no copies."""


@dataclass(slots=True)
class _Kept:
    """What was found until ``revision`` of a library, also of pairs that are no copies."""

    path: Path
    revision: str
    pairs: dict[Pair, Found]

    @classmethod
    def of(cls, library: Library, space: Space) -> _Kept:
        key = hashlib.sha256(f"{space.model}\0{space.tokens.key}\0{RECIPE}".encode()).hexdigest()
        path = library.path / "copies" / f"{key[:12]}.json"
        with suppress(Exception):  # missing, or whatever a damaged file provokes
            content = json.loads(path.read_bytes())
            pairs = {
                (str(one), str(other)): Copy(one, other, int(found[0]), float(found[1]), bool(found[2]))
                if found
                else None
                for one, other, *found in content["pairs"]
            }
            return cls(path, str(content["revision"]), pairs)
        return cls(path, "", {})

    def save(self) -> None:
        """Write it, whole or not at all."""
        pairs = [astuple(found) if found else pair for pair, found in self.pairs.items()]
        content = {"revision": self.revision, "pairs": pairs}
        with suppress(OSError):  # derived: what cannot be kept is found again
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with draft(self.path) as new:
                new.write_text(json.dumps(content), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Text:
    """An article's n telling sentences: their letters and digits, and (n, d) their centred vectors."""

    keys: list[str]
    vectors: FloatArray


class _Comparing:
    """Articles that may be copies are found by what they are about and by sentences they share."""

    def __init__(self, library: Library, space: Space, pairs: dict[Pair, Found]) -> None:
        self._library, self._space, self._pairs = library, space, pairs
        self._order, self._vectors = article_vectors(library, space)
        self._articles = {article.id: article for article in self._order}
        self._set_phrases: set[tuple[str, str]] = set()  # source and sentence
        self._text = lru_cache(_HELD)(self._read)
        self._telling = lru_cache(_HELD)(self._tell)

    def bring_up_to_date(self, progress: Callable[[int, int], None] | None) -> None:
        """Drop pairs of articles that are gone, and look at those that are new."""
        for pair in [pair for pair in self._pairs if not self._articles.keys() >= set(pair)]:
            del self._pairs[pair]
        # By article, so that those at hand are looked at together.
        new = sorted((self._sharing() | self._neighbours()) - self._pairs.keys())
        for done, (one, other) in enumerate(new):
            alike = self._articles[one].lang == self._articles[other].lang
            self._pairs[one, other] = self._reprint(one, other) if alike else self._translation(one, other)
            if progress:
                progress(done + 1, len(new))

    def _neighbours(self) -> set[Pair]:
        """Pairs that are about the same."""
        if len(self._order) < 2:
            return set()
        near = FlatIndex.of(self._vectors).search(self._vectors, min(NEIGHBOURS + 1, len(self._order)))
        return {
            _pair(self._order[one].id, self._order[other].id)
            for one, (others, cosines) in enumerate(zip(near.ids.tolist(), near.cosines, strict=True))
            for other, cosine in zip(others, cosines, strict=True)
            if other not in (one, -1) and cosine >= _NEAR
        }

    def _sharing(self) -> set[Pair]:
        """Pairs that have two telling sentences in common, letter by letter, or all that one of them has."""
        holders: dict[str, list[str]] = defaultdict(list)
        sizes: dict[str, int] = {}
        for id_, sentences in self._all_sentences():
            keys = {key for sentence in sentences if len(key := plain(sentence.text)) >= _TELLING}
            sizes[id_] = len(keys)
            for key in keys:
                holders[_digest(key)].append(id_)
        found: Counter[Pair] = Counter()
        for key, ids in holders.items():
            times = Counter(self._articles[id_].source for id_ in ids)
            repeating = {source for source, count in times.items() if count > _REPEATED}
            self._set_phrases.update((source, key) for source in repeating)
            ids = [id_ for id_ in ids if self._articles[id_].source not in repeating]
            if len(ids) <= _CROWD:
                found.update(_pair(one, other) for one, other in combinations(ids, 2))
        return {pair for pair, count in found.items() if count >= min(2, *(sizes[id_] for id_ in pair))}

    def _all_sentences(self) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
        ids = list(self._articles)
        for start in range(0, len(ids), _LOOKUP):
            yield from self._library.sentences(ids[start : start + _LOOKUP]).items()

    def _read(self, id_: str) -> _Text:
        article = self._articles[id_]
        told = [
            (key, sentence)
            for sentence in self._library.sentences([id_])[id_]
            if len(key := plain(sentence.text)) >= _TELLING
            and (article.source, _digest(key)) not in self._set_phrases
        ]
        own = [sentence for _, sentence in told]
        return _Text([key for key, _ in told], centred_vectors(self._library, self._space, article, own))

    def _tell(self, id_: str) -> Telling:
        own = self._library.sentences([id_])[id_]
        return telling_of(self._library, self._space, self._articles[id_], own)

    def _reprint(self, one: str, other: str) -> Found:
        """What two texts of one language have in common: the same sentences, some of them edited."""
        first, second = self._text(one), self._text(other)
        shorter = min(len(first.keys), len(second.keys))
        if not shorter:
            return None
        places = {key: place for place, key in enumerate(second.keys)}
        same = {place: places.pop(key) for place, key in enumerate(first.keys) if key in places}
        letters = sum(len(first.keys[place]) for place in same)
        whole = len(same) == shorter and letters >= _ALONE
        left = set(range(len(second.keys))) - set(same.values())
        near = first.vectors @ second.vectors.T >= _EDITED
        for place in set(range(len(first.keys))) - set(same):
            candidates = [k for k in np.flatnonzero(near[place]).tolist() if k in left]
            edited = next((k for k in candidates if _alike(first.keys[place], second.keys[k])), None)
            if edited is not None:
                same[place] = edited
                left.discard(edited)
        share = len(same) / shorter
        enough = whole or (len(same) >= LEAST and share >= SHARE)
        return Copy(one, other, len(same), share, translated=False) if enough else None

    def _translation(self, one: str, other: str) -> Found:
        """What two texts of two languages have in common, told in the same order."""
        first, second = self._text(one), self._text(other)
        shorter, longer = sorted((len(first.keys), len(second.keys)))
        # Vectors alone say little of single sentences, but much of whether it is worth a closer look.
        hint = common(first.vectors @ second.vectors.T)
        if hint.pairs < LEAST or hint.pairs < _WORTH * shorter or hint.order < _WORTH:
            return None
        sides = self._telling(one), self._telling(other)
        size = len(sides[0].texts)
        found = common(liken(sides).probabilities[:size, size:])
        share = min(found.pairs / max(shorter, 1), 1.0)
        enough = found.pairs >= max(LEAST, LONGER * longer) and share >= SHARE and found.order >= ORDER
        return Copy(one, other, found.pairs, share, translated=True) if enough else None


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def _alike(one: str, other: str) -> bool:
    """Whether two sentences consist of the same pieces for the most part."""
    first, second = ({key[start : start + _PIECE] for start in range(len(key))} for key in (one, other))
    return len(first & second) >= ALIKE * len(first | second)
