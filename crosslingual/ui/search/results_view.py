"""What the browser is given of what was found: plain values in groups, links checked, words marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from crosslingual.formatting import SURENESS_LEVELS, engine_label, format_count
from crosslingual.language.codes import country_name, language_name
from crosslingual.language.scripts import is_unspaced
from crosslingual.language.tokenize import word_forms
from crosslingual.library import SentenceKey
from crosslingual.search import Hit, Query
from crosslingual.search.bands import Band
from crosslingual.sources import web_link
from crosslingual.translation.quality import format_issue as doubt_in_words
from crosslingual.types import Event
from crosslingual.ui import components
from crosslingual.ui.search.search_state import BY_EVENT, BY_SOURCE
from crosslingual.ui.search.service import FilterOptions
from crosslingual.ui.serialize import describe_change, format_date, format_date_range, format_ownership

_MAX_CONTEXT_CHARS = 400
"""Characters shown of a sentence that stands beside."""


class QueryMatcher:
    """By what of a query sentences were found."""

    def __init__(self, query: Query) -> None:
        self._has_phrases = bool(query.phrases)
        self._query_forms = {
            form for lang in query.possible_langs for word in word_forms(query.text, lang) for form in word
        }
        plain = query.phrases or (query.text.split() if query.is_short else ())
        sought = sorted(map(_term_regex, filter(_is_informative, plain)), key=len, reverse=True)
        self._term_pattern = re.compile("|".join(sought), re.IGNORECASE) if sought else None

    def match_kinds(self, hit: Hit) -> list[str]:
        """What it was found by: meaning, word, name, phrase; or only near."""
        found = [] if hit.band != Band.SAYS else ["meaning"]
        if self._has_phrases:
            return [*found, "phrase"]
        if hit.has_words:
            forms = {form for word in word_forms(hit.sentence.text, hit.lang) for form in word}
            found.append("word" if forms & self._query_forms else "name")
        return found or ["near" if hit.band == Band.NEAR else "meaning"]

    def split_matches(self, text: str) -> list[tuple[str, bool]]:
        """``text`` in pieces, each with whether it is what was typed."""
        made: list[tuple[str, bool]] = []
        end = 0
        for match in self._term_pattern.finditer(text) if self._term_pattern else ():
            made += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
        return [piece for piece in (*made, (text[end:], False)) if piece[0]]


def _is_informative(term: str) -> bool:
    """Whether it tells something: most short words of an alphabet do not, but for names."""
    return len(term) > 1 and (is_unspaced(term[0]) or len(term) > 2 or term[0].isupper())


def _term_regex(term: str) -> str:
    """A pattern for ``term``, in an alphabet as a word of its own."""
    return re.escape(term) if is_unspaced(term[0]) else rf"(?<!\w){re.escape(term)}(?!\w)"


def serialize_results(
    shown_hits: Sequence[Hit],
    query: Query,
    view: str,
    options: FilterOptions,
    events: Mapping[str, Event],
    target_lang: str,
    new_refs: Collection[SentenceKey] = (),
    changed: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """``shown_hits`` for ``assets/search.js``, grouped as ``view`` says; ``new_refs`` are new since last time.

    ``changed`` tells by articles' ids when they last changed at their addresses.
    """
    wording = QueryMatcher(query)
    homes = {article: event for event in events.values() for article in event.articles}
    hits = [
        _serialize_hit(
            hit,
            wording,
            options,
            homes.get(hit.entry.article),
            target_lang,
            is_new=hit.sentence_key in new_refs,
        )
        | {"changed": describe_change(changed.get(hit.entry.article, ""))}
        for hit in shown_hits
    ]
    whole: dict[str, Any] = {
        "reader": target_lang,
        "words": [*SURENESS_LEVELS],
        "short": query.is_short,
        "hits": hits,
        "groups": _group_hits(shown_hits, view, options, homes, target_lang),
        "named": view != BY_SOURCE,
    }
    return components.with_data_key(whole)


def _serialize_hit(
    hit: Hit,
    matcher: QueryMatcher,
    options: FilterOptions,
    event: Event | None,
    target_lang: str,
    *,
    is_new: bool,
) -> dict[str, Any]:
    entry, made = hit.entry, hit.translation
    source = options.sources.get(entry.source)
    return {
        "at": f"{entry.article}:{hit.sentence.index}",
        "start": hit.sentence.start,
        "source": options.names.get(entry.source, entry.source),
        "country": source.country.upper() if source else "",
        "countryName": country_name(source.country, target_lang) if source and source.country else "",
        "demo": bool(source and source.demo),
        "lang": hit.lang,
        "language": language_name(hit.lang, target_lang),
        "titleLang": entry.lang,
        "date": format_date(entry.date) if entry.date else "no date",
        "title": entry.title,
        "url": web_link(entry.url),
        "before": _cut_context(hit.before, keep_end=True),
        "pieces": matcher.split_matches(hit.sentence.text),
        "after": _cut_context(hit.after, keep_end=False),
        "translation": made.text if made else "",
        "made": engine_label(made) if made else "",
        "doubts": "; ".join(map(doubt_in_words, made.issues)) if made else "",
        "probability": hit.probability,
        "ways": matcher.match_kinds(hit),
        "new": is_new,
        "event": event.id if event else "",
    }


def _cut_context(text: str, *, keep_end: bool) -> str:
    """A neighbour, of which the part that is nearer is shown."""
    if len(text) <= _MAX_CONTEXT_CHARS:
        return text
    return f"… {text[-_MAX_CONTEXT_CHARS:]}" if keep_end else f"{text[:_MAX_CONTEXT_CHARS]} …"


def _group_hits(
    hits: Sequence[Hit],
    view: str,
    options: FilterOptions,
    events_by_article: Mapping[str, Event],
    target_lang: str,
) -> list[dict[str, Any]]:
    """Groups in the order of their best, each with the places of its own."""
    if view == BY_SOURCE:
        return _build_groups(
            hits, lambda hit: hit.entry.source, lambda id_, own: _source_head(id_, own, options, target_lang)
        )
    if view == BY_EVENT:
        events = {event.id: event for event in events_by_article.values()}
        return _build_groups(
            hits,
            lambda hit: (
                events_by_article[hit.entry.article].id if hit.entry.article in events_by_article else ""
            ),
            lambda id_, own: _event_head(events.get(id_), own),
        )
    return [{"title": "", "sub": "", "country": "", "hits": [*range(len(hits))]}] if hits else []


def _build_groups(
    hits: Sequence[Hit],
    group_key: Callable[[Hit], str],
    build_head: Callable[[str, list[Hit]], dict[str, Any]],
) -> list[dict[str, Any]]:
    places: dict[str, list[int]] = {}
    for place, hit in enumerate(hits):
        places.setdefault(group_key(hit), []).append(place)
    return [build_head(id_, [hits[place] for place in own]) | {"hits": own} for id_, own in places.items()]


def _source_head(id_: str, hits: list[Hit], options: FilterOptions, target_lang: str) -> dict[str, Any]:
    source = options.sources.get(id_)
    place = country_name(source.country, target_lang) if source and source.country else ""
    about = (
        place,
        format_ownership(source) if source else "",
        format_count(len(hits), "sentence"),
        *_first_date(hits),
    )
    return {
        "title": options.names.get(id_, id_),
        "sub": " · ".join(part for part in about if part),
        "country": source.country.upper() if source else "",
        "demo": bool(source and source.demo),
    }


def _event_head(event: Event | None, hits: list[Hit]) -> dict[str, Any]:
    sources = format_count(len({hit.entry.source for hit in hits}), "source")
    told = f"{format_count(len(hits), 'sentence')} of {sources}"
    if event is None:
        return {"title": "In no event", "sub": f"no other article on the same happening · {told}"}
    return {
        "title": event.title or "Untitled event",
        "sub": " · ".join(part for part in (format_date_range(event.start, event.end), told) if part),
    }


def _first_date(hits: Iterable[Hit]) -> Iterator[str]:
    if days := sorted(hit.entry.date for hit in hits if hit.entry.date):
        yield f"first {format_date(days[0])}"
