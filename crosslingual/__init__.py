"""crosslingual: how one event is told in different countries, sentence by sentence.

``open`` a library and ask it; ``docs/python-api.md`` shows how. Nothing heavy is imported before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosslingual.api import Library, open, restore  # noqa: A004  # as the library's user says it
    from crosslingual.api.answers import Comparison
    from crosslingual.api.results import SearchResults
    from crosslingual.types import Article, Event

__version__ = "0.1.0"
__all__ = ["Article", "Comparison", "Event", "Library", "SearchResults", "__version__", "open", "restore"]

_MODULE_BY_NAME = {
    "open": "crosslingual.api",
    "restore": "crosslingual.api",
    "Library": "crosslingual.api",
    "Comparison": "crosslingual.api.answers",
    "SearchResults": "crosslingual.api.results",
    "Article": "crosslingual.types",
    "Event": "crosslingual.types",
}
"""The module of each public name."""


if not TYPE_CHECKING:  # a name that is not there is a mistake for mypy

    def __getattr__(name: str) -> Any:
        """A public name, imported when it is first asked for."""
        from importlib import import_module

        if name not in _MODULE_BY_NAME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULE_BY_NAME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
