"""Words that mark a source: a plot of two views, and each word with its sentences."""

from __future__ import annotations

from collections.abc import Iterator

from crosslingual.formatting import format_count
from crosslingual.framing.lexicon import DistinctiveTerm
from crosslingual.language.codes import language_name
from crosslingual.ui.framing.charts import dot_chart, shorten_label
from crosslingual.ui.framing.context import FramingContext
from crosslingual.ui.framing.grid import (
    Grid,
    GridCell,
    GridRow,
    Note,
    Plot,
    SectionPart,
    SentenceGroup,
    SentenceItem,
)

ORIGINAL, ACROSS = "In its own language", "Across languages"
SCOPES = (ORIGINAL, ACROSS)
VIEW_LABELS = {"all": "In all its text", "shared": "Same facts, other words"}
TEXT_WORD, TRANSLATOR_WORD = "word of the text", "at least once the translator’s word"
MAX_PLOTTED_WORDS = 15
"""Words of a view in the plot; the table has all."""


def lexicon_section(context: FramingContext, source: str, scope: str) -> Iterator[SectionPart]:
    """The words that mark ``source``, counted in its language or across all on translations."""
    found = context.framing.lexicon
    terms = [one for one in (found.original if scope == ORIGINAL else found.across) if one.source == source]
    name, reader = context.names[source], language_name(context.target_lang)
    yield Note(
        "Words and pairs of words that the source uses more than the others: log-odds ratio with a Dirichlet"
        " prior, as a z-score, from 1.96. Many words are tested, so that a few stand here by chance. “Same"
        " facts” counts only statements that the source shares with those it is compared to."
    )
    if scope == ACROSS:
        yield from _untranslated_note(context, reader)
    if not terms:
        yield Note(_no_terms_text(context, source, scope))
        return
    against = context.join_names(dict.fromkeys(id_ for term in terms for id_ in term.other_sources))
    yield Plot(
        "lexicon",
        f"What marks {name}",
        f"against {against}, counted in {language_name(terms[0].lang)}.",
        dot_chart(
            [
                {
                    "word": shorten_label(term.form),
                    "z": term.z,
                    "view": VIEW_LABELS[view],
                    "whose": TRANSLATOR_WORD if term.n_translated else TEXT_WORD,
                    "count": term.count,
                    "elsewhere": term.others_count,
                }
                for view in VIEW_LABELS
                for term in [term for term in terms if term.view == view][:MAX_PLOTTED_WORDS]
            ],
            tuple(VIEW_LABELS.values()),
            legend_labels=(TEXT_WORD, TRANSLATOR_WORD),
        ),
    )
    yield Grid(
        "lexicon",
        "Each word.",
        "The figures of the plot, all of them, with the sentences.",
        "Word",
        ("View", "z-score", name, "Elsewhere", "The translator’s word"),
        tuple(_term_row(context, term) for term in terms),
    )


def _untranslated_note(context: FramingContext, language: str) -> Iterator[Note]:
    left = {id_: number for id_, number in context.framing.lexicon.untranslated.items() if number}
    if left:
        listed = ", ".join(
            f"{context.names[id_]} {number:,} of {context.examined[id_].n_sentences:,}"
            for id_, number in left.items()
        )
        yield Note(
            f"Sentences without a translation into {language} are not counted: {listed}. Translate the event on"
            " the Compare page."
        )


def _no_terms_text(context: FramingContext, source: str, scope: str) -> str:
    if scope == ACROSS:
        left = context.framing.lexicon.untranslated.get(source, 0)
        if left and left == context.examined[source].n_sentences:
            return f"No sentence of {context.names[source]} is translated: none of its words is counted."
        return f"No word marks {context.names[source]} against all others, counted in translations."
    langs = {article.lang for article in context.comparison.articles if article.source == source}
    others = {
        article.source
        for article in context.comparison.articles
        if article.lang in langs and article.source != source
    }
    said = ", ".join(sorted(map(language_name, langs)))
    if not others:
        return (
            f"No other source of this event writes in {said}: choose “{ACROSS}” to compare on translations."
        )
    return f"No word marks {context.names[source]} against {context.join_names(sorted(others))}, in {said}."


def _term_row(context: FramingContext, term: DistinctiveTerm) -> GridRow:
    kept = (
        f"{len(term.cells)} of the {format_count(term.n_sentences, 'sentence')} with it"
        if term.n_sentences > len(term.cells)
        else format_count(term.n_sentences, "sentence")
    )
    evidence = (SentenceGroup(kept, tuple(SentenceItem(context.sentence_at(place)) for place in term.cells)),)
    return GridRow(
        f"{term.view} {term.lang} {term.term}",
        term.form,
        (
            GridCell(VIEW_LABELS[term.view]),
            GridCell(f"{term.z:.1f}", evidence),
            GridCell(f"{term.count:,}", evidence, f"of {term.source_total:,} words"),
            GridCell(f"{term.others_count:,}", (), f"of {term.others_total:,} words"),
            GridCell(
                f"{term.n_translated} of {term.count}" if term.n_translated else "–",
                evidence if term.n_translated else (),
            ),
        ),
        lang=term.lang,
    )
