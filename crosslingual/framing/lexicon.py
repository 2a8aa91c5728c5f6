"""Words that mark a source against the others (Monroe, Colaresi and Quinn 2008)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crosslingual.framing.cells import SentenceTrace, collect_cells, make_trace
from crosslingual.language.terms import extract_terms
from crosslingual.types import Cell, Comparison

MIN_Z_SCORE = 1.96
"""z-score from which a word marks a source: once in forty by chance, for each word looked at."""
MIN_COUNT = 3
"""Occurrences below which a word tells nothing."""
MAX_TERMS = 25
"""Words kept of a source and view."""
PRIOR_WEIGHT = 0.5
"""Weight of the prior: as many words as this share of a side's, in the mean of both sides."""
_MAX_TRACES = 5

TermCounts = NDArray[np.float64]
TextScope = Literal["all", "shared"]


@dataclass(frozen=True, slots=True)
class DistinctiveTerm:
    """``term`` marks ``source`` against the other sources of its group.

    ``lang`` is the language counted in; ``n_translated`` of the ``count`` occurrences are the translator's
    word, made from another language. ``count`` of the source's ``source_total`` words are it,
    ``others_count`` of ``others_total`` of the others'. ``log_odds`` is the log-odds ratio, ``z`` it
    divided by its standard deviation. ``view`` is "all" text, or only statements that are "shared" with the
    sources compared to. ``form`` is the commonest form in the text; ``cells`` are some of the ``n_sentences``
    it stands in.
    """

    view: TextScope
    lang: str
    source: str
    other_sources: tuple[str, ...]
    term: str
    form: str
    z: float
    log_odds: float
    count: int
    source_total: int
    others_count: int
    others_total: int
    n_translated: int
    n_sentences: int
    cells: tuple[SentenceTrace, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``original``: sources of one language, in it; ``across``: all sources, in the reader's language.

    ``untranslated`` sentences had no translation for ``across``, by source; they are not in it.
    """

    original: tuple[DistinctiveTerm, ...]
    across: tuple[DistinctiveTerm, ...]
    untranslated: dict[str, int]


CountedText = tuple[Cell, str, bool]
"""A sentence, the text of it that is counted, and whether that is a translation."""


def build_lexicon(comparison: Comparison, target_lang: str = "en") -> Lexicon:
    """The words that mark each source of ``comparison``, for a reader of ``target_lang``."""
    cells = collect_cells(comparison)
    home = {
        (cell.article, cell.sentence): number
        for number, statement in enumerate(comparison.statements)
        for cell in statement.cells
    }
    original: list[DistinctiveTerm] = []
    for lang in dict.fromkeys(cell.lang for cell in cells):
        told = [(cell, cell.text, False) for cell in cells if cell.lang == lang]
        original += _find_distinctive_terms(told, lang, home)
    across, untranslated = [], Counter[str]()
    for cell in cells:
        if cell.lang == target_lang:
            across.append((cell, cell.text, False))
        elif cell.translation and cell.translation.lang == target_lang:
            across.append((cell, cell.translation.text, True))
        else:
            untranslated[cell.source] += 1
    return Lexicon(
        tuple(original), tuple(_find_distinctive_terms(across, target_lang, home)), dict(untranslated)
    )


def log_odds_ratios(left: TermCounts, right: TermCounts) -> tuple[TermCounts, TermCounts]:
    """Log-odds ratios and z-scores (v,) of words counted ``left`` times (v,) here and ``right`` there.

    delta = log((y1 + a) / (n1 + a0 - y1 - a)) - log((y2 + a) / (n2 + a0 - y2 - a)),
    z = delta / sqrt(1 / (y1 + a) + 1 / (y2 + a)), with the prior a = a0 p, p the word's share of both sides
    together and a0 = PRIOR_WEIGHT (n1 + n2) / 2: what both use alike is drawn to 0, stop words with it. Exchanging
    the sides changes the sign only. Words that neither side has get 0.
    """
    n1, n2 = float(left.sum()), float(right.sum())
    both = left + right
    there = both > 0
    delta, z = np.zeros(len(left)), np.zeros(len(left))
    if not n1 or not n2:
        return delta, z
    weight = PRIOR_WEIGHT * (n1 + n2) / 2
    prior = weight * both[there] / (n1 + n2)
    y1, y2 = left[there] + prior, right[there] + prior
    # A side with one word only would leave nothing to stand against.
    rest1, rest2 = np.maximum(n1 + weight - y1, 1e-9), np.maximum(n2 + weight - y2, 1e-9)
    delta[there] = np.log(y1 / rest1) - np.log(y2 / rest2)
    z[there] = delta[there] / np.sqrt(1 / y1 + 1 / y2)
    return delta, z


class _TermIndex:
    """Terms of sentences, counted once: which stand where."""

    def __init__(self, texts: Sequence[CountedText], lang: str) -> None:
        self.texts = texts
        numbers: dict[str, int] = {}
        rows, columns = [], []
        self.forms_by_term: dict[int, Counter[str]] = defaultdict(Counter)
        for row, (_, text, _) in enumerate(texts):
            for term, form in extract_terms(text, lang):
                number = numbers.setdefault(term, len(numbers))
                rows.append(row)
                columns.append(number)
                self.forms_by_term[number][form] += 1
        self.term_names = list(numbers)
        self.sentence_numbers, self.term_numbers = (
            np.array(rows, dtype=np.int64),
            np.array(columns, dtype=np.int64),
        )
        self.is_phrase = np.array([" " in name or chr(8203) in name for name in self.term_names], dtype=bool)

    def count_terms(self, is_selected: NDArray[np.bool_]) -> TermCounts:
        """Occurrences (v,) of each term in the sentences that are ``is_selected`` (n,)."""
        return np.bincount(
            self.term_numbers[is_selected[self.sentence_numbers]], minlength=len(self.term_names)
        ).astype(np.float64)


def _find_distinctive_terms(
    texts: Sequence[CountedText], lang: str, statement_by_sentence: dict[tuple[str, int], int]
) -> list[DistinctiveTerm]:
    names = list(dict.fromkeys(cell.source for cell, _, _ in texts))
    if len(names) < 2:
        return []
    counted = _TermIndex(texts, lang)
    source = np.array([names.index(cell.source) for cell, _, _ in texts])
    statement = np.array(
        [statement_by_sentence.get((cell.article, cell.sentence), -1) for cell, _, _ in texts]
    )
    found = []
    for number, name in enumerate(names):
        others = tuple(other for other in names if other != name)
        mine = source == number
        shared = np.intersect1d(statement[mine], statement[~mine])
        within = np.isin(statement, shared[shared >= 0])
        found += _select_terms(counted, mine, ~mine, ("all", lang, name, others))
        found += _select_terms(counted, mine & within, ~mine & within, ("shared", lang, name, others))
    return found


def _select_terms(
    term_index: _TermIndex,
    is_own: NDArray[np.bool_],
    is_others: NDArray[np.bool_],
    key: tuple[TextScope, str, str, tuple[str, ...]],
) -> list[DistinctiveTerm]:
    one, other = term_index.count_terms(is_own), term_index.count_terms(is_others)
    delta, z = np.zeros(len(one)), np.zeros(len(one))
    for kind in (term_index.is_phrase, ~term_index.is_phrase):  # words against words, phrases against phrases
        delta[kind], z[kind] = log_odds_ratios(one[kind], other[kind])
    found: list[DistinctiveTerm] = []
    parts: list[str] = []
    for place in np.lexsort((np.arange(len(z)), -z)):
        if z[place] < MIN_Z_SCORE or len(found) == MAX_TERMS:
            break
        if one[place] < MIN_COUNT:
            continue
        rows = np.unique(
            term_index.sentence_numbers[
                (term_index.term_numbers == place) & is_own[term_index.sentence_numbers]
            ]
        )
        if len(rows) < 2:
            continue
        name = term_index.term_names[place]
        if any(_is_word_of(name, part) or _is_word_of(part, name) for part in parts):
            continue  # the surer of a phrase and its words stands for both
        parts.append(name)
        of = one[term_index.is_phrase == term_index.is_phrase[place]].sum()
        elsewhere_of = other[term_index.is_phrase == term_index.is_phrase[place]].sum()
        translated = sum(
            int(((term_index.term_numbers == place) & (term_index.sentence_numbers == row)).sum())
            for row in rows
            if term_index.texts[row][2]
        )
        found.append(
            DistinctiveTerm(
                *key,
                name.replace(chr(8203), ""),
                term_index.forms_by_term[int(place)].most_common(1)[0][0],
                float(z[place]),
                float(delta[place]),
                int(one[place]),
                int(of),
                int(other[place]),
                int(elsewhere_of),
                translated,
                len(rows),
                tuple(make_trace(term_index.texts[row][0]) for row in rows[:_MAX_TRACES]),
            )
        )
    return found


def _is_word_of(term: str, phrase: str) -> bool:
    return term in phrase.replace(chr(8203), " ").split()
