"""What is done over HTTP: files and pages added, translations made, in the background."""

from __future__ import annotations

import errno
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest

from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.ingest.pipeline import add_items
from crosslingual.ingest.summary import AddSummary
from crosslingual.model_store import translators
from crosslingual.serve import job_routes, job_work, middleware
from tests.helpers.doubles import EchoEngine
from tests.helpers.http_server import HttpAnswer, HttpServer, make_form
from tests.helpers.site_double import Site

pytestmark = pytest.mark.model

TEXT = (
    "The lighthouse of Skagen went dark on Sunday night. Technicians found a broken cable at dawn. Ships were"
    " warned by radio. Nobody was hurt, the harbour master said. The lamp burned again at noon."
)


@pytest.fixture
def upload_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploads are kept, deep in ``tmp_path``."""
    folder = tmp_path / "one" / "two" / "three" / "four"
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def wait_until_empty(folder: Path) -> None:
    """Wait a while, as a folder goes with what held it; fail where something is left."""
    for _ in range(600):
        if not list(folder.iterdir()):
            return
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def article(title: str, text: str = TEXT, lang: str = "en") -> bytes:
    return f"---\ntitle: {title}\ndate: 2024-03-02\nlang: {lang}\nsource: skagen-post\n---\n{text}\n".encode()


def test_files_are_added_and_told_of_until_dismissed(fresh_server: HttpServer) -> None:
    before = fresh_server.ask("/v1").json["articles"]
    body, headers = make_form(
        {"one.md": article("Dark"), "odd.xyz": b"\x00\x01", "bad.jsonl": b"{not json\n"}
    )
    begun = fresh_server.ask("/v1/articles", "POST", body, headers)
    assert begun.status == 202
    job = fresh_server.wait_for_job(begun.headers["location"])
    assert (job["kind"], job["state"], job["result"]["added"]) == ("add", "done", 1)
    assert "1 article added" in job["message"]
    assert {problem["path"] for problem in job["result"]["problems"]} == {"odd.xyz", "bad.jsonl"}
    (id_,) = job["result"]["articles"]
    assert fresh_server.ask(f"/v1/articles/{id_}").json["title"] == "Dark"
    assert fresh_server.ask("/v1").json["articles"] == before + 1
    (listed,) = fresh_server.ask("/v1/jobs").json["items"]
    assert listed == {name: value for name, value in job.items() if name != "result"}
    assert fresh_server.ask(f"{begun.headers['location']}/cancel", "POST").json == job
    assert fresh_server.ask(begun.headers["location"]).json["state"] == "done"
    assert fresh_server.ask(begun.headers["location"], "DELETE").status == 204
    assert fresh_server.ask("/v1/jobs").json["items"] == []
    assert fresh_server.ask(begun.headers["location"], "DELETE").status == 404


@pytest.mark.parametrize(
    "name",
    ["../../../escape.md", "{root}/escape.md", "..\\..\\escape.md", "../escape.md", "0/../../escape.md"],
)
def test_the_name_of_an_upload_is_no_path(
    fresh_server: HttpServer, upload_folder: Path, tmp_path: Path, name: str
) -> None:
    name = name.format(root=tmp_path)
    body, headers = make_form({name: article("Elsewhere")})
    begun = fresh_server.ask("/v1/articles", "POST", body, headers)
    job = fresh_server.wait_for_job(begun.headers["location"])
    assert job["result"]["added"] == 1
    shown = job["title"].removeprefix("Adding ")
    assert not {"/", "\\"} & {*shown}
    assert not list(tmp_path.rglob("*escape*"))
    wait_until_empty(upload_folder)


def test_pages_of_this_machine_are_not_fetched(fresh_server: HttpServer, site: Site) -> None:
    port = site.server.server_port
    body, headers = make_form({}, urls=[f"http://127.0.0.1:{port}/a", f"http://localhost:{port}/b"])
    job = fresh_server.wait_for_job(
        fresh_server.ask("/v1/articles", "POST", body, headers).headers["location"]
    )
    assert job["result"]["added"] == 0
    assert job["result"]["n_problems"] == 2
    assert not site.asked


@pytest.mark.parametrize(
    ("files", "fields", "detail"),
    [
        ({}, {}, "nothing to add"),
        ({}, {"urls": "file:///etc/hostname"}, "is no address of the web"),
        ({}, {"urls": ["https://a.example/1"] * 201}, "200"),
        ({"a.md": b"x"}, {"lang": "Klingon"}, "ISO 639-1"),
        ({"a.md": b"x"}, {"path": "/etc"}, "field 'path'"),
        ({"a.md": b"x"}, {"source": "s" * 201}, "200 characters"),
        ({}, {"files": "no file"}, "as a file"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused(
    fresh_server: HttpServer, files: dict[str, bytes], fields: dict[str, str], detail: str
) -> None:
    body, headers = make_form(files, **fields)
    answer = fresh_server.ask("/v1/articles", "POST", body, headers)
    assert answer.status in (400, 422)
    assert detail in answer.json["detail"]
    assert fresh_server.ask("/v1/jobs").json["items"] == []


def test_a_body_that_is_no_form_is_refused(fresh_server: HttpServer) -> None:
    for headers in ({}, {"content-type": "application/json"}, {"content-type": "multipart/form-data"}):
        answer = fresh_server.ask("/v1/articles", "POST", b"{}", headers)
        assert answer.status in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def test_too_long_a_body_is_refused_however_it_comes(
    fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_routes, "MAX_UPLOAD_BYTES", 1000)
    monkeypatch.setattr(job_routes, "MAX_BODY_BYTES", 500)
    body, headers = make_form({"a.md": b"x" * 2000})
    assert fresh_server.ask("/v1/articles", "POST", body, headers).status == 413
    pieces = iter([body[:700], body[700:]])
    assert fresh_server.ask("/v1/articles", "POST", pieces, headers).status == 413  # without a length
    long = b'{"event": "' + b"x" * 600 + b'"}'
    told = {"content-type": "application/json"}
    for sent in (long, iter([long])):
        answer = fresh_server.ask("/v1/translations", "POST", sent, told)
        assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")


def test_a_full_disk_is_told_as_such(
    fresh_server: HttpServer, upload_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(job_routes, "store_upload", fail)
    body, headers = make_form({"a.md": article("No room")})
    answer = fresh_server.ask("/v1/articles", "POST", body, headers)
    assert (answer.status, answer.headers["content-type"]) == (507, "application/problem+json")
    assert "free some space" in answer.json["detail"]
    assert fresh_server.ask("/v1/jobs").json["items"] == []
    wait_until_empty(upload_folder)


def send_part(server: HttpServer, body: bytes, n_bytes: int, kind: str) -> socket.socket:
    """A connection on which the first ``n_bytes`` of a form were sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=600)
    head = f"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:n_bytes])
    return connection


def wait_for_status(server: HttpServer, status: int) -> HttpAnswer:
    """What an empty form is answered with, once that is ``status``."""
    body, headers = make_form({})
    for _ in range(600):
        answer = server.ask("/v1/articles", "POST", body, headers)
        if answer.status == status:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{answer.status}: {answer.json['detail']}")


def test_an_upload_that_stops_coming_gives_up_its_place(
    fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "MAX_STALL_SECONDS", 0.5)
    body, headers = make_form({"a.md": article("Half", TEXT)})
    with send_part(fresh_server, body, len(body) - 40, headers["content-type"]) as connection:
        assert connection.makefile("rb").readline().split()[1] == b"408"
        assert fresh_server.ask("/v1/articles", "POST", body, headers).status == 202


def test_an_upload_that_is_broken_off_leaves_nothing(fresh_server: HttpServer, upload_folder: Path) -> None:
    body, headers = make_form({"a.md": article("Half", TEXT * 10_000)})
    with send_part(fresh_server, body, len(body) - 40, headers["content-type"]):
        assert "another upload" in wait_for_status(fresh_server, 409).json["detail"]
    assert "nothing to add" in wait_for_status(fresh_server, 422).json["detail"]
    assert fresh_server.ask("/v1/jobs").json["items"] == []
    wait_until_empty(upload_folder)
    assert "Traceback" not in fresh_server.log.getvalue()


def test_one_job_at_a_time_which_may_be_cancelled(
    fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def wait_and_add(*args: object, **options: object) -> object:
        may_go_on.wait(60)
        return add_items(*args, **options)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(job_work, "add_items", wait_and_add)
    body, headers = make_form({f"{number}.md": article(f"Night {number}") for number in range(3)})
    place = fresh_server.ask("/v1/articles", "POST", body, headers).headers["location"]
    second = fresh_server.ask("/v1/articles", "POST", body, headers)
    assert (second.status, second.headers["content-type"]) == (409, "application/problem+json")
    with send_part(fresh_server, body, 0, headers["content-type"]) as unread:
        assert unread.recv(100).startswith(b"HTTP/1.1 409")
    told = {"content-type": "application/json"}
    assert fresh_server.ask("/v1/translations", "POST", b"{}", told).status == 409
    assert fresh_server.ask(place, "DELETE").status == 409
    assert fresh_server.ask(f"{place}/cancel", "POST").json["state"] == "cancelling"
    may_go_on.set()
    job = fresh_server.wait_for_job(place)
    assert job["state"] == "cancelled"
    assert job["result"]["cancelled"]
    assert job["result"]["added"] == 0
    assert fresh_server.ask("/v1/articles", "POST", body, headers).status == 202


def test_an_event_is_translated(
    fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch, article_encoder: ArticleEncoder
) -> None:
    told = {"content-type": "application/json"}
    assert fresh_server.ask("/v1/translations", "POST", b'{"event": "1999"}', told).status == 404
    assert fresh_server.ask("/v1/translations", "POST", b'{"articles": ["no-such"]}', told).status == 404
    assert fresh_server.ask("/v1/translations", "POST", b'{"events": []}', told).status == 422
    assert fresh_server.ask("/v1/translations", "POST", b'{"articles": []}', told).status == 422
    event = fresh_server.ask("/v1/events").json["items"][0]["id"]
    known = fresh_server.ask("/v1/articles?limit=1").json["items"][0]["id"]
    some = f'{{"articles": ["{known}", "no-such"]}}'.encode()
    assert fresh_server.ask("/v1/translations", "POST", some, told).status == 404
    assert fresh_server.ask("/v1/jobs").json["items"] == []
    begun = fresh_server.ask("/v1/translations", "POST", f'{{"event": "{event}"}}'.encode(), told)
    job = fresh_server.wait_for_job(begun.headers["location"])
    assert (job["kind"], job["state"]) == ("translate", "done")
    assert (job["result"]["n_translated"], job["notices"]) == (0, []), "people have translated all of it"
    engine = EchoEngine({"en"})
    monkeypatch.setattr(translators, "load_engines", lambda names, home: [engine])
    body, headers = make_form({"a.md": article("Mørkt", "Fyret på Skagen gik ud søndag aften.", "da")})
    added = fresh_server.wait_for_job(
        fresh_server.ask("/v1/articles", "POST", body, headers).headers["location"]
    )
    (id_,) = added["result"]["articles"]
    assert "2 sentences translated by echo" in added["notices"][0]
    (sentence,) = fresh_server.ask(f"/v1/articles/{id_}").json["sentences"]
    assert sentence["translation"]["text"] == engine.say(sentence["text"])
    assert sentence["translation"]["engine"] == engine.name


def test_a_job_tells_a_bounded_number_of_articles_and_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job_work, "MAX_LISTED_ARTICLES", 2)
    told = job_work.summary_object(AddSummary(3, 0, 0, 0, (), article_ids=("a", "b", "c")))
    assert (told["articles"], told["n_articles"]) == (["a", "b"], 3)
