from __future__ import annotations

from pathlib import Path

import pytest

from crosslingual.errors import InputError
from crosslingual.settings import Settings, data_home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROSSLINGUAL_HOME", str(tmp_path))
    return tmp_path


def test_defaults(home: Path) -> None:
    assert Settings.load() == Settings(home, home / "library", "multilingual-e5-small", "en")


def test_without_a_home_of_its_own_it_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CROSSLINGUAL_HOME")
    assert data_home().name == "crosslingual"


def test_each_layer_goes_over_the_one_before(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "settings.toml").write_text('reader = "de"\nencoder = "filed"\nlibrary = "/filed"\n', "utf-8")
    assert Settings.load() == Settings(home, Path("/filed"), "filed", "de")
    monkeypatch.setenv("CROSSLINGUAL_ENCODER", "environed")
    monkeypatch.setenv("CROSSLINGUAL_LIBRARY", "/environed")
    monkeypatch.setenv("CROSSLINGUAL_READER", "")
    assert Settings.load() == Settings(home, Path("/environed"), "environed", "de")
    flagged = Settings.load(encoder="flagged", library=None)
    assert flagged == Settings(home, Path("/environed"), "flagged", "de")


def test_a_library_may_lie_in_the_users_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    assert Settings.load(library="~/news").library == home / "news"


@pytest.mark.parametrize(
    "content", [b"encoder = ", b'colour = "red"', b"encoder = 7", b"\xff", b'home = "/x"']
)
def test_a_file_that_cannot_be_used_is_named(home: Path, content: bytes) -> None:
    (home / "settings.toml").write_bytes(content)
    with pytest.raises(InputError, match=r"settings\.toml"):
        Settings.load()


def test_a_folder_in_its_place_is_named(home: Path) -> None:
    (home / "settings.toml").mkdir()
    with pytest.raises(InputError, match=r"settings\.toml.*cannot be read"):
        Settings.load()


def test_the_reader_is_a_language_without_its_script_or_country(home: Path) -> None:
    assert [Settings.load(target_lang=tag).target_lang for tag in ("zh-Hans", "ZH_cn", "ru")] == [
        "zh",
        "zh",
        "ru",
    ]


def test_translators_are_preferred_by_the_names_that_their_translations_have(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "opus-mt-ru-en").mkdir()
    (home / "current").symlink_to(home / "opus-mt-ru-en")
    settings = Settings.load(translators=f" {home}/current/, argostranslate,")
    assert settings.engine_names == (f"{home}/current/", "argostranslate")
    assert settings.engine_priority == ("opus-mt-ru-en", "argostranslate")


def test_the_former_name_of_the_target_language_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "settings.toml").write_text('reader = "de"\n', "utf-8")
    assert Settings.load().target_lang == "de"
    monkeypatch.setenv("CROSSLINGUAL_READER", "ru")
    assert Settings.load().target_lang == "ru"
    monkeypatch.setenv("CROSSLINGUAL_TARGET_LANG", "zh-Hans")
    assert Settings.load().target_lang == "zh"
    (home / "settings.toml").write_text('reader = "de"\ntarget_lang = "fr"\n', "utf-8")
    monkeypatch.delenv("CROSSLINGUAL_READER")
    monkeypatch.delenv("CROSSLINGUAL_TARGET_LANG")
    assert Settings.load().target_lang == "fr"
