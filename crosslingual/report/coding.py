"""What people coded, as rows for JSON and CSV, and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.coding.adjudication import Disagreement, finished_coders, list_coders
from crosslingual.coding.agreement import Agreement
from crosslingual.coding.prevalence import CodePrevalence, count_codes
from crosslingual.coding.unit_view import UnitView
from crosslingual.formatting import format_count, strip_control_chars
from crosslingual.library import Library
from crosslingual.library.codebook import Code, code_paths, sort_codes
from crosslingual.library.coding_values import Coding, CodingUnit, Passage, is_intact
from crosslingual.report.check import article_text
from crosslingual.report.terminal import plain_text
from crosslingual.types import Article, Comparison

ALL_CODES = "all codes"
"""What agreement on the whole set of codes is called."""
_MAX_SHOWN_CHARS = 60


def code_rows(codes: Sequence[Code], units: Iterable[CodingUnit] = ()) -> list[dict[str, Any]]:
    """A row for each code, behind the one above it, with how many codings have it."""
    paths = code_paths(codes)
    counts: dict[str, int] = {}
    for unit in units:
        for one in unit.codings:
            counts[one.code] = counts.get(one.code, 0) + 1
    return [
        {
            "id": code.id,
            "path": paths[code.id],
            "name": code.name,
            "definition": code.definition,
            "examples": code.examples,
            "color": code.color,
            "parent": code.parent or None,
            "n_codings": counts.get(code.id, 0),
        }
        for code in sort_codes(codes)
    ]


def coding_rows(
    units: Iterable[CodingUnit], codes: Sequence[Code], articles: Mapping[str, Article]
) -> Iterator[dict[str, Any]]:
    """A row for each coding, in long format; a unit that a coder finished without a code is a row without one.

    What was decided is a row for each code too, by whoever decided. ``article``, ``source``, ``lang``, ``start`` and
    ``end`` have a value for each passage. ``is_there`` is whether all of them still are. Rows of agreement are those
    that are finished.
    """
    paths = code_paths(codes)

    def make_row(
        unit: CodingUnit, coding: Coding, passages: Sequence[Passage], *, is_decision: bool = False
    ) -> dict[str, Any]:
        return {
            "coder": coding.coder,
            **_unit_columns(unit, passages, articles),
            "is_finished": not is_decision and unit.is_done_by(coding.coder),
            "is_decision": is_decision,
            "code": paths.get(coding.code, ""),
            "code_id": coding.code,
            "memo": coding.memo,
            "time": coding.created_at,
        }

    for unit in units:
        for coding in unit.codings:
            yield make_row(unit, coding, (coding.passage,) if coding.passage else unit.passages)
        for task in unit.tasks:
            if task.done_order and not unit.codes_of(task.coder):
                yield make_row(unit, Coding("", task.coder, created_at=task.done_at), unit.passages)
        if made := unit.decision:
            for code in sorted(made.codes, key=lambda id_: paths.get(id_, "")) or [""]:
                decided = Coding(code, made.coder, made.memo, created_at=made.created_at)
                yield make_row(unit, decided, unit.passages, is_decision=True)


def progress_rows(units: Sequence[CodingUnit]) -> list[dict[str, Any]]:
    """A row for each coder: what was offered, what is finished, what was coded."""
    return [
        {
            "coder": name,
            "n_offered": sum(task.coder == name for unit in units for task in unit.tasks),
            "n_finished": sum(unit.is_done_by(name) for unit in units),
            "n_codings": sum(one.coder == name for unit in units for one in unit.codings),
        }
        for name in list_coders(units)
    ]


def agreement_rows(measured: Iterable[Agreement], codes: Sequence[Code]) -> list[dict[str, Any]]:
    """A row for each measure; ``code`` is ``ALL_CODES`` where it is the whole set."""
    paths = code_paths(codes)
    rows = []
    for one in measured:
        row = asdict(one)
        row["code"] = paths.get(one.code, ALL_CODES)
        row["lang"] = one.lang or "all"
        row["coders"] = list(one.coders)
        for name in ("percent", "cohen", "fleiss", "alpha"):
            row[name] = None if row[name] is None else round(row[name], 4)
        rows.append(row)
    return rows


def disagreement_rows(
    found: Iterable[Disagreement], codes: Sequence[Code], articles: Mapping[str, Article]
) -> list[dict[str, Any]]:
    """A row for each unit on which coders differ, with who gave what."""
    paths = code_paths(codes)

    def named(ids: Iterable[str]) -> list[str]:
        return sorted(paths[id_] for id_ in ids if id_ in paths)

    return [
        {
            **_unit_columns(one.unit, one.unit.passages, articles),
            "coders": {coder: named(one.unit.codes_of(coder)) for coder in one.coders},
            "disputed": named(one.disputed),
            "decided": None if one.unit.decision is None else named(one.unit.decision.codes),
            "decided_by": one.unit.decision.coder if one.unit.decision else None,
            "text": _unit_text(one.unit, articles),
        }
        for one in found
    ]


def share_rows(counted: CodePrevalence, codes: Sequence[Code]) -> list[dict[str, Any]]:
    """A row for each code, source and state, with the share of the source's units that have the code."""
    paths = code_paths(codes)
    return [
        {
            "event": counted.event,
            "code": paths[one.code],
            "kind": one.kind,
            "source": one.source,
            "lang": list(one.langs),
            "state": one.state,
            "n_units": one.n_units,
            "n_coded": one.n_coded,
            "share": round(one.n_coded / one.n_units, 4),
        }
        for one in counted.shares
        if one.code in paths
    ]


def test_rows(counted: CodePrevalence, codes: Sequence[Code]) -> list[dict[str, Any]]:
    """A row for each test of a code, or the reason why there is none."""
    paths = code_paths(codes)
    return [
        {
            "event": counted.event,
            "code": paths[one.code],
            "kind": one.kind,
            "by": one.by,
            "groups": list(one.groups),
            "n_units": one.n_units,
            "method": one.method,
            "p_value": one.p_value,
            "adjusted": one.adjusted,
            "reason": one.reason,
        }
        for one in counted.tests
        if one.code in paths
    ]


def prevalence_object(counted: CodePrevalence, codes: Sequence[Code]) -> dict[str, Any]:
    """``counted`` as JSON-ready values."""
    return {
        "event": counted.event,
        "n_units": counted.n_units,
        "n_open": counted.n_open,
        "n_gone": counted.n_gone,
        "shares": share_rows(counted, codes),
        "tests": test_rows(counted, codes),
    }


def coded_object(library: Library, comparison: Comparison) -> dict[str, Any] | None:
    """Who carries which code in a comparison, for its report; None where nothing of it is settled."""
    codes = sort_codes(library.load_codes())
    counted = count_codes(comparison, library.load_coding_units(), codes)
    if not counted.shares:
        return None
    return {"description": describe_prevalence(counted), **prevalence_object(counted, codes)}


def describe_prevalence(counted: CodePrevalence) -> str:
    """What was counted, and what was not, in a sentence or two."""
    parts = [f"{format_count(counted.n_units, 'unit')} settled by the coders"]
    if counted.n_open:
        parts.append(f"{counted.n_open:,} open (not finished by all, or disagreed on)")
    if counted.n_gone:
        parts.append(f"{format_count(counted.n_gone, 'passage')} no longer in the event's articles")
    return f"{'; '.join(parts)}. Shares are of settled units that were offered, never of whole texts."


def rows_view(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Table:
    """``rows`` for a terminal: ``columns`` by their headings."""
    table = Table(box=None, pad_edge=False)
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(plain_text(shorten_value(row[name])) for name in columns))
    return table


def format_p_value(value: float | None) -> str:
    """A p-value to three digits; a smaller one as what it is less than."""
    return "–" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def shown_tests(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of tests as people read them: a test that the numbers carry none of says why in its place."""
    return [
        {
            **row,
            "method": row["method"] or row["reason"],
            "p_value": format_p_value(row["p_value"]),
            "adjusted": format_p_value(row["adjusted"]),
        }
        for row in rows
    ]


def flat_disagreements(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of disagreements for CSV and a terminal, with what each coder gave as a text."""
    return [
        {**row, "coders": [f"{name}: {', '.join(given) or 'none'}" for name, given in row["coders"].items()]}
        for row in rows
    ]


def shorten_value(value: object) -> str:
    """A value of a row as it is shown: numbers to three digits, lists joined, long texts cut, nothing as a dash."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list | tuple):
        text = "; ".join(map(str, dict.fromkeys(value)))
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= _MAX_SHOWN_CHARS else f"{text[: _MAX_SHOWN_CHARS - 1]}…"


def unit_text(view: UnitView, codes: Sequence[Code], coder: str, place: str) -> RenderableType:
    """A unit for a terminal, with the codes that can be given and those that ``coder`` gave."""
    given = view.unit.codes_of(coder)
    parts: list[RenderableType] = [Text(f"\n{place}  {view.unit.kind} {view.unit.id}", style="bold")]
    parts += [article_text(one.shown) for one in view.passages]
    if view.unit.kind == "span":
        parts += [
            Text(f"\nTo be coded: {strip_control_chars(one.text)}", style="bold") for one in view.passages
        ]
    if view.n_gone:
        parts.append(Text(describe_gone(view.n_gone), style="yellow"))
    paths = code_paths(codes)
    for number, code in enumerate(sort_codes(codes), 1):
        mark = "✓" if code.id in given else " "
        parts.append(Text(f"{mark} {number:>3}  {strip_control_chars(paths[code.id])}"))
    return Group(*parts)


def describe_gone(n_gone: int) -> str:
    """That passages are not there any more."""
    told = "is" if n_gone == 1 else "are"
    return f"{format_count(n_gone, 'passage')} of this unit {told} gone: removed, or with another text"


def _unit_columns(
    unit: CodingUnit, passages: Sequence[Passage], articles: Mapping[str, Article]
) -> dict[str, Any]:
    here = [articles.get(one.article) for one in passages]
    whole = [articles.get(one.article) for one in unit.passages]
    return {
        "unit": unit.id,
        "kind": unit.kind,
        "article": [one.article for one in passages],
        "source": [one.source if one else "" for one in here],
        "lang": [one.lang if one else "" for one in here],
        "start": [one.start for one in passages],
        "end": [one.end for one in passages],
        "is_offered": bool(unit.tasks),
        "n_finished": len(finished_coders(unit)),
        "is_there": all(
            article is not None and is_intact(one, article.text)
            for one, article in zip(unit.passages, whole, strict=True)
        ),
    }


def _unit_text(unit: CodingUnit, articles: Mapping[str, Article]) -> list[str]:
    return [
        articles[one.article].text[one.start : one.end]
        for one in unit.passages
        if one.article in articles and is_intact(one, articles[one.article].text)
    ]
