"""XML that others wrote wrongly: what no XML can have is taken out, so that one bad sign does not cost the file."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

from crosslingual.tmx import ILLEGAL_CHARS

_CDATA_MARKS = re.compile(r"(<!\[CDATA\[|\]\]>)")
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));|([A-Za-z][A-Za-z0-9]{0,30});|)")
_SURROGATE_PAIR = re.compile(
    r"&#(?:[xX][dD][89abAB][0-9a-fA-F]{2}|5[56][0-9]{3});&#(?:[xX][dD][c-fC-F][0-9a-fA-F]{2}|5[67][0-9]{3});"
)
_OWN_ENTITIES = frozenset({"amp", "apos", "gt", "lt", "quot"})


def repair_xml(text: str) -> tuple[str, int]:
    """``text`` with signs and references as XML has them, and how many were lost.

    Names of HTML's become the characters that they mean, two halves of a character one, an ampersand that begins no
    reference is one. References to what is no character, and control characters, are lost.
    """
    text, lost = ILLEGAL_CHARS.subn("", text)
    if "&" not in text:
        return text, lost
    parts = _CDATA_MARKS.split(text)
    inside = False
    for place, part in enumerate(parts):
        if part == "<![CDATA[":
            inside = True
        elif part == "]]>":
            inside = False
        elif not inside:
            parts[place], bad = _repair_references(part)
            lost += bad
    return "".join(parts), lost


def lost_signs_message(lost: int) -> str:
    """The words for signs that were lost."""
    return f"signs that XML cannot have were left out ({lost:,}); check the texts"


def _repair_references(text: str) -> tuple[str, int]:
    lost = 0

    def repair(match: re.Match[str]) -> str:
        nonlocal lost
        hexadecimal, decimal, name = match.groups()
        if name:
            if name in _OWN_ENTITIES:
                return match[0]
            if f"{name};" in html5:
                return html5[f"{name};"].replace("&", "&amp;").replace("<", "&lt;")
            lost += 1
            return f"&amp;{name};"
        if not (hexadecimal or decimal):
            return "&amp;"
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if 0x80 <= code < 0xA0:
            return unescape(match[0])  # meant as Windows has it
        if code > 0x10FFFF or ILLEGAL_CHARS.match(chr(code)):
            lost += 1
            return ""
        return match[0]

    return _REFERENCE.sub(repair, _SURROGATE_PAIR.sub(_join_halves, text)), lost


def _join_halves(match: re.Match[str]) -> str:
    high, low = (
        int(half[1:], 16) if half[0] in "xX" else int(half) for half in match[0].strip("&#;").split(";&#")
    )
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
