"""Feeds and folders that are followed: a real server, real files, real kills.

Run as a programme, this file polls once and kills itself at the point that it is given.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, NotFoundError
from crosslingual.library import Library
from crosslingual.library.followed import Followed, ItemState, PollResult
from crosslingual.watch import polling
from crosslingual.watch.following import make_followed
from crosslingual.watch.opml import MAX_OPML_BYTES, MAX_OPML_DEPTH, MAX_OUTLINES, read_opml, write_opml
from crosslingual.watch.polling import MAX_BACKOFF_SECONDS, PollReport
from crosslingual.watch.schedule import PollRunner
from crosslingual.web import fetch
from tests.helpers.fault_scenarios import load_toy_encoder
from tests.helpers.site_double import BODY, Site, html

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")
ITEM = "<item><title>{title}</title><link>{link}</link></item>"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MIN_WAIT_SECONDS", 0.0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        yield opened


def put_feed(site: Site, *pages: str, etag: str = "") -> None:
    items = "".join(ITEM.format(title=page, link=f"{site.home}/{page}") for page in pages)
    content = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()

    def answer(handler: object) -> None:
        asked = handler.headers.get("If-None-Match", "")  # type: ignore[attr-defined]
        status = 304 if etag and asked == etag else 200
        handler.send_response(status)  # type: ignore[attr-defined]
        handler.send_header("Content-Type", "application/rss+xml")  # type: ignore[attr-defined]
        if etag:
            handler.send_header("ETag", etag)  # type: ignore[attr-defined]
        body = b"" if status == 304 else content
        handler.send_header("Content-Length", str(len(body)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(body)  # type: ignore[attr-defined]

    site.answers["/feed"] = answer


def put_page(site: Site, page: str, day: str) -> None:
    site.answers[f"/{page}"] = html(BODY.replace("Friday", day))


def follow(library: Library, address: str) -> Followed:
    one = make_followed(address, source="bbc", lang="en", is_private=True)
    library.add_followed(one)
    return one


def poll(library: Library, one: Followed) -> PollReport:
    (report,) = PollRunner(library, load_toy_encoder, threading.Event()).poll_now([one])
    return report


def links(library: Library) -> list[str]:
    return sorted(article.url.rpartition("/")[2] for article in library.load_articles())


def test_what_is_new_in_a_feed_is_added_and_what_is_known_is_not_asked_for(
    site: Site, library: Library
) -> None:
    put_page(site, "a", "Monday")
    put_feed(site, "a", etag='"1"')
    one = follow(library, f"{site.home}/feed")
    assert poll(library, one).result.outcome == "new"
    site.asked.clear()
    assert poll(library, one).result.outcome == "unchanged"
    assert site.paths() == ["/feed"]
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    put_page(site, "b", "Tuesday")
    put_feed(site, "a", "b", etag='"2"')
    site.asked.clear()
    report = poll(library, one)
    assert (report.result.n_added, site.paths()) == (1, ["/feed", "/b"])
    assert links(library) == ["a", "b"]
    assert [line.outcome for line in library.load_polls()] == ["new", "unchanged", "new"]


def test_what_a_poll_brought_can_be_undone_and_does_not_come_again(site: Site, library: Library) -> None:
    put_page(site, "a", "Monday")
    put_feed(site, "a")
    one = follow(library, f"{site.home}/feed")
    operation = poll(library, one).result.operation_id
    assert library.load_polls()[0].operation_id == operation
    library.undo_operation(operation)
    put_page(site, "b", "Tuesday")
    put_feed(site, "a", "b")
    poll(library, one)
    assert links(library) == ["b"]


def test_a_page_that_fails_is_tried_again_and_then_given_up(
    site: Site, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MAX_ATTEMPTS", 2)  # each poll starts processes
    put_page(site, "a", "Monday")
    put_feed(site, "a", "b", etag='"1"')
    one = follow(library, f"{site.home}/feed")
    first = poll(library, one).result
    assert (first.outcome, first.n_added, first.etag) == ("new", 1, "")
    assert "404" in first.message
    put_page(site, "b", "Tuesday")
    assert poll(library, one).result.n_added == 1
    put_feed(site, "a", "b", "c", etag='"2"')
    for _ in range(2):
        last = poll(library, one).result
    assert last.etag == '"2"'  # given up: the feed need not be sent again
    site.asked.clear()
    assert poll(library, one).result.outcome == "unchanged"
    assert site.paths() == ["/feed"]


def test_a_feed_that_fails_is_asked_less_and_less_often_and_then_as_before(
    site: Site, library: Library
) -> None:
    one = follow(library, f"{site.home}/feed")
    waits = []
    for _ in range(8):
        result = poll(library, one).result
        waits.append(round((result.next_poll_at - time.time()) / one.interval_seconds))
    assert waits == [2, 4, 8, 16, 24, 24, 24, 24]
    assert 24 * one.interval_seconds == MAX_BACKOFF_SECONDS
    assert "404" in library.load_polls()[0].message
    assert library.load_polls()[0].outcome == "failed"
    put_page(site, "a", "Monday")
    put_feed(site, "a")
    assert poll(library, one).result.n_failures == 0


def test_robots_txt_is_heeded_for_the_feed(site: Site, library: Library) -> None:
    site.answers["/robots.txt"] = 200, {}, b"User-agent: *\nDisallow: /"
    put_feed(site, "a")
    one = follow(library, f"{site.home}/feed")
    assert "robots.txt" in poll(library, one).result.message
    assert site.paths() == []


def test_a_feed_on_this_machine_is_refused_unless_the_user_says_so(site: Site, library: Library) -> None:
    put_feed(site, "a")
    one = make_followed(f"{site.home}/feed")
    library.add_followed(one)
    assert poll(library, one).result.outcome == "failed"
    assert site.asked == []


def test_files_in_a_folder_are_taken_once_and_again_when_they_change(
    library: Library, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    one = follow(library, str(inbox))
    assert poll(library, one).result.outcome == "unchanged"  # an empty folder is no fault
    file = inbox / "a.txt"
    file.write_text("The harbour was closed on Monday. Nobody was hurt.", encoding="utf-8")
    assert poll(library, one).result.outcome == "unchanged"  # it may still be written
    os.utime(file, (1, 1))
    assert poll(library, one).result.n_added == 1
    assert poll(library, one).result.outcome == "unchanged"
    file.write_text("The harbour was opened on Tuesday. Everybody came.", encoding="utf-8")
    os.utime(file, (2, 2))
    assert poll(library, one).result.n_added == 1
    inbox.rename(tmp_path / "gone")
    assert "not there" in poll(library, one).result.message


def test_a_feed_of_more_pages_than_a_poll_takes_is_taken_whole_by_the_next_polls(
    site: Site, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MAX_FEED_PAGES", 3)
    for page, day in zip("abcd", DAYS, strict=True):
        put_page(site, page, day)
    put_feed(site, *"abcd", etag='"1"')
    one = follow(library, f"{site.home}/feed")
    first = poll(library, one).result
    assert (first.n_added, first.etag) == (
        3,
        "",
    )  # with its validator kept, the server would hold back the rest
    last = poll(library, one).result
    assert (last.n_added, last.etag) == (1, '"1"')
    assert links(library) == [*"abcd"]


def test_what_a_folder_holds_and_cannot_be_taken_is_told(library: Library, tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside.txt"
    inbox.mkdir()
    outside.write_text("The harbour was closed on Monday. Nobody was hurt.", encoding="utf-8")
    (inbox / "link.txt").symlink_to(outside)
    one = follow(library, str(inbox))
    poll(library, one)
    (line,) = library.load_polls()
    assert "1 left out" in line.message
    assert "leads out of the folder" in line.message
    file = inbox / "a.txt"
    file.write_text("The bridge was closed on Friday. Nobody was hurt.", encoding="utf-8")
    os.utime(file, (1, 1))
    result = poll(library, one).result
    assert (result.n_added, "1 left out" in result.message) == (1, True)


def test_a_folder_within_that_cannot_be_read_for_a_while_is_not_forgotten(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inbox" / "inner"
    inner.mkdir(parents=True)
    file = inner / "a.txt"
    file.write_text("The harbour was closed on Monday. Nobody was hurt.", encoding="utf-8")
    os.utime(file, (1, 1))
    one = follow(library, str(inner.parent))
    library.undo_operation(poll(library, one).result.operation_id)
    scan = os.scandir

    def refuse(path: str) -> object:  # root reads a folder whatever its mode is
        if Path(path) == inner:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert "1 left out" in poll(library, one).result.message
    assert poll(library, one).result.outcome == "unchanged"
    assert library.load_articles() == []


def test_only_what_is_due_is_polled_and_a_paused_feed_is_not(library: Library, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (follow(library, str(tmp_path / name)) for name in ("one", "two"))
    library.pause_followed(two.id, is_paused=True)
    runner = PollRunner(library, load_toy_encoder, threading.Event())
    assert [report.followed.address for report in runner.poll_due()] == [one.address]
    assert [*runner.poll_due()] == []
    library.pause_followed(two.id, is_paused=False)
    assert [report.followed.address for report in runner.poll_due()] == [two.address]


def test_two_processes_do_not_poll_the_same_at_once(library_address: LibraryAddress, tmp_path: Path) -> None:
    with Library(library_address) as library:
        check_claims(library, tmp_path)


def check_claims(library: Library, tmp_path: Path) -> None:
    one = follow(library, str(tmp_path))
    assert library.claim_followed(one.id, 100.0, 200.0, "now")
    assert library.claim_followed(one.id, 199.0, 300.0, "now") is None
    taken = library.claim_followed(one.id, 200.0, 300.0, "now")  # the first was ended
    assert taken
    items = {"a" * 32: ItemState("page", 2)}
    library.finish_poll(one.id, taken[1], PollResult("unchanged", "e", "m", 7.5, 3, items))
    (now,) = library.load_followed()
    assert (now.etag, now.modified, now.next_poll_at, now.n_failures) == ("e", "m", 7.5, 3)
    assert library.load_items(one.id) == items
    assert library.claim_followed(one.id, 201.0, 300.0, "now")
    assert [line.outcome for line in library.load_polls()] == ["started", "unchanged", "started"]
    with pytest.raises(InputError, match="followed already"):
        follow(library, str(tmp_path))
    library.remove_followed(one.id)
    assert (library.load_items(one.id), len(library.load_polls(one.address))) == ({}, 3)


def test_a_poll_that_is_stopped_stores_no_state(site: Site, library: Library) -> None:
    put_page(site, "a", "Monday")
    put_feed(site, "a", etag='"1"')
    one = follow(library, f"{site.home}/feed")
    stop = threading.Event()
    reader = PollRunner(library, load_toy_encoder, stop)._find_reader(allow_private=True)
    calls = iter(range(1000))
    report = polling.poll_followed(one, library, load_toy_encoder, reader, lambda: next(calls) > 3)
    assert report
    assert report.result.outcome == "stopped"
    assert poll(library, one).result.outcome == "new"
    assert links(library) == ["a"]


@pytest.mark.parametrize("point", ["fetched", "stored", "finishing"])
def test_a_kill_loses_nothing_and_brings_nothing_twice(
    point: str, site: Site, library: Library, tmp_path: Path
) -> None:
    for page, day in zip("abcd", DAYS, strict=True):
        put_page(site, page, day)
    put_feed(site, *"abcd", etag='"1"')
    one = follow(library, f"{site.home}/feed")
    code = subprocess.run(
        [sys.executable, "-m", "tests.test_watch", str(tmp_path / "library"), one.id, point], check=False
    ).returncode
    assert code == -signal.SIGKILL
    assert library.load_followed()[0].etag == ""
    assert links(library) == ([] if point == "fetched" else [*"abcd"])
    assert [line.outcome for line in library.load_polls()] == ["started"]
    report = poll(library, one)
    assert links(library) == [*"abcd"]
    assert library.load_followed()[0].etag == '"1"'
    assert report.result.outcome == ("new" if point == "fetched" else "unchanged")
    assert len(library.load_operations()) == 1


def test_what_cannot_be_followed_is_refused(library: Library, tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "https://", "ftp://example.org/feed", "a\0b"):
        with pytest.raises(InputError):
            make_followed(address)
    for wrong in ({"minutes": 4}, {"minutes": 10**9}, {"lang": "klingon"}):
        with pytest.raises(InputError):
            make_followed(str(tmp_path), **wrong)
    follow(library, str(tmp_path))
    with pytest.raises(InputError, match="followed already"):
        follow(library, str(tmp_path))
    with pytest.raises(NotFoundError):
        library.find_followed("https://example.org/feed")
    assert "secret" not in make_followed("https://me:secret@example.org/feed").address


def test_a_list_of_feeds_comes_back_as_it_was_written(tmp_path: Path) -> None:
    feeds = [
        make_followed("https://example.org/feed?a=1&b=2", title='A <b> & "c"\x01 新闻'),
        make_followed("https://example.com/rss"),
    ]
    path = tmp_path / "feeds.opml"
    path.write_bytes(write_opml([*feeds, make_followed(str(tmp_path))]))
    read, n_bad = read_opml(path)
    assert [feed.url for feed in read] == [one.address for one in feeds]
    assert read[0].title == 'A <b> & "c"\N{REPLACEMENT CHARACTER} 新闻'
    assert n_bad == 0


def test_a_list_with_folders_doubles_and_bad_addresses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(
        '<opml version="1.0"><body><outline text="World"><outline xmlUrl="https://example.org/a" text="A"/>'
        '<outline xmlUrl="https://example.org/a"/></outline><outline xmlUrl="javascript:alert(1)"/></body></opml>',
        encoding="utf-8",
    )
    feeds, n_bad = read_opml(path)
    assert ([feed.url for feed in feeds], n_bad) == (["https://example.org/a"], 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>', "document type"),
        ('<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "document type"),
        ("<opml><body>", "no OPML"),
        ("", "no OPML"),
        ("<rss/>", "not opml"),
        ("<opml>" + "<outline>" * MAX_OPML_DEPTH, "nested"),
        ("<opml>" + "<outline/>" * (MAX_OUTLINES + 1) + "</opml>", "more than"),
        ("<opml>" + " " * MAX_OPML_BYTES + "</opml>", "larger than"),
    ],
)
def test_hostile_lists_are_refused(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        read_opml(path)


def _poll_and_die(folder: str, id_: str, point: str) -> None:
    """Poll what has the id, and be killed where ``point`` says."""
    fetch.MIN_WAIT_SECONDS = 0.0
    polling.CLAIM_SECONDS = 0.0  # a process that starts later may go on at once

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if point == "fetched":
        setattr(polling, "add_items", die)  # noqa: B010  # mypy has its own mind on it
    elif point == "stored":
        Library.finish_poll = die  # type: ignore[method-assign]
    else:
        from crosslingual.library import followed

        followed._replace_items = die  # within the transaction
    with Library(Path(folder)) as library:
        [*PollRunner(library, load_toy_encoder, threading.Event()).poll_now([library.find_followed(id_)])]


if __name__ == "__main__":
    _poll_and_die(*sys.argv[1:])
