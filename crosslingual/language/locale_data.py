"""Months, days and halves of the day as CLDR names them, each language's own.

Babel resolves what one language takes from another in data that several share: whichever language is asked
first would give its words to the others. So each gets a copy.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from babel import localedata

_SECTIONS = ("months", "days", "day_periods")


@cache
def calendar_names(locale: str) -> Any:
    """The names by section (``months``, ``days``, ``day_periods``), form and width, of a locale such as ``de_AT``.

    Raises:
        FileNotFoundError: CLDR has no such locale.
    """
    data = localedata.load(locale)
    return localedata.LocaleDataDict({section: deepcopy(data[section]) for section in _SECTIONS})
