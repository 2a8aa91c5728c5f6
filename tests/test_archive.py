from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.errors import ModelError
from crosslingual.model_store import archive


def unpack(file: Path, folder: Path) -> list[str]:
    with archive.open_archive(file, "x") as package:
        package.unpack_files(package.names, folder, lambda share: None)
        return sorted(package.names)


def refused(file: Path, folder: Path, why: str) -> None:
    folder.mkdir()
    with pytest.raises(ModelError, match=why) as caught:
        unpack(file, folder)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("x: ")
    assert list(folder.iterdir()) == []


def write(file: Path, *names: str, **given: int) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as to:
        for name in names:
            info = zipfile.ZipInfo(name)
            for key, value in given.items():
                setattr(info, key, value)
            to.writestr(info, b"content")
    return file


def test_plain_files_in_one_folder_are_unpacked_as_they_were(tmp_path: Path) -> None:
    file = write(tmp_path / "a.zip", "top/", "top/model/", "top/model/model.bin", "top/README.md")
    (tmp_path / "to").mkdir()
    assert unpack(file, tmp_path / "to") == ["README.md", "model/model.bin"]
    assert (tmp_path / "to" / "model" / "model.bin").read_bytes() == b"content"


@pytest.mark.parametrize(
    "name",
    ["top/../../evil", "../evil", "/etc/evil", "top//evil", "top/./evil", "C:/evil", "top/c:evil",
     "top/a\\..\\b", "top/a\nb", "top/" + "x" * 300, "top/a\0b"],
)  # fmt: skip
def test_a_name_that_leaves_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.zip", "top/good")
    with zipfile.ZipFile(file, "a") as to:
        info = zipfile.ZipInfo("top/x")
        info.filename = name  # as it is written, not as Python would mend it
        to.writestr(info, b"content")
    refused(file, tmp_path / "to", "is not a plain name|damaged")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR, stat.S_IFDIR])
def test_links_and_devices_are_refused(mode: int, tmp_path: Path) -> None:
    file = write(tmp_path / "a.zip", "top/link", create_system=3, external_attr=mode << 16)
    refused(file, tmp_path / "to", "is a link or a device")


def test_encrypted_entries_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.zip", "top/secret")
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    refused(file, tmp_path / "to", "is encrypted")


def test_unusual_compression_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as to:
        to.writestr("top/a", b"content")
    refused(tmp_path / "a.zip", tmp_path / "to", "unusual way")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("top/a", "top/a"), ("top/a", "TOP/A"), ("top/a", "top/a/")])
def test_what_is_there_twice_is_refused(names: tuple[str, str], tmp_path: Path) -> None:
    refused(write(tmp_path / "a.zip", *names), tmp_path / "to", "is there twice")


@pytest.mark.parametrize("names", [(), ("a",), ("top",), ("top/a", "other/b"), ("top/a", "b")])
def test_anything_but_one_folder_is_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    refused(write(tmp_path / "a.zip", *names), tmp_path / "to", "not one folder")


def test_bombs_are_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as to:
        to.writestr("top/zeros", bytes(40 * 2**20))
    refused(tmp_path / "a.zip", tmp_path / "to", "would unpack to 42 MB")
    many = write(tmp_path / "b.zip", *(f"top/{i}" for i in range(archive.MAX_ENTRIES + 1)))
    refused(many, tmp_path / "to2", "10,001 entries")


def test_a_size_that_is_a_lie_costs_no_more_than_it_claims(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as to:
        to.writestr("top/zeros", bytes(40 * 2**20))
    content = bytearray((tmp_path / "a.zip").read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "to").mkdir()
    with pytest.raises(ModelError, match="damaged"):
        unpack(tmp_path / "a.zip", tmp_path / "to")
    assert sum(path.stat().st_size for path in (tmp_path / "to").iterdir()) <= 1000


def test_a_directory_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with file.open("wb") as to:
        to.write(b"PK\x03\x04")
        to.truncate(10**9)
        to.seek(0, 2)
        to.write(b"PK\x05\x06" + bytes(4) + b"\1\0\1\0" + (10**9 - 4).to_bytes(4, "little") + bytes(6))
    refused(file, tmp_path / "to", "too large a directory")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no package"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
        (b"\n  <html>", "a web page"),
        (b"GGUF" * 200, "no package"),
        (b"PK\x03\x04 and no more", "damaged or cut short"),
    ],
)
def test_what_is_no_archive_is_told(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    refused(tmp_path / "a.zip", tmp_path / "to", why)


@settings(deadline=None, max_examples=300)
@given(
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6),
    length=st.integers(0, 400),
)
def test_a_damaged_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]], length: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(write(folder / "a.zip", "top/", "top/a", "top/b").read_bytes())
    for place, value in flips:
        content[place % len(content)] = value
    (folder / "a.zip").write_bytes(content[: len(content) - max(0, length - 200)])
    (folder / "to").mkdir()
    try:
        unpack(folder / "a.zip", folder / "to")
    except ModelError as error:
        assert "\n" not in str(error)  # noqa: PT017  # that it may also be read is the point
    assert {path.name for path in folder.iterdir()} == {"a.zip", "to"}
