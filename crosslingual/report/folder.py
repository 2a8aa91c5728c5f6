"""A report's folder: written whole or not at all, and what is not the report's left alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from crosslingual.errors import InputError
from crosslingual.files import abandoned_drafts, draft_path, remove_path, replace_folder

SCHEMA = "crosslingual/report/2"
MANIFEST_NAME = "manifest.json"
_MAX_MANIFEST_BYTES = 10 * 2**20
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can tell: a report has none of its own."""


def write_folder(folder: Path, files: Mapping[str, bytes], metadata: Mapping[str, Any]) -> list[str]:
    """Write ``files`` (paths with / in between) and a manifest of them that begins with ``metadata``.

    The folder appears whole. A report that is there is replaced.

    Returns:
        What else is in the folder, and stays there: paths in it.

    Raises:
        InputError: the folder holds something else and no report, or cannot be written.
    """
    folder = folder.resolve()
    if Path.cwd().is_relative_to(folder):  # it would be pulled from under the shell's feet
        raise InputError(f"{folder}: you are in it; choose a folder in it, or go elsewhere")
    draft, former = draft_path(folder), draft_path(folder, "former")
    try:
        _finish_interrupted(folder)
        strangers = _unlisted_paths(folder)
        if clash := sorted(set(strangers) & {*files, MANIFEST_NAME}):
            raise InputError(f"{folder / clash[0]}: is not of the report that stands there; move it away")
        draft.parent.mkdir(parents=True, exist_ok=True)
        remove_path(draft)
        for name, content in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (draft / MANIFEST_NAME).write_bytes(manifest_bytes(files, metadata))
        replace_folder(draft, folder, former)
        _move_strangers(former, folder, strangers)
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror}); nothing was: choose another folder"
        ) from None
    finally:
        remove_path(draft)
    return strangers


def _finish_interrupted(folder: Path) -> None:
    """Put right what a process that was killed while it wrote a report to ``folder`` left beside it."""
    own = [draft_path(folder), draft_path(folder, "former")]  # of a process that had the same number
    unfinished, former = (path.name.rpartition("-")[0] for path in own)
    for path in [*abandoned_drafts(folder.parent), *own]:
        left = path.name.rpartition("-")[0]
        if left == unfinished:
            remove_path(path)
        elif left == former and path.exists() and not folder.exists():
            path.rename(folder)
        elif left == former:
            _move_strangers(path, folder, _unlisted_paths(path))


def _move_strangers(former: Path, folder: Path, names: Iterable[str]) -> None:
    """Move what is not the report's from where it was to ``folder``, and remove the former report.

    It stays where something else has taken a name.
    """
    for name in names:
        if not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (former / name).rename(folder / name)
        elif not (former / name).is_dir():
            return
    if not former.exists():
        return
    discarded = draft_path(folder)
    remove_path(discarded)
    former.rename(
        discarded
    )  # half removed it would be no report any more, and not be told from anything else
    remove_path(discarded)


def manifest_bytes(files: Mapping[str, bytes], metadata: Mapping[str, Any]) -> bytes:
    """The manifest of ``files``: what ``metadata`` says, then size and digest of each."""
    manifest = {
        "schema": SCHEMA,
        **metadata,
        "files": {name: _file_digest(files[name]) for name in sorted(files)},
    }
    return f"{json.dumps(manifest, ensure_ascii=False, indent=2)}\n".encode(errors="replace")


def zip_report(files: Mapping[str, bytes], metadata: Mapping[str, Any], name: str) -> bytes:
    """What ``write_folder`` writes, as a zip with the one folder ``name``; always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**files, MANIFEST_NAME: manifest_bytes(files, metadata)}.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _unlisted_paths(folder: Path) -> list[str]:
    """All in ``folder`` that its manifest does not name."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder; choose another one")
    here = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    )
    if not here:
        return []
    own = _read_manifest_paths(folder / MANIFEST_NAME)
    if own is None:
        raise InputError(f"{folder}: holds {here[0]} and no report; choose an empty folder or a new name")
    return [name for name in here if name not in own]


def _read_manifest_paths(manifest_path: Path) -> set[str] | None:
    """The files of the report that ``manifest_path`` belongs to; None where it is no report's."""
    try:
        if manifest_path.is_symlink() or manifest_path.stat().st_size > _MAX_MANIFEST_BYTES:
            return None
        content = json.loads(manifest_path.read_text(encoding="utf-8"))
        if not str(content["schema"]).startswith("crosslingual/report/"):
            return None
        return {MANIFEST_NAME, *(str(PurePosixPath(name)) for name in content["files"])}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _file_digest(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
