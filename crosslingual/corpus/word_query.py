"""What is looked for by its words: words, phrases, wildcards, regular expressions, joined by AND, OR and NOT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crosslingual.corpus.patterns import Span, TextPattern, make_sequence
from crosslingual.corpus.regular_expression import RegularExpression
from crosslingual.errors import InputError

MAX_QUERY_CHARS, MAX_PATTERNS, MAX_DEPTH = 2_000, 100, 20
"""Characters, patterns and nested brackets of a query."""
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<open>[(（])|(?P<close>[)）])|/(?P<regex>(?:\\.|[^/\\])+)/(?=[\s)）]|$)"""
    r"""|"(?P<straight>[^"]+)"|“(?P<curly>[^”]+)”|„(?P<low>[^“”]+)[“”]|«(?P<angle>[^»]+)»|「(?P<corner>[^」]+)」"""
    r"""|(?P<word>[^\s()（）"“„«「]+)"""
)
_QUOTED = ("straight", "curly", "low", "angle", "corner")

SentenceSpans = list[Span] | None
"""Where what is looked for stands in a sentence; None of a sentence that does not fit."""


@dataclass(frozen=True, slots=True)
class _Node:
    kind: Literal["pattern", "and", "or", "not"]
    parts: tuple[_Node, ...] = ()
    pattern: int = -1


@dataclass(frozen=True, slots=True)
class WordQuery:
    """``text`` as it was typed; a sentence fits or not, and the spans of what it asks for stand in it."""

    text: str
    patterns: tuple[TextPattern, ...]
    _root: _Node

    def find_all(self, texts: Sequence[str], langs: Sequence[str]) -> list[SentenceSpans]:
        """Of each text, a sentence, where what is asked for stands; overlapping spans are the longest of them."""
        found = [pattern.find_spans(texts, langs) for pattern in self.patterns]
        return [self._judge_sentence([own[place] for own in found]) for place in range(len(texts))]

    def _judge_sentence(self, found: Sequence[Sequence[Span]]) -> SentenceSpans:
        if not any(found):
            return None  # what asks only for absence is refused
        spans = _evaluate(self._root, found)
        return None if spans is None else _join_spans(spans)


def _evaluate(node: _Node, found: Sequence[Sequence[Span]]) -> SentenceSpans:
    if node.kind == "pattern":
        return [*found[node.pattern]] or None
    judged = [_evaluate(part, found) for part in node.parts]
    if node.kind == "not":
        return [] if judged[0] is None else None
    fitting = [spans for spans in judged if spans is not None]
    if node.kind == "and" and len(fitting) < len(judged):
        return None
    return [span for spans in fitting for span in spans] if fitting else None


def _join_spans(spans: Sequence[Span]) -> list[Span]:
    """In their order; of those that overlap the first, and of those that begin together the longest."""
    chosen: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


def parse_word_query(typed_text: str) -> WordQuery:
    """The query that was typed.

    Words that follow one another have to follow one another in the text, each in any form; what stands in quotation
    marks as it is written there, but for capitals. ``*`` stands for any letters of a word, ``?`` for one. What is
    between two strokes is a regular expression (RE2). ``AND``, ``OR``, ``NOT`` and brackets join them in a sentence;
    ``AND`` binds closer than ``OR``.

    Raises:
        InputError: it cannot be read so, asks only for what is absent, or is too long.
    """
    text = typed_text.replace("\0", " ").strip()
    if len(text) > MAX_QUERY_CHARS:
        raise InputError(f"the query has {len(text):,} characters; give at most {MAX_QUERY_CHARS:,}")
    parser = _Parser(text)
    root = parser.parse()
    if not _asks_for_presence(root):
        raise InputError(f"{text[:60]!r}: says only what must be absent; say also what to look for")
    return WordQuery(text, tuple(parser.patterns), root)


def join_patterns(text: str, patterns: Sequence[TextPattern]) -> WordQuery:
    """A query for any of ``patterns``, of which ``text`` is the name."""
    parts = tuple(_Node("pattern", pattern=place) for place in range(len(patterns)))
    return WordQuery(text, tuple(patterns), _Node("or", parts))


def split_phrases(text: str) -> list[tuple[str, bool]]:
    """``text`` as pieces that follow one another, each with whether it stands in quotation marks; no operators."""
    return [(value, kind == "quoted") for kind, value in _split_tokens(text) if kind not in ("open", "close")]


def _asks_for_presence(node: _Node) -> bool:
    """Whether a sentence without any of the patterns cannot fit."""
    if node.kind == "pattern":
        return True
    if node.kind == "not":
        return False
    together = any if node.kind == "and" else all
    return together(map(_asks_for_presence, node.parts))


class _Parser:
    """Recursive descent: or, and, not, one pattern or what stands in brackets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_split_tokens(text))
        self._place = 0
        self.patterns: list[TextPattern] = []

    def parse(self) -> _Node:
        if not self._tokens:
            raise InputError("the query is empty; type words, or a phrase in quotation marks")
        root = self._parse_or(0)
        if self._place < len(self._tokens):
            raise self._error("a bracket is closed that was not opened")
        return root

    def _parse_or(self, depth: int) -> _Node:
        parts = [self._parse_and(depth)]
        while self._take("OR"):
            parts.append(self._parse_and(depth))
        return parts[0] if len(parts) == 1 else _Node("or", tuple(parts))

    def _parse_and(self, depth: int) -> _Node:
        parts = [self._parse_not(depth)]
        while self._take("AND") or self._next_is("NOT"):
            parts.append(self._parse_not(depth))
        if self._place < len(self._tokens) and not (self._next_is("OR") or self._next_is("close")):
            raise self._error("put AND or OR between a bracket or an expression and what stands beside it")
        return parts[0] if len(parts) == 1 else _Node("and", tuple(parts))

    def _parse_not(self, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} brackets in one another")
        if self._take("NOT"):
            return _Node("not", (self._parse_not(depth + 1),))
        if self._take("open"):
            inner = self._parse_or(depth + 1)
            if not self._take("close"):
                raise self._error("a bracket is not closed")
            return inner
        return self._parse_pattern()

    def _parse_pattern(self) -> _Node:
        kind, value = self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")
        if kind == "regex":
            self._place += 1
            return self._add(RegularExpression(value))
        pieces: list[tuple[str, bool]] = []
        while self._place < len(self._tokens) and self._tokens[self._place][0] in ("word", "quoted"):
            kind, value = self._tokens[self._place]
            pieces.append((value, kind == "quoted"))
            self._place += 1
        if not pieces:
            raise self._error("words are missing")
        return self._add(make_sequence(pieces))

    def _add(self, pattern: TextPattern) -> _Node:
        if len(self.patterns) >= MAX_PATTERNS:
            raise self._error(f"more than {MAX_PATTERNS} parts")
        self.patterns.append(pattern)
        return _Node("pattern", pattern=len(self.patterns) - 1)

    def _next_is(self, kind: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place][0] == kind

    def _take(self, kind: str) -> bool:
        taken = self._next_is(kind)
        self._place += taken
        return taken

    def _error(self, reason: str) -> InputError:
        return InputError(f"{self._text[:60]!r}: {reason}")


def _split_tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:  # a quotation mark without its other half is no more than a mark
            place += 1
            continue
        place = match.end()
        kind, value = str(match.lastgroup), str(match[str(match.lastgroup)])
        if kind == "space":
            continue
        if kind == "word" and value in ("AND", "OR", "NOT"):
            tokens.append((value, value))
        else:
            tokens.append(("quoted" if kind in _QUOTED else kind, value))
    return tokens
