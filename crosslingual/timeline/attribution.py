"""According to whom a figure is: whom its sentence names as the one who says so."""

from __future__ import annotations

from crosslingual.language.citing import find_cited_outlets
from crosslingual.language.outlets import OutletFinder
from crosslingual.language.speakers import find_speaker


def find_attribution(text: str, start: int, end: int, lang: str, finder: OutletFinder) -> str:
    """Who says what stands in ``text`` from ``start`` to ``end``, as written there; empty where nobody is named.

    An outlet that the sentence surely cites goes before a person, a body or a role. A pronoun is nobody: whom it
    means stands in another sentence.
    """
    outlets = [one for one in find_cited_outlets(text, lang, finder) if not one.is_doubtful]
    if outlets:
        return text[outlets[0].start : outlets[0].end]
    speaker = find_speaker(text[:start], text[end:], lang)
    return speaker.name if speaker.kind in ("named", "role") else ""
