from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crosslingual.align.space import Space
from crosslingual.errors import InputError
from crosslingual.evaluate.duplicates import PLANTED_KINDS, evaluate_duplicates, plant_duplicates

if TYPE_CHECKING:
    from crosslingual.embeddings.article_encoder import ArticleEncoder

SRC = [f"Satz {number} von Text {number // 10}." for number in range(100)]
REF = [f"Sentence {number} of text {number // 10}." for number in range(100)]
LANGS = ("de", "en")


def test_what_is_planted_has_the_share_of_its_kind() -> None:
    planted = plant_duplicates((SRC, REF), LANGS)
    assert [pair.kind for pair in planted] == [*PLANTED_KINDS, *PLANTED_KINDS]
    for number, pair in enumerate(planted):
        translated, share = PLANTED_KINDS[pair.kind]
        assert pair.left == ("de", "\n".join(SRC[10 * number : 10 * number + 10]))
        assert pair.right[0] == ("en" if translated else "de")
        own = (REF if translated else SRC)[10 * number : 10 * number + 10]
        kept = [text in own for text in pair.right[1].split("\n")]
        assert sum(kept) == 10 - round(10 * share)
    assert plant_duplicates((SRC, REF), LANGS) == planted


def test_documents_are_told_apart_by_their_names() -> None:
    names = [str(number // 25) for number in range(100)]
    assert [len(pair.left[1].split("\n")) for pair in plant_duplicates((SRC, REF), LANGS, names)] == [25] * 4
    assert plant_duplicates((SRC[:3], REF[:3]), LANGS) == []


def test_files_that_do_not_go_line_by_line_are_refused() -> None:
    with pytest.raises(InputError, match="100, 99 and 100 lines"):
        plant_duplicates((SRC, REF[:99]), LANGS)
    with pytest.raises(InputError, match="too few documents"):
        plant_duplicates((SRC[:20], REF[:20]), LANGS, ["a"] * 4 + ["b"] * 16)


def test_copies_of_the_demo_are_found(demo_space: Space, article_encoder: ArticleEncoder) -> None:
    from crosslingual.align.space import DEMO_FOLDER
    from crosslingual.tmx import read_tmx

    entries = [
        entry
        for path in sorted(DEMO_FOLDER.glob("*/memory.tmx"))
        for entry in read_tmx(path)
        if (entry.src_lang, entry.tgt_lang) == ("ru", "en")
    ]
    sides = [entry.src for entry in entries], [entry.tgt for entry in entries]
    names = [str(number // 6) for number in range(len(entries))]
    planted = plant_duplicates(sides, ("ru", "en"), names)
    assert len(planted) >= 5
    scores = evaluate_duplicates(planted, [], article_encoder, demo_space)
    assert scores.articles == 2 * len(planted)
    assert scores.recall >= 0.75
    assert scores.precision == 1
    assert sum(there for _, there in scores.kinds.values()) == len(planted)
