"""What the browser asks for on the Events page, none of which is trusted: checked, done, and answered in a line."""

from __future__ import annotations

from typing import Any

from crosslingual.api import Library
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.library.event_visits import mark_as_seen
from crosslingual.settings import Settings
from crosslingual.types import Operation

_MAX_ARTICLES = 1_000


def run_event_action(request: object, settings: Settings) -> dict[str, Any]:
    """Do what ``request`` asks for to the library of ``settings``, and say what came of it.

    It names an ``action``, its own ``number`` and, as the action needs, ``event``, ``other``, ``articles``, ``title``
    or the ``id`` of an operation to undo.
    """
    given: dict[str, Any] = request if isinstance(request, dict) else {}
    said: dict[str, Any] = {"to": given.get("number"), "undo": None, "wrong": False}
    try:
        with Library(settings, create=False) as library:
            if given.get("action") == "seen":
                mark_as_seen(library.store)
                return said | {"text": "All counts as seen; what comes in from now on is new."}
            operation = _apply_action(given, library)
    except CrosslingualError as error:
        return said | {"text": f"Not done: {error}.", "wrong": True}
    text = operation.description[:1].upper() + operation.description[1:]
    return said | {"text": f"{text}.", "undo": operation.id}


def _apply_action(given: dict[str, Any], library: Library) -> Operation:
    match given:
        case {"action": "rename", "event": str(event), "title": str(title)}:
            return library.rename_event(event, title)
        case {"action": "merge", "event": str(event), "other": str(other)}:
            return library.merge_events(event, other)
        case {"action": "split", "event": str(event), "articles": list(articles)}:
            return library.split_event(event, _check_ids(articles))[0]
        case {"action": "move", "other": str(event), "articles": [str(article)]}:
            return library.move_article(article, event)
        case {"action": "undo", "id": str(id_)} if id_:
            return library.store.undo_operation(id_)
    raise InputError("the page asked for nothing that can be done; reload it")


def _check_ids(articles: list[Any]) -> list[str]:
    if len(articles) > _MAX_ARTICLES or not all(isinstance(one, str) for one in articles):
        raise InputError(f"the articles are none, or more than {_MAX_ARTICLES:,}; choose fewer")
    return articles
