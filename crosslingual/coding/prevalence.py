"""Who carries which code in an event: by source and language, in what several sources say and what one says alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosslingual.coding.adjudication import code_articles, settle_codes, was_judged
from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import CodingUnit, Passage, is_intact
from crosslingual.types import Comparison

SHARED, ALONE = "shared", "alone"
MIN_EXPECTED = 5
"""What each cell of a table must be expected to hold for χ² to be trusted (Cochran 1954, Biometrics 10: 417)."""
TOO_FEW = "too few units"


@dataclass(frozen=True, slots=True)
class CodeShare:
    """Of ``n_units`` settled units of a ``kind`` and source, in ``state`` ``SHARED`` or ``ALONE``, some have a code.

    ``code`` is its id, ``n_coded`` how many have it. ``langs`` are those of the source's articles among them.
    """

    code: str
    kind: str
    source: str
    langs: tuple[str, ...]
    state: str
    n_units: int
    n_coded: int


@dataclass(frozen=True, slots=True)
class CodeTest:
    """Whether a ``code``'s share differs ``by`` "source", "lang" or "state", over ``groups`` of these.

    ``p_value`` is χ²'s, or of two groups with few units Fisher's exact one, ``adjusted`` that after Benjamini and
    Hochberg (1995, J. R. Stat. Soc. B 57: 289) for all tests of the event. Both are None where the numbers carry no
    test; ``reason`` says why.
    """

    code: str
    kind: str
    by: str
    groups: tuple[str, ...]
    n_units: int
    method: str
    p_value: float | None
    adjusted: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CodePrevalence:
    """What is known of an event's codes. ``n_open`` units are not settled.

    ``n_gone`` passages of these units are not in the event's articles any more, or other words stand there.
    """

    event: str
    shares: tuple[CodeShare, ...]
    tests: tuple[CodeTest, ...]
    n_units: int
    n_open: int
    n_gone: int


@dataclass(frozen=True, slots=True)
class _SourceUnit:
    """What a settled unit says of one source."""

    kind: str
    source: str
    langs: frozenset[str]
    state: str
    codes: frozenset[str]
    judged: frozenset[str]


def count_codes(comparison: Comparison, units: Iterable[CodingUnit], codes: Sequence[Code]) -> CodePrevalence:
    """How often each of ``codes`` stands in the settled units of the comparison's articles.

    A unit counts once for each source that it has passages of. It is shared if one of these stands in a statement, as
    the comparison has it now, else alone. A code that was given to some words of a unit counts for their source. What
    was offered to nobody counts for nothing, nor does, for a code, what was finished before there was the code.
    Statements are not tested: what several sources say was judged once.
    """
    articles = {article.id: article for article in comparison.articles}
    places: dict[str, list[tuple[int, int]]] = {}
    for statement in comparison.statements:
        for cell in statement.cells:
            places.setdefault(cell.article, []).append((cell.start, cell.end))

    def is_shared(passage: Passage) -> bool:
        return any(
            start < passage.end and passage.start < end for start, end in places.get(passage.article, ())
        )

    parts: list[_SourceUnit] = []
    n_units = n_open = n_gone = 0
    for unit in units:
        own = [one for one in unit.passages if one.article in articles]
        here = [one for one in own if is_intact(one, articles[one.article].text)]
        if not unit.tasks or not own:
            continue
        n_gone += len(unit.passages) - len(here)
        settled = settle_codes(unit)
        if settled is None:
            n_open += 1
            continue
        n_units += bool(here)
        judged = frozenset(code.id for code in codes if was_judged(unit, code))
        carried = {code: code_articles(unit, code) for code in settled & judged}
        by_source: dict[str, list[Passage]] = {}
        for passage in here:
            by_source.setdefault(articles[passage.article].source, []).append(passage)
        for source, passages in by_source.items():
            langs = frozenset(articles[one.article].lang for one in passages)
            state = SHARED if any(map(is_shared, passages)) else ALONE
            own_ids = {one.article for one in passages}
            parts.append(
                _SourceUnit(
                    unit.kind,
                    source,
                    langs,
                    state,
                    frozenset(code for code, where in carried.items() if where & own_ids),
                    judged,
                )
            )
    ids = [one.id for one in codes]
    return CodePrevalence(
        comparison.event.id,
        tuple(_count_shares(parts, ids)),
        tuple(_adjust_tests(_run_tests(parts, ids))),
        n_units,
        n_open,
        n_gone,
    )


def _count_shares(parts: Sequence[_SourceUnit], codes: Sequence[str]) -> Iterable[CodeShare]:
    groups: dict[tuple[str, str, str], list[_SourceUnit]] = {}
    for one in parts:
        groups.setdefault((one.kind, one.source, one.state), []).append(one)
    for code in codes:
        for (kind, source, state), whole in sorted(groups.items()):
            own = [one for one in whole if code in one.judged]
            if not own:
                continue
            langs = tuple(sorted(frozenset[str]().union(*(one.langs for one in own))))
            yield CodeShare(code, kind, source, langs, state, len(own), sum(code in one.codes for one in own))


def _run_tests(parts: Sequence[_SourceUnit], codes: Sequence[str]) -> list[CodeTest]:
    groupings: dict[str, Callable[[_SourceUnit], str]] = {
        "source": lambda one: one.source,
        "lang": lambda one: "/".join(sorted(one.langs)),
        "state": lambda one: one.state,
    }
    tests = []
    for kind in sorted({one.kind for one in parts} - {"statement"}):
        for code in codes:
            own = [one for one in parts if one.kind == kind and code in one.judged]
            for by, name_group in groupings.items():
                table: dict[str, list[int]] = {}
                for one in own:
                    table.setdefault(name_group(one), [0, 0])[code in one.codes] += 1
                groups, counts = tuple(sorted(table)), [table[name] for name in sorted(table)]
                tested = _test_table(counts)
                tests.append(CodeTest(code, kind, by, groups, len(own), *tested))
    return tests


def _test_table(table: Sequence[Sequence[int]]) -> tuple[str, float | None, None, str]:
    """Method, p-value and, without one, the reason; ``table`` has a row a group: without the code, with it."""
    if len(table) < 2:
        return "", None, None, "one group only"
    if not all(map(sum, zip(*table, strict=True))):
        return "", None, None, "no unit has it, or all have"
    from scipy import stats

    rows = np.array(table)
    result = stats.chi2_contingency(rows, correction=False)
    if result.expected_freq.min() >= MIN_EXPECTED:
        return "chi2", float(result.pvalue), None, ""
    if len(table) == 2:
        return "fisher", float(stats.fisher_exact(rows).pvalue), None, ""
    return "", None, None, TOO_FEW


def _adjust_tests(tests: Sequence[CodeTest]) -> Iterable[CodeTest]:
    from scipy.stats import false_discovery_control

    known = [one.p_value for one in tests if one.p_value is not None]
    adjusted = iter(false_discovery_control(known).tolist() if known else ())
    for one in tests:
        yield one if one.p_value is None else replace(one, adjusted=next(adjusted))
