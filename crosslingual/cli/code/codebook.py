"""``crosslingual code codebook``, ``add``, ``edit``, ``remove``, ``export``, ``import``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.code.options import print_rows
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import library_option, output_options
from crosslingual.errors import InputError
from crosslingual.settings import Settings

definition_option = click.option("--definition", metavar="TEXT", help="When it is to be given.")
examples_option = click.option("--examples", metavar="TEXT", help="Passages that have it.")
color_option = click.option("--color", metavar="#RRGGBB", help="Its colour.")
parent_option = click.option("--parent", metavar="CODE", help="The code above it.")


@click.command("codebook")
@library_option
@output_options
def list_codes(library: Path | None, form: str) -> None:
    """List the codebook, with how often each code was given.

    Example: crosslingual code codebook --json
    """
    from crosslingual.report.coding import code_rows

    with open_library(Settings.load(library=library)) as opened:
        rows = code_rows(opened.coding.codes(), opened.coding.units())
    columns = {"path": "code", "n_codings": "given", "color": "colour", "definition": "definition"}
    print_rows(form, rows, columns, "no codes yet; make one with: crosslingual code add NAME")


@click.command("add")
@click.argument("name")
@definition_option
@examples_option
@color_option
@parent_option
@library_option
def add_code(
    name: str,
    definition: str | None,
    examples: str | None,
    color: str | None,
    parent: str | None,
    library: Path | None,
) -> None:
    """Add a code to the codebook.

    Example: crosslingual code add Government --parent Blame --color "#d55e00"
    """
    with open_library(Settings.load(library=library), create=True) as opened:
        made = opened.coding.add_code(
            name, definition=definition or "", examples=examples or "", color=color or "", parent=parent
        )
    click.echo(f"{made.name} added; to undo: crosslingual undo")


@click.command("edit")
@click.argument("code")
@click.option("--name", metavar="NAME", help="Its name.")
@definition_option
@examples_option
@color_option
@click.option("--parent", metavar="CODE", help='The code above it; "" for none.')
@library_option
def edit_code(code: str, library: Path | None, **changes: str | None) -> None:
    """Change what is given of a code.

    Example: crosslingual code edit Government --name Authorities
    """
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        raise InputError("nothing to change; give --name, --definition, --examples, --color or --parent")
    with open_library(Settings.load(library=library)) as opened:
        operation = opened.coding.edit_code(code, **given)
    click.echo(f"{operation.description}; to undo: crosslingual undo {operation.id}")


@click.command("remove")
@click.argument("code")
@library_option
def remove_code(code: str, library: Path | None) -> None:
    """Remove a code with what was coded with it.

    Codes below it go up.

    Example: crosslingual code remove Blame/Government
    """
    with open_library(Settings.load(library=library)) as opened:
        operation = opened.coding.remove_code(code)
    click.echo(f"{operation.description}; to undo: crosslingual undo {operation.id}")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@library_option
def export_coding(file: Path, library: Path | None) -> None:
    """Write the codebook, the project or the codings to FILE.

    FILE ends with .qdc (codebook) or .qdpx (project), which other programs for qualitative analysis read (REFI-QDA),
    or with .csv. A project holds the articles: mind whose they are before you hand it on.

    Example: crosslingual code export mine.qdpx
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library)) as opened:
        made = opened.coding.export(file)
    if made is None:
        click.echo(f"{file} written")
        return
    click.echo(
        f"{format_count(made.n_codings, 'coding')} of {format_count(made.n_articles, 'article')} in {file}"
        + (
            f"; {format_count(made.n_gone, 'passage')} left out, no longer in the library"
            if made.n_gone
            else ""
        )
    )


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@library_option
def import_codebook(file: Path, library: Path | None) -> None:
    """Add the codes of FILE, a codebook in REFI-QDA (.qdc).

    Codes that are known by their id stay as they are.

    Example: crosslingual code import theirs.qdc
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library), create=True) as opened:
        new = opened.coding.import_codebook(file)
    click.echo(
        f"{format_count(len(new.codes), 'new code')}" + ("; to undo: crosslingual undo" if new.codes else "")
    )
    for flaw in new.flaws:
        click.echo(f"  {flaw}", err=True)
