"""An event and its measures as the sections of the page read them: names, sentences, what was looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crosslingual.formatting import format_count
from crosslingual.framing.cells import SentenceTrace, collect_cells
from crosslingual.framing.differences import DifferenceSpan
from crosslingual.framing.pipeline import Framing
from crosslingual.language.codes import country_name, language_name
from crosslingual.report.html_context import PageContext
from crosslingual.report.sentences import PageSentence
from crosslingual.sources import web_link
from crosslingual.types import Cell, Comparison
from crosslingual.ui.serialize import format_date, format_ownership, unique_source_names


class FramingContext:
    """What the sections are made from; ``names`` of the sources by id, no two alike."""

    def __init__(self, comparison: Comparison, framing: Framing, target_lang: str) -> None:
        self.comparison, self.framing, self.target_lang = comparison, framing, target_lang
        self.view = PageContext(comparison, framing, target_lang)
        self.sources = {column.source.id: column.source for column in comparison.source_summaries}
        self.names = unique_source_names(self.sources.values())
        self.examined = {one.source: one for one in framing.omissions.source_scopes}
        self.statements = {one.id: one for one in comparison.statements}
        self.source_sentences: dict[str, list[Cell]] = defaultdict(list)
        for cell in collect_cells(comparison):
            self.source_sentences[cell.source].append(cell)
        self.articles = {
            article.id: {
                "source": self.names[article.source],
                "country": self.sources[article.source].country.upper(),
                "lang": article.lang,
                "language": language_name(article.lang, target_lang),
                "title": article.title,
                "date": format_date(article.date),
                "url": web_link(article.url),
            }
            for article in comparison.articles
        }

    def sentence_at(
        self, position: Cell | SentenceTrace, spans: Sequence[DifferenceSpan] = ()
    ) -> PageSentence:
        """The sentence at ``position``, with ``spans`` of it marked."""
        return self.view.page_sentence(position, spans)

    def examined_text(self, source: str) -> str:
        """The denominator of a silence: ``1 article, 22 sentences looked at``; and of how many a headline is all."""
        one = self.examined[source]
        looked = f"{format_count(one.n_articles, 'article')}, {format_count(one.n_sentences, 'sentence')} looked at"
        return f"{looked}; {headlines}" if (headlines := self.headline_text(source)) else looked

    def headline_text(self, source: str) -> str:
        """How many of a source's articles are no more than a headline, in words; empty where none is."""
        own = [article for article in self.comparison.articles if article.source == source]
        n_headlines = sum(article.is_headline for article in own)
        if not n_headlines:
            return ""
        return "headlines only" if n_headlines == len(own) else f"{n_headlines:,} of them a headline only"

    def source_details(self, source: str) -> str:
        """Who it is: languages, country, ownership."""
        known = self.sources[source]
        languages = ", ".join(
            dict.fromkeys(
                language_name(article.lang, self.target_lang)
                for article in self.comparison.articles
                if article.source == source
            )
        )
        country = country_name(known.country, self.target_lang) if known.country else ""
        return " · ".join(part for part in (languages, country, format_ownership(known)) if part)

    def source_chip(self, source: str) -> str:
        """Says that a source's texts are not by the outlet."""
        return "demo text" if self.sources[source].demo else ""

    def join_names(self, sources: Iterable[str]) -> str:
        """Names with commas between."""
        return ", ".join(self.names[one] for one in sources)
