"""One entity in an event or a library: which sources name it, of how many, with which words beside it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosslingual.entities.values import Entity, EntityMention, is_listed
from crosslingual.errors import NotFoundError
from crosslingual.language.known_names import find_known_names, known_label
from crosslingual.language.name_stems import name_words
from crosslingual.language.names import NAME_LANGUAGES
from crosslingual.language.phonetics import (
    find_transcriptions,
    loose_consonants,
    sound_skeleton,
    sounds_alike,
)
from crosslingual.language.terms import extract_terms
from crosslingual.language.transliteration import name_syllables
from crosslingual.library import Library

CONTEXT_CHARS = {"zh": 12}
"""Characters on either side of a mention whose words stand beside it, by language."""
_DEFAULT_CONTEXT_CHARS = 45
MAX_WORD_ARTICLES = 500
"""Articles whose words beside a name are counted; of more, some all over them."""
_MAX_WORDS = 8
_MIN_COUNT = 2
_CLEARLY_MORE = 3
"""How much more often one of several of a name must be named to be the one that is meant."""


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word in ``lang`` that stands ``n_near`` times beside an entity's name, and ``n_all`` times in all."""

    word: str
    lang: str
    n_near: int
    n_all: int


@dataclass(frozen=True, slots=True)
class SourceNaming:
    """How one source names an entity: in ``n_naming`` of its ``n_articles`` articles, ``n_mentions`` times."""

    source: str
    n_articles: int
    n_naming: int
    n_mentions: int
    forms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EntityOverview:
    """An entity among articles; ``silent_sources`` are those that do not name it."""

    entity: Entity
    n_articles: int
    n_sources: int
    naming: tuple[SourceNaming, ...]
    silent_sources: tuple[str, ...]
    near_words: tuple[NearWord, ...]

    @property
    def n_naming_articles(self) -> int:
        """Articles that name it."""
        return sum(source.n_naming for source in self.naming)


def make_overview(
    entity: Entity, articles: Mapping[str, str], sentences: Mapping[str, Mapping[int, str]]
) -> EntityOverview:
    """Who names ``entity`` and how.

    Args:
        entity: with its mentions in these articles.
        articles: the source of each article that could name it, by the articles' ids.
        sentences: of articles that do, the texts of all their sentences by their indexes.
    """
    totals = Counter(articles.values())
    by_source: dict[str, list[EntityMention]] = defaultdict(list)
    for mention in entity.mentions:
        by_source[mention.source].append(mention)
    naming = [
        SourceNaming(
            source,
            totals[source],
            len({mention.article for mention in own}),
            len(own),
            dict(Counter(mention.form for mention in own).most_common()),
        )
        for source, own in by_source.items()
    ]
    naming.sort(key=lambda one: (-one.n_mentions, one.source))
    silent = sorted(totals.keys() - by_source.keys())
    return EntityOverview(
        entity,
        len(articles),
        len(totals),
        tuple(naming),
        tuple(silent),
        tuple(_near_words(entity, sentences)),
    )


def _near_words(entity: Entity, sentences: Mapping[str, Mapping[int, str]]) -> Iterator[NearWord]:
    """Words that stand beside the name more often than in the articles that have it, by language.

    Ranked by how often times the logarithm of how much more often (as in a G test, its first term).
    """
    by_lang: dict[str, list[EntityMention]] = defaultdict(list)
    for mention in entity.mentions:
        by_lang[mention.lang].append(mention)
    for lang, mentions in sorted(by_lang.items()):
        near: Counter[str] = Counter()
        for mention in mentions:
            text = sentences[mention.article].get(mention.sentence, "")
            width = CONTEXT_CHARS.get(lang, _DEFAULT_CONTEXT_CHARS)
            before, after = (
                text[max(mention.start - width, 0) : mention.start],
                text[mention.end : mention.end + width],
            )
            near.update(_single_words(before, lang, cut_first=mention.start > width))
            near.update(_single_words(after, lang, cut_last=len(text) > mention.end + width))
        everything: Counter[str] = Counter()
        for article in {mention.article for mention in mentions}:
            for text in sentences[article].values():
                everything.update(_single_words(text, lang))
        own = {part for mention in mentions for part in _single_words(mention.form, lang)}
        n_near, n_all = sum(near.values()), sum(everything.values())
        ranked = sorted(
            (
                (-count * math.log(count / n_near * n_all / max(everything[word], count)), word)
                for word, count in near.items()
                if count >= _MIN_COUNT and word not in own and len(word) > (1 if lang == "zh" else 2)
            )
        )
        for gain, word in ranked[:_MAX_WORDS]:
            if gain < 0:
                yield NearWord(word, lang, near[word], max(everything[word], near[word]))


def _single_words(text: str, lang: str, *, cut_first: bool = False, cut_last: bool = False) -> list[str]:
    """The words of ``text`` in their dictionary forms, without the first or last where these may be cut off."""
    phrase = "" if lang == "zh" else "\u200b "
    words = [
        term
        for term, form in extract_terms(text, lang)
        if " " not in form and not any(c in term for c in phrase)
    ]
    return words[cut_first and lang != "zh" : len(words) - (cut_last and lang != "zh")]


def load_overview(library: Library, entity: Entity, articles: Mapping[str, str]) -> EntityOverview:
    """The overview of ``entity`` among ``articles``, which have their sources by their ids.

    Words beside it are counted in ``MAX_WORD_ARTICLES`` of the articles at most, some all over those that name it: no
    other text is read.
    """
    naming = list(dict.fromkeys(mention.article for mention in entity.mentions))
    read = library.load_sentences(naming[:: -(-len(naming) // MAX_WORD_ARTICLES) or 1])
    texts = {id_: {sentence.index: sentence.text for sentence in own} for id_, own in read.items()}
    return make_overview(entity, articles, {id_: texts.get(id_, {}) for id_ in naming})


def choose_entity(name: str, entities: Sequence[Entity]) -> Entity:
    """The one of ``entities`` that ``name`` means; of several the one that is named most often by far.

    Raises:
        NotFoundError: it is none, or could be several.
    """
    found = find_by_name(name, entities)
    if not found:
        raise NotFoundError(f"{name}: no article names it; crosslingual entities lists who and what is named")
    found.sort(key=lambda entity: -len(entity.mentions))
    if len(found) > 1 and len(found[0].mentions) < _CLEARLY_MORE * len(found[1].mentions):
        others = ", ".join(f"{entity.name} ({entity.kind})" for entity in found[:_MAX_WORDS])
        raise NotFoundError(f"{name}: could be {others}; give the whole name")
    return found[0]


def find_by_name(name: str, entities: Iterable[Entity]) -> list[Entity]:
    """Those of ``entities`` that ``name`` means, typed in any script: as written, as known, else by its sound.

    The surest way that finds any counts; entities come in their order.
    """
    found = list(entities)
    typed = " ".join(name.split())
    keys = {
        one.key
        for lang in NAME_LANGUAGES
        for text in (typed, typed.title(), typed.upper())
        for one in find_known_names(text, lang)
        if one.end - one.start == len(text)
    }
    words = {_fold(typed, lang) for lang in NAME_LANGUAGES}
    ways: tuple[Callable[[Entity], bool], ...] = (
        lambda entity: typed == entity.key,
        lambda entity: entity.key in keys or typed.casefold() == entity.name.casefold(),
        lambda entity: any(
            _fold(form, lang) in words for lang, forms in entity.forms.items() for form in forms
        ),
        lambda entity: any(
            _is_last_name(typed, form, lang) for lang, forms in entity.forms.items() for form in forms
        ),
        lambda entity: any(_sounds_like(typed, form) for forms in entity.forms.values() for form in forms),
    )
    for way in ways:
        if matching := [entity for entity in found if way(entity)]:
            return matching
    return []


def _fold(text: str, lang: str) -> tuple[str, ...]:
    return tuple(word.key for word in name_words(text, lang))


def _is_last_name(typed: str, form: str, lang: str) -> bool:
    return _fold(typed, lang) == _fold(form, lang)[-1:]


def _sounds_like(typed: str, form: str) -> bool:
    """Whether two names in whatever scripts may be one by their syllables, skeletons or consonants."""
    capitals = typed.title()
    syllables = [one for word in name_syllables(capitals) for one in word]
    if len(syllables) > 1 and syllables == [one for word in name_syllables(form) for one in word]:
        return True
    last, other = capitals.split()[-1:] or [""], form.split()[-1:] or [""]
    if (skeleton := sound_skeleton(last[0])) and skeleton == sound_skeleton(other[0]):
        return True
    for chinese, spelled in ((typed, other[0]), (form, last[0])):
        consonants = (
            loose_consonants(spelled) if spelled.isascii() or not find_transcriptions(spelled) else ""
        )
        whole = chinese.rpartition("·")[2]
        for start, end, sound in find_transcriptions(whole):
            if end - start == len(whole) > 1 and len(consonants) > 1:
                return sounds_alike(consonants, sound) and sounds_alike(sound, consonants)
    return False


def entity_label(entity: Entity, lang: str) -> str:
    """Its whole name in ``lang`` where it is in the list, else its name."""
    return known_label(entity.key, lang) if is_listed(entity.key) else entity.name
