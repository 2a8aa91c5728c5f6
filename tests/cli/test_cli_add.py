from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from crosslingual.align.space import Space
from crosslingual.cli import cli
from crosslingual.cli.progress import ProgressBar
from crosslingual.library import Library
from tests.helpers.site_double import BODY, Site, html

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

Run = Callable[..., Result]


@pytest.fixture
def run(loaded_encoder: SentenceEncoder, demo_space: Space) -> Run:
    """Run a command in this process; what it raises is in the result."""
    return lambda *args: CliRunner().invoke(cli, args)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def test_pages_and_files_are_added_together(run: Run, site: Site, library: Path, tmp_path: Path) -> None:
    site.answers["/a"] = html()
    (tmp_path / "b.txt").write_text(BODY.split("<p>")[1].split("</p>")[0], encoding="utf-8")
    given = ["add", f"{site.home}/a", str(tmp_path / "b.txt"), "--library", str(library), "--private"]
    result = run(*given, "--source", "reuters", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "2 articles added" in result.output
    with Library(library) as store:
        assert {article.url for article in store.load_articles()} == {"", f"{site.home}/a"}
    again = run(*given, "--source", "reuters", "--lang", "en")
    assert "known already" in again.output


def test_progress_counts_what_is_stored(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[str] = []
    monkeypatch.setattr(ProgressBar, "update", lambda _bar, stage, _done, _total: stages.append(stage))
    (tmp_path / "a.txt").write_text("Nobody was hurt. All trips were cancelled.", encoding="utf-8")
    given = ["add", str(tmp_path / "a.txt"), "--library", str(library), "--source", "bbc", "--lang", "en"]
    assert run(*given).exit_code == 0
    assert list(dict.fromkeys(stages))[:2] == ["adding", "adding (1 article stored)"]


def test_this_machine_is_not_fetched_from_unasked(run: Run, site: Site, library: Path) -> None:
    result = run("add", f"{site.home}/a", "--library", str(library))
    assert result.exit_code == 1
    assert "--private" in result.output
    assert site.asked == []


def test_the_feeds_of_a_source_are_fetched(run: Run, site: Site, library: Path) -> None:
    feed = f"<rss version='2.0'><channel><item><link>{site.home}/a</link></item></channel></rss>"
    site.answers["/feed"] = 200, {"Content-Type": "application/rss+xml"}, feed.encode()
    site.answers["/a"] = html()
    where = ["--library", str(library)]
    with Library(library):
        pass
    assert run("add", "--feeds", "mine", *where).exit_code == 1
    made = run("sources", "add", "mine", "--name", "Mine", "--language", "en", *where)
    assert made.exit_code == 0, made.output
    assert "names no feed" in str(run("add", "--feeds", "mine", *where).exception)
    assert run("sources", "edit", "mine", "--feed", f"{site.home}/feed", *where).exit_code == 0
    result = run("add", "--feeds", "mine", "--private", *where)
    assert "1 article added" in result.output, result.output


def test_nothing_to_add_is_a_wrong_use(run: Run, library: Path) -> None:
    result = run("add", "--library", str(library))
    assert result.exit_code == 2
    assert "--demo" in result.output
    assert not library.exists()
