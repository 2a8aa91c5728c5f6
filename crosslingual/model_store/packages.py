"""Packages of argostranslate: zip archives with one translation model, fetched, checked and unpacked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crosslingual.errors import InputError, ModelError
from crosslingual.model_store import archive, download
from crosslingual.model_store.argos_index import PackageInfo, is_language_code, parse_version
from crosslingual.model_store.store import InstalledModel, Manifest, check_free_space, model_digest

PACKAGE_KIND = "argostranslate package"
MAX_PACKAGE_BYTES = 2 * 10**9

_TOKENIZER_FILES = ("sentencepiece.model", "bpe.model")
_PROSE_FILE = re.compile(r"(README|LICEN[CS]E)[A-Za-z.-]{0,20}")
# Left out: stanza/, minisbd/ and spacy/ split texts into sentences, which this project does itself.
_NEEDED_FILE = re.compile(
    rf"model/[^/]+|sentencepiece\.model|bpe\.model|metadata\.json|{_PROSE_FILE.pattern}"
)
_NAME_PATTERN = re.compile(r"([a-z]{2,3})-([a-z]{2,3})")
_LICENCE_LINE = re.compile(r"\W*licen[cs]e\W*:\W*(\w[^\n]{1,60})", re.IGNORECASE)


class PackageMetadata(NamedTuple):
    """What a package says of itself."""

    src: str
    tgt: str
    version: str
    licence: str

    @property
    def name(self) -> str:
        """As in ``models install zh-en``."""
        return f"{self.src}-{self.tgt}"


def parse_direction(name: str) -> tuple[str, str] | None:
    """The two languages of a package's name: ``zh-en`` from Chinese to English."""
    match = _NAME_PATTERN.fullmatch(name)
    return (match[1], match[2]) if match and match[1] != match[2] else None


def read_metadata(file: Path) -> PackageMetadata:
    """What the package in ``file`` says of itself.

    Raises:
        InputError: there is no such file, or it is too large.
        ModelError: it is no package, or not one that may be unpacked.
    """
    try:
        if not file.is_file():
            raise InputError(f"{file}: no such file; give the path of an .argosmodel file")
        if file.stat().st_size > MAX_PACKAGE_BYTES:
            raise InputError(f"{file}: larger than {MAX_PACKAGE_BYTES / 1e9:.0f} GB; no package is")
        with archive.open_archive(file, str(file)) as package:
            return _parse_metadata(package)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{file}: cannot be read ({reason}); check the name and permissions") from None


def fetch_package(
    package: PackageInfo, downloads: Path, report: Callable[[str, float], None]
) -> tuple[Path, str]:
    """The package file of ``package``, in ``downloads``, and the link that it came by; links are tried in turn.

    Raises:
        ModelError: no link works.
        OSError: the disk is full or cannot be written.
    """
    downloads.mkdir(exist_ok=True)
    reasons = []
    for number, link in enumerate(package.links):
        file = downloads / f"{package.name}-{number}.argosmodel"
        try:
            download.fetch_file(
                link, file, max_bytes=MAX_PACKAGE_BYTES, progress=_download_progress(package, report)
            )
        except download.DownloadError as error:
            reasons.append(f"{link}: {error}")
        else:
            return file, link
    raise ModelError(
        f"{package.name}: cannot be fetched ({'; '.join(reasons)}); try again later, or get the file elsewhere "
        "and run: crosslingual models install --file FILE.argosmodel"
    )


def unpack_package(
    folder: Path, file: Path, subject: str, source: str, name: str, report: Callable[[str, float], None]
) -> Manifest:
    """Unpack what is needed of the package in ``file`` into the empty ``folder``, and see that it translates.

    ``subject`` begins what is said of it, ``source`` is where it came from, ``name`` what it must be.

    Raises:
        ModelError: it is no package, not that one, damaged, or does not work.
        OSError: the disk is full or cannot be written.
    """
    with archive.open_archive(file, subject) as package:
        about = _parse_metadata(package)
        if about.name != name:
            raise ModelError(f"{subject}: holds {about.name}, not {name}; use another package")
        names = [each for each in package.names if _NEEDED_FILE.fullmatch(each)]
        check_free_space(package.unpacked_size(names), folder)
        package.unpack_files(names, folder, lambda share: report(f"unpacking {name}", 0.9 + share / 25))
    report(f"checking {name}", 0.95)
    _check_package(folder, subject)
    report(f"checking {name}", 1.0)
    return Manifest(name, PACKAGE_KIND, about.licence, source, model_digest(folder), about.version)


def file_fingerprint(file: Path) -> str:
    """Name and digest of a package file, to recognise it."""
    try:
        with file.open("rb") as content:
            return f"{file.name}, SHA-256 {hashlib.file_digest(content, 'sha256').hexdigest()}"
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None


def is_up_to_date(model: InstalledModel, package: PackageInfo) -> bool:
    """Whether an installed package is at least as new as the one offered."""
    held, offered = parse_version(model.version), parse_version(package.version)
    return bool(held and offered and held[0] >= offered[0])


def clear_downloads(downloads: Path, name: str) -> None:
    """Delete what was downloaded for the package called ``name``."""
    for left in downloads.glob(f"{name}-*"):
        left.unlink(missing_ok=True)


def _download_progress(
    package: PackageInfo, report: Callable[[str, float], None]
) -> Callable[[int, int], None]:
    def report_bytes(done: int, total: int) -> None:
        report(
            f"downloading {package.name} {package.version}, {total / 1e6:.0f} MB", 0.9 * done / max(1, total)
        )

    return report_bytes


def _check_package(folder: Path, subject: str) -> None:
    from crosslingual.translation.argos import probe_package

    try:
        text = probe_package(folder).strip()
    except Exception as error:  # CTranslate2 and SentencePiece raise whatever their C++ does
        said = str(error).partition("; ")[0].replace(f"{folder}", "it")
        reason = _clean_line(said, 200) or type(error).__name__
        raise ModelError(f"{subject}: does not work ({reason}); use another package") from None
    if not text:
        raise ModelError(f"{subject}: translates to nothing; use another package")


def _parse_metadata(package: archive.Archive) -> PackageMetadata:
    def make_error(reason: str) -> ModelError:
        return ModelError(f"{package.subject}: no translation package ({reason}); use another")

    if "metadata.json" not in package.names:
        raise make_error("no metadata.json")
    try:
        content = json.loads(package.read_file("metadata.json", 2**20))
    except (ValueError, RecursionError):
        raise make_error("its metadata.json is not JSON") from None
    if not isinstance(content, dict) or content.get("type", "translate") != "translate":
        raise make_error("its metadata.json tells of something else")
    src, tgt, version = (
        content.get("from_code"),
        content.get("to_code"),
        parse_version(content.get("package_version")),
    )
    if not (is_language_code(src) and is_language_code(tgt) and src != tgt):
        raise make_error("its metadata.json names no two languages")
    if version is None:
        raise make_error("its metadata.json tells no version")
    if not any(name in package.names for name in _TOKENIZER_FILES):
        raise make_error("no sentencepiece.model or bpe.model")
    if "model/model.bin" not in package.names:
        raise make_error("no model/model.bin")
    return PackageMetadata(src, tgt, version[1], _find_licence(content, package))


def _find_licence(metadata: dict[str, object], package: archive.Archive) -> str:
    """The licence as the metadata or a line of the README states it."""
    for key in ("license", "licence"):
        if isinstance(told := metadata.get(key), str) and told.strip():
            return _clean_line(told)
    readme = next(
        (name for name in package.names if name.startswith("README") and _PROSE_FILE.fullmatch(name)), None
    )
    if readme is None:
        return "not stated"
    with suppress(ModelError):
        for line in package.read_file(readme, 2**20).decode(errors="replace").splitlines():
            if match := _LICENCE_LINE.match(line):
                return _clean_line(match[1])
    return "see its README"


def _clean_line(text: str, max_chars: int = 60) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())[:max_chars]
