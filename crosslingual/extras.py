"""Libraries that a user may do without: what needs one names the extra that installs it.

pyproject.toml lists the extras; a test holds that what only an extra installs is imported in functions of
modules that call ``needs_extra``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crosslingual.errors import MissingExtraError


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Import in this block what the extra ``extra`` installs.

    Raises:
        MissingExtraError: a library is not there.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f'{error.name} is not installed; run: pip install "crosslingual[{extra}]"'
        ) from None
