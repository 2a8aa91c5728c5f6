"""Names of two sentences that are in no list, held against each other by their sound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair, UnmatchedMention
from crosslingual.framing.mentions import MAX_CHARS, Mention
from crosslingual.framing.name_mentions import find_name_mentions, group_name_words
from crosslingual.language.phonetics import find_transcriptions, loose_consonants, sounds_alike, to_pinyin

_MIN_NAME_CONSONANTS = 2
"""Consonants that a name must have to be told by its sound."""
_Transcriptions = Sequence[tuple[int, int, str]]


def find_unmatched_names(pair: SentencePair) -> list[UnmatchedMention]:
    """Names in ``pair.left`` that sound like nothing opposite; where a name stands there instead, with it.

    Of a name of several words one is enough to be found again, but where the name opposite has as many: then the rest
    stand against one another. What stands instead has no counterpart either.
    """
    here, there = _NameSounds(pair.left), _NameSounds(pair.right)
    found = []
    for group in group_name_words(pair.left.text, pair.left.name_mentions):
        told = [mark for mark in group if there.has_name(mark)]
        if told and not _has_as_long_a_name(pair, told[0], len(group)):
            continue
        for mark in group:
            if mark in told or len(loose_consonants(mark.key)) < _MIN_NAME_CONSONANTS:
                continue
            rival = _nearest_name(pair, mark, there.runs)
            words = _name_words_of(pair.right, rival) if rival else ()
            if rival and (here.has_name(rival) or (not told and any(map(here.has_name, words)))):
                rival = None
            cosine = pair.span_cosine(mark.start, mark.end, rival.start, rival.end) if rival else 0.0
            found.append(UnmatchedMention(mark, rival, cosine))
    return found


def _has_as_long_a_name(pair: SentencePair, mention: Mention, n_words: int) -> bool:
    """Whether the name opposite that has the word of ``mention`` has ``n_words`` words or more."""
    if n_words < 2:
        return False
    sound = loose_consonants(mention.key)
    return any(
        len(group) >= n_words
        and any(
            one.key == mention.key
            or any(sounds_alike(*each) for each in permutations((sound, loose_consonants(one.key))))
            for one in group
        )
        for group in group_name_words(pair.right.text, pair.right.name_mentions)
    )


class _NameSounds:
    """How the names of a sentence sound."""

    def __init__(self, sentence: AnalyzedSentence) -> None:
        text = sentence.text
        is_chinese = sentence.lang == "zh"
        self._text = text.lower()
        # Known places too: of one of two words (сектор Газа) the other sentence may have one.
        words = () if is_chinese else find_name_mentions(text, sentence.lang, ())
        self._names = [loose_consonants(one.key) for one in words]
        self._spoken = to_pinyin(text) if is_chinese else ""
        self.runs: _Transcriptions = find_transcriptions(text[:MAX_CHARS]) if is_chinese else ()

    def has_name(self, mention: Mention) -> bool:
        """Whether a name of another sentence is among them, by its letters or its sound in any case."""
        name, sound = mention.key, loose_consonants(mention.key)
        if name.lower() in self._text or (self._spoken and len(name) > 3 and to_pinyin(name) in self._spoken):
            return True
        if len(sound) < _MIN_NAME_CONSONANTS:
            return False
        return any(sounds_alike(sound, run, inside=True) for _, _, run in self.runs) or any(
            sounds_alike(*each) for one in self._names for each in permutations((sound, one))
        )


def _name_words_of(sentence: AnalyzedSentence, name: Mention) -> Sequence[Mention]:
    """The words of the name that ``name`` is a word of; itself where it is Chinese."""
    groups = group_name_words(sentence.text, sentence.name_mentions)
    return next((group for group in groups if name in group), [name])


def _nearest_name(pair: SentencePair, mention: Mention, chinese_runs: _Transcriptions) -> Mention | None:
    """The name opposite that the word nearest to ``mention`` is part of."""
    here = pair.left.words.indices_in_span(mention.start, mention.end)
    if not len(here) or not pair.cosines.shape[1]:
        return None
    start, end = pair.right.words.spans[int(pair.cosines[here].max(axis=0).argmax())]
    for rival in pair.right.name_mentions:
        if rival.start < end and start < rival.end:
            return rival
    for first, last, _ in chinese_runs:
        if first < end and start < last and last - first > 1:
            return Mention("name", pair.right.text[first:last], first, last)
    return None
