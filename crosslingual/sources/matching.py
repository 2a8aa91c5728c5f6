"""Finding the outlet that a record means."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from crosslingual.language.scripts import HAN
from crosslingual.sources.shipped import MAX_NAME_CHARS, is_domain, name_key, web_link
from crosslingual.types import Source

_MAX_SLUG_CHARS = 48
_WORD = re.compile(r"[^\W_]+")
_HAN_CHAR = re.compile(f"[{HAN}]")
_SAME_SPELLING = 0.85  # of the letters of two names, as difflib counts them


def resolve_source(name: str, url: str, known: Iterable[Source]) -> Source:
    """The outlet that a record means by its source field and its URL.

    Looked up in this order: the name as an id, a name, a native name (only letters and digits count, in any
    case), a domain; then the URL, if it is a feed, and its host. The longest domain that the host ends with
    decides, so ``tv.cctv.com`` is ``cctv.com``. A name that is not known keeps its own, whatever the URL,
    unless it is the name of the URL's outlet with words added or spelled otherwise. A name that is an
    address stands for its host.

    A record that fits none of them gives a new source of unknown ownership, which the user is to complete.
    Its id is ASCII, depends on nothing but letters and digits of the name, and is no known source's.
    Named by nothing but a domain, it has that domain.

    Args:
        name: the source field as it came; any text.
        url: the URL as it came, or empty.
        known: sources to look in; of two with the same id, name or domain the first is meant.
    """
    index = _get_index(tuple(known))
    if link := web_link(name):
        name, url = "", url or link
    host = _url_host(url)
    is_named = bool(_clean_name(name))
    name = _clean_name(name) or host or "unknown"
    domain = name.lower().removeprefix("www.")
    if not is_domain(domain):
        domain = ""
    found = index.find_by_name(name) or index.find_by_host(domain)
    if not found and (there := index.by_feed.get(url) or index.find_by_host(host)):
        found = there if not is_named or _is_name_of(name, there) else None
    if found:
        return found
    domains = (domain,) if domain else ()
    return Source(id=_new_id(domain or name, taken=index.by_id), name=name, domains=domains)


def find_source(name: str, known: Iterable[Source]) -> Source | None:
    """The outlet that goes by ``name``, in whatever letters of either case; None where none does."""
    return _get_index(tuple(known)).find_by_name(_clean_name(name))


def merge_source_records(source: Source, target: Source) -> Source:
    """``target`` with the names, domains and feeds of ``source``, and with what it lacked itself."""
    names = (source.id, source.name, source.native_name, *source.aliases)
    own = {target.id, target.name, target.native_name, ""}
    return replace(
        target,
        languages=_merge_unique(target.languages, source.languages),
        country=target.country or source.country,
        ownership=source.ownership if target.ownership == "unknown" else target.ownership,
        kind=target.kind or source.kind,
        owner=target.owner or source.owner,
        domains=_merge_unique(target.domains, source.domains),
        feeds=_merge_unique(target.feeds, source.feeds),
        aliases=tuple(name for name in _merge_unique(target.aliases, names) if name not in own),
    )


def _merge_unique(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


@dataclass(frozen=True, slots=True)
class _SourceIndex:
    sources: tuple[Source, ...]
    by_id: dict[str, Source]
    by_name: dict[str, Source]
    by_domain: dict[str, Source]
    by_feed: dict[str, Source]

    @classmethod
    def build(cls, known: tuple[Source, ...]) -> _SourceIndex:
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

    def find_by_name(self, name: str) -> Source | None:
        return self.by_id.get(name) or self.by_name.get(name_key(name))

    def find_by_host(self, host: str) -> Source | None:
        labels = host.split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.by_domain[suffix] for suffix in suffixes if suffix in self.by_domain), None)


_last_index = _SourceIndex.build(())


def _get_index(known: tuple[Source, ...]) -> _SourceIndex:
    # One index is kept: thousands of records are looked up in the same sources one after the other,
    # and comparing the same objects again costs far less than hashing them.
    global _last_index
    index = _last_index
    if index.sources != known:
        index = _last_index = _SourceIndex.build(known)
    return index


def _clean_name(text: str) -> str:
    """One line of printable characters, at most ``MAX_NAME_CHARS``."""
    printable = (char if char.isprintable() else " " for char in text[: 10 * MAX_NAME_CHARS])
    return " ".join("".join(printable).split())[:MAX_NAME_CHARS].rstrip()


def _is_name_of(name: str, source: Source) -> bool:
    """Whether a name is that of ``source`` with words added, or in another spelling."""
    words, key = _spaced_words(name), name_key(name)
    labels = (domain.partition(".")[0] for domain in source.domains)
    for own in filter(None, (source.id, source.name, source.native_name, *source.aliases, *labels)):
        inside = own in name if _HAN_CHAR.search(own) else _spaced_words(own) in words
        if inside or SequenceMatcher(None, name_key(own), key).ratio() >= _SAME_SPELLING:
            return True
    return False


def _spaced_words(text: str) -> str:
    words = _WORD.findall(text.casefold())
    return f" {' '.join(words)} "


def _url_host(url: str) -> str:
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
    if slug and plain.isascii() and len(slug) <= _MAX_SLUG_CHARS and slug not in taken:
        return slug
    # Something of the name is not in the slug, or it is somebody else's: the digest tells them apart.
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{slug[:_MAX_SLUG_CHARS].strip('-') or 'source'}-{digest}"
