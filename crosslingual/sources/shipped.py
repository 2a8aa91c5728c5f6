"""The shipped list of outlets, and what the fields of an outlet may hold."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crosslingual.errors import InputError
from crosslingual.resources import shipped_path
from crosslingual.types import Source

SHIPPED_PATH = shipped_path("corpora/sources.toml")
OWNERSHIPS = ("state", "public", "private")
SOURCE_KINDS = ("news agency", "broadcaster", "newspaper", "magazine", "online")
MAX_NAME_CHARS = 120
MAX_OWNER_CHARS = 300
MAX_LIST_ITEMS = 100
"""Domains, feeds, aliases or languages of one source."""

_OPTIONAL_FIELDS = {"native_name", "domains", "demo", "feeds", "aliases"}
_ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN_PATTERN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAX_DOMAIN_CHARS = 253  # RFC 1035
_MAX_FEED_CHARS = 2_000


def web_link(url: str) -> str:
    """``url`` if a reader may be offered to follow it: http or https, with a host; else empty.

    A name and password in it are left out: they are nobody else's to see, and are not sent either.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
        return ""
    _, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=host).geturl() if at else url


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """The outlets of a TOML file by id, in its order; without a path the shipped list.

    Raises:
        InputError: the file is missing, is not TOML, or an entry is not as docs/sources.md says.
    """
    return dict(_read_source_file(path or SHIPPED_PATH))


def check_source(source: Source, known: Iterable[Source] = ()) -> Source:
    """``source``, if its fields are as docs/sources.md says; what is not known may be empty.

    Args:
        source: to be checked.
        known: outlets whose names and domains it may not have, itself aside.

    Raises:
        InputError: they are not.
    """
    _check_values(source, f"source {source.id[:MAX_NAME_CHARS]!r}", require_all=False)
    owners = {key: other.id for other in known if other.id != source.id for key in _identifying_keys(other)}
    for taken in _identifying_keys(source):
        if taken in owners:
            raise InputError(
                f"source {source.id!r}: {taken!r} is already an id, name or domain of {owners[taken]!r};"
                f" take another, or merge them: crosslingual sources merge {source.id} {owners[taken]}"
            )
    return source


def is_domain(text: str) -> bool:
    """Whether ``text`` is a domain in small letters."""
    return len(text) <= _MAX_DOMAIN_CHARS and _DOMAIN_PATTERN.fullmatch(text) is not None


def name_key(name: str) -> str:
    """The same for all ways to write a name: its letters and digits, in one case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LMN") or folded


def _identifying_keys(source: Source) -> set[str]:
    """All that names a source."""
    names = (source.id, source.name, source.native_name, *source.aliases)
    return {*map(name_key, names), *source.domains} - {""}


@cache
def _read_source_file(path: Path) -> dict[str, Source]:
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
        source = _parse_entry(entry, f"{path}: source {number}")
        for taken in _identifying_keys(source):
            if taken in owners:
                raise InputError(
                    f"{path}: source {source.id!r}: {taken!r} is already an id, name or domain of"
                    f" {owners[taken]!r}; each may name one source only"
                )
            owners[taken] = source.id
        sources[source.id] = source
    return sources


def _parse_entry(entry: object, location: str) -> Source:
    """One entry as a source, checked."""
    if not isinstance(entry, dict):
        raise InputError(f"{location}: not a table; write [[source]] and its fields below")
    if isinstance(entry.get("id"), str):
        location = f"{location} ({entry['id']!r})"
    _check_field_types(entry, location)
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    source = Source(**(entry | lists))
    _check_values(source, location, require_all=True)
    return source


def _check_values(source: Source, location: str, *, require_all: bool) -> None:
    """Whether each field is as it should be; unless it is to be ``require_all``, what is not known is empty."""
    codes, names = source.languages, (source.native_name, *source.aliases)
    checks = (
        (_ID_PATTERN.fullmatch(source.id), "id", "small ASCII letters, digits and single hyphens"),
        (source.name and _is_line(source.name, MAX_NAME_CHARS), "name", f"1 to {MAX_NAME_CHARS} characters"),
        (
            all(_is_line(name, MAX_NAME_CHARS) for name in names),
            "native_name",
            f"up to {MAX_NAME_CHARS} characters",
        ),
        (
            (codes or not require_all) and all(re.fullmatch("[a-z]{2}", code) for code in codes),
            "languages",
            "ISO 639-1 codes",
        ),
        (
            re.fullmatch("[A-Z]{2}", source.country) or not (require_all or source.country),
            "country",
            "an ISO 3166-1 alpha-2 code such as CN",
        ),
        (
            source.ownership in OWNERSHIPS or (source.ownership == "unknown" and not require_all),
            "ownership",
            f"one of {', '.join(OWNERSHIPS)}",
        ),
        (
            source.kind in SOURCE_KINDS or not (require_all or source.kind),
            "kind",
            f"one of {', '.join(SOURCE_KINDS)}",
        ),
        (
            (source.owner or not require_all) and _is_line(source.owner, MAX_OWNER_CHARS),
            "owner",
            "a short text",
        ),
        (all(map(is_domain, source.domains)), "domains", "small letters, without https:// and path"),
        (all(map(_is_feed_url, source.feeds)), "feeds", "addresses that begin with https:// or http://"),
    )
    for good, name, wanted in checks:
        if not good:
            value = getattr(source, name)
            shown = repr(list(value) if isinstance(value, tuple) else value)[:MAX_OWNER_CHARS]
            raise InputError(f"{location}: {name} cannot be {shown}; give {wanted}")
    for name in ("languages", "domains", "feeds", "aliases"):
        if len(getattr(source, name)) > MAX_LIST_ITEMS:
            raise InputError(f"{location}: more than {MAX_LIST_ITEMS} {name}; leave some out")


def _is_line(text: str, max_chars: int) -> bool:
    return len(text) <= max_chars and text.isprintable() and text == text.strip()


def _is_feed_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return (
        len(text) <= _MAX_FEED_CHARS
        and text.isprintable()
        and parts.scheme in ("http", "https")
        and bool(host)
    )


def _check_field_types(entry: dict[str, Any], location: str) -> None:
    known = {field.name: field for field in fields(Source)}
    if unknown := sorted(set(entry) - set(known)):
        raise InputError(f"{location}: unknown field {unknown[0]!r}; known are {', '.join(known)}")
    if missing := sorted(set(known) - set(entry) - _OPTIONAL_FIELDS):
        raise InputError(f"{location}: no {missing[0]!r}; add it")
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
            raise InputError(f"{location}: {name} cannot be {value!r}; give {wanted}")
