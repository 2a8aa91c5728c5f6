"""A server of the Model Context Protocol on standard input and output. Importing this needs the extra ``mcp``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from threading import Lock
from typing import Annotated, Any

from pydantic import Field

from crosslingual import __version__
from crosslingual.agents import answers
from crosslingual.agents.answers import MAX_ITEMS, MAX_QUERY_CHARS, UNTRUSTED_NOTE
from crosslingual.api import Library
from crosslingual.errors import CrosslingualError
from crosslingual.extras import needs_extra
from crosslingual.settings import Settings

with needs_extra("mcp"):
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

_INSTRUCTIONS = (
    "A library of news articles in several languages, sentence by sentence. Find an event with events, see who says"
    " what with compare, look for a claim with search, read on with article. Every sentence has an id, ARTICLE:NUMBER:"
    f" give it with every claim that you make. {UNTRUSTED_NOTE}"
)
_MAX_WORDS = 20
_Query = Annotated[str, Field(max_length=MAX_QUERY_CHARS)]
_Words = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=_MAX_WORDS)]
_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Offset = Annotated[int, Field(ge=0, le=10**9)]
_Limit = Annotated[int, Field(ge=1, le=MAX_ITEMS)]


def serve_library(settings: Settings) -> None:
    """Answer for the library of ``settings`` until standard input ends.

    Raises:
        LibraryError: there is no library, or it cannot be opened.
    """
    with closing(Library(settings, create=False)) as library:
        build_server(library).run()


def build_server(library: Library) -> MCPServer[Any]:
    """The server with its tools, which only read."""
    server: MCPServer[Any] = MCPServer(
        "crosslingual", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    turn = Lock()  # encoders are not for two threads at a time

    def ask(question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            with turn:
                return question()
        except CrosslingualError as error:
            raise ToolError(str(error)) from None

    def search(
        query: _Query,
        langs: _Words = [],  # noqa: B006  # the protocol's default; never changed
        sources: _Words = [],  # noqa: B006  # as above
        since: str = "",
        until: str = "",
        limit: _Limit = 10,
    ) -> dict[str, Any]:
        """Who says this, in any language: a sentence or a few words. Days are ISO 8601, langs ISO 639-1."""
        return ask(
            lambda: answers.find_sentences(
                library, query, langs=langs, sources=sources, since=since, until=until, limit=limit
            )
        )

    def events(
        title: _Query = "", entity: _Query = "", offset: _Offset = 0, limit: _Limit = 20
    ) -> dict[str, Any]:
        """The events, newest first: by words of a title, or by who or what they name."""
        return ask(
            lambda: answers.list_events(library, title=title, entity=entity, offset=offset, limit=limit)
        )

    def compare(
        event: _Id, *, exclusives: bool = False, offset: _Offset = 0, limit: _Limit = 10
    ) -> dict[str, Any]:
        """How the sources of an event tell it: what several say, or (exclusives) what one alone says."""
        return ask(
            lambda: answers.compare_event(library, event, exclusives=exclusives, offset=offset, limit=limit)
        )

    def article(article: _Id, offset: _Offset = 0, limit: _Limit = 30) -> dict[str, Any]:
        """The sentences of an article, from number offset on."""
        return ask(lambda: answers.show_article(library, article, offset=offset, limit=limit))

    for tool in (search, events, compare, article):
        server.add_tool(tool)
    return server
