"""Texts in six languages, in every format and encoding, with and without declarations, come out exact."""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.readers import File, Problem, Record
from crosslingual.readers.encoding import decode_markup, decode_text, read_lines
from crosslingual.readers.encoding_detection import UndecodableError, detect_encoding
from crosslingual.readers.formats import read_items
from tests.helpers.file_samples import (
    STORIES,
    Story,
    epub,
    feed,
    mht,
    objects,
    page,
    table,
    warc,
)
from tests.helpers.language_samples import SAMPLES, UNICODE_ENCODINGS, encode_sample, legacy_encodings

ENCODINGS = {
    "zh": ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "big5"),
    "ru": ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1251", "koi8-r", "gb18030"),
    "uk": ("utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-u", "gb18030"),
    "en": ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "gb18030"),
    "de": ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "gb18030"),
    "fr": ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "gb18030"),
}
FORMATS = ("txt", "html", "html declared", "csv", "tsv", "json", "jsonl", "rss", "rss declared")
TRADITIONAL = Story(
    "zh",
    "兩國元首在北京舉行會談",
    "國家主席十六日上午在人民大會堂同來訪的總統舉行會談，雙方就雙邊關係和共同關心的國際問題深入交換意見。\n"
    "兩國元首簽署了聯合聲明，宣布將在貿易、能源和農業等領域擴大合作，並且繼續支持各自國家的企業。\n"
    "發言人對記者說：「我們希望看到更多的對話，而不是對抗。」會談之後，他們一起出席了晚上的音樂會。",
)
CASES = [(story, coding, form) for story in STORIES for coding in ENCODINGS[story.lang] for form in FORMATS]


def written(story: Story, coding: str) -> Story:
    """The story as it can be written in an encoding: KOI8 has no « and no dash."""
    if coding == "big5":
        return TRADITIONAL
    if coding.startswith("koi8"):
        return replace(story, text=story.text.translate({ord("«"): '"', ord("»"): '"', ord("—"): "-"}))
    return story


def file_of(story: Story, coding: str, form: str) -> File:
    kind, _, said = form.partition(" ")
    charset = coding.removesuffix("-le").removesuffix("-be").removesuffix("-sig") if said else ""
    made: dict[str, Callable[[], str]] = {
        "txt": lambda: story.text,
        "html": lambda: page(story, charset),
        "csv": lambda: table([story]),
        "tsv": lambda: table([story], "\t"),
        "json": lambda: objects([story]),
        "jsonl": lambda: json.dumps({"title": story.title, "text": story.text}, ensure_ascii=False),
        "rss": lambda: feed([story], charset),
    }
    return File(Path(f"a.{kind}"), made[kind]().encode(coding))


def texts(file: File) -> list[object]:
    return [item.text if isinstance(item, Record) else str(item) for item in read_items(file)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ENCODINGS)
def test_every_language_in_every_encoding_and_format_comes_out_exact(lang: str, form: str) -> None:
    tried = 0
    for story, coding, other in CASES:
        if (story.lang, other) != (lang, form):
            continue
        story = written(story, coding)
        assert texts(file_of(story, coding, form)) == [story.text], coding
        tried += 1
    assert tried == len(ENCODINGS[lang])


def test_there_are_as_many_files_as_are_asked_for() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    "declared", ["utf-8", "iso-8859-1", "gb2312", "big5", "windows-1251", "koi8-r", "x-none"]
)
def test_a_wrong_declaration_is_overridden(declared: str) -> None:
    for story, coding in [
        *((story, "utf-8") for story in STORIES),
        (STORIES[0], "gb18030"),
        (TRADITIONAL, "big5"),
        (STORIES[1], "windows-1251"),
        (written(STORIES[1], "koi8-r"), "koi8-r"),
        (STORIES[2], "windows-1251"),
        (STORIES[4], "windows-1252"),
        (STORIES[5], "windows-1252"),
    ]:
        for file in (
            File(Path("a.html"), page(story, declared).encode(coding)),
            File(Path("a.rss"), feed([story], declared).encode(coding)),
            File(Path("a.html"), page(story).encode(coding), charset=declared),
        ):
            assert texts(file) == [story.text], (coding, file.path)


def test_web_archives_say_their_encoding_in_the_answer() -> None:
    for named in ("windows-1251", "utf-8", ""):
        file = File(Path("a.warc"), warc(STORIES[1:2], charset="windows-1251", named=named))
        assert texts(file) == [STORIES[1].text]
    assert texts(File(Path("a.mht"), mht(STORIES[0], "gb2312"))) == [STORIES[0].text]
    assert texts(File(Path("a.epub"), epub(STORIES))) == [story.text for story in STORIES]


@pytest.mark.parametrize("lang", SAMPLES)
def test_whatever_encoding_a_language_is_kept_in_is_told_without_a_word_of_it(lang: str) -> None:
    for encoding in (*legacy_encodings(lang), *UNICODE_ENCODINGS):
        content, text = encode_sample(SAMPLES[lang], encoding)
        assert unicodedata.normalize("NFC", decode_text(content)).lstrip("\ufeff") == text, encoding


@pytest.mark.parametrize("lang", SAMPLES)
def test_a_few_words_are_read_rightly_or_refused(lang: str) -> None:
    for encoding in legacy_encodings(lang):
        content, text = encode_sample(SAMPLES[lang][:40], encoding)
        with contextlib.suppress(UndecodableError):
            assert unicodedata.normalize("NFC", decode_text(content)) == text, encoding


@pytest.mark.parametrize("lang", SAMPLES)
def test_a_word_is_enough_where_its_encoding_is_declared(lang: str) -> None:
    for encoding in legacy_encodings(lang):
        content, text = encode_sample(SAMPLES[lang].split()[0][:12], encoding)
        assert unicodedata.normalize("NFC", decode_text(content, [encoding])) == text, encoding


@pytest.mark.parametrize(
    "name", ["x-sjis", "Shift-JIS", "x-gbk", "ISO-8859-8-I", "windows-874", "x-mac-cyrillic"]
)
def test_names_that_pages_give_are_known(name: str) -> None:
    samples = {"x-sjis": "ja", "Shift-JIS": "ja", "x-gbk": "zh", "ISO-8859-8-I": "he", "windows-874": "th"}
    text = SAMPLES[samples.get(name, "ru")][:30]
    codec = {"x-sjis": "cp932", "x-gbk": "gbk", "ISO-8859-8-I": "iso8859-8", "windows-874": "cp874"}
    content = text.encode(codec.get(name, name.removeprefix("x-")))
    assert decode_text(content, [name]) == text


@pytest.mark.parametrize(
    ("lang", "encoding"),
    [
        ("zh", "gbk"),
        ("zh-hant", "big5"),
        ("ja", "euc_jp"),
        ("ja", "shift_jis"),
        ("ko", "euc_kr"),
        ("ru", "utf-8"),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_a_damaged_byte_or_a_cut_leaves_the_rest_right_and_is_told(
    lang: str, encoding: str, declared: bool
) -> None:
    text = SAMPLES[lang]
    content = text.encode(encoding)
    start = len(text[:20].encode(encoding))
    said = encoding if declared else ""
    markup = page(replace(STORIES[0], title="News", text="@"), said).encode()
    for damaged in (
        content[:start] + b"\xff" + content[start:],
        content[:start] + b"\xff\n" + content[start:-1],
    ):
        for file in (
            File(Path("a.txt"), damaged, charset=said),
            File(Path("a.html"), markup.replace(b"@", damaged)),
            File(Path("a.csv"), b'title,text\nNews,"' + damaged + b'"\n'),
        ):
            *told, record = read_items(file)
            assert isinstance(record, Record), file.path
            assert text[:20] in record.text
            assert "\N{REPLACEMENT CHARACTER}" in record.text
            assert [isinstance(one, Problem) and one.is_warning for one in told] == [True]
            assert "unreadable character" in str(told[0])


def test_an_undeclared_page_whose_first_signs_beyond_ascii_come_late_is_utf8() -> None:
    style = "".join(f".a{number}{{color:red;margin:0 auto;padding:{number}px}}" for number in range(900))
    slips = "".join(f"<style>.b{number}{{margin:0ßpx}}</style>" for number in range(8))
    content = f"<html><head><style>{style}</style>{slips}</head><body>Fog</body></html>".encode()
    assert content.find("ß".encode()) > 30_000
    assert slips in decode_markup(content)


def test_a_page_of_two_encodings_is_read_as_utf8_and_the_rest_is_told() -> None:
    both = f"<p>{SAMPLES['fr']}</p>".encode() + f"<p>{SAMPLES['sv']}</p>".encode("latin-1")
    markup = page(replace(STORIES[5], text="@@"), "utf-8").encode().replace(b"<p>@@</p>", both)
    told, record = read_items(File(Path("a.html"), markup))
    assert isinstance(told, Problem)
    assert isinstance(record, Record)
    assert SAMPLES["fr"] in record.text
    assert "Ã" not in record.text


def test_characters_of_ones_own_are_signs_of_damage() -> None:
    text = SAMPLES["zh"].encode("gbk")
    found = decode_text(text + b"\n" + b"\xaa\xa1\n" + text)
    assert "\N{REPLACEMENT CHARACTER}" in found
    assert not re.search("[\ue000-\uf8ff]", found)


@pytest.mark.parametrize("lang", ["ru", "zh", "fr", "en", "ko", "ar"])
@pytest.mark.parametrize("damage", [b"\0", b"\xff\0\xd0", b"\0" * 4096])
def test_zeros_inside_a_text_are_damage_and_make_no_other_encoding_of_it(lang: str, damage: bytes) -> None:
    for encoding in ("utf-8", *legacy_encodings(lang)[: damage.count(b"\0") == len(damage)]):
        text = SAMPLES[lang]
        place = len(text) // 2
        content = text[:place].encode(encoding) + damage + text[place:].encode(encoding)
        told, *records = read_items(File(Path("a.txt"), content + b"\n" + text.encode(encoding)))
        if isinstance(told, Problem) and not told.is_warning:
            assert "save the file as UTF-8" in str(told), "too few letters beyond ASCII to tell"
            continue
        (record,) = records
        assert isinstance(record, Record)
        assert unicodedata.normalize("NFC", text[:place].rstrip()) in record.text
        assert record.text.endswith(unicodedata.normalize("NFC", text[-20:]))
        assert "unreadable character" in str(told)


@pytest.mark.parametrize("lang", ["zh", "ja", "ko", "th"])
def test_a_few_damaged_words_of_three_bytes_a_letter_are_utf8(lang: str) -> None:
    content = SAMPLES[lang][:20].encode()
    assert decode_text(content[:13] + b"\xe5" + content[13:]).startswith(SAMPLES[lang][:4])


def test_zeros_of_wide_encodings_are_no_damage() -> None:
    for text in ("A一Āa", *SAMPLES.values()):
        for encoding in ("utf-16", "utf-32"):
            assert decode_text(text.encode(encoding)).lstrip("\ufeff") == text


def test_utf16_without_a_mark_and_without_ascii_is_no_ascii() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode_text("Правительство".encode(encoding)) == "Правительство"


@pytest.mark.parametrize("length", [20, 30, 45])
def test_short_texts_are_exact_or_refused(length: int) -> None:
    for story in STORIES:
        for coding in ENCODINGS[story.lang]:
            for line in written(story, coding).lines:
                assert decode_text(line[:length].encode(coding)) == line[:length], coding


@pytest.mark.parametrize("content", [b"\xd7", "é".encode("cp1252"), b"\x80\x81 \xff"])
def test_too_little_to_tell_is_not_guessed(content: bytes) -> None:
    with pytest.raises(InputError, match="save the file as UTF-8"):
        decode_text(content)


def test_what_is_no_text_is_not_guessed() -> None:
    noise = bytes((number * 7919 + number // 256 * 31) % 256 for number in range(5_000))
    for content in (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise, b"\xff\xfea", noise):
        with pytest.raises(InputError, match="UTF-8"):
            decode_text(content)


def test_lines_of_no_text_are_told_and_those_beside_are_read() -> None:
    good = json.dumps({"text": STORIES[1].text, "source": "a"}, ensure_ascii=False).encode()
    content = b"\n".join([good, good.replace(b"\xd0", b"\xff"), good[:40] + b"\xff" + good[40:]])
    first, second, third = read_lines(File(Path("a.jsonl"), content))
    assert first.text == good.decode() + "\n"
    assert isinstance(second.text, Problem)
    assert "a.jsonl:2: not UTF-8 (byte 0xff)" in str(second.text)
    assert "\N{REPLACEMENT CHARACTER}" in str(third.text)


def test_a_large_file_of_lines_is_not_held_and_its_encoding_is_that_of_its_head(tmp_path: Path) -> None:
    text = written(STORIES[1], "koi8-r").text
    line = json.dumps({"text": text}, ensure_ascii=False) + "\n"
    path = tmp_path / "a.jsonl"
    path.write_bytes(line.encode("koi8-r") * 15_000)
    assert path.stat().st_size > 4 * 2**20
    found = list(read_items(File(path)))
    assert len(found) == 15_000
    assert {item.text for item in found if isinstance(item, Record)} == {text}


EMPTY = (
    b"",
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_an_error_of_ours(content: bytes) -> None:
    with contextlib.suppress(InputError):
        content.decode(detect_encoding(content), "replace")
        assert bool(decode_text(content)) == (content not in EMPTY)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1))
def test_what_is_valid_utf8_and_long_enough_is_that(text: str) -> None:
    content = (text + "Съезжавшиеся").encode()
    assert decode_text(content, ["windows-1251"]) == text + "Съезжавшиеся"
