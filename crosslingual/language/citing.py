"""Where a sentence says that another outlet told it: the outlet's name and the words that cite it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosslingual.language.chinese_citing import find_chinese_cue
from crosslingual.language.citation_rules import LISTED_OUTLET, Cue, rule_pattern
from crosslingual.language.joined_words import part_joined_words
from crosslingual.language.national_media import find_national_media
from crosslingual.language.outlets import CITATION_LANGUAGES, OutletFinder, OutletMention
from crosslingual.language.speech_verbs import citing_verbs
from crosslingual.language.unlisted_outlets import find_unlisted

_WINDOW_CHARS = 150
"""Characters beside a name in which the words that cite it are looked for."""
_MAX_WORDS_BEFORE, _MAX_WORDS_AFTER = 6, 4
"""Words that may stand between a name and the words that cite it."""
_MAX_WORDS_TO_KIND = 15
"""The same where a word such as "newspaper" stands right before the name: "told yesterday ... the newspaper X"."""
_MAX_CAPITALS = 3
"""Of those, names and other words written large, where the citing words come first."""
_CLAUSE_MARK = re.compile(r"[.;:!?…()—–\n]|\s-\s")
_QUOTES = "«»“”„\"'‘’《》〈〉"
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_POSSESSIVE = re.compile(r".*[’']s?")
_JOINED = re.compile(rf"(?:\s*{LISTED_OUTLET}\s*(?:,|、|和|及|与|\w{{1,3}})?\s*)+")
_DATELINE = re.compile(r"\(\s*$")
_DATELINE_END = re.compile(r"\)\s*[-–—]")
_SPEECH_BEFORE = re.compile(r"[,”\"’»]\s*$")
_HEADLINE_DASH = re.compile(r"\s[-–—]\s*[«“„\"]?$")
_REPORTER = re.compile("[ck]orr|корр|кор", re.IGNORECASE)
_MAX_TEXT_CHARS = 4_000
"""Characters of a sentence that are read; what is longer is no sentence."""


@dataclass(frozen=True, slots=True)
class CitedOutlet:
    """Characters ``start`` to ``end`` of a sentence name an outlet that ``cue_start`` to ``cue_end`` cite.

    ``outlet`` is its id in the list, or that of a source; empty of a name that is in neither. One that
    ``is_doubtful`` may be something else, or no citation.
    """

    start: int
    end: int
    cue_start: int
    cue_end: int
    outlet: str
    is_doubtful: bool


def find_cited_outlets(text: str, lang: str, finder: OutletFinder) -> list[CitedOutlet]:
    """Outlets that the sentence ``text`` cites, in their order.

    Nothing in other languages than Chinese, Russian, Ukrainian, English, German and French.
    """
    if lang not in CITATION_LANGUAGES:
        return []
    parted, places = part_joined_words(text[:_MAX_TEXT_CHARS], lang)
    return [
        replace(
            one,
            start=places[one.start],
            end=places[one.end - 1] + 1,
            cue_start=places[one.cue_start],
            cue_end=places[one.cue_end - 1] + 1,
        )
        for one in _find_in_parted(parted, lang, finder)
    ]


def _find_in_parted(text: str, lang: str, finder: OutletFinder) -> list[CitedOutlet]:
    listed = finder.find_outlets(text, lang)
    others: list[OutletMention] = []
    unnamed = (*find_national_media(text, lang), *find_unlisted(text, lang))
    for one in sorted(unnamed, key=lambda one: one.start - one.end):
        if not _overlaps(one, [*listed, *others]):
            others.append(one)
    masked = _mask_outlets(text, listed)
    found = []
    for mention in sorted([*listed, *others], key=lambda one: one.start):
        cue = find_chinese_cue(masked, mention) if lang == "zh" else _find_cue(text, masked, mention, lang)
        if not cue:
            continue
        is_doubtful = cue.is_doubtful or mention.is_shared or not mention.outlet
        if mention.is_ambiguous and not _is_shown_as_name(text, mention, lang):
            if cue.is_weak or not cue.is_adjacent or _begins_sentence(text, mention, lang):
                continue
            is_doubtful = is_doubtful or lang in ("zh", "de") or cue.start > mention.start
        found.append(CitedOutlet(mention.start, mention.end, cue.start, cue.end, mention.outlet, is_doubtful))
    return _keep_surest(found)


def _keep_surest(found: Sequence[CitedOutlet]) -> list[CitedOutlet]:
    """Of several names of one outlet in a sentence the first that is sure, else the first."""
    kept: dict[str, CitedOutlet] = {}
    for one in found:
        key = one.outlet or f"{one.start}"
        if key not in kept or (kept[key].is_doubtful and not one.is_doubtful):
            kept[key] = one
    return sorted(kept.values(), key=lambda one: one.start)


def _mask_outlets(text: str, listed: Sequence[OutletMention]) -> str:
    masked = list(text)
    for one in listed:
        masked[one.start : one.end] = LISTED_OUTLET * (one.end - one.start)
    return "".join(masked)


def _overlaps(one: OutletMention, others: Sequence[OutletMention]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _find_cue(text: str, masked: str, mention: OutletMention, lang: str) -> Cue | None:
    """The words that cite ``mention``: those before it, else those after it."""
    if _DATELINE.search(text[max(mention.start - 3, 0) : mention.start]) and (
        dash := _DATELINE_END.match(text[mention.end : mention.end + 8])
    ):
        return Cue(mention.end, mention.end + dash.end(), is_adjacent=True)
    extended = _is_extended(text, mention, lang)
    if extended and mention.is_ambiguous:
        return None
    cue = (
        _cue_before(masked, mention, lang)
        or _cue_after(masked, mention, lang)
        or _cue_inverted(masked, mention, lang)
        or _cue_headline(text, mention)
    )
    if cue and extended:
        return Cue(cue.start, cue.end, cue.is_weak, is_doubtful=True, is_adjacent=cue.is_adjacent)
    return cue


def _cue_before(text: str, mention: OutletMention, lang: str) -> Cue | None:
    start = max(mention.start - _WINDOW_CHARS, 0)
    window = text[start : mention.start]
    has_kind = _ends_with_kind(window, lang)
    for cue in reversed(list(rule_pattern(lang, "before").finditer(window))):
        if start and not cue.start():
            continue  # may be cut off
        gap = _read_gap(window[cue.end() :], lang)
        if gap is None or len(gap) > (_MAX_WORDS_TO_KIND if has_kind else _MAX_WORDS_BEFORE):
            continue
        is_far = len(gap) > _MAX_WORDS_BEFORE or sum(map(_is_capital, gap)) > _MAX_CAPITALS
        if is_far and not has_kind:
            continue
        if mention.is_ambiguous and not has_kind and sum(map(_is_capital, gap)) > 1:
            continue
        between = " ".join(gap)
        if rule_pattern(lang, "apart").search(between):
            continue
        return Cue(
            start + cue.start(),
            start + cue.end(),
            is_weak=bool(citing_verbs(lang, "weak").fullmatch(cue[0])),
            is_doubtful=is_far or _names_person(between, lang),
            is_adjacent=len(gap) <= 1,
        )
    return None


def _ends_with_kind(text: str, lang: str) -> bool:
    """Whether a word such as "newspaper" is the last of ``text``."""
    words = text.rstrip(_QUOTES + " ")
    return any(match.end() == len(words) for match in rule_pattern(lang, "kinds").finditer(words))


def _names_person(gap: str, lang: str) -> bool:
    """Whether somebody of the outlet stands between; what was told to its reporter was told to it."""
    found = rule_pattern(lang, "roles").search(gap)
    return found is not None and not _REPORTER.match(found[0])


def _cue_inverted(text: str, mention: OutletMention, lang: str) -> Cue | None:
    """..., said the Herald."""
    head = text[max(mention.start - 30, 0) : mention.start]
    found = list(citing_verbs(lang, "inverted").finditer(head))
    if not found or not _SPEECH_BEFORE.search(head[: found[-1].start()]):
        return None
    gap = _read_gap(head[found[-1].end() :], lang)
    if gap is None or len(gap) > 1:
        return None
    start = mention.start - len(head)
    return Cue(start + found[-1].start(), start + found[-1].end(), is_weak=True, is_adjacent=True)


def _cue_headline(text: str, mention: OutletMention) -> Cue | None:
    """A headline that ends or begins with who said so: "Talks failed – Herald", "Herald: talks failed"."""
    if mention.is_ambiguous or not mention.outlet:
        return None
    before, after = text[: mention.start], text[mention.end :].lstrip(_QUOTES)
    if (dash := _HEADLINE_DASH.search(before[-4:])) and not after.strip(" .") and len(before) > 20:
        start = mention.start - len(before[-4:]) + dash.start()
        return Cue(start, mention.start, is_doubtful=True, is_adjacent=True)
    if not before.strip(_QUOTES + " #>*") and after[:1] in (":", "："):
        return Cue(mention.end, text.index(after[0], mention.end) + 1, is_doubtful=True, is_adjacent=True)
    return None


def _cue_after(text: str, mention: OutletMention, lang: str) -> Cue | None:
    window = text[mention.end : mention.end + _WINDOW_CHARS]
    before = text[: mention.start].rstrip(_QUOTES + " ")
    last = _WORD.findall(before[-40:])[-1:]
    ends_here = _CLAUSE_MARK.search(before[-1:] + " ") or before.endswith(",")
    person = last[0] if last and not ends_here else ""
    if lang == "de" and mention.is_ambiguous and rule_pattern(lang, "not_after").fullmatch(person):
        return None
    cues = sorted(
        [(cue, False) for cue in rule_pattern(lang, "after").finditer(window)]
        + [(cue, True) for cue in citing_verbs(lang, "weak").finditer(window)],
        key=lambda one: one[0].start(),
    )
    for cue, is_weak in cues[:3]:
        between = window[: cue.start()]
        is_joined = between.strip(_QUOTES + " ") == ","
        gap = [] if is_joined else _read_gap(between, lang)
        if gap is None or len(gap) > _MAX_WORDS_AFTER or any(map(_is_capital, gap)):
            continue
        if is_joined and is_weak:
            continue
        if rule_pattern(lang, "apart").search(" ".join(gap)) or _is_person(person, lang):
            continue
        is_doubtful = bool(rule_pattern(lang, "roles").fullmatch(person)) or bool(
            rule_pattern(lang, "roles").search(" ".join(gap))
        )
        return Cue(
            mention.end + cue.start(),
            mention.end + cue.end(),
            is_weak,
            is_doubtful,
            is_adjacent=len(gap) <= 1,
        )
    return None


def _read_gap(text: str, lang: str) -> list[str] | None:
    """The words between cue and name, without those that say what it is; None if a clause ends between."""
    text = text.strip(_QUOTES + " ")
    if LISTED_OUTLET in text:
        text = re.sub(f"{LISTED_OUTLET}+", LISTED_OUTLET, text.translate(dict.fromkeys(map(ord, _QUOTES))))
        text = _JOINED.sub(" ", text)
    if _CLAUSE_MARK.search(text) or "," in text or LISTED_OUTLET in text:
        return None
    text = rule_pattern(lang, "kinds").sub(" ", text)
    return [word for word in _WORD.findall(text) if not rule_pattern(lang, "capitals").fullmatch(word)]


def _is_capital(word: str) -> bool:
    return word[0].isupper() and not _POSSESSIVE.fullmatch(word)


def _is_person(word: str, lang: str) -> bool:
    """Whether ``word`` before a name makes it another name: Thomson Reuters, Michael Bloomberg."""
    return bool(
        word
        and _is_capital(word)
        and lang != "de"
        and not rule_pattern(lang, "capitals").fullmatch(word)
        and not rule_pattern(lang, "kinds").fullmatch(word)
        and not rule_pattern(lang, "before").fullmatch(word)
    )


def _is_extended(text: str, mention: OutletMention, lang: str) -> bool:
    """Whether the name goes on: Times Square, the Reuters Foundation."""
    follower = re.match(r"[ \u00a0-]([^\W_]+)", text[mention.end : mention.end + 40])
    if not follower or not follower[1][0].isupper():
        return False
    if lang == "de" and not mention.is_ambiguous:
        return False
    return not rule_pattern(lang, "capitals").fullmatch(follower[1])


def _is_shown_as_name(text: str, mention: OutletMention, lang: str) -> bool:
    """Whether quotation marks or a word such as "newspaper" say that it is an outlet's name."""
    before, after = text[: mention.start], text[mention.end : mention.end + 30]
    if before[-1:] in '《«“„"' and before and after[:1] in ("》", "»", "”", "“", '"'):
        return True
    if lang == "zh":
        return False
    return _ends_with_kind(before[-40:], lang) or bool(
        (lang == "en" or mention.outlet) and rule_pattern(lang, "kinds").match(after.lstrip(_QUOTES + " "))
    )


def _begins_sentence(text: str, mention: OutletMention, lang: str) -> bool:
    name = text[mention.start : mention.end]
    return lang != "zh" and " " not in name and not _WORD.search(text[: mention.start])
