"""The one list of verbs of saying, as quotations, stances and citations read it."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from crosslingual.language.outlets import CITATION_LANGUAGES
from crosslingual.language.speakers import find_speaker
from crosslingual.language.speech_verbs import (
    VerbUse,
    citing_verbs,
    load_speech_verbs,
    quoting_verbs,
    stance_patterns,
    verb_alternatives,
)

LANGS = sorted(load_speech_verbs())


def test_the_list_has_a_group_for_each_stance_in_each_language() -> None:
    assert set(LANGS) == set(CITATION_LANGUAGES)
    assert {tuple(sorted(groups)) for groups in load_speech_verbs().values()} == {
        tuple(sorted(load_speech_verbs()["en"]))
    }
    uses = {
        use for groups in load_speech_verbs().values() for verbs in groups.values() for use in verbs.values()
    }
    assert {one for use in uses for one in use.split()} == set(get_args(VerbUse))


@pytest.mark.parametrize("lang", LANGS)
def test_every_line_is_read_as_it_says(lang: str) -> None:
    for stance, verbs in load_speech_verbs()[lang].items():
        for verb, uses in verbs.items():
            re.compile(verb)
            assert stance == "other" or verb in stance_patterns(lang)[stance].pattern
            assert all(
                verb in verb_alternatives(lang, use) for use in get_args(VerbUse) if use in uses.split()
            )


@pytest.mark.parametrize(
    ("lang", "text", "stance"),
    [
        ("en", "the mayor reiterated", "emphatic"),
        ("ru", "мэр уточнил", "neutral"),
        ("uk", "мер нагадав", "neutral"),
        ("de", "die Ministerin bestätigte", "neutral"),
        ("fr", "la maire rappelle", "neutral"),
        ("zh", "市長強調", "emphatic"),
    ],
)
def test_what_one_reader_knew_all_know(lang: str, text: str, stance: str) -> None:
    assert stance_patterns(lang)[stance].search(text)
    found = (
        re.search(verb_alternatives("zh", "quote"), text)
        if lang == "zh"
        else quoting_verbs(lang).search(text)
    )
    assert found


@pytest.mark.parametrize(
    ("lang", "before", "name", "verb"),
    [
        ("en", "Anna Berg joked: ", "Anna Berg", "joked"),
        ("ru", "Анна Берг произнесла: ", "Анна Берг", "произнесла"),
        ("uk", "Анна Берг оголосила: ", "Анна Берг", "оголосила"),
        ("de", "Anna Kowalski erwähnte: ", "Anna Kowalski", "erwähnte"),
        ("fr", "Anna Berg raconte : ", "Anna Berg", "raconte"),
    ],
)
def test_a_verb_of_one_list_brings_the_words_of_who_is_named(
    lang: str, before: str, name: str, verb: str
) -> None:
    speaker = find_speaker(before, "", lang)
    assert (speaker.name, speaker.verb) == (name, verb)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "his remarks and comments, a claim, the warnings"),
        ("ru", "седьмой пункт указа называется так"),
        ("uk", "на запит про заяву"),
        ("zh", "说服 称为"),
    ],
)
def test_what_only_looks_like_a_verb_brings_nothing(lang: str, text: str) -> None:
    pattern = re.compile(verb_alternatives("zh", "quote")) if lang == "zh" else quoting_verbs(lang)
    assert not pattern.search(text)


def test_what_cites_in_no_way_is_found_nowhere() -> None:
    assert not citing_verbs("de", "inverted").search("sagte die Zeitung")
    assert citing_verbs("de", "weak").search("sagte die Zeitung")
    assert not stance_patterns("tr")
