"""Whether a frame of speech says that nobody said so: denied, negated, conditional, without a speaker."""

from __future__ import annotations

from crosslingual.attribution.sentence_tokens import CLAUSE_MARKS, SentenceTokens, TokenRange
from crosslingual.language.attribution_rules import AttributionRules

_MAX_LATE_TOKENS = 8
"""Words behind a verb in which its "nicht" stands."""


def is_disclaimed(
    tokens: SentenceTokens, rules: AttributionRules, source: TokenRange | None, cue: TokenRange
) -> bool:
    """Whether what follows ``cue``, a verb with its helpers, is not put forward by ``source``."""
    first, last = cue
    verb = " ".join(tokens.words[first:last])
    if rules.denying.search(verb) or _is_negated(tokens, rules, first, last):
        return True
    if last < len(tokens) and tokens.words[last] in rules.irrealis:
        return True
    if is_expletive(tokens, rules, source, cue) or _is_passive(tokens, rules, first, last):
        return True
    if source is None:
        return False
    head = min(source[0], first)
    is_conditional = head > 0 and tokens.words[head - 1] in rules.conditionals
    return is_conditional or any(
        rules.negations.match(tokens.words[place]) for place in (source[0], source[1] - 1)
    )


def is_expletive(
    tokens: SentenceTokens, rules: AttributionRules, source: TokenRange | None, cue: TokenRange
) -> bool:
    """Whether the subject is nobody: "It is said", "Es heißt"."""
    if source is None or source[1] - source[0] != 1 or tokens.words[source[0]] not in rules.expletives:
        return False
    return tokens.words[cue[1] - 1] in rules.expletive_verbs or _is_passive(tokens, rules, *cue)


def _is_passive(tokens: SentenceTokens, rules: AttributionRules, first: int, last: int) -> bool:
    """Whether the subject is who is spoken of: "is said to"."""
    words = tokens.words[first:last]
    return (
        rules.passives.intersection(words[:-1]) != frozenset()
        and not rules.reflexives.intersection(words)
        and rules.passive_verbs.fullmatch(words[-1]) is not None
    )


def _is_negated(tokens: SentenceTokens, rules: AttributionRules, first: int, last: int) -> bool:
    words = tokens.words
    beside = words[max(first - 1, 0) : last]
    if rules.limits.intersection(words[max(first - 1, 0) : last + 2]):
        return False  # not only said
    if any(rules.negations.match(word) for word in beside):
        return True
    if last < len(words) and rules.negations.match(words[last]) and _ends_object(tokens, rules, last + 1):
        return True
    for place in range(last, min(last + _MAX_LATE_TOKENS, len(words))):
        if words[place] in CLAUSE_MARKS or words[place] in rules.linkers:
            return False
        if words[place] in rules.late_negations:
            return place + 1 == len(words) or tokens.is_boundary(place + 1)
    return False


def _ends_object(tokens: SentenceTokens, rules: AttributionRules, place: int) -> bool:
    """Whether "nothing" is all that was said, and no clause begins with it."""
    if place >= len(tokens) or tokens.is_boundary(place):
        return True
    return tokens.words[place] in rules.firm_linkers or tokens.words[place] in rules.prepositions
