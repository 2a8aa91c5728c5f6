"""Starting the server: the one place that knows how uvicorn is run. Importing this needs the extra ``serve``."""

from __future__ import annotations

import sys
from pathlib import Path

from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.serve.http_app import build_app
from crosslingual.serve.middleware import read_token
from crosslingual.serve.ports import check_free, is_this_machine
from crosslingual.serve.service import LibraryService
from crosslingual.serve.uploads import remove_stale_folders
from crosslingual.settings import Settings

with needs_extra("serve"):
    import uvicorn

_SECONDS_OPEN = 75
"""For which a connection is kept that nothing is asked on."""
_SECONDS_TO_END = 10
"""For answers that are under way, when it is to end."""


def serve_library(
    settings: Settings, port: int, host: str = "127.0.0.1", token_file: Path | None = None
) -> None:
    """Answer for the library of ``settings`` on ``host:port`` until the process is told to end.

    Raises:
        InputError: the port is taken, ``host`` is not of this machine alone and there is no token, or the file
            holds none.
        LibraryError: there is no library, or it cannot be opened.
    """
    token = read_token(token_file) if token_file else None
    if token is None and not is_this_machine(host):
        raise InputError(
            f"host {host}: others reach it; name a file with a token that they must send: --token-file FILE"
        )
    check_free(host, port, "serve")
    remove_stale_folders()
    app = build_app(LibraryService(settings), [host], token)
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"crosslingual: http://{shown}:{port}/docs  (Ctrl-C stops it)\n")
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # what was searched for is nobody's to read
        server_header=False,
        timeout_keep_alive=_SECONDS_OPEN,
        timeout_graceful_shutdown=_SECONDS_TO_END,
        ws="none",
    )
