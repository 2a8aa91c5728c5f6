"""Names of a list found in texts: by the words of a name in all cases, in Chinese by its characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from crosslingual.language.name_stems import NameWord, is_name_gap, name_words

_T = TypeVar("_T")
WordIndex = Mapping[tuple[str, ...], Sequence[tuple[tuple[str, ...], str, _T]]]
"""By the keys of the first two words or the only one: the keys of all words, the form and whom it names."""
CharacterIndex = Mapping[str, Sequence[tuple[str, _T]]]
"""By the first character: the form and whom it names."""


def index_words(names: Iterable[tuple[str, _T]], lang: str) -> WordIndex[_T]:
    """Of forms in a language that writes words, with whom they name; the longest first."""
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], str, _T]]] = {}
    for form, named in names:
        if keys := tuple(word.key for word in name_words(form, lang)):
            found.setdefault(keys[:2], []).append((keys, form, named))
    for own in found.values():
        own.sort(key=lambda one: -len(one[0]))
    return found


def index_characters(names: Iterable[tuple[str, _T]]) -> CharacterIndex[_T]:
    """Of forms in Chinese, with whom they name; the longest first."""
    found: dict[str, list[tuple[str, _T]]] = {}
    for form, named in names:
        found.setdefault(form[0], []).append((form, named))
    for own in found.values():
        own.sort(key=lambda one: -len(one[0]))
    return found


def match_words(
    text: str, lang: str, names: WordIndex[_T], is_written_as: Callable[[Sequence[NameWord], str], bool]
) -> Iterator[tuple[Sequence[NameWord], _T]]:
    """The words of ``text`` that are one of ``names``, in their order, and whom it names; the longest counts.

    ``is_written_as`` tells of words with the keys of a form whether they are written as it is.
    """
    words = name_words(text, lang)
    place = 0
    while place < len(words):
        step = 1
        first = tuple(word.key for word in words[place : place + 2])
        ways = (*names.get(first, ()), *(names.get(first[:1], ()) if len(first) > 1 else ()))
        for keys, form, named in ways:
            own = words[place : place + len(keys)]
            if (
                tuple(word.key for word in own) == keys
                and stand_together(text, own)
                and is_written_as(own, form)
            ):
                yield own, named
                step = len(keys)
                break
        place += step


def match_characters(
    text: str, names: CharacterIndex[_T], is_cut: Callable[[int, int], bool] | None = None
) -> Iterator[tuple[int, int, _T]]:
    """Start and end of each of ``names`` in ``text``, and whom it names; none that ``is_cut`` out of a longer word."""
    place = 0
    while place < len(text):
        for form, named in names.get(text[place], ()):
            end = place + len(form)
            if text.startswith(form, place) and not (is_cut and is_cut(place, end)):
                yield place, end, named
                place = end - 1
                break
        place += 1


def stand_together(text: str, words: Sequence[NameWord]) -> bool:
    """Whether nothing but what joins the words of a name is between them."""
    return all(is_name_gap(text[left.end : right.start]) for left, right in pairwise(words))


def has_capitals_of(written: str, listed: str) -> bool:
    """Whether a word has a capital where the ``listed`` one has; an acronym needs all of them."""
    if len(listed) > 1 and listed.isupper():
        return written.isupper()
    return written[0].isupper() or not listed[0].isupper()
