"""One poll: what is new at a feed or in a folder goes into the library; only then its state moves on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import InputError, one_line
from crosslingual.ingest.inputs import make_item_reader
from crosslingual.ingest.pipeline import ItemReader, add_items
from crosslingual.ingest.summary import AddSummary
from crosslingual.library import Library
from crosslingual.library.followed import Followed, ItemState, PollResult, item_key
from crosslingual.readers import File, Item, Problem, SkippedFile, walk_folder
from crosslingual.web.fetch import PageState
from crosslingual.web.pages import MAX_FEED_PAGES, WebReader, page_label, read_feed_links

MAX_ATTEMPTS = 5
"""Polls at which a page or a file is tried before it is given up."""
MAX_FILES = 10_000
"""New files that one poll of a folder takes; the rest comes with the next."""
MAX_BACKOFF_SECONDS = 24 * 3600
"""A feed that fails is asked at least as often, unless its own interval is longer."""
CLAIM_SECONDS = 300.0
"""So long no other process polls what this one polls; while it works it asks for more."""

_SETTLE_SECONDS = 2.0  # a file that was written so lately may not be whole
_RENEW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class PollReport:
    """What came of a poll of ``followed``: its ``result``, and ids of the articles that were given."""

    followed: Followed
    result: PollResult
    article_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a poll found: names of items with their present states, those to read, and what reads them.

    ``is_partial``: there is more, which this poll leaves to the next, or could not look at. ``message`` says what it
    could not look at.
    """

    etag: str
    modified: str
    present: Mapping[str, str]
    labels: Mapping[Path, str]  # of those to read, the path that problems name → the item
    read_items: ItemReader
    is_partial: bool = False
    message: str = ""


def poll_followed(
    one: Followed,
    library: Library,
    load_encoder: Callable[[], ArticleEncoder],
    web_reader: WebReader,
    is_stopped: Callable[[], bool] = lambda: False,
) -> PollReport | None:
    """Poll a feed or a folder now, and store what came; None where another process does so, or it is paused.

    Articles are stored first, as one operation. Then, in one transaction, validators, what was seen, the next time
    and the log move. A process that is killed between asks again, and finds its articles known.

    Raises:
        LibraryError: the library cannot be written.
        ModelError: the encoder cannot be loaded.
    """
    started = time.time()
    claimed = library.claim_followed(
        one.id, started, started + CLAIM_SECONDS, datetime.now(UTC).isoformat(timespec="seconds")
    )
    if claimed is None:
        return None
    one, poll = claimed
    is_ended = _renew_claim(library, one.id, is_stopped)
    report = PollReport(one, _stopped(one))
    try:
        report = _poll(one, library, load_encoder, web_reader, is_ended)
    finally:
        library.finish_poll(one.id, poll, report.result)
    return report


def _poll(
    one: Followed,
    library: Library,
    load_encoder: Callable[[], ArticleEncoder],
    web_reader: WebReader,
    is_stopped: Callable[[], bool],
) -> PollReport:
    known = library.load_items(one.id)
    try:
        found = (
            _look_at_feed(one, known, web_reader, is_stopped)
            if one.kind == "feed"
            else _look_into_folder(one, known)
        )
    except (InputError, OSError) as error:
        if is_stopped():
            return PollReport(one, _stopped(one))
        return PollReport(one, _failed(one, one_line(error).removeprefix(f"{one.address}: ")))
    if is_stopped():  # perhaps while the feed was parsed: it gave fewer links than it has
        return PollReport(one, _stopped(one))
    if found is None or not found.labels:
        items = None if found is None else _next_states(found, known, set())
        etag, modified = (found.etag, found.modified) if found else (one.etag, one.modified)
        message = found.message if found else ""
        return PollReport(
            one, PollResult("unchanged", etag, modified, _next_time(one), 0, items, message=message)
        )
    summary = add_items(
        found.read_items,
        [Path(f"watch: {one.title or one.address}")],
        library,
        load_encoder,
        source=one.source or None,
        lang=one.lang or None,
        cancelled=is_stopped,
    )
    if summary.is_cancelled:
        return PollReport(one, _stopped(one, summary), summary.article_ids)
    return PollReport(one, _finished(one, found, known, summary), summary.article_ids)


def _look_at_feed(
    one: Followed, known: Mapping[str, ItemState], web_reader: WebReader, is_stopped: Callable[[], bool]
) -> _Inputs | None:
    page = web_reader.fetch_feed(one.address, PageState(one.etag, one.modified), is_stopped)
    if page is None:
        return None
    links = list(read_feed_links(page, is_stopped))
    wanted = [link for link in links if _is_wanted(known.get(item_key(link)), "page")]
    new = wanted[:MAX_FEED_PAGES]
    left = {*wanted[MAX_FEED_PAGES:]}
    present = {link: "page" for link in links if link not in left}

    def read_items(
        report_progress: Callable[[int, int, Path | None], None], is_cancelled: Callable[[], bool]
    ) -> Iterator[Item]:
        return web_reader.read(new, report_progress, is_cancelled, requested=False)

    labels = {page_label(link): link for link in new}
    return _Inputs(page.state.etag, page.state.modified, present, labels, read_items, is_partial=bool(left))


def _look_into_folder(one: Followed, known: Mapping[str, ItemState]) -> _Inputs:
    top = Path(one.address)
    if not top.is_dir():
        raise InputError("not there; put it back, or follow it no longer")
    now = time.time()
    present: dict[str, str] = {}
    new: list[File] = []
    problems: list[Problem] = []
    for item in walk_folder(File(top)):
        if isinstance(item, SkippedFile) or (isinstance(item, Problem) and item.path == top):
            continue
        if isinstance(item, Problem):  # a link that leads elsewhere, or a folder that cannot be read
            problems.append(item)
            continue
        try:
            info = item.path.stat()
        except OSError:  # gone meanwhile
            continue
        name, state = str(item.path), f"{info.st_mtime_ns}:{info.st_size}"
        before = known.get(item_key(name))
        if not _is_wanted(before, state):
            present[name] = state
        elif not 0 <= now - info.st_mtime < _SETTLE_SECONDS and len(new) < MAX_FILES:
            present[name] = state
            new.append(item)
    labels = {file.path: str(file.path) for file in new}
    is_partial = any(not problem.path.is_symlink() for problem in problems)
    message = _summarise(problems, "left out")
    return _Inputs("", "", present, labels, make_item_reader(new, None, ()), is_partial, message)


def _is_wanted(before: ItemState | None, state: str) -> bool:
    """Whether an item in ``state`` is to be read: it is new, has changed, or failed and may go well now."""
    return before is None or before.state != state or 0 < before.n_failures < MAX_ATTEMPTS


def _finished(
    one: Followed, found: _Inputs, known: Mapping[str, ItemState], summary: AddSummary
) -> PollResult:
    problems = [problem for problem in summary.problems if not problem.is_warning]
    failed = {
        found.labels[path]
        for problem in problems
        for path in (problem.path, *problem.path.parents)
        if path in found.labels
    }
    items = _next_states(found, known, failed)
    # The feed is sent whole again while a page of it is still to be taken, or tried again.
    is_open = found.is_partial or any(0 < state.n_failures < MAX_ATTEMPTS for state in items.values())
    etag, modified = ("", "") if is_open else (found.etag, found.modified)
    message = "; ".join(filter(None, (_summarise(problems, "failed"), found.message)))
    is_new = summary.n_added or summary.n_translations
    outcome = "new" if is_new else "failed" if problems else "unchanged"
    return PollResult(
        *(outcome, etag, modified, _next_time(one), 0, items),
        *(summary.n_added, summary.n_known, summary.operation_id, message),
    )


def _next_states(found: _Inputs, known: Mapping[str, ItemState], failed: set[str]) -> dict[str, ItemState]:
    """The states of all that is there; what is gone is forgotten, unless it may be where the poll did not look."""
    read = {*found.labels.values()}
    states = dict(known) if found.is_partial else {}
    for name, state in found.present.items():
        key = item_key(name)
        before = known.get(key)
        n_before = before.n_failures if before and before.state == state else 0
        n_failures = n_before + 1 if name in failed else 0 if name in read else n_before
        states[key] = ItemState(state, n_failures)
    return states


def _summarise(problems: Sequence[Problem], what: str) -> str:
    return one_line(f"{len(problems):,} {what}, as {problems[0]}", 200) if problems else ""


def _failed(one: Followed, message: str) -> PollResult:
    n_failures = one.n_failures + 1
    longest = max(MAX_BACKOFF_SECONDS, one.interval_seconds)
    wait = min(one.interval_seconds * 2 ** min(n_failures, 20), longest)
    return PollResult("failed", one.etag, one.modified, time.time() + wait, n_failures, message=message)


def _stopped(one: Followed, summary: AddSummary | None = None) -> PollResult:
    added, known, operation = (
        (summary.n_added, summary.n_known, summary.operation_id) if summary else (0, 0, "")
    )
    return PollResult(
        *("stopped", one.etag, one.modified, one.next_poll_at, one.n_failures, None, added, known, operation),
    )


def _next_time(one: Followed) -> float:
    return time.time() + one.interval_seconds


def _renew_claim(library: Library, id_: str, is_stopped: Callable[[], bool]) -> Callable[[], bool]:
    """``is_stopped``, which now and then asks for more time as well."""
    renewed = time.monotonic()

    def is_ended() -> bool:
        nonlocal renewed
        if time.monotonic() - renewed > _RENEW_SECONDS:
            renewed = time.monotonic()
            library.extend_claim(id_, time.time() + CLAIM_SECONDS)
        return is_stopped()

    return is_ended
