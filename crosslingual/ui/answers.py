"""What the browser asks for, none of which is trusted: checked, done, and answered in a line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from crosslingual.corrections import Stroke, correct, undo
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.library import Library
from crosslingual.types import Event

MOST = 10_000
"""Characters of a reader's translation."""
DONE = {
    "rejected": "Taken out of its row.",
    "split": "Put into a row of their own.",
    "joined": "Joined into one row.",
}
_NEVER = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they turn the direction of what stands around them


def answer(asked: object, library: Library, event: Event, reader: str, *, seen: str) -> dict[str, Any]:
    """Do what the browser asks for and say what came of it.

    Args:
        asked: names an ``action``, the ``event`` it is for, the ``seen`` key and its own ``number``.
        library: is changed.
        event: the one that is shown now.
        reader: the language that is translated into now.
        seen: key of what is shown now; another one in ``asked`` means that it had changed elsewhere.
    """
    given: dict[str, Any] = asked if isinstance(asked, dict) else {}
    said: dict[str, Any] = {"to": given.get("number"), "undo": None, "restore": None, "wrong": False}
    try:
        if given.get("event") != event.id:
            raise InputError("the page showed another event meanwhile; nothing was changed")
        said |= _done(given, library, event, reader)
    except CrosslingualError as error:
        return said | {"text": f"Not done: {error}.", "wrong": True}
    if given.get("seen") != seen:
        said["text"] += " The event had also changed elsewhere; the table now shows both."
    return said


def _done(given: dict[str, Any], library: Library, event: Event, reader: str) -> dict[str, Any]:
    action = given.get("action")
    if action in ("translate", "restore"):
        if given.get("reader") != reader:
            raise InputError("the page showed another language meanwhile; nothing was changed")
        named = given.get("one")
        text, lang = _sentence(library, event, named)
        if lang == reader:
            raise InputError("the sentence is in the reader's language; it needs no translation")
        if action == "restore":
            library.memory.undo(text, lang, reader)
            return {"text": "Your translation is taken back."}
        library.memory.correct(text, lang, clean(given.get("text")), reader)
        return {"text": "Your translation is saved.", "restore": named}
    if action == "undo":
        undo(library, event, given.get("id"))
        return {"text": "Taken back."}
    stroke: Stroke = correct(library, event, action, given.get("one"), given.get("other"))
    return {"text": DONE[stroke.kind], "undo": stroke.id}


def clean(text: object) -> str:
    """A reader's translation as it is stored: on one line, without characters that only control.

    Raises:
        InputError: it is no text, too long, or nothing is left of it.
    """
    if not isinstance(text, str):
        raise InputError("no translation came with it; reload the page")
    if len(text) > MOST:
        raise InputError(f"a translation has {MOST:,} characters at most, this has {len(text):,}")
    line = _NEVER.sub("", " ".join(text.split()))
    line = "".join(one for one in line if unicodedata.category(one) not in ("Cc", "Cs"))
    line = " ".join(line.split())
    if not any(one.isprintable() and not one.isspace() for one in line):
        raise InputError("the translation is empty; write one, or cancel")
    return line


def _sentence(library: Library, event: Event, named: object) -> tuple[str, str]:
    """Text and language of the one sentence of ``event`` that is named by article and offset."""
    match named:
        case [[str() as article, int() as start]] if article in event.articles:
            for sentence in library.sentences([article]).get(article, ()):
                if sentence.start == start:
                    return sentence.text, sentence.lang or library.articles([article])[0].lang
    raise InputError("this is no sentence of the event any more; reload the page")
