"""Answers that are made once for each state of the library, and known again by their ETag (RFC 9110, 8.8.3)."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

_T = TypeVar("_T")

MAX_KEPT_BYTES = 64 * 2**20
N_QUICK_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and what else of it the headers say."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    is_whole: bool = True
    """False where something could not be read at present: such an answer is not kept, and has no ETag."""


class AnswerCache:
    """Answers by their ETags, in ``MAX_KEPT_BYTES`` at most; those longest not asked for go first.

    What several ask for at once is made once.
    """

    def __init__(self) -> None:
        """An empty one."""
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._n_bytes = 0
        self._making: dict[str, asyncio.Task[Answer]] = {}
        # Encoders are not for two threads at a time, and comparing uses all cores.
        self._quick, self._slow = asyncio.Semaphore(N_QUICK_AT_ONCE), asyncio.Semaphore(1)

    async def find_or_make(self, etag: str, make: Callable[[], Answer], *, is_quick: bool = False) -> Answer:
        """The answer with this ``etag``, by ``make`` in a thread where there is none.

        Of what ``is_quick`` ``N_QUICK_AT_ONCE`` are made at a time, of all else one.
        """
        if found := self._kept.get(etag):
            self._kept.move_to_end(etag)
            return found
        task = self._making.get(etag)
        if task is None:
            task = self._making[etag] = asyncio.create_task(
                self._make(etag, make, self._quick if is_quick else self._slow)
            )
        return await asyncio.shield(task)  # another may wait for it when this one has gone

    async def run_in_turn(self, work: Callable[[], _T]) -> _T:
        """What ``work`` returns, done in a thread at a time when no slow answer is made."""
        async with self._slow:
            return await run_in_threadpool(work)

    async def _make(self, etag: str, make: Callable[[], Answer], turns: asyncio.Semaphore) -> Answer:
        try:
            async with turns:
                answer = await run_in_threadpool(make)
        finally:
            del self._making[etag]
        self._keep(etag, answer)
        return answer

    def _keep(self, etag: str, answer: Answer) -> None:
        if not answer.is_whole or len(answer.body) > MAX_KEPT_BYTES:
            return
        self._kept[etag] = answer
        self._n_bytes += len(answer.body)
        while self._n_bytes > MAX_KEPT_BYTES:
            self._n_bytes -= len(self._kept.popitem(last=False)[1].body)


def make_etag(*parts: str) -> str:
    """A strong ETag of what an answer depends on."""
    return f'"{hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether who asks has what ``etag`` stands for."""
    given = (if_none_match or "").split(",")
    return any(one.strip().removeprefix("W/") == etag for one in given)
