"""The index of argostranslate's packages, as it was when it was last fetched."""

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

from crosslingual.errors import ModelError
from crosslingual.files import atomic_write
from crosslingual.model_store import download

DEFAULT_INDEX_URL = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
"""As argostranslate has it; like there, ARGOS_PACKAGE_INDEX names another."""
MAX_INDEX_BYTES = 20 * 10**6
TIMEOUT_SECONDS = 20.0
SIZES_TIMEOUT_SECONDS = 20.0

_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
_LINK_PATTERN = re.compile(r"https?://[!-.0-~][!-~]{0,1000}", re.IGNORECASE)  # printable ASCII: it is shown
_MAX_PACKAGES, _MAX_LINKS = 20_000, 8


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """The newest package of one direction. ``size`` is in bytes; None where it is not known."""

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
class PackageIndex:
    """The packages offered on ``day`` (ISO 8601) at ``url``, by name."""

    url: str
    day: str
    packages: tuple[PackageInfo, ...]

    def find_package(self, name: str) -> PackageInfo:
        """The package called ``name``, as in ``zh-en``.

        Raises:
            ModelError: there is none.
        """
        for offer in self.packages:
            if offer.name == name:
                return offer
        raise ModelError(
            f"{name}: the index has no such package; crosslingual models lists those that there are"
        )


def index_url() -> str:
    """Where the index lies."""
    return f"{(os.environ.get('ARGOS_PACKAGE_INDEX') or DEFAULT_INDEX_URL).rstrip('/')}/index.json"


def is_index_reachable(timeout: float) -> bool:
    """Whether the index answers within ``timeout`` seconds."""
    answers: list[bytes] = []

    def request_index() -> None:
        with suppress(ModelError):
            answers.append(download.fetch_bytes(index_url(), max_bytes=MAX_INDEX_BYTES, seconds=timeout))

    # In a thread, for no time limit of a connection covers the look-up of a name.
    thread = Thread(target=request_index, daemon=True)
    thread.start()
    thread.join(timeout)
    return bool(answers)


def fetch_index(home: Path) -> PackageIndex:
    """Fetch the index and keep it in ``home``; sizes known before are taken over.

    Raises:
        ModelError: it cannot be fetched, or the disk is full.
    """
    where = index_url()
    try:
        if not _LINK_PATTERN.fullmatch(where):
            raise download.DownloadError("only http and https are served")
        offers = _parse_packages(
            json.loads(download.fetch_bytes(where, max_bytes=MAX_INDEX_BYTES, seconds=TIMEOUT_SECONDS))
        )
    except download.DownloadError as error:
        raise ModelError(
            f"{where}: the index of translation packages cannot be fetched ({error}); check the connection, "
            "or run: crosslingual models install --file FILE.argosmodel"
        ) from None
    except (ValueError, RecursionError):
        raise ModelError(
            f"{where}: not an index of translation packages; try again on another network, "
            "or mend ARGOS_PACKAGE_INDEX"
        ) from None
    before = load_saved_index(home)
    sizes = {offer.links: offer.size for offer in before.packages} if before else {}
    known = tuple(replace(offer, size=sizes.get(offer.links)) for offer in offers)
    return _save_index(PackageIndex(where, date.today().isoformat(), known), home)


def update_index(home: Path, report: Callable[[str, float], None]) -> PackageIndex:
    """Fetch the index, ask for the sizes of its packages, and keep both in ``home``.

    Raises:
        ModelError: the index cannot be fetched, or the disk is full.
    """
    index = fetch_index(home)
    pool = ThreadPoolExecutor(8)
    asked = {pool.submit(_find_size, offer): offer.name for offer in index.packages}
    sizes: dict[str, int | None] = {}
    with suppress(TimeoutError):
        for future in as_completed(asked, timeout=SIZES_TIMEOUT_SECONDS):
            sizes[asked[future]] = future.result()
            report("asking for sizes", len(sizes) / len(asked))
    pool.shutdown(wait=False, cancel_futures=True)
    offers = tuple(replace(offer, size=sizes.get(offer.name) or offer.size) for offer in index.packages)
    return _save_index(replace(index, packages=offers), home)


def load_saved_index(home: Path) -> PackageIndex | None:
    """The index as it was last fetched, if it was."""
    try:
        kept = json.loads(_index_path(home).read_text(encoding="utf-8"))
        sizes = {link: size for link, size in kept["sizes"].items() if isinstance(size, int)}
        offers = (
            replace(offer, size=sizes.get(offer.links[0])) for offer in _parse_packages(kept["packages"])
        )
        return PackageIndex(str(kept["address"]), date.fromisoformat(kept["day"]).isoformat(), tuple(offers))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_language_code(code: object) -> TypeGuard[str]:
    """Whether ``code`` is a language's code as packages have them: two or three letters."""
    return isinstance(code, str) and _LANGUAGE_CODE.fullmatch(code) is not None


def parse_version(text: object) -> tuple[Any, str] | None:
    """A version to compare by, and as it is written; None if ``text`` is none."""
    from packaging.version import InvalidVersion, Version

    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        return Version(text), text.strip()
    except InvalidVersion:
        return None


def _parse_packages(entries: object) -> list[PackageInfo]:
    """The newest package of each direction; other kinds of packages are left out.

    Raises:
        ValueError: this is no index.
    """
    if not isinstance(entries, list) or len(entries) > _MAX_PACKAGES:
        raise ValueError
    newest: dict[str, tuple[Any, PackageInfo]] = {}
    for entry in filter(lambda each: isinstance(each, dict), entries):
        src, tgt, links = entry.get("from_code"), entry.get("to_code"), entry.get("links")
        version = parse_version(entry.get("package_version"))
        if not (
            is_language_code(src)
            and is_language_code(tgt)
            and src != tgt
            and version
            and isinstance(links, list)
        ):
            continue
        usable = tuple(link for link in _only_texts(links) if _LINK_PATTERN.fullmatch(link))[:_MAX_LINKS]
        if entry.get("type", "translate") != "translate" or not usable:
            continue
        offer = PackageInfo(src, tgt, version[1], usable)
        if offer.name not in newest or version[0] > newest[offer.name][0]:
            newest[offer.name] = version[0], offer
    return [newest[name][1] for name in sorted(newest)]


def _only_texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))


def _find_size(package: PackageInfo) -> int | None:
    sizes = (download.fetch_size(link, seconds=5) for link in package.links)
    return next((size for size in sizes if size), None)


def _save_index(index: PackageIndex, home: Path) -> PackageIndex:
    packages = [
        {"from_code": o.src, "to_code": o.tgt, "package_version": o.version, "links": o.links}
        for o in index.packages
    ]
    sizes = {offer.links[0]: offer.size for offer in index.packages if offer.size}
    content = {"address": index.url, "day": index.day, "packages": packages, "sizes": sizes}
    file = _index_path(home)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as new:
            new.write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{file}: cannot be written ({error.strerror or error}); make room there") from None
    return index


def _index_path(home: Path) -> Path:
    return home / "models" / ".index.json"
