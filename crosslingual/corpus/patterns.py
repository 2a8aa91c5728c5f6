"""Patterns of text that a word query is made of: each finds its spans in many texts at once, in linear time."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Protocol

from crosslingual.errors import InputError
from crosslingual.language.scripts import HAN_OR_KANA, HAN_RUN, is_han
from crosslingual.language.tokenize import APOSTROPHE_LANGUAGES, fold_text, fold_word, word_spans

MAX_CHINESE_GAP = 4
"""Chinese characters that a * among them stands for, at most."""
# Of a typed word, wildcards counting as letters; an apostrophe between letters where it is one.
_WILDCARD_WORD = re.compile(r"(?:[^\W_]|[*?])+")
_APOSTROPHE_WILDCARD_WORD = re.compile(r"(?:[^\W_]|[*?])(?:[^\W_]|[*?]|'(?=[^\W_]|[*?]))*")

Span = tuple[int, int]
"""Offsets of what was found, in code points."""


class TextPattern(Protocol):
    """Something that is looked for in texts."""

    def find_spans(self, texts: Sequence[str], langs: Sequence[str]) -> list[list[Span]]:
        """Where it stands in each text; spans of one text do not overlap."""
        ...


@dataclass(frozen=True, slots=True)
class SequenceElement:
    """One place of a sequence: a unit for which ``fits(unit, lang)``, or up to ``gap`` Chinese characters.

    What is ``joined`` touches what comes before it, as it was typed.
    """

    fits: Callable[[str, str], bool]
    gap: int = 0
    joined: bool = False


class WordSet:
    """Single words of an alphabet, any of them, in all their forms: however many, a text is read once."""

    def __init__(self, words: Iterable[str]) -> None:
        """Of ``words``."""
        self._words = frozenset(words)
        self._forms = frozenset(map(fold_text, self._words))
        self._lemmas = cache(
            lambda lang: self._forms | frozenset(fold_word(word, lang)[1] for word in self._words)
        )

    def find_spans(self, texts: Sequence[str], langs: Sequence[str]) -> list[list[Span]]:
        """Where any of them stands in each text."""
        return [self._find_in_text(text, lang) for text, lang in zip(texts, langs, strict=True)]

    def _find_in_text(self, text: str, lang: str) -> list[Span]:
        lemmas = self._lemmas(lang)
        found = []
        for start, end in split_units(text, lang):
            form, lemma = fold_word(text[start:end], lang)
            if form in self._forms or lemma in lemmas:
                found.append((start, end))
        return found


class WordSequence:
    """Words that follow one another, whatever stands between words. Each character of Chinese is one by itself.

    Chinese is thus found wherever it stands, however a text is cut into words; characters typed together touch.
    """

    def __init__(
        self, elements: Sequence[SequenceElement], with_apostrophes: Sequence[SequenceElement]
    ) -> None:
        """Of ``elements``, the first and last of which are no gap; of others where an apostrophe is a letter."""
        self._elements, self._with_apostrophes = tuple(elements), tuple(with_apostrophes)

    def find_spans(self, texts: Sequence[str], langs: Sequence[str]) -> list[list[Span]]:
        """Where it stands in each text, the first way that fits from each place on."""
        return [self._find_in_text(text, lang) for text, lang in zip(texts, langs, strict=True)]

    def _find_in_text(self, text: str, lang: str) -> list[Span]:
        elements = self._with_apostrophes if lang in APOSTROPHE_LANGUAGES else self._elements
        units = split_units(text, lang)
        spans: list[Span] = []
        place = 0
        while place < len(units):
            start, end = units[place]
            fits = elements[0].fits(text[start:end], lang)
            last = _match_end(elements, text, lang, units, place) if fits else -1
            if last >= 0:
                spans.append((start, units[last][1]))
            place = max(place, last) + 1
        return spans


def _match_end(
    elements: Sequence[SequenceElement], text: str, lang: str, units: Sequence[Span], first: int
) -> int:
    """The place of the last unit of a match that begins at the unit ``first``; -1 where there is none.

    All places that the elements so far can end at are carried along: work is bounded by the gaps.
    """
    places = {first}
    for element in elements:
        reached: set[int] = set()
        for place in places:
            if element.gap:
                reached.update(_gap_ends(element, text, units, place))
            elif place < len(units) and (
                not element.joined or place == first or _touches_former(text, units, place)
            ):
                start, end = units[place]
                if element.fits(text[start:end], lang):
                    reached.add(place + 1)
        if not reached:
            return -1
        places = reached
    return min(places) - 1


def _gap_ends(element: SequenceElement, text: str, units: Sequence[Span], place: int) -> Iterator[int]:
    yield place
    for after in range(place, min(place + element.gap, len(units))):
        if not is_han(text[units[after][0]]):
            return
        if (element.joined or after > place) and not _touches_former(text, units, after):
            return
        yield after + 1


def _touches_former(text: str, units: Sequence[Span], place: int) -> bool:
    """Whether nothing that is seen stands between the unit at ``place`` and the one before it."""
    between = text[units[place - 1][1] : units[place][0]]
    return not between or not (fold_text(between) or any(map(str.isspace, between)))


@lru_cache(maxsize=4_096)
def split_units(text: str, lang: str) -> Sequence[Span]:
    """The words of ``text``, and each of its Chinese characters; kept while many patterns are looked for in a text."""
    units: list[Span] = []
    for start, end in word_spans(text, lang):
        if is_han(text[start]):
            units += ((place, place + 1) for place in range(start, end))
        else:
            units.append((start, end))
    return units


def make_sequence(pieces: Sequence[tuple[str, bool]]) -> WordSequence:
    """Words that follow one another, in all their forms; those of a piece that is exact as they are written.

    ``*`` in a word stands for any letters, ``?`` for one; a ``*`` by itself is any word. ``?`` at the end of a word
    that is exact is no more than a mark.

    Args:
        pieces: texts, each with whether it is exact.

    Raises:
        InputError: there is no word in it.
    """
    return WordSequence(*(_make_elements(pieces, lang) for lang in ("", "uk")))


def _make_elements(pieces: Sequence[tuple[str, bool]], lang: str) -> list[SequenceElement]:
    """``pieces`` divided as a text in ``lang`` is."""
    elements = [
        element
        for text, is_exact in pieces
        for word in (_drop_question_marks(text) if is_exact else text.split())
        for element in _word_elements(word, lang, is_exact=is_exact)
    ]
    while elements and elements[0].gap:
        del elements[0]
    while elements and elements[-1].gap:
        del elements[-1]
    if not any(_has_letters(text) for text, _ in pieces):
        typed = " ".join(text for text, _ in pieces)
        raise InputError(f"{typed[:40]!r}: no word to look for; give one, or some of its letters with *")
    return elements


def _has_letters(text: str) -> bool:
    return next(word_spans(text, ""), None) is not None


def _drop_question_marks(text: str) -> list[str]:
    """The words of ``text`` without the ``?`` that end them or, after a space as in French, the whole."""
    words = text.split()
    kept = []
    for place, word in enumerate(words):
        tail = re.match(r"[^\w*]*", word[::-1])
        n_marks = tail.end() if tail and "?" in tail[0] else 0
        if n_marks < len(word):
            kept.append(word[: len(word) - n_marks])
        elif place < len(words) - 1:
            kept.append(word)
    return kept


def _word_elements(word: str, lang: str, *, is_exact: bool) -> list[SequenceElement]:
    if set(word) == {"*"}:
        return [SequenceElement(_fits_any)]
    if HAN_RUN.search(word):
        return _chinese_elements(word, is_exact=is_exact)
    if "*" in word or "?" in word:
        pieces = _split_wildcards(word, lang)
        return [
            SequenceElement(_make_wildcard(piece))
            if set(piece) & set("*?")
            else _form_element(piece, is_exact=is_exact)
            for piece in pieces
        ]
    return [_form_element(word[start:end], is_exact=is_exact) for start, end in word_spans(word, lang)]


def _split_wildcards(word: str, lang: str) -> list[str]:
    """``word`` cut as texts in ``lang`` are, wildcards counting as letters; only wildcards are a word by themselves."""
    pattern = _APOSTROPHE_WILDCARD_WORD if lang in APOSTROPHE_LANGUAGES else _WILDCARD_WORD
    pieces = pattern.findall(fold_text(word))
    return [piece for piece in pieces if piece.strip("*?")] or pieces[:1]


def _chinese_elements(word: str, *, is_exact: bool) -> list[SequenceElement]:
    """Each Chinese character, ``*`` as a gap between them, and other words among them."""
    wildcards = [match.span() for match in re.finditer(r"[*?]", word)]
    spans = sorted([*split_units(word, ""), *wildcards])
    elements: list[SequenceElement] = []
    former = None
    for start, end in spans:
        is_wildcard = word[start] in "*?"
        joined = (
            former is not None
            and former[1] == start
            and all(word[edge] in "*?" or HAN_OR_KANA.match(word[edge]) for edge in (start - 1, start))
        )
        former = start, end
        if is_wildcard:
            gap = MAX_CHINESE_GAP if word[start] == "*" else 0
            elements.append(SequenceElement(_fits_any, gap, joined))
        else:
            elements.append(replace(_form_element(word[start:end], is_exact=is_exact), joined=joined))
    return elements


def _fits_any(_unit: str, _lang: str) -> bool:
    return True


def _form_element(word: str, *, is_exact: bool) -> SequenceElement:
    wanted = fold_text(word)

    def fits_form(unit: str, lang: str) -> bool:
        form, lemma = fold_word(unit, lang)
        return form == wanted or (not is_exact and lemma in (wanted, fold_word(word, lang)[1]))

    return SequenceElement(fits_form)


def _make_wildcard(piece: str) -> Callable[[str, str], bool]:
    """Whether a word fits ``piece``; as fnmatch translates it, no two of its ``*`` go over the same letters."""
    pattern = re.compile(fnmatch.translate(piece))

    def fits_wildcard(unit: str, lang: str) -> bool:
        return pattern.match(fold_word(unit, lang)[0]) is not None

    return fits_wildcard
