"""Libraries that a user may do without: what needs one names the extra that installs it.

pyproject.toml lists the extras; a test holds that what only an extra installs is imported in functions of
modules that call ``needs_extra``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

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
        raise MissingExtraError(_missing_message(error.name or extra, extra)) from None


def require_extra(extra: str, modules: Iterable[str]) -> None:
    """Make sure that the ``modules`` that the extra ``extra`` installs are there, without importing them.

    Raises:
        MissingExtraError: one of them is not.
    """
    for module in modules:
        if find_spec(module) is None:
            raise MissingExtraError(_missing_message(module, extra))


def _missing_message(module: str, extra: str) -> str:
    return f'{module} is not installed; run: pip install "crosslingual[{extra}]"'
