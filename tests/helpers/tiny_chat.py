"""A Qwen2 chat model of two layers in a GGUF file, for tests: real in all but what it says."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize

HIDDEN, HEADS, HEADS_KV, INNER, LAYERS = 320, 4, 2, 96, 2
END = "<|im_end|>"
MERGES = ["t h", "th e", "Ġ the", "Ð ¿"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def letters() -> list[str]:
    """Bytes as byte-level tokenizers write them, in the order of GPT-2's."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(byte) for byte in shown] + [chr(256 + n) for n in range(256 - len(shown))]


TOKENS = [
    *letters(),
    *("".join(merge.split()) for merge in MERGES),
    "<|endoftext|>",
    "<|im_start|>",
    END,
    "<tool>",
]
KINDS = [1] * (len(TOKENS) - 4) + [3] * 3 + [4]
TOKENS += [f"[PAD{number}]" for number in range(len(TOKENS), HIDDEN)]
KINDS += [5] * (HIDDEN - len(KINDS))


def weights(answer: str | None = None) -> dict[str, np.ndarray[Any, Any]]:
    """Random ones; or such that whatever is asked, ``answer`` is said: ASCII, no letter twice.

    An answer that ends with "…" begins again and again.
    """
    random = np.random.default_rng(11)
    found = {}
    for layer in range(LAYERS):
        shapes = {
            "attn_q.weight": (HIDDEN, HIDDEN),
            "attn_k.weight": (HIDDEN * HEADS_KV // HEADS, HIDDEN),
            "attn_v.weight": (HIDDEN * HEADS_KV // HEADS, HIDDEN),
            "attn_output.weight": (HIDDEN, HIDDEN),
            "ffn_gate.weight": (INNER, HIDDEN),
            "ffn_up.weight": (INNER, HIDDEN),
            "ffn_down.weight": (HIDDEN, INNER),
            "attn_q.bias": (HIDDEN,),
            "attn_k.bias": (HIDDEN * HEADS_KV // HEADS,),
            "attn_v.bias": (HIDDEN * HEADS_KV // HEADS,),
            "attn_norm.weight": (HIDDEN,),
            "ffn_norm.weight": (HIDDEN,),
        }
        for name, shape in shapes.items():
            centre = 1.0 if "norm" in name else 0.0
            silent = answer is not None and name in ("attn_output.weight", "ffn_down.weight")
            values = random.normal(centre, 0.1, shape) * (not silent)
            found[f"blk.{layer}.{name}"] = values.astype(np.float32)
    found["output_norm.weight"] = np.ones(HIDDEN, np.float32)
    found["token_embd.weight"] = random.normal(0, 1, (HIDDEN, HIDDEN)).astype(np.float32)
    found["output.weight"] = random.normal(0, 1, (HIDDEN, HIDDEN)).astype(np.float32)
    if answer is not None:
        # Each token is a direction of its own, and asks for the one that follows it.
        found["token_embd.weight"] = np.eye(HIDDEN, dtype=np.float32)
        said = [*answer.removesuffix("…").replace(" ", "Ġ")]
        chain = ["Ċ", *said, said[0] if answer.endswith("…") else END]
        following = np.zeros((HIDDEN, HIDDEN), np.float32)
        for one, other in pairwise(chain):
            following[TOKENS.index(other), TOKENS.index(one)] = 1.0
        found["output.weight"] = following
    return found


def write(
    path: Path, answer: str | None = None, *, template: str = TEMPLATE
) -> dict[str, np.ndarray[Any, Any]]:
    """Write the file; the weights in it as they were before matrices were quantised to Q8_0."""
    writer = GGUFWriter(path, "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(4096)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS_KV)
    writer.add_rope_freq_base(1e6)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(TOKENS)
    writer.add_token_types(KINDS)
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(TOKENS.index(END))
    writer.add_pad_token_id(TOKENS.index("<|endoftext|>"))
    writer.add_chat_template(template)
    made = weights(answer)
    for name, values in made.items():
        if values.ndim == 2:
            kind = GGMLQuantizationType.Q8_0
            writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return made
