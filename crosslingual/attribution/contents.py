"""What is said, by the words beside a verb of saying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosslingual.attribution.sentence_tokens import (
    CLAUSE_MARKS,
    QUOTE_MASK,
    STOPS,
    SentenceTokens,
    TokenRange,
)
from crosslingual.attribution.subjects import find_subject_before, skip_helpers
from crosslingual.language.attribution_rules import AttributionRules

_MAX_LINKER_TOKENS = 10
"""Tokens between a verb and the word that begins what is said."""
_MAX_OBJECT_TOKENS = 8
"""Tokens of an object in which what is wanted may begin: urged them to."""
MIN_CLAUSE_TOKENS = 3


@dataclass(frozen=True, slots=True)
class ContentFinder:
    """A sentence, and what its language has to tell where what is said begins and ends."""

    tokens: SentenceTokens
    rules: AttributionRules

    @property
    def sentence_end(self) -> int:
        """The token behind the last one that is no mark."""
        end = len(self.tokens)
        while end and self._is_mark(end - 1):
            end -= 1
        return end

    def before(self, frame: int, taken: int, least: int = MIN_CLAUSE_TOKENS) -> TokenRange | None:
        """What stands from ``taken`` to "X said" at ``frame``: a quotation, or ``least`` tokens before a comma."""
        words, last = self.tokens.words, frame
        while last > taken and words[last - 1] in CLAUSE_MARKS:
            last -= 1
        if last == frame and not (last > taken and words[last - 1] == QUOTE_MASK):
            return None
        first = taken
        while first < last and self._is_mark(first):
            first += 1
        has_quote = QUOTE_MASK in words[first:last]
        return (first, last) if has_quote or last - first >= least else None

    def after(self, verb_end: int, *, is_object: bool, later: Sequence[int]) -> TokenRange | None:
        """What stands behind the verb, past whom it is said to; none where that is only a topic."""
        first = self._skip_marks(verb_end if is_object else self._find_linker(verb_end))
        if first < self.sentence_end and self.tokens.words[first] in self.rules.topics:
            return None
        last = self.end_of(first, is_object=is_object, later=later)
        return (first, last) if last > first else None

    def after_subject(self, subject_end: int, later: Sequence[int], *, has_before: bool) -> TokenRange | None:
        """What stands behind "said X": where something stands before it, only from a quotation on."""
        end = self.end_of(subject_end, is_object=False, later=later)
        if has_before:
            place = self.tokens.find_word(frozenset((QUOTE_MASK,)), subject_end, end)
            return (place, end) if place is not None else None
        first = self._skip_marks(subject_end)
        return (first, end) if end - first > 1 else None

    def rest(self, after: int) -> TokenRange | None:
        """All that stands behind ``after``."""
        first, end = self._skip_marks(after), self.sentence_end
        return (first, end) if first < end else None

    def is_clause(self, after: int) -> bool:
        """Whether a clause stands behind a verb: a word that opens one, or a subject."""
        words = self.tokens.words
        if after >= len(words) or self._is_mark(after) or words[after] == QUOTE_MASK:
            return False
        return words[after] in self.rules.linkers or (
            words[after] not in self.rules.prepositions and len(words) - after > MIN_CLAUSE_TOKENS
        )

    def is_quoted(self, content: TokenRange) -> bool:
        """Whether it begins or ends with a quotation."""
        return QUOTE_MASK in (self.tokens.words[content[0]], self.tokens.words[content[1] - 1])

    def end_of(self, first: int, *, is_object: bool, later: Sequence[int]) -> int:
        """Where what begins at ``first`` ends: an object at the next mark, a clause where more is said."""
        end = self.sentence_end
        if is_object and (
            self.tokens.find_word(self.rules.infinitives, first - 1, first + _MAX_OBJECT_TOKENS) is None
        ):
            stops = CLAUSE_MARKS | (self.rules.openers - self.rules.linkers)
            return self.tokens.find_word(stops, first + 1, end) or max(end, first)
        commas = (self._find_coordination(verb) for verb in later if verb > first)
        return next((comma for comma in commas if comma > first), end)

    def opens_clause(self, after: int) -> bool:
        """Whether a word that can only open a clause follows a verb, or a colon or quotation before any other mark."""
        place = self._find_linker(after)
        if place < len(self.tokens) and self.tokens.words[place] in self.rules.firm_linkers:
            return True
        mark = self.tokens.find_word(CLAUSE_MARKS | {QUOTE_MASK}, after, after + _MAX_LINKER_TOKENS)
        return mark is not None and self.tokens.words[mark] in (":", QUOTE_MASK)

    def _find_coordination(self, verb: int) -> int:
        """The comma after which ``verb`` says more: ", adding", ", but accused", ", but X said"; -1 for none."""
        words = self.tokens.words
        start = skip_helpers(self.tokens, verb, self.rules)
        if start and words[start - 1] == "," and self.rules.participles.fullmatch(words[verb]):
            return start - 1
        subject = find_subject_before(self.tokens, start, self.rules)
        opening = subject[0] if subject else start
        for comma in range(opening - 1, max(opening - 4, 0), -1):
            if words[comma] == ",":
                return comma if words[comma + 1] in self.rules.openers | self.rules.links else -1
        return -1

    def _find_linker(self, after: int) -> int:
        """The word that opens what is said; ``after`` where there is none."""
        words, rules = self.tokens.words, self.rules
        for place in range(after, min(after + _MAX_LINKER_TOKENS, len(words))):
            word, following = words[place], words[place + 1 : place + 2]
            if word in rules.linkers and (word in rules.firm_linkers or place == after):
                return place
            is_end = word in CLAUSE_MARKS and not rules.linkers.intersection(following)
            if is_end or word in rules.helpers or word in rules.pronouns or word == QUOTE_MASK:
                return after
        return after

    def _skip_marks(self, first: int) -> int:
        while first < self.sentence_end and self.tokens.words[first] in CLAUSE_MARKS:
            first += 1
        return first

    def _is_mark(self, place: int) -> bool:
        return self.tokens.words[place] in CLAUSE_MARKS or self.tokens.words[place] in STOPS
