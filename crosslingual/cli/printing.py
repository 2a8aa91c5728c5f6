"""Tables on a terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType


def print_view(view: RenderableType, width: int) -> None:
    """To a terminal in its own width, elsewhere in the width that the view asks for."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(width, 80)
    console.print(view)
