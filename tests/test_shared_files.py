from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.shared_files import SharedFiles


def test_a_folder_is_made_once_however_many_ask(tmp_path: Path) -> None:
    made: list[str] = []

    def fill(folder: Path) -> None:
        made.append(folder.name)
        (folder / "file").write_text("whole", encoding="utf-8")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: SharedFiles(tmp_path).make_folder("one", fill), range(8)))
    assert made == ["one"]
    assert len(set(found)) == 1
    assert (found[0] / "file").read_text(encoding="utf-8") == "whole"


def test_what_could_not_be_filled_is_made_anew(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        SharedFiles(tmp_path).make_folder("one", fail)
    made = SharedFiles(tmp_path).make_folder("one", lambda folder: (folder / "whole").touch())
    assert [path.name for path in made.iterdir()] == ["whole"]
