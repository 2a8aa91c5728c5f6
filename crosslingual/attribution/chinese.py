"""Attributions in one Chinese sentence."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache

from crosslingual.attribution.sentence_tokens import QUOTE_MASK
from crosslingual.attribution.values import Attribution, Span
from crosslingual.language.attribution_rules import RULES_PATH
from crosslingual.language.known_names import find_known_names
from crosslingual.language.scripts import HAN
from crosslingual.language.speech_verbs import stance_patterns

_CLAUSE_MARKS = "，,；;：:。！？!?\n"
_STOPS = "。！？!?；; \n　"
_MAX_SUBJECT_CHARS = 40
_MAX_CLAUSE_CHARS = 80
"""Characters before a verb in which its clause begins."""
_MAX_SENTENCE_CHARS = 2_000
"""Characters of a sentence that are read; what is longer is no sentence."""
_MAX_BESIDE_CHARS = 24
"""Characters before a verb in which a negation of it stands."""
_MAX_HEADLINE_SUBJECT = 12
_MIN_HEADLINE_CONTENT = 5
"""Characters behind a colon that may be said; fewer are a name, as in a byline."""
_SAYS_SO = re.compile("[称稱说說道]")
"""Behind a verb of denial, what is denied no longer follows, but what is said instead."""
_NOUN_AFTER = re.compile("[的和与及、]|$")
"""What follows one of the verbs where it is a noun."""
_HEADLINE = re.compile(rf"\s*([{HAN}·、]{{2,{_MAX_HEADLINE_SUBJECT}}})[：:]\s*(?=\S)")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(RULES_PATH.read_text(encoding="utf-8"))["zh"]
    verb = f"(?:(?:{table['leads']})(?:称|说|表示|指出|道)|{table['verbs']})"
    return {
        "verb": re.compile(rf"{verb}(?:道|说)?"),
        "report": re.compile(
            rf"(?:据|據|根据)([^，,。；：:]{{0,{_MAX_SUBJECT_CHARS}}}?)({table['reports']})(?:称|说|指出|显示|，|,|：|:|$)[，,]?"
        ),
        "ends": re.compile(table["ends"]),
        "leading": re.compile(rf"(?:{table['leading']}|，|,|\s)*"),
        "continued": re.compile(rf"(?:{table['continued']})*"),
        "negated": re.compile(rf"(?:{table['negated']})$"),
        "nobody": re.compile(table["nobody"]),
        "conditional": re.compile(rf"(?:{table['leading']}|即使)*(?:{table['conditional']})"),
        "speaker": re.compile(rf"(?:{table['speakers']})$"),
    }


def find_in_chinese(bare: str, start: int, end: int) -> list[Attribution]:
    """The attributions of ``bare[start:end]``, whose quotations are masked, in order.

    What stands after 据…报道 may itself be an attribution.
    """
    patterns = _patterns()
    end = start + len(bare[start : min(end, start + _MAX_SENTENCE_CHARS)].rstrip(_STOPS))
    found: list[Attribution] = []
    position = start
    report = patterns["report"].search(bare, start, end)
    if report and report.end() < end:
        source = _trim_subject(bare, *report.span(1))
        cue_start, cue_end = report.start(2), report.end()
        cue_end = cue_start + len(bare[cue_start:cue_end].rstrip("，,：:"))
        opening = 2 if bare.startswith("根据", report.start()) else 1
        cue = (report.start(), report.start() + opening), (cue_start, cue_end)
        found.append(Attribution((source,) if source else (), cue, ((report.end(), end),)))
        position = report.end()
    inner = _find_clauses(bare, position, end)
    return found + inner


def _find_clauses(bare: str, start: int, end: int) -> list[Attribution]:
    patterns = _patterns()
    found: list[Attribution] = []
    last_source: Span | None = None
    for verb in patterns["verb"].finditer(bare, start, end):
        if _NOUN_AFTER.match(bare, verb.end()) or bare[verb.start() - 1 : verb.start()] == "的":
            continue
        nearby = max(start, verb.start() - _MAX_CLAUSE_CHARS)
        clause = max(bare.rfind(mark, nearby, verb.start()) for mark in _CLAUSE_MARKS + QUOTE_MASK) + 1
        clause = max(clause, nearby)
        subject = _find_subject(bare, clause, verb.start())
        inside = found and found[-1].content and verb.start() < found[-1].content[0][1]
        if subject is None:
            if not patterns["continued"].fullmatch(bare, clause, verb.start()):
                continue
            subject = last_source or _opening_subject(bare, start, clause)
            if subject is None:
                continue
            if inside:
                found[-1] = _cut_content(found[-1], bare, clause)
        elif inside:
            continue
        content = _find_content(bare, verb.end(), end)
        before = _quote_before(bare, start, subject[0]) if content is None else None
        if content or before:
            spans = tuple(one for one in (before, content) if one)
            is_report = not _is_disclaimed(bare, clause, subject, verb)
            found.append(Attribution((subject,), (verb.span(),), spans, is_report))
            last_source = subject
    match = None if found else _HEADLINE.match(bare, start, end)
    if match and end - match.end() >= _MIN_HEADLINE_CONTENT and _is_speaker(match[1]):
        content = match.end(), end
        found.append(Attribution((match.span(1),), ((match.end(1), match.end(1) + 1),), (content,)))
    return found


def _is_disclaimed(bare: str, clause: int, subject: Span, verb: re.Match[str]) -> bool:
    """Whether the subject denies what follows, has not said it, is nobody, or only may say it."""
    patterns = _patterns()
    if stance_patterns("zh")["denying"].search(verb[0]) and not _SAYS_SO.search(
        bare, verb.start(), verb.end() + 1
    ):
        return True
    beside = bare[max(clause, verb.start() - _MAX_BESIDE_CHARS) : verb.start()]
    return bool(
        patterns["negated"].search(beside)
        or patterns["nobody"].match(bare, *subject)
        or patterns["conditional"].match(bare, clause, verb.start())
    )


def _is_speaker(text: str) -> bool:
    """Whether what stands before the colon of a headline ends in a role, a body, an outlet or a person."""
    if _patterns()["speaker"].search(text):
        return True
    return any(one.end == len(text) and one.kind != "place" for one in find_known_names(text, "zh"))


def _opening_subject(bare: str, start: int, end: int) -> Span | None:
    """The subject of the sentence's first clause, which the verbs of later ones share."""
    comma = next((place for place in range(start, end) if bare[place] in _CLAUSE_MARKS), end)
    return (
        _find_subject(bare, start, comma)
        if comma < end and _patterns()["ends"].search(bare, start, comma)
        else None
    )


def _find_subject(bare: str, clause: int, verb: int) -> Span | None:
    """The subject at the head of the clause that ``verb`` closes; none where the clause has none."""
    patterns = _patterns()
    leading = patterns["leading"].match(bare, clause, verb)
    first = leading.end() if leading else clause
    return _trim_subject(bare, first, verb)


def _trim_subject(bare: str, first: int, last: int) -> Span | None:
    """What is left of characters ``first`` to ``last`` before a time or what the subject does."""
    found = _patterns()["ends"].search(bare, first + 1, last)
    last = found.start() if found else last
    while last > first and bare[last - 1] in "的，, 、":
        last -= 1
    text = bare[first:last]
    if not 1 <= len(text) <= _MAX_SUBJECT_CHARS or not re.search(f"[{HAN}A-Za-z{QUOTE_MASK}]", text):
        return None
    return first, last


def _find_content(bare: str, first: int, end: int) -> Span | None:
    while first < end and bare[first] in "，,：: ":
        first += 1
    return (first, end) if end - first >= 2 else None


def _quote_before(bare: str, start: int, end: int) -> Span | None:
    """The quotation right before "X said"."""
    last = end
    while last > start and bare[last - 1] in "，, ":
        last -= 1
    return (start, last) if last > start and bare[last - 1] == QUOTE_MASK else None


def _cut_content(one: Attribution, bare: str, clause: int) -> Attribution:
    """``one`` with what it says up to the clause in which its speaker says more."""
    first, _ = one.content[0]
    last = clause
    while last > first and bare[last - 1] in _CLAUSE_MARKS:
        last -= 1
    return replace(one, content=((first, last),) if last > first else ())
