"""Outlets: the shipped list of them, and finding the one that a record means."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from crosslingual.errors import InputError
from crosslingual.types import Source

SHIPPED = Path(__file__).resolve().parent.parent / "corpora" / "sources.toml"
OWNERSHIPS = ("state", "public", "private")
KINDS = ("news agency", "broadcaster", "newspaper", "magazine", "online")
MAX_NAME = 120
MAX_OWNER = 300

MAX_LIST = 100
"""Domains, feeds, aliases or languages of one source."""

_OPTIONAL = {"native_name", "domains", "demo", "feeds", "aliases"}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAX_DOMAIN = 253  # RFC 1035
_MAX_SLUG = 48
_MAX_FEED = 2_000


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """The outlets of a TOML file by id, in its order; without a path the shipped list.

    Raises:
        InputError: the file is missing, is not TOML, or an entry is not as docs/sources.md says.
    """
    return dict(_load(path or SHIPPED))


def resolve(name: str, url: str, known: Iterable[Source]) -> Source:
    """The outlet that a record means by its source field and its URL.

    Looked up in this order: the name as an id, a name, a native name (only letters and digits count,
    in any case), a domain; then the host of the URL. The longest domain that the host ends with
    decides, so ``tv.cctv.com`` is ``cctv.com``.

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
    if not _is_domain(domain):
        domain = ""
    found = index.named(name) or index.at(domain) or index.at(host)
    if found:
        return found
    domains = (domain,) if domain else ()
    return Source(id=_new_id(domain or name, taken=index.ids), name=name, domains=domains)


def checked(source: Source, known: Iterable[Source] = ()) -> Source:
    """``source``, if its fields are as docs/sources.md says; what is not known may be empty.

    Args:
        source: to be checked.
        known: outlets whose names and domains it may not have, itself aside.

    Raises:
        InputError: they are not.
    """
    _check(source, f"source {source.id[:MAX_NAME]!r}", whole=False)
    owners = {key: other.id for other in known if other.id != source.id for key in _keys(other)}
    for taken in _keys(source):
        if taken in owners:
            raise InputError(
                f"source {source.id!r}: {taken!r} is already an id, name or domain of {owners[taken]!r};"
                f" take another, or merge them: crosslingual sources merge {source.id} {owners[taken]}"
            )
    return source


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


def _keys(source: Source) -> set[str]:
    """All that names a source."""
    names = (source.id, source.name, source.native_name, *source.aliases)
    return {*map(_key, names), *source.domains} - {""}


def country_name(code: str, reader: str = "en") -> str:
    """A country's name in the reader's language (CLDR), or the code where there is none."""
    return str(_locale(reader).territories.get(code.upper(), code))


def language_name(code: str, reader: str = "en") -> str:
    """A language's name in the reader's language (CLDR), or the code where there is none."""
    return str(_locale(reader).languages.get(code.lower(), code))


@cache
def _locale(reader: str) -> Locale:
    try:
        return Locale.parse(reader, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@dataclass(frozen=True, slots=True)
class _Index:
    known: tuple[Source, ...]
    ids: dict[str, Source]
    names: dict[str, Source]
    domains: dict[str, Source]

    @classmethod
    def of(cls, known: tuple[Source, ...]) -> _Index:
        ids: dict[str, Source] = {}
        names: dict[str, Source] = {}
        domains: dict[str, Source] = {}
        for source in known:
            ids.setdefault(source.id, source)
        for attribute in ("id", "name", "native_name"):
            for source in known:
                names.setdefault(_key(getattr(source, attribute)), source)
        for source in known:
            for alias in source.aliases:
                names.setdefault(_key(alias), source)
        names.pop("", None)
        for source in known:
            for domain in source.domains:
                domains.setdefault(domain, source)
        return cls(known, ids, names, domains)

    def named(self, name: str) -> Source | None:
        return self.ids.get(name) or self.names.get(_key(name))

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


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LMN") or folded


def _is_domain(text: str) -> bool:
    return len(text) <= _MAX_DOMAIN and _DOMAIN.fullmatch(text) is not None


def _host(url: str) -> str:
    try:
        host = urlsplit(url[:2048].strip()).hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".").removeprefix("www.")
    return host if _is_domain(host) else ""


def _new_id(name: str, taken: Container[str]) -> str:
    key = name if _is_domain(name) else _key(name)
    decomposed = unicodedata.normalize("NFKD", key)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")
    if slug and plain.isascii() and len(slug) <= _MAX_SLUG and slug not in taken:
        return slug
    # Something of the name is not in the slug, or it is somebody else's: the digest tells them apart.
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{slug[:_MAX_SLUG].strip('-') or 'source'}-{digest}"


@cache
def _load(path: Path) -> dict[str, Source]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML ({error}); mend it") from None
    entries = content.get("source")
    if set(content) != {"source"} or not isinstance(entries, list):
        raise InputError(f"{path}: must hold [[source]] entries and nothing else; see docs/sources.md")
    sources: dict[str, Source] = {}
    owners: dict[str, str] = {}  # of names and domains
    for number, entry in enumerate(entries, 1):
        source = _source(entry, f"{path}: source {number}")
        for taken in _keys(source):
            if taken in owners:
                raise InputError(
                    f"{path}: source {source.id!r}: {taken!r} is already an id, name or domain of"
                    f" {owners[taken]!r}; each may name one source only"
                )
            owners[taken] = source.id
        sources[source.id] = source
    return sources


def _source(entry: object, where: str) -> Source:
    """One entry as a source, checked."""
    if not isinstance(entry, dict):
        raise InputError(f"{where}: not a table; write [[source]] and its fields below")
    if isinstance(entry.get("id"), str):
        where = f"{where} ({entry['id']!r})"
    _check_fields(entry, where)
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    source = Source(**(entry | lists))
    _check(source, where, whole=True)
    return source


def _check(source: Source, where: str, *, whole: bool) -> None:
    """Whether each field is as it should be; unless it is to be ``whole``, what is not known is empty."""
    codes, names = source.languages, (source.native_name, *source.aliases)
    checks = (
        (_ID.fullmatch(source.id), "id", "small ASCII letters, digits and single hyphens"),
        (source.name and _is_line(source.name, MAX_NAME), "name", f"1 to {MAX_NAME} characters"),
        (all(_is_line(name, MAX_NAME) for name in names), "native_name", f"up to {MAX_NAME} characters"),
        (
            (codes or not whole) and all(re.fullmatch("[a-z]{2}", code) for code in codes),
            "languages",
            "ISO 639-1 codes",
        ),
        (
            re.fullmatch("[A-Z]{2}", source.country) or not (whole or source.country),
            "country",
            "an ISO 3166-1 alpha-2 code such as CN",
        ),
        (
            source.ownership in OWNERSHIPS or (source.ownership == "unknown" and not whole),
            "ownership",
            f"one of {', '.join(OWNERSHIPS)}",
        ),
        (
            source.kind in KINDS or not (whole or source.kind),
            "kind",
            f"one of {', '.join(KINDS)}",
        ),
        ((source.owner or not whole) and _is_line(source.owner, MAX_OWNER), "owner", "a short text"),
        (all(map(_is_domain, source.domains)), "domains", "small letters, without https:// and path"),
        (all(map(_is_feed, source.feeds)), "feeds", "addresses that begin with https:// or http://"),
    )
    for good, name, wanted in checks:
        if not good:
            value = getattr(source, name)
            shown = repr(list(value) if isinstance(value, tuple) else value)[:MAX_OWNER]
            raise InputError(f"{where}: {name} cannot be {shown}; give {wanted}")
    for name in ("languages", "domains", "feeds", "aliases"):
        if len(getattr(source, name)) > MAX_LIST:
            raise InputError(f"{where}: more than {MAX_LIST} {name}; leave some out")


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable() and text == text.strip()


def _is_feed(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return len(text) <= _MAX_FEED and text.isprintable() and parts.scheme in ("http", "https") and bool(host)


def _check_fields(entry: dict[str, Any], where: str) -> None:
    known = {field.name: field for field in fields(Source)}
    if unknown := sorted(set(entry) - set(known)):
        raise InputError(f"{where}: unknown field {unknown[0]!r}; known are {', '.join(known)}")
    if missing := sorted(set(known) - set(entry) - _OPTIONAL):
        raise InputError(f"{where}: no {missing[0]!r}; add it")
    for name, value in entry.items():
        default = known[name].default
        if default is MISSING or isinstance(default, str):
            good, wanted = isinstance(value, str), "a text"
        elif isinstance(default, bool):
            good, wanted = isinstance(value, bool), "true or false"
        else:
            good = isinstance(value, list) and all(isinstance(item, str) for item in value)
            wanted = "a list of texts"
        if not good:
            raise InputError(f"{where}: {name} cannot be {value!r}; give {wanted}")
