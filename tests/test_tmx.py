from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslingual import tmx
from crosslingual.errors import InputError
from crosslingual.tmx import MemoryEntry, read_tmx, write_tmx

Write = Callable[..., Path]

LEGAL = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | (
    st.sampled_from("\t\n\r")
)
TEXTS = st.text(LEGAL, max_size=60)
ENTRIES = st.builds(
    MemoryEntry,
    src_lang=st.sampled_from(["zh", "ru", "uk"]),
    tgt_lang=st.sampled_from(["en", "de", "fr"]),
    src=TEXTS,
    tgt=TEXTS,
    note=TEXTS,
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a TMX file of the given units."""

    def write(units: str, *, srclang: str = "zh", before: str = "", header: str = "") -> Path:
        path = tmp_path / "memory.tmx"
        path.write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>{before}\n<tmx version="1.4">\n'
            f'<header srclang="{srclang}">{header}</header>\n<body>\n{units}\n</body>\n</tmx>\n',
            encoding="utf-8",
        )
        return path

    return write


def tuv(lang: str, seg: str) -> str:
    return f'<tuv xml:lang="{lang}"><seg>{seg}</seg></tuv>'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(entries=st.lists(ENTRIES, max_size=5))
def test_what_is_written_is_read_back(tmp_path: Path, entries: list[MemoryEntry]) -> None:
    path = tmp_path / "memory.tmx"
    write_tmx(entries, path)
    assert list(read_tmx(path)) == entries


@settings(deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_gives_well_formed_xml(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tmx"
    write_tmx([MemoryEntry("zh", "en", text, f"[{text}]", text)], path)
    (entry,) = read_tmx(path)
    assert entry.tgt == f"[{entry.src}]"
    assert len(entry.src) == len(text)


def test_characters_xml_cannot_hold_are_replaced() -> None:
    stream = io.BytesIO()
    write_tmx([MemoryEntry("zh", "en", "a\x00b\ud800c\ufffed", "x")], stream)
    assert "<seg>a\ufffdb\ufffdc\ufffdd</seg>" in stream.getvalue().decode()


def test_note_of_the_header_stands_once_and_speaks_for_every_entry(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    write_tmx(
        [MemoryEntry("zh", "en", "一", "one"), MemoryEntry("zh", "en", "二", "two", "checked")],
        path,
        note="by hand",
    )
    assert path.read_text(encoding="utf-8").count("by hand") == 1
    assert [entry.note for entry in read_tmx(path)] == ["by hand", "checked"]


def test_unit_gives_its_source_language_to_every_other(write: Write) -> None:
    path = write(f"<tu>{tuv('en-GB', 'good')}{tuv('zh-CN', '好')}{tuv('ru_RU', 'хорошо')}</tu>")
    assert list(read_tmx(path)) == [
        MemoryEntry("zh", "en", "好", "good"),
        MemoryEntry("zh", "ru", "好", "хорошо"),
    ]
    assert [entry.tgt for entry in read_tmx(path, "ru")] == ["хорошо"]


def test_source_language_of_the_unit_goes_before_the_headers(write: Write) -> None:
    path = write(f'<tu srclang="RU">{tuv("zh", "好")}{tuv("ru", "да")}</tu>', srclang="zh")
    assert list(read_tmx(path)) == [MemoryEntry("ru", "zh", "да", "好")]


def test_any_source_language_gives_every_ordered_pair(write: Write) -> None:
    path = write(f"<tu>{tuv('zh', '好')}{tuv('en', 'good')}</tu>", srclang="*all*")
    assert list(read_tmx(path)) == [
        MemoryEntry("zh", "en", "好", "good"),
        MemoryEntry("en", "zh", "good", "好"),
    ]


def test_variant_that_the_unit_names_is_the_source(write: Write) -> None:
    path = write(
        f"<tu>{tuv('zh-TW', '軟體')}{tuv('zh-CN', '软件')}{tuv('en', 'software')}</tu>", srclang="zh-CN"
    )
    assert list(read_tmx(path)) == [MemoryEntry("zh", "en", "软件", "software")]


def test_unit_without_its_source_language_gives_nothing(write: Write) -> None:
    assert list(read_tmx(write(f"<tu>{tuv('ru', 'да')}{tuv('en', 'yes')}</tu>"))) == []


def test_legacy_lang_attribute_is_read(write: Write) -> None:
    path = write('<tu><tuv lang="ZH"><seg>好</seg></tuv><tuv lang="EN"><seg>good</seg></tuv></tu>')
    assert list(read_tmx(path)) == [MemoryEntry("zh", "en", "好", "good")]


@pytest.mark.parametrize(
    ("seg", "text"),
    [
        ('a <bpt i="1">&lt;b&gt;</bpt>bold<ept i="1">&lt;/b&gt;</ept> word', "a bold word"),
        ("line<ph x='1'>\\n</ph> end<it pos='begin'>{i}</it><ut>{u}</ut>", "line end"),
        ("a <hi>marked <hi>word</hi></hi> here", "a marked word here"),
        ("see <ph>[note: <sub>the <hi>small</hi> print</sub>]</ph>.", "see the small print."),
        ("<![CDATA[R&D <x>]]> &amp; &#x597D;<!-- no -->", "R&D <x> & 好"),
        ("", ""),
    ],
)
def test_inline_elements(write: Write, seg: str, text: str) -> None:
    (entry,) = read_tmx(write(f"<tu>{tuv('zh', seg)}{tuv('en', 'x')}</tu>"))
    assert entry.src == text


def test_notes(write: Write) -> None:
    pair = tuv("zh", "好") + tuv("en", "good")
    remark = '<tuv xml:lang="zh"><note>of one segment</note><seg>好</seg></tuv>' + tuv("en", "good")
    path = write(
        f"<tu>{pair}</tu><tu><note>R&amp;D</note>{pair}</tu><tu>{remark}</tu>", header="<note>by hand</note>"
    )
    assert [entry.note for entry in read_tmx(path)] == ["by hand", "R&D", "by hand"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "memory.tmx"
    declared = "UTF-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?><tmx><header srclang="ru"/><body><tu>'
    path.write_bytes((text + tuv("ru", "да") + tuv("en", "yes") + "</tu></body></tmx>").encode(encoding))
    assert list(read_tmx(path)) == [MemoryEntry("ru", "en", "да", "yes")]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        '<!DOCTYPE tmx PUBLIC "-//LISA OSCAR:1998//DTD for Translation Memory eXchange//EN" "{url}">',
    ],
)
def test_document_type_is_accepted_and_not_read(write: Write, tmp_path: Path, doctype: str) -> None:
    # Were this DTD read, the parser would stop at what is no declaration.
    (tmp_path / "tmx14.dtd").write_text("this is no DTD", encoding="utf-8")
    url = (tmp_path / "tmx14.dtd").as_uri()
    path = write(f"<tu>{tuv('zh', '好')}{tuv('en', 'good')}</tu>", before=doctype.format(url=url))
    assert list(read_tmx(path)) == [MemoryEntry("zh", "en", "好", "good")]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "ha">',
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "{url}">',
        '<!ENTITY % a SYSTEM "{url}"> %a;',
    ],
)
def test_entities_are_refused(write: Write, tmp_path: Path, declaration: str) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    before = f"<!DOCTYPE tmx [{declaration.format(url=(tmp_path / 'secret').as_uri())}]>"
    path = write(f"<tu>{tuv('zh', '&a;')}{tuv('en', 'x')}</tu>", before=before)
    with pytest.raises(InputError, match=r"memory\.tmx: line 1: declares an entity"):
        list(read_tmx(path))


def test_undeclared_entity_is_not_dropped_in_silence(write: Write) -> None:
    path = write(
        f"<tu>{tuv('zh', 'a&nbsp;b')}{tuv('en', 'x')}</tu>", before='<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    )
    with pytest.raises(InputError, match=r"line 5: &nbsp; is not declared"):
        list(read_tmx(path))


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (f"<tu>\n{tuv('zh', 'a')}<b></tu>", r"line 6: not well-formed XML \(mismatched tag\)"),
        ("<tu><tuv><seg>a</seg></tuv></tu>", r"line 5: <tuv> names no language"),
        (
            f"<tu>\n{tuv('zh', 'x' * (tmx.MAX_TEXT_CHARS + 1))}</tu>",
            r"line 6: a text of more than 10,000 characters",
        ),
        (f"<tu>{tuv('zh', '<hi>' * 100 + '</hi>' * 100)}</tu>", r"line 5: elements nested more than 64 deep"),
        (f"<tu>{tuv('zh', 'x') * 101}</tu>", r"line 5: more than 100 segments"),
    ],
)
def test_fault_is_named_with_its_line(write: Write, units: str, message: str) -> None:
    with pytest.raises(InputError, match=r"memory\.tmx: " + message):
        list(read_tmx(write(units)))


def test_entries_before_a_fault_are_given(write: Write) -> None:
    good = f"<tu>{tuv('zh', '好')}{tuv('en', 'good')}</tu>\n"
    entries = read_tmx(write(good * 2000 + "<tu>"))
    assert next(entries).tgt == "good"
    with pytest.raises(InputError, match="line 2006: not well-formed"):
        list(entries)


def test_segment_as_long_as_may_be_is_read(write: Write) -> None:
    (entry,) = read_tmx(write(f"<tu>{tuv('zh', '好' * tmx.MAX_TEXT_CHARS)}{tuv('en', 'x')}</tu>"))
    assert len(entry.src) == tmx.MAX_TEXT_CHARS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no element found"),
        (b"<html><body>no</body></html>", "<html> where <tmx> should stand"),
        (b"<tmx><header/><body><tu/></body></tmx>", "no source language; set srclang"),
        (b"<tmx>\xff</tmx>", "not well-formed XML"),
        (b'<?xml version="1.0" encoding="gbk"?><tmx/>', "convert the file to UTF-8"),
        (b'<?xml version="1.0" encoding="klingon"?><tmx/>', "convert the file to UTF-8"),
        (b"<tmx><header>", "no element found"),
    ],
)
def test_what_is_not_tmx(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "memory.tmx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        list(read_tmx(path))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.tmx", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            list(read_tmx(path))


def test_file_that_is_too_large(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tmx, "MAX_FILE_BYTES", 10)
    with pytest.raises(InputError, match="split it into smaller files"):
        list(read_tmx(write("")))


def test_a_reader_of_others_reads_what_is_written(tmp_path: Path) -> None:
    """The translate toolkit's, on which Pootle, Virtaal and Weblate rest."""
    from translate.storage.tmx import tmxfile

    path = tmp_path / "memory.tmx"
    entries = [
        MemoryEntry("zh", "en", "“好” <b>&amp;\n新", 'good "q" \U0001f600', "a reader, 2026-11-25"),
        MemoryEntry("ru", "zh", "Да.", "是。"),
    ]
    write_tmx(entries, path)
    units = tmxfile.parsefile(str(path)).units  # type: ignore[no-untyped-call]
    assert [(unit.source, unit.target, unit.getnotes()) for unit in units] == [
        (entry.src, entry.tgt, entry.note) for entry in entries
    ]
    assert [unit.xmlelement.get("srclang") for unit in units] == ["zh", "ru"]
