from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BufferedWriter, BytesIO, FileIO
from pathlib import Path
from typing import Any

import pytest
from urllib3 import HTTPResponse

from crosslingual.errors import InputError, ModelError
from crosslingual.model_store import (
    InstalledModel,
    argos_index,
    available_models,
    download,
    fetch_index,
    install_model,
    install_package_file,
    installed_models,
    is_index_reachable,
    load_saved_index,
    package_folders,
    packages,
    remove_model,
    store,
    update_index,
)
from crosslingual.web import transfer
from tests.helpers.package_samples import TOP, Site, repacked, serving

CLOSED = "http://127.0.0.1:9/"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(transfer, "CHUNK_BYTES", 1000)
    with serving() as site:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", site.address)
        yield site


@pytest.fixture
def served(site: Site, argos_package: Path) -> Site:
    """A site whose index has one package, zh-en 1.9."""
    site.index(site.offer("zh_en.argosmodel", argos_package.read_bytes()))
    return site


def left_in(home: Path) -> list[str]:
    """What lies in the models' folder, but for the lock and the index."""
    if not (home / "models").exists():
        return []
    return sorted(
        path.name for path in (home / "models").iterdir() if path.name not in (".lock", ".index.json")
    )


def downloads(home: Path) -> list[Path]:
    return sorted((home / "models" / ".downloads").glob("*"))


def fails(home: Path, why: str, name: str = "zh-en") -> str:
    with pytest.raises(ModelError, match=why) as caught:
        install_model(name, home)
    assert "\n" not in str(caught.value)
    assert ".unfinished" not in str(caught.value)
    assert set(left_in(home)) <= {".downloads"}
    assert installed_models(home) == []
    return str(caught.value)


# from the index


def test_a_package_of_the_index_is_installed_checked_and_listed(served: Site, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    model = install_model("zh-en", tmp_path, progress=lambda step, share: told.append((step, share)))
    assert installed_models(tmp_path) == [model]
    assert package_folders(tmp_path) == {("zh", "en"): tmp_path / "models" / "zh-en"}
    assert (model.name, model.version, model.kind) == ("zh-en", "1.9", "argostranslate package")
    assert (model.licence, model.source) == ("CC0", f"{served.address}zh_en.argosmodel")
    files = {path.relative_to(model.path).as_posix() for path in model.path.rglob("*") if path.is_file()}
    assert files == {
        "README.md", "crosslingual.json", "metadata.json", "sentencepiece.model",
        "model/config.json", "model/model.bin", "model/shared_vocabulary.json",
    }  # fmt: skip
    assert downloads(tmp_path) == []
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("checking zh-en", 1.0)


def test_stock_argostranslate_translates_with_what_was_installed(served: Site, tmp_path: Path) -> None:
    install_model("zh-en", tmp_path)
    code = (
        "import sys; from pathlib import Path; from types import SimpleNamespace; import ctranslate2\n"
        "from argostranslate import package, translate\n"
        "held, = package.get_installed_packages([Path(sys.argv[1])])\n"
        "model = ctranslate2.Translator(str(held.package_path / 'model'))\n"
        "whole = SimpleNamespace(split_sentences=lambda text: [text])\n"
        "made = translate.apply_packaged_translation(held, '他们见面。', model, whole, 1)\n"
        "print(held.from_code, held.to_code, held.package_version, made[0].value)"
    )
    packed = tmp_path / "argos"
    shutil.copytree(tmp_path / "models" / "zh-en", packed / "zh-en")
    environment = os.environ | {f"XDG_{name}_HOME": str(tmp_path) for name in ("DATA", "CONFIG", "CACHE")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(packed)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("zh en 1.9 ttt")


def test_what_is_there_in_the_same_version_is_not_fetched_again(served: Site, tmp_path: Path) -> None:
    first = install_model("zh-en", tmp_path)
    assert install_model("zh-en", tmp_path) == first
    assert len(served.asks("GET", "/zh_en.argosmodel")) == 1


def test_a_newer_version_replaces_the_older_only_when_it_works(
    served: Site, tmp_path: Path, argos_package: Path
) -> None:
    old = install_model("zh-en", tmp_path)
    broken = repacked(argos_package, tmp_path / "broken", {"model/model.bin": b"x"}, package_version="1.10")
    good = repacked(argos_package, tmp_path / "good", {}, package_version="1.10")
    served.index(served.offer("new", broken.read_bytes(), package_version="1.10"))
    with pytest.raises(ModelError, match="does not work"):
        install_model("zh-en", tmp_path)
    assert installed_models(tmp_path) == [old]
    served.index(served.offer("new", good.read_bytes(), package_version="1.10"))
    assert install_model("zh-en", tmp_path).version == "1.10"
    assert left_in(tmp_path) == [".downloads", "zh-en"]


def test_the_newest_version_of_the_index_is_taken_and_other_kinds_are_passed_over(
    served: Site, tmp_path: Path, argos_package: Path
) -> None:
    content = argos_package.read_bytes()
    served.index(
        served.offer("1.9", content),
        served.offer("1.10", content, package_version="1.10"),
        served.offer("sbd", content, package_version="9.0", type="sbd"),
        served.offer("odd", content, package_version="newest"),
        served.offer(
            "file",
            content,
            package_version="8.0",
            links=["file:///etc/passwd", "ipfs://x", "http://x/\x1b[31m", 7],
        ),
        served.offer("path", content, from_code="../x"),
        None,
        {"from_code": ["zh"]},
    )
    (offer,) = fetch_index(tmp_path).packages
    assert (offer.name, offer.version, offer.links) == ("zh-en", "1.10", (f"{served.address}1.10",))


def test_a_name_that_the_index_has_not(served: Site, tmp_path: Path) -> None:
    assert "crosslingual models" in fails(tmp_path, "uk-ru: the index has no such package", "uk-ru")


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"{}", b"[" * 200_000, b"\xff\xfe", b""])
def test_what_is_no_index_is_told(site: Site, tmp_path: Path, body: bytes) -> None:
    site.files["/index.json"] = body
    fails(tmp_path, "not an index of translation packages")
    assert load_saved_index(tmp_path) is None


def test_an_index_too_large_is_not_read_to_its_end(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(argos_index, "MAX_INDEX_BYTES", 10)
    fails(tmp_path, "larger than")


def test_no_network_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", CLOSED)
    said = fails(tmp_path, "no connection")
    assert said.startswith(f"{CLOSED}index.json: ")
    assert "--file FILE" in said


def test_an_index_elsewhere_than_on_the_web_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", "file:///etc/")
    fails(tmp_path, "only http and https")


# downloads


def test_a_broken_connection_is_taken_up_where_it_broke(served: Site, tmp_path: Path) -> None:
    served.cut, served.cuts = 10_000, 2
    install_model("zh-en", tmp_path)
    assert served.asks("GET", "/zh_en.argosmodel") == ["", "bytes=10000-", "bytes=20000-"]


def test_a_download_goes_on_at_the_next_try(served: Site, tmp_path: Path) -> None:
    served.cut, served.cuts = 10_000, 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download, "MAX_ATTEMPTS", 1)
        fails(tmp_path, "the connection broke")
    assert [path.stat().st_size for path in downloads(tmp_path) if path.suffix != ".json"] == [10_000]
    install_model("zh-en", tmp_path)
    assert served.asks("GET", "/zh_en.argosmodel") == ["", "bytes=10000-"]


@pytest.mark.parametrize("lacking", ["ranges", "etags"])
def test_a_server_without_ranges_or_tags_is_asked_for_all_of_it(
    served: Site, tmp_path: Path, lacking: str
) -> None:
    setattr(served, lacking, False)
    served.cut, served.cuts = 10_000, 1
    assert install_model("zh-en", tmp_path).version == "1.9"


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    served: Site, tmp_path: Path, argos_package: Path
) -> None:
    served.cut, served.cuts = 10_000, 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download, "MAX_ATTEMPTS", 1)
        fails(tmp_path, "the connection broke")
    changed = repacked(argos_package, tmp_path / "changed", {"README.md": b"changed"})
    served.files["/zh_en.argosmodel"] = changed.read_bytes()
    assert (install_model("zh-en", tmp_path).path / "README.md").read_bytes() == b"changed"


def test_a_server_that_breaks_off_at_once_is_given_up(served: Site, tmp_path: Path) -> None:
    served.cut, served.cuts = 0, 99
    fails(tmp_path, "the connection broke")
    assert len(served.asks("GET", "/zh_en.argosmodel")) == 1


def test_several_links_are_tried_in_turn(served: Site, tmp_path: Path, argos_package: Path) -> None:
    links = [f"{CLOSED}a", f"{served.address}missing", f"{served.address}zh_en.argosmodel"]
    served.index(served.offer("zh_en.argosmodel", argos_package.read_bytes(), links=links))
    assert install_model("zh-en", tmp_path).source == links[2]


def test_each_link_that_failed_is_named(served: Site, tmp_path: Path) -> None:
    served.index(served.offer("x", b"", links=[f"{CLOSED}a", f"{served.address}missing"]))
    said = fails(tmp_path, "zh-en: cannot be fetched")
    assert f"{CLOSED}a: no connection" in said
    assert f"{served.address}missing: the server says 404 Not Found" in said


def test_what_is_too_large_is_not_fetched(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MAX_PACKAGE_BYTES", 100)
    fails(tmp_path, "larger than")
    assert all(path.stat().st_size <= 100 for path in downloads(tmp_path) if path.suffix != ".json")


def test_a_link_that_leaves_encryption_is_refused(
    tmp_path: Path, served: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = transfer.send_request

    def redirected(manager: Any, method: str, url: str, headers: Any, **waits: float) -> Any:
        if url.startswith("https:"):
            location = {"Location": f"{served.address}zh_en.argosmodel"}
            return HTTPResponse(BytesIO(), location, 302, preload_content=False)
        return send(manager, method, url, headers, **waits)

    monkeypatch.setattr(download, "send_request", redirected)
    served.index(served.offer("zh_en", b"", links=["https://example.org/zh_en"]))
    fails(tmp_path, r"https://example\.org/zh_en: leads to an address without encryption")
    assert downloads(tmp_path) == []


# what is refused


def test_a_truncated_file_is_refused_and_fetched_anew(
    served: Site, tmp_path: Path, argos_package: Path
) -> None:
    content = argos_package.read_bytes()
    served.files["/zh_en.argosmodel"] = content[:-1000]
    fails(tmp_path, "damaged or cut short")
    assert downloads(tmp_path) == []
    served.files["/zh_en.argosmodel"] = content
    install_model("zh-en", tmp_path)


def test_a_web_page_instead_of_a_package_is_told(served: Site, tmp_path: Path) -> None:
    served.files["/zh_en.argosmodel"] = b"<!DOCTYPE html><title>Sign in</title>"
    served.types["/zh_en.argosmodel"] = "text/html"
    assert fails(tmp_path, "is a web page").startswith(f"zh-en, from {served.address}zh_en.argosmodel: ")


@pytest.mark.parametrize(
    ("changes", "about", "why"),
    [
        ({}, {"from_code": "ru"}, "holds ru-en, not zh-en"),
        ({}, {"from_code": None}, "names no two languages"),
        ({}, {"to_code": "../../x"}, "names no two languages"),
        ({}, {"to_code": "zh"}, "names no two languages"),
        ({}, {"package_version": "<b>"}, "tells no version"),
        ({}, {"type": "sbd"}, "tells of something else"),
        ({"metadata.json": b"{"}, {}, "is not JSON"),
        ({"metadata.json": b"[" * 100_000}, {}, "is not JSON"),
        ({"metadata.json": b"[]"}, {}, "tells of something else"),
        ({"metadata.json": None}, {}, r"no metadata\.json"),
        ({"metadata.json": b" " * (2**20 + 1)}, {}, "too large"),
        ({"sentencepiece.model": None}, {}, r"no sentencepiece\.model"),
        ({"sentencepiece.model": b"not a model"}, {}, "does not work"),
        ({"model/model.bin": None}, {}, r"no model/model\.bin"),
        ({"model/model.bin": b""}, {}, "does not work"),
        ({"model/model.bin": b"\6\0\0\0" * 999}, {}, "does not work"),
        ({"model/shared_vocabulary.json": None}, {}, "does not work"),
        ({"../evil": b"x"}, {}, "is not a plain name"),
    ],
)  # fmt: skip
def test_what_is_no_such_package_leaves_nothing(
    served: Site,
    tmp_path: Path,
    argos_package: Path,
    changes: dict[str, bytes | None],
    about: dict[str, Any],
    why: str,
) -> None:
    served.files["/zh_en.argosmodel"] = repacked(argos_package, tmp_path / "x", changes, **about).read_bytes()
    fails(tmp_path, why)
    assert downloads(tmp_path) == []


def test_a_package_that_translates_to_nothing_is_refused(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosslingual.translation.argos.probe_package", lambda path: " ")
    fails(tmp_path, "translates to nothing")


@pytest.mark.parametrize("where", ["download", "unpacking"])
def test_a_full_disk_leaves_nothing_but_what_was_fetched(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    opens = Path.open
    modes = {"download": "ab", "unpacking": "xb"}

    class Full(BufferedWriter):
        def write(self, content: Any, /) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def full(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if mode == modes[where]:
            return Full(FileIO(path, mode.replace("b", "")))
        return opens(path, mode, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        assert "make room" in fails(tmp_path, "No space left on device")
    assert install_model("zh-en", tmp_path).version == "1.9"
    if where == "unpacking":  # the file had been fetched: it is asked only whether it is still the same
        size = len(served.files["/zh_en.argosmodel"])
        assert served.asks("GET", "/zh_en.argosmodel") == ["", f"bytes={size}-"]


def test_too_little_room_is_told_before_anything_is_written(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 99, 1))
    fails(tmp_path, "MB needed")
    assert sum(path.stat().st_size for path in downloads(tmp_path) if path.suffix != ".json") == 0


def test_a_rename_that_fails_brings_the_old_version_back(
    served: Site, tmp_path: Path, argos_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = install_model("zh-en", tmp_path)
    newer = repacked(argos_package, tmp_path / "x", {}, package_version="2.0")
    served.index(served.offer("x", newer.read_bytes(), package_version="2.0"))
    rename = Path.rename

    def fails_once(path: Path, target: Path) -> Path:
        if path.name == f".unfinished-{os.getpid()}":
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(ModelError, match="Permission denied"):
        install_model("zh-en", tmp_path)
    assert installed_models(tmp_path) == [old]


# from a file


def test_a_package_from_a_file_is_named_by_its_metadata(tmp_path: Path, argos_package: Path) -> None:
    file = repacked(argos_package, tmp_path / "any.name", {}, from_code="uk", to_code="ru")
    model = install_package_file(file, tmp_path)
    assert (model.name, model.version) == ("uk-ru", "1.9")
    assert model.source.startswith("any.name, SHA-256 ")
    assert install_package_file(file, tmp_path) == model


def test_a_file_replaces_another_version_even_a_newer_one(tmp_path: Path, argos_package: Path) -> None:
    install_package_file(repacked(argos_package, tmp_path / "new", {}, package_version="2.0"), tmp_path)
    assert install_package_file(argos_package, tmp_path).version == "1.9"


@pytest.mark.parametrize("bytes_of", [lambda good: good[:2000], lambda good: b"<html>", lambda good: b"no"])
def test_a_file_that_is_no_package_is_one_clear_line(
    tmp_path: Path, argos_package: Path, bytes_of: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "x.argosmodel"
    file.write_bytes(bytes_of(argos_package.read_bytes()))
    with pytest.raises(ModelError, match=r"x\.argosmodel: .*package|x\.argosmodel: damaged"):
        install_package_file(file, tmp_path)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("name", ["missing", ".", "/dev/zero", "a\0b"])
def test_a_file_that_is_none_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        install_package_file(tmp_path / name, tmp_path)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("readme", "about", "licence"),
    [
        ("# x\n\n**License**: MIT\n", {}, "MIT"),
        ("Trained on OPUS data.\n", {}, "see its README"),
        ("", {"license": "CC BY\n4.0\x1b[31m"}, "CC BY 4.0[31m"),
        (None, {}, "not stated"),
    ],
)
def test_the_licence_is_what_the_package_says(
    tmp_path: Path, argos_package: Path, readme: str | None, about: dict[str, str], licence: str
) -> None:
    prose = None if readme is None else readme.encode()
    file = repacked(argos_package, tmp_path / "x", {"README.md": prose}, **about)
    assert install_package_file(file, tmp_path).licence == licence


# listing and removing


def test_what_can_be_had_is_known_without_a_connection(
    served: Site, tmp_path: Path, argos_package: Path
) -> None:
    def found() -> dict[str, tuple[str, int | None]]:
        return {model.name: (model.version, model.size) for model in available_models(tmp_path)}

    assert {*found()} == {"multilingual-e5-small", "translator"}
    install_model("zh-en", tmp_path)
    assert found()["zh-en"] == ("1.9", None)
    update_index(tmp_path, lambda step, share: None)
    served.asked.clear()
    assert found()["zh-en"] == ("1.9", argos_package.stat().st_size)
    fetch_index(tmp_path)  # keeps the sizes
    assert found()["zh-en"][1]
    assert [method for method, *_ in served.asked] == ["GET"]


def test_sizes_are_asked_for_by_head_within_a_time(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = served.offer("gone", b"", to_code="de", links=[f"{served.address}nowhere"])
    entries = json.loads(served.files["/index.json"])
    served.index(gone, *entries)
    sizes = {offer.name: offer.size for offer in update_index(tmp_path, lambda step, share: None).packages}
    assert sizes["zh-de"] is None
    assert sizes["zh-en"]
    assert len(served.asks("HEAD", "/zh_en.argosmodel")) == 1
    assert not served.asks("GET", "/zh_en.argosmodel")
    monkeypatch.setattr(argos_index, "SIZES_TIMEOUT_SECONDS", 0)
    assert {offer.name for offer in update_index(tmp_path, lambda step, share: None).packages} == {
        "zh-de",
        "zh-en",
    }


@pytest.mark.parametrize(
    "damage", ["", "[]", "{}", '{"packages": 1}', '{"sizes": {}, "packages": [], "day": 1}']
)
def test_a_damaged_copy_of_the_index_counts_as_none(served: Site, tmp_path: Path, damage: str) -> None:
    fetch_index(tmp_path)
    assert load_saved_index(tmp_path)
    (tmp_path / "models" / ".index.json").write_text(damage, encoding="utf-8")
    assert load_saved_index(tmp_path) is None


def test_an_index_answers_or_it_does_not(served: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_index_reachable(5)
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", CLOSED)
    assert not is_index_reachable(5)


def test_an_index_that_keeps_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert not is_index_reachable(0.3)


def test_a_removed_package_is_gone(tmp_path: Path, argos_package: Path) -> None:
    install_package_file(argos_package, tmp_path)
    remove_model("zh-en", tmp_path)
    assert installed_models(tmp_path) == []
    assert left_in(tmp_path) == []
    with pytest.raises(ModelError, match="zh-en: not installed"):
        remove_model("zh-en", tmp_path)
    with pytest.raises(InputError):
        remove_model("..", tmp_path)


def test_a_model_that_is_linked_in_is_unlinked_and_not_deleted(tmp_path: Path, argos_package: Path) -> None:
    elsewhere = install_package_file(argos_package, tmp_path / "elsewhere").path
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "zh-en").symlink_to(elsewhere)
    assert package_folders(tmp_path)
    remove_model("zh-en", tmp_path)
    assert package_folders(tmp_path) == {}
    assert (elsewhere / "metadata.json").is_file()


# the language model


def test_the_translator_is_built_from_parts_that_stay_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosslingual.model_store import qwen

    def build(folder: Path, parts: Path, report: Callable[[str, float], None]) -> None:
        report("fetching", 0.5)
        (folder / "model.bin").write_bytes(b"weights")
        if not (parts / "part01").exists():
            (parts / "part01").write_bytes(b"part")
            raise ModelError("the connection broke; run it again")

    monkeypatch.setattr(qwen, "build_model", build)
    with pytest.raises(ModelError, match="the connection broke"):
        install_model("translator", tmp_path)
    assert installed_models(tmp_path) == []
    assert left_in(tmp_path) == [f".parts-{qwen.MODEL_NAME}"]
    model = install_model("translator", tmp_path)
    assert (model.name, model.kind, model.licence) == (
        qwen.MODEL_NAME,
        "language model translator",
        qwen.LICENCE,
    )
    assert left_in(tmp_path) == [qwen.MODEL_NAME]
    assert install_model(qwen.MODEL_NAME, tmp_path) == model
    remove_model("translator", tmp_path)
    assert left_in(tmp_path) == []


# nothing elsewhere


def test_nothing_is_written_outside_the_projects_folder(tmp_path: Path, argos_package: Path) -> None:
    user, home = tmp_path / "user", tmp_path / "crosslingual"
    user.mkdir()
    code = (
        "import sys; from pathlib import Path; from crosslingual.model_store import *\n"
        "print(install_package_file(Path(sys.argv[1]), Path(sys.argv[2])).name)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(argos_package), str(home)],
        env=environment | {"HOME": str(user)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("zh-en\n", "")
    assert list(user.iterdir()) == []


def test_what_was_unpacked_in_a_package_is_what_is_needed(argos_package: Path) -> None:
    with zipfile.ZipFile(argos_package) as package:
        assert f"{TOP}/stanza/resources.json" in package.namelist()  # or the first test shows nothing


def test_an_older_record_without_a_version_is_still_read(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "some--model"
    folder.mkdir(parents=True)
    about = {"name": "some/model", "kind": "encoder", "licence": "MIT", "source": "x", "digest": "0123"}
    (folder / "crosslingual.json").write_text(json.dumps(about), encoding="utf-8")
    (model,) = installed_models(tmp_path)
    assert isinstance(model, InstalledModel)
    assert model.version == ""
    assert store.find_installed(folder) == model
