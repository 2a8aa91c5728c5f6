"""The index of argostranslate's packages: which there are, as of the day it was last fetched."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any, TypeGuard

from crosslingual.disk import draft
from crosslingual.errors import ModelError
from crosslingual.models import download

ADDRESS = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
"""As argostranslate has it; like there, ARGOS_PACKAGE_INDEX names another."""
MAX_BYTES = 20 * 10**6
SECONDS = 20.0
SECONDS_FOR_SIZES = 20.0

_LANG = re.compile(r"[a-z]{2,3}")
_LINK = re.compile(r"https?://[!-.0-~][!-~]{0,1000}", re.IGNORECASE)  # printable ASCII: it is shown
_MAX_OFFERS, _MAX_LINKS = 20_000, 8


@dataclass(frozen=True, slots=True)
class Offer:
    """The newest package of one direction. ``size`` is in bytes; None while nobody has asked for it."""

    src: str
    tgt: str
    version: str
    links: tuple[str, ...]
    size: int | None = None

    @property
    def name(self) -> str:
        """As in ``models install zh-en``."""
        return f"{self.src}-{self.tgt}"


@dataclass(frozen=True, slots=True)
class Index:
    """The packages offered on ``day`` (ISO 8601) at ``address``, by name."""

    address: str
    day: str
    offers: tuple[Offer, ...]

    def offer(self, name: str) -> Offer:
        """The package called ``name``, as in ``zh-en``.

        Raises:
            ModelError: there is none.
        """
        for offer in self.offers:
            if offer.name == name:
                return offer
        raise ModelError(
            f"{name}: the index has no such package; crosslingual models lists those that there are"
        )


def address() -> str:
    """Where the index lies."""
    return f"{(os.environ.get('ARGOS_PACKAGE_INDEX') or ADDRESS).rstrip('/')}/index.json"


def reachable(timeout: float) -> bool:
    """Whether the index answers within ``timeout`` seconds."""
    answers: list[bytes] = []

    def ask() -> None:
        with suppress(ModelError):
            answers.append(download.get(address(), limit=MAX_BYTES, seconds=timeout))

    # In a thread, for no time limit of a connection covers the look-up of a name.
    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return bool(answers)


def fetch(home: Path) -> Index:
    """Fetch the index and keep it in ``home``; sizes known before are taken over.

    Raises:
        ModelError: it cannot be had, or the disk is full.
    """
    where = address()
    try:
        if not _LINK.fullmatch(where):
            raise download.DownloadError("only http and https are served")
        offers = _offers(json.loads(download.get(where, limit=MAX_BYTES, seconds=SECONDS)))
    except download.DownloadError as error:
        raise ModelError(
            f"{where}: the index of translation packages cannot be fetched ({error}); check the connection, "
            "or run: crosslingual models install --from FILE.argosmodel"
        ) from None
    except (ValueError, RecursionError):
        raise ModelError(
            f"{where}: not an index of translation packages; try again on another network, "
            "or mend ARGOS_PACKAGE_INDEX"
        ) from None
    before = saved(home)
    sizes = {offer.links: offer.size for offer in before.offers} if before else {}
    known = tuple(replace(offer, size=sizes.get(offer.links)) for offer in offers)
    return _save(Index(where, date.today().isoformat(), known), home)


def update(home: Path, report: Callable[[str, float], None]) -> Index:
    """Fetch the index, ask for the sizes of its packages, and keep both in ``home``.

    Raises:
        ModelError: the index cannot be had, or the disk is full.
    """
    index = fetch(home)
    pool = ThreadPoolExecutor(8)
    asked = {pool.submit(_size_of, offer): offer.name for offer in index.offers}
    sizes: dict[str, int | None] = {}
    with suppress(TimeoutError):
        for future in as_completed(asked, timeout=SECONDS_FOR_SIZES):
            sizes[asked[future]] = future.result()
            report("asking for sizes", len(sizes) / len(asked))
    pool.shutdown(wait=False, cancel_futures=True)
    offers = tuple(replace(offer, size=sizes.get(offer.name) or offer.size) for offer in index.offers)
    return _save(replace(index, offers=offers), home)


def saved(home: Path) -> Index | None:
    """The index as it was last fetched, if it was."""
    try:
        kept = json.loads(_file(home).read_text(encoding="utf-8"))
        sizes = {link: size for link, size in kept["sizes"].items() if isinstance(size, int)}
        offers = (replace(offer, size=sizes.get(offer.links[0])) for offer in _offers(kept["packages"]))
        return Index(str(kept["address"]), date.fromisoformat(kept["day"]).isoformat(), tuple(offers))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_lang(code: object) -> TypeGuard[str]:
    """Whether ``code`` is a language's code as packages have them: two or three letters."""
    return isinstance(code, str) and _LANG.fullmatch(code) is not None


def version_of(text: object) -> tuple[Any, str] | None:
    """A version to compare by, and as it is written; None if ``text`` is none."""
    from packaging.version import InvalidVersion, Version

    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        return Version(text), text.strip()
    except InvalidVersion:
        return None


def _offers(entries: object) -> list[Offer]:
    """The newest package of each direction; what is no package for translation is passed over.

    Raises:
        ValueError: this is no index.
    """
    if not isinstance(entries, list) or len(entries) > _MAX_OFFERS:
        raise ValueError
    newest: dict[str, tuple[Any, Offer]] = {}
    for entry in filter(lambda each: isinstance(each, dict), entries):
        src, tgt, links = entry.get("from_code"), entry.get("to_code"), entry.get("links")
        version = version_of(entry.get("package_version"))
        if not (is_lang(src) and is_lang(tgt) and src != tgt and version and isinstance(links, list)):
            continue
        usable = tuple(link for link in _texts(links) if _LINK.fullmatch(link))[:_MAX_LINKS]
        if entry.get("type", "translate") != "translate" or not usable:
            continue
        offer = Offer(src, tgt, version[1], usable)
        if offer.name not in newest or version[0] > newest[offer.name][0]:
            newest[offer.name] = version[0], offer
    return [newest[name][1] for name in sorted(newest)]


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))


def _size_of(offer: Offer) -> int | None:
    sizes = (download.size(link, seconds=5) for link in offer.links)
    return next((size for size in sizes if size), None)


def _save(index: Index, home: Path) -> Index:
    packages = [
        {"from_code": o.src, "to_code": o.tgt, "package_version": o.version, "links": o.links}
        for o in index.offers
    ]
    sizes = {offer.links[0]: offer.size for offer in index.offers if offer.size}
    content = {"address": index.address, "day": index.day, "packages": packages, "sizes": sizes}
    file = _file(home)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with draft(file) as new:
            new.write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{file}: cannot be written ({error.strerror or error}); make room there") from None
    return index


def _file(home: Path) -> Path:
    return home / "models" / ".index.json"
