"""Attributions in one sentence of a language whose words are parted by blanks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from crosslingual.attribution.contents import MIN_CLAUSE_TOKENS, ContentFinder
from crosslingual.attribution.disclaimers import is_disclaimed, is_expletive
from crosslingual.attribution.sentence_tokens import CLAUSE_MARKS, QUOTE_MASK, SentenceTokens, TokenRange
from crosslingual.attribution.subjects import (
    find_opening_subject,
    find_subject_after,
    find_subject_before,
    skip_helpers,
)
from crosslingual.language.attribution_rules import AttributionRules
from crosslingual.language.known_names import find_known_names

_MAX_LATER_CUES = 6
"""Cues behind one that may end what it brings."""
_MAX_SENTENCE_CHARS = 4_000
"""Characters of a sentence that are read; what is longer is no sentence."""

_MAX_HEADLINE_SOURCE = 4
"""Words behind the dash of a headline that say who says so."""
_DASHES = frozenset("–—-")

_CueKind = Literal["sources", "sources_after", "taking", "saying"]


@dataclass(frozen=True, slots=True)
class ClauseAttribution:
    """An attribution in tokens of a sentence; see ``Attribution``."""

    source: TokenRange | None
    cue: tuple[TokenRange, ...]
    contents: tuple[TokenRange, ...]
    is_report: bool = True


@dataclass(frozen=True, slots=True)
class _Cue:
    """Tokens ``first`` up to ``last`` say that somebody says something; ``later`` cues follow."""

    first: int
    last: int
    kind: _CueKind
    later: tuple[int, ...] = ()


def find_in_sentence(
    bare: str, start: int, end: int, rules: AttributionRules
) -> tuple[SentenceTokens, list[ClauseAttribution]]:
    """The attributions of ``bare[start:end]``, whose quotations are masked, in order.

    None lies in the content of another.
    """
    end = min(end, start + _MAX_SENTENCE_CHARS)
    tokens = SentenceTokens.from_text(bare, start, end)
    reader = _ClauseReader(tokens, rules, ContentFinder(tokens, rules))
    found: list[ClauseAttribution] = []
    taken = 0
    for cue in _find_cues(bare, start, end, tokens, rules):
        one = reader.read_cue(cue, taken, found[-1] if found else None) if cue.first >= taken else None
        if one:
            found.append(_weigh_report(tokens, rules, cue, one))
            taken = max(last for _, last in (*one.cue, *one.contents))
    headline = None if found else _read_headline(bare, tokens, rules)
    return tokens, [headline] if headline else found


def _weigh_report(
    tokens: SentenceTokens, rules: AttributionRules, cue: _Cue, one: ClauseAttribution
) -> ClauseAttribution:
    """``one`` with whether its source says so; without a source that is nobody: "It is said"."""
    if cue.kind in ("sources", "sources_after"):
        return one
    frame = one.cue[0][0], cue.last
    is_report = cue.kind == "saying" and not is_disclaimed(tokens, rules, one.source, frame)
    source = None if is_expletive(tokens, rules, one.source, frame) else one.source
    return replace(one, source=source, is_report=is_report)


def _read_headline(bare: str, tokens: SentenceTokens, rules: AttributionRules) -> ClauseAttribution | None:
    """A headline that ends with who says so: "Bridge destroyed – mayor"; not one that goes on: "– live updates"."""
    size = len(tokens)
    dash = tokens.find_word(_DASHES, max(MIN_CLAUSE_TOKENS, size - 1 - _MAX_HEADLINE_SOURCE), size - 1)
    if dash is None or tokens.is_boundary(size - 1):
        return None
    source = tokens.words[dash + 1 :]
    is_large = tokens.n_capitals[size] - tokens.n_capitals[dash + 1] == len(source)
    is_named = is_large and tokens.n_capitals[dash] < max(2, dash // 2)
    if not rules.headline_sources.intersection(source):
        written = bare[slice(*tokens.span(dash + 1, size))]
        if not is_named or _is_place(written, rules.lang):
            return None
    if rules.helpers.intersection(source) or any(word.isdigit() for word in source):
        return None
    return ClauseAttribution((dash + 1, size), ((dash, dash + 1),), ((0, dash),))


def _is_place(text: str, lang: str) -> bool:
    """Whether ``text`` is nothing but the name of a known place."""
    return any(
        one.kind == "place" and (one.start, one.end) == (0, len(text)) for one in find_known_names(text, lang)
    )


def _find_cues(
    bare: str, start: int, end: int, tokens: SentenceTokens, rules: AttributionRules
) -> list[_Cue]:
    found: dict[int, _Cue] = {}
    kinds: tuple[_CueKind, ...] = ("sources", "sources_after", "taking", "saying")
    for kind in kinds:
        for match in getattr(rules, kind).finditer(bare, start, end):
            first, last = tokens.token_at(match.start()), tokens.token_at(match.end())
            begins = first < len(tokens) and tokens.starts[first] == match.start()
            if begins and first not in found and not _is_name_part(tokens, first, match[0]):
                found[first] = _Cue(first, max(last, first + 1), kind)
    places = sorted(found)
    return [
        replace(found[place], later=tuple(places[number + 1 : number + 1 + _MAX_LATER_CUES]))
        for number, place in enumerate(places)
    ]


def _is_name_part(tokens: SentenceTokens, first: int, written: str) -> bool:
    """Whether a word that is written large stands in a name, and not at the head of a sentence or in a headline."""
    return written[0].isupper() and first > 0 and tokens.n_capitals[first] < max(2, 0.6 * first)


@dataclass(frozen=True, slots=True)
class _ClauseReader:
    """A sentence in which cues are read."""

    tokens: SentenceTokens
    rules: AttributionRules
    contents: ContentFinder

    def read_cue(self, cue: _Cue, taken: int, previous: ClauseAttribution | None) -> ClauseAttribution | None:
        """The attribution that ``cue`` makes of the tokens from ``taken`` on; none where it is no cue there."""
        if cue.kind == "sources":
            return self._read_according(cue, taken)
        if self._is_other_word(cue):
            return None
        first = skip_helpers(self.tokens, cue.first, self.rules)
        if self._is_tag(cue, first):
            return self._read_inverted(cue, first, taken)
        is_participle = first == cue.first and self._is_participle(cue)
        source = None if is_participle else self._find_source(first, taken)
        if source is None and (is_participle or self._word_before(first) in self.rules.links):
            source = previous.source if previous else find_opening_subject(self.tokens, first, self.rules)
        elif source is None and self._may_invert(first):
            return self._read_inverted(cue, first, taken)
        if source is None:
            return None
        if self._word_at(cue.last) in self.rules.agents:
            agent = find_subject_after(self.tokens, cue.last + 1, self.rules)
            return ClauseAttribution(agent, ((first, cue.last + 1),), (source,)) if agent else None
        spans = self._find_contents(cue, source[0] if source[1] <= first else first, taken)
        if not spans and self.tokens.words[-1] != ":":
            return None
        return ClauseAttribution(source, ((first, cue.last),), spans)

    def _find_contents(self, cue: _Cue, frame: int, taken: int) -> tuple[TokenRange, ...]:
        """What is said before the frame "X said" or behind it, or both where it stands within."""
        is_inserted = self._word_at(cue.last) == ","
        before = self.contents.before(frame, taken, 1 if is_inserted else MIN_CLAUSE_TOKENS)
        after = self.contents.after(cue.last, is_object=cue.kind == "taking", later=cue.later)
        if before is None:
            return (after,) if after else ()
        is_quoted = self.contents.is_quoted(before)
        if not is_quoted and self.contents.is_clause(cue.last):
            return (after,) if after else ()
        goes_on = after and (self._word_at(after[0]) == QUOTE_MASK or (is_inserted and not is_quoted))
        return (before, after) if after and goes_on else (before,)

    def _find_source(self, first: int, taken: int) -> TokenRange | None:
        source = find_subject_before(self.tokens, first, self.rules)
        if source and source[0] < taken:
            return (taken, source[1]) if taken < source[1] else None
        return source

    def _is_other_word(self, cue: _Cue) -> bool:
        """Whether a noun, or another word of the same letters, stands there."""
        following = self._word_at(cue.last)
        is_opened = following in self.rules.linkers or following in (":", QUOTE_MASK)
        is_ambiguous = self._word_at(cue.first) in self.rules.ambiguous
        if self._word_before(cue.first) in self.rules.determiners or (is_ambiguous and not is_opened):
            return True
        return self._word_at(cue.first) in self.rules.objects and not self._takes_clause(cue)

    def _takes_clause(self, cue: _Cue) -> bool:
        """Whether a verb that takes plain objects has a clause: behind a linker, a colon, or before the verb."""
        before, following = self._word_before(cue.first), self._word_at(cue.last)
        if before in CLAUSE_MARKS or before == QUOTE_MASK or before in self.rules.as_words:
            return True
        if following in CLAUSE_MARKS or following in ("", QUOTE_MASK) or self.tokens.is_boundary(cue.last):
            return True
        return self.contents.opens_clause(cue.last)

    def _is_participle(self, cue: _Cue) -> bool:
        return self.rules.participles.fullmatch(self._word_at(cue.first)) is not None

    def _is_tag(self, cue: _Cue, first: int) -> bool:
        """Whether a verb behind a comma and its subject are all that is left of the clause: "…, said Batchelder."."""
        if cue.kind != "saying" or self._word_before(first) != ",":
            return False
        subject = find_subject_after(self.tokens, cue.last, self.rules)
        if subject is None or self.rules.helpers.intersection(self.tokens.words[slice(*subject)]):
            return False
        return subject[1] == len(self.tokens) or self.tokens.is_boundary(subject[1])

    def _may_invert(self, first: int) -> bool:
        """Whether a verb may come before its subject: at the start, or behind a mark or a quotation."""
        before = self._word_before(first) or ","
        return before in CLAUSE_MARKS or before == QUOTE_MASK or before in self.rules.as_words

    def _read_inverted(self, cue: _Cue, first: int, taken: int) -> ClauseAttribution | None:
        source = find_subject_after(self.tokens, cue.last, self.rules)
        if source is None:
            return None
        before = self.contents.before(first, taken)
        after = self.contents.after_subject(source[1], cue.later, has_before=before is not None)
        spans = tuple(span for span in (before, after) if span)
        return ClauseAttribution(source, ((first, cue.last),), spans) if spans else None

    def _read_according(self, cue: _Cue, taken: int) -> ClauseAttribution | None:
        """According to X, …; …, according to X; по его словам, …."""
        own = self.tokens.find_word(self.rules.possessives, cue.first, cue.last)
        last = cue.last
        source: TokenRange | None = None
        cues: tuple[TokenRange, ...] = ((cue.first, cue.last),)
        if own is not None:
            source, cues = (own, own + 1), ((cue.first, own), (own + 1, cue.last))
        elif (last := self._source_end(cue.last)) > cue.last:
            source = cue.last, last
        content = self.contents.before(cue.first, taken)
        if content is None and cue.first - taken >= MIN_CLAUSE_TOKENS:
            content = taken, cue.first
        content = content or self.contents.rest(last)
        return ClauseAttribution(source, cues, (content,)) if content else None

    def _source_end(self, first: int) -> int:
        """Where a source ends that begins at ``first``: at a mark, in German at a verb."""
        last = first
        while (
            last < len(self.tokens)
            and not self.tokens.is_boundary(last)
            and self.tokens.words[last] not in self.rules.helpers
        ):
            last += 1
        return last

    def _word_at(self, place: int) -> str:
        return self.tokens.words[place] if place < len(self.tokens) else ""

    def _word_before(self, place: int) -> str:
        return self.tokens.words[place - 1] if place else ""
