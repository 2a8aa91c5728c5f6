from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.readers import Problem, Record
from crosslingual.serve.uploads import (
    MAX_LINKS,
    MAX_NAME_CHARS,
    TemporaryFolder,
    clean_file_name,
    remove_stale_folders,
)
from crosslingual.ui.add.inputs import (
    check_fields,
    inputs_from_links,
    inputs_from_text,
    inputs_from_uploads,
)


@dataclass
class Sent:
    name: str
    content: bytes = b"text"

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


def test_uploads_lie_on_disk_for_as_long_as_they_are_needed() -> None:
    kept = inputs_from_uploads([Sent("a.txt", b"one"), Sent("a.txt", b"two")])
    places = [file.disk_path for file in kept.files]
    assert [file.read() for file in kept.files] == [b"one", b"two"]
    assert [file.path for file in kept.files] == [Path("a.txt"), Path("a.txt")]
    del kept
    gc.collect()
    assert not any(place is None or place.exists() for place in places)


def test_without_a_file_there_is_nothing_to_read() -> None:
    with pytest.raises(InputError, match="no file; drop some"):
        inputs_from_uploads([])


@given(st.text(max_size=300))
def test_a_file_is_shown_by_a_name_that_is_one_line_of_what_can_be_seen(name: str) -> None:
    shown = clean_file_name(name)
    assert shown
    assert len(shown) <= MAX_NAME_CHARS
    assert not any(char in shown for char in "/\\\n\r\0\u202e\u2066")


def test_the_end_of_a_long_name_is_kept_since_it_tells_the_format() -> None:
    assert clean_file_name("../" + 500 * "a" + ".docx").endswith("aaa.docx")


def test_links_are_taken_one_a_line_or_several_each_once() -> None:
    made = inputs_from_links(" https://a.example/1\nhttps://a.example/2 https://a.example/1\n")
    assert made.urls == ("https://a.example/1", "https://a.example/2")
    assert made.display_paths == [Path("https://a.example/1"), Path("https://a.example/2")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "no link"),
        ("not a link", "“not a link” is no address"),
        ("\u202efile:///etc/passwd", "“file:///etc/passwd” is no address"),
        (" ".join(f"https://a.example/{n}" for n in range(MAX_LINKS + 1)), "201 links; give 200"),
    ],
)
def test_what_is_no_link_is_told(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        inputs_from_links(text)


def test_a_bad_link_does_not_hold_up_the_others() -> None:
    made = inputs_from_links(
        "https://a.example\nhttps://b.example javascript:1\n\u202enot a link\nhttps://c.example"
    )
    assert made.urls == ("https://a.example", "https://c.example")
    assert [(one.line, one.message) for one in made.pasted if isinstance(one, Problem)] == [
        (2, "“https://b.example javascript:1” is no address of the web; write it with https://"),
        (3, "“not a link” is no address of the web; write it with https://"),
    ]
    assert made.display_paths == [Path("https://a.example"), Path("https://c.example")]


def test_a_pasted_text_is_a_record_with_what_is_known_of_it() -> None:
    (record,) = inputs_from_text(
        {"text": "It rains.\r\nIt pours.", "date": "16.05.2024", "source": " BBC "}
    ).pasted
    assert isinstance(record, Record)
    assert (record.text, record.date, record.source) == ("It rains.\nIt pours.", "2024-05-16", "BBC")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "  "}, "no text; paste"),
        ({"text": "?!"}, "no text"),
        (
            {"text": "It rains.", "date": "05/06/2024"},
            "date is '05/06/2024', which may be 2024-06-05 or 2024-05-06; write it",
        ),
        ({"text": "It rains.", "title": "t" * 2_001}, "title has more than 2,000 characters"),
    ],
)
def test_a_text_that_cannot_be_used_is_told_in_a_line(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        inputs_from_text(fields)


@given(st.dictionaries(st.sampled_from(["title", "date", "source", "lang"]), st.text(max_size=60)))
def test_whatever_is_written_into_the_fields_is_a_record_or_a_reason(fields: dict[str, str]) -> None:
    record, wrong = check_fields({"text": "It rains.", **fields}, Path("x"), 1)
    assert (record is None) == bool(wrong)
    assert "\n" not in wrong


def test_uploads_of_a_killed_app_go_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = (
        "import tempfile; tempfile.tempdir = " + repr(str(tmp_path)) + "\n"
        "from crosslingual.serve.uploads import TemporaryFolder\n"
        "made = TemporaryFolder(); (made.path / '0').write_bytes(b'held')\n"
        "print(made.path, flush=True); input()"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert app.stdout is not None
    left = Path(app.stdout.readline().strip())
    own = TemporaryFolder()
    other = tmp_path / "crosslingual-uploads-of-another-kind"
    other.mkdir()
    remove_stale_folders()
    assert left.is_dir()
    assert own.path.is_dir()
    app.kill()
    app.communicate()
    assert (left / "0").is_file()
    remove_stale_folders()
    assert not left.exists()
    assert own.path.is_dir()
    assert other.is_dir()
    kept = own.path
    del own
    gc.collect()
    assert not kept.exists()
