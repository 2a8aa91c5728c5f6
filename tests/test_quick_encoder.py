from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tokenizers import Tokenizer

from crosslingual.align.space import Space
from crosslingual.embeddings.quick_encoder import QuickEncoder
from crosslingual.embeddings.word_pieces import load_pieces
from crosslingual.errors import ModelError
from crosslingual.events.clustering import find_events
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER, load_query_encoder
from crosslingual.model_store.e5 import CHECK_SENTENCES

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

pytestmark = pytest.mark.model
TEXTS = (
    *CHECK_SENTENCES,
    "习近平",
    "the",
    "",
    "  spaces  before and after ",
    "𠀀 ☃ ﬁ ½ ％　全角 \u200b <s> a </s> <mask> <unk>",
    "half a surrogate \ud83d",
    "long " * 600,
)


@pytest.fixture(scope="session")
def quick(home: Path) -> QuickEncoder:
    found = load_query_encoder(DEFAULT_ENCODER, home)
    assert isinstance(found, QuickEncoder)
    return found


def test_it_reads_what_the_encoder_reads(quick: QuickEncoder, encoder: SentenceEncoder) -> None:
    """On a processor with BF16 the encoder rounds to three digits; there its states differ by that."""
    one, other = quick.encode_with_tokens(TEXTS), encoder.encode_with_tokens(TEXTS)
    assert quick.name == encoder.name
    assert quick.dimensions == encoder.dimensions
    assert (one.vectors * other.vectors).sum(axis=1).min() >= 0.9999
    assert np.allclose(np.linalg.norm(one.vectors, axis=1), 1, atol=1e-5)
    for text, mine, theirs in zip(TEXTS, one.states, other.states, strict=True):
        assert mine.shape == theirs.shape, text
        lengths = np.linalg.norm(mine, axis=1) * np.linalg.norm(theirs, axis=1)
        assert ((mine * theirs).sum(axis=1) / lengths).min() >= 0.999, text
    for mine, theirs in zip(one.weights, other.weights, strict=True):
        assert (mine == theirs).all()
    assert np.allclose(quick.encode(TEXTS[:3]), one.vectors[:3], atol=1e-5)


def test_it_spells_what_the_encoder_spells(quick: QuickEncoder, encoder: SentenceEncoder) -> None:
    for text, mine, theirs in zip(TEXTS, quick.token_states(TEXTS), encoder.token_states(TEXTS), strict=True):
        assert (mine.spans == theirs.spans).all(), text
        assert (mine.weights == theirs.weights).all(), text
        assert np.allclose(mine.states, theirs.states, atol=0.1), text


def test_progress_is_told_text_by_text(quick: QuickEncoder) -> None:
    told: list[tuple[int, int]] = []
    quick.encode_with_tokens(TEXTS[:2], progress=lambda done, total: told.append((done, total)))
    quick.token_states(TEXTS[:2], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)] * 2


def test_texts_are_cut_as_by_the_whole_tokenizer_and_what_is_kept_is_read_again(
    home: Path, tmp_path: Path
) -> None:
    path = home / "models" / DEFAULT_ENCODER / "tokenizer.json"
    whole = Tokenizer.from_file(str(path))
    whole.no_truncation()
    texts = [text.encode(errors="replace").decode() for text in TEXTS]
    for _ in range(2):  # sorted, then read from where it was kept
        pieces = load_pieces(path, tmp_path / "spaces" / "pieces.npz")
        assert pieces is not None
        for text in texts:
            some, ids = pieces.build_tokenizer([text])
            assert len(ids) < 5000
            mine, theirs = some.encode(text), whole.encode(text)
            assert ids[mine.ids].tolist() == theirs.ids, text
            assert mine.offsets == theirs.offsets, text
        assert [file.name for file in (tmp_path / "spaces").iterdir()] == ["pieces.npz"]
    (tmp_path / "spaces" / "pieces.npz").write_bytes(b"damaged")
    assert load_pieces(path, tmp_path / "spaces" / "pieces.npz") is not None


def test_a_tokenizer_of_another_kind_has_no_such_pieces(tiny_model: Path, tmp_path: Path) -> None:
    assert load_pieces(tiny_model / "tokenizer.json", tmp_path / "pieces.npz") is None
    assert not (tmp_path / "pieces.npz").exists()


def test_another_encoder_is_read_as_ever(tiny_model: Path, home: Path) -> None:
    from crosslingual.embeddings.encoder import SentenceEncoder

    assert isinstance(load_query_encoder(str(tiny_model), home), SentenceEncoder)


@pytest.mark.parametrize("damaged", ["config.json", "config_sentence_transformers.json", "model.safetensors"])
def test_a_damaged_folder_is_an_error_that_names_it(damaged: str, home: Path, tmp_path: Path) -> None:
    for file in (home / "models" / DEFAULT_ENCODER).glob("*.*"):
        (tmp_path / file.name).symlink_to(file.resolve())
    (tmp_path / damaged).unlink()
    (tmp_path / damaged).write_text("{}")
    with pytest.raises(ModelError, match=f"{tmp_path}: damaged"):
        QuickEncoder(tmp_path, "e5", home / "spaces" / "pieces.npz").encode_with_tokens(["a"])


def test_texts_that_are_read_together_do_not_see_one_another(
    quick: QuickEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = quick.encode_with_tokens(TEXTS)
    spelled = quick.token_states(TEXTS)
    monkeypatch.setattr("crosslingual.embeddings.quick_encoder._TOKENS_PER_BATCH", 1)
    alone = quick.encode_with_tokens(TEXTS)
    assert np.allclose(together.vectors, alone.vectors, atol=1e-5)
    for one, other in zip(together.states, alone.states, strict=True):
        assert np.allclose(one, other, atol=1e-4)
    for mine, theirs in zip(spelled, quick.token_states(TEXTS), strict=True):
        assert (mine.spans == theirs.spans).all()
        assert np.allclose(mine.states, theirs.states, atol=1e-4)


@pytest.mark.parametrize("command", ["events", "compare", "search", "report"])
def test_the_first_answer_needs_no_torch(command: str, demo_copy: Path, demo_space: Space) -> None:
    """Of a library whose articles are grouped, and in which nothing else that is derived is kept."""
    with Library(demo_copy, create=False) as library:
        event = find_events(library, demo_space)[0].id
    out = demo_copy.parent / "out"
    arguments = {
        "events": ["events"],
        "compare": ["compare", event],
        "search": ["search", "signed a joint statement"],
        "report": ["report", event, "--out", str(out)],
    }[command]
    heavy = ["torch", "transformers", "sentence_transformers", "sklearn", "pandas"]
    heavy += ["scipy"] if command == "events" else []  # with nothing to group
    code = (
        "import sys\nfrom crosslingual.cli import cli\n"
        f"cli({[*arguments, '--library', str(demo_copy)]!r}, standalone_mode=False)\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *answer, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert answer
    assert (out / "report.html").exists() == (command == "report")
