"""What the browser asks for, none of which is trusted: checked, done, and answered in a line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from crosslingual.compare.corrections import CorrectionGroup, store_correction, undo_correction
from crosslingual.errors import CrosslingualError, InputError
from crosslingual.library import Library
from crosslingual.types import Event

MAX_TRANSLATION_CHARS = 10_000
"""Characters of a reader's translation."""
CORRECTION_MESSAGES = {
    "rejected": "Taken out of its row.",
    "split": "Put into a row of their own.",
    "joined": "Joined into one row.",
}
_BIDI_CONTROLS = re.compile(
    "[\u202a-\u202e\u2066-\u2069]"
)  # they turn the direction of what stands around them


def run_action(
    request: object, library: Library, event: Event, target_lang: str, *, view_key: str
) -> dict[str, Any]:
    """Do what the browser asks for and say what came of it.

    Args:
        request: names an ``action``, the ``event`` it is for, the ``view_key`` key and its own ``number``.
        library: is changed.
        event: the one that is shown now.
        target_lang: the language that is translated into now.
        view_key: key of what is shown now; another one in ``request`` means that it had changed elsewhere.
    """
    given: dict[str, Any] = request if isinstance(request, dict) else {}
    said: dict[str, Any] = {"to": given.get("number"), "undo": None, "restore": None, "wrong": False}
    try:
        if given.get("event") != event.id:
            raise InputError("the page showed another event meanwhile; nothing was changed")
        said |= _apply_action(given, library, event, target_lang)
    except CrosslingualError as error:
        return said | {"text": f"Not done: {error}.", "wrong": True}
    if given.get("seen") != view_key:
        said["text"] += " The event had also changed elsewhere; the table now shows both."
    return said


def _apply_action(
    request: dict[str, Any], library: Library, event: Event, target_lang: str
) -> dict[str, Any]:
    action = request.get("action")
    if action in ("translate", "restore"):
        if request.get("reader") != target_lang:
            raise InputError("the page showed another language meanwhile; nothing was changed")
        named = request.get("one")
        text, lang = _find_sentence(library, event, named)
        if lang == target_lang:
            raise InputError("the sentence is in the reader's language; it needs no translation")
        if action == "restore":
            library.memory.undo_manual(text, lang, target_lang)
            return {"text": "Your translation is taken back."}
        library.memory.put_manual(text, lang, clean_translation(request.get("text")), target_lang)
        return {"text": "Your translation is saved.", "restore": named}
    if action == "undo":
        undo_correction(library, event, request.get("id"))
        return {"text": "Taken back."}
    stroke: CorrectionGroup = store_correction(
        library, event, action, request.get("one"), request.get("other")
    )
    return {"text": CORRECTION_MESSAGES[stroke.kind], "undo": stroke.id}


def clean_translation(text: object) -> str:
    """A reader's translation as it is stored: on one line, without characters that only control.

    Raises:
        InputError: it is no text, too long, or nothing is left of it.
    """
    if not isinstance(text, str):
        raise InputError("no translation came with it; reload the page")
    if len(text) > MAX_TRANSLATION_CHARS:
        raise InputError(
            f"a translation has {MAX_TRANSLATION_CHARS:,} characters at most, this has {len(text):,}"
        )
    line = _BIDI_CONTROLS.sub("", " ".join(text.split()))
    line = "".join(one for one in line if unicodedata.category(one) not in ("Cc", "Cs"))
    line = " ".join(line.split())
    if not any(one.isprintable() and not one.isspace() for one in line):
        raise InputError("the translation is empty; write one, or cancel")
    return line


def _find_sentence(library: Library, event: Event, sentence_ref: object) -> tuple[str, str]:
    """Text and language of the one sentence of ``event`` that is named by article and offset."""
    match sentence_ref:
        case [[str() as article, int() as start]] if article in event.articles:
            for sentence in library.load_sentences([article]).get(article, ()):
                if sentence.start == start:
                    return sentence.text, sentence.lang or library.load_articles([article])[0].lang
    raise InputError("this is no sentence of the event any more; reload the page")
