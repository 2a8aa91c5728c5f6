"""Codebooks and projects in REFI-QDA: what is written is read again, as the schemas have it; what is hostile is not."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.coding.refi_codebook import (
    MAX_ELEMENTS,
    codebook_bytes,
    merge_codebooks,
    parse_codebook,
    read_codebook,
)
from crosslingual.coding.refi_project import ADJUDICATED, can_be_exported, project_bytes
from crosslingual.errors import InputError
from crosslingual.library.codebook import MAX_CODES, Code, code_paths
from crosslingual.library.coding_values import Coding, CodingDecision, CodingTask, CodingUnit, make_passage
from crosslingual.types import Article

QDC, QDE = "{urn:QDA-XML:codebook:1.0}", "{urn:QDA-XML:project:1.0}"
CHILDREN = {
    "CodeBook": ("Codes",),
    "Codes": ("Code",),
    "Code": ("Description", "Code"),
    "Project": ("Users", "CodeBook", "Sources", "Notes"),
    "Users": ("User",),
    "Sources": ("TextSource",),
    "TextSource": ("Description", "PlainTextSelection"),
    "PlainTextSelection": ("Coding",),
    "Coding": ("CodeRef", "NoteRef"),
    "Notes": ("Note",),
    "Note": ("PlainTextContent",),
}
"""What the schemas of REFI-QDA 1.5 allow in what is written here, in the order that they ask for."""
NEEDED = {
    "Code": {"guid", "name", "isCodable"},
    "Project": {"name"},
    "User": {"guid"},
    "TextSource": {"guid"},
    "PlainTextSelection": {"guid", "startPosition", "endPosition"},
    "Coding": {"guid"},
    "CodeRef": {"targetGUID"},
    "NoteRef": {"targetGUID"},
    "Note": {"guid"},
}
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BLAME = Code("Blame", "At fault.", "they let it happen\nagain", "#0072b2")
STATE = Code("State & <b>", "", "only this", "#d55e00", BLAME.id)
CALM = Code("Ruhe", "Zeile\n\nnoch eine", "", "#009e73")
ARTICLES = (
    Article("north", "en", "A 😀 fell.\r\nNobody came.", "Rain", "2024-05-16", "https://a.example"),
    Article("south", "ru", "Шёл дождь. Никто не пришёл."),
)


def assert_valid(element: Element) -> None:
    """Whether elements and attributes stand as the schemas have them."""
    name = str(element.tag).rpartition("}")[2]
    children = [str(child.tag).rpartition("}")[2] for child in element]
    order = CHILDREN.get(name, ())
    assert set(children) <= set(order), name
    assert children == sorted(children, key=order.index), name
    if name in ("Codes", "Users", "Sources", "Notes"):
        assert children, f"{name} may not be empty"
    assert NEEDED.get(name, set()) <= set(element.attrib), name
    for key, value in element.attrib.items():
        if key.lower().endswith(("guid", "user")):
            assert GUID.fullmatch(value), (name, key, value)
    for child in element:
        assert_valid(child)


def test_a_codebook_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "mine.qdc").write_bytes(codebook_bytes([BLAME, CALM, STATE]))
    root = fromstring((tmp_path / "mine.qdc").read_bytes())
    assert root.tag == f"{QDC}CodeBook"
    assert_valid(root)
    found = read_codebook(tmp_path / "mine.qdc")
    assert found.flaws == ()
    assert found.codes == (BLAME, STATE, CALM)


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=20
).map(lambda text: " ".join(text.split()))
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)


@given(st.lists(st.tuples(NAMES.filter(str.isprintable).filter(bool), TEXTS, TEXTS), min_size=1, max_size=8))
def test_any_words_survive(words: list[tuple[str, str, str]]) -> None:
    codes = [Code(f"{n} {name}", told, shown, "#123456") for n, (name, told, shown) in enumerate(words)]
    clean = [
        replace(
            one,
            **{
                field: re.sub("[\ufffe\uffff]", "\ufffd", getattr(one, field))
                for field in ("name", "definition", "examples")
            },
        )
        for one in codes
    ]
    assert list(parse_codebook(codebook_bytes(codes), "x.qdc").codes) == clean


def test_a_heading_within_a_definition_parts_it_where_it_stands_alone() -> None:
    (found,) = parse_codebook(codebook_bytes([replace(CALM, definition="A\nExamples:\nB")]), "x.qdc").codes
    assert (found.definition, found.examples) == ("A", "B")
    (found,) = parse_codebook(codebook_bytes([replace(CALM, definition="Examples: B")]), "x.qdc").codes
    assert (found.definition, found.examples) == ("Examples: B", "")


def test_an_empty_codebook_is_no_file() -> None:
    with pytest.raises(InputError, match="no codes to export"):
        codebook_bytes([])


def qdc(inside: str, root: str = "CodeBook", more: str = "") -> bytes:
    return f'<?xml version="1.0"?>{more}<{root} xmlns="urn:QDA-XML:codebook:1.0">{inside}</{root}>'.encode()


def test_what_other_programs_write_is_taken_over_and_what_is_not_is_told() -> None:
    first, second = "{5215CC69-B628-4E02-AFB9-9BEEAEE55808}", "d7aa29da-519b-4946-9b90-253b6db8fd0a"
    found = parse_codebook(
        qdc(
            f"<Codes><Code guid='{first}' name='Topics' isCodable='false'>"
            f"<Code guid='{second}' name='  Econ\u200bomy ' isCodable='true' color='#FF0'>"
            "<Description>Jobs and taxes</Description></Code>"
            f"<Code guid='{second}' name='economy' isCodable='true' color='yellow'/></Code>"
            "<Code guid='x' name='' isCodable='true'><Code guid='y' name='In' isCodable='true'/></Code></Codes>"
            f"<Sets><Set guid='{first}' name='s'><MemberCode guid='{second}'/></Set></Sets>"
        ),
        "theirs.qdc",
    )
    paths = code_paths(found.codes)
    assert [paths[one.id] for one in found.codes] == [
        "Topics",
        "Topics / Econ omy",
        "Topics / economy",
        "Unnamed",
        "Unnamed / In",
    ]
    assert found.codes[0].id == first.strip("{}").lower()
    assert (found.codes[1].definition, found.codes[1].color) == ("Jobs and taxes", "#ff0")
    assert len({one.id for one in found.codes}) == 5
    told = " | ".join(found.flaws)
    for words in ("sets are left out", "only hold others", "(3)", "colour that is none", "was changed (2)"):
        assert words in told


def test_codes_with_one_name_beside_one_another_get_a_number() -> None:
    code = "<Code guid='x' name='Same' isCodable='true'/>"
    found = parse_codebook(qdc(f"<Codes>{code * 3}</Codes>"), "x.qdc")
    assert [one.name for one in found.codes] == ["Same", "Same (2)", "Same (3)"]


def test_a_deep_codebook_stands_higher() -> None:
    inside = "".join(f"<Code guid='x' name='{n}' isCodable='true'>" for n in range(20)) + "</Code>" * 20
    found = parse_codebook(qdc(f"<Codes>{inside}</Codes>"), "x.qdc")
    assert len(found.codes) == 20
    assert max(path.count("/") for path in code_paths(found.codes).values()) == 11
    assert any("12 deep" in flaw for flaw in found.flaws)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (qdc("<Codes/>", more='<!DOCTYPE x [<!ENTITY a "ha">]>'), "a document type"),
        (qdc("<Codes/>", more='<!DOCTYPE x SYSTEM "file:///etc/hostname">'), "a document type"),
        (
            qdc(
                "<Codes><Code guid='x' name='&b;' isCodable='true'/></Codes>",
                more='<!DOCTYPE x [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;&a;&a;">]>',
            ),
            "a document type",
        ),
        (qdc("<Codes><Code name='&b;'/></Codes>"), "not a codebook in XML"),
        (b"", "not a codebook in XML"),
        (b"\x00\xff\xfe", "not a codebook in XML"),
        (b'<?xml version="1.0" encoding="no-such"?><CodeBook/>', "not a codebook in XML"),
        (qdc("<Codes>"), "not a codebook in XML"),
        (qdc("", root="html"), "its root is 'html'"),
        (qdc("<Codes/>"), "no codes in it"),
        (qdc("<a>" * 100 + "</a>" * 100), "nested more than 64"),
        (
            qdc("<Codes>" + "<Code guid='x' name='n' isCodable='true'/>" * (MAX_CODES + 1) + "</Codes>"),
            "more than 2,000",
        ),
        (b"<CodeBook>" + b" " * (16 * 2**20), "larger than 16 MB"),
    ],
)
def test_what_is_hostile_or_no_codebook_is_refused_in_a_line(
    content: bytes, told: str, tmp_path: Path
) -> None:
    (tmp_path / "theirs.qdc").write_bytes(content)
    with pytest.raises(InputError, match=re.escape(told)) as caught:
        read_codebook(tmp_path / "theirs.qdc")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_codebook(tmp_path / "nowhere.qdc")


def test_known_codes_stay_as_they_are() -> None:
    mine = replace(BLAME, definition="Ours.")
    theirs = parse_codebook(codebook_bytes([BLAME, STATE, replace(CALM, name="blame")]), "x.qdc")
    new = merge_codebooks([mine], theirs)
    assert [(one.name, one.parent) for one in new.codes] == [(STATE.name, BLAME.id), ("blame (2)", "")]
    assert len(new.flaws) == 2


def coded() -> list[CodingUnit]:
    first, second = ARTICLES
    emoji = make_passage(first.id, first.text, 2, 8)
    whole = make_passage(first.id, first.text, 0, 9)
    russian = make_passage(second.id, second.text, 0, 10)
    when = "2024-05-20T10:00:00+00:00"
    return [
        CodingUnit(
            "statement",
            (whole, russian),
            codings=(
                Coding(BLAME.id, "Ann", 'why "not" & <b>\0', created_at=when),
                Coding(STATE.id, "Борис", passage=emoji, created_at=when),
            ),
            decision=CodingDecision("Ann", frozenset({CALM.id}), "we talked", when),
        ),
        CodingUnit("sentence", (make_passage("0" * 16, "gone", 0, 4),), codings=(Coding(BLAME.id, "Ann"),)),
        CodingUnit(
            "sentence", (replace(russian, end=9),), codings=(Coding(BLAME.id, "Ann"),)
        ),  # other words there
    ]


def test_a_project_holds_texts_codes_codings_coders_and_memos() -> None:
    content, made = project_bytes(coded(), [BLAME, CALM, STATE], {one.id: one for one in ARTICLES})
    assert (made.n_codings, made.n_articles, made.n_gone) == (5, 2, 2)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        root = fromstring(archive.read("project.qde"))
        texts = {name: archive.read(name).decode() for name in names if name.startswith("sources/")}
    assert root.tag == f"{QDE}Project"
    assert_valid(root)
    users = {one.get("guid"): one.get("name") for one in root.iter(f"{QDE}User")}
    assert set(users.values()) == {"Ann", "Борис", ADJUDICATED}
    codes = {one.get("guid"): one.get("name") for one in root.iter(f"{QDE}Code")}
    notes = {one.get("guid"): one.findtext(f"{QDE}PlainTextContent") for one in root.iter(f"{QDE}Note")}
    found = set()
    for source in root.iter(f"{QDE}TextSource"):
        text = texts[source.get("plainTextPath", "").replace("internal://", "sources/")]
        for selection in source.iter(f"{QDE}PlainTextSelection"):
            said = text[int(selection.get("startPosition", "")) : int(selection.get("endPosition", ""))]
            for coding in selection.iter(f"{QDE}Coding"):
                code = coding.find(f"{QDE}CodeRef")
                note = coding.find(f"{QDE}NoteRef")
                assert code is not None
                memo = None if note is None else notes[note.get("targetGUID")]
                found.add((said, codes[code.get("targetGUID")], users[coding.get("creatingUser")], memo))
    ann = 'why "not" & <b>\N{REPLACEMENT CHARACTER}'
    assert found == {
        ("A 😀 fell.", "Blame", "Ann", ann),
        ("Шёл дождь.", "Blame", "Ann", ann),
        ("😀 fell", "State & <b>", "Борис", None),
        ("A 😀 fell.", "Ruhe", ADJUDICATED, "we talked"),
        ("Шёл дождь.", "Ruhe", ADJUDICATED, "we talked"),
    }
    guids = [one.get("guid") for one in root.iter() if one.get("guid")]
    assert len(guids) == len(set(guids))


def read_project(units: list[CodingUnit]) -> Element:
    content, _ = project_bytes(units, [BLAME, CALM, STATE], {one.id: one for one in ARTICLES})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return fromstring(archive.read("project.qde"))


def test_selections_stand_within_what_is_there_and_no_guid_is_given_twice() -> None:
    first, second = ARTICLES
    here = make_passage(first.id, first.text, 0, 9)
    other = replace(make_passage(second.id, second.text, 0, 10), text_hash="other words")
    parts = (replace(here, end=10**6), replace(other, end=4), replace(here, start=2, end=4))
    unit = CodingUnit(
        "statement",
        (here, here, other),
        codings=(*(Coding(BLAME.id, ADJUDICATED, passage=part) for part in parts), Coding(CALM.id, "Ann")),
        decision=CodingDecision("Ann", frozenset({CALM.id})),
    )
    root = read_project([unit])
    places = [
        (one.get("startPosition"), one.get("endPosition")) for one in root.iter(f"{QDE}PlainTextSelection")
    ]
    assert sorted(places) == [("0", "9"), ("2", "4")]
    guids = [one.get("guid") for one in root.iter() if one.get("guid")]
    assert len(guids) == len(set(guids))
    assert sorted(one.get("name", "") for one in root.iter(f"{QDE}User")) == ["Ann", ADJUDICATED, ADJUDICATED]


def test_what_was_decided_goes_to_the_articles_whose_words_have_it() -> None:
    passages = tuple(make_passage(one.id, one.text, 0, 5) for one in ARTICLES)
    unit = CodingUnit(
        "statement",
        passages,
        tasks=(CodingTask("Ann", "offer", "now", 1),),
        codings=(Coding(BLAME.id, "Ann", passage=passages[1]),),
        decision=CodingDecision("Ben", frozenset({BLAME.id})),
    )
    (source,) = read_project([unit]).iter(f"{QDE}TextSource")
    assert str(source.get("name")).startswith("south")


def test_marks_within_a_description_keep_their_words() -> None:
    content = qdc(
        "<Codes><Code guid='x' name='n'><Description>One <b>two <i>three</i></b> four</Description></Code></Codes>"
    )
    assert parse_codebook(content, "x.qdc").codes[0].definition == "One two three four"


def test_elements_are_counted_wherever_they_stand() -> None:
    with pytest.raises(InputError, match="more than 50,000 elements"):
        parse_codebook(qdc("<Codes/>" + "<a/>" * MAX_ELEMENTS), "x.qdc")


def test_joiners_in_names_are_taken_over() -> None:
    found = parse_codebook(
        qdc("<Codes><Code guid='x' name='می\u200cگوید'/><Code name='\u200d'/></Codes>"), "x.qdc"
    )
    assert [one.name for one in found.codes] == ["می\u200cگوید", "Unnamed"]


def test_a_project_without_codings_is_no_file() -> None:
    articles = {one.id: one for one in ARTICLES}
    assert can_be_exported(coded(), [BLAME], articles)
    for units, own in (([], articles), (coded(), {})):
        assert not can_be_exported(units, [BLAME], own)
        with pytest.raises(InputError, match="nothing is coded yet"):
            project_bytes(units, [BLAME], own)
