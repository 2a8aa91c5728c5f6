"""The media of a country as one that is cited without a name: Israeli media, 以色列媒体, израильские СМИ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosslingual.language.codes import country_name
from crosslingual.language.lexicons import find_peoples
from crosslingual.language.names import find_countries
from crosslingual.language.outlets import OutletMention

_PREFIX = "media:"
_MEDIA_AFTER = {
    "zh": re.compile("(?:国家|官方|当地|多家|主流|国营)?(?:媒体|媒體|传媒|傳媒)"),
    "en": re.compile(
        r" (?:state |local |public )?(?:media|press)(?!\w| (?:conference|release|service|secretary|office))"
    ),
    "ru": re.compile(r" (?:государственн\w+ |местн\w+ )?СМИ(?!\w)"),
    "uk": re.compile(r" (?:державн\w+ |місцев\w+ )?ЗМІ(?!\w)"),
    "de": re.compile(r" (?:staatliche\w* )?Medien(?!\w)"),
}
"""Words that make the media of a country of its name, or in other languages than Chinese of its adjective."""
_ADJECTIVES = {
    "ru": re.compile("[иы](?:е|х|м|ми)$"),
    "uk": re.compile("[іи](?:х|м|ми)?$"),
    "de": re.compile("e[nr]?$"),
}
"""How the adjective of a country ends before such words: российские, and not России."""
_ANY = re.compile("")
_MEDIA_BEFORE = {"fr": re.compile(r"(?:médias|presse) (?:publics |d'État )?$")}


def find_national_media(text: str, lang: str) -> Iterator[OutletMention]:
    """Where ``text`` names the media of one country; several outlets have that name."""
    for code, start, end in _find_countries(text, lang):
        if (after := _MEDIA_AFTER.get(lang)) and (match := after.match(text, end)):
            yield OutletMention(start, match.end(), _PREFIX + code, is_shared=True)
        elif (before := _MEDIA_BEFORE.get(lang)) and (
            match := before.search(text[max(start - 20, 0) : start])
        ):
            yield OutletMention(start - len(match[0]), end, _PREFIX + code, is_shared=True)


def _find_countries(text: str, lang: str) -> Iterator[tuple[str, int, int]]:
    if lang == "zh":
        for key, start, end in find_countries(text, lang):
            yield key.removeprefix("c:"), start, end
        return
    seen = set()
    for code, match in find_peoples(text, lang):
        if match.span() not in seen and _ADJECTIVES.get(lang, _ANY).search(match[0]):
            seen.add(match.span())
            yield code, *match.span()


def national_media_label(outlet: str) -> str:
    """What the media of a country are called; empty of any other outlet."""
    return f"media of {country_name(outlet.removeprefix(_PREFIX))}" if outlet.startswith(_PREFIX) else ""
