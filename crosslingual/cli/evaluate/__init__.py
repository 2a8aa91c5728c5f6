"""``crosslingual evaluate``: one command per measure."""

from __future__ import annotations

import click

from crosslingual.cli.evaluate.alignment import (
    measure_alignment,
    measure_mining,
    measure_retrieval,
    measure_statements,
)
from crosslingual.cli.evaluate.attribution import measure_attribution
from crosslingual.cli.evaluate.entities import measure_entities
from crosslingual.cli.evaluate.events import measure_events
from crosslingual.cli.evaluate.framing import measure_axes, measure_divergence, measure_frames
from crosslingual.cli.evaluate.search import measure_search
from crosslingual.cli.evaluate.texts import measure_duplicates, measure_language, measure_segmentation
from crosslingual.cli.evaluate.translation import measure_quality, measure_translation
from crosslingual.cli.groups import CommandGroup


@click.group("evaluate", cls=CommandGroup, former_names={"doubts": "quality", "copies": "duplicates"})
def evaluate_group() -> None:
    """Measure quality on gold data.

    The last line that a command prints is JSON. It needs the extra evaluate: pip install
    "crosslingual[evaluate]".
    """


for _command in (
    measure_segmentation,
    measure_language,
    measure_duplicates,
    measure_events,
    measure_statements,
    measure_alignment,
    measure_mining,
    measure_retrieval,
    measure_quality,
    measure_translation,
    measure_divergence,
    measure_axes,
    measure_frames,
    measure_search,
    measure_entities,
    measure_attribution,
):
    evaluate_group.add_command(_command)
