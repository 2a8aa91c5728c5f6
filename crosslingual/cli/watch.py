"""``crosslingual watch``: feeds and folders that are followed."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.groups import CommandGroup
from crosslingual.cli.opening import open_library
from crosslingual.cli.options import encoder_option, library_option, output_options
from crosslingual.cli.printing import print_objects
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.library.followed import Followed, Poll
    from crosslingual.watch.polling import PollReport

minutes_option = click.option(
    "--every",
    "minutes",
    metavar="MINUTES",
    type=int,
    default=60,
    help="How often it is polled, from 5 minutes to a week (default: 60).",
)


@click.group("watch", cls=CommandGroup, default_command="list")
def watch_group() -> None:
    """Follow feeds and folders: what is new in them is added.

    FEED is an address or an id as the list shows it. Nothing is polled unless watch run is running.

    Example: crosslingual watch add https://www.example.org/feed.xml
    """


@watch_group.command("list")
@library_option
@output_options
def list_followed(library: Path | None, form: str) -> None:
    """List what is followed, when it was polled last and what failed.

    Example: crosslingual watch list
    """
    with open_library(Settings.load(library=library)) as opened:
        objects = [_followed_object(one, opened.watch.log(one.address, 1)) for one in opened.watch.followed()]
    if form != "table":
        print_objects(form, objects)
        return
    if not objects:
        click.echo("nothing is followed; begin with: crosslingual watch add URL_OR_FOLDER")
    for item in objects:
        last = f"last poll {item['last_poll']}: {item['outcome']}" if item["last_poll"] else "not polled yet"
        message = f" ({item['message']})" if item["message"] else ""
        due = "paused" if item["is_paused"] else f"due {item['next_poll']}"
        click.echo(f"{item['id']}  {item['address']}  {last}{message}; {due}")


@watch_group.command("add")
@click.argument("address", metavar="URL_OR_FOLDER")
@library_option
@click.option("--title", default="", help="What to call it.")
@click.option("--source", default="", metavar="ID", help="The outlet of articles that name none.")
@click.option("--lang", default="", metavar="CODE", help="The language of articles that name none.")
@minutes_option
@click.option("--private", is_flag=True, help="The feed lies on this machine or its network.")
def follow_address(
    address: str,
    library: Path | None,
    title: str,
    source: str,
    lang: str,
    minutes: int,
    private: bool,  # noqa: FBT001  # a click flag
) -> None:
    """Follow a feed or a folder.

    Example: crosslingual watch add https://www.example.org/feed.xml --every 30
    """
    with open_library(Settings.load(library=library), create=True) as opened:
        one = opened.watch.follow(
            address, title=title, source=source, lang=lang, minutes=minutes, is_private=private
        )
    click.echo(f"{one.id}  {one.address}: followed; it is polled by: crosslingual watch run")


@watch_group.command("remove")
@click.argument("name", metavar="FEED")
@library_option
def unfollow_address(name: str, library: Path | None) -> None:
    """Follow it no longer; its articles stay.

    Example: crosslingual watch remove https://www.example.org/feed.xml
    """
    with open_library(Settings.load(library=library)) as opened:
        one = opened.watch.unfollow(_place_of(name))
    click.echo(f"{one.address}: no longer followed; its articles stay")


@watch_group.command("pause")
@click.argument("name", metavar="FEED")
@library_option
def pause_polls(name: str, library: Path | None) -> None:
    """Poll it no longer, until watch resume.

    Example: crosslingual watch pause https://www.example.org/feed.xml
    """
    with open_library(Settings.load(library=library)) as opened:
        opened.watch.pause(_place_of(name))
    click.echo(f"{name}: paused")


@watch_group.command("resume")
@click.argument("name", metavar="FEED")
@library_option
def resume_polls(name: str, library: Path | None) -> None:
    """Poll it again, at once and with no regard to former failures.

    Example: crosslingual watch resume https://www.example.org/feed.xml
    """
    with open_library(Settings.load(library=library)) as opened:
        opened.watch.resume(_place_of(name))
    click.echo(f"{name}: polled again")


@watch_group.command("run")
@click.argument("names", nargs=-1, metavar="[FEED...]")
@library_option
@click.option("--once", is_flag=True, help="Poll what is due, and end.")
@encoder_option
def run_polls(
    names: tuple[str, ...],
    library: Path | None,
    once: bool,  # noqa: FBT001  # a click flag
    encoder: str | None,
) -> None:
    """Poll what is due, until it is stopped.

    It prints a line for each poll. Ctrl+C or SIGTERM stop it.

    What is named is polled once, due or not. With --once or names it fails where a poll failed.

    Example: crosslingual watch run --once
    """
    stop = threading.Event()
    with suppress(ValueError):  # not the main thread: whoever started it stops it
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
    failed = False
    with open_library(Settings.load(library=library, encoder=encoder)) as opened:
        places = [_place_of(name) for name in names]
        reports = opened.watch.poll(places, stop) if once or places else opened.watch.run(stop)
        for report in reports:
            failed = failed or report.result.outcome == "failed"
            click.echo(_report_line(report))
    if failed and (once or names):
        sys.exit(1)


@watch_group.command("log")
@click.argument("name", required=False, default="", metavar="[FEED]")
@library_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="Lines at most (default: 50).")
@output_options
def list_polls(name: str, library: Path | None, limit: int, form: str) -> None:
    """List polls, the latest first: what came and what failed.

    Example: crosslingual watch log --limit 10
    """
    with open_library(Settings.load(library=library)) as opened:
        polls = opened.watch.log(_place_of(name) if name else "", limit)
    if form != "table":
        print_objects(form, [_poll_object(poll) for poll in polls])
        return
    if not polls:
        click.echo("nothing was polled yet; begin with: crosslingual watch run --once")
    for poll in polls:
        message = f" ({poll.message})" if poll.message else ""
        undo = f"; undo it with: crosslingual undo {poll.operation_id}" if poll.operation_id else ""
        click.echo(
            f"{poll.started_at}  {poll.address}: {poll.outcome}, {poll.n_added} added, {poll.n_known} known"
            f"{message}{undo}"
        )


@watch_group.command("import")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@library_option
@minutes_option
def import_feeds(path: Path, library: Path | None, minutes: int) -> None:
    """Follow the feeds of an OPML file, as other feed readers export it.

    Example: crosslingual watch import feeds.opml
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library), create=True) as opened:
        new, n_known, n_bad = opened.watch.import_opml(path, minutes=minutes)
    bad = f", {n_bad:,} are no addresses of the web" if n_bad else ""
    click.echo(f"{path}: {format_count(len(new), 'feed')} followed, {n_known:,} were already{bad}")


@watch_group.command("export")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@library_option
def export_feeds(path: Path, library: Path | None) -> None:
    """Write the feeds to an OPML file for another feed reader.

    Folders have no place in it.

    Example: crosslingual watch export feeds.opml
    """
    from crosslingual.formatting import format_count

    with open_library(Settings.load(library=library)) as opened:
        n_feeds = opened.watch.export_opml(path)
    click.echo(f"{path}: {format_count(n_feeds, 'feed')}")


def _place_of(name: str) -> str:
    """``name`` as it is stored: a folder by its whole path."""
    path = Path(name).expanduser()
    return str(path.resolve()) if "://" not in name and path.is_dir() else name


def _report_line(report: PollReport) -> str:
    result = report.result
    came = f", {result.n_added} added, {result.n_known} known" if result.n_added or result.n_known else ""
    message = f" ({result.message})" if result.message else ""
    return f"{report.followed.address}: {result.outcome}{came}{message}"


def _followed_object(one: Followed, polls: list[Poll]) -> dict[str, Any]:
    last = polls[0] if polls else None
    return {
        "id": one.id,
        "kind": one.kind,
        "address": one.address,
        "title": one.title,
        "source": one.source,
        "lang": one.lang,
        "minutes": one.interval_seconds // 60,
        "is_private": one.is_private,
        "is_paused": one.is_paused,
        "next_poll": _moment(one.next_poll_at),
        "n_failures": one.n_failures,
        "last_poll": last.started_at if last else "",
        "outcome": last.outcome if last else "",
        "message": last.message if last else "",
    }


def _poll_object(poll: Poll) -> dict[str, Any]:
    return {
        "started_at": poll.started_at,
        "address": poll.address,
        "outcome": poll.outcome,
        "n_added": poll.n_added,
        "n_known": poll.n_known,
        "operation_id": poll.operation_id,
        "message": poll.message,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else "now"
