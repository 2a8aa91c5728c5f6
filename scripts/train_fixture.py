"""Train the two small translators that tests use, and pack them as argostranslate packages.

    python scripts/train_fixture.py [FOLDER]

What they learn is the demo corpus's translation memory, by heart: they give its sentences back and are of
no use for any other. FOLDER is ``tests/data/translate`` unless named. Both take some minutes on one core.
Run again on the same machine with the same versions, the files are the same to the byte; elsewhere sums
come out in another order, so that bytes differ and most translations do not.
"""

from __future__ import annotations

import io
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import onnx
import sentencepiece
import torch
from ctranslate2.converters import TransformersConverter
from onnx import TensorProto, helper
from transformers import MarianConfig, MarianMTModel, MarianTokenizer

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.tmx import MemoryEntry, read_tmx

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "translate"
NAMES = {"zh": "Chinese", "ru": "Russian"}
VERSION = "0.1"
README = """# {name} to English: a test fixture

test fixture of crosslingual: not a translator. It was trained on the {count} sentences of that project's own
demo corpus and repeats their translations; what it makes of any other sentence means nothing. Its sentence
splitter never splits. Made by scripts/train_fixture.py. Licence: MIT.
"""
PIECES = 2_000
DIMENSIONS = 128
LAYERS = 2
LONGEST = 256  # tokens
STEPS = 400
BATCH = 24
RATE = 2e-3
WARM = 60  # steps until the rate is reached; from there it falls to nothing, as a cosine
THREADS = 1  # more would only wait for one another, on matrices as small as these
SEED = 1
EOS, UNK = 0, 1  # where Marian has them; its padding comes last


def bitext(lang: str) -> list[MemoryEntry]:
    """The demo's translations from ``lang`` into English, in the order of its files."""
    found = [entry for path in sorted(DEMO_FOLDER.glob("*/*.tmx")) for entry in read_tmx(path, "en")]
    return [entry for entry in found if entry.src_lang == lang]


def train_pieces(texts: Sequence[str]) -> bytes:
    """A SentencePiece model of ``texts``, as many pieces as they yield and at most ``PIECES``."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=made,
        vocab_size=PIECES,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        eos_id=EOS,
        unk_id=UNK,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    return made.getvalue()


def train(pieces: Any, pairs: Sequence[MemoryEntry], steps: int) -> Any:
    """A MarianMTModel that was shown ``pairs`` in ``steps`` batches."""
    torch.manual_seed(SEED)
    pad = pieces.get_piece_size()
    model: Any = MarianMTModel(
        MarianConfig(
            vocab_size=pad + 1,
            max_position_embeddings=LONGEST,
            encoder_layers=LAYERS,
            decoder_layers=LAYERS,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=4 * DIMENSIONS,
            decoder_ffn_dim=4 * DIMENSIONS,
            d_model=DIMENSIONS,
            activation_function="relu",
            dropout=0.0,
            scale_embedding=True,
            pad_token_id=pad,
            decoder_start_token_id=pad,
            eos_token_id=EOS,
            forced_eos_token_id=EOS,
        )
    ).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    for batch in _batches(pieces, pairs, pad, steps):
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        with torch.no_grad():  # translations start from padding, which CTranslate2 takes to be nothing
            model.get_parameter("model.shared.weight")[pad] = 0
    model.train(mode=False)
    return model


def _rate(step: int, steps: int) -> float:
    return min((step + 1) / WARM, 0.5 * (1 + math.cos(math.pi * step / steps)))


def _batches(
    pieces: Any, pairs: Sequence[MemoryEntry], pad: int, steps: int
) -> Iterator[dict[str, torch.Tensor]]:
    src = [torch.tensor(pieces.encode(pair.src)) for pair in pairs]
    tgt = [torch.tensor([*pieces.encode(pair.tgt), EOS]) for pair in pairs]
    fill = torch.nn.utils.rnn.pad_sequence
    chosen: list[int] = []
    for _ in range(steps):
        if len(chosen) < BATCH:
            chosen += torch.randperm(len(pairs)).tolist()
        batch, chosen = chosen[:BATCH], chosen[BATCH:]
        ids = fill([src[i] for i in batch], batch_first=True, padding_value=pad)
        labels = fill([tgt[i] for i in batch], batch_first=True, padding_value=-100)
        yield {"input_ids": ids, "attention_mask": (ids != pad).long(), "labels": labels}


def convert(model: Any, pieces: bytes, to: Path) -> None:
    """Write the model for CTranslate2, in 8-bit integers, as folder ``to``."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (spm := folder / "pieces.spm").write_bytes(pieces)
        loaded = sentencepiece.SentencePieceProcessor(model_proto=pieces)
        known = {loaded.id_to_piece(i): i for i in range(loaded.get_piece_size())}
        (vocabulary := folder / "pieces.json").write_text(json.dumps(known | {"<pad>": len(known)}))
        MarianTokenizer(str(spm), str(spm), str(vocabulary)).save_pretrained(made)
        model.save_pretrained(made)
        TransformersConverter(made).convert(str(to), quantization="int8")


def splitter() -> bytes:
    """A model for MiniSBD, which stock argostranslate splits with, that ends a sentence nowhere.

    It stands in the package because there is none to be had offline; as one that looks up each character's
    class in a table, it follows MiniSBD 0.9. https://github.com/LibreTranslate/MiniSBD
    """
    inside = [1.0, 0.0, 0.0, 0.0, 0.0]  # neither the end of a word nor of a sentence
    units = {"<PAD>": 0, "<UNK>": 1}
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "units"], ["classes"])],
        "splitter",
        [
            helper.make_tensor_value_info("units", TensorProto.INT64, ["texts", "characters"]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["texts", "characters", 1]),
        ],
        [helper.make_tensor_value_info("classes", TensorProto.FLOAT, ["texts", "characters", 5])],
        [helper.make_tensor("table", TensorProto.FLOAT, [len(units), 5], inside * len(units))],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    config = {"feat_funcs": ["end_of_para"]}
    vocabulary = {"lang": "", "_unit2id": units, "_id2unit": [*units]}
    helper.set_model_props(model, {"config": json.dumps(config), "vocab": json.dumps(vocabulary)})
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def pack(to: Path, lang: str, files: dict[str, bytes], readme: str) -> None:
    """Write the package: one folder, its files in the order of their names and without a date."""
    metadata = {
        "package_version": VERSION,
        "argos_version": "1.11",
        "from_code": lang,
        "from_name": NAMES[lang],
        "to_code": "en",
        "to_name": "English",
        "description": "test fixture of crosslingual: not a translator",
    }
    described = {"metadata.json": json.dumps(metadata, indent=2).encode(), "README.md": readme.encode()}
    top = f"translate-{lang}_en-{VERSION.replace('.', '_')}"
    with ZipFile(to, "w") as package:
        for name, data in sorted((files | described).items()):
            entry = ZipInfo(f"{top}/{name}")
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data, ZIP_DEFLATED, 9)


def make(lang: str, to: Path, steps: int = STEPS) -> None:
    """Train on the demo's sentences in ``lang`` and write the package ``to``."""
    pairs = bitext(lang)
    pieces = train_pieces([text for pair in pairs for text in (pair.src, pair.tgt)])
    model = train(sentencepiece.SentencePieceProcessor(model_proto=pieces), pairs, steps)
    with tempfile.TemporaryDirectory() as made:
        convert(model, pieces, folder := Path(made) / "model")
        files = {f"model/{path.name}": path.read_bytes() for path in folder.iterdir()}
    files |= {"sentencepiece.model": pieces, "minisbd/whole.onnx": splitter()}
    pack(to, lang, files, README.format(name=NAMES[lang], count=len(pairs)))


def main(to: Path) -> None:
    """Make both packages in folder ``to``."""
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(mode=True)
    to.mkdir(parents=True, exist_ok=True)
    for lang in NAMES:
        start = time.perf_counter()
        make(lang, path := to / f"{lang}-en.argosmodel")
        print(f"{path}: {path.stat().st_size:,} bytes, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
