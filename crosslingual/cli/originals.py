"""``crosslingual originals``."""

from __future__ import annotations

from pathlib import Path

import click

from crosslingual.cli.opening import open_library
from crosslingual.cli.options import library_option, output_options
from crosslingual.cli.printing import print_objects, print_view
from crosslingual.settings import Settings


@click.command("originals")
@click.argument("articles", nargs=-1, metavar="[ARTICLE...]")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write them to this folder; originals that are there are replaced.",
)
@library_option
@output_options
def list_originals(articles: tuple[str, ...], out: Path | None, library: Path | None, form: str) -> None:
    """List or write what articles were read from.

    ARTICLE is the id of an article; by default all. Pages are written as one web archive (WARC), files under their
    digests (SHA-256), with a list of both and a manifest.

    Example: crosslingual originals --out evidence
    """
    from crosslingual.report.folder import write_folder
    from crosslingual.report.originals import original_files, original_rows, originals_table

    with open_library(Settings.load(library=library)) as opened:
        found = opened.originals(*articles)
        if out is not None:
            files = original_files(opened.store.read_originals(found))
            left = write_folder(out, files, {"originals": len(found)})
    if out is not None:
        for name in left:
            click.echo(f"{out / name}: not of the originals; left alone", err=True)
        click.echo(f"originals written: {len(found):,} in {out}")
    elif form != "table":
        print_objects(form, original_rows(found))
    elif found:
        print_view(originals_table(found), width=140)
    else:
        click.echo(
            "no originals: none is kept of these articles (setting originals, in megabytes; 0 keeps none)"
        )
