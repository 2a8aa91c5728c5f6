"""``crosslingual code offer``, ``offers``, ``progress``, ``withdraw-offer``, ``apply``, ``withdraw``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.code.options import coder_option, memo_option, print_rows
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.coding.unit_view import UnitView

UNDO_KEY, QUIT_KEY, NONE_KEY = "u", "q", "0"


@click.command("offer")
@click.argument("event", required=False)
@click.option("--coder", "coders", required=True, multiple=True, metavar="NAME", help="Who is to code it.")
@click.option(
    "--kind",
    type=click.Choice(("statement", "cell", "sentence")),
    help="What of EVENT: rows, what one source says of a row, sentences (default: statement).",
)
@click.option("--search", metavar="QUERY", help="The best sentences of a search instead.")
@click.option(
    "--list",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The passages in FILE instead, one a line: ARTICLE:SENTENCE or ARTICLE:START-END.",
)
@click.option("--again", metavar="OFFER", help="The units of an earlier offer instead.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only N at random, of what not all have (of a search: the best).",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, metavar="N", help="Seed of the draw (default: 0)."
)
@library_option
@encoder_option
def offer_units(
    event: str | None,
    coders: tuple[str, ...],
    kind: str | None,
    search: str | None,
    file: Path | None,
    again: str | None,
    sample: int | None,
    seed: int,
    library: Path | None,
    encoder: str | None,
) -> None:
    """Put passages into the queues of coders.

    Each sees nobody else's codes.

    Example: crosslingual code offer 2024-05-16-1f0c2a --coder Ann --coder Ben --sample 60
    """
    from crosslingual.coding.units import read_places
    from crosslingual.formatting import format_count

    if kind and event is None:
        raise InputError("--kind goes with an EVENT: searches, lists and earlier offers have their own units")
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        offer, n_tasks = opened.coding.offer(
            coders,
            event,
            kind=kind or "statement",
            query=search,
            places=read_places(file) if file else None,
            again=again,
            size=sample,
            seed=seed,
        )
    told = format_count(n_tasks, "task")
    click.echo(
        f"offer {offer.id}: {told}, {offer.description}\nto code them: crosslingual code apply --coder NAME"
    )


@click.command("offers")
@library_option
@output_options
def list_offers(library: Path | None, form: str) -> None:
    """List what was offered.

    Example: crosslingual code offers
    """
    from crosslingual.report.tables import field_values

    with open_library(Settings.load(library=library)) as opened:
        rows = [field_values(one) for one in opened.coding.offers()]
    columns = {"id": "offer", "created_at": "when", "description": "what", "seed": "seed"}
    print_rows(
        form, rows, columns, "nothing is offered yet; begin with: crosslingual code offer EVENT --coder NAME"
    )


@click.command("withdraw-offer")
@click.argument("offer")
@click.option("--coder", default="", metavar="NAME", help="Out of this coder's queue alone.")
@library_option
def withdraw_offer(offer: str, coder: str, library: Path | None) -> None:
    """Take what is not finished of OFFER out of the queues.

    What was coded stays.

    Example: crosslingual code withdraw-offer 1f0c2a3b4c5d --coder Ben
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library)) as opened:
        count = opened.coding.withdraw_offer(offer, coder)
    click.echo(f"{format_count(count, 'task')} withdrawn")


@click.command("progress")
@library_option
@output_options
def show_progress(library: Path | None, form: str) -> None:
    """Show how far each coder is.

    Example: crosslingual code progress --csv
    """
    from crosslingual.report.coding import progress_rows

    with open_library(Settings.load(library=library)) as opened:
        rows = progress_rows(opened.coding.units())
    columns = {"coder": "coder", "n_offered": "offered", "n_finished": "finished", "n_codings": "codings"}
    print_rows(
        form, rows, columns, "nobody codes yet; begin with: crosslingual code offer EVENT --coder NAME"
    )


@click.command("apply")
@click.argument("code", required=False)
@click.argument("place", required=False)
@coder_option
@memo_option
@library_option
def apply_code(code: str | None, place: str | None, coder: str, memo: str, library: Path | None) -> None:
    """Give PLACE a code, or go through your queue.

    PLACE is a unit's id, ARTICLE:SENTENCE or ARTICLE:START-END. Without a code the queue of NAME is asked: type the
    numbers of the codes of a passage, with spaces between, and enter: it has these and no others; 0 is none. Enter
    alone leaves what it has. u takes the last passage back, q ends. All is kept at once.

    Example: crosslingual code apply Blame 08bda4c1f0e2a3b5:3 --coder Ann --memo "ironic?"
    """
    if memo and not code:
        raise InputError("a memo goes with a code; on the Coding page one can be given while you code")
    if code and not place:
        raise InputError("name the passage too: a unit's id, ARTICLE:SENTENCE or ARTICLE:START-END")
    with open_library(Settings.load(library=library)) as opened:
        if code and place:
            made = opened.coding.apply(code, place, coder, memo)
            click.echo(
                f"coded; to take it back: crosslingual code withdraw {shlex.quote(code)} {place}"
                f" --coder {shlex.quote(made.coder)}"
            )
            return
        while _ask_next(opened, coder):
            pass
        units = opened.coding.units()
    n_left = sum(task.coder == coder and not task.done_order for unit in units for task in unit.tasks)
    click.echo(f"{n_left:,} left in the queue of {coder}")


@click.command("withdraw")
@click.argument("code")
@click.argument("place")
@coder_option
@library_option
def withdraw_code(code: str, place: str, coder: str, library: Path | None) -> None:
    """Take a code off PLACE that a coder gave it.

    Example: crosslingual code withdraw Blame 08bda4c1f0e2a3b5:3 --coder Ann
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library)) as opened:
        count = opened.coding.take_back(code, place, coder)
    click.echo(f"{format_count(count, 'coding')} taken back")


def _ask_next(opened: Library, coder: str) -> bool:
    """Ask for the codes of the next unit of the queue; whether to go on."""
    from crosslingual.report.coding import unit_text

    view: UnitView | None = next(opened.coding.queue(coder), None)
    codes = opened.coding.codes()
    if view is None or not codes:
        if not codes:
            raise InputError("no codes yet; make one with: crosslingual code add NAME")
        return False
    tasks = [task for unit in opened.coding.units() for task in unit.tasks if task.coder == coder]
    place = f"{sum(bool(task.done_order) for task in tasks) + 1:,} of {len(tasks):,}"
    print_view(unit_text(view, codes, coder, place), width=100)
    click.echo(f"codes by number, enter; 0 for none; {UNDO_KEY} takes the last passage back, {QUIT_KEY} ends")
    while True:
        line = sys.stdin.readline()
        words = line.replace(",", " ").split()
        if not line or words == [QUIT_KEY]:
            return False
        if words == [UNDO_KEY]:
            try:
                opened.coding.reopen(coder)
            except InputError as error:
                click.echo(str(error))
                continue
            return True
        if words == [NONE_KEY] or all(word.isdecimal() and 1 <= int(word) <= len(codes) for word in words):
            given = view.unit.codes_of(coder)
            wanted = {codes[int(word) - 1].id for word in words if word != NONE_KEY} if words else given
            for code in given - wanted:
                opened.coding.take_back(code, view.unit, coder)
            for code in wanted - given:
                opened.coding.apply(code, view.unit, coder)
            opened.coding.finish(view.unit, coder)
            return True
        click.echo(f"numbers from 1 to {len(codes)}")
