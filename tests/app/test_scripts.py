from __future__ import annotations

import re

import pytest

from crosslingual.ui import compare
from crosslingual.ui.components import ASSET_FOLDER, join_scripts
from crosslingual.ui.framing import grid as framing
from crosslingual.ui.timeline import page as timeline

PAGES = {"compare": compare.SCRIPTS, "framing": framing.SCRIPTS, "timeline": timeline.SCRIPTS}
MODULES = {name: (ASSET_FOLDER / name).read_text("utf-8") for names in PAGES.values() for name in names}
TOP = re.compile(r"^(?:export )?(?:function|const|let) (\w+)", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:function|const) (\w+)", re.MULTILINE)
IMPORTED = re.compile(r'^import \{([^}]*)\} from "\./(\S+)";', re.MULTILINE)


def test_each_module_imports_what_others_export_and_uses_it() -> None:
    for name, text in MODULES.items():
        for names, origin in IMPORTED.findall(text):
            wanted = {one.strip() for one in names.split(",")}
            assert wanted <= set(EXPORTED.findall(MODULES[origin])), (name, origin)
            body = IMPORTED.sub("", text)
            assert all(re.search(rf"\b{one}\b", body) for one in wanted), (name, wanted)


@pytest.mark.parametrize("page", PAGES)
def test_modules_put_one_after_another_share_no_name_and_import_nothing(page: str) -> None:
    names = [one for name in PAGES[page] for one in TOP.findall(MODULES[name])]
    assert len(names) == len(set(names))
    joined = join_scripts(PAGES[page])
    assert not re.search(r"^import ", joined, re.MULTILINE)
    assert len(re.findall(r"^export ", joined, re.MULTILINE)) == 1
    assert re.search(r"^export default function \(\{ data, parentElement", joined, re.MULTILINE)


def test_outside_text_is_never_markup() -> None:
    for text in MODULES.values():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
