"""What stands before the routes: the token, and a bound on what a request may send."""

from __future__ import annotations

import asyncio
import hmac
import sys
from collections.abc import Callable
from pathlib import Path

from starlette.exceptions import HTTPException

from crosslingual.errors import InputError
from crosslingual.serve.problems import PROBLEM_TYPE, problem_bytes
from crosslingual.serve.request_guard import AsgiApp, Message, Receive, Refusal, Send, only_header

MIN_TOKEN_CHARS = 16
MAX_STALL_SECONDS = 30.0
"""How long nothing may come of a body that has begun: an upload takes a place that others wait for."""
_MAX_TOKEN_BYTES = 4096


def make_refusal(status: int, detail: str, *headers: tuple[bytes, bytes]) -> Refusal:
    """A refusal as the other problems are told."""
    return Refusal(problem_bytes(status, detail), PROBLEM_TYPE, status, headers)


def read_token(path: Path) -> bytes:
    """The token in a file: its text without space around it.

    Raises:
        InputError: the file cannot be read, others may read it, or it holds no token or more than one.
    """
    try:
        if (
            sys.platform != "win32" and path.stat().st_mode & 0o077
        ):  # there the mode does not say who may read
            raise InputError(f"{path}: other users of this computer can read it; run: chmod 600 {path}")
        with path.open("rb") as file:
            content = file.read(_MAX_TOKEN_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file with a token") from None
    if len(content) > _MAX_TOKEN_BYTES:
        raise InputError(f"{path}: longer than {_MAX_TOKEN_BYTES:,} bytes; give a file with a token alone")
    token = content.strip()
    if len(token) < MIN_TOKEN_CHARS or not token.isascii() or len(token.split()) != 1:
        raise InputError(
            f"{path}: holds no token; put {MIN_TOKEN_CHARS} or more letters and digits on one line into it"
        )
    return token


class TokenGuard:
    """ASGI middleware that answers only who sends the token, as ``Authorization: Bearer …``."""

    def __init__(self, app: AsgiApp, token: bytes) -> None:
        """Guard ``app``."""
        self._app, self._token = app, token

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not self._is_known(only_header(scope, b"authorization")):
            wanted = (b"www-authenticate", b"Bearer")
            await make_refusal(
                401, "send the token of --token-file: Authorization: Bearer TOKEN", wanted
            ).send(send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, authorization: str | None) -> bool:
        kind, _, token = (authorization or "").partition(" ")
        # Compared in the time that the whole takes, so that nobody can find it letter by letter.
        return hmac.compare_digest(token.strip().encode(), self._token) and kind.lower() == "bearer"


class BodyLimit:
    """ASGI middleware that refuses longer bodies than ``max_bytes`` of the path, and those that stop coming."""

    def __init__(self, app: AsgiApp, max_bytes: Callable[[str], int]) -> None:
        """Guard ``app``."""
        self._app, self._max_bytes = app, max_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._max_bytes(scope["path"])
        detail = f"too long; send {limit:,} bytes at most"
        length = only_header(scope, b"content-length") or "0"
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > limit:
            await make_refusal(413, detail, (b"connection", b"close")).send(send)
            return
        received = 0
        is_whole = False

        async def receive_bounded() -> Message:
            nonlocal received, is_whole
            try:
                message = await asyncio.wait_for(receive(), None if is_whole else MAX_STALL_SECONDS)
            except TimeoutError:
                raise HTTPException(
                    408, f"nothing came for {MAX_STALL_SECONDS:g} seconds; send it again"
                ) from None
            is_whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, detail)
            return message

        await self._app(scope, receive_bounded, send)
