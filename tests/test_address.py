from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import crosslingual
from crosslingual.address import DatabaseAddress, format_setting, parse_library
from crosslingual.cli import cli
from crosslingual.errors import InputError, MissingExtraError
from crosslingual.settings import Settings
from crosslingual.ui.launch import app_environment

SHOWN = {
    "postgresql://host/db": "postgresql://host/db",
    "postgres://me@host:5433/db": "postgres://me@host:5433/db",
    "postgresql://me:s3cret@host/db": "postgresql://me:***@host/db",
    "postgresql://me:s3%2Fcret%40@[::1]:5432,other:1/db": "postgresql://me:***@[::1]:5432,other:1/db",
    "postgresql://me:@host": "postgresql://me:***@host",
    "postgresql://host/db?sslmode=require&password=s3cret": "postgresql://host/db?sslmode=require&password=***",
    "postgresql://host?pass%77ord=s3cret&user=me": "postgresql://host?pass%77ord=***&user=me",
    "postgresql://me@host/db?sslpassword=s3cret": "postgresql://me@host/db?sslpassword=***",
    "postgresql:///db": "postgresql:///db",
    "postgresql://me:s3cret?@host/db?x=y": "postgresql://me:***@host/db?x=y",
}


@pytest.mark.parametrize(("given", "shown"), SHOWN.items())
def test_an_address_is_shown_without_its_password(given: str, shown: str) -> None:
    address = parse_library(given)
    assert isinstance(address, DatabaseAddress)
    assert str(address) == f"{address}" == shown
    assert "s3cret" not in repr(address)
    assert address.has_password == ("***" in shown)
    assert format_setting(address) == given
    assert parse_library(address) is address


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://me:pa@s3cret@host/db",
        "postgresql://me:s3cret/db",
        "postgresql://me:s3#cret@ho?s3cret:x/db",
        "postgres://me:word@host:s3cret/db",
        "postgresql://me:s3cret?@host",
        "postgresql://me:12/s3cret@host/db",
        "postgresql://me:12/?s3cret=1@host/db",
        "postgresql://me@corp:12/s3cret@host/db",
        "postgresql://me:1,2/#s3cret@host/db?sslmode=require",
    ],
)
def test_what_may_be_a_part_of_a_password_is_not_cited(given: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as caught:
        crosslingual.open(given)
    assert "cret" not in str(caught.value)


def test_any_other_text_is_a_folder() -> None:
    assert parse_library("~/news") == Path("~/news").expanduser()
    assert parse_library(Path("postgres")) == Path("postgres")
    assert format_setting(Path("news")) == str(Path("news").absolute())


def test_an_address_with_a_password_is_no_argument(tmp_path: Path) -> None:
    for given in ("postgresql://me:s3cret@127.0.0.1:1/db", "postgresql://me:pa@s3cret@host/db"):
        result = CliRunner().invoke(cli, ["history", "--library", given])
        assert result.exit_code == 2
        assert "cret" not in result.output
    assert "PGPASSFILE" in CliRunner().invoke(cli, ["history", "--library", "postgres://a:b@c/d"]).output
    result = CliRunner().invoke(cli, ["history", "--library", str(tmp_path / "none")])
    assert "no library here" in str(result.exception)


def test_the_app_is_told_the_whole_address_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = "postgresql://me:s3cret@host/db"
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", given)
    settings = Settings.load()
    assert "s3cret" not in repr(settings)
    assert app_environment(settings)["CROSSLINGUAL_LIBRARY"] == given


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"crosslingual\[cluster\]"):
        crosslingual.open("postgresql://host/db")
