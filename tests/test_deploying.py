"""What docs/deploying.md and the Containerfile call is there."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import click
import pytest

from crosslingual.cli import cli

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")


def parse(arguments: list[str]) -> None:
    """Fails where the command line does not know ``arguments``; no file need be there."""
    command: click.Command = cli
    context = click.Context(command, info_name="crosslingual")
    while isinstance(command, click.Group) and arguments:
        name, found, arguments = command.resolve_command(context, arguments)
        assert found, name
        command, context = found, click.Context(found, parent=context)
    command.make_parser(context).parse_args(list(arguments))


def run_in_containers() -> list[list[str]]:
    lines = [shlex.split(line) for line in PAGE.split("\n") if line.startswith("podman run")]
    return [line[line.index("crosslingual") + 1 :] for line in lines]


@pytest.mark.parametrize("arguments", run_in_containers())
def test_what_is_run_in_a_container_is_a_command(arguments: list[str]) -> None:
    parse(arguments or ["app"])


def test_the_image_is_built_of_what_is_there() -> None:
    (copied,) = re.findall(r"^COPY (.+) \./$", CONTAINERFILE, re.MULTILINE)
    assert all((ROOT / name).is_file() for name in copied.split())
    told = dict(re.findall(r"^(ENTRYPOINT|CMD) (.+)$", CONTAINERFILE, re.MULTILINE))
    assert json.loads(told["ENTRYPOINT"]) == ["crosslingual"]
    parse(json.loads(told["CMD"]))
    parse(["models", "install"])
    assert CONTAINERFILE.index("USER reader") < CONTAINERFILE.index("ENTRYPOINT")


def test_the_unit_starts_a_command() -> None:
    (unit,) = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds capitals
    parser.read_string(unit)
    programme, *arguments = shlex.split(parser["Service"]["ExecStart"])
    assert Path(programme).name == "crosslingual"
    parse(arguments)


def test_a_word_that_is_no_option_is_found_out() -> None:
    with pytest.raises(click.NoSuchOption):
        parse(["serve", "--prot", "8600"])
