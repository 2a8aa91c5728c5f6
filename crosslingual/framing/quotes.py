"""Direct quotations: who is quoted, by which verb, and what became of the quotation elsewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crosslingual.framing.cells import Trace, cells_of, trace
from crosslingual.language.quotation_marks import Span, spans
from crosslingual.language.scripts import HAN, is_han
from crosslingual.language.speakers import (
    NOBODY,
    Speaker,
    attribute,
    certain,
    identity,
    introduces,
    one_key,
    people,
)
from crosslingual.sources import load_sources, outlet
from crosslingual.types import Article, Cell, Comparison, Source

_LONG = 5
"""Words from which what stands in marks is speech, were it not for a name; of Chinese twice as many signs."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SIGN = re.compile(rf"[{HAN}]|[A-Za-z0-9]+")

Kind = Literal["speech", "phrase"]


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands in marks: ``article.text[start:end]``, the marks among it; ``text`` is without them.

    "speech" is somebody's, "phrase" a name, a title or words kept at a distance. ``speaker`` and ``verb``
    are as written; ``who`` is one key for a speaker's spellings, empty where unsure; ``resolved`` tells that
    a pronoun was taken for the last speaker named. ``units`` are words, in Chinese signs. ``sentences`` are
    the sentences it lies in.
    """

    id: str
    source: str
    article: str
    lang: str
    start: int
    end: int
    text: str
    kind: Kind
    speaker: str
    who: str
    by: Literal["named", "role", "pronoun", "unknown"]
    resolved: bool
    verb: str
    units: int
    sentences: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """How much of what ``source`` quotes is ``who``'s: ``units`` of ``of``, in ``quotes`` quotations.

    ``share`` = units / of; those of a source sum to 1. ``unit`` is "words" or "signs".
    """

    source: str
    who: str
    names: tuple[str, ...]
    quotes: int
    units: int
    of: int
    share: float
    unit: str


@dataclass(frozen=True, slots=True)
class Quotes:
    """All that stands in marks, and who gets to speak."""

    quotes: tuple[Quote, ...]
    voices: tuple[Voice, ...]


def quotes(comparison: Comparison) -> Quotes:
    """The quotations of an event, in the order of its articles."""
    own: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells_of(comparison):
        own[cell.article].append(cell)
    known = (*(column.source for column in comparison.columns), *load_sources().values())
    found = [quote for article in comparison.articles for quote in _quotes(article, own[article.id], known)]
    keys = one_key({quote.who: (quote.speaker, quote.lang) for quote in found if quote.who})
    found = [replace(quote, who=keys.get(quote.who, quote.who)) for quote in found]
    return Quotes(tuple(found), _voices(found))


def units(text: str, lang: str) -> list[str]:
    """The words of ``text``, folded; in Chinese its signs."""
    return (_SIGN if lang == "zh" else _WORD).findall(text.casefold())


def _quotes(article: Article, cells: Sequence[Cell], outlets: tuple[Source, ...]) -> list[Quote]:
    marked = spans(article.text, article.lang)
    bare = _blank(article.text, marked)
    found: list[Quote] = []
    last: Speaker | None = None
    for span in marked:
        lies = [cell for cell in cells if cell.start < span.end and span.start < cell.end]
        if not lies:
            continue
        start, end = lies[0].start, lies[-1].end
        before, after = bare[start : span.start], bare[span.end : _tail(bare, end, article.lang)]
        if before.strip() == "" and start > 0 and re.search(r"[:：]\s*$", bare[:start]):
            before = bare[max(0, start - 160) : span.start]
        inner = article.text[span.inner].strip()
        speaker = attribute(before, after, article.lang)
        if speaker.name and outlet(speaker.name, outlets):  # it reports what someone said
            speaker = Speaker("", "unknown", speaker.verb)
        kind = _kind(inner, before, after, article.lang, speaker)
        resolved, name = False, speaker.name
        if kind == "phrase":
            speaker, name = NOBODY, ""
        elif speaker.kind == "named":
            last = speaker
        elif speaker.kind == "pronoun":
            known = _antecedent(bare[bare.rfind("\n", 0, span.start) + 1 : span.start], last, article.lang)
            resolved, name = bool(known), known or name
        if kind == "speech" and speaker.kind == "unknown" and found and _joined(bare, found[-1], span):
            speaker = Speaker(found[-1].speaker, found[-1].by, found[-1].verb)
            resolved, name = found[-1].resolved, speaker.name
        sure = speaker.kind in ("named", "role") or resolved
        found.append(
            Quote(
                f"{article.id}:{span.start}",
                article.source,
                article.id,
                article.lang,
                span.start,
                span.end,
                inner,
                kind,
                name,
                identity(name, article.lang) if sure and name else "",
                speaker.kind,
                resolved,
                speaker.verb,
                len(units(inner, article.lang)),
                tuple(map(trace, lies)),
            )
        )
    return found


def _blank(text: str, marked: Sequence[Span]) -> str:
    """``text`` with signs for what stands in marks, so that no name there is taken for a speaker."""
    letters = list(text)
    for span in marked:
        letters[span.start : span.end] = "□" * (span.end - span.start)
    return "".join(letters)


def _tail(text: str, end: int, lang: str) -> int:
    """Where the tag of a quotation ends that was itself the end of a sentence: «…?» — спросил он."""
    following = text[end : end + 120]
    if lang == "zh":
        match = re.match(r"[^，。！？；\n□]{1,20}(?=[。，])", following)
    else:
        match = re.match(r"\s*(?:[—–-]\s*\w|[a-zà-ÿа-яёіїєґ])[^.!?\n□]*", following)
    return end + match.end() if match else end


def _joined(text: str, quote: Quote, span: Span) -> bool:
    """Whether nothing but a few words without a stop lies between: "so", he said, "and so"."""
    between = text[quote.end : span.start]
    return (
        quote.kind == "speech"
        and len(between) < 80
        and not re.search(r"[\n]", between)
        and (not re.search(r"[.!?。！？]\s*\w{2,}.*[.!?。！？]", between))
    )


def _antecedent(paragraph: str, last: Speaker | None, lang: str) -> str:
    """Whom a pronoun means: the one person named in its paragraph before; empty where it may be another."""
    named = people(paragraph, lang)
    if last and certain(last.name, lang) and named <= {identity(last.name, lang)}:
        return last.name if named else ""
    if len(named) == 1 and (only := next(iter(named))) == identity(only, "en") and " " in only:
        return only
    return ""


def _kind(inner: str, before: str, after: str, lang: str, speaker: Speaker) -> Kind:
    """Speech, or a name, a title, words at a distance: by length, its verb, and how it begins and ends."""
    count = len(units(inner, lang)) / (2 if lang == "zh" else 1)
    introduced = introduces(before, lang)
    colon = bool(re.search(r"[:：]\s*$", before))
    if count >= _LONG:
        if lang != "zh" and _named(inner):
            return "phrase"
        ends = bool(re.search(r"[.!?…。！？,，]$|[.!?。！？]\s*\w", inner)) or colon or count >= 2 * _LONG
        return "speech" if speaker.verb or introduced or ends else "phrase"
    if lang == "zh":
        name = count <= 2 and is_han(after[:1])
        return "speech" if (introduced or colon) and not name and speaker.verb else "phrase"
    tagged = bool(re.search(r"[.!?…,]$", inner)) or bool(
        re.match(r"\s*,?\s*[—–-]" if lang in ("ru", "uk") else r"\s*,", after)
    )
    if inner[:1].isupper() and not colon:
        return "speech" if tagged and speaker.verb and re.match(r"\W*\w", after) else "phrase"
    return "speech" if speaker.verb and speaker.kind != "unknown" and (introduced or tagged) else "phrase"


def _named(inner: str) -> bool:
    words = inner.split()
    return sum(word[:1].isupper() for word in words) > len(words) / 2


def _voices(found: Sequence[Quote]) -> tuple[Voice, ...]:
    by: dict[str, dict[str, list[Quote]]] = defaultdict(lambda: defaultdict(list))
    for quote in found:
        if quote.kind == "speech":
            by[quote.source][quote.who].append(quote)
    voices = []
    for source, speakers in by.items():
        chinese = all(quote.lang == "zh" for own in speakers.values() for quote in own)
        of = sum(quote.units for own in speakers.values() for quote in own)
        rows = [
            Voice(
                source,
                who,
                tuple(
                    name for name, _ in Counter(quote.speaker for quote in own if quote.speaker).most_common()
                ),
                len(own),
                sum(quote.units for quote in own),
                of,
                sum(quote.units for quote in own) / of if of else 0.0,
                "signs" if chinese else "words",
            )
            for who, own in speakers.items()
        ]
        voices += sorted(rows, key=lambda voice: (-voice.units, voice.who))
    return tuple(voices)
