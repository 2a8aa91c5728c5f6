"""How far coders agree: per cent, Cohen's and Fleiss' kappa, Krippendorff's alpha, of units that they were offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from crosslingual.coding.adjudication import finished_coders, list_coders
from crosslingual.coding.unit_view import unit_langs
from crosslingual.library.coding_values import CodingUnit
from crosslingual.types import Article

MIXED_LANGS = "mixed"
"""In place of a language, of units with passages in several."""
Values = Mapping[str, Hashable]
"""What each coder said of a unit; who said nothing is not in it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of ``coders`` on the units that two of them or more have finished, ``n_units``.

    ``code`` is a code's id: given or not. Empty it is the whole set of codes that a unit got: the same or another.
    ``lang`` is an ISO 639-1 code, ``MIXED_LANGS``, or empty for all. ``n_given`` counts values that are not "not
    given". ``percent`` is the share, 0 to 1, of pairs of values that are equal. ``cohen`` is that of two coders alone,
    ``fleiss`` that of the ``n_complete`` units that all of ``coders`` finished. None where it is not defined: there are
    no such units, or one value alone was ever given.
    """

    code: str
    lang: str
    coders: tuple[str, ...]
    n_units: int
    n_complete: int
    n_given: int
    percent: float | None
    cohen: float | None
    fleiss: float | None
    alpha: float | None


def measure_agreement(
    units: Sequence[CodingUnit], codes: Iterable[str], articles: dict[str, Article]
) -> list[Agreement]:
    """Agreement on the whole sets and on each of ``codes``: of all coders, each language, each pair of coders.

    What a coder was not offered, or has not finished, is missing and counts neither way.
    """
    offered = [unit for unit in units if len(finished_coders(unit)) > 1]
    langs = {unit.id: _join_langs(unit_langs(unit, articles)) for unit in offered}
    coders = tuple(name for name in list_coders(offered) if any(unit.is_done_by(name) for unit in offered))
    if len(coders) < 2:
        return []
    groups: list[tuple[str, tuple[str, ...]]] = [("", coders)]
    known = sorted(set(langs.values()) - {""})
    groups += [(lang, coders) for lang in known if len(known) > 1]
    groups += [("", pair) for pair in combinations(coders, 2) if len(coders) > 2]
    found = []
    for code in ("", *codes):
        for lang, group in groups:
            own = [unit for unit in offered if not lang or langs[unit.id] == lang]
            measured = _measure_group(own, code, lang, group)
            if measured.n_units:
                found.append(measured)
    return found


def percent_agreement(values: Iterable[Values]) -> float | None:
    """The mean over units of the share of pairs of coders who gave the same value; None without a pair."""
    shares = []
    for unit in values:
        n = len(unit)
        if n > 1:
            counts = Counter(unit.values()).values()
            shares.append(sum(count * (count - 1) for count in counts) / (n * (n - 1)))
    return sum(shares) / len(shares) if shares else None


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """κ = (pₒ - pₑ)/(1 - pₑ) of two coders' values (Cohen 1960, Educ. Psychol. Meas. 20: 37).

    pₒ is the share of equal pairs, pₑ = Σ p₁ₖ p₂ₖ what they would be if each gave values at random by own shares.
    None where pₑ = 1: both gave one value alone.
    """
    n = len(pairs)
    if not n:
        return None
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(count * right[value] for value, count in left.items())
    if expected == n * n:
        return None
    return (n * sum(one == other for one, other in pairs) - expected) / (n * n - expected)


def fleiss_kappa(values: Sequence[Values]) -> float | None:
    """κ = (P̄ - P̄ₑ)/(1 - P̄ₑ) of units that each have as many values (Fleiss 1971, Psychol. Bull. 76: 378).

    P̄ is :func:`percent_agreement`, P̄ₑ = Σ p² over the shares p of values. None where P̄ₑ = 1.
    """
    agreed = percent_agreement(values)
    counts = Counter(value for unit in values for value in unit.values())
    total = counts.total()
    if agreed is None or len(counts) < 2:
        return None
    expected = sum(count * count for count in counts.values()) / (total * total)
    return (agreed - expected) / (1 - expected)


def krippendorff_alpha(values: Iterable[Values]) -> float | None:
    """α = 1 - Dₒ/Dₑ for nominal values, of which some may be missing (Krippendorff 2019, Content Analysis, ch. 12).

    Of the n values in units u with mᵤ ≥ 2 of them, Dₒ = (1/n) Σᵤ Σₖ nᵤₖ(mᵤ - nᵤₖ)/(mᵤ - 1) and
    Dₑ = Σₖ nₖ(n - nₖ)/(n(n - 1)). None where Dₑ = 0: one value alone was given, or there is no pair.
    """
    totals: Counter[Hashable] = Counter()
    observed = 0.0
    for unit in values:
        m = len(unit)
        if m > 1:
            counts = Counter(unit.values())
            totals += counts
            observed += sum(count * (m - count) for count in counts.values()) / (m - 1)
    n = totals.total()
    expected = sum(count * (n - count) for count in totals.values())
    return 1 - (n - 1) * observed / expected if expected else None


def _measure_group(units: Sequence[CodingUnit], code: str, lang: str, coders: tuple[str, ...]) -> Agreement:
    said = [{name: _said(unit, name, code) for name in coders if unit.is_done_by(name)} for unit in units]
    said = [one for one in said if len(one) > 1]
    complete = [one for one in said if len(one) == len(coders)]
    pairs = [(one[coders[0]], one[coders[1]]) for one in complete]
    return Agreement(
        code,
        lang,
        coders,
        len(said),
        len(complete),
        sum(bool(value) for one in said for value in one.values()),
        percent_agreement(said),
        cohen_kappa(pairs) if len(coders) == 2 else None,
        fleiss_kappa(complete),
        krippendorff_alpha(said),
    )


def _said(unit: CodingUnit, coder: str, code: str) -> Hashable:
    given = unit.codes_of(coder)
    return code in given if code else given


def _join_langs(langs: tuple[str, ...]) -> str:
    return langs[0] if len(langs) == 1 else MIXED_LANGS if langs else ""
