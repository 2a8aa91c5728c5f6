"""What only a library in PostgreSQL has: parallel writers, a server that dies, moving, and passwords."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from crosslingual.address import DatabaseAddress, format_setting, parse_library
from crosslingual.errors import InputError, LibraryError, MissingLibraryError, UnwritableLibraryError
from crosslingual.library import Library, OperationDraft, backup
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import Coding, CodingDecision, CodingUnit, make_passage
from crosslingual.library.events import NewEvent
from crosslingual.library.folder import SEARCHES_FILE
from crosslingual.library.followed import Followed, ItemState, PollResult, item_key
from crosslingual.library.judgements import CheckItem, CheckSample
from crosslingual.library.postgres_session import escape_text, restore_text
from crosslingual.library.transfer import _NUMBERED_TABLES, _TABLES, back_up_library, restore_library
from crosslingual.search.saved import SavedSearch, load_saved_searches, save_search
from crosslingual.types import Article, Correction, ProbabilityCalibration, Source, Translation
from tests.helpers.library_samples import article, put
from tests.helpers.postgres_server import PostgresServer

pytestmark = pytest.mark.cluster


@pytest.fixture
def address(postgres_server: PostgresServer) -> DatabaseAddress:
    return postgres_server.make_address()


@pytest.fixture
def own_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """One that no other test leans on."""
    server = PostgresServer()
    yield server
    server.close()


def stored_rows(library: Library) -> dict[str, list[Any]]:
    """All rows of all tables, but the library's id and revision."""
    with library._db.read_transaction() as db:
        found = {}
        for table in _TABLES:
            rows = db.execute(f"SELECT * FROM {table}")  # noqa: S608  # own names
            names = [name for name, *_ in rows.description]
            found[table] = sorted((dict(zip(names, row, strict=True)) for row in rows), key=repr_sorted)
    return found


def repr_sorted(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


def fill(library: Library) -> None:
    """Something in every table, with what databases do not like."""
    one = article(
        ["Rain fell.", "A \0 in a text.", "\U0010fffe0 and \U0010fffe."], source="one", date="2024-05-16"
    )
    two = article(["Дождь шёл.", "三。"], lang="ru", source="two", date="2024-05-17", title="Дождь")
    put(library, one, two, article(["Gone."], source="two"), langs={"三。": "zh"})
    followed = Followed("feed", "https://one.example/feed", "Ё")
    library.add_followed(followed)
    claimed = library.claim_followed(followed.id, 1.0, 2.0, "2024-05-16T08:00:00+00:00")
    assert claimed
    items = {item_key("https://one.example/1"): ItemState("page", 1)}
    library.finish_poll(followed.id, claimed[1], PollResult("new", '"1"', "", 3.0, 0, items, 1))
    for line in ("It thawed.", "It froze."):
        snow = article(["Snow \0 fell on the hills.", line], source="two")
        put(library, replace(snow, url="https://two.example/snow"), operation=OperationDraft("add", "snow"))
    library.put_profiles("profile", {1: (np.ones(4, np.float32), frozenset(["Дождь", "a"]))})
    library.memory.put_translations(
        [("Дождь шёл.", "ru", Translation("It rained.", "en", "argostranslate", "1"))]
    )
    library.memory.put_manual("三。", "zh", "Three.", "en")
    library.add_corrections([Correction("c1", "together", ((one.id, 0),), ((two.id, 0),), "2024-05-18")])
    library.put_tokens("states", ["Rain fell."], [b"\0\xff"])
    made = library.store_grouping({1: -1, 2: -2}, {-1: NewEvent("a", "xyz"), -2: NewEvent("b", "xyz")}, {})
    library.put_centralities({1: 0.25})
    library.put_stories({made[-1]: made[-2], made[-2]: made[-2]})
    names = library.event_names(made.values())
    library.merge_events(names[made[-1]][0], names[made[-2]][0])
    library.edit_source(Source("one", "The One", owner="\udc80 of nobody".encode(errors="replace").decode()))
    code_one(library, one)
    library.put_original(b"\0\xff", [one.id], name="\0.txt", fetched_at="2024-05-18", headers=[("A", "b")])
    library.remove_articles([article(["Gone."], source="two").id])
    save_search(library.documents, SavedSearch("mine", "дождь"))
    answer_one(library)
    library.add_calibration(ProbabilityCalibration("c1", "2024-05-18", "key", -0.5, 1.25, 30))


def code_one(library: Library, one: Article) -> None:
    """A code, given to a sentence that was offered, and a decision."""
    code = Code("Rain", "It falls.")
    unit = CodingUnit("sentence", (make_passage(one.id, one.text, 0, 10),))
    library.add_codes([code])
    library.offer_units([unit], ["Ann", "Борис"], "a list", 2**60)
    library.add_coding(unit, Coding(code.id, "Ann", "\0 in a memo"))
    library.finish_task(library.load_coding_units()[0].id, "Ann")
    library.add_decision(library.load_coding_units()[0].id, CodingDecision("Ann", frozenset({code.id})))


def answer_one(library: Library) -> None:
    """A sample of two questions, of which one is answered."""
    items = (
        CheckItem(0, "pair", "sure", 0.9, "ru-en", "a", 3, "one", "b", 7),
        CheckItem(0, "silence", "silent", 1e-5, "ru-zh", "b", 0, "two", "a", 2**40),
    )
    sizes = {"sure": 1, "silent": 1}
    library.add_check_sample(CheckSample("s1", "2024-05-18", "", 2**60, "key", "", 1, 2, sizes, items))
    library.store_answer([library.load_check_samples()[0].items[1].number], "unsure", "2024-05-18")


def test_a_library_moves_to_a_server_and_back_with_every_row(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    with Library(tmp_path / "first") as library:
        fill(library)
        before, articles = stored_rows(library), library.load_articles()
        last = library.load_operations()[0]
    assert all(before.values()), "every table has rows"
    assert restore_library(tmp_path / "first", address) is None
    with Library(address, create=False) as shared:
        assert stored_rows(shared) == before
        assert shared.load_articles() == articles
        assert [one.name for one in load_saved_searches(shared.documents)] == ["mine"]
        assert shared.find_damage() == []
    back_up_library(address, tmp_path / "moved.db")
    restore_library(tmp_path / "moved.db", tmp_path / "back")
    with Library(tmp_path / "back", create=False) as library:
        assert stored_rows(library) == before
        assert [one.name for one in load_saved_searches(library.documents)] == ["mine"]
        assert library.find_damage() == []
        library.undo_operation(last.id)
    with Library(address) as shared:  # numbers go on where they were
        put(shared, article(["New."], source="one"))
        put(shared, article(["Newer."], source="three"))
        assert shared.undo_operation(last.id)
        assert {"Gone.", "New.", "Newer."} <= {one.text for one in shared.load_articles()}


def test_what_a_restore_replaces_on_a_server_is_kept_in_a_file(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    with Library(tmp_path / "first") as library:
        put(library, article(["From the folder."]))
    with Library(address) as shared:
        put(shared, article(["From the server."]))
        revision = shared.revision
        former = restore_library(tmp_path / "first", address)
        assert former
        assert [one.text for one in shared.load_articles()] == ["From the folder."]
        assert shared.revision != revision
    restore_library(former, tmp_path / "second")
    with Library(tmp_path / "second") as library:
        assert [one.text for one in library.load_articles()] == ["From the server."]


SMALL_THINGS: tuple[Callable[[Library], object], ...] = (
    lambda library: save_search(library.documents, SavedSearch("mine", "дождь")),
    lambda library: library.memory.put_manual("三。", "zh", "Three.", "en"),
    answer_one,
)


@pytest.mark.parametrize("store_thing", SMALL_THINGS)
def test_a_restore_keeps_what_a_shared_library_without_articles_holds(
    address: DatabaseAddress, tmp_path: Path, store_thing: Callable[[Library], object]
) -> None:
    Library(tmp_path / "empty").close()
    with Library(address) as shared:
        store_thing(shared)
        before, searches = stored_rows(shared), shared.documents.read(SEARCHES_FILE)
        former = restore_library(tmp_path / "empty", address)
        assert former
        assert not any(stored_rows(shared).values())
        assert restore_library(tmp_path / "empty", address) is None
    restore_library(former, tmp_path / "back")
    with Library(tmp_path / "back") as library:
        assert stored_rows(library) == before
        assert library.documents.read(SEARCHES_FILE) == searches


def test_what_another_adds_during_a_restore_is_lost_nowhere(
    address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path / "first") as library:
        put(library, article(["From the folder."]))
    with Library(address) as shared, Library(address) as other:
        put(shared, article(["From the server."]))
        writer = threading.Thread(target=put, args=(other, article(["From another."])))
        write_file = backup.back_up_library

        def write_while_another_adds(folder: Path, target: Path) -> Path:
            written = write_file(folder, target)
            writer.start()
            writer.join(1)  # it waits for the restore
            return written

        monkeypatch.setattr(backup, "back_up_library", write_while_another_adds)
        former = restore_library(tmp_path / "first", address)
        writer.join()
        assert former
        found = {one.text for one in shared.load_articles()}
    restore_library(former, tmp_path / "second")
    with Library(tmp_path / "second") as library:
        found |= {one.text for one in library.load_articles()}
    assert found == {"From the folder.", "From the server.", "From another."}


def test_a_restore_whose_connection_ends_before_its_end_changes_nothing(
    postgres_server: PostgresServer, address: DatabaseAddress, tmp_path: Path
) -> None:
    with Library(tmp_path / "small") as library:
        put(library, article(["Of the small one."]))
    schema = address.shown.rpartition("%3D")[2]
    with Library(address) as shared:
        fill(shared)
        put(shared, *(article([f"Text {number}."]) for number in range(20)))
        before = stored_rows(shared)
        postgres_server.execute(
            f"""CREATE FUNCTION {schema}.end_connection() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(9); RETURN NULL; END'"""
        )
        postgres_server.execute(
            f"""CREATE CONSTRAINT TRIGGER ends AFTER UPDATE ON {schema}.state
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.end_connection()"""
        )
        with pytest.raises(LibraryError, match="ended the connection"):
            restore_library(tmp_path / "small", address)
        postgres_server.execute(f"DROP TRIGGER ends ON {schema}.state")
        assert stored_rows(shared) == before
        with shared._db.read_transaction() as db:
            for table in _NUMBERED_TABLES:
                sequence = f"pg_get_serial_sequence('{table}', 'number')"
                query = f"SELECT nextval({sequence}) > max(number) FROM {table}"  # noqa: S608  # own names
                assert db.execute(query).fetchone() == (True,), table
        put(shared, article(["New."]))
        assert "New." in {one.text for one in shared.load_articles()}


def test_what_is_no_backup_makes_no_library(address: DatabaseAddress, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"SQLite format 3" + bytes(200))
    for source in (tmp_path / "nowhere.db", tmp_path / "other.db"):
        with pytest.raises(InputError, match="no backup"):
            restore_library(source, address)
        with pytest.raises(MissingLibraryError):
            Library(address, create=False)


def test_many_who_add_the_same_at_once_all_succeed(address: DatabaseAddress) -> None:
    batches = [
        [article([f"Text {number} of {batch}.", "A sentence that all have.", f"Half have {number % 2}."], source="s")
         for number in range(5)]
        for batch in range(25)
    ]  # fmt: skip
    with Library(address) as library:
        library.put_sources([Source("s", "s")])
    errors: list[BaseException] = []

    def add_all(worker: int) -> None:
        try:
            with Library(address) as own:
                for batch in batches if worker % 2 else reversed(batches):
                    put(own, *(batch if worker % 3 else reversed(batch)))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=add_all, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Library(address) as library:
        assert sorted(library.article_ids()) == sorted(one.id for batch in batches for one in batch)
        assert library.find_damage() == []
        assert len(library.ungrouped_entries()) == 125


def test_two_who_work_on_one_operation_make_one_that_is_undone_whole(address: DatabaseAddress) -> None:
    operation = OperationDraft("add", "two files")
    with Library(address) as one, Library(address) as other:
        for place, library in enumerate((one, other, one)):
            library.put_sources([Source("s", "s")])
            text = article([f"Text {place}."])
            library.add_articles([(text, ())], "toy", [], np.zeros((0, 16), np.float32), operation=operation)
        assert len(one.load_operations()) == 1
        other.undo_operation(operation.id)
        assert one.load_articles() == []


def test_every_acknowledged_batch_outlives_a_kill_of_the_server(own_server: PostgresServer) -> None:
    address = own_server.make_address()
    acknowledged: list[str] = []
    problems: list[LibraryError] = []
    with Library(address) as library:
        library.put_sources([Source("s", "s")])
        for round_ in range(3):
            enough = threading.Event()

            def write(start: int = round_ * 100_000, enough: threading.Event = enough) -> None:
                number = start
                try:
                    while True:
                        batch = [article([f"Text {number}, {place}.", "Shared."]) for place in range(3)]
                        put(library, *batch)
                        acknowledged.extend(one.id for one in batch)
                        number += 1
                        if number - start >= 5:
                            enough.set()
                except LibraryError as error:
                    problems.append(error)
                    enough.set()

            writer = threading.Thread(target=write)
            writer.start()
            enough.wait()
            own_server.kill()
            writer.join()
            with pytest.raises(LibraryError):  # nobody answers
                library.article_ids()
            own_server.start()
            found = set(library.article_ids())  # the same object goes on
            assert set(acknowledged) <= found
            assert len(found) - len(acknowledged) in range(0, 3 * (round_ + 1) + 1, 3), "batches are whole"
            assert library.find_damage() == []
            for id_, sentences in library.load_sentences(found).items():
                assert len(sentences) == 2, id_
            library.load_vectors("toy", ["Shared."])
    assert len(problems) == 3
    assert all(re.search("what was reported as stored is safe|cannot connect", str(one)) for one in problems)


def test_a_password_is_in_no_message(postgres_server: PostgresServer, tmp_path: Path) -> None:
    wrong = postgres_server.make_address("wrong_password", password="s3cret/:@word")  # noqa: S106
    assert "s3cret" in format_setting(wrong)
    for text in (str(wrong), repr(wrong), f"{wrong}"):
        assert "s3cret" not in text
        assert "owner:***@127.0.0.1" in text
    with pytest.raises(LibraryError, match="PGPASSFILE") as caught:
        Library(wrong)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in "".join(map(repr, (caught.value.__cause__, caught.value.args)))


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://me:s3cret%@127.0.0.1:1/db",
        "postgresql://me:s3cret%zz@127.0.0.1:1/db",
        "postgresql://me:s3cret%00@127.0.0.1:1/db",
        "postgresql://me:s3cret%FF@127.0.0.1:1/db",
        "postgresql://me:s3cret\udc80@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?pasword=s3cret",
        "postgresql://127.0.0.1:1/db?s3cret",
    ],
)
def test_an_address_that_the_driver_cannot_read_is_not_cited(given: str, tmp_path: Path) -> None:
    Library(tmp_path / "first").close()
    for open_library in (Library, lambda address: restore_library(tmp_path / "first", address)):
        with pytest.raises(InputError, match="write %25 for %") as caught:
            open_library(parse_library(given))
        assert "cret" not in str(caught.value)


def test_a_password_is_taken_from_the_environment(postgres_server: PostgresServer, tmp_path: Path) -> None:
    address = postgres_server.make_address("by_passfile")
    with Library(address) as library:
        put(library, article(["Here."]))
    secret, rest = address.secret.removeprefix("postgresql://owner:").split("@", 1)
    passfile = tmp_path / "pgpass"
    escaped = unquote(secret).replace("\\", "\\\\").replace(":", "\\:")
    passfile.write_text(f"127.0.0.1:*:*:owner:{escaped}\n", encoding="utf-8")
    passfile.chmod(0o600)
    found = subprocess.run(
        [sys.executable, "-m", "crosslingual", "history", "--library", f"postgresql://owner@{rest}"],
        env={**os.environ, "PGPASSFILE": str(passfile)},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr


def test_a_reader_of_the_database_reads_and_is_told_what_it_may_not(
    postgres_server: PostgresServer, address: DatabaseAddress
) -> None:
    with Library(address) as library:
        put(library, article(["Here."]))
    schema = address.shown.rpartition("%3D")[2]
    postgres_server.execute(f"CREATE ROLE {schema}_reader LOGIN PASSWORD 'reader'")
    postgres_server.execute(f"GRANT USAGE ON SCHEMA {schema} TO {schema}_reader")
    postgres_server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {schema}_reader")
    reader = postgres_server.make_address(schema, user=f"{schema}_reader", password="reader")  # noqa: S106
    with Library(reader, create=False) as library:
        assert library.is_read_only
        assert [one.text for one in library.load_articles()] == ["Here."]
        with pytest.raises(UnwritableLibraryError, match="may not do that"):
            library.remove_articles(library.article_ids())


def test_what_is_no_library_is_told(postgres_server: PostgresServer) -> None:
    empty = postgres_server.make_address()
    with pytest.raises(MissingLibraryError, match=r"no library here; make one with: .*owner:\*\*\*@"):
        Library(empty, create=False)
    schema = empty.shown.rpartition("%3D")[2]
    postgres_server.execute(f"CREATE TABLE {schema}.articles (price integer)")
    with pytest.raises(LibraryError, match="tables of another programme"):
        Library(empty)
    newer = postgres_server.make_address()
    Library(newer).close()
    postgres_server.execute(f"UPDATE {newer.shown.rpartition('%3D')[2]}.state SET version = 99")  # noqa: S608
    with pytest.raises(LibraryError, match="install the newer version"):
        Library(newer)
    nowhere = replace(empty, secret=empty.secret.replace(str(postgres_server.port), "1"))
    with pytest.raises(LibraryError, match=r"cannot connect .*check the address"):
        Library(nowhere)


@pytest.mark.parametrize("text", ["", "a", "\0", "\U0010fffe", "\U0010fffe0", "\U0010fffe1\0", "😀\0\0é"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert b"\0" not in escape_text(text)
    assert restore_text(escape_text(text)) == text


def test_a_lone_surrogate_is_a_question_mark(address: DatabaseAddress) -> None:
    with Library(address) as library:
        assert library.existing_ids(["\ud800"]) == set()
        put(library, article(["Here."]))
        library.put_sources([Source("s", "News \ud800")])
        assert [one.name for one in library.stored_sources()] == ["News ?"]


def test_what_a_shared_library_held_of_removed_articles_is_forgotten(address: DatabaseAddress) -> None:
    with Library(address) as library:
        put(library, article(["Stays."]), article(["Goes.", "Stays."]))
        library.remove_articles([article(["Goes.", "Stays."]).id])
        assert library.count_removed().texts == 1
        library.forget_removed()
        assert library.count_removed().texts == 0
        assert library.texts_without_vectors("toy", ["Stays.", "Goes."]) == ["Goes."]
        assert library.load_operations() == []
        library.find_damage()
