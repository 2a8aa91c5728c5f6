from pathlib import Path

import pytest

from crosslingual.errors import InputError
from crosslingual.evaluate.scores import Scores
from crosslingual.evaluate.segmentation import boundary_scores, evaluate_file


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 4, 6), Scores(precision=0.75, recall=0.5, f1=0.6)),
        ((0, 0, 5), Scores(precision=0.0, recall=0.0, f1=0.0)),
        ((0, 5, 0), Scores(precision=0.0, recall=0.0, f1=0.0)),
        ((0, 0, 0), Scores(precision=1.0, recall=1.0, f1=1.0)),
    ],
)
def test_scores_from_counts(counts: tuple[int, int, int], expected: Scores) -> None:
    assert Scores.from_counts(*counts) == expected


def test_a_missed_boundary_costs_recall() -> None:
    scores = boundary_scores(["Он пришёл.", "без заглавной.", "Он ушёл."], "ru")
    assert (scores.precision, scores.recall) == (1.0, 0.5)


def test_a_boundary_too_many_costs_precision() -> None:
    scores = boundary_scores(["Он пришёл. Он сел.", "Он ушёл."], "ru")
    assert (scores.precision, scores.recall) == (0.5, 1.0)


def test_chinese_lines_are_joined_with_nothing() -> None:
    assert boundary_scores(["他来了。", "他走了。"], "zh").f1 == 1.0


def test_one_sentence_has_no_boundary_to_miss() -> None:
    assert boundary_scores(["Он пришёл."], "ru").f1 == 1.0


@pytest.mark.parametrize(
    ("name", "text", "lang"),
    [
        ("gold.txt", "他来了。\n\n他走了。\n", "zh"),
        ("gold.txt", "Он пришёл.\nОн ушёл.\n", "ru"),
        ("gold.txt", "Він пішов.\nЇї немає.\n", "uk"),
        ("de_gsd.txt", "Er kam.\nEr ging.\n", "de"),
        ("fr.txt", "Il vint.\nIl partit.\n", "fr"),
    ],
)
def test_the_language_is_that_of_the_name_or_the_script(
    tmp_path: Path, name: str, text: str, lang: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = evaluate_file(path)
    assert (found.lang, found.sentences, found.scores.f1) == (lang, 2, 1.0)


def test_the_language_given_is_the_language_used(tmp_path: Path) -> None:
    path = tmp_path / "gold.txt"
    path.write_text("Es war am 9. Mai.\nEr ging.\n", encoding="utf-8")
    assert evaluate_file(path, "de").scores.f1 == 1.0
    assert evaluate_file(path, "en").scores.precision == 0.5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no sentences"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"He came.\nHe left.\n", "--lang"),
    ],
)
def test_a_file_that_cannot_be_measured_is_an_input_error(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "gold.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        evaluate_file(path)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        evaluate_file(tmp_path / "none.txt")
