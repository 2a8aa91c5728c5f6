"""How each source calls what several call otherwise: war or special operation, Moldova or Moldavia."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from crosslingual.framing.cells import SentenceTrace, collect_cells, make_trace
from crosslingual.framing.counterparts import AnalyzedSentence, SentencePair
from crosslingual.framing.naming_list import (
    ListedForm,
    ListedMention,
    ListedReferent,
    find_listed,
    load_referents,
)
from crosslingual.language.known_names import find_known_names, known_label, load_known_names
from crosslingual.language.name_stems import name_words
from crosslingual.types import Cell, Comparison

MIN_COSINE = 0.35
"""Cosine of the words of two sentences from which they stand opposite each other."""
MIN_PROBABILITY = 0.3
"""How likely two sentences must say the same for what stands in them to be held against each other."""
_NAME_KINDS = ("person", "place")
"""Names whose spelling is told apart; those of organisations differ by being short or long."""

SentencePlace = tuple[str, int]
"""A sentence: its article and its index there."""
SentenceAnalyzer = Callable[[Iterable[tuple[str, str]]], Mapping[tuple[str, str], AnalyzedSentence]]
"""Gives what is known of each text and language."""


@dataclass(frozen=True, slots=True)
class NamingMention:
    """Characters ``start`` to ``end`` of ``sentence``, in ``lang``.

    ``is_doubtful``: the word has other meanings, and only what stands opposite says that it means this.
    """

    sentence: SentenceTrace
    lang: str
    start: int
    end: int
    is_doubtful: bool

    @property
    def form(self) -> str:
        """As it is written."""
        return self.sentence.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to call it: ``label`` in the reader's language where it is in the list, else a form as written."""

    key: str
    label: str
    mentions: tuple[NamingMention, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether no mention of it is sure."""
        return all(one.is_doubtful for one in self.mentions)

    @property
    def sources(self) -> dict[str, int]:
        """How often each source calls it so."""
        return dict(Counter(one.sentence.source for one in self.mentions).most_common())

    def forms_of(self, source: str) -> dict[str, int]:
        """How ``source`` writes it, and how often."""
        own = (one.form for one in self.mentions if one.sentence.source == source)
        return dict(Counter(own).most_common())


@dataclass(frozen=True, slots=True)
class NamedReferent:
    """What is called by several ``renderings``, the most frequent first.

    ``label`` names it in the reader's language. ``kind``: it is in the list of what is "contested", or a "name"
    that is written in more than one way in one language.
    """

    key: str
    label: str
    kind: Literal["contested", "name"]
    renderings: tuple[Rendering, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that name it."""
        found = (one.sentence.source for rendering in self.renderings for one in rendering.mentions)
        return tuple(dict.fromkeys(found))


def find_naming(
    comparison: Comparison, analyze: SentenceAnalyzer, target_lang: str
) -> tuple[NamedReferent, ...]:
    """What two sources or more of ``comparison`` name and do not all name alike.

    Contested things come first, then names; those of most sources and renderings first.

    Args:
        comparison: of one event.
        analyze: gives the words of sentences.
        target_lang: the reader's language.
    """
    cells = collect_cells(comparison)
    found = [*_find_contested(comparison, cells, analyze, target_lang), *_find_names(cells, target_lang)]
    shown = [one for one in found if len(one.sources) > 1 and len(one.renderings) > 1]
    return tuple(
        sorted(shown, key=lambda one: (one.kind == "name", -len(one.renderings), -len(one.sources), one.key))
    )


# What is in the list.


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A form of the list in a sentence."""

    cell: Cell
    start: int
    end: int
    form: ListedForm


def _find_contested(
    comparison: Comparison, cells: Sequence[Cell], analyze: SentenceAnalyzer, target_lang: str
) -> Iterator[NamedReferent]:
    listed = {(cell.article, cell.sentence): find_listed(cell.text, cell.lang) for cell in cells}
    topics = {place: _find_topics(own) for place, own in listed.items()}
    by_article: dict[str, set[str]] = defaultdict(set)
    for (article, _), about in topics.items():
        by_article[article] |= about
    mentions: dict[str, dict[str, list[NamingMention]]] = defaultdict(lambda: defaultdict(list))
    candidates: dict[SentencePlace, list[_Candidate]] = defaultdict(list)
    for cell in cells:
        place = cell.article, cell.sentence
        for found in listed[place]:
            for form in _choose_forms(found, topics[place], by_article[cell.article]):
                candidates[place].append(_Candidate(cell, found.start, found.end, form))
    opposite = _find_opposite(_aligned_pairs(comparison), candidates, topics, analyze)
    for place, own in candidates.items():
        for one in own:
            if not one.form.is_generic or (place, one.start, one.form.referent) in opposite:
                mentions[one.form.referent][one.form.rendering].append(
                    NamingMention(
                        make_trace(one.cell),
                        one.cell.lang,
                        one.start,
                        one.end,
                        is_doubtful=one.form.is_generic,
                    )
                )
    for key, by_rendering in mentions.items():
        referent = load_referents()[key]
        renderings = [
            Rendering(rendering, _rendering_label(referent, rendering, named, target_lang), tuple(named))
            for rendering, named in by_rendering.items()
        ]
        label = referent.labels.get(target_lang) or referent.labels["en"]
        yield NamedReferent(key, label, "contested", _most_frequent_first(renderings))


def _rendering_label(
    referent: ListedReferent, rendering: str, mentions: Sequence[NamingMention], lang: str
) -> str:
    """How sources of the reader's language write it most often, as the list has it; else the first form of the list."""
    written = Counter(
        tuple(word.key for word in name_words(one.form, lang))
        for one in mentions
        if one.lang == lang and not one.is_doubtful
    )
    forms = referent.renderings[rendering].get(lang, ())
    known = {tuple(word.key for word in name_words(form, lang)): form for form in reversed(forms)}
    told = [words for words, _ in written.most_common() if words in known]
    return known[told[0]] if told else referent.rendering_label(rendering, lang)


def _find_topics(listed: Iterable[ListedMention]) -> set[str]:
    """What a sentence is about: the referents that its words tell of."""
    return {form.referent for one in listed for form in one.forms if not form.rendering}


def _choose_forms(mention: ListedMention, topics: set[str], article_topics: set[str]) -> list[ListedForm]:
    """Which of the referents that share a form it means: those that the sentence, else its article, is about.

    A single word means it only in a sentence that is: an article on one shooting tells of earlier ones too.
    """
    forms = [form for form in mention.forms if form.rendering]
    near = [form for form in forms if form.referent in topics]
    far = [
        form
        for form in forms
        if (form.referent in article_topics and (form.is_generic or not form.is_short))
        or not load_referents()[form.referent].has_context
    ]
    chosen = near or far
    # Of two things that a word may mean here, neither is told.
    return chosen if len({form.referent for form in chosen}) == 1 else []


def _find_opposite(
    pairs: Iterable[tuple[SentencePlace, SentencePlace]],
    candidates: Mapping[SentencePlace, Sequence[_Candidate]],
    topics: Mapping[SentencePlace, set[str]],
    analyze: SentenceAnalyzer,
) -> set[tuple[SentencePlace, int, str]]:
    """Generic forms opposite which another source names the same: sentence, start and referent of each."""
    shared = [
        (
            left,
            right,
            [both for both in product(candidates[left], candidates[right]) if _may_mean_same(both, told)],
        )
        for left, right in pairs
        if left in candidates and right in candidates
        for told in [topics[left] | topics[right]]
    ]
    with_forms = [one for one in shared if one[2]]
    texts = {(one.cell.text, one.cell.lang) for _, _, own in with_forms for both in own for one in both}
    analyzed = analyze(texts) if texts else {}
    found = set()
    for left, right, own in with_forms:
        first, second = own[0][0].cell, own[0][1].cell
        pair = SentencePair.from_sentences(
            analyzed[first.text, first.lang], analyzed[second.text, second.lang]
        )
        for one, other in own:
            if pair.span_cosine(one.start, one.end, other.start, other.end) >= MIN_COSINE:
                found |= {(left, one.start, one.form.referent), (right, other.start, one.form.referent)}
    return found


def _may_mean_same(both: tuple[_Candidate, _Candidate], topics: set[str]) -> bool:
    one, other = (candidate.form for candidate in both)
    return one.referent == other.referent in topics and (one.is_generic or other.is_generic)


def _aligned_pairs(comparison: Comparison) -> Iterator[tuple[SentencePlace, SentencePlace]]:
    """Sentences of two sources that are as likely to say the same as ``MIN_PROBABILITY``."""
    for link in comparison.links:
        left, right = comparison.articles[link.left[0]], comparison.articles[link.right[0]]
        if left.source != right.source and link.probability >= MIN_PROBABILITY:
            yield (left.id, link.left[1]), (right.id, link.right[1])


# Names that are written in several ways.


def _find_names(cells: Sequence[Cell], target_lang: str) -> Iterator[NamedReferent]:
    by_name: dict[str, dict[tuple[str, tuple[str, ...]], list[NamingMention]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for cell in cells:
        for one in find_known_names(cell.text[:2000], cell.lang):
            form = cell.text[one.start : one.end]
            if one.kind in _NAME_KINDS and not form.isupper():
                words = tuple(word.key for word in name_words(form, cell.lang)) or (form,)
                mention = NamingMention(make_trace(cell), cell.lang, one.start, one.end, is_doubtful=False)
                by_name[one.key][cell.lang, words].append(mention)
    for key, by_form in by_name.items():
        renderings = [
            Rendering(f"{lang}:{' '.join(words)}", _written_form(key, lang, own), tuple(own))
            for (lang, words), own in _join_shorter(by_form).items()
            if not (key.startswith("c:") and _is_official(own))
        ]
        by_lang = Counter(rendering.key.partition(":")[0] for rendering in renderings)
        told = [one for one in renderings if by_lang[one.key.partition(":")[0]] > 1]
        if told:
            yield NamedReferent(key, known_label(key, target_lang), "name", _most_frequent_first(told))


def _is_official(mentions: Sequence[NamingMention]) -> bool:
    """Whether a country has no short name here: the Russian Federation takes no other side than Russia."""
    return all(len(name_words(one.form, one.lang)) > 1 for one in mentions)


def _join_shorter(
    by_form: Mapping[tuple[str, tuple[str, ...]], list[NamingMention]],
) -> dict[tuple[str, tuple[str, ...]], list[NamingMention]]:
    """Forms with those that are a part of them: a surname is no other way to write the whole name."""
    joined: dict[tuple[str, tuple[str, ...]], list[NamingMention]] = {}
    for (lang, words), own in sorted(by_form.items(), key=lambda one: -len("".join(one[0][1]))):
        longer = next(
            (
                (other_lang, other)
                for other_lang, other in joined
                if other_lang == lang
                and (set(words) <= set(other) or (lang == "zh" and "".join(words) in "".join(other)))
            ),
            (lang, words),
        )
        joined[longer] = [*joined.get(longer, []), *own]
    return joined


def _written_form(key: str, lang: str, mentions: Sequence[NamingMention]) -> str:
    """How it is written most often: the form of the list where it has one with the same words, whatever their case."""
    counted = Counter(tuple(word.key for word in name_words(one.form, lang)) for one in mentions)
    words = max(counted, key=lambda own: (counted[own], -len(own)))
    known = load_known_names().get(key)
    for form in known.forms.get(lang, ()) if known else ():
        if tuple(word.key for word in name_words(form, lang)) == words:
            return form
    forms = (one.form for one in mentions if tuple(word.key for word in name_words(one.form, lang)) == words)
    return Counter(forms).most_common(1)[0][0]


def _most_frequent_first(renderings: Iterable[Rendering]) -> tuple[Rendering, ...]:
    return tuple(sorted(renderings, key=lambda one: (-len(one.mentions), one.key)))
