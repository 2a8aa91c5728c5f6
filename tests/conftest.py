from __future__ import annotations

import os
import shutil
import string
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings

from crosslingual.address import LibraryAddress
from crosslingual.align.space import DEMO_FOLDER, Space, load_space
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.errors import ModelError
from crosslingual.framing.axes import load_axis_model
from crosslingual.framing.pipeline import Instruments
from crosslingual.framing.policy import load_frame_model
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER, load_encoder
from crosslingual.settings import data_home
from tests.helpers.postgres_server import PostgresServer, find_missing_package
from tests.helpers.shared_files import SharedFiles
from tests.helpers.site_double import Site

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder
    from crosslingual.types import FloatArray


_MODELS = {"encoder", "tiny_model", "argos_package"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What loads a model is marked as such: ``make test-fast`` leaves it out."""
    for item in items:
        if _MODELS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.model)


settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def shared_files(tmp_path_factory: pytest.TempPathFactory) -> SharedFiles:
    """What takes long to make, made once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    return SharedFiles(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, shared_files: SharedFiles) -> Iterator[Path]:
    """A home folder with the installed models and nothing else of the user's: no settings, no library.

    What is fitted to an encoder is kept for all workers.
    """
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    (home / "spaces").symlink_to(shared_files.make_folder("spaces", lambda folder: None))
    for model in (data_home() / "models").glob("[!.]*"):  # each by itself: what a test installs stays here
        (home / "models" / model.name).symlink_to(model)
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("CROSSLINGUAL_") or name == "COLUMNS":  # a terminal's width, not a pipe's
                patch.delenv(name)
        patch.setenv("CROSSLINGUAL_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server; ``make test-cluster`` installs what it needs."""
    if missing := find_missing_package():
        pytest.skip(f"{missing} is not installed; run: make test-cluster")
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session", params=["folder", pytest.param("postgres", marks=pytest.mark.cluster)])
def new_library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], LibraryAddress]:
    """Addresses of libraries to be, of both kinds: what uses it runs on a folder, and on a server."""
    if request.param == "folder":
        return lambda: tmp_path_factory.mktemp("library") / "library"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.make_address


@pytest.fixture
def library_address(new_library: Callable[[], LibraryAddress]) -> LibraryAddress:
    """The address of a library to be, in a folder and on a server."""
    return new_library()


@pytest.fixture(scope="session")
def encoder(home: Path) -> SentenceEncoder:
    """The real default encoder, loaded once for all tests."""
    try:
        return load_encoder(DEFAULT_ENCODER, home)
    except ModelError as error:
        pytest.fail(f"these tests need the encoder; run: make setup ({error})")


@pytest.fixture(autouse=True)
def _models_are_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What loads an encoder unmarked fails: ``make test-fast`` would load it too."""
    if request.node.get_closest_marker("model"):
        return

    def refuse(path: Path, _dtype: object) -> None:
        pytest.fail(f"{path} is loaded: ask for the fixture loaded_encoder, or mark the test with model")

    monkeypatch.setattr("crosslingual.embeddings.encoder.load_model", refuse)


@pytest.fixture(scope="session")
def tiny_model(shared_files: SharedFiles) -> Path:
    """A sentence-transformers model of two random layers, with a tokenizer of its own and no prompt."""
    return shared_files.make_folder("tiny", _write_tiny_model)


def _write_tiny_model(folder: Path) -> None:
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
    plain = folder.with_name("bert")
    network.save_pretrained(plain)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=64,
        **{f"{name.lower()}_token": f"[{name}]" for name in ("PAD", "UNK", "CLS", "SEP")},
    ).save_pretrained(plain)
    modules = [Transformer(str(plain)), Pooling(32)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)


@pytest.fixture(scope="session")
def demo_space(home: Path, encoder: SentenceEncoder, shared_files: SharedFiles) -> Space:
    """The space of the real encoder, fitted and saved in the tests' home; ``encoder`` is asked for first."""
    with shared_files.lock("fit"):
        return load_space(DEFAULT_ENCODER, home)


@pytest.fixture(scope="session")
def article_encoder(encoder: SentenceEncoder, demo_space: Space) -> ArticleEncoder:
    """What adds articles with the real encoder."""
    return ArticleEncoder(encoder, demo_space.tokens, demo_space.judge)


@pytest.fixture(scope="session")
def demo_library(
    tmp_path_factory: pytest.TempPathFactory, shared_files: SharedFiles, article_encoder: ArticleEncoder
) -> Iterator[Library]:
    """The demo corpus, ingested; for reading only."""

    def add_demo(folder: Path) -> None:
        with Library(folder) as library:
            assert not add_files([DEMO_FOLDER], library, lambda: article_encoder).problems

    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(shared_files.make_folder("demo", add_demo), folder, dirs_exist_ok=True)
    with Library(folder, create=False) as library:
        yield library


@pytest.fixture(scope="session")
def encode_once(encoder: SentenceEncoder) -> Callable[[Sequence[str]], FloatArray]:
    """Encodes as ``encoder`` does, a text that was encoded before not again."""
    rows: dict[str, FloatArray] = {}
    encode_texts = encoder.encode  # a test may put this in its place

    def encode(texts: Sequence[str]) -> FloatArray:
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        rows.update(zip(new, encode_texts(new), strict=True))
        return np.stack([rows[text] for text in texts])

    return encode


@pytest.fixture(scope="session")
def instruments(
    home: Path,
    encoder: SentenceEncoder,
    demo_space: Space,
    encode_once: Callable[[Sequence[str]], FloatArray],
    shared_files: SharedFiles,
) -> Instruments:
    """What measures framing, kept in the tests' home."""
    with shared_files.lock("fit"):
        return Instruments(
            encoder,
            demo_space,
            load_axis_model(demo_space, home, encode_once),
            load_frame_model(demo_space, home, encode_once),
        )


@pytest.fixture
def loaded_encoder(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> SentenceEncoder:
    """The real encoder, which is not loaded again where code asks for it by name."""
    for module in ("model_store", "align.space"):
        monkeypatch.setattr(f"crosslingual.{module}.load_encoder", lambda name, home: encoder)
    return encoder


@pytest.fixture
def demo_copy(demo_library: Library, tmp_path: Path) -> Path:
    """The folder of a copy of the demo library, to write to; nothing derived is in it."""
    folder = tmp_path / "library"
    folder.mkdir()
    for file in demo_library.path.glob("library.db*"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def argos_package(shared_files: SharedFiles) -> Path:
    """A valid package of argostranslate, zh-en 1.9: a real Marian model that only says t."""
    return shared_files.make_folder("argos", _write_argos_package) / "zh-en.argosmodel"


def _write_argos_package(work: Path) -> None:
    import json

    import sentencepiece
    from ctranslate2.converters import TransformersConverter
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder, marian = work / "packed" / "translate-zh_en-1_9", work / "marian"
    folder.mkdir(parents=True)
    marian.mkdir()
    (work / "text").write_text(
        "他们昨天在北京见面。\nThey met in Beijing yesterday.\n" * 20, encoding="utf-8"
    )
    sentencepiece.SentencePieceTrainer.train(
        input=str(work / "text"),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=48,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    (folder / "sentencepiece.vocab").unlink()
    spm = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    pieces = [spm.id_to_piece(i) for i in range(3, spm.get_piece_size())]  # after <unk>, <s>, </s>
    vocabulary = {piece: i for i, piece in enumerate(["</s>", "<unk>", *pieces, "<pad>"])}
    (marian / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copy(folder / "sentencepiece.model", marian / name)

    MarianTokenizer.from_pretrained(marian).save_pretrained(marian)
    network = MarianMTModel(
        MarianConfig(
            vocab_size=len(vocabulary),
            d_model=16,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=32,
            decoder_ffn_dim=32,
            max_position_embeddings=300,
            pad_token_id=vocabulary["<pad>"],
            decoder_start_token_id=vocabulary["<pad>"],
            eos_token_id=0,
            forced_eos_token_id=0,
        )
    )
    network.final_logits_bias[0, vocabulary["t"]] = 30
    network.save_pretrained(marian)
    TransformersConverter(str(marian)).convert(str(folder / "model"))
    about = {"package_version": "1.9", "argos_version": "1.9", "from_code": "zh", "from_name": "Chinese"}
    about |= {"to_code": "en", "to_name": "English"}
    (folder / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "README.md").write_text("# Chinese - English\n\nLicense: CC0\n", encoding="utf-8")
    (folder / "stanza").mkdir()
    (folder / "stanza" / "resources.json").write_text("{}", encoding="utf-8")
    Path(shutil.make_archive(str(work / "zh-en"), "zip", work / "packed")).rename(work / "zh-en.argosmodel")


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()
