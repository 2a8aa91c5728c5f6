"""Names in a sentence: those of the shipped list, and those that the tagger tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crosslingual.entities.tagger import TaggedSpan
from crosslingual.language.known_names import EntityKind, KnownMention, find_known_names
from crosslingual.language.name_stems import name_words
from crosslingual.language.quote_rules import load_quote_rules
from crosslingual.language.scripts import HAN, is_han

MIN_PROBABILITY, SURE_PROBABILITY = 0.5, 0.8
"""What the tagger must give a span to be a name, and not to be a doubtful one."""
_MIN_LONGER = 0.7
"""What it must give a Chinese span that holds a known name to be a longer one."""
MAX_CHARS, MAX_NAMES = 2000, 200
"""Characters of a sentence that are read, and names in it that are kept."""
_CHINESE_SUFFIX = re.compile("[市县区]")
"""May follow the name of a place without making it another."""
_CHINESE_DIVISION = re.compile(rf"(?:[东南西北中]{{0,2}}部)?([{HAN}·]{{2,10}}[省市州县镇村岛河湖])")
"""A place after the name of a larger one: 伊朗南部布什尔省."""
_CHINESE_MARGINS = re.compile("[的在长]")
"""No part of a name, but of a token that begins one."""
_CHINESE_ABBREVIATIONS = re.compile("[中俄美乌以伊巴日韩朝英法德欧印]{1,3}[军方核]?.?")
"""Countries in one character, as in 俄军: adjectives elsewhere, and no names here."""


@dataclass(frozen=True, slots=True)
class NameMention:
    """Characters ``start`` to ``end`` of a sentence are a name of ``kind``.

    ``key`` is that of the shipped list, empty where it has no such name. ``is_doubtful``: it may be none, or
    of another kind.
    """

    start: int
    end: int
    kind: EntityKind
    key: str = ""
    is_doubtful: bool = False


def find_names(text: str, lang: str, tagged: Sequence[TaggedSpan] = ()) -> tuple[NameMention, ...]:
    """The names in ``text`` in their order; none overlap.

    Args:
        text: a sentence; what is beyond ``MAX_CHARS`` is not read.
        lang: its ISO 639-1 code.
        tagged: what the tagger found in it; without it only names of the list are found.
    """
    known = find_known_names(text[:MAX_CHARS], lang)
    sure = [
        span
        for span in tagged
        if span.probability >= MIN_PROBABILITY and span.end <= MAX_CHARS and not _is_fragment(text, span)
    ]
    sure = [part for span in sure for part in _divide_span(text, lang, span, known)]
    found = []
    taken: list[KnownMention] = []
    for span in sure:
        inside = [one for one in known if one.start < span.end and span.start < one.end]
        if all(_is_longer(span, one) for one in inside):
            taken += inside
            key = _key_within(text, lang, span, inside)
            found.append(
                NameMention(
                    span.start, span.end, span.kind, key, span.probability < SURE_PROBABILITY and not key
                )
            )
    found += [
        NameMention(one.start, one.end, one.kind, one.key, _is_someone_else(text, lang, one))
        for one in known
        if one not in taken
    ]
    return tuple(sorted(found, key=lambda name: name.start)[:MAX_NAMES])


def _is_fragment(text: str, span: TaggedSpan) -> bool:
    """Whether a span is one letter, as the U of U.S.; one Chinese character is a word."""
    letters = [char for char in text[span.start : span.end] if char.isalpha()]
    return len(letters) < 2 and not any(map(is_han, letters))


def _divide_span(
    text: str, lang: str, span: TaggedSpan, known: Sequence[KnownMention]
) -> Iterator[TaggedSpan]:
    """``span`` as what it names: two places that stand together are two, and what is no name is left out."""
    if lang != "zh":
        yield from _divide_at_hyphen(text, span)
        return
    start, end = span.start, span.end
    if span.kind != "organisation":
        start += bool(_CHINESE_MARGINS.match(text[start:end]))
        end -= text[end - 1] in "的在等"
    inside = [one for one in known if start <= one.start and one.end <= end]
    if span.kind == "place" and inside and (start, end) != (inside[0].start, inside[0].end):
        rest = _CHINESE_DIVISION.fullmatch(text, inside[-1].end, end)
        if rest:
            yield replace(span, start=rest.start(1), end=end)
        elif (
            len(inside) > 1
            or not _CHINESE_SUFFIX.fullmatch(text, inside[0].end, end)
            or start < inside[0].start
        ):
            return
        else:
            yield replace(span, start=start, end=end)
    elif not (inside and span.probability < _MIN_LONGER) and not _CHINESE_ABBREVIATIONS.fullmatch(
        text, start, end
    ):
        yield replace(span, start=start, end=end)


def _divide_at_hyphen(text: str, span: TaggedSpan) -> Iterator[TaggedSpan]:
    """Two capitalised places with a dash between them are two: Togliatti–Odesa."""
    parts = (
        re.fullmatch(r"(\w{3,})[–—](\w{3,})", text[span.start : span.end]) if span.kind == "place" else None
    )
    if parts and parts[2][0].isupper():
        yield replace(span, end=span.start + parts.end(1))
        yield replace(span, start=span.start + parts.start(2))
    else:
        yield span


def _is_longer(span: TaggedSpan, known: KnownMention) -> bool:
    return (
        span.start <= known.start
        and known.end <= span.end
        and span.end - span.start > known.end - known.start
    )


def _key_within(text: str, lang: str, span: TaggedSpan, known: Sequence[KnownMention]) -> str:
    """The key of the one known name in ``span`` where the rest makes it no other: 莫斯科市 is 莫斯科."""
    if len(known) != 1 or known[0].kind != span.kind:
        return ""
    (one,) = known
    before, after = text[span.start : one.start], text[one.end : span.end]
    if lang == "zh":
        is_titled = span.kind == "person" and after in load_quote_rules()["zh"]["roles"]
        return one.key if not before and (is_titled or _CHINESE_SUFFIX.fullmatch(after)) else ""
    whole = len(name_words(text[one.start : one.end], lang)) > 1
    return one.key if not (before + after).strip(" \"'«»“”.,") or (whole and span.kind == "person") else ""


def _is_someone_else(text: str, lang: str, known: KnownMention) -> bool:
    """Whether a surname alone follows another given name: Cyrus Vance is not J.D. Vance."""
    if known.kind != "person" or lang == "zh" or len(name_words(text[known.start : known.end], lang)) > 1:
        return False
    match = re.search(r"(?<![^\W_])([^\W\d_]+)[ \u00a0]$", text[max(known.start - 40, 0) : known.start])
    if not match or not match[1][0].isupper() or match[1].isupper():
        return False
    from crosslingual.language.speakers import is_title

    return not is_title(match[1], lang) and bool(text[: known.start - len(match[0])].strip(" \"'«“„"))
