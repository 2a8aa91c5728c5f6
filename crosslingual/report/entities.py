"""Entities and how sources name them, as JSON, tables and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from crosslingual.entities.overview import EntityOverview
from crosslingual.entities.values import Entity
from crosslingual.report.terminal import plain_text

LIST_ONLY_WARNING = (
    "The tagger of names is for the default encoder: with this one only names of the shipped list are found."
)
_MAX_FORMS = 3
"""Forms of a name that a terminal shows for each language."""


def entity_object(entity: Entity, n_sources: int) -> dict[str, Any]:
    """``entity`` among ``n_sources`` sources as JSON-ready values."""
    return {
        "key": entity.key,
        "name": entity.name,
        "kind": entity.kind,
        "doubtful": entity.is_doubtful,
        "naming_sources": len(entity.sources),
        "n_sources": n_sources,
        "mentions": len(entity.mentions),
        "doubtful_mentions": sum(mention.is_doubtful for mention in entity.mentions),
        "sources": entity.sources,
        "forms": entity.forms,
    }


def entity_row(entity: Entity, n_sources: int) -> dict[str, Any]:
    """The same as one row of a table."""
    return entity_object(entity, n_sources) | {
        "sources": "; ".join(f"{source} {count}" for source, count in entity.sources.items()),
        "forms": "; ".join(_forms_text(forms, lang) for lang, forms in entity.forms.items()),
    }


def overview_object(overview: EntityOverview, texts: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """Who names an entity and how, with every mention in its sentence; ``texts`` by article and index."""
    return entity_object(overview.entity, overview.n_sources) | {
        "naming_articles": overview.n_naming_articles,
        "n_articles": overview.n_articles,
        "by_source": [
            {
                "source": one.source,
                "naming_articles": one.n_naming,
                "n_articles": one.n_articles,
                "mentions": one.n_mentions,
                "forms": dict(one.forms),
            }
            for one in overview.naming
        ],
        "silent_sources": list(overview.silent_sources),
        "words_beside": [
            {"word": one.word, "lang": one.lang, "beside": one.n_near, "in_all": one.n_all}
            for one in overview.near_words
        ],
        "places": list(mention_rows(overview, texts)),
    }


def mention_rows(overview: EntityOverview, texts: Mapping[tuple[str, int], str]) -> Iterable[dict[str, Any]]:
    """A row for each mention of the entity."""
    for one in overview.entity.mentions:
        yield {
            "source": one.source,
            "lang": one.lang,
            "article": one.article,
            "sentence": one.sentence,
            "start": one.start,
            "end": one.end,
            "form": one.form,
            "doubtful": one.is_doubtful,
            "text": texts[one.article, one.sentence],
        }


def entities_table(entities: Iterable[Entity], n_sources: int) -> Table:
    """An entity a row; a question mark stands behind what is doubtful."""
    table = Table(box=None, pad_edge=False)
    table.add_column("name", overflow="fold", ratio=1)
    table.add_column("kind", no_wrap=True)
    table.add_column("sources", no_wrap=True, justify="right")
    table.add_column("mentions", no_wrap=True, justify="right")
    table.add_column("forms", overflow="fold", ratio=2)
    for entity in entities:
        table.add_row(
            plain_text(entity.name + "?" * entity.is_doubtful),
            entity.kind,
            f"{len(entity.sources)} of {n_sources}",
            str(len(entity.mentions)),
            plain_text("; ".join(_forms_text(forms, lang) for lang, forms in entity.forms.items())),
        )
    return table


def overview_view(overview: EntityOverview, texts: Mapping[tuple[str, int], str]) -> RenderableType:
    """An entity for a terminal: who names it, who does not, the words beside it, its sentences."""
    entity = overview.entity
    head = (
        f"{entity.name}{'?' * entity.is_doubtful} ({entity.kind}): named by {len(entity.sources)} of"
        f" {overview.n_sources} sources, in {overview.n_naming_articles} of {overview.n_articles} articles"
    )
    sources = Table(box=None, pad_edge=False)
    for heading in ("source", "articles", "mentions", "forms"):
        sources.add_column(heading, overflow="fold")
    for one in overview.naming:
        forms = ", ".join(f"{form} {count}" for form, count in one.forms.items())
        sources.add_row(
            plain_text(one.source),
            f"{one.n_naming} of {one.n_articles}",
            str(one.n_mentions),
            plain_text(forms),
        )
    parts: list[RenderableType] = [plain_text(head), sources]
    if overview.silent_sources:
        parts.append(plain_text(f"not named by: {', '.join(overview.silent_sources)}"))
    for lang in dict.fromkeys(word.lang for word in overview.near_words):
        near = ", ".join(f"{one.word} {one.n_near}" for one in overview.near_words if one.lang == lang)
        parts.append(plain_text(f"words beside it ({lang}): {near}"))
    mentions = Table(box=None, pad_edge=False)
    for heading in ("source", "sentence"):
        mentions.add_column(heading, overflow="fold")
    for row in mention_rows(overview, texts):
        mentions.add_row(plain_text(row["source"]), plain_text(row["text"] + " (?)" * row["doubtful"]))
    return Group(*parts, mentions)


def _forms_text(forms: Mapping[str, int], lang: str) -> str:
    shown = ", ".join(list(forms)[:_MAX_FORMS])
    return f"{lang}: {shown}{' …' if len(forms) > _MAX_FORMS else ''}"
