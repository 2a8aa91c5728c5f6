"""What is known of a sentence in a foreign language: names, places, numbers and dates, in the reader's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from anyascii import anyascii

from crosslingual.align.anchors import Anchor, anchors
from crosslingual.framing.named import amount
from crosslingual.language.codes import country_name, locale_of
from crosslingual.language.lexicons import cities
from crosslingual.language.names import proper

MOST = 6
"""Items of a gist, of which each has at most ``WIDEST`` characters."""
WIDEST = 40


def sounds(texts: Iterable[str], lang: str) -> dict[str, str]:
    """How the names in ``texts`` are written, by how they sound; what begins a sentence may be no name."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for key, start, end, first in proper(text, lang):
            if not first:
                found.setdefault(key, Counter())[text[start:end]] += 1
    return {key: forms.most_common(1)[0][0] for key, forms in found.items()}


def gist(text: str, lang: str, reader: str, known: Mapping[str, str], names: frozenset[str]) -> list[str]:
    """Names, places, numbers and dates of ``text`` in their order, as ``reader``'s language writes them.

    Args:
        text: a sentence in ``lang``.
        lang: its language, ISO 639-1.
        reader: the language that is read in.
        known: names as the event's articles in that language write them, by ``sounds``.
        names: what articles in ``lang`` show to be names, by ``known_names``.
    """
    found: dict[int, tuple[str, str]] = {}  # where it stands: its kind, and how it is written
    for anchor in anchors(text, lang, names):
        kind, _, _ = anchor.key.partition(":")
        at = text.find(anchor.text)
        if anchor.key in known:
            found[at] = kind, known[anchor.key]
        elif not anchor.weak:
            found.setdefault(at, (kind, _written(anchor, text, at, reader)))
    for key, at, _ in cities(text, lang):
        found[at] = "city", _cities(reader).get(key, key)
    said: list[tuple[str, str]] = []
    for at in sorted(found):
        kind, written = found[at]
        before = said[-1] if said else ("", "")
        day = before[1] if before[0] == "n" else written
        if "m" in (kind, before[0]) and "n" in (kind, before[0]) and len(day) <= len("31"):
            month = written if kind == "m" else before[1]
            said[-1] = "date", f"{day} {month}"
        else:
            said.append(found[at])
    return list(dict.fromkeys(written[:WIDEST] for _, written in said))[:MOST]


def _written(anchor: Anchor, text: str, at: int, reader: str) -> str:
    kind, _, rest = anchor.key.partition(":")
    if kind in ("n", "%"):
        plain = rest.lstrip("-")
        year = plain == text[at : at + len(plain)] and len(plain) == len("2024")
        return (plain if year else amount(plain)) + (" %" if kind == "%" else "")
    locale = locale_of(reader)
    if kind == "c":
        return country_name(rest, reader)
    if kind == "m":
        return str(locale.months["format"]["wide"][int(rest)])
    if kind == "d":
        return str(locale.days["format"]["wide"][int(rest) - 1])
    return anyascii(anchor.text)


@cache
def _cities(reader: str) -> Mapping[str, str]:
    zones = locale_of(reader).time_zones.items()
    return {zone.rpartition("/")[2].replace("_", " "): str(at["city"]) for zone, at in zones if "city" in at}
