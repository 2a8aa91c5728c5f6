"""One frozen Settings: defaults < file < environment < flags."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

import platformdirs

from crosslingual.address import LibraryAddress, parse_library
from crosslingual.errors import InputError

_FORMER_NAMES = {"reader": "target_lang"}


def data_home() -> Path:
    """The one folder of the user's home that crosslingual writes to."""
    given = os.environ.get("CROSSLINGUAL_HOME")
    return Path(given or platformdirs.user_data_dir("crosslingual", appauthor=False)).expanduser()


def is_engine_path(engine: str) -> bool:
    """Whether what names an engine is a path."""
    return "/" in engine or os.sep in engine


@dataclass(frozen=True, slots=True)
class Settings:
    """``home`` holds models and ``settings.toml``; ``library`` is a folder or the address of a shared one.

    ``encoder`` is a name or path, ``target_lang`` the language that is translated into. ``translators`` are
    names or paths of engines, the preferred first, with commas between. ``originals`` is how many megabytes a page or
    file may have to be kept as it came; 0 keeps none.
    """

    home: Path
    library: LibraryAddress
    encoder: str = "multilingual-e5-small"
    target_lang: str = "en"
    translators: str = "argostranslate,qwen2.5-coder-1.5b-instruct"
    originals: str = "20"

    @property
    def max_original_bytes(self) -> int:
        """What ``originals`` comes to in bytes.

        Raises:
            InputError: it is no number of megabytes.
        """
        if not re.fullmatch(r"\d{1,3}", self.originals.strip()):
            raise InputError(
                f"originals is {self.originals[:20]!r}; give the megabytes that one may have, from 0 to 999"
            )
        return int(self.originals) * 10**6

    @property
    def engine_names(self) -> tuple[str, ...]:
        """The names in ``translators``."""
        return tuple(name.strip() for name in self.translators.split(",") if name.strip())

    @property
    def engine_priority(self) -> tuple[str, ...]:
        """The same, as their translations are marked: a model in a folder has the folder's name."""
        return tuple(
            Path(name).resolve().name if is_engine_path(name) else name for name in self.engine_names
        )

    @classmethod
    def load(cls, **flags: object) -> Settings:
        """Settings of this run; a flag that is None counts as not given.

        Environment: ``CROSSLINGUAL_HOME``, ``CROSSLINGUAL_LIBRARY``, ``CROSSLINGUAL_ENCODER``,
        ``CROSSLINGUAL_TARGET_LANG``, ``CROSSLINGUAL_TRANSLATORS``, ``CROSSLINGUAL_ORIGINALS``. File:
        ``settings.toml`` in the home folder, same names in lower case. ``reader``, the former name of
        ``target_lang``, counts in both.

        Raises:
            InputError: the file is not TOML or sets something unknown.
        """
        home = data_home()
        names = {field.name for field in fields(cls)} - {"home"}
        given: dict[str, object] = _read_settings_file(home / "settings.toml", names)
        for name in (*_FORMER_NAMES, *names):
            if value := os.environ.get(f"CROSSLINGUAL_{name.upper()}"):
                given[_FORMER_NAMES.get(name, name)] = value
        given |= {name: value for name, value in flags.items() if value is not None}
        if "target_lang" in given:  # zh of zh-Hans, as articles and memories have it
            given["target_lang"] = re.split("[-_]", str(given["target_lang"]), maxsplit=1)[0].lower()
        if "library" in given:
            given["library"] = parse_library(given["library"])  # type: ignore[arg-type]  # a flag, or a text
        return replace(cls(home=home, library=home / "library"), **given)  # type: ignore[arg-type]  # names checked


def _read_settings_file(path: Path, known_names: set[str]) -> dict[str, object]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML ({error}); mend it or delete it") from None
    for name, value in content.items():
        if _FORMER_NAMES.get(name, name) not in known_names or not isinstance(value, str):
            raise InputError(
                f"{path}: cannot use {name!r}; known are {', '.join(sorted(known_names))}, each a text"
            )
    former = {_FORMER_NAMES[name]: value for name, value in content.items() if name in _FORMER_NAMES}
    return former | {name: value for name, value in content.items() if name not in _FORMER_NAMES}
