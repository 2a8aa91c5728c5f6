"""What is asked over HTTP: the same as on the command line, page by page, and not sent twice."""

from __future__ import annotations

import errno
import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest
from click.testing import CliRunner

from crosslingual.api import Library
from crosslingual.cli import cli
from crosslingual.search.index import SearchIndex
from tests.helpers.http_server import HttpServer

QUERY = "The two presidents signed a joint statement"
DOCS = Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.model


def printed(server: HttpServer, *args: str) -> object:
    """What a command prints of the library that is served."""
    library = str(server.service.settings.library)
    done = CliRunner().invoke(cli, [*args, "--library", library, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def first_event(server: HttpServer) -> str:
    event: str = server.ask("/v1/events?order=articles").json["items"][0]["id"]
    return event


def test_lists_hold_what_the_commands_print(demo_server: HttpServer) -> None:
    for path, command in (("/v1/sources", ("sources",)), ("/v1/events", ("events",))):
        answer = demo_server.ask(path)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert answer.json["items"] == printed(demo_server, *command)
        assert answer.json["total"] == len(answer.json["items"])
        assert answer.json["next"] is None
    event = first_event(demo_server)
    own = printed(demo_server, "events", "show", event)
    assert isinstance(own, list)
    listed = {item["id"]: item for item in demo_server.ask("/v1/articles").json["items"]}
    assert [listed[item["id"]] for item in own] == own
    assert demo_server.ask(f"/v1/events/{event}").json in demo_server.ask("/v1/events").json["items"]


def test_a_comparison_and_a_search_are_those_of_the_commands(demo_server: HttpServer) -> None:
    event = first_event(demo_server)
    for query, options in (
        ("", ()),
        ("?threshold=0.9&duplicates_once=true", ("--threshold", ".9", "--copies-once")),
    ):
        answer = demo_server.ask(f"/v1/events/{event}/comparison{query}")
        assert answer.json == printed(demo_server, "compare", event, *options)
    answer = demo_server.ask(f"/v1/search?q={quote(QUERY)}&lang=zh&lang=ru&limit=5")
    assert answer.json == printed(
        demo_server, "search", QUERY, "--lang", "zh", "--lang", "ru", "--limit", "5"
    )
    assert answer.json["results"]
    article, sentence = answer.json["results"][0]["article"], answer.json["results"][0]["sentence"]
    like = f"{article}:{sentence}"
    assert demo_server.ask(f"/v1/search?like={like}").json == printed(demo_server, "search", "--like", like)


def test_an_article_has_its_sentences_where_they_stand(demo_server: HttpServer) -> None:
    for article in demo_server.ask("/v1/articles?lang=zh").json["items"]:
        found = demo_server.ask(f"/v1/articles/{article['id']}").json
        assert {name: found[name] for name in article} == article
        assert [one["sentence"] for one in found["sentences"]] == [*range(len(found["sentences"]))]
        for one in found["sentences"]:
            assert found["text"][one["start"] : one["end"]] == one["text"]


def test_framing_and_report_are_those_of_the_library(demo_server: HttpServer) -> None:
    event = first_event(demo_server)
    framing = demo_server.ask(f"/v1/events/{event}/framing")
    report = demo_server.ask(f"/v1/events/{event}/report")
    assert report.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(report.body)) as archive:
        assert json.loads(archive.read(f"{event}/framing.json")) == framing.json
        assert f"{event}/report.html" in archive.namelist()
    with Library(demo_server.service.settings, create=False) as library:
        assert library.zip_report(event) == report.body


def test_pages_lead_on_until_all_is_told(demo_server: HttpServer) -> None:
    whole = demo_server.ask("/v1/articles?lang=en&lang=fr").json["items"]
    path, found = "/v1/articles?lang=en&lang=fr&limit=3", []
    while path:
        answer = demo_server.ask(path)
        assert len(answer.json["items"]) <= 3
        assert answer.json["total"] == len(whole)
        found += answer.json["items"]
        assert answer.headers.get("link", "") == (
            f'<{answer.json["next"]}>; rel="next"' if answer.json["next"] else ""
        )
        path = answer.json["next"]
    assert found == whole
    assert demo_server.ask(f"/v1/articles?offset={10**9}").json["items"] == []


def test_hits_are_told_page_by_page(demo_server: HttpServer) -> None:
    path, hits = f"/v1/search?q={quote(QUERY)}&limit=2", []
    whole = demo_server.ask(f"/v1/search?q={quote(QUERY)}&limit=1000").json["results"]
    while path:
        answer = demo_server.ask(path)
        hits += answer.json["results"]
        path = answer.headers.get("link", "").partition(">")[0].removeprefix("<")
    assert len(whole) > 2
    assert hits == whole


def test_what_has_not_changed_is_not_sent_again(fresh_server: HttpServer) -> None:
    event = first_event(fresh_server)
    paths = ("/v1", "/v1/sources", "/v1/articles?limit=2", "/v1/events", f"/v1/events/{event}")
    etags = {path: fresh_server.ask(path).headers["etag"] for path in paths}
    assert len({*etags.values()}) == len(paths)
    for path, etag in etags.items():
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = fresh_server.ask(path, headers={"if-none-match": known})
            assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
        assert fresh_server.ask(path, headers={"if-none-match": '"other"'}).status == 200
    with Library(fresh_server.service.settings, create=False) as library:
        library.rename_event(event, "Harbour pilots go back to work")
    for path, etag in etags.items():
        answer = fresh_server.ask(path, headers={"if-none-match": etag})
        assert (answer.status, answer.headers["etag"] == etag) == (200, False)
    assert fresh_server.ask(f"/v1/events/{event}").json["title"] == "Harbour pilots go back to work"
    missing = fresh_server.ask("/v1/articles/no-such", headers={"if-none-match": "*"})
    assert missing.status == 404


def test_a_report_is_made_anew_when_its_reader_has_judged(fresh_server: HttpServer) -> None:
    event = first_event(fresh_server)
    path = f"/v1/events/{event}/report"
    before, comparison = fresh_server.ask(path), fresh_server.ask(f"/v1/events/{event}/comparison")
    known = {"if-none-match": before.headers["etag"]}
    assert fresh_server.ask(path, headers=known).status == 304
    with Library(fresh_server.service.settings, create=False) as library:
        sample = library.check.draw(event)
        for item in sample.items:
            library.check.answer(item, "same")
    after = fresh_server.ask(path, headers=known)
    assert (after.status, after.body == before.body) == (200, False)
    unchanged = fresh_server.ask(
        f"/v1/events/{event}/comparison", headers={"if-none-match": comparison.headers["etag"]}
    )
    assert unchanged.status == 304


def test_a_report_is_made_anew_when_its_coders_have_coded(fresh_server: HttpServer) -> None:
    event = first_event(fresh_server)
    path = f"/v1/events/{event}/report"
    with Library(fresh_server.service.settings, create=False) as library:
        coding, revision = library.coding, library.store.revision
        coding.add_code("Relief")
        coding.offer(["ada"], event=event)
        (unit, *_) = coding.units()

        steps: list[tuple[str, Callable[[], object]]] = [
            ("coded", lambda: coding.apply("Relief", unit, "ada")),
            ("finished", lambda: coding.finish(unit, "ada")),
            ("decided otherwise", lambda: coding.decide(unit, [], "bo")),
            ("taken back", lambda: library.store.remove_decision(unit.id)),
            ("renamed", lambda: coding.edit_code("Relief", name="Gratitude")),
        ]
        known = fresh_server.ask(path)
        for name, change in steps:
            change()
            after = fresh_server.ask(path, headers={"if-none-match": known.headers["etag"]})
            assert after.status == 200, name
            known = after
        assert library.store.revision == revision
    with zipfile.ZipFile(io.BytesIO(known.body)) as archive:
        assert "Gratitude" in archive.read(f"{event}/report.html").decode()
    assert fresh_server.ask(path, headers={"if-none-match": known.headers["etag"]}).status == 304


def test_a_search_that_leaves_out_what_is_new_says_so_and_is_not_kept(
    fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/search?q={quote(QUERY)}"
    whole = fresh_server.ask(path)
    assert "note" not in whole.json
    with Library(fresh_server.service.settings, create=False) as library:
        library.rename_event(first_event(fresh_server), "Two signatures")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SearchIndex, "_update_if_outdated", fail)
        for known in (whole.headers["etag"], "*"):
            told = fresh_server.ask(path, headers={"if-none-match": known})
            assert (told.status, told.headers["cache-control"]) == (200, "no-store")
            assert "etag" not in told.headers
            assert "what was added since is not searched" in told.json["note"]
        jsonschema.validate(told.json, json.loads((DOCS / "search.schema.json").read_text("utf-8")))
        assert told.json == printed(fresh_server, "search", QUERY)
    mended = fresh_server.ask(path)
    assert "note" not in mended.json
    assert fresh_server.ask(path, headers={"if-none-match": mended.headers["etag"]}).status == 304


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/v1/articles/no-such", 404, "no-such"),
        ("/v1/events/1999-01-01", 404, "crosslingual events"),
        ("/v1/events/1999-01-01/comparison", 404, "not in this library"),
        ("/v1/events?lang=xx", 404, "lang 'xx'"),
        ("/v1/events?since=2024-02-31", 422, "is not a day"),
        ("/v1/events?since=2024-05-02&until=2024-05-01", 422, "is after the last day"),
        ("/v1/events?limit=0", 422, "limit: "),
        ("/v1/events?offset=-1&limit=x", 422, "(and 1 more)"),
        ("/v1/events/x/comparison?threshold=1.5", 422, "threshold: "),
        ("/v1/search", 422, "give q, or like="),
        ("/v1/search?q=a&like=b:1", 422, "not both"),
        ("/v1/search?q=%E2%80%A6", 422, ""),
        ("/v1/jobs/no-such", 404, "GET /v1/jobs"),
        ("/v2", 404, "/docs lists the paths"),
        ("/", 404, "/docs lists the paths"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_in_one_line(
    demo_server: HttpServer, path: str, status: int, detail: str
) -> None:
    answer = demo_server.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json.keys() == {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert detail in answer.json["detail"]
    assert "\n" not in answer.json["detail"]


def test_another_method_is_a_problem_that_names_those_that_work(demo_server: HttpServer) -> None:
    answer = demo_server.ask("/v1/sources", "PUT")
    assert (answer.status, answer.headers["content-type"]) == (405, "application/problem+json")
    assert answer.headers["allow"] == "GET"


def test_a_fault_says_nothing_of_itself(fresh_server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("the colour of the walls")

    monkeypatch.setattr(fresh_server.service.library, "sources", fail)
    answer = fresh_server.ask("/v1/sources")
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert b"walls" not in answer.body
    for _ in range(600):  # logged after the answer
        if "the colour of the walls" in fresh_server.log.getvalue():
            return
        time.sleep(0.05)
    raise AssertionError("the log does not say what it was")


def test_the_reference_is_whole_and_fetches_nothing(demo_server: HttpServer) -> None:
    api = demo_server.ask("/openapi.json").json
    schemas = api["components"]["schemas"]
    text = json.dumps(api)
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= schemas.keys()
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    page = demo_server.ask("/docs")
    shown = page.body.decode()
    assert all(f"<code>{path}</code>" in shown for path in api["paths"])
    assert all(f'id="{name}"' in shown for name in schemas)
    assert "<script" not in shown
    assert "://" not in shown.replace("https://</td>", "").replace("with https://", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_documented_schema_is_told_as_it_is(demo_server: HttpServer) -> None:
    api = demo_server.ask("/openapi.json").json
    for name in ("Comparison", "Framing", "Search"):
        there = json.loads((DOCS / f"{name.lower()}.schema.json").read_text("utf-8"))
        here = api["components"]["schemas"]
        assert {part.partition(".")[2] for part in here if part.startswith(f"{name}.")} == {*there["$defs"]}
        told = json.dumps(here[name]).replace(f"#/components/schemas/{name}.", "#/$defs/")
        assert json.loads(told) == {
            key: value for key, value in there.items() if key not in ("$schema", "$id", "$defs")
        }
