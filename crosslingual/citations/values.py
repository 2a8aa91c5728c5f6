"""A citation of one outlet by another, and the graph of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EdgeKind = Literal["citation", "copy", "translated copy"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of ``source`` says that ``cited`` told it.

    ``start`` to ``end`` are the characters of the sentence that name the outlet, ``cue_start`` to ``cue_end`` those
    that cite it. ``cited`` is the id of a source of the library where ``is_in_library``, else of an outlet of the
    list, else the name as written. ``statements`` are ids of those that the sentence stands in, where an event is
    compared. ``is_own``: the outlet names itself. ``is_doubtful``: it may be no citation, or of another.
    """

    source: str
    article: str
    date: str
    lang: str
    sentence: int
    text: str
    start: int
    end: int
    cue_start: int
    cue_end: int
    cited: str
    cited_name: str
    is_in_library: bool
    is_own: bool
    is_doubtful: bool
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CopiedArticle:
    """``article`` is one text with ``original``, which appeared first; not surely where ``is_doubtful``."""

    article: str
    original: str
    date: str
    shared_sentences: int
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class CitationEdge:
    """``citing`` takes from ``cited``: by ``citations`` of one kind, or as ``copies`` of the other two.

    ``first_date`` is that of the first article of ``citing`` that does, empty where none has a date.
    """

    citing: str
    cited: str
    cited_name: str
    is_in_library: bool
    kind: EdgeKind
    first_date: str
    n_articles: int
    citations: tuple[Citation, ...] = ()
    copies: tuple[CopiedArticle, ...] = ()

    @property
    def n_items(self) -> int:
        """Sentences that cite, or pairs of articles that are one text."""
        return len(self.citations) + len(self.copies)

    @property
    def n_doubtful(self) -> int:
        """Of those, how many are doubtful."""
        return sum(one.is_doubtful for one in self.citations) + sum(one.is_doubtful for one in self.copies)


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """A statement of an event that ``citations`` ascribe to other outlets.

    ``first_articles`` carry it and are the first by their time of publication: several where the times do not tell,
    none where no article has one.
    """

    statement: str
    first_date: str
    first_articles: tuple[str, ...]
    first_sources: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Who cites whom among ``n_articles`` articles of ``n_sources`` sources.

    ``edges`` come with the most sentences first; ``own`` are sentences in which an outlet names itself, which are no
    edges. ``statements`` are those of an event.
    """

    n_articles: int
    n_sources: int
    edges: tuple[CitationEdge, ...]
    own: tuple[Citation, ...]
    statements: tuple[CitedStatement, ...] = ()
