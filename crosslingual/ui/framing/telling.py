"""An event and its measures as the sections of the page read them: names, sentences, what was looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from crosslingual.frame import Framing
from crosslingual.framing.cells import Trace, cells_of
from crosslingual.framing.differences import Span
from crosslingual.language.codes import country_name, language_name
from crosslingual.report.sentences import Told
from crosslingual.report.view import View
from crosslingual.report.words import count
from crosslingual.sources import web_link
from crosslingual.types import Cell, Comparison
from crosslingual.ui.payload import date_text, names_of, ownership


class Telling:
    """What the sections are made from; ``names`` of the sources by id, no two alike."""

    def __init__(self, comparison: Comparison, framing: Framing, reader: str) -> None:
        self.comparison, self.framing, self.reader = comparison, framing, reader
        self.view = View(comparison, framing, reader)
        self.sources = {column.source.id: column.source for column in comparison.columns}
        self.names = names_of(self.sources.values())
        self.looked = {one.source: one for one in framing.silences.looked}
        self.statements = {one.id: one for one in comparison.statements}
        self.cells: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells_of(comparison):
            self.cells[cell.source].append(cell)
        self.articles = {
            article.id: {
                "source": self.names[article.source],
                "country": self.sources[article.source].country.upper(),
                "lang": article.lang,
                "language": language_name(article.lang, reader),
                "title": article.title,
                "date": date_text(article.date),
                "url": web_link(article.url),
            }
            for article in comparison.articles
        }

    def told(self, place: Cell | Trace, spans: Sequence[Span] = ()) -> Told:
        """The sentence at ``place``, with ``spans`` of it marked."""
        return self.view.told(place, spans)

    def sentence(self, told: Told) -> dict[str, Any]:
        """What the browser is given of a sentence."""
        return {
            "article": told.article,
            "text": told.text,
            "translation": told.translation,
            "made": told.made,
            "doubts": told.doubts,
        }

    def looked_at(self, source: str) -> str:
        """The denominator of a silence: ``1 article, 22 sentences looked at``."""
        one = self.looked[source]
        return f"{count(one.articles, 'article')}, {count(one.sentences, 'sentence')} looked at"

    def about(self, source: str) -> str:
        """Who it is: languages, country, ownership."""
        known = self.sources[source]
        languages = ", ".join(
            dict.fromkeys(
                language_name(article.lang, self.reader)
                for article in self.comparison.articles
                if article.source == source
            )
        )
        country = country_name(known.country, self.reader) if known.country else ""
        return " · ".join(part for part in (languages, country, ownership(known)) if part)

    def chip(self, source: str) -> str:
        """Says that a source's texts are not by the outlet."""
        return "demo text" if self.sources[source].demo else ""

    def listed(self, sources: Iterable[str]) -> str:
        """Names with commas between."""
        return ", ".join(self.names[one] for one in sources)
