"""Mentions of one person, place or organisation brought together: within an article, an event, across scripts.

The shipped list comes first. What is not in it is one where its words are the same in all cases, where a surname
stands for the whole name in the same article, and across scripts where it sounds the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from crosslingual.entities.joining import join_groups
from crosslingual.entities.mentions import NameMention
from crosslingual.entities.values import (
    ArticleNames,
    Entity,
    EntityMention,
    NameGroup,
    is_listed,
    name_keys,
    own_key,
)
from crosslingual.language.known_names import EntityKind, known_label


def link_names(articles: Iterable[ArticleNames]) -> list[Entity]:
    """The entities that ``articles`` name, those that most sources name first."""
    groups: dict[str, NameGroup] = {}
    for article in articles:
        for key, name, mention in _article_keys(article):
            if key not in groups:
                groups[key] = NameGroup(name_keys(mention.form, mention.lang), Counter(), [])
            groups[key].mentions.append(mention)
            groups[key].kinds[name.kind] += 1
    joined, by_sound = join_groups(groups)
    together: dict[str, list[str]] = defaultdict(list)
    for key in groups:
        together[joined.get(key, key)].append(key)
    found = [
        _make_entity(key, [groups[one] for one in own], is_heard=not by_sound.isdisjoint(own))
        for key, own in together.items()
    ]
    return sorted(found, key=lambda one: (-len(one.sources), -len(one.mentions), one.name))


def _article_keys(article: ArticleNames) -> Iterator[tuple[str, NameMention, EntityMention]]:
    """Each name of ``article`` with the key of whom it means there."""
    whole: dict[str, set[str]] = defaultdict(set)
    for _, name, form in article.names:
        words = name_keys(form, article.lang)
        if name.kind == "person" and len(words) > 1:
            whole[words[-1]].add(name.key or own_key(words))
    for sentence, name, form in article.names:
        words = name_keys(form, article.lang)
        candidates = whole.get(words[-1], set()) if name.kind == "person" and len(words) == 1 else set()
        key = "" if name.is_doubtful else name.key
        is_doubtful = name.is_doubtful and not candidates
        if len(candidates) == 1:
            (key,) = candidates
        elif candidates:
            is_doubtful = True
        mention = EntityMention(
            article.article, article.source, article.lang, sentence, name.start, name.end, form, is_doubtful
        )
        yield key or own_key(words), name, mention


def _make_entity(key: str, groups: Sequence[NameGroup], *, is_heard: bool) -> Entity:
    mentions = tuple(mention for group in groups for mention in group.mentions)
    kinds = sum((group.kinds for group in groups), Counter[EntityKind]())
    name = known_label(key, "en") if is_listed(key) else _commonest_form(mentions)
    is_doubtful = is_heard or all(one.is_doubtful for one in mentions)
    return Entity(key, name, kinds.most_common(1)[0][0], mentions, is_doubtful)


def _commonest_form(mentions: Sequence[EntityMention]) -> str:
    """As most mentions write it, of those with the most words; in English where there are such."""
    english = [one for one in mentions if one.lang == "en"] or list(mentions)
    counted = Counter(one.form for one in english)
    return max(counted, key=lambda form: (len(name_keys(form, "")), counted[form], form))
