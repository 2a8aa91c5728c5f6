"""``crosslingual timeline`` and ``crosslingual figures``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options, threshold_option
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("timeline")
@click.argument("event")
@library_option
@encoder_option
@threshold_option
@output_options
def show_timeline(
    event: str, library: Path | None, encoder: str | None, threshold: float | None, form: str
) -> None:
    """Show who was first with each statement of EVENT.

    EVENT is an event's id, or the id of an article in it. Each statement has its sentences in order of time, and how
    long after the first they came. Sources of one day are in no order unless their times have a zone. CSV and JSON
    lines have one row or object a sentence.

    Example: crosslingual timeline 2024-05-16-1f0c2a --csv
    """
    from crosslingual.report.timeline import telling_rows, timeline_object, timeline_view

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        timeline = opened.timeline(event, threshold=threshold)
    if form != "table":
        print_objects(form, telling_rows(timeline), document=timeline_object(timeline))
    elif timeline.statements:
        print_view(timeline_view(timeline), width=140)
    else:
        click.echo("no statements: no two sources of this event say the same")


@click.command("figures")
@click.argument("event")
@library_option
@encoder_option
@threshold_option
@output_options
def list_figures(
    event: str, library: Path | None, encoder: str | None, threshold: float | None, form: str
) -> None:
    """List the figures of EVENT: tolls, amounts, dates.

    EVENT is an event's id, or the id of an article in it. The same figure of several sources is one; with it stand how
    it was revised, and values at one time that cannot both hold. A question mark stands behind what is
    doubtful. CSV and JSON lines have one row or object a mention.

    Example: crosslingual figures 2024-05-16-1f0c2a --json
    """
    from crosslingual.report.figures import figure_rows, figures_object, figures_table

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        ledger = opened.figures(event, threshold=threshold)
    if form != "table":
        print_objects(form, figure_rows(ledger), document=figures_object(ledger))
    elif ledger.groups:
        print_view(figures_table(ledger), width=140)
    else:
        click.echo("no figures: the articles of this event name no number, amount or date")
