from __future__ import annotations

import pytest

from crosslingual.language.calendar_words import calendar_words, month_numbers
from crosslingual.language.locale_data import calendar_names
from crosslingual.language.names import find_calendar_words


def test_every_language_has_its_own_words_whichever_was_asked_before() -> None:
    calendar_words()  # asks all
    assert calendar_names("uk")["days"]["stand-alone"]["wide"][4] == "пʼятниця"
    assert calendar_names("de_AT")["months"]["format"]["wide"][1] == "Jänner"
    assert calendar_names("de")["months"]["format"]["wide"][1] == "Januar"
    assert month_numbers("sw")["machi"] == 3


@pytest.mark.parametrize(
    ("lang", "text", "day"),
    [("uk", "у п'ятницю", 5), ("ru", "в пятницу", 5), ("de", "am Freitag", 5), ("fr", "vendredi", 5)],
)
def test_days_of_the_week_are_found_after_all_languages_were_asked(lang: str, text: str, day: int) -> None:
    calendar_words()
    assert [key for key, *_ in find_calendar_words(text, lang)] == [f"d:{day}"]
