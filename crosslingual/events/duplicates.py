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
from numpy.typing import NDArray

from crosslingual.align.encoded_article import load_centered_vectors, load_encoded_article
from crosslingual.align.matching import EncodedArticle, score_pairs
from crosslingual.align.parallel import measure_shared_content
from crosslingual.align.space import Space
from crosslingual.events.clustering import load_article_vectors
from crosslingual.files import atomic_write
from crosslingual.index import FlatIndex
from crosslingual.library import Library, normalize_text
from crosslingual.library.folder import DUPLICATES_FOLDER
from crosslingual.types import Article, Duplicate, FloatArray, Sentence

MIN_SHARE = 0.5
"""Share of the sentences of the shorter that a copy has in common with the other."""
MIN_SHARED_SENTENCES = 3
"""Sentences in common below which two texts are copies only if one of them is no longer than that."""
MIN_LONGER_SHARE = 0.2
"""The same of the sentences of the longer, where they are in two languages: a short report may happen to say
nothing that a long one does not."""
MIN_ORDER = 0.8
"""Kendall's tau of what translations have in common: they tell it in the same order."""
MIN_SHINGLE_OVERLAP = 0.6
"""Share of the four-letter pieces of two sentences of one language that are the same sentence, edited."""
N_NEIGHBORS = 20
"""Articles looked at around each, besides those that have a sentence in common with it."""
CACHE_VERSION = f"1 {MIN_SHARE} {MIN_SHARED_SENTENCES} {MIN_LONGER_SHARE} {MIN_ORDER} {MIN_SHINGLE_OVERLAP}"
"""How copies are told; its number grows with every change, so that nothing earlier is read."""

_MIN_ARTICLE_COSINE = 0.3
"""Cosine of what two articles are about, below which they are not looked at."""
_MIN_HINT = 0.4
"""Share in common by vectors alone, and order, from which two texts are looked at by their tokens too."""
_MIN_EDITED_COSINE = 0.8
"""Cosine of sentences of one language that may be the same, edited."""
_SHINGLE_CHARS = 4  # letters
_MIN_SENTENCE_CHARS = 12
"""Letters and digits of a sentence below which it stands in any article."""
_MIN_SHORT_TEXT_CHARS = 40
"""Letters and digits that a text of less than ``MIN_SHARED_SENTENCES`` sentences must have in common with the
other."""
_MAX_REPEATS_PER_SOURCE = 5
"""Articles of one source beyond which a sentence in them is a set phrase of that source."""
_MAX_ARTICLES_PER_SENTENCE = 200
"""Articles beyond which a sentence that stands in all of them is not looked up."""
_ARTICLES_PER_LOOKUP = 500  # articles read at once
_MAX_CACHED_ARTICLES = 2_000  # articles whose sentences are kept at hand
_MAX_CACHED_SENTENCES = 4_000  # sentences whose pieces are kept, some 10 kB each


def find_duplicates(
    library: Library, space: Space, progress: Callable[[int, int], None] | None = None
) -> list[Duplicate]:
    """All pairs of the library's articles that are one text, in the order of their articles' ids.

    What was found is kept beside the library: of pairs that were looked at before only what is new is
    looked at, and nothing where nothing changed.

    Raises:
        LibraryError: an article lacks vectors or tokens of the space's model.
    """
    kept = _DuplicateCache.load(library, space)
    if kept.revision != library.revision:
        revision = library.revision
        _DuplicateFinder(library, space, kept.pairs).update_pairs(progress)
        kept.revision = revision
        kept.save()
    return [found for _, found in sorted(kept.pairs.items()) if found]


def group_duplicates(duplicates: Iterable[Duplicate]) -> list[tuple[str, ...]]:
    """The articles that hang together as copies, by their ids, each group sorted."""
    homes: dict[str, set[str]] = {}
    for copy in duplicates:
        group = homes.get(copy.left, {copy.left}) | homes.get(copy.right, {copy.right})
        homes.update(dict.fromkeys(group, group))
    return sorted({tuple(sorted(group)) for group in homes.values()})


def independent_voices(articles: Sequence[Article], duplicates: Iterable[Duplicate]) -> dict[str, str]:
    """Whose word each article is, by its id: its source's, of copies that of the first to appear."""
    voices = {article.id: article.source for article in articles}
    by_id = {article.id: article for article in articles}
    for group in group_duplicates(duplicates):
        first = min(group, key=lambda id_: (not by_id[id_].date, by_id[id_].date, id_))
        voices.update(dict.fromkeys(group, by_id[first].source))
    return voices


ArticlePair = tuple[str, str]
MaybeDuplicate = Duplicate | None
"""None where the two are no copies."""


@dataclass(slots=True)
class _DuplicateCache:
    """What was found until ``revision`` of a library, also of pairs that are no copies."""

    path: Path
    revision: str
    pairs: dict[ArticlePair, MaybeDuplicate]

    @classmethod
    def load(cls, library: Library, space: Space) -> _DuplicateCache:
        key = hashlib.sha256(f"{space.model}\0{space.tokens.key}\0{CACHE_VERSION}".encode()).hexdigest()
        path = library.path / DUPLICATES_FOLDER / f"{key[:12]}.json"
        with suppress(Exception):  # missing, or whatever a damaged file provokes
            content = json.loads(path.read_bytes())
            pairs = {
                (str(one), str(other)): Duplicate(one, other, int(found[0]), float(found[1]), bool(found[2]))
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
            with atomic_write(self.path) as new:
                new.write_text(json.dumps(content), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _DistinctiveText:
    """An article's n telling sentences: their letters and digits, and (n, d) their centred vectors."""

    keys: list[str]
    vectors: FloatArray


class _DuplicateFinder:
    """Articles that may be copies are found by what they are about and by sentences they share."""

    def __init__(self, library: Library, space: Space, pairs: dict[ArticlePair, MaybeDuplicate]) -> None:
        self._library, self._space, self._pairs = library, space, pairs
        self._ordered_articles, self._vectors = load_article_vectors(library, space)
        self._articles = {article.id: article for article in self._ordered_articles}
        self._set_phrases: set[tuple[str, str]] = set()  # source and sentence
        self._cached_text = lru_cache(_MAX_CACHED_ARTICLES)(self._load_text)
        self._cached_article = lru_cache(_MAX_CACHED_ARTICLES)(self._load_article)

    def update_pairs(self, progress: Callable[[int, int], None] | None) -> None:
        """Drop pairs of articles that are gone, and look at those that are new."""
        for pair in [pair for pair in self._pairs if not self._articles.keys() >= set(pair)]:
            del self._pairs[pair]
        # By article, so that those at hand are looked at together.
        new = sorted((self._sharing_pairs() | self._similar_pairs()) - self._pairs.keys())
        for done, (one, other) in enumerate(new):
            alike = self._articles[one].lang == self._articles[other].lang
            self._pairs[one, other] = (
                self._match_reprint(one, other) if alike else self._match_translation(one, other)
            )
            if progress:
                progress(done + 1, len(new))

    def _similar_pairs(self) -> set[ArticlePair]:
        """Pairs that are about the same."""
        if len(self._ordered_articles) < 2:
            return set()
        near = FlatIndex.from_vectors(self._vectors).search(
            self._vectors, min(N_NEIGHBORS + 1, len(self._ordered_articles))
        )
        return {
            _sort_pair(self._ordered_articles[one].id, self._ordered_articles[other].id)
            for one, (others, cosines) in enumerate(zip(near.ids.tolist(), near.cosines, strict=True))
            for other, cosine in zip(others, cosines, strict=True)
            if other not in (one, -1) and cosine >= _MIN_ARTICLE_COSINE
        }

    def _sharing_pairs(self) -> set[ArticlePair]:
        """Pairs that have two telling sentences in common, letter by letter, or all that one of them has."""
        holders: dict[str, list[str]] = defaultdict(list)
        sizes: dict[str, int] = {}
        for id_, sentences in self._iterate_sentences():
            keys = {key for sentence in sentences if (key := distinctive_key(sentence.text))}
            sizes[id_] = len(keys)
            for key in keys:
                holders[_hash_key(key)].append(id_)
        found: Counter[ArticlePair] = Counter()
        for key, ids in holders.items():
            times = Counter(self._articles[id_].source for id_ in ids)
            repeating = {source for source, count in times.items() if count > _MAX_REPEATS_PER_SOURCE}
            self._set_phrases.update((source, key) for source in repeating)
            ids = [id_ for id_ in ids if self._articles[id_].source not in repeating]
            if len(ids) <= _MAX_ARTICLES_PER_SENTENCE:
                found.update(_sort_pair(one, other) for one, other in combinations(ids, 2))
        return {pair for pair, count in found.items() if count >= min(2, *(sizes[id_] for id_ in pair))}

    def _iterate_sentences(self) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
        ids = list(self._articles)
        for start in range(0, len(ids), _ARTICLES_PER_LOOKUP):
            yield from self._library.load_sentences(ids[start : start + _ARTICLES_PER_LOOKUP]).items()

    def _load_text(self, article_id: str) -> _DistinctiveText:
        article = self._articles[article_id]
        told = [
            (key, sentence)
            for sentence in self._library.load_sentences([article_id])[article_id]
            if (key := distinctive_key(sentence.text))
            and (article.source, _hash_key(key)) not in self._set_phrases
        ]
        own = [sentence for _, sentence in told]
        return _DistinctiveText(
            [key for key, _ in told], load_centered_vectors(self._library, self._space, article, own)
        )

    def _load_article(self, article_id: str) -> EncodedArticle:
        own = self._library.load_sentences([article_id])[article_id]
        return load_encoded_article(self._library, self._space, self._articles[article_id], own)

    def _match_reprint(self, left_id: str, right_id: str) -> MaybeDuplicate:
        """What two texts of one language have in common: the same sentences, some of them edited."""
        first, second = self._cached_text(left_id), self._cached_text(right_id)
        shorter = min(len(first.keys), len(second.keys))
        if not shorter:
            return None
        near = first.vectors @ second.vectors.T >= _MIN_EDITED_COSINE
        same = match_edited_sentences(first.keys, second.keys, near)
        exact = [
            first.keys[place] for place, other in same.items() if first.keys[place] == second.keys[other]
        ]
        whole = len(exact) == shorter and sum(map(len, exact)) >= _MIN_SHORT_TEXT_CHARS
        share = len(same) / shorter
        enough = whole or (len(same) >= MIN_SHARED_SENTENCES and share >= MIN_SHARE)
        return Duplicate(left_id, right_id, len(same), share, translated=False) if enough else None

    def _match_translation(self, left_id: str, right_id: str) -> MaybeDuplicate:
        """What two texts of two languages have in common, told in the same order."""
        first, second = self._cached_text(left_id), self._cached_text(right_id)
        shorter, longer = sorted((len(first.keys), len(second.keys)))
        # Vectors alone say little of single sentences, but much of whether it is worth a closer look.
        hint = measure_shared_content(first.vectors @ second.vectors.T)
        if (
            hint.n_matches < MIN_SHARED_SENTENCES
            or hint.n_matches < _MIN_HINT * shorter
            or hint.order < _MIN_HINT
        ):
            return None
        sides = self._cached_article(left_id), self._cached_article(right_id)
        size = len(sides[0].texts)
        found = measure_shared_content(score_pairs(sides).probabilities[:size, size:])
        share = min(found.n_matches / max(shorter, 1), 1.0)
        enough = (
            found.n_matches >= max(MIN_SHARED_SENTENCES, MIN_LONGER_SHARE * longer)
            and share >= MIN_SHARE
            and found.order >= MIN_ORDER
        )
        return Duplicate(left_id, right_id, found.n_matches, share, translated=True) if enough else None


def distinctive_key(text: str) -> str:
    """The letters and digits of a sentence; empty where it is so short that it stands in any article."""
    key = normalize_text(text)
    return key if len(key) >= _MIN_SENTENCE_CHARS else ""


def match_edited_sentences(
    left: Sequence[str], right: Sequence[str], near: NDArray[np.bool_] | None = None
) -> dict[int, int]:
    """Which sentences of two texts of one language are the same, some of them edited: places in both.

    The texts are given by the letters and digits of their n and m sentences; ``near`` (n, m) says which may
    be edited, any where it is not given.
    """
    places = {key: place for place, key in enumerate(right)}
    same = {place: places.pop(key) for place, key in enumerate(left) if key in places}
    free = set(range(len(right))) - set(same.values())
    left_pieces, right_pieces = ([_split_shingles(key) for key in keys] for keys in (left, right))
    for place in set(range(len(left))) - set(same):
        candidates = (
            sorted(free) if near is None else [k for k in np.flatnonzero(near[place]).tolist() if k in free]
        )
        edited = next((k for k in candidates if _are_similar(left_pieces[place], right_pieces[k])), None)
        if edited is not None:
            same[place] = edited
            free.discard(edited)
    return same


def _sort_pair(left_id: str, right_id: str) -> ArticlePair:
    return (left_id, right_id) if left_id < right_id else (right_id, left_id)


def _hash_key(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


@lru_cache(_MAX_CACHED_SENTENCES)
def _split_shingles(key: str) -> frozenset[str]:
    return frozenset(key[start : start + _SHINGLE_CHARS] for start in range(len(key)))


def _are_similar(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two sentences consist of the same pieces for the most part."""
    shared = len(left & right)
    return shared >= MIN_SHINGLE_OVERLAP * (len(left) + len(right) - shared)
