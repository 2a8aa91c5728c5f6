"""Articles of a preview that repeat another one, of the preview or of the library, told before they are stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crosslingual.events.edited_sentences import distinctive_key, match_edited_sentences
from crosslingual.formatting import shorten_title
from crosslingual.library import Library
from crosslingual.types import Article

DUPLICATE_SHARE = 0.6
"""Share of an article's sentences from which it is a copy of the one that has them."""
DAYS_APART = 14
"""Days between two articles beyond which the one in the library is not looked at."""
MAX_LIBRARY_ARTICLES = 5_000
"""Articles of the library that are looked at: the newest that are near in time."""
_ARTICLES_PER_LOOKUP = 500


@dataclass(frozen=True, slots=True)
class TextKeys:
    """An article as it is looked for: its place in a preview, title, date, and its telling sentences."""

    place: int
    title: str
    date: str
    keys: tuple[str, ...]

    @classmethod
    def from_sentences(cls, place: int, article: Article, sentences: Iterable[str]) -> TextKeys:
        """The article's sentences by letters and digits, each once."""
        keys = tuple(dict.fromkeys(key for text in sentences if (key := distinctive_key(text))))
        return cls(place, shorten_title(article.title or article.text[:200], 60), article.date, keys)


def find_repeated(texts: Sequence[TextKeys]) -> dict[int, str]:
    """Those that mostly repeat an earlier one, by their places, with what that is called."""
    firsts: list[TextKeys] = []
    found: dict[int, str] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    for text in texts:
        near = dict.fromkeys(number for key in text.keys for number in holders[key])
        first = next((firsts[number] for number in near if _is_copy(text, firsts[number])), None)
        if first:
            found[text.place] = first.title
        else:
            for key in text.keys:
                holders[key].append(len(firsts))
            firsts.append(text)
    return found


def find_in_library(texts: Sequence[TextKeys], library: Library) -> dict[int, str]:
    """Those that mostly repeat an article of the library, by their places, with what that is called."""
    holders: dict[str, list[TextKeys]] = defaultdict(list)
    for text in texts:
        for key in text.keys:
            holders[key].append(text)
    by_place = {text.place: text for text in texts}
    found: dict[int, str] = {}
    for stored in _iterate_stored(texts, library):
        shared = Counter(text.place for key in stored.keys for text in holders.get(key, ()))
        for place, n_shared in shared.items():
            text = by_place[place]
            # A sentence alone may be a set phrase, unless one of the two has no other.
            enough = n_shared >= min(2, len(text.keys), len(stored.keys))
            if enough and place not in found and _is_copy(text, stored):
                found[place] = stored.title
    return found


def _is_copy(text: TextKeys, other: TextKeys) -> bool:
    same = match_edited_sentences(text.keys, other.keys)
    return bool(text.keys) and len(same) >= DUPLICATE_SHARE * len(text.keys)


def _iterate_stored(texts: Sequence[TextKeys], library: Library) -> Iterator[TextKeys]:
    """The library's articles that may be meant, the newest first."""
    days = {day + timedelta(number) for day in _days(texts) for number in range(-DAYS_APART, DAYS_APART + 1)}
    wanted = {day.isoformat() for day in days}
    undated = any(not text.date for text in texts)
    entries = library.lookup.article_entries() if texts else []
    near = [one for one in entries if undated or not one.date or one.date[:10] in wanted]
    newest = sorted(near, key=lambda one: one.date, reverse=True)[:MAX_LIBRARY_ARTICLES]
    for start in range(0, len(newest), _ARTICLES_PER_LOOKUP):
        ids = [one.article for one in newest[start : start + _ARTICLES_PER_LOOKUP]]
        sentences = library.load_sentences(ids)
        for article in library.load_articles(ids):
            own = (sentence.text for sentence in sentences[article.id])
            yield TextKeys.from_sentences(-1, article, own)


def _days(texts: Iterable[TextKeys]) -> Iterator[date]:
    for day in {text.date[:10] for text in texts if text.date}:
        try:
            yield date.fromisoformat(day)
        except ValueError:
            continue
