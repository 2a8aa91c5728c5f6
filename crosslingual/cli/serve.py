"""``crosslingual serve`` and ``crosslingual mcp``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.options import encoder_option, library_option
from crosslingual.settings import Settings


@click.command("serve")
@library_option
@encoder_option
@click.option("--port", type=click.IntRange(1, 65535), default=8600, show_default=True, help="Port.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address or name to listen on."
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file with the token that all must send; needed with a HOST that others reach.",
)
def serve_library(
    library: Path | None, encoder: str | None, port: int, host: str, token_file: Path | None
) -> None:
    """Answer for a library over HTTP.

    Programmes of this machine then add to it and ask it, in JSON. Its reference is at /docs.

    Example: crosslingual serve --library ~/news --port 8600
    """
    from crosslingual.serve.launch import serve_library as run_server

    run_server(Settings.load(library=library, encoder=encoder), port, host, token_file)


@click.command("mcp")
@library_option
@encoder_option
def serve_assistants(library: Path | None, encoder: str | None) -> None:
    """Let an assistant ask a library.

    It speaks the Model Context Protocol: an assistant starts it, and talks to it over standard input and output.

    Example: crosslingual mcp --library ~/news
    """
    from crosslingual.agents.server import serve_library as run_server

    run_server(Settings.load(library=library, encoder=encoder))
