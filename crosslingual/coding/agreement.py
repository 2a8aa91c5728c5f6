"""How far coders agree: per cent, Cohen's and Fleiss' kappa, Krippendorff's alpha, of units that they were offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from crosslingual.coding.adjudication import finished_coders
from crosslingual.coding.unit_view import unit_langs
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import CodingUnit
from crosslingual.types import Article

MIXED_LANGS = "mixed"
"""In place of a language, of units with passages in several."""
Values = tuple[Hashable | None, ...]
"""What coders said of a unit, in the coders' order; None is nothing."""
ValueTable = Mapping[Values, int]
"""Of how many units coders said so."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of ``coders`` on the units that two of them or more have finished, ``n_units``.

    ``code`` is a code's id: given or not. Empty it is the whole set of codes that a unit got: the same or another.
    Codes that came in after a coder had finished a unit do not count there. ``kind`` is that of the units. ``lang`` is
    an ISO 639-1 code, ``MIXED_LANGS``, or empty for all. ``n_given`` counts values that are not "not given".
    ``percent``, 0 to 1, is the mean over units of the share of pairs of values that are equal. ``cohen`` is that of two
    coders alone, ``fleiss`` that of the ``n_complete`` units that all of ``coders`` finished. None where it is not
    defined: there are no such units, or one value alone was ever given.
    """

    code: str
    kind: str
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
    units: Iterable[CodingUnit], codes: Sequence[Code], articles: dict[str, Article]
) -> list[Agreement]:
    """Agreement on the whole sets and on each of ``codes``, of each kind of unit: all, each language, each pair.

    What a coder was not offered, or has not finished, or finished before there was the code, is missing and counts
    neither way.
    """
    finished = [unit for unit in units if len(finished_coders(unit)) > 1]
    kinds = sorted({unit.kind for unit in finished})
    return [
        measured
        for code in (None, *codes)
        for kind in kinds
        for measured in _measure_kind([one for one in finished if one.kind == kind], code, codes, articles)
    ]


def _measure_kind(
    units: Sequence[CodingUnit], code: Code | None, codes: Sequence[Code], articles: dict[str, Article]
) -> list[Agreement]:
    said = [(_join_langs(unit_langs(unit, articles)), _list_values(unit, code, codes)) for unit in units]
    langs = sorted({lang for lang, _ in said} - {""})

    def coders_of(lang: str) -> tuple[str, ...]:
        return tuple(sorted({name for own, values in said if lang in ("", own) for name in values}))

    groups = [("", coders_of(""))]
    groups += [(lang, coders_of(lang)) for lang in langs if len(langs) > 1]
    groups += [("", pair) for pair in combinations(groups[0][1], 2) if len(groups[0][1]) > 2]
    found = []
    for lang, group in groups:
        table = Counter(
            tuple(values.get(name) for name in group) for own, values in said if lang in ("", own)
        )
        measured = _measure_group(table, code.id if code else "", units[0].kind, lang, group)
        if measured.n_units:
            found.append(measured)
    return found


def _list_values(unit: CodingUnit, code: Code | None, codes: Sequence[Code]) -> dict[str, Hashable]:
    """What each who has finished ``unit`` said: of ``code``, or of all that were there when the first had finished."""
    done = {task.coder: task.done_at for task in unit.tasks if task.done_order}
    if code is not None:
        return {name: code.id in unit.codes_of(name) for name, at in done.items() if at >= code.created_at}
    known = {one.id for one in codes if one.created_at <= min(done.values())}
    return {name: unit.codes_of(name) & known for name in done}


def percent_agreement(table: ValueTable) -> float | None:
    """The mean over units of the share of pairs of coders who gave the same value; None without a pair."""
    total, n_units = 0.0, 0
    for counts, weight in _count_values(table):
        n = counts.total()
        total += weight * sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
        n_units += weight
    return total / n_units if n_units else None


def cohen_kappa(table: ValueTable) -> float | None:
    """κ = (pₒ - pₑ)/(1 - pₑ) of two coders' values (Cohen 1960, Educ. Psychol. Meas. 20: 37).

    pₒ is the share of equal pairs, pₑ = Σ p₁ₖ p₂ₖ what they would be if each gave values at random by own shares.
    None where pₑ = 1: both gave one value alone.
    """
    left: Counter[Hashable] = Counter()
    right: Counter[Hashable] = Counter()
    n = n_equal = 0
    for (one, other), weight in _complete_rows(table).items():
        left[one] += weight
        right[other] += weight
        n, n_equal = n + weight, n_equal + weight * (one == other)
    expected = sum(count * right[value] for value, count in left.items())
    return None if expected == n * n else (n * n_equal - expected) / (n * n - expected)


def fleiss_kappa(table: ValueTable) -> float | None:
    """κ = (P̄ - P̄ₑ)/(1 - P̄ₑ) of the units that all coders gave a value (Fleiss 1971, Psychol. Bull. 76: 378).

    P̄ is :func:`percent_agreement` of these, P̄ₑ = Σ p² over the shares p of values. None where P̄ₑ = 1.
    """
    complete = _complete_rows(table)
    agreed = percent_agreement(complete)
    counts: Counter[Hashable] = Counter()
    for values, weight in complete.items():
        for value in values:
            counts[value] += weight
    if agreed is None or len(counts) < 2:
        return None
    expected = sum(count * count for count in counts.values()) / counts.total() ** 2
    return (agreed - expected) / (1 - expected)


def krippendorff_alpha(table: ValueTable) -> float | None:
    """α = 1 - Dₒ/Dₑ for nominal values, of which some may be missing (Krippendorff 2019, Content Analysis, ch. 12).

    Of the n values in units u with mᵤ ≥ 2 of them, Dₒ = (1/n) Σᵤ Σₖ nᵤₖ(mᵤ - nᵤₖ)/(mᵤ - 1) and
    Dₑ = Σₖ nₖ(n - nₖ)/(n(n - 1)). None where Dₑ = 0: one value alone was given, or there is no pair.
    """
    totals: Counter[Hashable] = Counter()
    observed = 0.0
    for counts, weight in _count_values(table):
        m = counts.total()
        observed += weight * sum(count * (m - count) for count in counts.values()) / (m - 1)
        for value, count in counts.items():
            totals[value] += weight * count
    n = totals.total()
    expected = sum(count * (n - count) for count in totals.values())
    return 1 - (n - 1) * observed / expected if expected else None


def _measure_group(table: ValueTable, code: str, kind: str, lang: str, coders: tuple[str, ...]) -> Agreement:
    own = {values: weight for values, weight in table.items() if len(values) - values.count(None) > 1}
    return Agreement(
        code,
        kind,
        lang,
        coders,
        sum(own.values()),
        sum(_complete_rows(own).values()),
        sum(weight * sum(map(bool, values)) for values, weight in own.items()),
        percent_agreement(own),
        cohen_kappa(own) if len(coders) == 2 else None,
        fleiss_kappa(own),
        krippendorff_alpha(own),
    )


def _count_values(table: ValueTable) -> Iterator[tuple[Counter[Hashable], int]]:
    """How often each value was given, of units with two values or more."""
    for values, weight in table.items():
        counts = Counter(value for value in values if value is not None)
        if counts.total() > 1:
            yield counts, weight


def _complete_rows(table: ValueTable) -> dict[Values, int]:
    return {values: weight for values, weight in table.items() if None not in values}


def _join_langs(langs: tuple[str, ...]) -> str:
    return langs[0] if len(langs) == 1 else MIXED_LANGS if langs else ""
