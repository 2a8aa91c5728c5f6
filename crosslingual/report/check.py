"""What a reader's judgements say, as JSON, tables and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosslingual.check.estimates import Estimate
from crosslingual.check.item_view import ItemView, ShownArticle
from crosslingual.check.results import CheckResults
from crosslingual.check.sampling import FOUND, PERHAPS, SILENT
from crosslingual.formatting import format_count, strip_control_chars
from crosslingual.library.judgements import ANSWERS, CheckSample
from crosslingual.report.terminal import plain_text

MEASURES = {
    "precision": "of what stands in one row, so much belongs there",
    "recall": "of what other sources say too, so much was found",
    "silence_precision": "of what is marked as not found, so much is not said",
}
"""What is measured, and how it reads."""
STATE_NAMES = {FOUND: "rows", PERHAPS: "sentences that are perhaps said", SILENT: "silences"}
"""What cells of a state are called where more judgements of them are asked for."""


def results_object(results: CheckResults) -> dict[str, Any]:
    """``results`` as JSON-ready values."""
    return {
        "event": results.event or None,
        "n_asked": results.n_asked,
        "n_judged": results.n_judged,
        "n_events": results.n_events,
        "n_all_events": results.n_all_events,
        "answers": results.answers,
        "sampled_calibration": results.sampled_calibration or None,
        "n_ignored": results.n_ignored,
        **{name: _estimate_object(getattr(results, name)) for name in MEASURES},
        "precision_by_langs": {
            langs: _estimate_object(one) for langs, one in results.precision_by_langs.items()
        },
        "reliability": [
            {
                "low": one.low,
                "high": one.high,
                "mean_probability": round(one.mean_probability, 4),
                "mapped_probability": one.mapped_probability and round(one.mapped_probability, 4),
                "measured": _estimate_object(one.measured),
            }
            for one in results.reliability
        ],
        "proposed_calibration": results.calibration and asdict(results.calibration),
        "active_calibration": results.active and asdict(results.active),
        "shipped_loss": results.shipped_loss and round(results.shipped_loss, 4),
        "held_out_loss": results.held_out_loss and round(results.held_out_loss, 4),
    }


def estimate_rows(results: CheckResults) -> list[dict[str, Any]]:
    """A row for each share that was measured."""
    named = [
        *((name, "", getattr(results, name)) for name in MEASURES),
        *(("precision", langs, one) for langs, one in results.precision_by_langs.items()),
        *(("reliability", f"{one.low:.2f}-{one.high:.2f}", one.measured) for one in results.reliability),
    ]
    return [
        {"measure": name, "of": of} | (_estimate_object(one) or {})
        for name, of, one in named
        if one is not None
    ]


def judgement_rows(samples: Iterable[CheckSample]) -> Iterator[dict[str, Any]]:
    """A row for each question that was answered."""
    for sample in samples:
        for item in sample.items:
            if item.answer:
                yield {
                    "event": sample.event,
                    "kind": item.kind,
                    "langs": item.langs,
                    "answer": item.answer,
                    "probability": round(item.probability, 4),
                    "stratum": item.stratum,
                    "article": item.article,
                    "start": item.start,
                    "source": item.source,
                    "other_article": item.other_article,
                    "other_start": item.other_start,
                    "answered_at": item.answered_at,
                }


def judgements_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Answers for a terminal."""
    table = Table(box=None, pad_edge=False)
    for heading in ("kind", "languages", "answer", "probability", "sentence", "other"):
        table.add_column(heading)
    for row in rows:
        table.add_row(
            *(str(row[name]) for name in ("kind", "langs")),
            ANSWERS[row["answer"]],
            f"{row['probability']:.2f}",
            f"{row['article']}:{row['start']}",
            f"{row['other_article']}:{row['other_start']}",
        )
    return table


def item_text(view: ItemView, place: str, *, whole: bool = False) -> RenderableType:
    """A question for a terminal, ``place`` saying which; with the ``whole`` of what the other source writes."""
    question = describe_question(view)
    parts: list[RenderableType] = [Text(f"\n{place}  {question}", style="bold"), article_text(view.left)]
    others = view.right_articles if whole else (view.right,)
    if view.item.kind == "silence" and not whole:
        n_sentences = sum(len(one.sentences) for one in view.right_articles)
        parts.append(
            Text(
                f"\nThe nearest of {format_count(n_sentences, 'sentence')} there; the key a shows all of them:",
                style="dim",
            )
        )
    return Group(*parts, *map(article_text, others))


def describe_question(view: ItemView) -> str:
    """What is asked."""
    if view.item.kind == "silence":
        return f"Does {strip_control_chars(view.right.source_name)} say this anywhere?"
    return "Do the two marked sentences say the same?"


def article_text(shown: ShownArticle) -> Text:
    """Sentences of an article for a terminal, those that are asked about marked."""
    article = shown.article
    head = " · ".join(
        part for part in (shown.source_name, article.date[:10], article.lang, article.title) if part
    )
    text = Text.assemble("\n", (str(plain_text(head)), "cyan"), "\n")
    for sentence in shown.sentences:
        text.append("▶ " if sentence.is_asked else "  ")
        text.append(strip_control_chars(sentence.text), "bold" if sentence.is_asked else "dim")
        if sentence.translation:
            text.append(
                f"\n    {strip_control_chars(sentence.translation.text)}",
                "green" if sentence.is_asked else "dim",
            )
        text.append("\n")
    return text


def results_view(results: CheckResults) -> RenderableType:
    """``results`` for a terminal."""
    parts: list[RenderableType] = [Text(line) for line in describe_results(results)]
    table = Table(box=None, pad_edge=False)
    for heading in ("share", "95 % interval", "judged", "more for ±5", "measure"):
        table.add_column(heading, overflow="fold")
    for name, told in MEASURES.items():
        _add_estimate(table, getattr(results, name), f"{name.replace('_', ' ')}: {told}")
    for langs, one in results.precision_by_langs.items():
        _add_estimate(table, one, f"precision, {langs}")
    parts.append(table)
    if results.reliability:
        bins = Table(box=None, pad_edge=False)
        for heading in ("shown as", "mean", "belongs together", "95 % interval", "judged", "would be"):
            bins.add_column(heading)
        for part in results.reliability:
            mapped = part.mapped_probability
            bins.add_row(
                f"{100 * part.low:.0f}–{100 * part.high:.0f} %",
                format_share(part.mean_probability),
                format_share(part.measured.share),
                format_interval(part.measured),
                str(part.measured.n),
                "" if mapped is None else format_share(mapped),
            )
        parts += [Text("\nReliability"), bins]
    return Group(*parts)


def describe_results(results: CheckResults) -> list[str]:
    """What was asked and answered, and which calibration there is, in sentences."""
    of = f"event {results.event}" if results.event else "the library"
    counted = ", ".join(f"{count} {ANSWERS[answer]}" for answer, count in results.answers.items())
    lines = [f"{format_count(results.n_judged, 'judgement')} of {results.n_asked} asked, on {of}: {counted}."]
    if results.n_events < results.n_all_events:
        lines.append(
            f"Drawn from {results.n_events} of {format_count(results.n_all_events, 'event')}; the intervals do not"
            " count that."
        )
    if results.active:
        told = format_count(results.active.n_judgements, "judgement")
        lines.append(
            f"Probabilities are calibrated on {told} of your own; what they were before comes back with:"
            " crosslingual check reset"
        )
    if results.n_asked and not results.is_of_rows_in_use:
        lines.append(f"What was measured here are {_describe_former_rows(results)}.")
    if results.n_judged and results.unjudged_states:
        unjudged = " and ".join(STATE_NAMES[state] for state in results.unjudged_states)
        lines.append(f"Recall cannot be told yet: judge some {unjudged} first.")
    if results.held_out_loss is not None and results.shipped_loss is not None:
        better = results.held_out_loss < results.shipped_loss
        lines.append(
            f"A calibration fitted to other answers would foretell these {'better' if better else 'no better'} than"
            f" the shipped map: mean log loss {results.held_out_loss:.3f}, shipped {results.shipped_loss:.3f}."
        )
    if results.n_ignored:
        lines.append(
            f"{format_count(results.n_ignored, 'answer')} made with another encoder or version"
            f" {'is' if results.n_ignored == 1 else 'are'} not counted."
        )
    return lines


def describe_measures(results: CheckResults) -> str:
    """What was measured, in a sentence or two for a report."""
    where = "this event" if results.event else "the library"
    parts = [
        f"{told.replace('so much', f'{format_share(one.share)} ({format_interval(one)})')}"
        for name, told in MEASURES.items()
        if (one := getattr(results, name))
    ]
    text = (
        f"Checked by a reader, {format_count(results.n_judged, 'judgement')} on {where}: {'; '.join(parts)}."
    )
    if not results.is_of_rows_in_use:
        text += f" What was measured are {_describe_former_rows(results)}."
    return text


def _describe_former_rows(results: CheckResults) -> str:
    if results.active:
        return "rows as they were before the calibration in use"
    return "rows made with a calibration that is no longer in use"


def format_share(share: float) -> str:
    """``83 %``; all of it is 100 %, since it was counted."""
    return f"{100 * share:.0f} %"


def format_interval(estimate: Estimate) -> str:
    """``75–89 %``."""
    return f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f} %"


def _estimate_object(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "share": round(estimate.share, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
        "n": estimate.n,
        "n_more": estimate.n_more,
    }


def _add_estimate(table: Table, estimate: Estimate | None, name: str) -> None:
    if estimate:
        table.add_row(
            format_share(estimate.share),
            format_interval(estimate),
            str(estimate.n),
            f"{estimate.n_more:,}",
            name,
        )
