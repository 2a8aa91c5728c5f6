"""According to whom a figure is: whom its sentence names as the one who says so."""

from __future__ import annotations

import re

from crosslingual.language.citing import find_cited_outlets
from crosslingual.language.lexicons import find_peoples
from crosslingual.language.names import find_countries
from crosslingual.language.outlets import OutletFinder
from crosslingual.language.speakers import Speaker, find_speaker
from crosslingual.timeline.speaking import NO_NOUN, may_speak

_PLURAL_ADJECTIVE = re.compile(r"\w+(?:ие|ые|ські|цькі)", re.IGNORECASE)
_ADJECTIVE = re.compile(r"\w+(?:ий|ый|ая|ое|ська|цька)", re.IGNORECASE)
_OBLIQUE_ADJECTIVE = re.compile(r"\w+(?:ого|его|ых|их)", re.IGNORECASE)
"""How a Russian or Ukrainian adjective ends, whose noun comes behind it; and one that is no subject."""
_BODY_ADJECTIVE = re.compile(r"\w+н(?:ый|ая|ое)")
"""How one ends that is hardly ever a surname: Следственный комитет; not Зеленский."""
_NEXT_WORD = re.compile(r"\s(\w+)")
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
    if lang == "zh":
        return _find_chinese_subject(text[:start], speaker)
    name = _complete_name(text, speaker, lang)
    return name if name and may_speak(name, text, speaker.verb, lang) else ""


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
    is_sure = lang in ("ru", "uk") and _is_surely_adjective(speaker.name, lang)
    if is_sure and _OBLIQUE_ADJECTIVE.fullmatch(speaker.name):
        return ""
    at = text.find(speaker.name)
    if lang in ("ru", "uk") and at >= 0 and _is_adjective(speaker.name):
        noun = _find_noun(text, at + len(speaker.name), speaker.verb)
        if is_sure:
            return f"{speaker.name} {noun}" if noun else ""
        if noun and _BODY_ADJECTIVE.fullmatch(speaker.name):
            return f"{speaker.name} {noun}"
        if noun and not text[:at].strip(" «„\"'—–-"):
            return ""  # the first word is written large: Городская прокуратура, or Чайковская
    countries = find_countries(speaker.name, lang)
    return (
        ""
        if any(end_at - start_at >= len(speaker.name) - 1 for _, start_at, end_at in countries)
        else speaker.name
    )


def _is_adjective(name: str) -> bool:
    return bool(_PLURAL_ADJECTIVE.fullmatch(name) or _ADJECTIVE.fullmatch(name))


def _is_surely_adjective(name: str, lang: str) -> bool:
    """Whether an adjective by its ending is no surname: a plural, in small letters, or that of a country."""
    of_country = any(match[0] == name for _, match in find_peoples(name, lang))
    return of_country or name[0].islower() or bool(_PLURAL_ADJECTIVE.fullmatch(name))


def _find_noun(text: str, at: int, verb: str) -> str:
    """The word behind an adjective that ends at ``at``; empty where it is a verb of saying or can be no noun."""
    match = _NEXT_WORD.match(text, at)
    if not match or match[1] in verb.split() or NO_NOUN.fullmatch(match[1]):
        return ""
    return match[1]
