"""Whether two figures count the same, and whether the values of two can both hold."""

from __future__ import annotations

import re
from decimal import Decimal

from crosslingual.language.figures import Figure, find_figures
from crosslingual.language.name_stems import word_key

_DATE_PARTS = re.compile(r"(?P<year>\d{4})?(?:-{1,2}(?P<month>\d\d))?(?:-{1,3}(?P<day>\d\d))?")
_ROUNDING = 20
"""About 100 may be 100 less or more a twentieth."""


def has_same_unit(left: Figure, right: Figure) -> bool:
    """Whether a list says that both count one thing: dead and погибших, km and 公里."""
    return left.kind == right.kind and bool(left.what) and left.what == right.what


def has_same_noun(left: Figure, left_lang: str, right: Figure, right_lang: str) -> bool:
    """Whether both stand before the same words of one language that are in no list: 92 delegations, 100 delegations."""
    if left.kind != right.kind or left.what or right.what or left_lang != right_lang:
        return False
    both = list(zip(left.words.split(), right.words.split(), strict=False))
    return bool(both) and all(word_key(one, left_lang) == word_key(other, left_lang) for one, other in both)


def is_only_value(figure: Figure, text: str, lang: str) -> bool:
    """Whether ``text``, which ``figure`` is of, has no other value of its unit or noun.

    Of three distances none is known to answer another.
    """
    return not any(
        one.value != figure.value and (has_same_unit(one, figure) or has_same_noun(one, lang, figure, lang))
        for one in find_figures(text, lang)
    )


def names_day(iso: str) -> bool:
    """Whether a date as :class:`Figure` has it says a day and its month."""
    _, month, day = _split_date(iso)
    return bool(month and day)


def values_agree(left: Figure, right: Figure) -> bool:
    """Whether both can hold: 534 and more than 500 can; 115 and 40 cannot. A value that is not sure can."""
    if not left.value or not right.value or left.value == right.value:
        return True
    if left.kind == "date":
        return dates_agree(left.value, right.value)
    low, high = sorted((left, right), key=lambda one: Decimal(one.value))
    small, large = Decimal(low.value), Decimal(high.value)
    if low.bound == "least" or high.bound == "most":
        return True
    return "about" in (low.bound, high.bound) and large - small <= large / _ROUNDING


def dates_agree(left: str, right: str) -> bool:
    """Whether two dates as :class:`Figure` has them can be one day: 2024-03-22 and --03-22, --03 and 2024."""
    both = zip(_split_date(left), _split_date(right), strict=True)
    return all(one == other for one, other in both if one and other)


def _split_date(iso: str) -> tuple[str, str, str]:
    match = _DATE_PARTS.fullmatch(iso)
    return (match["year"] or "", match["month"] or "", match["day"] or "") if match else ("", "", "")
