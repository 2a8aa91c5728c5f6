"""According to whom a figure is: whom its sentence names as the one who says so."""

from __future__ import annotations

import re

from crosslingual.language.citing import find_cited_outlets
from crosslingual.language.names import find_countries
from crosslingual.language.outlets import OutletFinder
from crosslingual.language.speakers import Speaker, find_speaker

_ADJECTIVE = re.compile(r"\w+(?:ие|ые|ий|ый|ая|ое|ські|ська)", re.IGNORECASE)
_OBLIQUE_ADJECTIVE = re.compile(r"\w+(?:ого|его|ых|их)", re.IGNORECASE)
"""How a Russian or Ukrainian adjective ends, whose noun comes behind it; and one that is no subject."""
_CHINESE_CLAUSE_MARKS = "，。；：、“”！？,;:"
_CHINESE_SUBJECT_END = re.compile(
    r"今天|今日|当天|当地时间|近日|日前|同日|同一天|昨天|此前|随后|\d|[（(]|发表|援引|接受|在|也|则|向|曾|对"
)
"""What stands behind the subject of a Chinese clause, or belongs to no name: times, and what the subject does."""
_MAX_SUBJECT_CHARS = 30


def find_attribution(text: str, start: int, end: int, lang: str, finder: OutletFinder) -> str:
    """Who says what stands in ``text`` from ``start`` to ``end``, as written there; empty where nobody is named.

    An outlet that the sentence surely cites goes before a person, a body or a role. A pronoun is nobody: whom it
    means stands in another sentence.
    """
    outlets = [one for one in find_cited_outlets(text, lang, finder) if not one.is_doubtful]
    if outlets:
        return text[outlets[0].start : outlets[0].end]
    speaker = find_speaker(text[:start], text[end:], lang)
    if speaker.kind not in ("named", "role"):
        return ""
    return (
        _find_chinese_subject(text[:start], speaker) if lang == "zh" else _complete_name(text, speaker, lang)
    )


def _find_chinese_subject(before: str, speaker: Speaker) -> str:
    """All that stands in the clause before the verb of saying, up to a time."""
    verb = before.rfind(speaker.verb)
    if not speaker.verb or verb < 0:
        return ""
    clause = before[:verb]
    clause = (
        clause[max(clause.rfind(mark) for mark in _CHINESE_CLAUSE_MARKS) + 1 :].strip().removeprefix("据")
    )
    subject = _CHINESE_SUBJECT_END.split(clause)[0].strip()
    return subject if 2 <= len(subject) <= _MAX_SUBJECT_CHARS else ""


def _complete_name(text: str, speaker: Speaker, lang: str) -> str:
    """The name with its noun where it is an adjective; none of a country alone, whose body stands elsewhere."""
    if lang in ("ru", "uk") and _OBLIQUE_ADJECTIVE.fullmatch(speaker.name):
        return ""
    at = text.find(speaker.name)
    if lang in ("ru", "uk") and at >= 0 and _ADJECTIVE.fullmatch(speaker.name):
        noun = re.compile(r"\s(\w+)").match(text, at + len(speaker.name))
        return f"{speaker.name} {noun[1]}" if noun else ""
    countries = find_countries(speaker.name, lang)
    return (
        ""
        if any(end_at - start_at >= len(speaker.name) - 1 for _, start_at, end_at in countries)
        else speaker.name
    )
