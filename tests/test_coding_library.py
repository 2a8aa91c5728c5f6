"""A codebook and what was coded with it, in a folder and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosslingual.address import LibraryAddress
from crosslingual.coding.unit_view import iterate_queue, load_unit_view
from crosslingual.coding.units import parse_places
from crosslingual.errors import InputError, LibraryError, NotFoundError
from crosslingual.library import Library
from crosslingual.library.codebook import MAX_DEPTH, Code, code_paths, find_code, sort_codes
from crosslingual.library.coding_values import Coding, CodingDecision, CodingUnit, make_passage
from tests.helpers.library_samples import article, put

RAIN = article(["Rain fell.", "Nobody came.", "They blamed the wind."], source="north")
SNOW = article(["Шёл снег.", "Никто не пришёл."], lang="ru", source="south")


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        put(library, RAIN, SNOW)
        yield library


def sentence(index: int, of: str = RAIN.id) -> str:
    return f"{of}:{index}"


def unit_at(library: Library, place: str) -> CodingUnit:
    (unit,) = parse_places(library, [place])
    return next((one for one in library.load_coding_units() if one.key == unit.key), unit)


def add_codes(library: Library, *names: str) -> list[Code]:
    codes = [Code(name) for name in names]
    library.add_codes(codes)
    return codes


def test_a_codebook_is_a_tree_whose_changes_are_undone(library: Library) -> None:
    blame, calm = add_codes(library, "Blame", "Calm")
    below = Code("State", "A ministry is said to be at fault", "they let it happen", "#ABC", blame.id)
    library.add_codes([below])
    assert [code_paths(library.load_codes())[one.id] for one in sort_codes(library.load_codes())] == [
        "Blame",
        "Blame / State",
        "Calm",
    ]
    stored = find_code(library.load_codes(), "blame/state")
    assert stored == replace(below, color="#aabbcc")
    edit = library.edit_code(stored.id, name="Ministry", parent=calm.id)
    assert edit.kind == "code"  # and no edit of a source, which sources undo takes back
    assert code_paths(library.load_codes())[below.id] == "Calm / Ministry"
    library.undo_operation(edit.id)
    assert find_code(library.load_codes(), "Blame / State") == stored
    colors = [one.color for one in library.load_codes()]
    assert len(set(colors)) == 3


def test_a_removed_code_takes_its_codings_along_and_comes_back_with_them(library: Library) -> None:
    blame, calm = add_codes(library, "Blame", "Calm")
    library.add_codes([Code("State", parent=blame.id)])
    unit = unit_at(library, sentence(2))
    library.offer_units([unit], ["Ann"], "a list")
    library.add_coding(unit, Coding(blame.id, "Ann", "the wind?"))
    library.add_coding(unit, Coding(calm.id, "Ann"))
    library.add_decision(unit_at(library, sentence(2)).id, CodingDecision("Ann", frozenset({blame.id})))
    before = library.load_coding_units()
    removal = library.remove_code(blame.id)
    assert [(one.name, one.parent) for one in library.load_codes()] == [("Calm", ""), ("State", "")]
    (left,) = library.load_coding_units()
    assert [one.code for one in left.codings] == [calm.id]
    assert left.decision
    assert left.decision.codes == frozenset()
    undo = library.undo_operation(removal.id)
    assert library.load_coding_units() == before
    assert code_paths(library.load_codes())[library.load_codes()[2].id] == "Blame / State"
    library.undo_operation(undo.id)
    assert [one.code for one in library.load_coding_units()[0].codings] == [calm.id]


def test_undoing_that_a_code_was_added_takes_what_was_coded_with_it_too(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    library.add_coding(unit_at(library, sentence(0)), Coding(blame.id, "Ann"))
    added = library.load_operations("codes")[0]
    library.undo_operation(added.id)
    assert library.load_codes() == []
    assert library.load_coding_units()[0].codings == ()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (Code("  "), "a code's name has 1 to"),
        (Code("x" * 201), "a code's name has 1 to"),
        (Code("a\u202eb"), "characters that can be seen"),
        (Code("Calm", color="red"), "no colour"),
        (Code("Calm", parent="nowhere"), "not in the codebook"),
        (Code("Calm", id="7"), "no GUID"),
        (Code("BLAME"), "there is such a code already"),
        (Code("Calm", "x" * 20_001), "more than 20,000"),
    ],
)
def test_a_code_that_makes_no_sense_is_refused(library: Library, code: Code, told: str) -> None:
    add_codes(library, "Blame")
    with pytest.raises(InputError, match=told):
        library.add_codes([Code("Fine"), code])
    assert [one.name for one in library.load_codes()] == ["Blame"]


def test_codes_stand_below_no_one_that_is_below_them(library: Library) -> None:
    above, below = add_codes(library, "Above", "Below")
    moved = library.edit_code(find_code(library.load_codes(), "Below").id, parent=above.id)
    with pytest.raises(InputError, match="below itself"):
        library.edit_code(find_code(library.load_codes(), "Above").id, parent=below.id)
    with pytest.raises(InputError, match="or is itself"):
        library.edit_code(find_code(library.load_codes(), "Above").id, parent=above.id)
    up = library.edit_code(find_code(library.load_codes(), "Below").id, parent="")
    library.edit_code(find_code(library.load_codes(), "Above").id, parent=below.id)
    library.undo_operation(up.id)  # which puts each below the other
    assert {one.parent for one in library.load_codes()} == {""}
    assert len(sort_codes(library.load_codes())) == len(code_paths(library.load_codes())) == 2
    library.undo_operation(moved.id)


def test_codes_stand_only_so_deep(library: Library) -> None:
    parent = ""
    for number in range(MAX_DEPTH):
        code = Code(str(number), parent=parent)
        library.add_codes([code])
        parent = code.id
    with pytest.raises(InputError, match="12 deep"):
        library.add_codes([Code("one more", parent=parent)])
    (top,) = add_codes(library, "top")
    with pytest.raises(InputError, match="12 deep"):
        library.edit_code(find_code(library.load_codes(), "0").id, parent=top.id)


def test_a_code_is_named_by_its_path_where_several_have_its_name(library: Library) -> None:
    blame, praise = add_codes(library, "Blame", "Praise")
    library.add_codes([Code("State", parent=blame.id), Code("state", parent=praise.id)])
    codes = library.load_codes()
    assert find_code(codes, "praise / STATE").parent == praise.id
    assert find_code(codes, blame.id.upper()).id == blame.id
    with pytest.raises(NotFoundError, match=r"several codes have that name.*Blame / State; Praise / state"):
        find_code(codes, "state")
    with pytest.raises(NotFoundError, match="no code 'Anger'"):
        find_code(codes, "Anger")


def test_each_coder_has_a_queue_and_sees_nobody_elses_codes(library: Library) -> None:
    blame, calm = add_codes(library, "Blame", "Calm")
    units = [unit_at(library, sentence(number)) for number in (0, 2)]
    _, n_tasks = library.offer_units(units, ["Ann", "Ben", "Ann"], "two sentences")
    assert n_tasks == 4
    first = next(iterate_queue(library.load_coding_units(), "Ann"))
    library.add_coding(first, Coding(blame.id, "Ann", "why not"))
    library.finish_task(first.id, "Ann")
    assert [one.passages for one in iterate_queue(library.load_coding_units(), "Ann")] == [units[1].passages]
    seen = [*iterate_queue(library.load_coding_units(), "Ben")]
    assert [one.passages for one in seen] == [one.passages for one in units]
    assert not [coding for one in seen for coding in one.codings]
    library.add_coding(first, Coding(calm.id, "Ben"))
    (own,) = next(iterate_queue(library.load_coding_units(), "Ben")).codings
    assert own.code == calm.id
    assert library.reopen_task("Ann") == first.id
    assert library.reopen_task("Ann") == ""
    assert next(iterate_queue(library.load_coding_units(), "Ann")).codings[0].memo == "why not"
    with pytest.raises(InputError, match="was not offered to Cid"):
        library.finish_task(first.id, "Cid")


def test_what_was_offered_before_is_the_same_unit_and_is_not_offered_again(library: Library) -> None:
    units = [unit_at(library, sentence(number)) for number in (0, 1)]
    library.offer_units(units[:1], ["Ann"], "first")
    offer, n_tasks = library.offer_units([unit_at(library, sentence(0)), units[1]], ["Ann", "Ben"], "second")
    assert n_tasks == 3
    assert [[task.coder for task in one.tasks] for one in library.load_coding_units()] == [
        ["Ann", "Ben"],
        ["Ann", "Ben"],
    ]
    with pytest.raises(InputError, match="have all of it already"):
        library.offer_units(units, ["Ben"], "again")
    assert [one.description for one in library.load_coding_offers()] == ["first", "second"]
    assert library.load_coding_offers()[-1] == offer
    for name in ("", "x" * 81, "a\nb\0"):
        with pytest.raises(InputError, match="a coder's name"):
            library.offer_units(units, [name], "nobody")


def test_a_code_given_once_more_changes_the_memo_and_is_taken_back(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    unit = unit_at(library, sentence(1))
    first = library.add_coding(unit, Coding(blame.id, "Ann"))
    second = library.add_coding(unit, Coding(blame.id, "Ann", "looked again"))
    assert second.id == first.id
    (stored,) = library.load_coding_units()
    assert [one.memo for one in stored.codings] == ["looked again"]
    assert stored.tasks == ()
    part = make_passage(RAIN.id, RAIN.text, 11, 17)
    library.add_coding(stored, Coding(blame.id, "Ann", passage=part))
    assert [one.passage for one in library.load_coding_units()[0].codings] == [None, part]
    assert library.remove_codings([first.id]) == 1
    with pytest.raises(InputError, match="that code is gone"):
        library.add_coding(unit, Coding("nothing", "Ann"))


def test_the_last_decision_counts_and_is_taken_back(library: Library) -> None:
    blame, calm = add_codes(library, "Blame", "Calm")
    library.offer_units([unit_at(library, sentence(0))], ["Ann"], "one")
    (unit,) = library.load_coding_units()
    library.add_decision(unit.id, CodingDecision("Ann", frozenset({blame.id})))
    library.add_decision(unit.id, CodingDecision("Ben", frozenset({calm.id}), "after a talk"))
    made = library.load_coding_units()[0].decision
    assert made
    assert (made.coder, made.codes, made.memo) == ("Ben", frozenset({calm.id}), "after a talk")
    assert library.remove_decision(unit.id)
    assert library.load_coding_units()[0].decision.codes == {blame.id}  # type: ignore[union-attr]
    assert library.remove_decision(unit.id)
    assert not library.remove_decision(unit.id)
    with pytest.raises(InputError, match="unit or code is gone"):
        library.add_decision("elsewhere", CodingDecision("Ann", frozenset()))


def test_what_is_gone_is_told_and_comes_back_with_its_article(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    (one,) = parse_places(library, [sentence(2)])
    (other,) = parse_places(library, [sentence(0, SNOW.id)])
    both = CodingUnit("statement", one.passages + other.passages)
    library.offer_units([both], ["Ann"], "a row")
    library.add_coding(both, Coding(blame.id, "Ann"))
    before = library.load_coding_units()
    library.remove_articles([SNOW.id])
    assert library.load_coding_units() == before
    view = load_unit_view(library, before[0])
    assert (view.n_gone, [one.text for one in view.passages]) == (1, ["They blamed the wind."])
    library.undo_operation()
    assert load_unit_view(library, before[0]).n_gone == 0
    put(library, article([" Шёл  снег.", "Никто не пришёл."], lang="ru", source="south"))
    moved = replace(both, passages=(replace(one.passages[0], start=3, end=9),))
    assert load_unit_view(library, moved).n_gone == 1  # other words stand there


def test_codings_go_with_the_articles_of_a_source_that_is_merged(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    unit = unit_at(library, sentence(1, SNOW.id))
    library.offer_units([unit], ["Ann"], "one")
    library.add_coding(unit, Coding(blame.id, "Ann", passage=unit.passages[0]))
    before = library.load_coding_units()
    merge = library.merge_sources("south", "north")
    (merged,) = library.load_coding_units()
    new_id = replace(SNOW, source="north").id
    assert {one.article for one in merged.passages} == {new_id}
    assert merged.codings[0].passage
    assert merged.codings[0].passage.article == new_id
    assert load_unit_view(library, merged).n_gone == 0
    library.undo_operation(merge.id)
    assert library.load_coding_units() == before


def test_passages_are_named_by_sentence_or_characters(library: Library) -> None:
    units = parse_places(library, [f" {RAIN.id}:1 ", f"{RAIN.id}:0-4"])
    assert [one.kind for one in units] == ["sentence", "span"]
    assert [RAIN.text[one.passages[0].start : one.passages[0].end] for one in units] == [
        "Nobody came.",
        "Rain",
    ]
    for place in ("rain", f"{RAIN.id}:", f"{RAIN.id}:-1", f"{RAIN.id}:1:2", f"{RAIN.id}:{'9' * 30}"):
        with pytest.raises(InputError, match="is no passage"):
            parse_places(library, [place])
    for place in (f"{RAIN.id}:9", f"{RAIN.id}:4-4", f"{RAIN.id}:0-400"):
        with pytest.raises(InputError, match="it has"):
            parse_places(library, [place])
    with pytest.raises(NotFoundError, match="no such article"):
        parse_places(library, ["0" * 16 + ":0"])


def test_context_and_translation_are_shown_around_a_passage(library: Library) -> None:
    library.memory.put_manual("Никто не пришёл.", "ru", "Nobody came.", "en")
    view = load_unit_view(library, unit_at(library, sentence(1, SNOW.id)))
    (shown,) = view.passages
    assert [(one.text, one.is_asked) for one in shown.shown.sentences] == [
        ("Шёл снег.", False),
        ("Никто не пришёл.", True),
    ]
    assert shown.shown.sentences[1].translation
    assert shown.shown.sentences[1].translation.text == "Nobody came."


def test_codings_change_no_comparison_and_an_edited_code_is_not_undone_away(library: Library) -> None:
    before = library.revision
    (blame,) = add_codes(library, "Blame")
    library.add_coding(unit_at(library, sentence(0)), Coding(blame.id, "Ann"))
    assert library.revision == before
    added = library.load_operations("codes")[0]
    library.edit_code(find_code(library.load_codes(), "Blame").id, name="Fault")
    with pytest.raises(LibraryError, match="changed since"):
        library.undo_operation(added.id)


def test_twins_that_a_merge_of_sources_makes_keep_their_own_codings(library: Library) -> None:
    twin = replace(RAIN, source="east")
    put(library, twin)
    (blame,) = add_codes(library, "Blame")
    for place in (sentence(0), sentence(0, twin.id)):
        library.offer_units([unit_at(library, place)], ["Ann"], place)
    library.merge_sources("east", "north")
    first, second = library.load_coding_units()
    for unit in (first, second):
        library.add_coding(unit, Coding(blame.id, "Ann"))
    assert [len(unit.codings) for unit in library.load_coding_units()] == [1, 1]
    library.finish_task(first.id, "Ann")
    left = next(iterate_queue(library.load_coding_units(), "Ann"))
    assert (left.id, left.codes_of("Ann")) == (second.id, frozenset({blame.id}))


def test_what_all_have_finished_or_was_decided_is_not_changed(library: Library) -> None:
    blame, calm = add_codes(library, "Blame", "Calm")
    library.offer_units([unit_at(library, sentence(0))], ["Ann", "Ben"], "one")
    library.offer_units([unit_at(library, sentence(1))], ["Cid"], "alone")
    both, alone = library.load_coding_units()
    made = library.add_coding(both, Coding(blame.id, "Ann"))
    library.finish_task(both.id, "Ann")
    assert library.reopen_task("Ann") == both.id  # Ben is not done
    library.finish_task(both.id, "Ann")
    library.finish_task(both.id, "Ben")
    before = library.load_coding_units()
    for change in (
        lambda: library.reopen_task("Ann"),
        lambda: library.reopen_task("Ben"),
        lambda: library.add_coding(both, Coding(calm.id, "Ben")),
        lambda: library.remove_codings([made.id]),
    ):
        with pytest.raises(InputError, match="have finished it, or it is decided"):
            change()
    assert library.load_coding_units() == before
    library.finish_task(alone.id, "Cid")
    assert library.reopen_task("Cid") == alone.id  # who codes alone has seen nobody's
    library.finish_task(alone.id, "Cid")
    library.add_decision(alone.id, CodingDecision("Ann", frozenset()))
    with pytest.raises(InputError, match="it is decided"):
        library.reopen_task("Cid")


def test_an_offer_is_withdrawn_but_for_what_is_finished(library: Library) -> None:
    units = [unit_at(library, sentence(number)) for number in (0, 1)]
    offer, _ = library.offer_units(units, ["Ann", "Ben"], "two")
    library.finish_task(library.load_coding_units()[0].id, "Ann")
    assert library.withdraw_offer(offer.id, " Ben ") == 2
    assert [[task.coder for task in unit.tasks] for unit in library.load_coding_units()] == [["Ann"], ["Ann"]]
    assert library.withdraw_offer(offer.id) == 1
    assert [len(unit.tasks) for unit in library.load_coding_units()] == [1, 0]
    assert library.load_coding_offers() == [offer]
    other, _ = library.offer_units(units[1:], ["Ben"], "one")
    assert library.withdraw_offer(other.id) == 1
    assert library.load_coding_offers() == [offer]
    with pytest.raises(InputError, match="no such offer"):
        library.withdraw_offer(other.id)


def test_a_memo_stays_when_the_code_is_given_once_more_without_one(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    unit = unit_at(library, sentence(0))
    library.add_coding(unit, Coding(blame.id, "Ann", "why?"))
    assert library.add_coding(unit, Coding(blame.id, "Ann")).memo == "why?"
    assert library.load_coding_units()[0].codings[0].memo == "why?"


def test_an_undo_that_puts_two_codes_of_one_name_beside_one_another_is_refused(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    renamed = library.edit_code(blame.id, name="Fault")
    add_codes(library, "blame")
    with pytest.raises(InputError, match="two codes would have the name 'blame'"):
        library.undo_operation(renamed.id)
    assert [one.name for one in library.load_codes()] == ["Fault", "blame"]


def test_codes_of_one_path_are_named_by_their_ids() -> None:
    codes = [Code("Blame"), Code("blame")]
    with pytest.raises(NotFoundError, match=f"{codes[0].id}; {codes[1].id}"):
        find_code(codes, "Blame")


def test_a_removal_is_not_undone_by_undoing_itself_first(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    removal = library.remove_code(blame.id)
    imported = library.add_codes([blame], "codebook imported: x.qdc")
    with pytest.raises(LibraryError, match=f"undo that first: crosslingual undo {imported.id}"):
        library.undo_operation(removal.id)
    library.undo_operation(imported.id)
    library.undo_operation(removal.id)
    assert [one.id for one in library.load_codes()] == [blame.id]


def test_an_edit_leaves_what_another_changed_and_is_none_without_a_change(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    library.edit_code(blame.id, definition="theirs")
    library.edit_code(blame.id, examples="mine")
    (stored,) = library.load_codes()
    assert (stored.definition, stored.examples) == ("theirs", "mine")
    count = len(library.load_operations())
    with pytest.raises(InputError, match="nothing to change"):
        library.edit_code(blame.id, name="Blame")
    assert len(library.load_operations()) == count


def test_undoing_a_change_of_the_codebook_leaves_the_revision(library: Library) -> None:
    (blame,) = add_codes(library, "Blame")
    before = library.revision
    undo = library.undo_operation(library.remove_code(blame.id).id)
    library.undo_operation(undo.id)
    assert library.revision == before
    removal = library.remove_articles([SNOW.id])
    removed = library.revision
    library.undo_operation()
    assert before != removed != library.revision
    assert removal


def test_names_may_have_joiners_and_coders_are_one_however_composed(library: Library) -> None:
    add_codes(library, "می\u200cگوید", "क्\u200dष")
    with pytest.raises(InputError, match="can be seen"):
        add_codes(library, "\u200c\u200d")
    unit = unit_at(library, sentence(0))
    library.offer_units([unit], ["Andre\u0301", "André"], "one")
    assert [task.coder for task in library.load_coding_units()[0].tasks] == ["André"]
