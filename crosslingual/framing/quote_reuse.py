"""What became of a source's quotations elsewhere: whole, shortened, in other words, perhaps, or not found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from crosslingual.framing.cells import SentenceTrace, make_trace
from crosslingual.framing.quotes import Quote, split_words
from crosslingual.types import Cell, Comparison, FloatArray

MIN_COSINE = 0.55
"""Cosine of two quotations' centred vectors from which they may be one, in other words or languages."""
MIN_COSINE_IN_STATEMENT = 0.4
"""The same where they stand in one statement."""
_CHARS_PER_SIGN = {"zh": 3.2}
"""Characters of a European text that one of the language stands for, to compare lengths."""

QuoteFate = Literal["whole", "shortened", "paraphrased", "perhaps", "not found"]
TextEmbedder = Callable[[Sequence[tuple[str, str]]], FloatArray]
"""Centred vectors (n, d), of length 1, of n texts with their languages."""


@dataclass(frozen=True, slots=True)
class QuoteReuse:
    """What ``source`` made of quotation ``quote`` (ids).

    "whole": the same words; "shortened": some of them left out; "paraphrased": other words, in marks
    (``other_quote``) or without (``cell``); "perhaps": it perhaps has the statement (``cell``); "not found": neither
    was found in what was looked at, which is not to say that the source ever had the quotation.
    ``removed_words`` are the words that went, ``added_words`` those that came. Of another language only
    likeness and length are known: ``by_length`` is true and nothing ``removed_words``. ``n_articles`` and
    ``n_sentences`` of the source were looked at.
    """

    quote: str
    source: str
    fate: QuoteFate
    other_quote: str
    cell: SentenceTrace | None
    removed_words: tuple[str, ...]
    added_words: tuple[str, ...]
    cosine: float | None
    by_length: bool
    n_articles: int
    n_sentences: int


def find_quote_reuse(
    comparison: Comparison, quotes: Sequence[Quote], embed_texts: TextEmbedder | None = None
) -> tuple[QuoteReuse, ...]:
    """What every other source made of each of ``quotes`` that is speech.

    Without ``embed_texts`` quotations meet only in one language.
    """
    speech = [quote for quote in quotes if quote.kind == "speech"]
    if not speech:
        return ()
    rows = embed_texts([(quote.text, quote.lang) for quote in speech]) if embed_texts else None
    cosines = None if rows is None else rows @ rows.T
    home, told, perhaps = _index_statements(comparison)
    stated = [
        {home[place] for one in quote.sentences if (place := (one.article, one.sentence)) in home}
        for quote in speech
    ]
    of: dict[str, list[int]] = defaultdict(list)
    for j, quote in enumerate(speech):
        of[quote.source].append(j)
    result = []
    for i, quote in enumerate(speech):
        for column in comparison.source_summaries:
            if column.source.id == quote.source:
                continue
            met = [
                found
                for j in of[column.source.id]
                if (
                    found := _compare_quotes(
                        quote,
                        speech[j],
                        None if cosines is None else float(cosines[i, j]),
                        in_one_statement=bool(stated[i] & stated[j]),
                    )
                )
            ]
            if met:
                best = max(met, key=lambda found: found[0])[1]
            else:
                keys = [(id_, column.source.id) for id_ in sorted(stated[i])]
                best = _reuse_without_marks(
                    quote,
                    column.source.id,
                    next((told[key] for key in keys if key in told), None),
                    next((perhaps[key] for key in keys if key in perhaps), None),
                )
            result.append(replace(best, n_articles=column.n_articles, n_sentences=column.n_sentences))
    return tuple(result)


def _index_statements(
    comparison: Comparison,
) -> tuple[dict[tuple[str, int], str], dict[tuple[str, str], Cell], dict[tuple[str, str], Cell]]:
    """Each sentence's statement; of each statement and source the first cell, and the first that perhaps says it."""
    home: dict[tuple[str, int], str] = {}
    told: dict[tuple[str, str], Cell] = {}
    perhaps: dict[tuple[str, str], Cell] = {}
    for statement in comparison.statements:
        for cell in statement.cells:
            home[cell.article, cell.sentence] = statement.id
            told.setdefault((statement.id, cell.source), cell)
        for cell in statement.perhaps:
            perhaps.setdefault((statement.id, cell.source), cell)
    return home, told, perhaps


def _reuse_without_marks(
    quote: Quote, source: str, told: Cell | None = None, perhaps: Cell | None = None
) -> QuoteReuse:
    cell = told or perhaps
    return QuoteReuse(
        quote=quote.id,
        source=source,
        fate="paraphrased" if told else "perhaps" if perhaps else "not found",
        other_quote="",
        cell=make_trace(cell) if cell else None,
        removed_words=(),
        added_words=(),
        cosine=None,
        by_length=False,
        n_articles=0,
        n_sentences=0,
    )


def _compare_quotes(
    quote: Quote, other: Quote, cosine: float | None, *, in_one_statement: bool
) -> tuple[float, QuoteReuse] | None:
    """How ``other`` tells ``quote``, and how near it is; None where it is another quotation."""
    alike = quote.lang == other.lang
    strangers = bool(
        quote.speaker_key
        and other.speaker_key
        and quote.speaker_key != other.speaker_key
        and quote.speaker_kind == other.speaker_kind == "named"
    )
    if strangers and (alike or not in_one_statement):  # names of two scripts may be one person's
        return None
    found = replace(_reuse_without_marks(quote, other.source), other_quote=other.id, cosine=cosine)
    if not alike:
        return _compare_lengths(quote, other, cosine, found, in_one_statement=in_one_statement)
    one, two = split_words(quote.text, quote.lang), split_words(other.text, other.lang)
    common = (Counter(one) & Counter(two)).total()
    likely = cosine is not None and cosine >= MIN_COSINE + 0.1
    if not common or (common < 0.4 * min(len(one), len(two)) and not likely):
        return None
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    least = 2 if quote.lang == "zh" else 1
    kept = sum(block.size for block in matcher.get_matching_blocks() if block.size >= least)
    inside, of_other = kept / len(one), kept / len(two)
    if inside >= 0.8:  # all there, if not more
        fate: QuoteFate = "whole"
    elif of_other >= 0.8 and (len(two) >= 2 or in_one_statement):
        fate = "shortened"
    elif likely or (in_one_statement and max(inside, of_other) >= 0.4):
        fate = "paraphrased"
    else:
        return None
    glue = "" if quote.lang == "zh" else " "
    steps = matcher.get_opcodes()
    gone = tuple(glue.join(one[a:b]) for tag, a, b, _, _ in steps if tag in ("delete", "replace"))
    added = tuple(glue.join(two[c:d]) for tag, _, _, c, d in steps if tag in ("insert", "replace"))
    return 1 + max(inside, of_other), replace(found, fate=fate, removed_words=gone, added_words=added)


def _compare_lengths(
    quote: Quote, other: Quote, cosine: float | None, reuse: QuoteReuse, *, in_one_statement: bool
) -> tuple[float, QuoteReuse] | None:
    """Across languages: nothing but likeness and length tells."""
    if cosine is None or cosine < (MIN_COSINE_IN_STATEMENT if in_one_statement else MIN_COSINE):
        return None
    size = (
        len(other.text)
        * _CHARS_PER_SIGN.get(other.lang, 1)
        / (len(quote.text) * _CHARS_PER_SIGN.get(quote.lang, 1))
    )
    fate: QuoteFate = "shortened" if size < 0.6 else "paraphrased"
    if 0.6 <= size < 1.7 and cosine >= 0.7:
        fate = "whole"
    return cosine, replace(reuse, fate=fate, by_length=True)
