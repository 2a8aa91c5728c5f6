"""Measures of association and of keyness, as the literature has them."""

from __future__ import annotations

import math

from crosslingual.check.estimates import wilson_interval

_ZERO_FREQUENCY = 0.5
"""What stands for a frequency of 0 in a log ratio (Hardie 2014)."""
_LOG_DICE_MAX = 14


def association_log_likelihood(both: int, left: int, right: int, total: int) -> float:
    """G² of two words that stand together (Dunning 1993): the more, the less by chance.

    Of the 2 × 2 table of ``total`` places it is 2 Σ O ln(O / E), E = row · column / total. Negative where they stand
    together less often than by chance.

    Args:
        both: places at which both stand.
        left: places of the one.
        right: places of the other.
        total: all places.
    """
    table = ((both, left - both), (right - both, total - left - right + both))
    columns = [first + second for first, second in zip(*table, strict=True)]
    gain = sum(
        observed * math.log(observed * total / (sum(row) * column))
        for row in table
        for observed, column in zip(row, columns, strict=True)
        if observed > 0
    )
    return math.copysign(2 * max(gain, 0.0), both * total - left * right)


def log_dice(both: int, left: int, right: int) -> float:
    """The score 14 + log2(2 f(x, y) / (f(x) + f(y))) (Rychlý 2008): at most 14, in a corpus of any size.

    Args:
        both: how often the two stand together, at least once.
        left: frequency of the one.
        right: frequency of the other.
    """
    return _LOG_DICE_MAX + math.log2(2 * both / (left + right))


def keyness_log_likelihood(target: int, reference: int, n_target: int, n_reference: int) -> float:
    """G² of a word's frequencies in two corpora (Rayson and Garside 2000): 2 (a ln(a / E1) + b ln(b / E2)).

    E1 = c (a + b) / (c + d), E2 = d (a + b) / (c + d), of corpora with c and d words. Negative where the word is rarer
    in the target. 3.84, 6.63 and 10.83 are exceeded by chance once in 20, 100 and 1,000 words.

    Args:
        target: frequency a in the target.
        reference: frequency b in the reference.
        n_target: words c of the target.
        n_reference: words d of the reference.
    """
    share = (target + reference) / (n_target + n_reference)
    gain = sum(
        observed * math.log(observed / (size * share))
        for observed, size in ((target, n_target), (reference, n_reference))
        if observed > 0
    )
    return math.copysign(2 * max(gain, 0.0), target * n_reference - reference * n_target)


def percent_difference(target: int, reference: int, n_target: int, n_reference: int) -> float | None:
    """%DIFF of relative frequencies (Gabrielatos and Marchi 2011): 100 (t - r) / r; None where r is 0."""
    if not reference:
        return None
    return 100 * (target * n_reference / (n_target * reference) - 1)


def log_ratio(target: int, reference: int, n_target: int, n_reference: int) -> float:
    """Binary logarithm of the ratio of relative frequencies (Hardie 2014): 1 is twice as frequent.

    A frequency of 0 counts as 0.5.
    """
    return math.log2((target or _ZERO_FREQUENCY) / n_target / ((reference or _ZERO_FREQUENCY) / n_reference))


def share_interval(successes: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share by ``wilson_interval``; of nothing it is from 0 to 1."""
    return wilson_interval(successes / total if total else 0.0, total)
