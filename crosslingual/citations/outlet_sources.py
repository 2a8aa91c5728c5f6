"""Which outlet of the list a source of a library is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from crosslingual.language.outlets import OutletFinder, load_outlets
from crosslingual.sources.shipped import name_key
from crosslingual.types import Source

_DEMO_SUFFIX = "-demo"


class OutletSources:
    """The sources of a library as outlets: ``outlets`` has the outlet of each, ``source_ids`` the source of each."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.outlets: dict[str, str] = {}
        self.source_ids: dict[str, str] = {}
        named = []
        # Where a library has an outlet and a demo text that imitates it, a citation means the outlet.
        for source in sorted(sources, key=lambda one: (one.demo, one.id not in load_outlets())):
            outlet = find_outlet_id(source)
            self.outlets[source.id] = outlet
            self.source_ids.setdefault(outlet, source.id)
            if not source.demo:
                named.append(replace(source, id=outlet))
        self.finder = OutletFinder(named)
        self.unlisted_names = sorted({name for source in named for name in _unlisted_names(source)})
        """Each outlet of the library with a name of it that the list does not have."""


def find_outlet_id(source: Source) -> str:
    """The id of the outlet in the list that ``source`` is, or imitates if it is a demo; its own id if it is in none."""
    if source.demo:
        return source.id.removesuffix(_DEMO_SUFFIX)
    if source.id in load_outlets():
        return source.id
    names = (source.name, source.native_name, *source.aliases, *source.domains)
    return next(
        (_outlet_keys()[key] for name in names if (key := name_key(name)) in _outlet_keys()), source.id
    )


def _unlisted_names(source: Source) -> Iterator[tuple[str, str]]:
    forms = load_outlets().get(source.id, {})
    known = {name.form for names in forms.values() for name in names}
    for name in (source.name, source.native_name, *source.aliases, *source.domains):
        if name and name not in known:
            yield source.id, name


@cache
def _outlet_keys() -> Mapping[str, str]:
    """Outlets by the keys of their names, less those that are common words."""
    keys: dict[str, str] = {}
    for outlet, forms in load_outlets().items():
        for names in forms.values():
            for name in names:
                if not name.is_ambiguous:
                    keys.setdefault(name_key(name.form), outlet)
    keys.pop("", None)
    return keys
