"""A Qwen2 chat model in a GGUF file, written as a CTranslate2 folder with its tokenizer and chat template.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosslingual.errors import ModelError, one_line
from crosslingual.extras import needs_extra

if TYPE_CHECKING:
    from gguf import GGUFReader
    from tokenizers import Tokenizer
    from torch import Tensor

WORD_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where Qwen2 splits a text before it joins bytes to tokens."""
ROUND_TRIP_TEXT = "«Дегтярёв» 习近平说:14,5 % d'élèves — it's №7.\n"

_CONTROL, _USER_DEFINED, _UNUSED = 3, 4, 5
_TENSOR_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_CONFIG_KEYS = {
    "hidden_size": "embedding_length",
    "intermediate_size": "feed_forward_length",
    "num_hidden_layers": "block_count",
    "num_attention_heads": "attention.head_count",
    "num_key_value_heads": "attention.head_count_kv",
    "max_position_embeddings": "context_length",
    "rms_norm_eps": "attention.layer_norm_rms_epsilon",
}


def convert_model(file: Path, folder: Path, report: Callable[[float], None]) -> None:
    """Write the model in ``file`` to ``folder``, weights as int8; ``report`` is told the share done, 0 to 1.

    Raises:
        ModelError: the file is damaged, or holds no Qwen2 model.
        OSError: the disk is full or cannot be written.
    """
    with needs_extra("translate"):
        from gguf import GGUFReader

    try:
        reader = GGUFReader(file)
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as work:
            _write_model(reader, Path(work), folder, report)
    except (ValueError, KeyError, IndexError) as error:
        reason = one_line(error)
        raise ModelError(f"{file.name}: not a whole Qwen2 model ({reason}); install it again") from error


def _write_model(
    reader: GGUFReader, work_folder: Path, folder: Path, report: Callable[[float], None]
) -> None:
    with needs_extra("translate"):
        from ctranslate2.converters import TransformersConverter
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    tokens: list[str] = _read_field(reader, "tokenizer.ggml.tokens")
    made = build_tokenizer(reader, tokens)
    if made.decode(made.encode(ROUND_TRIP_TEXT).ids) != ROUND_TRIP_TEXT:
        raise ModelError("the tokenizer does not give a text back; install it again")
    ends = {
        name: tokens[_read_field(reader, f"tokenizer.ggml.{key}_token_id")]
        for name, key in _SPECIAL_TOKEN_KEYS.items()
    }
    wrapped = PreTrainedTokenizerFast(tokenizer_object=made, **ends)  # type: ignore[no-untyped-call]
    wrapped.chat_template = _read_field(reader, "tokenizer.chat_template")
    wrapped.save_pretrained(folder)
    configuration = Qwen2Config(
        vocab_size=len(tokens),
        dtype="float16",
        rope_parameters={"rope_type": "default", "rope_theta": _read_field(reader, "qwen2.rope.freq_base")},
        tie_word_embeddings=not any(tensor.name == "output.weight" for tensor in reader.tensors),
        **{name: _read_field(reader, f"qwen2.{key}") for name, key in _CONFIG_KEYS.items()},
    )
    configuration.save_pretrained(work_folder)

    class GGUFConverter(TransformersConverter):  # type: ignore[misc]  # for lack of stubs
        """Takes the weights from the GGUF file: no copy of them is written that would be read once."""

        def load_model(self, *_: object, **__: object) -> Any:
            import torch

            with torch.device("meta"):
                model = Qwen2ForCausalLM(configuration)
            state = {}
            for number, (name, tensor) in enumerate(_read_tensors(reader)):
                state[name] = tensor
                report(0.6 * number / len(reader.tensors))
            model.load_state_dict(state, assign=True, strict=not configuration.tie_word_embeddings)
            model.tie_weights()
            return model

        def load_tokenizer(self, *_: object, **__: object) -> Any:
            return wrapped

    GGUFConverter(str(work_folder)).convert(str(work_folder / "made"), quantization="int8_float32")
    for path in (work_folder / "made").iterdir():
        path.rename(folder / path.name)
    report(1.0)


_SPECIAL_TOKEN_KEYS = {"eos_token": "eos", "pad_token": "padding"}


def _read_tensors(reader: GGUFReader) -> Iterator[tuple[str, Tensor]]:
    """The weights by their names in transformers, as float16: half the memory, and int8 is coarser."""
    import numpy as np
    import torch
    from gguf.quants import dequantize

    for tensor in reader.tensors:
        *layer, name, kind = tensor.name.split(".")
        prefix = f"model.layers.{layer[1]}." if layer else ""
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float16)
        yield f"{prefix}{_TENSOR_NAMES[name]}.{kind}", torch.from_numpy(values)


def build_tokenizer(reader: GGUFReader, tokens: list[str]) -> Tokenizer:
    """Qwen2's tokenizer from the file's own tokens and merges: bytes, joined pair by pair."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import BPE

    kinds: list[int] = _read_field(reader, "tokenizer.ggml.token_type")
    merges = [tuple(merge.split(" ")) for merge in _read_field(reader, "tokenizer.ggml.merges")]
    added = {
        number: AddedToken(token, special=kind == _CONTROL, normalized=False)
        for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_CONTROL, _USER_DEFINED)
    }
    plain = {
        token: number
        for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if number not in added and kind != _UNUSED
    }
    made = Tokenizer(BPE(plain, merges))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    made.add_tokens(list(added.values()))
    if any(made.token_to_id(tokens[number]) != number for number in added):
        raise ValueError("added tokens do not follow the others")
    return made


def _read_field(reader: GGUFReader, key: str) -> Any:
    field = reader.get_field(key)
    if field is None:
        raise KeyError(f"no {key}")
    return field.contents()
