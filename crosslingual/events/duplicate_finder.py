"""Looking for copies of what is new: what is about the same in the days around, and what shares sentences."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

import numpy as np

from crosslingual.align.encoded_article import load_centered_vectors, load_encoded_article
from crosslingual.align.matching import EncodedArticle, score_pairs
from crosslingual.align.parallel import measure_shared_content
from crosslingual.align.space import Space
from crosslingual.errors import NotFoundError
from crosslingual.events.duplicate_store import ArticlePair, DuplicateStore, to_id, to_numbers
from crosslingual.events.edited_sentences import distinctive_key, match_edited_sentences
from crosslingual.events.profiles import load_profiles, parse_day
from crosslingual.index import FlatIndex
from crosslingual.library import ArticleEntry, Library
from crosslingual.library.sentence_index import NumberedArticle
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
N_NEIGHBORS = 20
"""Articles looked at around each, besides those that have a sentence in common with it."""
MAX_COMPARED = 20_000
"""Articles that what is new is held against by what it is about: all of a smaller library, of a larger one those of
the days around, the latest added."""
WINDOW_DAYS = 14
"""Days before and after a new article from which these are; sentences in common are found at any distance."""
ARTICLES_PER_STEP = 1_000
"""New articles of a larger library that are looked at and kept at once."""

_MIN_ARTICLE_COSINE = 0.3
"""Cosine of what two articles are about, below which they are not looked at."""
_MIN_HINT = 0.4
"""Share in common by vectors alone, and order, from which two texts are looked at by their tokens too."""
_MIN_EDITED_COSINE = 0.8
"""Cosine of sentences of one language that may be the same, edited."""
_MIN_SHORT_TEXT_CHARS = 40
"""Letters and digits that a text of less than ``MIN_SHARED_SENTENCES`` sentences must have in common with the
other."""
_ARTICLES_PER_LOOKUP = 500  # articles read at once
_MAX_CACHED_ARTICLES = 2_000  # articles whose sentences are kept at hand


@dataclass(frozen=True, slots=True)
class _DistinctiveText:
    """An article's n telling sentences: their letters and digits, and (n, d) their centred vectors."""

    keys: list[str]
    vectors: FloatArray


class DuplicateFinder:
    """Finds the copies of what a library has and a store does not know yet."""

    def __init__(self, library: Library, space: Space, store: DuplicateStore) -> None:
        self._library, self._space, self._store = library, space, store
        self._articles: dict[str, ArticleEntry] = {}
        self._rows: dict[int, FloatArray] = {}  # what articles are about, by their numbers
        self._cached_text = lru_cache(_MAX_CACHED_ARTICLES)(self._load_text)
        self._cached_article = lru_cache(_MAX_CACHED_ARTICLES)(self._load_article)

    def update(self, progress: Callable[[int, int], None] | None) -> None:
        """Forget what is gone, and look at what is new; ``progress`` is told how many of how many articles are done."""
        known = self._store.known_articles()  # before: another may add to both
        ids = to_numbers(self._library.article_ids())
        self._store.forget_articles(np.setdiff1d(known, ids).tolist())
        missing = np.setdiff1d(ids, known)
        new = self._library.lookup.article_entries(map(to_id, missing.tolist())) if len(missing) else []
        new.sort(key=lambda entry: (entry.date, entry.article))
        done = 0
        for portion in [new] if len(ids) <= MAX_COMPARED else _split_by_days(new):
            self._look_at(portion, len(ids), partial(_report, progress, done, len(portion), len(new)))
            done += len(portion)

    def _look_at(self, new: Sequence[ArticleEntry], n_articles: int, report: Callable[[float], None]) -> None:
        keys = self._read_keys(new)
        former = self._store.add_keys(keys, {entry.article: entry.source for entry in new})
        if former:
            self._cached_text.cache_clear()
        sizes = {id_: len(own) for id_, own in keys.items()}
        # By article, so that those at hand are looked at together.
        pairs = sorted(self._sharing_pairs(keys) | self._similar_pairs(new, n_articles) | former)
        ids = {id_ for pair in pairs for id_ in pair}
        self._articles = {entry.article: entry for entry in self._library.lookup.article_entries(ids)}
        copies = []
        for done, (one, other) in enumerate(pairs, 1):
            if one in self._articles and other in self._articles:
                with suppress(NotFoundError):  # removed meanwhile
                    copies += self._match_pair(one, other)
            report(done / len(pairs))
        ends = {id_ for copy in copies for id_ in (copy.left, copy.right)}
        present = {one.article for one in self._library.lookup.numbered_articles(ends)}
        copies = [copy for copy in copies if {copy.left, copy.right} <= present]
        self._store.add_looked_at(sizes, copies, former)
        report(1)

    def _read_keys(self, new: Sequence[ArticleEntry]) -> dict[str, frozenset[int]]:
        """The keys of the telling sentences of articles."""
        found: dict[str, frozenset[int]] = {}
        for start in range(0, len(new), _ARTICLES_PER_LOOKUP):
            ids = [entry.article for entry in new[start : start + _ARTICLES_PER_LOOKUP]]
            for id_, sentences in self._library.load_sentences(ids).items():
                letters = (distinctive_key(sentence.text) for sentence in sentences)
                found[id_] = frozenset(_hash_key(key) for key in letters if key)
        return found

    def _sharing_pairs(self, keys: dict[str, frozenset[int]]) -> set[ArticlePair]:
        """Pairs that have two telling sentences in common, letter by letter, or all that one of them has."""
        sizes = {id_: len(own) for id_, own in keys.items()}
        found: Counter[ArticlePair] = Counter()
        for id_, own in keys.items():
            for key in own:
                for other, size in self._store.find_holders(key):
                    if other in keys:
                        # Each of the two meets the other: counted once.
                        found.update([(id_, other)] if id_ < other else [])
                    elif size >= 0:
                        sizes[other] = size
                        found.update([_sort_pair(id_, other)])
        return {pair for pair, count in found.items() if count >= min(2, *(sizes[id_] for id_ in pair))}

    def _similar_pairs(self, new: Sequence[ArticleEntry], n_articles: int) -> set[ArticlePair]:
        """Pairs that are about the same."""
        around = self._find_around(new, n_articles)
        if len(around) < 2:
            return set()
        rows = self._load_rows(around)
        places = {one.article: place for place, one in enumerate(around)}
        own = [places[entry.article] for entry in new if entry.article in places]
        near = FlatIndex.from_vectors(rows).search(rows[own], min(N_NEIGHBORS + 1, len(around)))
        return {
            _sort_pair(around[place].article, around[other].article)
            for place, others, cosines in zip(own, near.ids.tolist(), near.cosines, strict=True)
            for other, cosine in zip(others, cosines, strict=True)
            if other not in (place, -1) and cosine >= _MIN_ARTICLE_COSINE
        }

    def _find_around(self, new: Sequence[ArticleEntry], n_articles: int) -> list[NumberedArticle]:
        """The articles that ``new`` ones are held against, these among them."""
        lookup = self._library.lookup
        if n_articles <= MAX_COMPARED:
            return lookup.newest_articles("", "~", MAX_COMPARED)
        days = [day for entry in new if (day := parse_day(entry.date))]
        found = lookup.numbered_articles([entry.article for entry in new])
        found += lookup.newest_articles("", "", MAX_COMPARED)
        if len(days) < len(new):  # of any day
            found += lookup.newest_articles("", "~", MAX_COMPARED)
        if days:
            first = date.fromordinal(max(min(days).toordinal() - WINDOW_DAYS, date.min.toordinal()))
            last = date.fromordinal(min(max(days).toordinal() + WINDOW_DAYS + 1, date.max.toordinal()))
            found += lookup.newest_articles(first.isoformat(), last.isoformat(), MAX_COMPARED)
        return list({one.number: one for one in found}.values())

    def _load_rows(self, around: Sequence[NumberedArticle]) -> FloatArray:
        """(n, d) what articles are about; those of the step before are at hand."""
        missing = {one.number: (one.lang, "") for one in around if one.number not in self._rows}
        made = load_profiles(self._library, self._space, missing).vectors
        known = self._rows | dict(zip(missing, made, strict=True))
        self._rows = {one.number: known[one.number] for one in around}
        return np.stack(list(self._rows.values()))

    def _load_text(self, article_id: str) -> _DistinctiveText:
        article, sentences = self._read_article(article_id)
        told = [(key, sentence) for sentence in sentences if (key := distinctive_key(sentence.text))]
        phrases = self._store.find_set_phrases(article.source, (_hash_key(key) for key, _ in told))
        told = [(key, sentence) for key, sentence in told if _hash_key(key) not in phrases]
        own = [sentence for _, sentence in told]
        return _DistinctiveText(
            [key for key, _ in told], load_centered_vectors(self._library, self._space, article, own)
        )

    def _load_article(self, article_id: str) -> EncodedArticle:
        article, own = self._read_article(article_id)
        return load_encoded_article(self._library, self._space, article, own)

    def _read_article(self, article_id: str) -> tuple[Article, tuple[Sentence, ...]]:
        (article,) = self._library.load_articles([article_id])
        sentences = self._library.load_sentences([article_id]).get(article_id)
        if sentences is None:
            raise NotFoundError(f"{article_id}: removed meanwhile")
        return article, sentences

    def _match_pair(self, one: str, other: str) -> list[Duplicate]:
        alike = self._articles[one].lang == self._articles[other].lang
        found = self._match_reprint(one, other) if alike else self._match_translation(one, other)
        return [found] if found else []

    def _match_reprint(self, left_id: str, right_id: str) -> Duplicate | None:
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

    def _match_translation(self, left_id: str, right_id: str) -> Duplicate | None:
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


def _split_by_days(new: Sequence[ArticleEntry]) -> Iterator[list[ArticleEntry]]:
    """Articles by their dates, in portions of which none reaches over more days than one is held against."""
    portion: list[ArticleEntry] = []
    first: date | None = None
    for entry in new:
        day = parse_day(entry.date)
        is_far = bool(first and day and (day - first).days > WINDOW_DAYS)
        if portion and (is_far or len(portion) == ARTICLES_PER_STEP):
            yield portion
            portion, first = [], None
        portion.append(entry)
        first = first or day
    if portion:
        yield portion


def _report(
    progress: Callable[[int, int], None] | None, done: int, n_portion: int, total: int, share: float
) -> None:
    if progress:
        progress(done + int(share * n_portion), total)


def _sort_pair(left_id: str, right_id: str) -> ArticlePair:
    return (left_id, right_id) if left_id < right_id else (right_id, left_id)


def _hash_key(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
