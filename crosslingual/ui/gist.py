"""What is known of a sentence in a foreign language: names, places, numbers and dates, in the reader's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from anyascii import anyascii

from crosslingual.align.anchors import Anchor, find_anchors
from crosslingual.framing.mentions import format_amount
from crosslingual.language.codes import country_name, find_locale
from crosslingual.language.known_names import KnownMention, find_listed_names, known_label, load_known_names
from crosslingual.language.lexicons import find_cities
from crosslingual.language.names import find_proper_names

MAX_ITEMS = 6
"""Items of a gist, of which each has at most ``MAX_ITEM_CHARS`` characters."""
MAX_ITEM_CHARS = 40


def names_by_sound(texts: Iterable[str], lang: str) -> dict[str, str]:
    """How the names in ``texts`` are written, by how they sound; what begins a sentence may be no name."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for key, start, end, first in find_proper_names(text, lang):
            if not first:
                found.setdefault(key, Counter())[text[start:end]] += 1
    return {key: forms.most_common(1)[0][0] for key, forms in found.items()}


def extract_gist(
    text: str, lang: str, target_lang: str, known_names: Mapping[str, str], names: frozenset[str]
) -> list[str]:
    """Names, places, numbers and dates of ``text`` in their order, as ``target_lang``'s language writes them.

    Args:
        text: a sentence in ``lang``.
        lang: its language, ISO 639-1.
        target_lang: the language that is read in.
        known_names: names as the event's articles in that language write them, by ``names_by_sound``.
        names: what articles in ``lang`` show to be names, by ``known_names``.
    """
    found: dict[int, tuple[str, str]] = {}  # where it stands: its kind, and how it is written
    ends: dict[int, int] = {}
    for anchor in sorted(find_anchors(text, lang, names), key=lambda one: -len(one.text)):
        kind, _, _ = anchor.key.partition(":")
        at = text.find(anchor.text)
        if at in ends:  # the 8 of 8月8日 is the second one
            at = max(at, text.find(anchor.text, ends[at]))
        ends[at] = at + len(anchor.text)
        if anchor.key in known_names:
            found[at] = kind, known_names[anchor.key]
        elif not anchor.is_weak:
            found.setdefault(at, (kind, _format_anchor(anchor, text, at, target_lang)))
    for key, at, _ in find_cities(text, lang):
        found[at] = "city", _city_names(target_lang).get(key, key)
    for name in _find_sure_names(text, lang):  # whole, where the rest would give pieces
        found = {at: item for at, item in found.items() if not name.start <= at < name.end}
        found[name.start] = name.kind, known_label(name.key, target_lang)
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
    return list(dict.fromkeys(written[:MAX_ITEM_CHARS] for _, written in said))[:MAX_ITEMS]


def _find_sure_names(text: str, lang: str) -> Iterator[KnownMention]:
    """Names of the list, but for a surname alone, which may be a namesake's, and a word that begins ``text``.

    Any word has a capital there: gas is not Gaza.
    """
    for name in find_listed_names(text, lang):
        written = text[name.start : name.end]
        begins = lang != "zh" and " " not in written and not any(map(str.isalnum, text[: name.start]))
        if not begins and (name.kind != "person" or _is_whole_name(written, name.key, lang)):
            yield name


def _is_whole_name(written: str, key: str, lang: str) -> bool:
    whole = load_known_names()[key].forms[lang][0]
    return written == whole if lang == "zh" else len(written.split()) == len(whole.split())


def _format_anchor(anchor: Anchor, text: str, offset: int, target_lang: str) -> str:
    kind, _, rest = anchor.key.partition(":")
    if kind in ("n", "%"):
        plain = rest.lstrip("-")
        year = plain == text[offset : offset + len(plain)] and len(plain) == len("2024")
        return (plain if year else format_amount(plain)) + (" %" if kind == "%" else "")
    locale = find_locale(target_lang)
    if kind == "c":
        return country_name(rest, target_lang)
    if kind == "m":
        return str(locale.months["format"]["wide"][int(rest)])
    if kind == "d":
        return str(locale.days["format"]["wide"][int(rest) - 1])
    return anyascii(anchor.text)


@cache
def _city_names(target_lang: str) -> Mapping[str, str]:
    zones = find_locale(target_lang).time_zones.items()
    return {zone.rpartition("/")[2].replace("_", " "): str(at["city"]) for zone, at in zones if "city" in at}
