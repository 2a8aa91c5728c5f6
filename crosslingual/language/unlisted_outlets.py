"""What a text presents as an outlet and no list has: by a word such as "newspaper", a title, a domain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crosslingual.language.citation_rules import load_citation_rules, rule_pattern
from crosslingual.language.outlets import OutletMention
from crosslingual.language.scripts import HAN

_DOMAIN = re.compile(r"(?<![\w.@/-])(?:[A-Za-z0-9-]{2,30}\.){1,3}[a-z]{2,6}(?![\w/@-])")
_CAPITALIZED_WORD = r"[A-ZА-ЯЁІЇЄҐÀ-Þ][\w’-]{1,30}"
_CAPITALIZED_RUN = rf"{_CAPITALIZED_WORD}(?: {_CAPITALIZED_WORD}){{0,3}}"
_LATIN_RUN = r"[A-ZÀ-Þ][A-Za-z0-9À-ɏ’-]{1,30}(?: [A-ZÀ-Þ][A-Za-z0-9À-ɏ’-]{1,30}){0,3}"
_QUOTED_NAME = r"[«“„\"]([^«»“”„\"\n]{2,40})[»”“\"]"


def find_unlisted(text: str, lang: str) -> Iterator[OutletMention]:
    """Characters of ``text`` that may name an outlet, some of them overlapping."""
    for match in _DOMAIN.finditer(text):
        yield OutletMention(*match.span(), "")
    for pattern in _list_patterns(lang):
        for match in pattern.finditer(text):
            if lang != "zh" and rule_pattern(lang, "capitals").fullmatch(match[1].split()[-1]):
                continue  # the German newspaper: no name of one
            yield OutletMention(*match.span(1), "")


@cache
def _list_patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    """Patterns whose first group is a name."""
    rules = load_citation_rules()[lang]
    kinds = rules["kinds"]
    if lang == "zh":
        head = rf"(?:{rules['before']})[^{HAN}]?(?!{rules['vague']})"
        titled = rf"《([^《》]{{1,15}}(?:{rules['titles']}))》"
        return re.compile(titled), re.compile(rf"{head}([{HAN}·]{{2,10}}?(?:{kinds}))")
    run = _CAPITALIZED_RUN if lang in ("en", "fr") else _LATIN_RUN
    patterns = [rf"(?<!\w)(?i:{kinds})\s{{1,2}}{_QUOTED_NAME}", rf"(?<!\w)(?:{kinds})\s{{1,2}}({run})"]
    if lang == "en":
        patterns.append(
            rf"(?<!\w)(?:The )?({_CAPITALIZED_WORD}(?: {_CAPITALIZED_WORD}){{1,3}}) (?:{kinds})(?!\w)"
        )
    return tuple(map(re.compile, patterns))
