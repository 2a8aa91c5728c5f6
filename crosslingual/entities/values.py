"""Names as they were found in articles, and the entities that they are put together to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crosslingual.entities.mentions import NameMention
from crosslingual.language.known_names import EntityKind
from crosslingual.language.name_stems import name_words
from crosslingual.language.scripts import is_han

_UNLISTED = "name:"

FoundName = tuple[int, NameMention, str]
"""A name in an article: the index of its sentence, what was found, and how it is written."""


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Where an entity is named: ``form`` stands at ``start`` to ``end`` of sentence ``sentence`` of ``article``.

    ``is_doubtful``: it may be no name of it.
    """

    article: str
    source: str
    lang: str
    sentence: int
    start: int
    end: int
    form: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place or organisation with all its ``mentions``.

    ``name`` is its whole name, in English where it is in the list, else as most articles write it. ``is_doubtful``:
    no mention of it is sure, or its forms were joined by nothing but their sound.
    """

    key: str
    name: str
    kind: EntityKind
    mentions: tuple[EntityMention, ...]
    is_doubtful: bool

    @property
    def sources(self) -> dict[str, int]:
        """How often each source names it, the most often first."""
        return dict(Counter(mention.source for mention in self.mentions).most_common())

    @property
    def forms(self) -> dict[str, dict[str, int]]:
        """How it is written in each language, and how often."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for mention in self.mentions:
            counted[mention.lang][mention.form] += 1
        return {lang: dict(own.most_common()) for lang, own in sorted(counted.items())}


@dataclass(frozen=True, slots=True)
class ArticleNames:
    """The names of one article."""

    article: str
    source: str
    lang: str
    names: tuple[FoundName, ...]


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Mentions that have one name in one script."""

    words: tuple[str, ...]
    kinds: Counter[EntityKind]
    mentions: list[EntityMention]

    @property
    def kind(self) -> EntityKind:
        """What most of them are."""
        return self.kinds.most_common(1)[0][0]


def name_keys(form: str, lang: str) -> tuple[str, ...]:
    """The keys of the words of a name; an initial between two of them does not count."""
    keys = tuple(word.key for word in name_words(form, lang)) or (form,)
    return (keys[0], *(key for key in keys[1:-1] if len(key) > 1 or is_han(key)), *keys[1:][-1:])


def own_key(words: Sequence[str]) -> str:
    """The key of a name that is in no list."""
    return _UNLISTED + " ".join(words)


def is_listed(key: str) -> bool:
    """Whether ``key`` is that of the shipped list, a country or a well-known city."""
    return not key.startswith(_UNLISTED)
