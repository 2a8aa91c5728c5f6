"""The app's own memory while its pages are opened again and again: whether it is flat once it is warm.

    python bench/app_memory.py LIBRARY [--pages 150]

An app is started on a copy of LIBRARY. Events to compare and words to search for are drawn by chance. Each page is a
line: how many were opened, and MB that the app holds, without what is mapped from files. The last line is the sum; it
ends with 1 if the app grew after half of the pages, when it is warm and its caches are full.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from soak import MAX_GROWTH, resident_mb, start_app  # type: ignore[import-not-found]  # beside this file
from soak_roles import open_page, search_words  # type: ignore[import-not-found]  # beside this file

import crosslingual as cl

ROUND = ("compare", "framing", "search", "search", "sources", "add")
"""Pages in the order in which they are opened."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path)
    parser.add_argument("--pages", type=int, default=150)
    asked = parser.parse_args()
    chance = random.Random(3)  # noqa: S311  # draws what to open
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(asked.library, folder / "library")
        with cl.open(folder / "library", create=False) as library:
            sentences = [one.text for article in library.articles() for one in library.sentences(article)]
            events = [event.id for event in library.events()]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        app = start_app(folder, port)
        held: list[float] = []
        try:
            for number in range(asked.pages):
                page = ROUND[number % len(ROUND)]
                about = search_words(chance.choice(sentences)) if page == "search" else ""
                if page in ("compare", "framing"):
                    about = f"event={chance.choice(events)}"
                open_page(port, page, about)
                held.append(resident_mb(app.pid))
                print(json.dumps({"opened": len(held), "page": page, "mb": round(held[-1])}), flush=True)
        finally:
            app.kill()
            app.wait()
    middle, last = held[len(held) // 2], held[-1]
    grew = last > (1 + MAX_GROWTH) * middle
    print(json.dumps({"most_mb": round(max(held)), "half_mb": round(middle), "last_mb": round(last)}))
    sys.exit(grew)


if __name__ == "__main__":
    main()
