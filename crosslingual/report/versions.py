"""Versions of articles, as JSON, rows of a table and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crosslingual.compare.article_changes import RowChange, VersionStep
from crosslingual.formatting import shorten_title
from crosslingual.library.versions import ArticleVersion, ChangedArticle
from crosslingual.report.terminal import plain_text
from crosslingual.types import Sentence

_TITLE_CELLS = 60
_ROW_LABELS = {"removed": "tells no more", "added": "tells now"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def changed_rows(changed: Iterable[ChangedArticle]) -> list[dict[str, Any]]:
    """A row for each article that changed: the article, how many versions, and when it changed last."""
    return [
        {
            "article": one.article.id,
            "source": one.article.source,
            "lang": one.article.lang,
            "date": one.article.date,
            "changed_at": one.changed_at,
            "n_versions": one.n_versions,
            "title": one.article.title,
            "url": one.article.url,
        }
        for one in changed
    ]


def changed_table(changed: Iterable[ChangedArticle]) -> Table:
    """The same for a terminal."""
    table = Table(box=None, pad_edge=False)
    for heading in ("article", "source", "date", "changed at (UTC)", "versions", "title"):
        table.add_column(heading, overflow="fold")
    for row in changed_rows(changed):
        table.add_row(
            row["article"],
            plain_text(row["source"]),
            plain_text(row["date"]),
            row["changed_at"].removesuffix("+00:00"),
            str(row["n_versions"]),
            plain_text(shorten_title(row["title"], _TITLE_CELLS)),
        )
    return table


def versions_object(
    versions: Sequence[ArticleVersion], steps: Sequence[VersionStep], rows: Sequence[RowChange] | None
) -> dict[str, Any]:
    """All versions of an article with what changed, as JSON-ready values; ``rows`` None where not asked for."""
    document: dict[str, Any] = {
        "article": versions[-1].article.id,
        "source": versions[-1].article.source,
        "url": versions[-1].article.url,
        "versions": [
            {
                "id": version.article.id,
                "date": version.article.date,
                "title": version.article.title,
                "replaced_at": version.replaced_at,
                "text": version.article.text,
            }
            for version in versions
        ],
        "changes": change_rows(steps),
    }
    if rows is not None:
        document["rows"] = [
            {
                "kind": change.kind,
                "statement": change.statement.id,
                "probability": round(change.statement.probability, 4),
                "sentences": [
                    {
                        "source": cell.source,
                        "article": cell.article,
                        "sentence": cell.sentence,
                        "text": cell.text,
                    }
                    for cell in change.statement.cells
                ],
            }
            for change in rows
        ]
    return document


def change_rows(steps: Sequence[VersionStep]) -> list[dict[str, Any]]:
    """A row for each sentence that changed."""
    return [
        {
            "from": step.before.article.id,
            "to": step.after.article.id,
            "replaced_at": step.before.replaced_at,
            "kind": change.kind,
            "before_index": change.before.index if change.before else None,
            "before": _sentence_text(change.before),
            "after_index": change.after.index if change.after else None,
            "after": _sentence_text(change.after),
        }
        for step in steps
        for change in step.changes
    ]


def versions_view(
    versions: Sequence[ArticleVersion], steps: Sequence[VersionStep], rows: Sequence[RowChange] | None
) -> Group:
    """For a terminal: each step with the sentences that it added (+), removed (-) or changed (~)."""
    article = versions[-1].article
    parts: list[Text | Table] = [
        plain_text(f"{article.source}: {article.title or 'untitled article'}"),
        plain_text(article.url),
    ]
    for step in steps:
        before, after, changes = step.before, step.after, step.changes
        counts = ", ".join(
            f"{sum(change.kind == kind for change in changes)} {kind}"
            for kind in ("added", "removed", "changed")
        )
        parts += [
            Text(""),
            plain_text(
                f"{before.article.id} → {after.article.id}, replaced at {before.replaced_at}: {counts}"
            ),
        ]
        if before.article.title != after.article.title:
            parts += [
                plain_text(f"- title: {before.article.title}"),
                plain_text(f"+ title: {after.article.title}"),
            ]
        for change in changes:
            if change.kind == "changed":
                parts += [
                    plain_text(f"~ - {_sentence_text(change.before)}"),
                    plain_text(f"~ + {_sentence_text(change.after)}"),
                ]
            else:
                sentence = change.after or change.before
                parts.append(plain_text(f"{_SIGNS[change.kind]} {_sentence_text(sentence)}"))
    if rows is not None:
        parts += [Text(""), Text("rows of the comparison:" if rows else "rows of the comparison: the same")]
        for row in rows:
            others = "; ".join(f"{cell.source}: {cell.text}" for cell in row.statement.cells)
            parts.append(plain_text(f"{_ROW_LABELS[row.kind]}: {others}"))
    return Group(*parts)


def _sentence_text(sentence: Sentence | None) -> str:
    return " ".join(sentence.text.split()) if sentence else ""
