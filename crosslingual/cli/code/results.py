"""``crosslingual code list``, ``agreement``, ``disagreements``, ``adjudicate``, ``counts``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.code.options import coder_option, memo_option, print_rows
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("list")
@click.option("--coder", metavar="NAME", help="Only this coder's.")
@library_option
@output_options
def list_codings(coder: str | None, library: Path | None, form: str) -> None:
    """List codings, one a line, for R or pandas.

    What a coder finished without a code is a line without one. It shows everyone's: mind that coders are to be blind.

    Example: crosslingual code list --csv
    """
    from crosslingual.library.coding_values import check_coder
    from crosslingual.report.coding import coding_rows

    with open_library(Settings.load(library=library)) as opened:
        units = opened.coding.units()
        rows = list(coding_rows(units, opened.coding.codes(), opened.coding.coded_articles(units)))
    if coder:
        rows = [row for row in rows if row["coder"] == check_coder(coder)]
    columns = {
        "coder": "coder",
        "unit": "unit",
        "source": "source",
        "lang": "lang",
        "code": "code",
        "memo": "memo",
    }
    print_rows(form, rows, columns, "nothing is coded yet; begin with: crosslingual code apply --coder NAME")


@click.command("agreement")
@library_option
@output_options
def show_agreement(library: Path | None, form: str) -> None:
    """Show how far coders agree: per code, language and pair.

    Units count that two coders or more were offered and have finished.

    Example: crosslingual code agreement --csv
    """
    from crosslingual.report.coding import agreement_rows

    with open_library(Settings.load(library=library)) as opened:
        rows = agreement_rows(opened.coding.agreement(), opened.coding.codes())
    columns = {
        "code": "code",
        "kind": "kind",
        "lang": "lang",
        "coders": "coders",
        "n_units": "units",
        "percent": "agree",
        "cohen": "Cohen κ",
        "fleiss": "Fleiss κ",
        "alpha": "Krippendorff α",
    }
    print_rows(form, rows, columns, "no unit was finished by two coders yet; see: crosslingual code progress")


@click.command("disagreements")
@library_option
@output_options
def list_disagreements(library: Path | None, form: str) -> None:
    """List units that coders coded differently, side by side.

    A unit is listed once all who were offered it have finished it.

    Example: crosslingual code disagreements
    """
    from crosslingual.report.coding import disagreement_rows, flat_disagreements

    with open_library(Settings.load(library=library)) as opened:
        found = opened.coding.disagreements()
        articles = opened.coding.coded_articles(one.unit for one in found)
        rows = disagreement_rows(found, opened.coding.codes(), articles)
    columns = {"unit": "unit", "text": "passage", "coders": "given", "decided": "decided"}
    without = "no disagreements; see: crosslingual code progress"
    print_rows(form, rows, columns, without, flat=flat_disagreements(rows))


@click.command("adjudicate")
@click.argument("unit")
@click.argument("codes", nargs=-1)
@coder_option
@memo_option
@library_option
def decide_unit(unit: str, codes: tuple[str, ...], coder: str, memo: str, library: Path | None) -> None:
    """Settle that UNIT has CODES, or none.

    The last word counts. What coders gave stays as it is.

    Example: crosslingual code adjudicate 3f9c2ab01d55 Blame --coder Ann
    """
    with open_library(Settings.load(library=library)) as opened:
        opened.coding.decide(unit, codes, coder, memo)
    click.echo(f"settled: {', '.join(codes) or 'no code'}")


@click.command("counts")
@click.argument("event")
@library_option
@encoder_option
@output_options
def show_counts(event: str, library: Path | None, encoder: str | None, form: str) -> None:
    """Show who carries which code in EVENT.

    By source and language, in what several sources say and in what one says alone; with tests where the numbers carry
    them, corrected for their number. JSON has the tests too.

    Example: crosslingual code counts 2024-05-16-1f0c2a --json
    """
    from crosslingual.report.coding import (
        describe_prevalence,
        prevalence_object,
        rows_view,
        shown_tests,
    )

    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        counted = prevalence_object(found := opened.coding.counts(event), opened.coding.codes())
    if form != "table":
        print_objects(form, counted["shares"], document=counted)
        return
    click.echo(describe_prevalence(found))
    if counted["shares"]:
        shares = {
            "code": "code",
            "kind": "kind",
            "source": "source",
            "lang": "lang",
            "state": "state",
            "n_coded": "coded",
        }
        print_view(
            rows_view(counted["shares"], shares | {"n_units": "of units", "share": "share"}), width=120
        )
    if counted["tests"]:
        columns = {
            "code": "code",
            "kind": "kind",
            "by": "by",
            "n_units": "units",
            "method": "test",
            "p_value": "p",
        }
        click.echo("")
        print_view(
            rows_view(shown_tests(counted["tests"]), columns | {"adjusted": "p, corrected"}), width=120
        )
    elif counted["shares"]:
        click.echo("no test: whole statements are not tested, which several sources share")
