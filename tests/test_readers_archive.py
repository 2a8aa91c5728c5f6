"""Names in ZIP files are shown as they were written, in whatever encoding the packing machine had."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from crosslingual.readers import File, Record, read_files


def zipped(names: list[bytes]) -> bytes:
    """A ZIP file with these names, not marked as UTF-8."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as to:
        for place, name in enumerate(names):
            to.writestr(f"{place:04}".ljust(len(name), "x"), f"Article {place} of those that were packed.")
    content = target.getvalue()
    for place, name in enumerate(names):
        content = content.replace(f"{place:04}".ljust(len(name), "x").encode(), name)
    return content


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp866", ["Погода на море.txt", "Выборы мэра.txt"]),
        ("windows-1251", ["Погода на море.txt", "Выборы мэра города.txt"]),
        ("cp1125", ["Погода на морі.txt", "Вибори міського голови.txt"]),
        ("gbk", ["今天的天气.txt", "市长选举.txt"]),
        ("big5", ["今天的天氣.txt", "市長選舉結果.txt"]),
        ("shift_jis", ["今日の天気.txt", "市長の選挙について.txt"]),
        ("cp949", ["오늘의 날씨.txt", "시장 선거.txt"]),
        ("cp852", ["Počasí u moře.txt", "Volby starosty příští týden.txt"]),
        ("cp850", ["Météo à la mer.txt", "Élection prévue à Genève.txt"]),
        ("utf-8", ["Погода на море.txt", "天气.txt"]),
    ],
)
def test_names_are_read_in_the_encoding_of_all_of_them(encoding: str, names: list[str]) -> None:
    content = zipped([name.encode(encoding) for name in names])
    found = [
        item.path.name for item in read_files([File(Path("a.zip"), content)]) if isinstance(item, Record)
    ]
    assert found == names


def test_a_letter_that_could_be_any_is_the_one_of_the_first_pcs() -> None:
    (item,) = read_files([File(Path("a.zip"), zipped([b"\x82xxx.txt"]))])
    assert isinstance(item, Record)
    assert item.path.name == "éxxx.txt"
