"""Shares estimated from stratified samples, with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

Z95 = 1.959964
"""The normal quantile of a two-sided 95 % interval."""
TARGET_HALF_WIDTH = 0.05
"""How exact a share is to be: ±5 points."""


@dataclass(frozen=True, slots=True)
class StratumCount:
    """Of ``size`` things ``n`` were drawn at random and judged; ``n_true`` of these are so.

    ``n_twice`` of the ``n`` share their judgement with another of them, and are no judgements of their own.
    """

    size: int
    n: int
    n_true: int
    n_twice: int = 0

    @property
    def n_judgements(self) -> int:
        """How many judgements there are."""
        return self.n - self.n_twice


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval, from ``n`` judgements worth ``n_effective`` of a simple random sample.

    ``n_left`` is how many there are beside those, where that is known.
    """

    share: float
    low: float
    high: float
    n: int
    n_effective: float
    n_left: int | None = None

    @property
    def n_more(self) -> int:
        """How many more judgements, drawn alike, until the interval is ±5 points wide; 0 where it is.

        The half-width z·√(p(1-p)/n′) of n′ effective judgements is to be 0.05; n grows as n′ does. p is taken from
        the interval's middle, so that a share of 100 % of a few does not count as known.
        """
        middle = (self.low + self.high) / 2
        wanted = middle * (1 - middle) * (Z95 / TARGET_HALF_WIDTH) ** 2
        if self.n_effective <= 0 or math.isinf(self.n_effective):
            return 0
        more = max(0, math.ceil(self.n * (wanted / self.n_effective - 1)))
        return more if self.n_left is None else min(more, self.n_left)


def wilson_interval(share: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a ``share`` of ``n`` judgements (Wilson 1927, J. Am. Stat. Assoc. 22: 209).

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). ``n`` need not be whole; 0 gives 0 to 1.
    """
    if n <= 0:
        return 0.0, 1.0
    if math.isinf(n):
        return share, share
    centre = share + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    # Next to 0 and 1 rounding may put the share itself outside.
    return max(0.0, min(share, (centre - half) / scale)), min(1.0, max(share, (centre + half) / scale))


def estimate_share(strata: Sequence[StratumCount]) -> Estimate | None:
    """The share of all that is so, each stratum by its size; None where nothing was judged.

    p = Σ Wₕ pₕ with Wₕ = Nₕ/N, and v = Σ Wₕ² (1 - fₕ) p̃ₕ(1-p̃ₕ)/mₕ with fₕ = nₕ/Nₕ (Cochran 1977, Sampling
    Techniques, §5.11). mₕ of the nₕ are judgements of their own. p̃ₕ = (pₕmₕ+½)/(mₕ+1) instead of pₕ, for a stratum
    whose few judgements agree is not known exactly. The interval is Wilson's with n′ = p̃(1-p̃)/v judgements (the
    effective size: Korn and Graubard 1998, Survey Methodology 24: 193). Of one large stratum it is Wilson's of its n.
    Strata without a judgement are joined with their neighbour.
    """
    merged = merge_empty_strata(strata)
    total = sum(one.size for one in merged)
    if not total:
        return None
    share, smooth, variance = _weigh_strata(merged, total)
    n, n_known = sum(one.n_judgements for one in merged), sum(one.n for one in merged)
    return _make_estimate(share, smooth, variance, n, total - n_known)


def estimate_recall(found: Sequence[StratumCount], *missing: Sequence[StratumCount]) -> Estimate | None:
    """The share of what is so that was found: A/(A+B), A = Σ Nₕ pₕ over ``found`` strata and B over all ``missing``.

    Strata without a judgement are joined within ``found`` and within each of ``missing``, never across: what is perhaps
    said tells nothing of what is silent.

    The interval is that of the ratio of A and B from the intervals of both (MOVER: Donner and Zou 2012, Stat. Methods
    Med. Res. 21: 347), which are those of :func:`estimate_share`: misses are few and their interval is lopsided, as
    linearisation cannot say. None where any of these has strata and no judgement, or nothing is so.
    """
    states = [(sum(one.size for one in state), merge_empty_strata(state)) for state in (found, *missing)]
    if any(size and not merged for size, merged in states):
        return None
    sides = []
    for strata in (states[0][1], [one for _, merged in states[1:] for one in merged]):
        estimate, size = estimate_share(strata), sum(one.size for one in strata)
        shares = (estimate.share, estimate.low, estimate.high) if estimate else (0.0, 0.0, 0.0)
        sides.append(tuple(size * share for share in shares))
    hits, misses = sides
    if hits[0] + misses[0] <= 0:
        return None
    if hits[0] >= misses[0]:
        least, most = _ratio_interval(misses, hits)
        low, high = 1 / (1 + most), 1 / (1 + least)
    else:
        least, most = _ratio_interval(hits, misses)
        low, high = least / (1 + least), 1 - 1 / (1 + most)
    share = hits[0] / (hits[0] + misses[0])
    low, high = min(share, low), max(share, high)
    middle, half = (low + high) / 2, (high - low) / 2
    n, n_known, size = (
        sum(getattr(one, name) for _, merged in states for one in merged)
        for name in ("n_judgements", "n", "size")
    )
    n_effective = middle * (1 - middle) * (Z95 / half) ** 2 if half else math.inf
    return Estimate(share, low, high, n, n_effective, size - n_known)


def estimate_domain(
    weights: Sequence[float], truths: Sequence[bool], judgements: Sequence[Hashable] | None = None
) -> Estimate | None:
    """The share of a part that cuts across strata: Σ w y / Σ w, w = Nₕ/nₕ (Cochran 1977, §5A.14).

    The interval is Wilson's with n′ = (Σ w)²/Σ w²(1 - 1/w) judgements (Kish 1965, Survey Sampling, §11.7, and
    1 - 1/w = 1 - fₕ as in :func:`estimate_share`). Σ (w - 1) are left, as far as the sample tells.

    Args:
        weights: of each cell.
        truths: of each cell, whether it is so.
        judgements: names of the judgements that the cells were given; one that stands for two cells weighs as both.
    """
    total = sum(weights)
    if not total:
        return None
    by_judgement: dict[Hashable, list[float]] = {}
    for name, weight in zip(judgements or range(len(weights)), weights, strict=True):
        by_judgement.setdefault(name, []).append(weight)
    share = sum(weight for weight, true in zip(weights, truths, strict=True) if true) / total
    squares = sum(sum(own) * (sum(own) - len(own)) for own in by_judgement.values())
    n_effective = total**2 / squares if squares > 0 else math.inf
    n_left = max(0, round(total - len(weights)))
    return Estimate(share, *wilson_interval(share, n_effective), len(by_judgement), n_effective, n_left)


def merge_empty_strata(strata: Sequence[StratumCount]) -> list[StratumCount]:
    """Strata in order, those without a judgement joined with the next one, the last with the one before."""
    merged: list[StratumCount] = []
    waiting = 0
    for one in strata:
        if one.n:
            merged.append(replace(one, size=one.size + waiting))
            waiting = 0
        else:
            waiting += one.size
    if waiting and merged:
        merged[-1] = replace(merged[-1], size=merged[-1].size + waiting)
    return merged


def _weigh_strata(strata: Sequence[StratumCount], total: int) -> tuple[float, float, float]:
    """The share, the smoothed share, and its variance."""
    share = smooth = variance = 0.0
    for one in strata:
        weight, n, p = one.size / total, one.n_judgements, one.n_true / one.n
        own = (p * n + 0.5) / (n + 1)
        share += weight * one.n_true / one.n
        smooth += weight * own
        variance += weight**2 * max(1 - one.n / one.size, 0) * own * (1 - own) / n
    return share, smooth, variance


def _ratio_interval(above: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """Of two totals, each with the ends of its interval, the interval of their ratio; ``below`` is not 0."""
    (one, one_low, one_high), (other, other_low, other_high) = above, below
    product = (one * other) ** 2
    low_part, high_part = one_low * (2 * one - one_low), other_high * (2 * other - other_high)
    root = math.sqrt(max(product - low_part * high_part, 0))
    least = low_part / (one * other + root) if low_part else 0.0
    scale = other_low * (2 * other - other_low)
    if not scale:
        return least, math.inf
    return least, (one * other + math.sqrt(max(product - one_high * (2 * one - one_high) * scale, 0))) / scale


def _make_estimate(share: float, smooth: float, variance: float, n: int, n_left: int) -> Estimate:
    n_effective = smooth * (1 - smooth) / variance if variance else math.inf
    return Estimate(share, *wilson_interval(share, n_effective), n, n_effective, n_left)
