"""What can be followed, and how often it is polled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crosslingual.errors import InputError, one_line
from crosslingual.language.codes import language_code
from crosslingual.library.followed import Followed
from crosslingual.sources import web_link

DEFAULT_MINUTES = 60
MIN_MINUTES = 5
"""Sooner than this no feed is asked again."""
MAX_MINUTES = 7 * 24 * 60

_URL_SCHEMES = ("http://", "https://")
_MAX_TITLE_CHARS = 200


def make_followed(
    address: str,
    *,
    title: str = "",
    source: str = "",
    lang: str = "",
    minutes: int = DEFAULT_MINUTES,
    is_private: bool = False,
) -> Followed:
    """A feed, where ``address`` is a link, or a folder that is there; polled every so many ``minutes``.

    ``source`` and ``lang`` are for articles that name none.

    Raises:
        InputError: it is neither, or a value is none.
    """
    if not MIN_MINUTES <= minutes <= MAX_MINUTES:
        raise InputError(f"every {minutes} minutes: give {MIN_MINUTES} to {MAX_MINUTES:,}")
    if lang and not language_code(lang):
        raise InputError(f"language {lang[:40]!r}: give an ISO 639-1 code such as zh, ru, en")
    if address.lower().startswith(_URL_SCHEMES):
        kind, place = "feed", web_link(address)
        if not place:
            raise InputError(f"{one_line(address)}: not an address of the web; give one with https://")
    else:
        kind, place = "folder", str(_find_folder(address))
    return Followed(
        kind,
        place,
        one_line(title)[:_MAX_TITLE_CHARS],
        source,
        language_code(lang) if lang else "",
        minutes * 60,
        is_private,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _find_folder(address: str) -> Path:
    path = Path(address).expanduser()
    try:
        if path.is_dir():
            return path.resolve()
    except (OSError, ValueError):
        pass
    raise InputError(f"{one_line(address)}: no folder, and no link with https://; check it")
