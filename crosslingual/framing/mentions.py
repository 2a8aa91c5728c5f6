"""What in a sentence can be compared across languages by what it means: numbers, dates, stances, places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale

from crosslingual.language.lexicons import (
    find_cities,
    find_peoples,
    find_zone_cities,
    lexicon_patterns,
)
from crosslingual.language.names import NAME_LANGUAGES, find_calendar_words, find_countries
from crosslingual.language.number_words import find_loose_numbers, find_word_numbers
from crosslingual.language.numbers import find_digit_numbers
from crosslingual.language.speech_verbs import stance_patterns

MAX_CHARS, MAX_MENTIONS = 2000, 120
"""Characters of a sentence that are read, and marks and names in it that are kept."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters ``start`` to ``end`` of a sentence, which mean ``key``, the same in every language.

    ``is_firm`` ones should have a counterpart in a translation; others only are one.
    """

    kind: str
    key: str
    start: int
    end: int
    is_firm: bool = True


@lru_cache(maxsize=50_000)
def find_mentions(text: str, lang: str) -> tuple[Mention, ...]:
    """The marks of ``text`` in ``lang`` in their order; only numbers in digits where it is not known.

    At most ``MAX_MENTIONS``, of its first ``MAX_CHARS`` characters: what is longer is no sentence.
    """
    text = text[:MAX_CHARS]
    found = [
        *_find_numbers(text, lang),
        *_find_places(text, lang),
        *_find_stances(text, lang),
        *_find_negations(text, lang),
    ]
    found += [
        Mention("hedge", "hedge", *match.span())
        for match in _find_lexicon_words("hedges", "hedge", text, lang)
    ]
    return tuple(sorted(_drop_nested(found), key=lambda mark: (mark.start, mark.end))[:MAX_MENTIONS])


def _drop_nested(mentions: list[Mention]) -> Iterator[Mention]:
    """Without firm marks that lie inside a longer one of their kind: the 称 of 声称."""
    for mark in mentions:
        size = mark.end - mark.start
        if not mark.is_firm or not any(
            other.kind == mark.kind
            and other.start <= mark.start
            and mark.end <= other.end
            and other.end - other.start > size
            for other in mentions
        ):
            yield mark


def _find_numbers(text: str, lang: str) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for key, start, end in find_digit_numbers(text, lang):
        if _is_century_or_decade(text, end, lang):
            continue
        kind, value = key.split(":")
        taken.append((start, end))
        yield Mention(
            "date" if kind == "m" else "number", key if kind == "m" else value.lstrip("-"), start, end
        )
    for key, start, end in (*find_calendar_words(text, lang), *_find_plain_months(text, lang)):
        if _is_free(start, end, taken):
            taken.append((start, end))
            yield Mention("date", key, start, end)
    for match in re.finditer(r"\d+", text, re.ASCII):
        if (
            _is_free(*match.span(), taken)
            and len(match[0]) < 20
            and not _is_century_or_decade(text, match.end(), lang)
        ):
            yield Mention("number", str(int(match[0])), *match.span(), is_firm=int(match[0]) > 0)
    yield from _find_decades(text, lang)
    yield from _find_alternate_hours(text)
    yield from (mark for mark in _find_word_numbers(text, lang) if _is_free(mark.start, mark.end, taken))


def _is_century_or_decade(text: str, index: int, lang: str) -> bool:
    return lang == "zh" and bool(re.match(r"\s?(?:世纪|世紀|年代)", text[index:]))


def _find_decades(text: str, lang: str) -> Iterator[Mention]:
    """20世纪30年代 is what others write 1930s; the 30s may stand for it."""
    if lang != "zh":
        return
    for match in re.finditer(r"(?:(\d\d?)\s?世[纪紀]\s?)?(\d+)\s?年代", text, re.ASCII):
        short = int(match[2][:4])
        century = int(match[1]) - 1 if match[1] else 19
        long = century * 100 + short if short < 100 else short
        yield Mention("number", str(long), *match.span(), is_firm=bool(match[1]) or short >= 100)
        yield Mention("number", str(short), *match.span(2), is_firm=False)


def _find_alternate_hours(text: str) -> Iterator[Mention]:
    """Hours as a clock of the other kind shows them: 3 for 15:00, 15 for 3 p.m. and 下午3点."""
    for match in re.finditer(
        r"(?<!\d)(\d\d?)(?=[:.：]\d\d(?!\d)|\s?[ap]\.?m\b|\s?[点點时時])", text, re.ASCII
    ):
        other = (int(match[1]) + 12) % 24 if int(match[1]) < 24 else 0
        yield Mention("number", str(other), *match.span(), is_firm=False)


def _find_word_numbers(text: str, lang: str) -> Iterator[Mention]:
    """Numbers in words; what is two is in many words besides, and hundreds, thousands are often no number."""
    found = find_word_numbers(text, lang)
    taken = [(one.start, one.end) for one in found]
    for one in (
        *found,
        *(one for one in find_loose_numbers(text, lang) if _is_free(one.start, one.end, taken)),
    ):
        yield Mention(
            "number",
            f"{one.value:f}",
            one.start,
            one.end,
            is_firm=one.numeric and one.value not in _LOOSE_VALUES,
        )


_LOOSE_VALUES = {0, 1, 2, 10**2, 10**3, 10**6, 10**9}


def _find_plain_months(text: str, lang: str) -> Iterator[tuple[str, int, int]]:
    """Months without a day or year, and what ``find_calendar_words`` leaves out as it may be something else."""
    for key, pattern in _plain_month_patterns(lang):
        for match in pattern.finditer(text):
            yield key, *match.span()


@cache
def _plain_month_patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if lang not in NAME_LANGUAGES or lang == "zh":
        return ()
    locale = Locale.parse(lang)
    found = []
    for number in range(1, 13):
        forms = {str(locale.months[form]["wide"][number]) for form in ("format", "stand-alone")}
        if lang in ("ru", "uk"):
            forms |= {
                re.sub("[ьйт]$", "", form) + end for form in forms for end in ("е", "ем", "ём", "і", "ю")
            }
        forms -= {"May", "mai", "March" if lang != "en" else "", "мая", "травня" if lang != "uk" else ""}
        if forms:
            found.append(
                (f"m:{number}", re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(forms)))})(?!\w)"))
            )
    if lang == "en":
        short = ("Jan", "Feb", "Mar", "Apr", "", "Jun", "Jul", "Aug", "Sept?", "Oct", "Nov", "Dec")
        found += [
            (f"m:{n}", re.compile(rf"(?<!\w){word}\.? ?(?=\d)")) for n, word in enumerate(short, 1) if word
        ]
    if lang == "ru":
        found.append(("d:3", re.compile(r"(?<=\b[Вв] )среду(?!\w)|(?<!\w)среда(?= вечер)")))
    return tuple(found)


def _find_places(text: str, lang: str) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for key, start, end in find_countries(text, lang):
        taken.append((start, end))
        yield Mention("name", key, start, end)
    for key, start, end in find_cities(text, lang):
        if _is_free(start, end, taken):
            taken.append((start, end))
            yield Mention("name", key, start, end)
    for key, start, end in find_zone_cities(text, lang):
        if _is_free(start, end, taken):
            yield Mention("name", key, start, end, is_firm=False)
    for code, match in find_peoples(text, lang):
        # Elsewhere such words are written small, or are other words too. British may be English or Scottish.
        firm = lang == "en" and match[0][0].isupper() and code not in ("CL", "EU", "GE", "GB", "US")
        yield Mention("name", f"c:{code}", *match.span(), is_firm=firm and _is_free(*match.span(), taken))


def _find_stances(text: str, lang: str) -> Iterator[Mention]:
    for stance, pattern in stance_patterns(lang).items():
        for match in pattern.finditer(text):
            yield Mention("attribution", stance, *match.span())


def _find_negations(text: str, lang: str) -> Iterator[Mention]:
    firm = [match.span() for match in _find_lexicon_words("negation", "firm", text, lang)]
    if lang == "fr":  # ne … pas is one; pas alone, as people speak, one too
        firm = [span for span in firm if not _is_second_half(text, span, firm)]
    elif lang in ("ru", "uk"):  # nobody does not, never not: one
        firm = [span for span in firm if not _is_double_negation(text, span, firm)]
    yield from (Mention("negation", "not", *span) for span in firm)
    for match in _find_lexicon_words("negation", "loose", text, lang):
        if _is_free(*match.span(), firm):
            yield Mention("negation", "not", *match.span(), is_firm=False)


def _is_second_half(text: str, span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    own = text[slice(*span)].lower()
    return own not in ("ne", "n", "sans", "non") and any(
        text[start:end].lower() in ("ne", "n") and 0 < span[0] - end < 40 for start, end in spans
    )


def _is_double_negation(text: str, span: tuple[int, int], negation_spans: Iterable[tuple[int, int]]) -> bool:
    own = text[slice(*span)].lower()
    if own[:3] not in (
        "ник",
        "нич",
        "ниг",
        "ні",
        "ніх",
        "нік",
        "ніч",
        "ніщ",
        "ніде",
        "жод",
        "ни",
        "ані",
        "ніг",
    ):
        return False
    return any(
        text[start:end].lower() == "не" and -50 < start - span[0] < 60 for start, end in negation_spans
    )


def _find_lexicon_words(lexicon_name: str, group: str, text: str, lang: str) -> Iterator[re.Match[str]]:
    pattern = lexicon_patterns(lexicon_name, lang).get(group)
    return pattern.finditer(text) if pattern else iter(())


def _is_free(start: int, end: int, taken_spans: Iterable[tuple[int, int]]) -> bool:
    return not any(start < other_end and other < end for other, other_end in taken_spans)


def format_amount(key: str) -> str:
    """The value of a number's key as people write it: 2,400,000."""
    return f"{Decimal(key):,f}"
