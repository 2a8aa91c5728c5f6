"""Words that mark a source: a plot of two views, and each word with its sentences."""

from __future__ import annotations

from collections.abc import Iterator

from crosslingual.framing.lexicon import Term
from crosslingual.language.codes import language_name
from crosslingual.report.words import count
from crosslingual.ui.framing.charts import dots, short
from crosslingual.ui.framing.grid import Cell, Grid, Group, Item, Note, Part, Plot, Row
from crosslingual.ui.framing.telling import Telling

ORIGINAL, ACROSS = "In its own language", "Across languages"
WHERE = (ORIGINAL, ACROSS)
VIEWS = {"all": "In all its text", "shared": "Same facts, other words"}
OWN, MADE = "word of the text", "at least once the translator’s word"
PLOTTED = 15
"""Words of a view in the plot; the table has all."""


def lexicon(telling: Telling, source: str, where: str) -> Iterator[Part]:
    """The words that mark ``source``, counted in its language or across all on translations."""
    found = telling.framing.lexicon
    terms = [one for one in (found.original if where == ORIGINAL else found.across) if one.source == source]
    name, reader = telling.names[source], language_name(telling.reader)
    yield Note(
        "Words and pairs of words that the source uses more than the others: log-odds ratio with a Dirichlet"
        " prior, as a z-score, from 1.96. Many words are tested, so that a few stand here by chance. “Same"
        " facts” counts only statements that the source shares with those it is compared to."
    )
    if where == ACROSS:
        yield from _untranslated(telling, reader)
    if not terms:
        yield Note(_nothing(telling, source, where))
        return
    against = telling.listed(dict.fromkeys(id_ for term in terms for id_ in term.against))
    yield Plot(
        "lexicon",
        f"What marks {name}",
        f"against {against}, counted in {language_name(terms[0].lang)}.",
        dots(
            [
                {
                    "word": short(term.form),
                    "z": term.z,
                    "view": VIEWS[view],
                    "whose": MADE if term.translated else OWN,
                    "count": term.count,
                    "elsewhere": term.elsewhere,
                }
                for view in VIEWS
                for term in [term for term in terms if term.view == view][:PLOTTED]
            ],
            tuple(VIEWS.values()),
            marks=(OWN, MADE),
        ),
    )
    yield Grid(
        "lexicon",
        "Each word.",
        "The figures of the plot, all of them, with the sentences.",
        "Word",
        ("View", "z-score", name, "Elsewhere", "The translator’s word"),
        tuple(_row(telling, term) for term in terms),
    )


def _untranslated(telling: Telling, reader: str) -> Iterator[Note]:
    left = {id_: number for id_, number in telling.framing.lexicon.untranslated.items() if number}
    if left:
        listed = ", ".join(
            f"{telling.names[id_]} {number:,} of {telling.looked[id_].sentences:,}"
            for id_, number in left.items()
        )
        yield Note(
            f"Sentences without a translation into {reader} are not counted: {listed}. Translate the event on"
            " the Compare page."
        )


def _nothing(telling: Telling, source: str, where: str) -> str:
    if where == ACROSS:
        left = telling.framing.lexicon.untranslated.get(source, 0)
        if left and left == telling.looked[source].sentences:
            return f"No sentence of {telling.names[source]} is translated: none of its words is counted."
        return f"No word marks {telling.names[source]} against all others, counted in translations."
    langs = {article.lang for article in telling.comparison.articles if article.source == source}
    others = {
        article.source
        for article in telling.comparison.articles
        if article.lang in langs and article.source != source
    }
    said = ", ".join(sorted(map(language_name, langs)))
    if not others:
        return (
            f"No other source of this event writes in {said}: choose “{ACROSS}” to compare on translations."
        )
    return f"No word marks {telling.names[source]} against {telling.listed(sorted(others))}, in {said}."


def _row(telling: Telling, term: Term) -> Row:
    kept = (
        f"{len(term.cells)} of the {count(term.sentences, 'sentence')} with it"
        if term.sentences > len(term.cells)
        else count(term.sentences, "sentence")
    )
    evidence = (Group(kept, tuple(Item(telling.told(place)) for place in term.cells)),)
    return Row(
        f"{term.view} {term.lang} {term.term}",
        term.form,
        (
            Cell(VIEWS[term.view]),
            Cell(f"{term.z:.1f}", evidence),
            Cell(f"{term.count:,}", evidence, f"of {term.of:,} words"),
            Cell(f"{term.elsewhere:,}", (), f"of {term.elsewhere_of:,} words"),
            Cell(
                f"{term.translated} of {term.count}" if term.translated else "–",
                evidence if term.translated else (),
            ),
        ),
        lang=term.lang,
    )
