"""The nouns of crosslingual: frozen values that the stages hand to one another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Ownership = Literal["state", "public", "private", "unknown"]


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet. ``country`` is ISO 3166-1 alpha-2, ``languages`` are ISO 639-1 codes.

    ``feeds`` are addresses of its RSS or Atom feeds, ``aliases`` other names that it goes by.
    """

    id: str
    name: str
    native_name: str = ""
    languages: tuple[str, ...] = ()
    country: str = ""
    ownership: Ownership = "unknown"
    kind: str = ""
    owner: str = ""
    domains: tuple[str, ...] = ()
    demo: bool = False
    feeds: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all is known that a reader is to judge by: country, ownership and language."""
        return bool(self.country and self.languages) and self.ownership != "unknown"


class _CachedId:
    """Keeps the hash of a long text once it is worked out. No field: it is neither compared nor told."""

    __slots__ = ("_id",)
    _id: str


@dataclass(frozen=True, slots=True)
class Article(_CachedId):
    """One article as its source published it.

    ``source`` is a source's id, ``lang`` an ISO 639-1 code, ``date`` ISO 8601 or empty.
    """

    source: str
    lang: str
    text: str
    title: str = ""
    date: str = ""
    url: str = ""
    author: str = ""

    @property
    def is_headline(self) -> bool:
        """Whether its text says no more than its title: what it leaves out or how long it is tells nothing."""
        return bool(self.title) and self.text.split() == self.title.split()

    @property
    def id(self) -> str:
        """Content hash: 16 hexadecimal digits over source and text, white space folded.

        The same text of the same source is the same article, however it was laid out.
        """
        try:
            return self._id
        except AttributeError:
            content = f"{self.source}\0{' '.join(self.text.split())}"
            id_ = hashlib.sha256(content.encode()).hexdigest()[:16]
            object.__setattr__(self, "_id", id_)
            return id_


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` is ``article.text[start:end]``, offsets in code points; ``article`` is its id.

    ``lang`` is an ISO 639-1 code where it is another than the article's, and empty where it is not.
    """

    article: str
    index: int
    start: int
    end: int
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """What ``engine`` made of a sentence, in ``lang``.

    ``version`` is that of what the engine used, each package on the way named (``uk-ru 1.2, ru-en 1.9``);
    of a translation by a reader it is when it was made. ``issues`` are codes of ``crosslingual.issues``.
    """

    text: str
    lang: str
    engine: str
    version: str = ""
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """Sentences ``src`` of one side say what sentences ``tgt`` of the other say.

    Indices count from 0 on each side; an empty side is a gap. ``score`` is the margin score,
    ``probability`` that of saying the same.
    """

    src: tuple[int, ...]
    tgt: tuple[int, ...]
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences of two translations of one text that go together; a side that is empty is a gap.

    ``score`` is the cosine of the two sides, 0 for a gap.
    """

    src: tuple[Sentence, ...]
    tgt: tuple[Sentence, ...]
    score: float


SentenceIndex = tuple[int, int]
"""A sentence of an event: its article's place among the event's, and its index in that article."""


@dataclass(frozen=True, slots=True)
class Link:
    """Sentences ``left`` < ``right`` of two articles may say the same.

    ``probability`` is that they do, ``score`` their margin score.
    """

    left: SentenceIndex
    right: SentenceIndex
    probability: float
    score: float


@dataclass(frozen=True, slots=True)
class MergeEdge:
    """Holds the statements of ``left`` and ``right`` together wherever ``probability`` is asked for or less.

    The bonds of an event are a forest: cut at a threshold, its trees are the statements. One that is
    ``is_secondary`` is no part of it: ``left`` stands in the statement of ``right`` as well as in its own,
    and joins nothing. ``correction`` is the id of the correction that made it, empty where the alignment did.
    """

    left: SentenceIndex
    right: SentenceIndex
    probability: float
    correction: str = ""
    is_secondary: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word on what belongs together: each sentence of ``left`` with each of ``right``, or not.

    A sentence is named by its article's id and the offset where it begins, which outlive another
    segmentation. ``created_at`` is UTC, ISO 8601.
    """

    id: str
    kind: Literal["together", "apart"]
    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]
    created_at: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What was done to a library at one stroke, and can be undone.

    ``created_at`` is UTC, ISO 8601; ``description`` says in words what it was about. ``articles``,
    ``sources`` and ``translations`` count what it changed; ``undone`` is whether it was undone since.
    """

    id: str
    kind: Literal["add", "edit", "merge", "remove", "code", "undo"]
    created_at: str
    description: str
    articles: int
    sources: int
    translations: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Articles ``left`` and ``right``, by their ids, are one text, whole or in part.

    ``shared_sentences`` sentences stand in both: a ``share`` of the sentences of the shorter. ``translated``
    is whether they are in two languages.
    """

    left: str
    right: str
    shared_sentences: int
    share: float
    translated: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Articles on the same happening. ``start`` and ``end`` are ISO dates or empty."""

    id: str
    title: str
    start: str
    end: str
    articles: tuple[str, ...]
    sources: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Events that go on from one another over weeks, in order of time; ``id`` is that of one of them."""

    id: str
    title: str
    events: tuple[Event, ...]

    @property
    def start(self) -> str:
        """The first day, ISO 8601, or empty."""
        return min((event.start for event in self.events if event.start), default="")

    @property
    def end(self) -> str:
        """The last day, ISO 8601, or empty."""
        return max((event.end for event in self.events), default="")


EventCorrectionKind = Literal["merge", "split", "move", "rename", "join", "leave"]


@dataclass(frozen=True, slots=True)
class EventCorrection:
    """A person's word on events, named by their ids.

    ``merge``: ``other`` went into ``event``. ``split``: ``articles`` were taken out of ``event`` and are
    ``other``. ``move``: they went from ``event`` to ``other``. ``rename``: ``event`` is called ``title``.
    ``join``: ``event`` is of the story of ``other``. ``leave``: it is of no story, and not of that of ``other``.
    ``created_at`` is UTC, ISO 8601.
    """

    id: str
    kind: EventCorrectionKind
    event: str
    other: str
    articles: tuple[str, ...]
    title: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One sentence in the statement table, with all that traces it.

    ``sentence`` is its index in the article, ``start`` and ``end`` its offsets there.
    ``probability`` is that of its best link within its statement, ``score`` that link's margin score;
    both are 0 for an exclusive.
    """

    source: str
    article: str
    sentence: int
    start: int
    end: int
    lang: str
    text: str
    translation: Translation | None = None
    score: float = 0.0
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Sentences of two or more sources that say the same thing.

    ``coverage`` of ``n_sources`` sources of the event carry it, or voices where copies count once; ``score``
    is that of its weakest cell, ``probability`` that of the weakest bond that holds it together. ``perhaps``
    are, of sources that do not carry it, the sentence that may say it all the same, likeliest first; a
    source without either was not found to say it.
    """

    id: str
    cells: tuple[Cell, ...]
    coverage: int
    n_sources: int
    score: float
    probability: float
    perhaps: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One source's part in a comparison: ``n_shared`` + ``n_exclusive`` sentences = ``n_sentences``."""

    source: Source
    n_articles: int
    n_sentences: int
    n_shared: int
    n_exclusive: int


@dataclass(frozen=True, slots=True)
class ProbabilityCalibration:
    """A map of probabilities, fitted to ``n_judgements`` answers of a library's own readers.

    The log-odds l of two sentences become ``intercept`` + ``slope`` · l. ``id`` names it; ``created_at`` is UTC,
    ISO 8601. ``scoring_key`` names what the probabilities were worked out with: the map is for these alone.
    """

    id: str
    created_at: str
    scoring_key: str
    intercept: float
    slope: float
    n_judgements: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the sources of one event tell it: each sentence stands in one statement or more, or is exclusive.

    ``source_summaries`` gives the order of the sources; ``exclusives`` are ordered by source, article
    and sentence; ``encoder`` names the model whose vectors decided. Statements are those at
    ``threshold``; ``merge_edges``, surest first, give them at any other. ``links`` are the evidence: the best
    candidates of each sentence, chosen or not. A ``SentenceIndex`` counts ``articles``. ``corrections`` are
    those that name one of the articles, oldest first. ``translation_pairs`` are pairs of ids of articles that
    are one text in two languages, or the same text twice. ``duplicates`` are those of its articles that count
    as one voice in the coverage; without any, each source is a voice. ``calibration`` has mapped all its
    probabilities; without one they are as shipped.
    """

    event: Event
    source_summaries: tuple[SourceSummary, ...]
    articles: tuple[Article, ...]
    statements: tuple[Statement, ...]
    exclusives: tuple[Cell, ...]
    encoder: str
    threshold: float
    merge_edges: tuple[MergeEdge, ...]
    links: tuple[Link, ...]
    corrections: tuple[Correction, ...]
    translation_pairs: tuple[tuple[str, str], ...]
    duplicates: tuple[Duplicate, ...] = ()
    calibration: ProbabilityCalibration | None = None
