"""What the browser is given of what was found: plain values in groups, links checked, words marked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crosslingual.doubts import words as doubt_in_words
from crosslingual.language.codes import country_name, language_name
from crosslingual.language.tokenize import words
from crosslingual.library import Mark
from crosslingual.report.words import WORDS, count, made_by
from crosslingual.search import Hit, Query
from crosslingual.search.bands import Band
from crosslingual.sources import web_link
from crosslingual.types import Event
from crosslingual.ui.payload import date_text, ownership, span_text
from crosslingual.ui.search.finding import Known
from crosslingual.ui.search.wish import BY_EVENT, BY_SOURCE

_ASIDE = 400
"""Characters shown of a sentence that stands beside."""


_HAN = "\u3400"
"""The first character that is not of an alphabet."""


class Wording:
    """By what of a query sentences were found."""

    def __init__(self, query: Query) -> None:
        self._phrases = bool(query.phrases)
        self._forms = {form for lang in query.guesses for word in words(query.text, lang) for form in word}
        plain = query.phrases or (query.text.split() if query.short else ())
        sought = sorted(map(_whole, filter(_tells, plain)), key=len, reverse=True)
        self._sought = re.compile("|".join(sought), re.IGNORECASE) if sought else None

    def ways(self, hit: Hit) -> list[str]:
        """What it was found by: meaning, word, name, phrase; or only near."""
        found = [] if hit.band != Band.SAYS else ["meaning"]
        if self._phrases:
            return [*found, "phrase"]
        if hit.worded:
            forms = {form for word in words(hit.sentence.text, hit.entry.lang) for form in word}
            found.append("word" if forms & self._forms else "name")
        return found or ["near" if hit.band == Band.NEAR else "meaning"]

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """``text`` in pieces, each with whether it is what was typed."""
        made: list[tuple[str, bool]] = []
        end = 0
        for match in self._sought.finditer(text) if self._sought else ():
            made += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
        return [piece for piece in (*made, (text[end:], False)) if piece[0]]


def _tells(typed: str) -> bool:
    """Whether it tells something: most short words of an alphabet do not, but for names."""
    return len(typed) > 1 and (typed[0] >= _HAN or len(typed) > 2 or typed[0].isupper())


def _whole(typed: str) -> str:
    """A pattern for ``typed``, in an alphabet as a word of its own."""
    return rf"(?<!\w){re.escape(typed)}(?!\w)" if typed[0] < _HAN else re.escape(typed)


def shown_object(
    shown: Sequence[Hit],
    query: Query,
    view: str,
    known: Known,
    events: Mapping[str, Event],
    reader: str,
    fresh: Collection[Mark] = (),
) -> dict[str, Any]:
    """``shown`` for ``assets/search.js``, grouped as ``view`` says; ``fresh`` are new since last time."""
    wording = Wording(query)
    homes = {article: event for event in events.values() for article in event.articles}
    hits = [
        _hit(hit, wording, known, homes.get(hit.entry.article), reader, new=hit.mark in fresh)
        for hit in shown
    ]
    whole: dict[str, Any] = {
        "reader": reader,
        "words": [*WORDS],
        "short": query.short,
        "hits": hits,
        "groups": _grouped(shown, view, known, homes, reader),
        "named": view != BY_SOURCE,
    }
    return whole | {"key": hashlib.sha256(json.dumps(whole).encode()).hexdigest()}


def _hit(
    hit: Hit, wording: Wording, known: Known, home: Event | None, reader: str, *, new: bool
) -> dict[str, Any]:
    entry, made = hit.entry, hit.translation
    source = known.sources.get(entry.source)
    return {
        "at": f"{entry.article}:{hit.sentence.index}",
        "start": hit.sentence.start,
        "source": known.names.get(entry.source, entry.source),
        "country": source.country.upper() if source else "",
        "countryName": country_name(source.country, reader) if source and source.country else "",
        "demo": bool(source and source.demo),
        "lang": entry.lang,
        "language": language_name(entry.lang, reader),
        "date": date_text(entry.date) if entry.date else "no date",
        "title": entry.title,
        "url": web_link(entry.url),
        "before": _cut(hit.before, end=True),
        "pieces": wording.pieces(hit.sentence.text),
        "after": _cut(hit.after, end=False),
        "translation": made.text if made else "",
        "made": made_by(made) if made else "",
        "doubts": "; ".join(map(doubt_in_words, made.doubts)) if made else "",
        "probability": hit.probability,
        "ways": wording.ways(hit),
        "new": new,
        "event": home.id if home else "",
    }


def _cut(text: str, *, end: bool) -> str:
    """A neighbour, of which the part that is nearer is shown."""
    if len(text) <= _ASIDE:
        return text
    return f"… {text[-_ASIDE:]}" if end else f"{text[:_ASIDE]} …"


def _grouped(
    hits: Sequence[Hit], view: str, known: Known, homes: Mapping[str, Event], reader: str
) -> list[dict[str, Any]]:
    """Groups in the order of their best, each with the places of its own."""
    if view == BY_SOURCE:
        return _groups(
            hits, lambda hit: hit.entry.source, lambda id_, own: _of_source(id_, own, known, reader)
        )
    if view == BY_EVENT:
        events = {event.id: event for event in homes.values()}
        return _groups(
            hits,
            lambda hit: homes[hit.entry.article].id if hit.entry.article in homes else "",
            lambda id_, own: _of_event(events.get(id_), own),
        )
    return [{"title": "", "sub": "", "country": "", "hits": [*range(len(hits))]}] if hits else []


def _groups(
    hits: Sequence[Hit], key: Callable[[Hit], str], head: Callable[[str, list[Hit]], dict[str, Any]]
) -> list[dict[str, Any]]:
    places: dict[str, list[int]] = {}
    for place, hit in enumerate(hits):
        places.setdefault(key(hit), []).append(place)
    return [head(id_, [hits[place] for place in own]) | {"hits": own} for id_, own in places.items()]


def _of_source(id_: str, own: list[Hit], known: Known, reader: str) -> dict[str, Any]:
    source = known.sources.get(id_)
    place = country_name(source.country, reader) if source and source.country else ""
    about = (place, ownership(source) if source else "", count(len(own), "sentence"), *_first(own))
    return {
        "title": known.names.get(id_, id_),
        "sub": " · ".join(part for part in about if part),
        "country": source.country.upper() if source else "",
        "demo": bool(source and source.demo),
    }


def _of_event(event: Event | None, own: list[Hit]) -> dict[str, Any]:
    sources = count(len({hit.entry.source for hit in own}), "source")
    told = f"{count(len(own), 'sentence')} of {sources}"
    if event is None:
        return {"title": "In no event", "sub": f"no other article on the same happening · {told}"}
    return {
        "title": event.title or "Untitled event",
        "sub": " · ".join(part for part in (span_text(event.start, event.end), told) if part),
    }


def _first(hits: Iterable[Hit]) -> Iterator[str]:
    if days := sorted(hit.entry.date for hit in hits if hit.entry.date):
        yield f"first {date_text(days[0])}"
