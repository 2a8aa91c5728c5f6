from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosslingual.cli import cli
from tests.helpers.package_samples import Site, repacked, serving

CLOSED = "http://127.0.0.1:9/"

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROSSLINGUAL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def site(argos_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An index with zh-en 1.9 and ru-en 1.2."""
    with serving() as site:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", site.address)
        russian = repacked(argos_package, tmp_path / "ru", {}, from_code="ru", package_version="1.2")
        site.index(
            site.offer("zh_en", argos_package.read_bytes()),
            site.offer("ru_en", russian.read_bytes(), from_code="ru", package_version="1.2"),
        )
        yield site


@pytest.fixture
def run(home: Path) -> Run:
    return lambda *args: CliRunner().invoke(cli, ["models", *map(str, args)], catch_exceptions=False)


def test_several_packages_in_one_call(run: Run, site: Site) -> None:
    done = run("install", "zh-en", "ru-en")
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first.startswith("zh-en 1.9: installed at ")
    assert second.startswith("ru-en 1.2: installed at ")
    assert site.asks("GET", "/index.json") == [""]
    assert run("install", "zh-en").stdout.startswith("zh-en 1.9: already installed at ")


def test_one_failure_costs_one_line_and_the_others_go_on(run: Run, site: Site) -> None:
    site.files["/zh_en"] = b"<html>"
    done = run("install", "zh-en", "uk-en", "..", "ru-en")
    assert done.exit_code == 1
    assert done.stdout.startswith("ru-en 1.2: installed")
    assert [line[:15] for line in done.stderr.splitlines()] == [
        "error: zh-en, f",
        "error: uk-en: t",
        "error: '..': no",
    ]


def test_without_an_index_the_other_names_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", CLOSED)
    done = run("install", "zh-en", "ru-en", "..")
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"error: {CLOSED}index.json: the index of translation packages cannot be fetched")
    assert second.startswith("error: '..'")


def test_a_package_from_a_file(run: Run, argos_package: Path, tmp_path: Path) -> None:
    done = run("install", "--file", argos_package, "--file", tmp_path / "missing")
    assert done.exit_code == 1
    assert done.stdout.startswith("zh-en 1.9: installed")
    assert done.stderr.splitlines() == [
        f"error: {tmp_path / 'missing'}: no such file; give the path of an .argosmodel file"
    ]
    assert "not both" in run("install", "zh-en", "--file", argos_package).stderr


def test_what_is_installed_and_what_there_is_are_listed_without_a_connection(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "crosslingual models update" in run().stdout
    run("install", "zh-en")
    assert run("update").stdout.startswith("2 packages at ")

    def none(*args: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", none)
    listed = run().stdout
    here, there = listed.split("To be had")
    (package,) = (line.split() for line in here.splitlines() if line.startswith("zh-en"))
    assert package[:4] == ["zh-en", "1.9", "argostranslate", "package"]
    assert not [line for line in there.splitlines() if line.startswith("zh-en")]
    (package,) = (line.split() for line in there.splitlines() if line.startswith("ru-en"))
    assert package[1] == "1.2"
    assert package[-1] == "MB"
    assert {"translator", "multilingual-e5-small"} <= {line.split()[0] for line in there.splitlines()[1:]}
    assert "Packages as of 20" in there


def test_a_newer_version_is_listed_as_to_be_had(run: Run, site: Site, argos_package: Path) -> None:
    run("install", "zh-en")
    site.index(site.offer("new", argos_package.read_bytes(), package_version="2.0"))
    run("update")
    assert [line.split()[1] for line in run().stdout.splitlines() if line.startswith("zh-en")] == [
        "1.9",
        "2.0",
    ]


def test_a_model_is_removed_by_name(run: Run, argos_package: Path, home: Path) -> None:
    run("install", "--file", argos_package)
    assert run("remove", "zh-en").stdout == "zh-en: removed\n"
    assert not (home / "models" / "zh-en").exists()


# at the first start of the app


def test_if_reachable_installs_what_is_missing_and_then_is_quiet(run: Run, site: Site) -> None:
    done = run("install", "--if-reachable", "zh-en", "ru-en")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 2
    site.asked.clear()
    again = run("install", "--if-reachable", "zh-en", "ru-en")
    assert (again.exit_code, again.output) == (0, "")
    assert site.asked == []


def test_if_not_reachable_it_says_so_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", CLOSED)
    done = run("install", "--if-reachable", "zh-en", "ru-en")
    assert done.exit_code == 0
    assert done.output.count("\n") == 1
    assert done.output.startswith(f"{CLOSED}index.json does not answer")
    assert "crosslingual models install zh-en ru-en" in done.output


def test_if_reachable_a_package_that_fails_stops_nothing(run: Run, site: Site) -> None:
    del site.files["/zh_en"]
    done = run("install", "--if-reachable", "zh-en", "ru-en")
    assert done.exit_code == 0
    assert done.stderr.startswith("error: zh-en: cannot be fetched")
    assert done.stdout.startswith("ru-en 1.2: installed")
