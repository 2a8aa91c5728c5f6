"""Finding the outlet that a record means."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crosslingual.sources.listed import MAX_NAME, is_domain, name_key
from crosslingual.types import Source

_MAX_SLUG = 48


def resolve(name: str, url: str, known: Iterable[Source]) -> Source:
    """The outlet that a record means by its source field and its URL.

    Looked up in this order: the name as an id, a name, a native name (only letters and digits count,
    in any case), a domain; then the URL, if it is a feed, and its host. The longest domain that the host
    ends with decides, so ``tv.cctv.com`` is ``cctv.com``.

    A record that fits none of them gives a new source of unknown ownership, which the user is to complete.
    Its id is ASCII, depends on nothing but letters and digits of the name, and is no known source's.
    Named by nothing but a domain, it has that domain.

    Args:
        name: the source field as it came; any text.
        url: the URL as it came, or empty.
        known: sources to look in; of two with the same id, name or domain the first is meant.
    """
    index = _index_of(tuple(known))
    host = _host(url)
    name = _clean(name) or host or "unknown"
    domain = name.lower().removeprefix("www.")
    if not is_domain(domain):
        domain = ""
    found = index.named(name) or index.at(domain) or index.feeds.get(url) or index.at(host)
    if found:
        return found
    domains = (domain,) if domain else ()
    return Source(id=_new_id(domain or name, taken=index.ids), name=name, domains=domains)


def outlet(name: str, known: Iterable[Source]) -> Source | None:
    """The outlet that goes by ``name``, in whatever letters of either case; None where none does."""
    return _index_of(tuple(known)).named(_clean(name))


def merged(gone: Source, into: Source) -> Source:
    """``into`` with the names, domains and feeds of ``gone``, and with what it lacked itself."""
    names = (gone.id, gone.name, gone.native_name, *gone.aliases)
    own = {into.id, into.name, into.native_name, ""}
    return replace(
        into,
        languages=_union(into.languages, gone.languages),
        country=into.country or gone.country,
        ownership=gone.ownership if into.ownership == "unknown" else into.ownership,
        kind=into.kind or gone.kind,
        owner=into.owner or gone.owner,
        domains=_union(into.domains, gone.domains),
        feeds=_union(into.feeds, gone.feeds),
        aliases=tuple(name for name in _union(into.aliases, names) if name not in own),
    )


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


@dataclass(frozen=True, slots=True)
class _Index:
    known: tuple[Source, ...]
    ids: dict[str, Source]
    names: dict[str, Source]
    domains: dict[str, Source]
    feeds: dict[str, Source]

    @classmethod
    def of(cls, known: tuple[Source, ...]) -> _Index:
        ids: dict[str, Source] = {}
        names: dict[str, Source] = {}
        domains: dict[str, Source] = {}
        for source in known:
            ids.setdefault(source.id, source)
        for attribute in ("id", "name", "native_name"):
            for source in known:
                names.setdefault(name_key(getattr(source, attribute)), source)
        for source in known:
            for alias in source.aliases:
                names.setdefault(name_key(alias), source)
        names.pop("", None)
        for source in known:
            for domain in source.domains:
                domains.setdefault(domain, source)
        feeds = {feed: source for source in reversed(known) for feed in source.feeds}
        return cls(known, ids, names, domains, feeds)

    def named(self, name: str) -> Source | None:
        return self.ids.get(name) or self.names.get(name_key(name))

    def at(self, host: str) -> Source | None:
        labels = host.split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.domains[suffix] for suffix in suffixes if suffix in self.domains), None)


_latest = _Index.of(())


def _index_of(known: tuple[Source, ...]) -> _Index:
    # One index is kept: thousands of records are looked up in the same sources one after the other,
    # and comparing the same objects again costs far less than hashing them.
    global _latest
    index = _latest
    if index.known != known:
        index = _latest = _Index.of(known)
    return index


def _clean(text: str) -> str:
    """One line of printable characters, at most ``MAX_NAME``."""
    printable = (char if char.isprintable() else " " for char in text[: 10 * MAX_NAME])
    return " ".join("".join(printable).split())[:MAX_NAME].rstrip()


def _host(url: str) -> str:
    try:
        host = urlsplit(url[:2048].strip()).hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".").removeprefix("www.")
    return host if is_domain(host) else ""


def _new_id(name: str, taken: Container[str]) -> str:
    key = name if is_domain(name) else name_key(name)
    decomposed = unicodedata.normalize("NFKD", key)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")
    if slug and plain.isascii() and len(slug) <= _MAX_SLUG and slug not in taken:
        return slug
    # Something of the name is not in the slug, or it is somebody else's: the digest tells them apart.
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{slug[:_MAX_SLUG].strip('-') or 'source'}-{digest}"
