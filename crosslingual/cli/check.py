"""``crosslingual check``: a library's comparisons judged by its reader, one key an answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.errors import InputError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.check.item_view import ItemView

UNDO_KEY, ALL_KEY, QUIT_KEY = "u", "a", "q"


@click.group("check", cls=CommandGroup, default_command="answer")
def check_group() -> None:
    """Check comparisons by your own judgement.

    Without a command it asks. What was measured is told by results; apply has the answers calibrate all probabilities
    of the library.

    Example: crosslingual check --sample 60
    """


@check_group.command("answer")
@click.argument("event", required=False)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Draw N questions (default: 60).")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Seed of the draw (default: any).")
@library_option
@encoder_option
def answer_questions(
    event: str | None, sample: int | None, seed: int | None, library: Path | None, encoder: str | None
) -> None:
    """Answer questions about the whole library, or EVENT.

    A random sample is drawn, or the one before goes on. Each question shows two sentences with what stands around
    them, and not how likely the program takes them to say the same. One key answers: 1 the same, 2 one tells a part
    of the other, 3 the same with other values, 4 not the same, 5 cannot tell; u takes the last answer back, a shows
    all that the other source writes, q ends. Answers are kept at once.

    Example: crosslingual check answer 2024-05-16-1f0c2a --sample 30
    """
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        scope = opened.event(event).id if event else ""
        if sample or seed is not None or next(opened.check.open_items(scope), None) is None:
            opened.check.draw(scope or None, size=sample, seed=seed)
        _ask_all(opened, scope)
        _print_state(opened, scope)


@check_group.command("results")
@click.argument("event", required=False)
@library_option
@encoder_option
@output_options
def show_results(event: str | None, library: Path | None, encoder: str | None, form: str) -> None:
    """Show what the answers say: precision, recall, reliability.

    They are those of the latest sample, or of EVENT. CSV and JSON lines have a row or object for each share.

    Example: crosslingual check results --json
    """
    from crosslingual.report.check import estimate_rows, results_object, results_view

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        results = opened.check.results(event)
    if form != "table":
        print_objects(form, estimate_rows(results), document=results_object(results))
    elif results.n_asked:
        print_view(results_view(results), width=120)
    else:
        click.echo("nothing was asked yet; begin with: crosslingual check")


@check_group.command("judgements")
@library_option
@encoder_option
@output_options
def list_judgements(library: Path | None, encoder: str | None, form: str) -> None:
    """List every answer with its probability.

    The sentences are named by article and offset.

    Example: crosslingual check judgements --csv
    """
    from crosslingual.report.check import judgement_rows, judgements_table

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        rows = list(judgement_rows(opened.store.load_check_samples()))
    if form != "table":
        print_objects(form, rows)
    elif rows:
        print_view(judgements_table(rows), width=120)
    else:
        click.echo("no answers yet; begin with: crosslingual check")


@check_group.command("apply")
@library_option
@encoder_option
def apply_answers(library: Path | None, encoder: str | None) -> None:
    """Calibrate all probabilities of the library by the answers.

    Rows change with them. It is told wherever a probability stands, and taken back by: crosslingual check reset

    Example: crosslingual check apply
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        made = opened.check.apply()
    click.echo(
        f"calibrated on {format_count(made.n_judgements, 'judgement')}: log-odds l become"
        f" {made.intercept:+.2f} {made.slope:+.2f} · l\nto undo: crosslingual check reset"
    )


@check_group.command("reset")
@click.option("--answers", is_flag=True, help="Forget all answers too.")
@library_option
@encoder_option
def reset_check(answers: bool, library: Path | None, encoder: str | None) -> None:  # noqa: FBT001  # a click flag
    """Give probabilities back their shipped values.

    Answers stay, unless --answers is given.

    Example: crosslingual check reset
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        n_calibrations, n_answers = opened.check.reset(answers=answers)
    told = ["probabilities are as shipped" if n_calibrations else "no calibration was in use"]
    if answers:
        told.append(f"{format_count(n_answers, 'answer')} forgotten")
    click.echo("; ".join(told))


@check_group.command("undo")
@click.argument("event", required=False)
@library_option
@encoder_option
def undo_answer(event: str | None, library: Path | None, encoder: str | None) -> None:
    """Take the last answer back: of the latest sample, or of EVENT.

    Example: crosslingual check undo
    """
    from crosslingual.library.judgements import ANSWERS

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        item = opened.check.undo(event)
    if item is None:
        raise InputError("no answer to take back")
    click.echo(f"taken back: {ANSWERS[item.answer]}")


@check_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@library_option
@encoder_option
def export_answers(file: Path, library: Path | None, encoder: str | None) -> None:
    """Write the answers to FILE as gold that others can measure on.

    It is in the format of "evaluate statements"; what was not judged counts neither way. It holds the articles of the
    events that were asked about: mind whose they are before you hand it on.

    Example: crosslingual check export mine.jsonl
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        n_events, n_pairs = opened.check.export(file)
    click.echo(f"{format_count(n_pairs, 'judged pair')} of {format_count(n_events, 'event')} in {file}")


def _ask_all(opened: Library, scope: str) -> None:
    """Ask until all is answered or the person ends it."""
    while True:
        views: Iterator[ItemView] = opened.check.open_items(scope)
        view = next(views, None)
        if view is None:
            return
        samples = opened.check.samples(scope)
        done, total = (
            sum(bool(item.answer) for one in samples for item in one.items),
            sum(len(one.items) for one in samples),
        )
        if not _ask_one(opened, scope, view, f"{done + 1} of {total}"):
            return


def _ask_one(opened: Library, scope: str, view: ItemView, place: str) -> bool:
    """Ask one question until it is answered; whether to go on."""
    from crosslingual.library.judgements import ANSWERS
    from crosslingual.report.check import item_text

    print_view(item_text(view, place), width=100)
    keys = "  ".join(f"{number} {told}" for number, told in enumerate(ANSWERS.values(), 1))
    click.echo(f"{keys}\n{UNDO_KEY} take back  {ALL_KEY} all that the other source writes  {QUIT_KEY} end")
    answers = {str(number): answer for number, answer in enumerate(ANSWERS, 1)}
    actions: dict[str, Callable[[], object]] = {
        key: lambda answer=answer: opened.check.answer(view.item, answer)  # type: ignore[misc]
        for key, answer in answers.items()
    }
    actions[UNDO_KEY] = lambda: opened.check.undo(scope)
    while True:
        key = _read_key()
        if key in ("", QUIT_KEY):
            return False
        if key == ALL_KEY:
            print_view(item_text(view, place, whole=True), width=100)
        elif key in actions:
            actions[key]()
            return True


def _read_key() -> str:
    """The next key in small letters, or sign where signs are piped in; empty where there is none to come."""
    if not sys.stdin.isatty():
        while (sign := sys.stdin.read(1)).isspace():
            pass
        return sign.lower()
    try:
        key = click.getchar().lower()
    except (EOFError, KeyboardInterrupt):
        return ""
    return "" if key in ("\x03", "\x04", "\x1b") else key


def _print_state(opened: Library, scope: str) -> None:
    from crosslingual.report.check import describe_results

    results = opened.check.results(scope)
    if results.n_judged:
        click.echo(describe_results(results)[0])
        click.echo("what they say: crosslingual check results")
