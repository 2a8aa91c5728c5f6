"""Attributions in one sentence of a language whose words are parted by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosslingual.attribution.sentence_tokens import CLAUSE_MARKS, QUOTE_MASK, STOPS, SentenceTokens
from crosslingual.attribution.subjects import (
    TokenRange,
    find_subject_after,
    find_subject_before,
    skip_helpers,
)
from crosslingual.language.attribution_rules import AttributionRules

_MAX_LINKER_TOKENS = 10
"""Tokens between a verb and the word that begins what is said."""
_MIN_CLAUSE_TOKENS = 3
_MAX_LATER_CUES = 6


@dataclass(frozen=True, slots=True)
class ClauseAttribution:
    """An attribution in tokens of a sentence; ``contents`` may touch masked quotations."""

    source: TokenRange | None
    cue: tuple[TokenRange, ...]
    contents: tuple[TokenRange, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    first: int
    last: int
    kind: str


def find_in_sentence(
    bare: str, start: int, end: int, rules: AttributionRules
) -> tuple[SentenceTokens, list[ClauseAttribution]]:
    """The attributions of ``bare[start:end]``, whose quotations are masked, in order; none lies in another's content."""
    tokens = SentenceTokens.from_text(bare, start, end)
    found: list[ClauseAttribution] = []
    taken = 0
    cues = _find_cues(bare, start, end, tokens, rules)
    for number, cue in enumerate(cues):
        if cue.first < taken:
            continue
        later = [one.first for one in cues[number + 1 : number + 1 + _MAX_LATER_CUES]]
        one = _read_cue(tokens, cue, taken, later, found[-1] if found else None, rules)
        if one:
            found.append(one)
            taken = max(last for _, last in (*one.cue, *one.contents))
    return tokens, found


def _find_cues(
    bare: str, start: int, end: int, tokens: SentenceTokens, rules: AttributionRules
) -> list[_Cue]:
    found: dict[int, _Cue] = {}
    patterns: tuple[tuple[str, re.Pattern[str]], ...] = (
        ("sources", rules.sources),
        ("sources_after", rules.sources_after),
        ("taking", rules.taking),
        ("saying", rules.saying),
    )
    for kind, pattern in patterns:
        for match in pattern.finditer(bare, start, end):
            first, last = tokens.token_at(match.start()), tokens.token_at(match.end())
            if first < len(tokens) and tokens.starts[first] == match.start() and first not in found and not (match[0][0].isupper() and _is_name_part(bare, start, match.start())):
                found[first] = _Cue(first, max(last, first + 1), kind)
    return sorted(found.values(), key=lambda cue: cue.first)


def _is_name_part(bare: str, start: int, position: int) -> bool:
    """Whether a word that is written large stands in a name, and not at the head of a sentence or in a headline."""
    before = bare[start:position].split()
    large = sum(word[0].isupper() for word in before)
    return bool(before) and large < max(2, len(before) * 0.6)


def _read_cue(
    tokens: SentenceTokens,
    cue: _Cue,
    taken: int,
    later: Sequence[int],
    previous: ClauseAttribution | None,
    rules: AttributionRules,
) -> ClauseAttribution | None:
    if cue.kind == "sources":
        return _read_according(tokens, cue, taken, rules)
    if cue.first and tokens.words[cue.first - 1] in rules.determiners:
        return None
    opened = cue.last < len(tokens) and (
        tokens.words[cue.last] in rules.linkers or tokens.words[cue.last] in (":", QUOTE_MASK)
    )
    if not opened and tokens.words[cue.first] in rules.ambiguous:
        return None
    first = skip_helpers(tokens, cue.first, rules)
    if first and tokens.words[first - 1] == "," and cue.kind == "saying":
        tag = find_subject_after(tokens, cue.last, rules)
        if tag and _is_tag(tokens, tag, rules):
            return _read_inverted(tokens, cue, first, taken, later, rules)
    is_participle = bool(rules.participles.fullmatch(tokens.words[cue.first])) and first == cue.first
    source = None if is_participle else find_subject_before(tokens, first, rules)
    if source and source[0] < taken:
        source = (taken, source[1]) if taken < source[1] else None
    if source is None:
        if is_participle or (first and tokens.words[first - 1] in rules.links):
            source = previous.source if previous else _first_subject(tokens, first, rules)
            if source is None:
                return None
        elif _may_invert(tokens, first, rules):
            return _read_inverted(tokens, cue, first, taken, later, rules)
        elif first:
            return None
    if source is None:
        return None
    if cue.last < len(tokens) and tokens.words[cue.last] in rules.agents:
        agent = find_subject_after(tokens, cue.last + 1, rules)
        return ClauseAttribution(agent, ((first, cue.last + 1),), (source,)) if agent else None
    spans = _content_after(tokens, cue, later, rules)
    before = _content_before(tokens, source[0] if source[1] <= first else first, taken)
    if before and (_ends_quoted(tokens, before) or not _is_clause_after(tokens, cue.last, rules)):
        spans = (before, *(span for span in spans if _goes_on(tokens, before, cue.last, span)))
    if not spans and tokens.words[-1] != ":":
        return None
    return ClauseAttribution(source, ((first, cue.last),), spans)


def _goes_on(tokens: SentenceTokens, before: TokenRange, after: int, content: TokenRange) -> bool:
    """Whether ``content`` behind a frame goes on with what stands before it: "…", he said, "…"; …, he said, …."""
    if tokens.words[content[0]] == QUOTE_MASK:
        return True
    return after < len(tokens) and tokens.words[after] == "," and not _ends_quoted(tokens, before)


def _first_subject(tokens: SentenceTokens, before: int, rules: AttributionRules) -> TokenRange | None:
    """The subject that a sentence opens with: that before its first helper, else its first words."""
    for place in range(min(before, 12)):
        if tokens.words[place] in CLAUSE_MARKS or tokens.words[place] in rules.helpers:
            return (0, place) if place else None
    return (0, 2) if before > 2 else None


def _is_tag(tokens: SentenceTokens, subject: TokenRange, rules: AttributionRules) -> bool:
    """Whether a subject behind its verb is all that is left of the clause: "…, said Batchelder."."""
    has_verb = any(word in rules.helpers for word in tokens.words[slice(*subject)])
    return not has_verb and (subject[1] == len(tokens) or tokens.is_boundary(subject[1]))


def _may_invert(tokens: SentenceTokens, first: int, rules: AttributionRules) -> bool:
    """Whether a verb may come before its subject: at the start, or behind a mark or a quotation."""
    before = tokens.words[first - 1] if first else ","
    return before in CLAUSE_MARKS or before == QUOTE_MASK or before in rules.as_words


def _read_inverted(
    tokens: SentenceTokens, cue: _Cue, first: int, taken: int, later: Sequence[int], rules: AttributionRules
) -> ClauseAttribution | None:
    source = find_subject_after(tokens, cue.last, rules)
    if source is None:
        return None
    before = _content_before(tokens, first, taken)
    end = _content_end(tokens, source[1], _sentence_end(tokens), cue, later, rules)
    after = (_rest_after if before is None else _quote_after)(tokens, source[1], end)
    spans = tuple(span for span in (before, after) if span)
    return ClauseAttribution(source, ((first, cue.last),), spans) if spans else None


def _content_before(tokens: SentenceTokens, end: int, taken: int) -> TokenRange | None:
    """What is said in front of "X said": up to a comma or quotation mark."""
    last = end
    while last > taken and tokens.words[last - 1] in CLAUSE_MARKS:
        last -= 1
    if last == end and not (last > taken and tokens.words[last - 1] == QUOTE_MASK):
        return None
    first = taken
    while first < last and (tokens.words[first] in CLAUSE_MARKS or tokens.words[first] in STOPS):
        first += 1
    has_quote = any(tokens.words[place] == QUOTE_MASK for place in range(first, last))
    return (first, last) if has_quote or last - first >= _MIN_CLAUSE_TOKENS else None


def _ends_quoted(tokens: SentenceTokens, content: TokenRange) -> bool:
    return tokens.words[content[1] - 1] == QUOTE_MASK or tokens.words[content[0]] == QUOTE_MASK


def _is_clause_after(tokens: SentenceTokens, after: int, rules: AttributionRules) -> bool:
    """Whether what is said comes behind the verb: a word that opens it, or a subject."""
    if after >= len(tokens) or tokens.words[after] in CLAUSE_MARKS | STOPS | {QUOTE_MASK}:
        return False
    return tokens.words[after] in rules.linkers or (
        tokens.words[after] not in rules.prepositions and len(tokens) - after > _MIN_CLAUSE_TOKENS
    )


def _content_after(
    tokens: SentenceTokens, cue: _Cue, later: Sequence[int], rules: AttributionRules
) -> tuple[TokenRange, ...]:
    end = _sentence_end(tokens)
    first = cue.last
    if cue.kind == "saying":
        first = _find_linker(tokens, first, rules)
    while first < end and tokens.words[first] in CLAUSE_MARKS:
        first += 1
    if first < end and tokens.words[first] in rules.topics:
        return ()
    last = _content_end(tokens, first, end, cue, later, rules)
    return ((first, last),) if last > first else ()


def _find_linker(tokens: SentenceTokens, after: int, rules: AttributionRules) -> int:
    """The word that opens what is said, past whom it is said to; ``after`` where there is none."""
    for place in range(after, min(after + _MAX_LINKER_TOKENS, len(tokens))):
        word = tokens.words[place]
        if word in rules.linkers and (word in rules.firm_linkers or place == after):
            return place
        if word in rules.helpers or word in rules.pronouns or word == QUOTE_MASK:
            return after
        if word in CLAUSE_MARKS and not (place + 1 < len(tokens) and tokens.words[place + 1] in rules.linkers):
            return after
    return after


def _content_end(
    tokens: SentenceTokens, first: int, end: int, cue: _Cue, later: Sequence[int], rules: AttributionRules
) -> int:
    """Where what is said ends: before another clause that says something, in short frames at the next mark."""
    if cue.kind == "taking" and tokens.find_word(rules.infinitives, first - 1, first + 8) is None:
        for place in range(first + 1, end):
            if tokens.words[place] in CLAUSE_MARKS or tokens.words[place] in rules.openers - {"that", "of"}:
                return place
        return end
    for verb in later:
        if verb <= first:
            continue
        comma = _coordinating_comma(tokens, verb, rules)
        if comma is not None and comma > first:
            return comma
    return end


def _coordinating_comma(tokens: SentenceTokens, verb: int, rules: AttributionRules) -> int | None:
    """The comma after which ``verb`` says something more than the one before: ", adding", ", but accused", ", but X said"."""
    start = skip_helpers(tokens, verb, rules)
    if start and tokens.words[start - 1] == "," and rules.participles.fullmatch(tokens.words[verb]):
        return start - 1
    subject = find_subject_before(tokens, start, rules)
    opening = subject[0] if subject else start
    for comma in range(opening - 1, max(opening - 4, 0), -1):
        if tokens.words[comma] == ",":
            return comma if tokens.words[comma + 1] in rules.openers | rules.links else None
    return None


def _sentence_end(tokens: SentenceTokens) -> int:
    end = len(tokens)
    while end and (tokens.words[end - 1] in STOPS or tokens.words[end - 1] in CLAUSE_MARKS):
        end -= 1
    return end


def _quote_after(tokens: SentenceTokens, after: int, end: int) -> TokenRange | None:
    """The rest of the sentence behind a frame that stands within a quotation."""
    place = tokens.find_word(frozenset((QUOTE_MASK,)), after, end)
    return (place, end) if place is not None else None


def _rest_after(tokens: SentenceTokens, after: int, end: int) -> TokenRange | None:
    """What stands behind a frame that comes first: as X notes, …; сообщил X, что …."""
    first = after
    while first < end and tokens.words[first] in CLAUSE_MARKS:
        first += 1
    return (first, end) if end - first >= _MIN_CLAUSE_TOKENS else None


def _read_according(
    tokens: SentenceTokens, cue: _Cue, taken: int, rules: AttributionRules
) -> ClauseAttribution | None:
    """According to X, …; …, according to X."""
    source: TokenRange | None
    own = tokens.find_word(rules.possessives, cue.first, cue.last)
    last = cue.last
    while own is None and last < len(tokens) and not tokens.is_boundary(last) and tokens.words[last] not in rules.helpers:
        last += 1
    source = (cue.last, last) if own is None else (own, own + 1)
    cues = ((cue.first, cue.last),) if own is None else ((cue.first, own), (own + 1, cue.last))
    if source[0] == source[1] and own is None:
        source = None
    before = _content_before(tokens, cue.first, taken) or (
        (taken, cue.first) if cue.first - taken >= _MIN_CLAUSE_TOKENS else None
    )
    if before:
        return ClauseAttribution(source, cues, (before,))
    first, end = last, _sentence_end(tokens)
    while first < end and tokens.words[first] in CLAUSE_MARKS:
        first += 1
    return (
        ClauseAttribution(source, cues, ((first, end),)) if first < end else None
    )


def iterate_spans(tokens: SentenceTokens, ranges: tuple[TokenRange, ...]) -> Iterator[tuple[int, int]]:
    """The characters of ``ranges``."""
    for first, last in ranges:
        yield tokens.span(first, last)
