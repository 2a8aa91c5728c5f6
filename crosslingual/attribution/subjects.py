"""Who is the subject of a verb of saying, by the words beside it."""

from __future__ import annotations

from crosslingual.attribution.sentence_tokens import CLAUSE_MARKS, QUOTE_MASK, SentenceTokens, TokenRange
from crosslingual.language.attribution_rules import AttributionRules

_MAX_SUBJECT_TOKENS = 25
_MAX_INVERTED_TOKENS = 14
_MAX_BRACKET_TOKENS = 8
_MAX_OPENING_TOKENS = 12


def skip_helpers(tokens: SentenceTokens, verb: int, rules: AttributionRules) -> int:
    """The first token of the verb with its helpers."""
    first = verb
    while first > 0 and (
        tokens.words[first - 1] in rules.helpers or _is_adverb(tokens.words[first - 1], rules)
    ):
        first -= 1
    return first


def _is_adverb(word: str, rules: AttributionRules) -> bool:
    is_english = len(word) > 4 and word.endswith(("ly", "n't", "n’t"))
    return word in rules.adverbs or (bool(rules.helpers) and is_english)


def find_subject_before(tokens: SentenceTokens, verb: int, rules: AttributionRules) -> TokenRange | None:
    """The noun phrase that ends right before token ``verb``, with what is set in commas behind it."""
    last = verb
    while last > 0 and _is_adverb(tokens.words[last - 1], rules):
        last -= 1
    if last and tokens.words[last - 1] == ",":
        opening = _find_opening_comma(tokens, last - 1)
        if opening is None:
            return None
        head = _phrase_start(tokens, opening, rules)
        return (head, last) if head < opening else None
    first = _phrase_start(tokens, last, rules)
    if first == last:
        return None
    if tokens.words[last - 1] in rules.relatives:
        end = last - 1 - (last > 1 and tokens.words[last - 2] == ",")
        first = _phrase_start(tokens, end, rules)
        return (first, end) if first < end else (last - 1, last)
    return first, last


def _find_opening_comma(tokens: SentenceTokens, closing: int) -> int | None:
    """The comma before a phrase that is set in commas: Ban, the secretary general, said."""
    for place in range(closing - 1, max(closing - _MAX_SUBJECT_TOKENS, 0), -1):
        if tokens.words[place] == ",":
            return place
        if tokens.words[place] in CLAUSE_MARKS or tokens.words[place] == QUOTE_MASK:
            return None
    return None


def _phrase_start(tokens: SentenceTokens, end: int, rules: AttributionRules) -> int:
    """Where the noun phrase begins that ends before token ``end``."""
    if end > 0 and tokens.words[end - 1] in rules.pronouns:
        return end - 1
    first = end
    while first > max(0, end - _MAX_SUBJECT_TOKENS):
        word = tokens.words[first - 1]
        if word == ")" and (opening := _find_bracket(tokens, first - 1)) is not None:
            first = opening
            continue
        if tokens.is_boundary(first - 1) or (word in rules.openers and word not in rules.links):
            break
        if word == QUOTE_MASK and tokens.ends[first - 1] - tokens.starts[first - 1] > 30:
            break
        if word in rules.links and (first == end or _ends_clause(tokens, first - 1, rules)):
            break
        first -= 1
    while first < end and tokens.words[first] in rules.links:
        first += 1
    return first


def _find_bracket(tokens: SentenceTokens, closing: int) -> int | None:
    places = range(closing - 1, max(closing - _MAX_BRACKET_TOKENS, 0) - 1, -1)
    return next((place for place in places if tokens.words[place] == "("), None)


def _ends_clause(tokens: SentenceTokens, link: int, rules: AttributionRules) -> bool:
    """Whether another clause stands before ``link``, so that it joins no nouns."""
    before = tokens.words[max(link - 4, 0) : link]
    return (
        not before
        or before[-1] == ","
        or any(word in rules.helpers or word in rules.pronouns for word in before)
    )


def find_subject_after(tokens: SentenceTokens, after: int, rules: AttributionRules) -> TokenRange | None:
    """The noun phrase right behind a verb that comes first: said the minister, сообщили в министерстве."""
    first = after
    while first < len(tokens) and (tokens.words[first] in rules.places or tokens.words[first] in rules.times):
        first += 1
    last = first
    while last < min(len(tokens), first + _MAX_INVERTED_TOKENS):
        word = tokens.words[last]
        if tokens.is_boundary(last) or word == QUOTE_MASK or word in rules.openers:
            break
        if word in rules.prepositions and last > first and word not in rules.links:
            break
        if word in rules.prepositions and last == first:
            return None
        if last > first and tokens.words[first] in rules.pronouns:
            break
        last += 1
    return (first, last) if last > first else None


def find_opening_subject(tokens: SentenceTokens, before: int, rules: AttributionRules) -> TokenRange | None:
    """The subject that a sentence opens with: what stands before its first helper or mark, else its first words."""
    ends = CLAUSE_MARKS | rules.helpers
    place = tokens.find_word(ends, 0, min(before, _MAX_OPENING_TOKENS))
    if place is not None:
        return (0, place) if place else None
    return (0, 2) if before > 2 else None
