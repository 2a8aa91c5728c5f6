from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import SentenceEncoder
from crosslingual.errors import InputError
from crosslingual.evaluate.alignment import BeadSides, Bitext, predict_beads, read_bitext, score_alignments

GOLD: list[BeadSides] = [((0,), (0, 1)), ((1, 2), (2,)), ((3,), ()), ((), (3,))]


def write(folder: Path, src: str, tgt: str, gold: str) -> tuple[Path, Path, Path]:
    paths = folder / "src", folder / "tgt", folder / "gold"
    for path, content in zip(paths, (src, tgt, gold), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


def test_gold_itself_is_perfect() -> None:
    found = score_alignments([GOLD], [GOLD])
    assert (found.strict.f1, found.lax.f1) == (1.0, 1.0)


def test_gaps_count_for_precision_but_not_for_recall() -> None:
    without = [bead for bead in GOLD if bead[0] and bead[1]]
    found = score_alignments([without], [GOLD])
    assert (found.strict.precision, found.strict.recall) == (0.5, 1.0)
    found = score_alignments([GOLD], [without])
    assert (found.strict.precision, found.strict.recall) == (1.0, 1.0)


def test_a_bead_that_shares_a_pair_is_a_lax_hit_only() -> None:
    predicted: list[BeadSides] = [((0,), (0,)), ((), (1,)), ((1, 2), (2,)), ((3,), (3,))]
    found = score_alignments([GOLD], [predicted])
    assert (found.strict.precision, found.strict.recall) == (1 / 4, 1 / 2)
    assert (found.lax.precision, found.lax.recall) == (2 / 4, 2 / 2)
    assert found.strict.f1 == pytest.approx(2 * (1 / 4) * (1 / 2) / (1 / 4 + 1 / 2))


def test_a_pair_must_be_shared_not_one_sentence_of_either_side() -> None:
    found = score_alignments([[((0,), (0,)), ((1,), (1,))]], [[((0,), (1,)), ((1,), (0,))]])
    assert (found.lax.precision, found.lax.recall, found.lax.f1) == (0.0, 0.0, 0.0)


def test_texts_are_counted_together_and_not_averaged() -> None:
    one: list[BeadSides] = [((0,), (0,))]
    three: list[BeadSides] = [((i,), (i,)) for i in range(3)]
    wrong: list[BeadSides] = [((i,), (2 - i,)) for i in (0, 2)] + [((1,), (1, 2))]
    assert score_alignments([one, three], [one, wrong]).strict.precision == 1 / 4


@st.composite
def paths(draw: st.DrawFn) -> list[BeadSides]:
    steps = draw(st.lists(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (0, 1), (1, 0)]), max_size=12))
    beads, i, j = [], 0, 0
    for a, b in steps:
        beads.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
        i, j = i + a, j + b
    return beads


@given(paths(), paths())
def test_lax_is_at_least_strict_and_f1_lies_between(
    gold: list[BeadSides], predicted: list[BeadSides]
) -> None:
    found = score_alignments([gold], [predicted])
    for scores in (found.strict, found.lax):
        low, high = sorted((scores.precision, scores.recall))
        assert 0 <= low <= high <= 1
        assert low - 1e-12 <= scores.f1 <= high + 1e-12
    assert found.lax.precision >= found.strict.precision
    assert found.lax.recall >= found.strict.recall


def test_files_are_read_as_vecalign_writes_them(tmp_path: Path) -> None:
    files = write(tmp_path, "a\n\nc\n", "x\u2028y\nz", "[0]:[0, 1]:0.25\n\n[1,2] : []\n")
    bitext = read_bitext(*files)
    assert bitext.src == ("a", "", "c"), "an empty line is a sentence too, or numbers would shift"
    assert bitext.tgt == ("x\u2028y", "z")
    assert bitext.gold == (((0,), (0, 1)), ((1, 2), ()))


@pytest.mark.parametrize(
    ("gold", "reason"),
    [
        ("[0]:[0]\n[0]-[1]\n", "gold:2: not an alignment"),
        ("[0]:[2]\n", "names sentence 2"),
        ("[__import__('os')]:[0]\n", "not an alignment"),
        ("[0]:[²]\n", "not an alignment"),
        ("[-1]:[0]\n", "not an alignment"),
    ],
)
def test_gold_that_does_not_fit_is_refused(tmp_path: Path, gold: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_bitext(*write(tmp_path, "a\nb\n", "x\ny\n", gold))


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path: Path) -> None:
    src, tgt, gold = write(tmp_path, "a\n", "x\n", "[0]:[0]\n")
    tgt.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_bitext(src, tgt, gold)
    tgt.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_bitext(src, tgt, gold)


def test_the_projects_own_alignment_is_scored(encoder: SentenceEncoder, demo_space: Space) -> None:
    bitext = Bitext(
        ("Президент прибыл в Пекин.", "Переговоры продлились три часа.", "Стороны подписали 12 документов."),
        (
            "The president arrived in Beijing.",
            "The talks lasted three hours.",
            "The sides signed 12 documents.",
        ),
        tuple(((i,), (i,)) for i in range(3)),
    )
    assert (
        score_alignments([bitext.gold], [predict_beads(bitext, "ru", "en", encoder, demo_space)]).strict.f1
        == 1.0
    )
