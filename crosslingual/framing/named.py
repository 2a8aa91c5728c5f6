"""What in a sentence can be compared across languages by what it means: numbers, dates, stances, places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale

from crosslingual.language.lexicons import cities, listed, peoples
from crosslingual.language.names import LANGUAGES, calendar, countries
from crosslingual.language.number_words import loose_numbers, word_numbers
from crosslingual.language.numbers import digit_numbers

READ, MOST = 2000, 120
"""Characters of a sentence that are read, and marks and names in it that are kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters ``start`` to ``end`` of a sentence, which mean ``key``, the same in every language.

    ``firm`` ones should have a counterpart in a translation; others only are one.
    """

    kind: str
    key: str
    start: int
    end: int
    firm: bool = True


@lru_cache(maxsize=50_000)
def marks(text: str, lang: str) -> tuple[Mark, ...]:
    """The marks of ``text`` in ``lang`` in their order; only numbers in digits where it is not known.

    At most ``MOST``, of its first ``READ`` characters: what is longer is no sentence.
    """
    text = text[:READ]
    found = [*_numbers(text, lang), *_places(text, lang), *_stances(text, lang), *_negations(text, lang)]
    found += [Mark("hedge", "hedge", *match.span()) for match in _found("hedges", "hedge", text, lang)]
    return tuple(sorted(_longest(found), key=lambda mark: (mark.start, mark.end))[:MOST])


def _longest(found: list[Mark]) -> Iterator[Mark]:
    """Without firm marks that lie inside a longer one of their kind: the 称 of 声称."""
    for mark in found:
        size = mark.end - mark.start
        if not mark.firm or not any(
            other.kind == mark.kind
            and other.start <= mark.start
            and mark.end <= other.end
            and other.end - other.start > size
            for other in found
        ):
            yield mark


def _numbers(text: str, lang: str) -> Iterator[Mark]:
    taken: list[tuple[int, int]] = []
    for key, start, end in digit_numbers(text, lang):
        if _ago(text, end, lang):
            continue
        kind, value = key.split(":")
        taken.append((start, end))
        yield Mark("date" if kind == "m" else "number", key if kind == "m" else value.lstrip("-"), start, end)
    for key, start, end in (*calendar(text, lang), *_months(text, lang)):
        if _free(start, end, taken):
            taken.append((start, end))
            yield Mark("date", key, start, end)
    for match in re.finditer(r"\d+", text, re.ASCII):
        if _free(*match.span(), taken) and len(match[0]) < 20 and not _ago(text, match.end(), lang):
            yield Mark("number", str(int(match[0])), *match.span(), firm=int(match[0]) > 0)
    yield from _decades(text, lang)
    yield from _hours(text)
    yield from (mark for mark in _word_numbers(text, lang) if _free(mark.start, mark.end, taken))


def _ago(text: str, end: int, lang: str) -> bool:
    return lang == "zh" and bool(re.match(r"\s?(?:世纪|世紀|年代)", text[end:]))


def _decades(text: str, lang: str) -> Iterator[Mark]:
    """20世纪30年代 is what others write 1930s; the 30s may stand for it."""
    if lang != "zh":
        return
    for match in re.finditer(r"(?:(\d\d?)\s?世[纪紀]\s?)?(\d+)\s?年代", text, re.ASCII):
        short = int(match[2][:4])
        century = int(match[1]) - 1 if match[1] else 19
        long = century * 100 + short if short < 100 else short
        yield Mark("number", str(long), *match.span(), firm=bool(match[1]) or short >= 100)
        yield Mark("number", str(short), *match.span(2), firm=False)


def _hours(text: str) -> Iterator[Mark]:
    """Hours as a clock of the other kind shows them: 3 for 15:00, 15 for 3 p.m. and 下午3点."""
    for match in re.finditer(
        r"(?<!\d)(\d\d?)(?=[:.：]\d\d(?!\d)|\s?[ap]\.?m\b|\s?[点點时時])", text, re.ASCII
    ):
        other = (int(match[1]) + 12) % 24 if int(match[1]) < 24 else 0
        yield Mark("number", str(other), *match.span(), firm=False)


def _word_numbers(text: str, lang: str) -> Iterator[Mark]:
    """Numbers in words; what is two is in many words besides, and hundreds, thousands are often no number."""
    found = word_numbers(text, lang)
    taken = [(one.start, one.end) for one in found]
    for one in (*found, *(one for one in loose_numbers(text, lang) if _free(one.start, one.end, taken))):
        yield Mark("number", f"{one.value:f}", one.start, one.end, firm=one.firm and one.value not in _LOOSE)


_LOOSE = {0, 1, 2, 10**2, 10**3, 10**6, 10**9}


def _months(text: str, lang: str) -> Iterator[tuple[str, int, int]]:
    """Months without a day or year, and what ``calendar`` leaves out as it may be something else."""
    for key, pattern in _plain_months(lang):
        for match in pattern.finditer(text):
            yield key, *match.span()


@cache
def _plain_months(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if lang not in LANGUAGES or lang == "zh":
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


def _places(text: str, lang: str) -> Iterator[Mark]:
    taken: list[tuple[int, int]] = []
    for key, start, end in countries(text, lang):
        taken.append((start, end))
        yield Mark("name", key, start, end)
    for key, start, end in cities(text, lang):
        if _free(start, end, taken):
            taken.append((start, end))
            yield Mark("name", key, start, end)
    for code, match in peoples(text, lang):
        # Elsewhere such words are written small, or are other words too. British may be English or Scottish.
        firm = lang == "en" and match[0][0].isupper() and code not in ("CL", "EU", "GE", "GB", "US")
        yield Mark("name", f"c:{code}", *match.span(), firm=firm and _free(*match.span(), taken))


def _stances(text: str, lang: str) -> Iterator[Mark]:
    for stance, pattern in listed("speech", lang).items():
        for match in pattern.finditer(text):
            yield Mark("attribution", stance, *match.span())


def _negations(text: str, lang: str) -> Iterator[Mark]:
    firm = [match.span() for match in _found("negation", "firm", text, lang)]
    if lang == "fr":  # ne … pas is one; pas alone, as people speak, one too
        firm = [span for span in firm if not _second_half(text, span, firm)]
    elif lang in ("ru", "uk"):  # nobody does not, never not: one
        firm = [span for span in firm if not _doubled(text, span, firm)]
    yield from (Mark("negation", "not", *span) for span in firm)
    for match in _found("negation", "loose", text, lang):
        if _free(*match.span(), firm):
            yield Mark("negation", "not", *match.span(), firm=False)


def _second_half(text: str, span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    own = text[slice(*span)].lower()
    return own not in ("ne", "n", "sans", "non") and any(
        text[start:end].lower() in ("ne", "n") and 0 < span[0] - end < 40 for start, end in spans
    )


def _doubled(text: str, span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
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
    return any(text[start:end].lower() == "не" and -50 < start - span[0] < 60 for start, end in spans)


def _found(name: str, group: str, text: str, lang: str) -> Iterator[re.Match[str]]:
    pattern = listed(name, lang).get(group)
    return pattern.finditer(text) if pattern else iter(())


def _free(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return not any(start < other_end and other < end for other, other_end in taken)


def amount(key: str) -> str:
    """The value of a number's key as people write it: 2,400,000."""
    return f"{Decimal(key):,f}"
