"""The report's page: one HTML file that needs nothing else, no script among it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crosslingual.citations.values import CitationGraph
from crosslingual.formatting import format_sureness
from crosslingual.framing.pipeline import Framing
from crosslingual.language.codes import language_name
from crosslingual.moments import describe_moment
from crosslingual.report.citation_picture import draw_citations
from crosslingual.report.figures import describe_revisions, describe_what, format_value
from crosslingual.report.html_context import (
    LABEL_WIDTH,
    MAX_DIFFERENCES_PER_STATEMENT,
    PLOT_WIDTH,
    PageContext,
)
from crosslingual.report.sentences import sentence_anchor
from crosslingual.report.terminal import format_dates
from crosslingual.report.time_sections import TimeSections
from crosslingual.types import Comparison

_TEMPLATES_FOLDER = Path(__file__).with_name("templates")
# Bidirectional embeddings, overrides and isolates would turn what follows them on the page.
_CONTROL_CHARS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def render_page(
    comparison: Comparison,
    framing: Framing,
    metadata: Mapping[str, Any],
    times: TimeSections,
    citations: CitationGraph | None = None,
) -> str:
    """The HTML page; ``metadata`` says what it was made with, as the manifest does; ``citations`` who cites whom."""
    target_lang = str(metadata["settings"]["target_lang"])
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES_FOLDER, encoding="utf-8"),
        autoescape=True,
        finalize=_strip_control_chars,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    css, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]  # set above
    terms = (*framing.lexicon.original, *framing.lexicon.across)
    return environment.get_template("report.html").render(
        v=PageContext(comparison, framing, target_lang),
        about=metadata,
        css=css,
        citations=citations,
        citation_picture=Markup(draw_citations(citations, _source_names(comparison), PLOT_WIDTH))  # noqa: S704  # escaped
        if citations
        else "",
        anchor=sentence_anchor,
        dates=format_dates(comparison.event),
        demo=sum(column.source.demo for column in comparison.source_summaries),
        left=LABEL_WIDTH,
        most=MAX_DIFFERENCES_PER_STATEMENT,
        places={
            quote.id: sentence_anchor(quote.sentences[0])
            for quote in framing.quotes.quotes
            if quote.sentences
        },
        signed=_format_signed,
        reader_name=language_name(target_lang),
        sure_least=format_sureness(comparison.threshold),
        times=times,
        moment=describe_moment,
        figure=(describe_what, format_value, describe_revisions),
        top=max((term.z for term in terms), default=0.0),
        width=PLOT_WIDTH,
    )


def _source_names(comparison: Comparison) -> dict[str, str]:
    return {column.source.id: column.source.name for column in comparison.source_summaries}


def _format_signed(number: float, digits: int) -> str:
    """With a true minus, and none before a zero."""
    return f"{round(number, digits) + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _strip_control_chars(value: object) -> object:
    """Text without what steers the page; what is safe already, and what is no text, as it is."""
    return _CONTROL_CHARS.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value
