"""Files of one sentence a line, which several measures read."""

from __future__ import annotations

from pathlib import Path

from crosslingual.errors import InputError

_MAX_BYTES = 50_000_000


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file of 50 MB at most, empty ones too: a line's place is its number.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path}: over {_MAX_BYTES // 1_000_000} MB; split it into smaller files")
        # Only what ends a line in a file: splitlines() would also cut at characters inside sentences.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; convert it to UTF-8") from None
    return lines[:-1] if not lines[-1] else lines
