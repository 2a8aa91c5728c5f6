from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.address import LibraryAddress
from crosslingual.align.space import Space
from crosslingual.errors import VectorsMissingError
from crosslingual.events import duplicate_finder as module
from crosslingual.events import duplicate_store as store_module
from crosslingual.events.duplicate_store import DuplicateStore
from crosslingual.events.duplicates import find_duplicates, group_duplicates, independent_voices
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, encodable_texts
from crosslingual.types import Article, Duplicate, FloatArray, Source
from tests.helpers.doubles import flat_space

SIZE = 32
FLAT = flat_space("words@1", SIZE)
"""A space that moves nothing, for vectors that the tests make."""

STORY = (
    "The ferry left the harbour of Tallinn before dawn.",
    "Its engine failed after twenty minutes at sea.",
    "Two tugs brought all of the passengers back to land.",
    "The company promised to return the price of the tickets.",
    "An inquiry is to find out why nobody had checked the engine.",
    "The next ferry is expected on Thursday afternoon.",
)
OTHER = (
    "The parliament voted on the budget late at night.",
    "Teachers are to get a little more than last year.",
    "The opposition spoke of a lost year for the schools.",
    "A minister left the hall before the vote was over.",
    "The law needs the signature of the president.",
)
GERMAN = (
    "Die Fähre verließ den Hafen von Tallinn vor der Dämmerung.",
    "Nach zwanzig Minuten auf See fiel die Maschine aus.",
    "Zwei Schlepper brachten alle Fahrgäste zurück an Land.",
    "Die Firma versprach, den Preis der Karten zu erstatten.",
    "Eine Untersuchung soll klären, warum niemand die Maschine geprüft hatte.",
    "Die nächste Fähre wird am Donnerstagnachmittag erwartet.",
)
MEANING = {text: number for number, text in enumerate((*STORY, *OTHER))} | {
    text: number for number, text in enumerate(GERMAN)
}


def vector(text: str) -> FloatArray:
    """That of what a known text means; of any other, nearest to a known one it begins like."""
    known = next((MEANING[one] for one in MEANING if one[:12] == text[:12]), None)
    row = np.zeros(SIZE, np.float32)
    if known is None:
        chance = np.random.default_rng(list(text.encode()))
        return np.asarray(chance.normal(size=SIZE), np.float32)
    row[known] = 1
    return row


def put(library: Library, *articles: Article) -> list[str]:
    library.put_sources({Source(article.source, article.source) for article in articles})
    for article in articles:
        own = split_sentences(article)
        texts = list(dict.fromkeys(encodable_texts(article, own)))
        matrix = np.array([vector(text) for text in texts])
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        packed = [FLAT.tokens.pack(row[None], np.ones(1, np.float32)) for row in matrix]
        library.add_articles([(article, own)], FLAT.model, texts, matrix, {FLAT.tokens.key: packed})
    return [article.id for article in articles]


def told(source: str, *texts: str, lang: str = "en", date: str = "") -> Article:
    return Article(source, lang, "\n".join(texts), date=date)


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        yield library


def test_a_reprint_an_update_and_a_part_are_copies(library: Library) -> None:
    update = (*STORY[:2], "Two tugs brought nearly all of the passengers back to land.", *STORY[3:5])
    first, again, updated, part, other = put(
        library,
        told("one", *STORY),
        told("two", *(f"“{text}”" for text in STORY)),
        told("three", *update, "Nobody was hurt, a spokesman said in the evening."),
        told("four", *STORY[:3], *OTHER[:3]),
        told("five", *OTHER),
    )
    found = {frozenset((copy.left, copy.right)): copy for copy in find_duplicates(library, FLAT)}
    whole, changed = found[frozenset((first, again))], found[frozenset((first, updated))]
    assert (whole.shared_sentences, whole.share, whole.translated) == (6, 1.0, False)
    assert (changed.shared_sentences, round(changed.share, 2)) == (5, 0.83)
    assert found[frozenset((first, part))].share == 0.5
    assert found[frozenset((part, other))].share == 0.6
    assert frozenset((first, other)) not in found
    assert all(copy.left < copy.right for copy in found.values())


def test_a_translation_is_a_copy_and_a_report_of_the_same_is_not(library: Library) -> None:
    english, german = put(library, told("one", *STORY), told("two", *GERMAN, lang="de"))
    # In another order, among other things.
    mixed = (*OTHER[:2], GERMAN[5], OTHER[2], GERMAN[1], OTHER[3], GERMAN[0], OTHER[4])
    put(library, told("three", *mixed, lang="fr"))
    (copy,) = find_duplicates(library, FLAT)
    assert {copy.left, copy.right} == {english, german}
    assert (copy.shared_sentences, copy.share, copy.translated) == (6, 1.0, True)


def test_set_phrases_of_a_source_make_no_copies(library: Library) -> None:
    phrases = (
        "Subscribe to our channel to read the news first.",
        "All rights to this text are reserved by us.",
    )
    chance = random.Random(7)  # noqa: S311  # no secret
    for number in range(8):
        words = ["".join(chance.choices("abcdefgh", k=8)) for _ in range(9)]
        put(library, told("one", f"Report {number} {' '.join(words)}.", *phrases))
    assert find_duplicates(library, FLAT) == []


def test_a_short_text_is_a_copy_only_as_a_whole(library: Library) -> None:
    short, long = put(library, told("one", STORY[0]), told("two", *STORY))
    put(library, told("three", STORY[1].replace("twenty", "thirty")), told("four", "It rained."))
    (copy,) = find_duplicates(library, FLAT)
    assert {copy.left, copy.right} == {short, long}
    assert (copy.shared_sentences, copy.share) == (1, 1.0)


def test_only_what_is_new_is_looked_at(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[str, str]] = []
    reprint = module.DuplicateFinder._match_reprint

    def looking(self: module.DuplicateFinder, one: str, other: str) -> Duplicate | None:
        looked.append((one, other))
        return reprint(self, one, other)

    monkeypatch.setattr(module.DuplicateFinder, "_match_reprint", looking)
    first, again = put(library, told("one", *STORY), told("two", *STORY))
    before = find_duplicates(library, FLAT)
    assert looked == [tuple(sorted((first, again)))]
    assert find_duplicates(library, FLAT) == before
    assert len(looked) == 1
    (third,) = put(library, told("three", *STORY))
    seen: list[tuple[int, int]] = []
    found = find_duplicates(library, FLAT, lambda done, total: seen.append((done, total)))
    assert len(looked) == 3
    assert seen == [(0, 1), (1, 1), (1, 1)]
    assert {id_ for copy in found for id_ in (copy.left, copy.right)} == {first, again, third}
    library.remove_articles([third])
    assert find_duplicates(library, FLAT) == before
    library.undo_operation()
    assert find_duplicates(library, FLAT) == found


def break_header(content: bytes) -> bytes:
    return b"[]" + content[2:]


def cut_off(content: bytes) -> bytes:
    return content[:5000]


def overwrite_pages(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * (len(content) - 4096)


@pytest.mark.parametrize("damage", [bytes.lower, break_header, cut_off, overwrite_pages, lambda _: b""])
def test_a_damaged_file_is_made_anew(library: Library, damage: Callable[[bytes], bytes]) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    before = find_duplicates(library, FLAT)
    assert before
    (path,) = (library.path / "copies").iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert find_duplicates(library, FLAT) == before
    again = put(library, told("three", *STORY))
    for _ in range(2):
        found = find_duplicates(library, FLAT)
        assert len(found) == 3
        assert any(again[0] in (copy.left, copy.right) for copy in found)


def test_a_full_disk_ends_no_search_for_copies(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    add_keys, calls = DuplicateStore.add_keys, []

    def full_at_first(self: DuplicateStore, *given: Any) -> Any:
        calls.append(self)
        if len(calls) == 1:
            self._db.execute("PRAGMA max_page_count = 8")
            with self.change():
                self._db.execute("INSERT INTO state VALUES (zeroblob(1000000))")
        return add_keys(self, *given)

    monkeypatch.setattr(DuplicateStore, "add_keys", full_at_first)
    assert len(find_duplicates(library, FLAT)) == 1
    assert len(calls) == 2


def test_tables_of_another_programme_are_replaced(library: Library) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    before = find_duplicates(library, FLAT)
    (path,) = (library.path / "copies").iterdir()
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE state (other TEXT)")
    assert find_duplicates(library, FLAT) == before


def test_where_nothing_can_be_kept_copies_are_found_all_the_same(library: Library) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    (library.path / "copies").write_text("a file in the place of the folder", encoding="ascii")
    assert len(find_duplicates(library, FLAT)) == 1


@pytest.mark.parametrize("n_small", [20_000, 3])
def test_a_large_library_is_looked_at_by_days_and_by_sentences(
    library: Library, monkeypatch: pytest.MonkeyPatch, n_small: int
) -> None:
    """What is edited or translated is found in the days around; what is the same, at any distance."""
    monkeypatch.setattr(module, "MAX_COMPARED", n_small)
    monkeypatch.setattr(module, "ARTICLES_PER_STEP", 1)
    english, german, later, undated, far = put(
        library,
        told("one", *STORY, date="2024-05-16"),
        told("two", *GERMAN, lang="de", date="2024-05-18"),
        told("three", *STORY, "It was told again a year later.", date="2025-06-01"),
        told("four", *GERMAN, "Ohne Datum.", lang="de"),
        told("five", *OTHER, date="2025-06-02"),
    )
    found = {frozenset((copy.left, copy.right)) for copy in find_duplicates(library, FLAT)}
    near = {frozenset((english, german)), frozenset((english, later)), frozenset((german, undated))}
    assert near <= found
    assert not any(far in pair for pair in found)
    assert (frozenset((german, later)) in found) == (n_small > 3), "a translation, a year apart"
    (more,) = put(library, told("six", *GERMAN, lang="de", date="2025-06-05"))
    found = {frozenset((copy.left, copy.right)) for copy in find_duplicates(library, FLAT)}
    assert {frozenset((more, later)), frozenset((more, german))} <= found


def test_set_phrases_that_come_one_by_one_make_no_copies(library: Library) -> None:
    phrases = [f"Set phrase number {number} of this source, which it always says." for number in range(4)]
    for number in range(9):
        put(library, told("one", f"News of day {number} is told here.", *phrases))
        found_so_far = find_duplicates(library, FLAT)
        assert bool(found_so_far) == (0 < number < 5), "from the sixth on it is a set phrase, of all"
    mine, yours = put(library, told("two", *phrases), told("three", *phrases))
    found = {frozenset((copy.left, copy.right)) for copy in find_duplicates(library, FLAT)}
    assert found == {frozenset((mine, yours))}, "it is no set phrase of theirs"


def test_versions_that_were_taken_out_make_no_set_phrase(library: Library) -> None:
    for number in range(7):
        ids = put(library, told("one", *STORY, f"This is version {number} of what happened."))
        find_duplicates(library, FLAT)
        if number < 6:
            library.remove_articles(ids)
    (reprint,) = put(library, told("two", *STORY))
    (copy,) = find_duplicates(library, FLAT)
    assert {copy.left, copy.right} == {ids[0], reprint}


def test_a_set_phrase_ceases_to_be_one(library: Library) -> None:
    ids = put(library, *(told("one", *STORY, f"Day {number} of many other days.") for number in range(8)))
    assert find_duplicates(library, FLAT) == []
    library.remove_articles(ids[:5])
    (reprint,) = put(library, told("two", *STORY))
    found = find_duplicates(library, FLAT)
    assert {frozenset((copy.left, copy.right)) for copy in found} == {
        frozenset((id_, reprint)) for id_ in ids[5:]
    }


def test_what_stands_everywhere_becomes_a_set_phrase_of_a_later_source(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MAX_ARTICLES_PER_SENTENCE", 10)
    put(
        library,
        *(
            told(f"s{number}", *STORY[:4], f"Number {number} of the papers adds this.")
            for number in range(11)
        ),
    )
    find_duplicates(library, FLAT)
    late = put(
        library, *(told("late", *STORY[:4], f"The late paper, issue {number}.") for number in range(8))
    )
    found = find_duplicates(library, FLAT)
    assert not any(copy.left in late and copy.right in late for copy in found)


def test_sentences_of_many_sources_are_looked_up_without_set_phrases() -> None:
    with closing(DuplicateStore(None)) as store:
        counts = {"a": 2, "b": 9, "c": 1, "d": 5, "e": 6}
        sources = {f"{ord(name):08x}{number:08x}": name for name in counts for number in range(counts[name])}
        store.add_keys({id_: frozenset([7]) for id_ in sources}, sources)
        assert sorted(sources[id_] for id_, _ in store.find_holders(7)) == list("aacddddd")
        assert store.find_set_phrases("b", [7, 8]) == {7}
        assert store.find_set_phrases("d", [7]) == set()


def test_days_far_apart_are_looked_at_apart(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_COMPARED", 6)
    (old,) = put(library, told("one", *STORY, date="2015-05-16"))
    for number in range(9):
        lines = [f"Filler {number}, line {line}, says what nobody else does." for line in range(3)]
        put(library, told("filler", *lines, date="2019-01-01"))
    find_duplicates(library, FLAT)
    german, _ = put(
        library, told("two", *GERMAN, lang="de", date="2015-05-18"), told("three", *OTHER, date="2024-01-01")
    )
    (copy,) = find_duplicates(library, FLAT)
    assert {copy.left, copy.right} == {old, german}


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-05"])
def test_days_at_the_end_of_the_calendar_are_days(
    library: Library, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    monkeypatch.setattr(module, "MAX_COMPARED", 1)
    put(library, told("one", *STORY, date=day), told("two", *GERMAN, lang="de", date=day))
    assert len(find_duplicates(library, FLAT)) == 1


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles are looked at from now on, a number for each time."""
    look_at, counts = module.DuplicateFinder._look_at, []

    def counting(self: module.DuplicateFinder, new: Any, *given: Any) -> None:
        counts.append(len(new))
        look_at(self, new, *given)

    monkeypatch.setattr(module.DuplicateFinder, "_look_at", counting)
    return counts


def test_who_may_not_write_compares_only_what_is_new(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    find_duplicates(library, FLAT)
    add_keys, counts = DuplicateStore.add_keys, looked_at(monkeypatch)

    def busy(self: DuplicateStore, *given: Any) -> Any:
        if self._db.execute("PRAGMA database_list").fetchone()[2]:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return add_keys(self, *given)

    monkeypatch.setattr(DuplicateStore, "add_keys", busy)
    put(library, told("three", *STORY))
    assert len(find_duplicates(library, FLAT)) == 3
    assert counts == [1, 1], "once for the file, once for a copy of it"


def test_what_is_found_after_damage_is_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    before = find_duplicates(library, FLAT)
    (path,) = (library.path / "copies").iterdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM state")
        db.commit()
    counts = looked_at(monkeypatch)
    for _ in range(3):
        assert find_duplicates(library, FLAT) == before
    assert counts == [2]


def test_what_is_removed_meanwhile_is_no_copy(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    reprint = module.DuplicateFinder._match_reprint
    gone: list[str] = []

    def removing(self: module.DuplicateFinder, one: str, other: str) -> Duplicate | None:
        found = reprint(self, one, other)
        if not gone:
            gone.append(one)
            library.remove_articles([one])
        return found

    monkeypatch.setattr(module.DuplicateFinder, "_match_reprint", removing)
    put(library, told("three", *STORY))
    found = find_duplicates(library, FLAT)
    assert len(found) == 1
    assert not any(gone[0] in (copy.left, copy.right) for copy in found)


def test_without_vectors_it_is_told(library: Library) -> None:
    put(library, told("one", *STORY), told("two", *STORY))
    with pytest.raises(VectorsMissingError):
        find_duplicates(library, flat_space("other@1", SIZE))


def test_a_library_without_articles_has_no_copies(library: Library) -> None:
    assert find_duplicates(library, FLAT) == []


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])))
def test_each_copy_stands_in_one_group(pairs: set[tuple[int, int]]) -> None:
    copies = [Duplicate(str(one), str(other), 3, 1.0, translated=False) for one, other in pairs]
    groups = group_duplicates(copies)
    members = [id_ for group in groups for id_ in group]
    assert len(members) == len(set(members))
    assert set(members) == {str(end) for pair in pairs for end in pair}
    for copy in copies:
        assert any({copy.left, copy.right} <= set(group) for group in groups)


def test_copies_speak_with_the_voice_of_the_first() -> None:
    first, again, own = (
        told("agency", *STORY, date="2024-05-16"),
        told("paper", *STORY, date="2024-05-17"),
        told("paper", *OTHER),
    )
    copies = [Duplicate(again.id, first.id, 6, 1.0, translated=False)]
    assert independent_voices([again, own, first], copies) == {
        first.id: "agency",
        again.id: "agency",
        own.id: "paper",
    }
    undated = replace(first, date="")
    copies = [Duplicate(again.id, undated.id, 6, 1.0, translated=False)]
    assert independent_voices([again, undated], copies)[undated.id] == "paper"


def test_the_demo_has_no_copies(demo_library: Library, demo_space: Space) -> None:
    assert find_duplicates(demo_library, demo_space) == []
