"""``crosslingual evaluate attribution``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import measure_options
from crosslingual.cli.printing import print_scores


@click.command("attribution")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@measure_options
def measure_attribution(path: Path, form: str) -> None:
    """Who is said to have said what.

    PATH is a folder of PolNeAR (attributions/*.ann beside text/*.txt), or a file of which each line is a text with all
    its attributions: {"lang", "text", "attributions": [{"source", "cue", "content"}]}, each a list of [start, end].
    "overlap" gives partial credit by span (Pareti et al. 2013), "tokens" by token.

    Example: crosslingual evaluate attribution polnear/test
    """
    from crosslingual.attribution.finding import find_attributions
    from crosslingual.evaluate.attribution import read_labelled, score_attributions

    scores = score_attributions(read_labelled(path), find_attributions)
    print_scores(
        form,
        [
            f"{lang}, {role}: {own.n_labelled} labelled, {own.n_found} found; F1 exact {own.exact.f1:.3f}, overlap"
            f" {own.overlap.f1:.3f}, tokens {own.tokens.f1:.3f}"
            for lang, roles in scores.items()
            for role, own in roles.items()
        ],
        {lang: {role: asdict(own) for role, own in roles.items()} for lang, roles in scores.items()},
    )
