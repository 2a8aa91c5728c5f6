"""Who is said to have said what in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosslingual.attribution.chinese import find_in_chinese
from crosslingual.attribution.clauses import find_in_sentence
from crosslingual.attribution.sentence_tokens import QUOTE_MASK, SentenceTokens
from crosslingual.attribution.values import Attribution, Span
from crosslingual.language.attribution_rules import AttributionRules, load_attribution_rules
from crosslingual.language.joined_words import part_joined_words
from crosslingual.language.quotation_marks import QuotationSpan, quotation_spans
from crosslingual.language.sentences import sentence_spans

_MAX_GAP_CHARS = 300
"""Characters between an attribution and a quotation that goes on with it."""
_OPENING_APOSTROPHES = re.compile(r"''(?=\w)")
"""Two of them are a quotation mark in plain text."""
_QUOTE_MARKS = re.compile('["“”«»„]')
_MASKED = re.compile(f"{QUOTE_MASK}+")


def find_attributions(text: str, lang: str) -> list[Attribution]:
    """The attributions of ``text``, in order: speech in quotation marks or without, opinions, demands.

    None lies within the content of another. Nothing in languages without rules.
    """
    if lang == "zh":
        return _find_in_chinese_text(text)
    rules = load_attribution_rules(lang)
    if rules is None:
        return []
    parted, places = part_joined_words(text, lang)
    return [_move_back(one, places) for one in _find_in_parted(parted, lang, rules)]


def _find_in_chinese_text(text: str) -> list[Attribution]:
    bare = mask_quotations(text, quotation_spans(text, "zh"))
    return [
        one
        for start, end in sentence_spans(text, "zh")
        for one in find_in_chinese(bare, start, end)
        if one.content
    ]


def _move_back(one: Attribution, places: Sequence[int]) -> Attribution:
    """``one`` in the text as it was before its words were parted."""

    def move(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((places[start], places[end - 1] + 1) for start, end in spans)

    return replace(one, source=move(one.source), cue=move(one.cue), content=move(one.content))


def _find_in_parted(text: str, lang: str, rules: AttributionRules) -> list[Attribution]:
    text = _OPENING_APOSTROPHES.sub(' "', text).replace("''", '" ')
    quotes = quotation_spans(text, lang)
    bare = mask_quotations(text, quotes)
    closing = {span.end - 1: span.end for span in quotes}
    found: list[Attribution] = []
    for start, end in sentence_spans(_with_letters(bare), lang):
        tokens, own = find_in_sentence(bare, start, end, rules)
        if not own and found and _is_quotation(tokens) and _follows(text, found[-1], start):
            found[-1] = replace(found[-1], content=(*found[-1].content, (start, end)))
        found += [
            Attribution(
                (tokens.span(*one.source),) if one.source else (),
                tuple(tokens.span(*part) for part in one.cue),
                tuple(_with_closing_mark(tokens.span(*part), closing) for part in one.contents),
                one.is_report,
            )
            for one in own
        ]
    return [one for one in found if one.content]


def _with_closing_mark(span: Span, closing: Mapping[int, int]) -> Span:
    """``span`` with the mark that its quotation ends with, where the mark's place in the mask has a comma."""
    return span[0], closing.get(span[1], span[1])


def mask_quotations(text: str, quotes: Sequence[QuotationSpan]) -> str:
    """``text`` with ``QUOTE_MASK`` for each character of ``quotes``, but for a full stop or comma at their end."""
    letters = list(text)
    for span in quotes:
        letters[span.start : span.end] = QUOTE_MASK * (span.end - span.start)
        if span.closed and text[span.end - 2] in ".,":
            letters[span.end - 1] = text[span.end - 2]
    return "".join(letters)


def _with_letters(bare: str) -> str:
    """``bare`` with words for quotations, so that they count as the sentences that they are."""
    return _MASKED.sub(lambda match: "Q" + "q" * (len(match[0]) - 1), bare)


def _is_quotation(tokens: SentenceTokens) -> bool:
    """Whether a sentence is nothing but one quotation."""
    return tuple(tokens.words[:1]) == (QUOTE_MASK,) and len(tokens) <= 2


def _follows(text: str, last: Attribution, start: int) -> bool:
    """Whether what begins at ``start`` goes on with ``last``: in its paragraph, or after its colon."""
    end = max(end for _, end in (*last.cue, *last.source, *last.content))
    between = text[end : min(start, end + _MAX_GAP_CHARS)]
    if start - end > _MAX_GAP_CHARS:
        return False
    if between.rstrip().endswith(":"):
        return True
    return "\n" not in between and any(_QUOTE_MARKS.search(text, *span) for span in last.content)
