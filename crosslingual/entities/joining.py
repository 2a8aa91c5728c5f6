"""Names in no list that are one: by the sound of their words, by surname, by syllables and consonants of Chinese."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from crosslingual.entities.values import EntityMention, NameGroup, is_listed, name_keys
from crosslingual.language.known_names import EntityKind, load_known_names
from crosslingual.language.phonetics import (
    find_transcriptions,
    loose_consonants,
    sound_skeleton,
    sounds_alike,
    transcribed_consonants,
)
from crosslingual.language.scripts import is_han
from crosslingual.language.transliteration import name_syllables

MAX_COMPARED_PAIRS = 200_000
"""Names in Chinese times names in letters up to which they are compared by their sound."""
_MIN_CONSONANTS = 3
_MIN_CHINESE_CHARS = 3

_Groups = Mapping[str, NameGroup]
_Join = tuple[str, str, bool]
"""The key of a group, that of the one it belongs to, and whether nothing but the sound says so."""


def join_groups(groups: _Groups) -> tuple[dict[str, str], set[str]]:
    """Keys of groups that are another's too, with that key, and those of them that only sound decides."""
    unlisted = {key: group for key, group in groups.items() if not is_listed(key)}
    joined: dict[str, str] = {}
    by_sound: set[str] = set()
    for join_names in (
        _join_same_sounds,
        _join_close_sounds,
        _join_surnames,
        _join_short_names,
        _join_chinese,
    ):
        for key, other, is_heard in list(join_names(groups, unlisted, joined)):
            joined[key] = joined.get(other, other)
            if is_heard:
                by_sound.add(key)
    return joined, by_sound


def _join_same_sounds(groups: _Groups, unlisted: _Groups, _: Mapping[str, str]) -> Iterator[_Join]:
    """Names whose words all sound the same; of one word alone in two scripts it is not sure."""
    first: dict[tuple[EntityKind, tuple[str, ...]], str] = {
        (groups[key].kind, sounds): key
        for key in groups.keys() - unlisted.keys()
        for sounds in _known_sounds(key)
    }
    for key, group in sorted(unlisted.items(), key=lambda one: (-len(one[1].mentions), one[0])):
        if sounds := _word_sounds(group.words):
            other = first.setdefault((group.kind, sounds), key)
            if other != key:
                yield key, other, len(sounds) == 1 and _script(group.words) != _script(groups[other].words)


def _join_close_sounds(groups: _Groups, unlisted: _Groups, joined: Mapping[str, str]) -> Iterator[_Join]:
    """Persons of two scripts with one first sound and the same consonants of the last word: John, Джон Клаузер."""
    first: dict[tuple[str, str], str] = {}
    for key, group in sorted(unlisted.items(), key=lambda one: (-len(one[1].mentions), one[0])):
        if group.kind != "person" or key in joined or not (sound := _outer_sounds(group.words)):
            continue
        other = first.setdefault(sound, key)
        if other != key and _script(group.words) != _script(groups[other].words):
            yield key, other, True


def _join_short_names(_: _Groups, unlisted: _Groups, joined: Mapping[str, str]) -> Iterator[_Join]:
    """Organisations of two words or more with the only longer one that begins or ends so: Energy Ministry, of Malta."""
    groups = {key: group for key, group in unlisted.items() if group.kind == "organisation"}
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, group in groups.items():
        for size in range(2, len(group.words)):
            for part in (group.words[:size], group.words[-size:]):
                longer[part].add(joined.get(key, key))
    for key, group in groups.items():
        fits = longer.get(group.words, set())
        if key not in joined and len(fits) == 1:
            yield key, next(iter(fits)), True


def _outer_sounds(words: Sequence[str]) -> tuple[str, str] | None:
    """The first consonant of a name of several words in letters and all those of its last; None if these are few."""
    if len(words) < 2 or _script(words) == "zh":
        return None
    last = loose_consonants(words[-1])
    return (loose_consonants(words[0])[:1], last) if len(last) >= _MIN_CONSONANTS else None


def _join_surnames(_: _Groups, unlisted: _Groups, joined: Mapping[str, str]) -> Iterator[_Join]:
    """Surnames that stand for a whole name in another article, if it is the only one of this surname."""
    persons = {key: group for key, group in unlisted.items() if group.kind == "person"}
    whole: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, group in persons.items():
        if len(group.words) > 1:
            whole[_word_sounds(group.words[-1:])].add(joined.get(key, key))
    for key, group in persons.items():
        sounds = _word_sounds(group.words)
        fits = whole.get(sounds, set())
        if sounds and len(group.words) == 1 and key not in joined and len(fits) == 1:
            yield key, next(iter(fits)), True


def _join_chinese(_: _Groups, unlisted: _Groups, joined: Mapping[str, str]) -> Iterator[_Join]:
    """Names in Chinese with the one name in letters that they could stand for, by syllables or consonants."""
    chinese = {key: group for key, group in unlisted.items() if _script(group.words) == "zh"}
    lettered = {key: group for key, group in unlisted.items() if key not in chinese and key not in joined}
    if len(chinese) * len(lettered) > MAX_COMPARED_PAIRS:
        return
    fits: dict[str, set[str]] = defaultdict(set)
    for (key, group), (other_key, other) in product(chinese.items(), lettered.items()):
        if group.kind == other.kind and _could_transcribe(group.mentions[0], other.mentions[0]):
            fits[key].add(other_key)
    taken = Counter(other for own in fits.values() for other in own)
    for key, own in fits.items():
        if len(own) == 1 and taken[next(iter(own))] == 1:
            yield key, next(iter(own)), True


def _script(words: Sequence[str]) -> str:
    letter = next((char for word in words for char in word if char.isalpha()), "")
    return "zh" if is_han(letter) else "latin" if letter.isascii() else "other"


@cache
def _known_sounds(key: str) -> frozenset[tuple[str, ...]]:
    """How the whole names of a known person sound in alphabets."""
    known = load_known_names().get(key)
    if known is None or known.kind != "person":
        return frozenset()
    sounds = {
        _word_sounds(name_keys(form, lang))
        for lang, forms in known.forms.items()
        if lang != "zh"
        for form in forms
        if " " in form
    }
    return frozenset(sounds - {()})


def _word_sounds(words: Sequence[str]) -> tuple[str, ...]:
    """How each word sounds, of whatever alphabet; empty where one of them has too little to go by."""
    if _script(words) == "zh":
        return ()
    sounds = tuple(
        sound_skeleton(word) or (loose_consonants(word) if len(words) > 1 else "") for word in words
    )
    return sounds if all(sounds) else ()


def _could_transcribe(chinese: EntityMention, lettered: EntityMention) -> bool:
    """Whether a name in Chinese has the syllables of one in letters, or its surname's consonants."""
    syllables = [one for word in name_syllables(chinese.form) for one in word]
    if len(syllables) > 1 and syllables == [
        one for word in name_syllables(lettered.form, lettered.lang) for one in word
    ]:
        return True
    last = chinese.form.rpartition("·")[2]
    consonants = loose_consonants(lettered.form.split()[-1])
    if "·" in chinese.form and " " in lettered.form:
        given, spelled = chinese.form.partition("·")[0], loose_consonants(lettered.form.split()[0])
        if _sound_equal(spelled, given) and _sound_equal(consonants, last):
            return True
    return (
        len(last) >= _MIN_CHINESE_CHARS
        and len(consonants) >= _MIN_CONSONANTS
        and any(
            end - start == len(last) and sounds_alike(consonants, run) and sounds_alike(run, consonants)
            for start, end, run in find_transcriptions(last)
        )
    )


def _sound_equal(consonants: str, chinese: str) -> bool:
    """Whether ``consonants`` of a name in letters could be those of ``chinese``, either way round."""
    heard = transcribed_consonants(chinese)
    return sounds_alike(consonants, heard) and sounds_alike(heard, consonants)
