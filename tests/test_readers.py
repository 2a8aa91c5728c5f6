from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.readers import (
    KNOWN_SUFFIXES,
    Item,
    SkippedFile,
    encoding,
    file,
    formats,
    read_files,
    record,
)
from crosslingual.readers.record import Problem, Record, build_record, clean_text
from crosslingual.tmx import MemoryEntry

DATA = Path(__file__).parent / "data" / "readers"
TEXT = "Путин прибыл в Пекин. Си встретил его."


def told(*paths: Path) -> list[str]:
    """The problems, without the folder they are in."""
    return [
        str(item).replace(f"{item.path.parent}{os.sep}", "")
        for item in read_files(paths)
        if isinstance(item, Problem)
    ]


def records(*paths: Path) -> list[Record]:
    return [item for item in read_files(paths) if isinstance(item, Record)]


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_each_format_gives_the_same_article() -> None:
    found = records(*(DATA / f"summit.{suffix}" for suffix in ("jsonl", "md", "txt")))
    assert len(found) == 3
    first = found[0]
    assert first == Record(
        path=DATA / "summit.jsonl",
        line=1,
        text="国家主席习近平16日在北京同俄罗斯总统普京会谈。\n\n两国元首签署了联合声明。",
        source="xinhua-demo",
        lang="zh",
        date="2024-05-16",
        title="习近平：同普京会谈",
        url="https://example.org/summit",
        end=(DATA / "summit.jsonl").stat().st_size,
    )
    for other in found[1:]:
        assert [getattr(other, name) for name in record.RECORD_FIELDS] == [
            getattr(first, name) for name in record.RECORD_FIELDS
        ]


def test_a_translation_memory_is_cleaned_as_the_articles_are() -> None:
    src = "Путин прибыл в Пекин.\nСи встретил его."
    entry = MemoryEntry("ru", "en", src, "Putin arrived in Beijing. Xi met him.", "by hand")
    assert list(read_files([DATA / "memory.tmx"])) == [entry]


def test_a_translation_memory_that_ends_early_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_bytes((DATA / "memory.tmx").read_bytes()[:-20])
    (problem,) = told(tmp_path)
    assert problem.startswith("a.tmx:")
    assert "does not end" in problem


BAD: list[tuple[bytes, str]] = [
    (b'{"source": "ria"}', 'no "text"; add the article\'s text under that key'),
    (b'{"text": " \\u0000\\n\\u202e ... "}', 'no "text"; add the article\'s text under that key'),
    (b'{"text": null}', 'no "text"; add the article\'s text under that key'),
    (b'{"text": "A text" "url": ""}', "not valid JSON (Expecting ',' delimiter, column 19); mend the line"),
    (b"Some prose.", "not valid JSON (Expecting value, column 1); mend the line"),
    (
        b'["A text"]',
        'not a JSON object; write {"source": \N{HORIZONTAL ELLIPSIS}, "text": \N{HORIZONTAL ELLIPSIS}}',
    ),
    (
        b'{"text": "A text", "lang": "Martian"}',
        "\"lang\" is 'Martian'; give an ISO 639-1 code such as zh, ru, en",
    ),
    (b"[" * 200_000, "JSON that is too deep or has too long numbers; mend the line"),
    (b'{"text": %s}' % (b"9" * 5_000), "JSON that is too deep or has too long numbers; mend the line"),
    (
        b'{"text": "A text", "title": "%s"}' % (b"A" * 2_001),
        '"title" has more than 2,000 characters; split or shorten it',
    ),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_a_bad_record_is_told_by_line_and_the_rest_goes_in(line: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    good = json.dumps({"text": TEXT}).encode()
    path.write_bytes(b"\n".join([good, line, b"", good]))
    assert told(path) == [f"articles.jsonl:2: {message}"]
    assert [item.line for item in records(path)] == [1, 4]


def test_a_date_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": TEXT, "date": "mid-May 2024"})
    assert told(path) == ["a.jsonl:1: \"date\" is 'mid-May 2024'; went in without: write it as 2024-05-16"]
    assert records(path)[0].date == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://ria.ru/1", "https://ria.ru/1"),
        ("http://example.org/a?b=ü", "http://example.org/a?b=ü"),
        ("content/2023/summit/index.md", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://[", ""),
        ("https://a.org/ onclick=x", ""),
    ],
)
def test_only_web_addresses_are_kept_as_links(url: str, link: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": TEXT, "url": url})
    assert [(item.text, item.url) for item in records(path)] == [(TEXT, link)]
    assert told(path) == []


def test_what_no_reader_could_see_is_taken_out() -> None:
    assert clean_text("\ufeffA\r\nB\rC\x00\x1b[31m\u202eD\u2066\u2029E\t\udc80 ") == "A\nB\nC[31mD\nE\t\ufffd"
    assert clean_text("👩\u200d👩 می\u200cخواهم") == "👩\u200d👩 می\u200cخواهم"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Hafen\u00admeister", "Hafenmeister"),
        ("Der Hafen\u00ad\nmeister kam.", "Der Hafenmeister kam."),
        ("Ein Satz.\u00ad\n\nNoch einer.", "Ein Satz.\n\nNoch einer."),
        ("har\u200bbour\u2060mas\u200cter \ufeffcame", "harbourmaster came"),
        ("\u0434\u043e\u0440\u043e\u0301\u0433\u0430 и за\u0301мок", "дорога и замок"),
        ("a\u200d\u200db а\u0301\u0301", "ab а"),
        ("caf" + "e\u0301, и\u0306од, е\u0308лка", "café, йод, ёлка"),
        ("ㄏ \u1112\u1161\u11ab", "ㄏ 한"),
        ("\uf0b7 Ferries\n\uf0b7\tPiers \ue901 share", "Ferries\nPiers share"),
        ("A f\uf065rry \ue020\ue021 left\uf0b7", "A f\ufffdrry \ufffd\ufffd left\ufffd"),
    ],
)
def test_words_are_whole_and_letters_composed(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_characters_that_stand_for_what_was_unreadable_are_told() -> None:
    told, record = build_record({"text": "A ferr\ufffd stopp\ufffdd.", "title": "Ferry"}, Path("a.txt"), 3)
    assert isinstance(record, Record)
    assert isinstance(told, Problem)
    assert told.is_warning
    assert told.message.startswith("text with 2 unreadable characters")


@given(st.text(st.characters()))
def test_cleaning_is_done_once_and_leaves_what_can_be_stored(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
    assert all(char.isprintable() or char.isspace() or char not in "\x00\x1b\u202e" for char in cleaned)


@given(
    st.dictionaries(
        st.sampled_from([*record.RECORD_FIELDS, "other"]),
        st.one_of(st.text(st.characters()), st.none(), st.integers(), st.lists(st.text())),
    )
)
def test_any_fields_give_a_clean_record_or_problems_in_one_line(fields: dict[str, object]) -> None:
    items = list(build_record(fields, Path("a.jsonl"), 1))
    assert items
    for item in items:
        if isinstance(item, Problem):
            assert str(item).isprintable()
        else:
            assert any(char.isalnum() for char in item.text)
            assert item.lang == "" or len(item.lang) == 2
            "".join((item.source, item.title, item.text, item.url)).encode()
            assert "\n" not in item.source + item.title + item.url


def test_a_heading_that_repeats_the_title_is_no_sentence(tmp_path: Path) -> None:
    fields = {"title": "Визит", "text": f"# Визит\n\n{TEXT}"}
    assert records(write(tmp_path / "a.jsonl", fields))[0].text == TEXT
    assert records(write(tmp_path / "b.jsonl", {**fields, "title": "Другой"}))[0].text == fields["text"]


def test_texts_without_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# Визит #\n{TEXT}\n\n---\n\nДа.", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"# Визит\n{TEXT}", encoding="utf-8")
    (tmp_path / "c.md").write_text(f"---\n{TEXT}", encoding="utf-8")
    found = records(tmp_path)
    assert [item.title for item in found] == ["Визит", "", ""]
    assert [item.text for item in found] == [f"{TEXT}\n\n---\n\nДа.", f"# Визит\n{TEXT}", f"---\n{TEXT}"]


def test_fields_on_top_of_a_text_end_with_an_empty_line(tmp_path: Path) -> None:
    head = 'source: Лента\r\nDate: 2024-03-23\r\ntitle: Xi: "a visit\r\nurl:\r\n \r\n'
    (tmp_path / "a.txt").write_text(f"\ufeff{head}{TEXT}\n\nurl: да.", encoding="utf-8", newline="")
    (tmp_path / "b.md").write_text(f"lang: no\n\n# Визит\n{TEXT}", encoding="utf-8")
    first, second = records(tmp_path)
    assert (first.source, first.date, first.title) == ("Лента", "2024-03-23", 'Xi: "a visit')
    assert (first.text, first.url) == (f"{TEXT}\n\nurl: да.", "")
    assert (second.lang, second.title, second.text) == ("no", "Визит", TEXT)


@pytest.mark.parametrize(
    "text",
    [
        f"Moscow: {TEXT}\n\n{TEXT}",
        f"source: Лента\n{TEXT}\n\n{TEXT}",
        f"source: Лента\ncategory: world\n\n{TEXT}",
        f"source: Лента\nsource: ria\n\n{TEXT}",
        f"text: {TEXT}\n\n{TEXT}",
        f"sources: two\n\n{TEXT}",
        f"{TEXT}\nsource: Лента\n\n{TEXT}",
        "source: Лента\ntitle: Визит",
        "title\n\n:",
        "source: Лента\n" * 20_000,
    ],
)
def test_what_is_not_fields_alone_is_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (found,) = records(tmp_path)
    assert (found.text, found.source, found.title) == (text.strip(), "", "")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("title: " + "x" * 2_001, 'a.txt:1: "title" has more than 2,000 characters'),
        ("lang: Russian", "a.txt:1: \"lang\" is 'Russian'"),
        ("date: May", "a.txt:1: \"date\" is 'May'; went in without"),
        ("source: ria\n\n...", "a.txt:1: no text in it"),
    ],
)
def test_fields_on_top_are_checked(head: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{head}\n\n{'' if '...' in head else TEXT}", encoding="utf-8")
    (problem,) = told(tmp_path)
    assert problem.startswith(message)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "title: Xi: a visit",
            "a.md:2: front matter is not valid YAML (mapping values are not allowed here); put",
        ),
        ("lang: ru\ntitle: [Xi", "a.md:4: front matter is not valid YAML"),
        ("- ria", "a.md:1: front matter has no fields"),
        ("title: [Xi]", 'a.md:1: "title" is no text'),
        ("title: " + "[" * 5_000, "a.md:1: front matter is not valid YAML"),
        ("title: " + "x" * 20_000, "a.md:1: front matter of more than 16,384 characters"),
        ("title: !!python/object/apply:os.system ['true']", 'a.md:1: "title" is no text'),
        ("\n".join(["a: &a [x, x]", *(f"a{n}: &a{n} [{', '.join(['*a'] * 9)}]" for n in range(50))]), ""),
        ("title: &a [*a]", "a.md:2: front matter is not valid YAML (found unconstructable recursive node)"),
        ("? [a, b]\n: c", "a.md:2: front matter is not valid YAML"),
    ],
)
def test_front_matter_is_harmless(header: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\n{header}\n---\n{TEXT}", encoding="utf-8")
    problems = told(tmp_path / "a.md")
    if message:
        assert len(problems) == 1
        assert problems[0].startswith(message)
    else:
        assert problems == []
        assert records(tmp_path / "a.md")[0].text == TEXT


def test_yaml_makes_nothing_but_texts(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        f"---\nlang: no\ndate: 2024-05-16\ntitle: 1_000\nsource: on\n---\n{TEXT}", "utf-8"
    )
    (found,) = records(tmp_path)
    assert (found.lang, found.date, found.title, found.source) == ("no", "2024-05-16", "1_000", "on")


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_FILE_BYTES", 2**20)
    monkeypatch.setattr(encoding, "MAX_LINE_BYTES", 2**20)
    monkeypatch.setattr(record, "MAX_TEXT_CHARS", 1_000)
    (tmp_path / "a.txt").write_text("a" * (2**20 + 1), "utf-8")
    write(
        tmp_path / "b.jsonl", {"text": TEXT}, {"text": "a" * 3 * 2**20}, {"text": "a" * 1_001}, {"text": TEXT}
    )
    assert told(tmp_path / "a.txt", tmp_path / "b.jsonl") == [
        "a.txt: larger than 1 MB; split it into smaller files",
        "b.jsonl:2: line of more than 1 MB; split or shorten it",
        'b.jsonl:3: "text" has more than 1,000 characters; split or shorten it',
    ]
    assert [item.line for item in records(tmp_path / "b.jsonl")] == [1, 4]


def test_a_line_of_exactly_the_bound_does_not_take_the_next_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = json.dumps({"text": TEXT})
    for bound in range(len(good) - 1, len(good) + 3):
        monkeypatch.setattr(encoding, "MAX_LINE_BYTES", bound)
        (tmp_path / "a.jsonl").write_text(f"{good} \n{'x' * (bound + 1)}\n{good}", "utf-8")
        lines = [item.line for item in records(tmp_path / "a.jsonl")]
        assert lines == ([1, 3] if bound >= len(good) + 2 else [3] if bound >= len(good) else [])


def test_a_file_of_nothing_but_problems_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_PROBLEMS", 3)
    path = write(tmp_path / "a.jsonl", *[{}] * 10)
    assert told(path)[2:] == [
        'a.jsonl:3: no "text"; add the article\'s text under that key',
        "a.jsonl: given up after 3 problems; mend them and add it again",
    ]


def test_folders_are_read_in_order_and_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.MD", "a/x.txt", "z.txt", ".hidden/x.txt", "b/.x.txt", "c/film.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{TEXT} {name}", encoding="utf-8")
    items = list(read_files([tmp_path]))
    assert [item.text[len(TEXT) + 1 :] for item in items if isinstance(item, Record)] == [
        "z.txt", "a/x.txt", "b/1.MD", "b/2.txt",
    ]  # fmt: skip
    assert [item.path.name for item in items if isinstance(item, SkippedFile)] == ["film.mp4"]
    assert told(tmp_path) == []


def _photo(folder: Path) -> Path:
    (folder / "film.mp4").write_bytes(b"\xff\xd8")
    return folder / "film.mp4"


def _only_photos(folder: Path) -> Path:
    return _photo(folder).parent


def _absent(folder: Path) -> Path:
    return folder / "absent.txt"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.txt")
    return folder / "pipe.txt"


def _link_outside(folder: Path) -> Path:
    (folder / "inside").mkdir()
    (folder / "secret.txt").write_text(TEXT, encoding="utf-8")
    (folder / "inside" / "link.txt").symlink_to(folder / "secret.txt")
    return folder / "inside"


def _odd_name(folder: Path) -> Path:
    (folder / "a\n\x1b[31m.txt").write_text("", encoding="utf-8")
    return folder / "a\n\x1b[31m.txt"


def _too_long(folder: Path) -> Path:
    return folder / f"{'a' * 300}.txt"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_photo, "of no known format; known are .jsonl, .ndjson, .md, .markdown, .txt, .tmx, .html"),
        (_only_photos, "holds no file of a known format"),
        (_absent, "not there; check the name"),
        (_pipe, "neither a file nor a folder"),
        (_link_outside, "a link that leads out of the folder"),
        (_odd_name, "a��[31m.txt:1: no text in it; put the article's there"),
        (_too_long, "cannot be read|not there"),
    ],
)
def test_what_cannot_be_read_is_one_line(make: Callable[[Path], Path], message: str, tmp_path: Path) -> None:
    items = [item for item in read_files([make(tmp_path)]) if not isinstance(item, SkippedFile)]
    assert len(items) == 1
    assert isinstance(items[0], Problem)
    assert str(items[0]).isprintable()
    assert message in str(items[0]) or any(part in str(items[0]) for part in message.split("|"))


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    write(tmp_path / "b.jsonl", {"text": TEXT})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the superuser may open anything
    assert told(tmp_path) == [
        f"{name}: cannot be read (Permission denied); check its permissions" for name in ("a.txt", "b.jsonl")
    ]


def test_links_inside_a_folder_are_read_and_loops_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "loop").symlink_to(".", target_is_directory=True)
    (tmp_path / "dangling.txt").symlink_to("nowhere.txt")
    assert [item.path.name for item in records(tmp_path)] == ["a.txt", "b.txt"]


def test_progress_runs_from_start_to_end(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *[{"text": TEXT}] * 3)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    seen: list[tuple[int, int]] = []
    items: list[Item] = list(read_files([tmp_path], lambda done, total, _: seen.append((done, total))))
    size_a = (tmp_path / "a.jsonl").stat().st_size
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert len(seen) == len(items) == 4
    assert {total for _, total in seen} == {size}
    ends = [done for done, _ in seen]
    assert ends == [size_a * count // 3 for count in (1, 2, 3)] + [size_a]


def test_every_format_is_in_the_documentation() -> None:
    page = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
    for suffix in KNOWN_SUFFIXES:
        assert f"`{suffix}`" in page
    for name in record.RECORD_FIELDS:
        assert f"`{name}`" in page
