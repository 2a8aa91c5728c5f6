"""The component of the Compare page at addresses of its own, which can be reloaded, left and come back to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crosslingual.types import Comparison
from crosslingual.ui.compare import SCRIPTS
from crosslingual.ui.components import ASSET_FOLDER, join_scripts
from crosslingual.ui.serialize import serialize_comparison

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = "http://localhost/"


@contextmanager
def drawn(page: Page, comparison: Comparison) -> Iterator[None]:
    """Have every address below ``ADDRESS`` show the component for ``comparison``."""
    data = serialize_comparison(comparison, "en") | {"key": "1", "said": None, "lacking": {}}
    told = json.dumps(data).replace("<", "\\u003c")  # what stands in a script must not end it
    styles = "".join((ASSET_FOLDER / name).read_text("utf-8") for name in ("compare.css", "matrix.css"))
    script = join_scripts(SCRIPTS).replace("export default function", "const mount = function")
    html = (
        f"<!doctype html><html lang='en'><title>drawn</title><style>body {{ margin: 28px }}{styles}</style>"
        f"<main><div class='compare'></div></main><script type='module'>{script}\n"
        f"mount({{ data: {told}, parentElement: document.body, setTriggerValue: () => {{}} }});</script>"
    )
    page.route(
        f"{ADDRESS}**", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
    )
    yield
    page.unroute_all(behavior="ignoreErrors")
