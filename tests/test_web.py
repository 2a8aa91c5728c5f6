from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
import feedparser
import pytest

from crosslingual.readers import Problem, Record
from crosslingual.readers.record import build_record
from crosslingual.ui.add.inputs import inputs_from_links
from crosslingual.web import connect, fetch
from crosslingual.web.connect import is_public_address
from crosslingual.web.fetch import Fetcher, FetchError, PageState
from crosslingual.web.pages import WebReader
from crosslingual.web.visits import Visits
from tests.helpers.site_double import BODY, Site, html


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Fetcher:
    return Fetcher(allow_private=True, pause=waits.append)


def web(fetcher: Fetcher, folder: Path, held: set[str] | None = None) -> WebReader:
    return WebReader(fetcher, Visits(folder / "web.json"), lambda urls: (held or set()) & set(urls))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"),
        *("::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::808:808", "fec0::1", "feff::8", "::0:a00:1"),
        *("2606:4700::5efe:c0a8:101", "2606:4700::200:5efe:7f00:1"),
    ],
)
def test_addresses_of_this_machine_and_its_network_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::5efe:808:808"],
)
def test_other_addresses_are_public(address: str) -> None:
    assert is_public_address(address)


def test_a_page_becomes_an_article(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.answers["/news/bridge?id=3"] = html()
    items = [*web(fetcher, tmp_path).read([f"{site.home}/news/bridge?id=3"])]
    assert [type(item) for item in items] == [Record]
    record = items[0]
    assert isinstance(record, Record)
    assert record.title == "Bridge opens again"
    assert record.text.startswith("The old bridge") or "The old bridge" in record.text
    assert record.url == f"{site.home}/news/bridge?id=3"
    assert "crosslingual" in site.asked[-1][1]["User-Agent"]


def test_pages_that_differ_in_their_query_only_are_both_read(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    urls = [f"{site.home}/{'long/' * 50}story?id={number}" for number in (1, 2)]
    urls += [f"{site.home}/story?id={number}" for number in (1, 2)]
    for url in urls:
        site.answers[url.removeprefix(site.home)] = html(BODY.replace("Friday", f"Friday {url[-1]}"))
    items = [*web(fetcher, tmp_path).read(urls)]
    assert [item.url for item in items if isinstance(item, Record)] == urls


def test_this_machine_is_not_asked_unless_the_user_says_so(site: Site) -> None:
    with pytest.raises(FetchError, match=r"address of this machine.*--private"):
        Fetcher(pause=lambda _: None).get(f"{site.home}/")
    with pytest.raises(FetchError, match="address of this machine"):
        Fetcher(pause=lambda _: None).get(f"http://localhost:{site.server.server_port}/")
    assert site.asked == []


def test_a_redirect_into_the_own_network_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "is_public_address", lambda address: address == "127.0.0.1")
    site.answers["/"] = 302, {"Location": f"http://127.0.0.2:{site.server.server_port}/secret"}, b""
    with pytest.raises(FetchError, match=r"127\.0\.0\.2"):
        Fetcher(pause=lambda _: None).get(f"{site.home}/")
    assert site.paths() == ["/"]


def test_private_holds_for_the_link_that_was_named(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    """Neither a redirect nor a feed leads from it to another server of one's own."""
    other = f"http://127.0.0.2:{site.server.server_port}"
    site.answers["/moved"] = 302, {"Location": f"{other}/secret"}, b""
    site.answers["/own"] = 302, {"Location": "/story"}, b""
    site.answers["/story"] = html()
    named = "".join(
        f"<item><title>x</title><link>{link}</link></item>" for link in (f"{other}/secret", "/story")
    )
    feed = f"<rss version='2.0'><channel><title>News</title>{named}</channel></rss>".encode()
    site.answers["/feed"] = 200, {"Content-Type": "application/rss+xml"}, feed
    for path in ("/moved", "/own", "/feed"):
        items = [*web(fetcher, tmp_path).read([f"{site.home}{path}"])]
        refused = [str(item) for item in items if isinstance(item, Problem)]
        assert len(refused) == (path != "/own")
        assert all("127.0.0.2" in line and line.endswith("add --private") for line in refused)
        assert len(items) - len(refused) == (path != "/moved")
    assert "/secret" not in site.paths()


def test_passwords_in_links_are_neither_stored_nor_shown(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.answers["/story"] = html()
    own, gone = (site.home.replace("//", "//reader:Nightingale@") + path for path in ("/story", "/gone"))
    items = [*web(fetcher, tmp_path).read([own, gone])]
    assert [type(item) for item in items] == [Problem, Record]
    assert "Nightingale" not in repr(items) + (tmp_path / "web.json").read_text(encoding="utf-8")
    (record,) = build_record({"text": BODY, "lang": "en", "url": own, "source": gone}, Path("a"), 1)
    assert isinstance(record, Record)
    assert record.url == f"{site.home}/story"
    assert "Nightingale" not in repr(record)
    assert inputs_from_links(f"{own} {gone}").urls == (f"{site.home}/story", f"{site.home}/gone")


def test_a_name_that_changes_its_address_gains_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what is connected to is what was checked, not what the name means a moment later."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def change(host: str, port: int, **more: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1" if len(looked_up) % 2 else "127.0.0.2", port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", change)
    monkeypatch.setattr(connect, "is_public_address", lambda address: address == "127.0.0.1")
    site.answers["/robots.txt"] = 200, {"Connection": "close"}, b""
    site.answers["/"] = html()
    with pytest.raises(FetchError, match=r"127\.0\.0\.2"):
        Fetcher(pause=lambda _: None).get(f"http://rebind.example:{site.server.server_port}/")
    assert looked_up == ["rebind.example"] * 2
    assert site.paths() == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "http://", "a"]
)
def test_only_addresses_of_the_web_are_fetched(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="not an address of the web"):
        fetcher.get(url)


def test_redirects_are_followed_and_bounded(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = 301, {"Location": "/b"}, b""
    site.answers["/b"] = html()
    site.answers["/loop"] = 302, {"Location": "/loop"}, b""
    page = fetcher.get(f"{site.home}/a")
    assert page
    assert page.url == f"{site.home}/b"
    with pytest.raises(FetchError, match="redirects"):
        fetcher.get(f"{site.home}/loop")
    assert site.paths().count("/loop") == fetch.MAX_REDIRECTS + 1


def test_robots_txt_is_heeded(site: Site, fetcher: Fetcher) -> None:
    site.answers["/robots.txt"] = 200, {}, b"User-agent: *\nDisallow: /private/\nCrawl-delay: 7\n"
    site.answers["/private/a"] = site.answers["/b"] = html()
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher.get(f"{site.home}/private/a")
    assert fetcher.get(f"{site.home}/b")
    assert site.paths() == ["/b"]


def test_a_host_whose_robots_txt_fails_is_left_alone(site: Site, fetcher: Fetcher) -> None:
    site.answers["/robots.txt"] = 500, {}, b""
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher.get(f"{site.home}/b")


def test_a_host_is_not_hurried(
    site: Site, fetcher: Fetcher, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)  # however slow this machine is
    site.answers["/robots.txt"] = 200, {}, b"User-agent: *\nCrawl-delay: 7\n"
    site.answers["/a"] = site.answers["/b"] = html()
    fetcher.get(f"{site.home}/a")
    fetcher.get(f"{site.home}/b")
    assert waits == [7.0, 7.0]


def test_a_busy_host_is_asked_once_more_when_it_says(
    site: Site, fetcher: Fetcher, waits: list[float]
) -> None:
    answers = iter([(429, {"Retry-After": "9"}, b""), html()])

    def answer(handler: BaseHTTPRequestHandler) -> None:
        status, headers, body = next(answers)
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    site.answers["/a"] = answer
    assert fetcher.get(f"{site.home}/a")
    assert 9 in waits
    site.answers["/b"] = 503, {"Retry-After": "4000"}, b""
    with pytest.raises(FetchError, match="busy; try again later"):
        fetcher.get(f"{site.home}/b")


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_is_bounded_in_size_unpacked(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(fetch, "MAX_PAGE_BYTES", 10**6)
    body = b"a" * (2 * 10**6)
    headers = {"Content-Type": "text/html"} | ({"Content-Encoding": "gzip"} if packed else {})
    site.answers["/a"] = 200, headers, gzip.compress(body) if packed else body
    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetcher.get(f"{site.home}/a")


def test_a_page_is_bounded_in_time(site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_PAGE_SECONDS", 0.5)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(200):
            try:
                handler.wfile.write(b"a")
            except OSError:
                return
            time.sleep(0.05)

    site.answers["/a"] = drip
    with pytest.raises(FetchError, match="try again later"):  # waited for, it would come
        fetcher.get(f"{site.home}/a")


def drip_forever(before: bytes, ended: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server that sends ``before``, then a byte now and then, and says when it was hung up on."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(before)
            while True:
                handler.wfile.write(b"a")
                time.sleep(0.05)
        except OSError:
            ended.set()
        handler.close_connection = True

    return drip


BEGINNINGS = {
    "status line": b"HTTP/1.1 ",
    "header": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Tide: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    "body of known length": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999999\r\n\r\n",
}


@pytest.mark.parametrize("path", ["/a", "/robots.txt"])
@pytest.mark.parametrize("part", BEGINNINGS)
def test_whatever_comes_slowly_is_inside_the_time_of_a_page(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, part: str, path: str
) -> None:
    monkeypatch.setattr(fetch, "MAX_PAGE_SECONDS", 0.5)
    ended = threading.Event()
    site.answers[path] = drip_forever(BEGINNINGS[part], ended)
    with pytest.raises(FetchError, match=r"not whole after .* try again later"):
        fetcher.get(f"{site.home}/a")
    assert ended.wait(60)


@pytest.mark.parametrize("part", BEGINNINGS)
def test_a_cancel_is_heard_while_a_page_comes(
    site: Site, fetcher: Fetcher, tmp_path: Path, part: str
) -> None:
    ended = threading.Event()
    site.answers["/a"] = drip_forever(BEGINNINGS[part], ended)
    site.answers["/b"] = html()
    urls = [f"{site.home}/a", f"{site.home}/b"]
    assert [*web(fetcher, tmp_path).read(urls, cancelled=lambda: bool(site.paths()))] == []
    assert ended.wait(60)
    assert site.paths() == ["/a"]


def test_a_cancel_is_heard_while_a_host_is_waited_for(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 30\n")
    site.answers["/a"] = html()
    slept: list[float] = []
    stop = threading.Event()

    def sleep_and_stop(seconds: float) -> None:
        slept.append(seconds)
        stop.set()

    monkeypatch.setattr(time, "sleep", sleep_and_stop)
    read = web(Fetcher(allow_private=True), tmp_path).read([f"{site.home}/a"], cancelled=stop.is_set)
    assert [*read] == []
    assert [seconds <= 0.2 for seconds in slept] == [True]
    assert site.paths() == []


def test_a_server_that_hangs_in_the_greeting_of_https_is_hung_up_on(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_PAGE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            opened, _ = server.accept()
            with opened, suppress(OSError):
                opened.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB is to come
                while True:
                    opened.sendall(b"\x02")
                    time.sleep(0.05)

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(FetchError, match=r"not whole after .* try again later"):
            fetcher.get(f"https://127.0.0.1:{server.getsockname()[1]}/a")


def test_what_cannot_be_reached_is_one_line(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError, match="check the address and the connection") as failure:
        fetcher.get(f"http://127.0.0.1:{port}/")
    assert "\n" not in str(failure.value)


def test_a_page_that_did_not_change_is_not_sent_again(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    url = f"{site.home}/a"
    site.answers["/a"] = html(ETag='"one"')
    assert len([*web(fetcher, tmp_path).read([url])]) == 1
    site.answers["/a"] = 304, {}, b""
    again = web(fetcher, tmp_path, held={url})
    assert [*again.read([url])] == []
    assert again.unchanged == 1
    assert site.asked[-1][1]["If-None-Match"] == '"one"'
    # What the library does not hold is asked for whole, whatever is remembered.
    site.answers["/a"] = html(ETag='"one"')
    assert len([*web(fetcher, tmp_path).read([url])]) == 1
    assert "If-None-Match" not in site.asked[-1][1]


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>{home}/</link>
<item><title>A</title><link>{home}/a</link></item><item><title>B</title><link>/b</link></item>
<item><title>C</title><link>{home}/gone</link></item><item><link>javascript:alert(1)</link></item>
</channel></rss>"""


def test_a_feed_brings_its_pages_and_a_fault_costs_one_line(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    feed = FEED.format(home=site.home).encode()
    site.answers["/feed"] = 200, {"Content-Type": "application/rss+xml"}, feed
    site.answers["/a"], site.answers["/b"] = html(), html(BODY.replace("Friday", "Monday"))
    items = [*web(fetcher, tmp_path).read([f"{site.home}/feed"])]
    here = [f"{site.home}/a", f"{site.home}/b"]
    assert sorted(item.url for item in items if isinstance(item, Record)) == here
    (problem,) = (item for item in items if isinstance(item, Problem))
    assert "404" in str(problem)
    assert str(problem).startswith(f"127.0.0.1:{site.server.server_port}/gone: ")
    # What is in the library is not fetched again for the feed's sake; what failed is.
    site.asked.clear()
    again = web(fetcher, tmp_path, held=set(here))
    assert len([*again.read([f"{site.home}/feed"])]) == 1
    assert site.paths() == ["/feed", "/gone"]
    assert again.unchanged == 2


def test_a_feed_is_parsed_in_a_process_that_can_be_stopped(
    site: Site, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed in the process of the app")

    monkeypatch.setattr(feedparser, "parse", refuse)
    feed = FEED.format(home=site.home).encode()
    site.answers["/feed"] = 200, {"Content-Type": "application/rss+xml"}, feed
    site.answers["/a"] = html()
    items = [*web(fetcher, tmp_path).read([f"{site.home}/feed"])]
    assert [item.url for item in items if isinstance(item, Record)] == [f"{site.home}/a"]


def test_a_feed_that_is_none_is_told_under_its_address(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.answers["/feed"] = 200, {"Content-Type": "application/rss+xml"}, b"<rss/>"
    (problem,) = web(fetcher, tmp_path).read([f"{site.home}/feed"])
    assert str(problem).startswith(f"127.0.0.1:{site.server.server_port}/feed: ")


def test_pages_in_brotli_are_read_and_other_packing_is_told(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    packed = brotli.compress(BODY.encode())
    site.answers["/a"] = 200, {"Content-Type": "text/html", "Content-Encoding": "br"}, packed
    site.answers["/b"] = 200, {"Content-Type": "text/html", "Content-Encoding": "lzma"}, packed
    record, problem = web(fetcher, tmp_path).read([f"{site.home}/a", f"{site.home}/b"])
    if isinstance(record, Problem):  # what is told comes first
        record, problem = problem, record
    assert isinstance(record, Record)
    assert record.title == "Bridge opens again"
    assert "packed as 'lzma'" in str(problem)


def test_what_is_no_page_is_refused(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.answers["/a.bin"] = 200, {"Content-Type": "application/octet-stream"}, b"\0\1\2"
    (problem,) = web(fetcher, tmp_path).read([f"{site.home}/a.bin"])
    assert "application/octet-stream; save it as a file" in str(problem)


def test_fetching_stops_when_it_is_told(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.answers["/a"] = site.answers["/b"] = html()
    urls = [f"{site.home}/a", f"{site.home}/b"]
    items = web(fetcher, tmp_path).read(urls, cancelled=lambda: bool(site.paths()))
    assert len([*items]) <= 1
    assert site.paths() == ["/a"]


def test_damaged_notes_of_visits_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "web.json"
    for content in (
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"a": {"etag": "x"}}',
        "\ud800".encode("utf-8", "replace").decode(),
    ):
        path.write_text(content, encoding="utf-8")
        visits = Visits(path)
        assert visits.get("a") is None
        visits.put("a", PageState("x", "y"), "https://a.example/")
        visits.save()
        assert Visits(path).get("a") == (PageState("x", "y"), "https://a.example/")
