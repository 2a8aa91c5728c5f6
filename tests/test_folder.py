from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosslingual.errors import ModelError
from crosslingual.model_store.translators import load_engines
from crosslingual.translation.engine import choose_engine
from crosslingual.translation.folder import FolderEngine, is_seq2seq_folder

pytestmark = pytest.mark.model

PAIRS = {
    "Они встретились в Москве.": "They met in Moscow.",
    "Министр подписал договор.": "The minister signed the treaty.",
    "Цена выросла вдвое.": "The price doubled.",
}


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Marian model of two small layers that learnt three sentences by heart, converted as OPUS-MT is."""
    import ctranslate2.converters
    import torch
    from sentencepiece import SentencePieceTrainer
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder = tmp_path_factory.mktemp("marian")
    for name, texts in (("source", PAIRS), ("target", PAIRS.values())):
        SentencePieceTrainer.train(
            sentence_iterator=iter(list(texts)),
            model_prefix=str(folder / name),
            vocab_size=70,
            hard_vocab_limit=False,
            minloglevel=2,
        )
        (folder / f"{name}.model").rename(folder / f"{name}.spm")
    pieces = dict.fromkeys(["</s>", "<unk>"])
    for name in ("source", "target"):
        lines = (folder / f"{name}.vocab").read_text(encoding="utf-8").splitlines()
        pieces.update(dict.fromkeys(line.split("\t")[0] for line in lines))
    pieces.pop("<s>", None)
    pieces["<pad>"] = None
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    tokenizer = MarianTokenizer(
        str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
    )
    pad = vocabulary["<pad>"]
    torch.manual_seed(1)
    network = MarianMTModel(
        MarianConfig(
            vocab_size=len(vocabulary),
            d_model=48,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=96,
            decoder_ffn_dim=96,
            max_position_embeddings=128,
            pad_token_id=pad,
            eos_token_id=0,
            decoder_start_token_id=pad,
            forced_eos_token_id=0,
            scale_embedding=True,
            activation_function="swish",
            dropout=0.0,
        )
    )
    batch = tokenizer(list(PAIRS), text_target=list(PAIRS.values()), padding=True, return_tensors="pt")
    labels = batch["labels"].masked_fill(batch["labels"] == pad, -100)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(100):
        loss = network(batch["input_ids"], attention_mask=batch["attention_mask"], labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():  # as in real Marian models, decoding begins with nothing
            network.get_parameter("model.shared.weight")[pad] = 0
    network.save_pretrained(folder / "plain")
    tokenizer.save_pretrained(folder / "plain")
    target = folder / "opus-mt-ru-en"
    ctranslate2.converters.TransformersConverter(
        str(folder / "plain"), copy_files=["source.spm", "target.spm"]
    ).convert(str(target), quantization="int8")
    return target


def test_a_converted_marian_model_translates(marian: Path) -> None:
    engine = FolderEngine(marian)
    seen: list[tuple[int, int]] = []
    made = engine.translate(list(PAIRS), "ru", "en", lambda done, total: seen.append((done, total)))
    assert made == list(PAIRS.values())
    assert seen[-1] == (3, 3)
    assert engine.translate(["", "  \n"], "ru", "en") == ["", ""]


def test_it_serves_by_path_and_names_itself_and_its_version(marian: Path, tmp_path: Path) -> None:
    (engine,) = load_engines([str(marian)], tmp_path)
    assert choose_engine([engine], "ru", "en") is engine
    assert engine.name == "opus-mt-ru-en"
    assert engine.route("ru", "en").startswith("ru-en ")
    assert engine.route("en", "ru") == engine.route("zh", "en") == ""
    with pytest.raises(ModelError, match="does not translate zh to en"):
        engine.translate(["好"], "zh", "en")


def test_a_folder_must_tell_its_languages(marian: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "copy"
    renamed.mkdir()
    for file in marian.iterdir():
        (renamed / file.name).symlink_to(file)
    assert is_seq2seq_folder(renamed)
    with pytest.raises(ModelError, match="does not tell its languages"):
        FolderEngine(renamed)


def test_a_model_of_many_languages_is_told_the_language_by_its_tags(marian: Path, tmp_path: Path) -> None:
    """As in NLLB and M2M100: the vocabulary names the languages, and a source and target begin with them."""
    many = tmp_path / "many"
    many.mkdir()
    for file in marian.iterdir():
        (many / file.name).symlink_to(file)
    (vocabulary,) = many.glob("*vocabulary.json")
    held = json.loads(vocabulary.read_text(encoding="utf-8"))
    vocabulary.unlink()
    vocabulary.write_text(json.dumps([*held[:-2], "__ru__", "eng_Latn"]), encoding="utf-8")
    engine = FolderEngine(many)
    assert engine.route("ru", "en")
    assert engine.route("en", "ru")
    assert engine.route("zh", "en") == ""
    assert len(engine.translate(list(PAIRS), "ru", "en")) == 3


@pytest.mark.parametrize("damage", ["model.bin", "source.spm", "config.json", "shared_vocabulary.json"])
def test_what_is_no_model_is_one_line(marian: Path, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "opus-ru-en"
    broken.mkdir()
    for file in marian.iterdir():
        if file.name == damage:
            (broken / file.name).write_bytes(b"not a model")
        else:
            (broken / file.name).symlink_to(file)
    with pytest.raises(ModelError, match="opus-ru-en") as caught:
        FolderEngine(broken).translate(["Да."], "ru", "en")
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError, match="no translation model here"):
        load_engines([str(tmp_path)], tmp_path)
