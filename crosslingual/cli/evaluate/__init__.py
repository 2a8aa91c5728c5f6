"""``crosslingual evaluate``: one command per measure."""

from __future__ import annotations

import click

from crosslingual.cli.evaluate.alignment import alignment, mining, retrieval, statements
from crosslingual.cli.evaluate.framing import axes, divergence, frames
from crosslingual.cli.evaluate.search import search
from crosslingual.cli.evaluate.texts import copies, language, segmentation
from crosslingual.cli.evaluate.translation import doubts, translation


@click.group()
def evaluate() -> None:
    """Measure quality on gold data; the last line of every command is JSON."""


for _command in (
    segmentation,
    language,
    copies,
    statements,
    alignment,
    mining,
    retrieval,
    doubts,
    translation,
    divergence,
    axes,
    frames,
    search,
):
    evaluate.add_command(_command)
