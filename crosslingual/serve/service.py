"""The library that is served: one for all who read, which threads share, and one for each job that writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from crosslingual import __version__
from crosslingual.api import Library
from crosslingual.library import Library as Store
from crosslingual.serve.answers import Answer, AnswerCache, is_known, make_etag
from crosslingual.serve.job_list import JobList
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.api.opened import ProgressCallback

_T = TypeVar("_T")

JSON_TYPE = "application/json"


class LibraryService:
    """What the routes ask. ``library`` answers, ``jobs`` change it.

    Close it when the server ends.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the library of ``settings``.

        Raises:
            LibraryError: there is none, or it cannot be opened.
        """
        self.settings = settings
        self.library = Library(settings, create=False)
        # Asked in the loop of events, where nothing may wait for a thread that works with the library.
        self._watched = Store(settings.library, create=False)
        self._answers = AnswerCache()
        self.jobs = JobList(str(settings.library))

    def close(self) -> None:
        """Stop what is at work, and let go of the files."""
        self.jobs.close()
        self._watched.close()
        self.library.close()

    async def answer(
        self,
        request: Request,
        make: Callable[[], Any],
        *,
        media_type: str = JSON_TYPE,
        needs_models: bool = True,
        headers: Mapping[str, str] = MappingProxyType({}),
        basis: str = "",
    ) -> Response:
        """What ``make`` gives of the library as it is now: made once for each address and state of it.

        Args:
            request: who has the answer already, as ``If-None-Match`` says, is told so with 304.
            make: called in a thread; gives JSON-ready values, bytes, or an :class:`Answer`.
            media_type: what it gives.
            needs_models: whether it compares or encodes: of such one at a time is made.
            headers: further ones.
            basis: what it depends on beside the library's content.
        """
        settings = self.settings
        made_with = (settings.encoder, settings.target_lang, settings.translators, __version__)
        etag = make_etag(self._watched.revision, request.url.path, request.url.query, *made_with, basis)
        about = {"ETag": etag, "Cache-Control": "private, no-cache"}
        wanted = request.headers.get("if-none-match")
        if is_known(etag, wanted):
            return Response(status_code=304, headers=about)
        answer = await self._answers.find_or_make(etag, lambda: _to_answer(make()), is_quick=not needs_models)
        if not answer.is_whole:
            about = {"Cache-Control": "no-store"}
        elif (wanted or "").strip() == "*":
            return Response(status_code=304, headers=about)
        return Response(
            answer.body, headers=about | {**headers} | dict(answer.headers), media_type=media_type
        )

    async def run_in_turn(self, work: Callable[[], _T]) -> _T:
        """What ``work`` returns, done in a thread when nothing else compares or encodes."""
        return await self._answers.run_in_turn(work)

    def open_for_job(self, progress: ProgressCallback) -> Library:
        """The library on a connection and with an encoder of its own, so that no reader waits."""
        return _JobLibrary(self.library, progress)


class _JobLibrary(Library):
    """A library that uses the space that another has loaded; its encoder is its own, which no search waits for."""

    def __init__(self, models: Library, progress: ProgressCallback) -> None:
        super().__init__(models.settings, create=False, progress=progress)
        self._models = models

    @cached_property
    def space(self) -> Space:
        return self._models.space


def _to_answer(made: Any) -> Answer:
    if isinstance(made, Answer):
        return made
    return Answer(made if isinstance(made, bytes) else json_bytes(made))


def json_bytes(value: object) -> bytes:
    """``value`` as JSON; half a character of a text is a question mark."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors="replace")
