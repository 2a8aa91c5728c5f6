"""Direct quotations: who is quoted, by which verb, and what became of the quotation elsewhere."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crosslingual.framing.cells import SentenceTrace, collect_cells, make_trace
from crosslingual.language.people import match_speaker_keys, person_key
from crosslingual.language.quotation_marks import QuotationSpan, quotation_spans
from crosslingual.language.scripts import HAN, is_han
from crosslingual.language.speakers import (
    UNKNOWN_SPEAKER,
    Speaker,
    find_people,
    find_speaker,
    introduces_quotation,
    is_certain_person,
)
from crosslingual.sources import find_source, load_sources
from crosslingual.types import Article, Cell, Comparison, Source

_MIN_SPEECH_WORDS = 5
"""Words from which what stands in marks is speech, were it not for a name; of Chinese twice as many signs."""
_WORD_PATTERN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SIGN_PATTERN = re.compile(rf"[{HAN}]|[A-Za-z0-9]+")

QuoteKind = Literal["speech", "phrase"]


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands in marks: ``article.text[start:end]``, the marks among it; ``text`` is without them.

    "speech" is somebody's, "phrase" a name, a title or words kept at a distance. ``speaker`` and ``verb``
    are as written; ``speaker_key`` is one key for a speaker's spellings, empty where unsure; ``is_resolved``
    tells that a pronoun was taken for the last speaker named. ``n_words`` are words, in Chinese signs.
    ``sentences`` are the sentences it lies in.
    """

    id: str
    source: str
    article: str
    lang: str
    start: int
    end: int
    text: str
    kind: QuoteKind
    speaker: str
    speaker_key: str
    speaker_kind: Literal["named", "role", "pronoun", "unknown"]
    is_resolved: bool
    verb: str
    n_words: int
    sentences: tuple[SentenceTrace, ...]


@dataclass(frozen=True, slots=True)
class SpeakerShare:
    """How much of what ``source`` quotes is ``speaker_key``'s: ``n_words`` of ``total_words``.

    It stands in ``n_quotes`` quotations.
    ``share`` = n_words / total_words; those of a source sum to 1. ``unit`` is "words" or "signs".
    """

    source: str
    speaker_key: str
    names: tuple[str, ...]
    n_quotes: int
    n_words: int
    total_words: int
    share: float
    unit: str


@dataclass(frozen=True, slots=True)
class Quotes:
    """All that stands in marks, and who gets to speak."""

    quotes: tuple[Quote, ...]
    speaker_shares: tuple[SpeakerShare, ...]


def find_quotes(comparison: Comparison) -> Quotes:
    """The quotations of an event, in the order of its articles."""
    own: dict[str, list[Cell]] = defaultdict(list)
    for cell in collect_cells(comparison):
        own[cell.article].append(cell)
    known = (*(column.source for column in comparison.source_summaries), *load_sources().values())
    found = [
        quote for article in comparison.articles for quote in _article_quotes(article, own[article.id], known)
    ]
    keys = match_speaker_keys(
        {quote.speaker_key: (quote.speaker, quote.lang) for quote in found if quote.speaker_key}
    )
    found = [replace(quote, speaker_key=keys.get(quote.speaker_key, quote.speaker_key)) for quote in found]
    return Quotes(tuple(found), _speaker_shares(found))


def split_words(text: str, lang: str) -> list[str]:
    """The words of ``text``, folded; in Chinese its signs."""
    return (_SIGN_PATTERN if lang == "zh" else _WORD_PATTERN).findall(text.casefold())


def _article_quotes(
    article: Article, cells: Sequence[Cell], known_sources: tuple[Source, ...]
) -> list[Quote]:
    marked = quotation_spans(article.text, article.lang)
    bare = _mask_quotations(article.text, marked)
    found: list[Quote] = []
    last: Speaker | None = None
    for span in marked:
        lies = [cell for cell in cells if cell.start < span.end and span.start < cell.end]
        if not lies:
            continue
        start, end = lies[0].start, lies[-1].end
        before, after = bare[start : span.start], bare[span.end : _speaker_tag_end(bare, end, article.lang)]
        if before.strip() == "" and start > 0 and re.search(r"[:：]\s*$", bare[:start]):
            before = bare[max(0, start - 160) : span.start]
        inner = article.text[span.inner_slice].strip()
        speaker = find_speaker(before, after, article.lang)
        if speaker.name and find_source(speaker.name, known_sources):  # it reports what someone said
            speaker = Speaker("", "unknown", speaker.verb)
        kind = _classify_quote(inner, before, after, article.lang, speaker)
        resolved, name = False, speaker.name
        if kind == "phrase":
            speaker, name = UNKNOWN_SPEAKER, ""
        elif speaker.kind == "named":
            last = speaker
        elif speaker.kind == "pronoun":
            known = _resolve_pronoun(
                bare[bare.rfind("\n", 0, span.start) + 1 : span.start], last, article.lang
            )
            resolved, name = bool(known), known or name
        if (
            kind == "speech"
            and speaker.kind == "unknown"
            and found
            and _continues_quote(bare, found[-1], span)
        ):
            speaker = Speaker(found[-1].speaker, found[-1].speaker_kind, found[-1].verb)
            resolved, name = found[-1].is_resolved, speaker.name
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
                person_key(name, article.lang) if sure and name else "",
                speaker.kind,
                resolved,
                speaker.verb,
                len(split_words(inner, article.lang)),
                tuple(map(make_trace, lies)),
            )
        )
    return found


def _mask_quotations(text: str, quotation_marks: Sequence[QuotationSpan]) -> str:
    """``text`` with signs for what stands in marks, so that no name there is taken for a speaker."""
    letters = list(text)
    for span in quotation_marks:
        letters[span.start : span.end] = "□" * (span.end - span.start)
    return "".join(letters)


def _speaker_tag_end(text: str, end: int, lang: str) -> int:
    """Where the tag of a quotation ends that was itself the end of a sentence: «…?» — спросил он."""
    following = text[end : end + 120]
    if lang == "zh":
        match = re.match(r"[^，。！？；\n□]{1,20}(?=[。，])", following)
    else:
        match = re.match(r"\s*(?:[—–-]\s*\w|[a-zà-ÿа-яёіїєґ])[^.!?\n□]*", following)
    return end + match.end() if match else end


def _continues_quote(text: str, quote: Quote, span: QuotationSpan) -> bool:
    """Whether nothing but a few words without a stop lies between: "so", he said, "and so"."""
    between = text[quote.end : span.start]
    return (
        quote.kind == "speech"
        and len(between) < 80
        and not re.search(r"[\n]", between)
        and (not re.search(r"[.!?。！？]\s*\w{2,}.*[.!?。！？]", between))
    )


def _resolve_pronoun(paragraph: str, last_speaker: Speaker | None, lang: str) -> str:
    """Whom a pronoun means: the one person named in its paragraph before; empty where it may be another."""
    named = find_people(paragraph, lang)
    if (
        last_speaker
        and is_certain_person(last_speaker.name, lang)
        and named <= {person_key(last_speaker.name, lang)}
    ):
        return last_speaker.name if named else ""
    if len(named) == 1 and (only := next(iter(named))) == person_key(only, "en") and " " in only:
        return only
    return ""


def _classify_quote(quoted: str, before: str, after: str, lang: str, speaker: Speaker) -> QuoteKind:
    """Speech, or a name, a title, words at a distance: by length, its verb, and how it begins and ends."""
    count = len(split_words(quoted, lang)) / (2 if lang == "zh" else 1)
    introduced = introduces_quotation(before, lang)
    colon = bool(re.search(r"[:：]\s*$", before))
    if count >= _MIN_SPEECH_WORDS:
        if lang != "zh" and _is_mostly_capitalized(quoted):
            return "phrase"
        ends = (
            bool(re.search(r"[.!?…。！？,，]$|[.!?。！？]\s*\w", quoted))
            or colon
            or count >= 2 * _MIN_SPEECH_WORDS
        )
        return "speech" if speaker.verb or introduced or ends else "phrase"
    if lang == "zh":
        name = count <= 2 and is_han(after[:1])
        return "speech" if (introduced or colon) and not name and speaker.verb else "phrase"
    tagged = bool(re.search(r"[.!?…,]$", quoted)) or bool(
        re.match(r"\s*,?\s*[—–-]" if lang in ("ru", "uk") else r"\s*,", after)
    )
    if quoted[:1].isupper() and not colon:
        return "speech" if tagged and speaker.verb and re.match(r"\W*\w", after) else "phrase"
    return "speech" if speaker.verb and speaker.kind != "unknown" and (introduced or tagged) else "phrase"


def _is_mostly_capitalized(text: str) -> bool:
    words = text.split()
    return sum(word[:1].isupper() for word in words) > len(words) / 2


def _speaker_shares(all_quotes: Sequence[Quote]) -> tuple[SpeakerShare, ...]:
    by: dict[str, dict[str, list[Quote]]] = defaultdict(lambda: defaultdict(list))
    for quote in all_quotes:
        if quote.kind == "speech":
            by[quote.source][quote.speaker_key].append(quote)
    voices = []
    for source, speakers in by.items():
        chinese = all(quote.lang == "zh" for own in speakers.values() for quote in own)
        of = sum(quote.n_words for own in speakers.values() for quote in own)
        rows = [
            SpeakerShare(
                source,
                who,
                tuple(
                    name for name, _ in Counter(quote.speaker for quote in own if quote.speaker).most_common()
                ),
                len(own),
                sum(quote.n_words for quote in own),
                of,
                sum(quote.n_words for quote in own) / of if of else 0.0,
                "signs" if chinese else "words",
            )
            for who, own in speakers.items()
        ]
        voices += sorted(rows, key=lambda voice: (-voice.n_words, voice.speaker_key))
    return tuple(voices)
