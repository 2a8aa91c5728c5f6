from __future__ import annotations

import os
import string
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual.add import add
from crosslingual.align.space import DEMO, Space, load_reader, load_space
from crosslingual.errors import ModelError
from crosslingual.library import Library
from crosslingual.models import DEFAULT, load_encoder
from crosslingual.settings import data_home

if TYPE_CHECKING:
    from crosslingual.encode import SentenceEncoder


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home folder with the installed models and nothing else of the user's: no settings, no library."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    for model in (data_home() / "models").glob("[!.]*"):  # each by itself: what a test installs stays here
        (home / "models" / model.name).symlink_to(model)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("CROSSLINGUAL_"):
                patch.delenv(name)
        patch.setenv("CROSSLINGUAL_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def encoder(home: Path) -> SentenceEncoder:
    """The real default encoder, loaded once for all tests."""
    try:
        return load_encoder(DEFAULT, home)
    except ModelError as error:
        pytest.fail(f"these tests need the encoder; run: make setup ({error})")


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of two random layers, with a tokenizer of its own and no prompt."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *string.ascii_lowercase]
    pieces += [f"##{letter}" for letter in string.ascii_lowercase]
    tokenizer = Tokenizer(WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(5)
    configuration = BertConfig(
        vocab_size=len(pieces),
        max_position_embeddings=64,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    network = BertModel(configuration)
    plain = tmp_path_factory.mktemp("bert")
    network.save_pretrained(plain)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=64,
        **{f"{name.lower()}_token": f"[{name}]" for name in ("PAD", "UNK", "CLS", "SEP")},
    ).save_pretrained(plain)
    folder = tmp_path_factory.mktemp("tiny")
    modules = [Transformer(str(plain)), Pooling(32)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def demo_library(
    tmp_path_factory: pytest.TempPathFactory, home: Path, encoder: SentenceEncoder
) -> Iterator[Library]:
    """The demo corpus, ingested; for reading only."""
    with Library(tmp_path_factory.mktemp("demo")) as library:
        assert not add([DEMO], library, lambda: load_reader(DEFAULT, home)).problems
        yield library


@pytest.fixture(scope="session")
def demo_space(home: Path, encoder: SentenceEncoder) -> Space:
    """The space of the real encoder, fitted and saved in the tests' home; ``encoder`` is asked for first."""
    return load_space(DEFAULT, home)
