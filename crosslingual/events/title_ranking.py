"""Which title of an event says what most of its sources tell, in a neutral way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crosslingual.language.name_stems import name_words
from crosslingual.language.scripts import HAN_LANGUAGES
from crosslingual.language.speech_verbs import stance_patterns
from crosslingual.library.events import EventEntry

MAX_RANKED = 12
"""Titles of an event that are ranked: the most central ones."""
_TRAILING_VOICE = re.compile(r"\s[–—-]\s[^–—-]{1,40}$")
_LEADING_VOICE = re.compile(r"[^:：]{1,40}[:：]")
"""Who says it: behind a dash as in "Bridge was blown up – mayor", or before a colon."""
_MARKED_WORDS = re.compile(
    r"[?？！!]|(?<!\w)[«“„‘\"']\s?(?=[a-zа-яёіїєґ])(?:[^»”’\"']|['’](?=\w)){1,200}[»”’\"'](?!\w)|\([^)]{1,30}\)$"
)
"""Questions, cries, words in quotation marks that are no name, and remarks such as (VIDEO)."""
_MIN_STEM_CHARS = 3
_NEUTRAL_WORDS, _NEUTRAL_SIGNS = range(4, 15), range(8, 36)
"""Words of a title, and signs of a Chinese one, that say what happened and no more."""
_QUESTION_WORD = re.compile(
    r"(?:how|why|what|who|как|почему|зачем|кто|что|як|чому|хто|що|wie|warum|wer|was|comment|pourquoi|qui)\b"
    "|.{0,12}(?:如何|为何|为什么|怎么)",
    re.IGNORECASE,
)
_CLAIMS = frozenset({"neutral", "emphatic", "doubting", "admitting", "denying", "accusing", "boasting"})
"""Stances of verbs that tell what somebody says; to promise, demand, ask or threaten is to act."""
_CLAIM_PENALTY, _LENGTH_PENALTY = 0.6, 0.15


def rank_titles(entries: Sequence[EventEntry]) -> list[EventEntry]:
    """``entries`` of one event, which have titles, the one first that names the event best.

    What counts: how central its article is, how much of it the titles of other sources of its language say, and that
    it is no claim of somebody (a verb of saying, a voice behind a dash, words in quotation marks), no question, and
    neither a word nor a paragraph.
    """
    ordered = sorted(entries, key=lambda entry: (-entry.centrality, entry.article))
    if len(ordered) < 2:
        return ordered
    ranked = ordered[:MAX_RANKED]
    most = max(entry.centrality for entry in ranked) or 1.0
    scores = {
        entry.number: entry.centrality / most
        + _find_support(entry, ranked)
        - _penalize_wording(entry.title, entry.lang)
        for entry in ranked
    }
    return sorted(ranked, key=lambda entry: -scores[entry.number]) + ordered[MAX_RANKED:]


def _find_support(entry: EventEntry, others: Sequence[EventEntry]) -> float:
    """How much of the title the best title of each other source has, from 0 to 1; 0 where there is no other."""
    own = _title_stems(entry.title, entry.lang)
    best: dict[str, float] = {}
    for other in others:
        if other.source != entry.source and other.lang == entry.lang:
            shared = len(own & _title_stems(other.title, other.lang)) / max(len(own), 1)
            best[other.source] = max(best.get(other.source, 0.0), shared)
    return sum(best.values()) / len(best) if best else 0.0


@lru_cache(maxsize=50_000)
def _title_stems(title: str, lang: str) -> frozenset[str]:
    """Words without their endings; of Chinese, pairs of signs."""
    if lang in HAN_LANGUAGES:
        return frozenset(title[place : place + 2] for place in range(len(title) - 1))
    return frozenset(word.key for word in name_words(title, lang) if len(word.key) >= _MIN_STEM_CHARS)


@lru_cache(maxsize=50_000)
def _penalize_wording(title: str, lang: str) -> float:
    said = (pattern for stance, pattern in stance_patterns(lang).items() if stance in _CLAIMS)
    patterns = (_TRAILING_VOICE, _MARKED_WORDS, *said)
    is_claim = bool(_QUESTION_WORD.match(title) or _LEADING_VOICE.match(title)) or any(
        pattern.search(title) for pattern in patterns
    )
    size, neutral = (
        (len(title), _NEUTRAL_SIGNS) if lang in HAN_LANGUAGES else (len(title.split()), _NEUTRAL_WORDS)
    )
    return _CLAIM_PENALTY * is_claim + _LENGTH_PENALTY * (size not in neutral)
