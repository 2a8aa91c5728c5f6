"""The list of names: filtered, sorted, and the values that the browser draws it from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crosslingual.entities.overview import entity_label, find_by_name
from crosslingual.entities.values import Entity, is_listed, name_keys
from crosslingual.language.codes import language_name

ALL_KINDS = "all"
KIND_NAMES = {ALL_KINDS: "All", "person": "Persons", "place": "Places", "organisation": "Organisations"}
"""What the list can be narrowed to."""
SORTS: dict[str, Callable[[Entity, str], tuple[Any, ...]]] = {
    "Most sources first": lambda entity, _: (-len(entity.sources), -len(entity.mentions)),
    "Most mentions first": lambda entity, _: (-len(entity.mentions), -len(entity.sources)),
    "Fewest sources first": lambda entity, _: (len(entity.sources), -len(entity.mentions)),
    "By name": lambda entity, lang: (label_entity(entity, lang).casefold(),),
}
MAX_FORMS = 3
"""Forms of a name that are shown for each language."""


def label_entity(entity: Entity, lang: str) -> str:
    """Its name in ``lang``: of the list, else as articles in ``lang`` write it most often; else as others do."""
    own = entity.forms.get(lang, {})
    if is_listed(entity.key) or not own or entity.name in own:
        return entity_label(entity, lang)
    return max(own, key=lambda form: (len(name_keys(form, lang)), own[form], form))


def select_entities(
    entities: Sequence[Entity], *, kind: str, text: str, sort: str, lang: str
) -> list[Entity]:
    """Those of ``kind`` whose name or a form of it has ``text``; where none has, those that it means in any script."""
    found = [entity for entity in entities if kind in (ALL_KINDS, entity.kind)]
    wanted = " ".join(text.split()).casefold()
    if wanted:
        found = [entity for entity in found if wanted in _all_forms(entity, lang)] or find_by_name(
            text, found
        )
    return sorted(found, key=lambda entity: SORTS[sort](entity, lang))


def _all_forms(entity: Entity, lang: str) -> str:
    forms = [form for own in entity.forms.values() for form in own]
    return "\n".join((label_entity(entity, lang), entity.name, *forms)).casefold()


def serialize_list(
    shown: Sequence[Entity], n_sources: int, lang: str, params: Mapping[str, str]
) -> dict[str, Any]:
    """``shown`` for ``assets/entities.js``; ``params`` are those of the page's address."""
    return {
        "params": dict(params),
        "of": n_sources,
        "rows": [
            {
                "id": entity.key,
                "name": label_entity(entity, lang),
                "kind": entity.kind,
                "sources": len(entity.sources),
                "mentions": len(entity.mentions),
                "doubtful": entity.is_doubtful,
                "forms": serialize_forms(entity, lang),
            }
            for entity in shown
        ],
    }


def serialize_forms(entity: Entity, lang: str) -> list[dict[str, Any]]:
    """How it is written in each language, the most frequent first."""
    return [
        {
            "lang": own,
            "language": language_name(own, lang),
            "forms": list(forms)[:MAX_FORMS],
            "more": max(len(forms) - MAX_FORMS, 0),
        }
        for own, forms in entity.forms.items()
    ]
