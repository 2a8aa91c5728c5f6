"""What tells whether two sentences say the same, where an article says one thing more than once."""

import numpy as np

from crosslingual.align.features import find_repeats, keep_nearest_repeats, row_lead

STARTS = np.array([0, 2, 6])
TEXTS = ["Yes.", "Who was it?", "Да.", "Кто?", "да.", "Нет."]


def scores(*rows: list[float]) -> np.ndarray:
    found = np.zeros((6, 6), dtype=np.float32)
    found[:2, 2:] = rows
    found[2:, :2] = np.array(rows).T
    return found


def test_repeats_are_those_of_one_article() -> None:
    assert [own.tolist() for own in find_repeats(TEXTS, STARTS)] == [[2, 4]]
    assert [own.tolist() for own in find_repeats(["Да."] * 6, STARTS)] == [[0, 1], [2, 3, 4, 5]]
    assert find_repeats([], np.array([0])) == []


def test_a_repeated_sentence_is_no_rival_of_itself() -> None:
    table = scores([0.8, 0.1, 0.8, 0.5], [0.2, 0.9, 0.2, 0.0])
    repeats = find_repeats(TEXTS, STARTS)
    plain, beside = row_lead(table, STARTS, 0.1), row_lead(table, STARTS, 0.1, repeats)
    np.testing.assert_allclose(plain[0, [2, 4]], 0, atol=1e-6)
    np.testing.assert_allclose(beside[0, [2, 4]], 0.3, atol=1e-6)
    np.testing.assert_allclose(beside[1], plain[1], atol=1e-6)
    np.testing.assert_allclose(beside[0, [3, 5]], plain[0, [3, 5]], atol=1e-6)


def test_an_article_of_one_sentence_again_and_again_has_the_least_rival() -> None:
    lead = row_lead(np.full((3, 3), 0.6, dtype=np.float32), np.array([0, 1, 3]), 0.2, [np.array([1, 2])])
    np.testing.assert_allclose(lead[0, 1:], 0.4, atol=1e-6)


def test_of_repeats_the_partner_at_much_the_same_place_stays() -> None:
    likely = scores([0.9, 0.0, 0.9, 0.0], [0.9, 0.9, 0.9, 0.0])
    kept = keep_nearest_repeats(likely > 0.5, likely, find_repeats(TEXTS, STARTS), STARTS)
    assert np.flatnonzero(kept[0]).tolist() == [2]
    assert np.flatnonzero(kept[1]).tolist() == [3, 4]
