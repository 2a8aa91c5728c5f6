"""The report of one event: page, tables, bitext and all evidence, in a folder with a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from crosslingual import __version__
from crosslingual.align.space import Space
from crosslingual.check.results import CheckResults
from crosslingual.citations.values import CitationGraph
from crosslingual.compare.comparison import align_articles
from crosslingual.framing.pipeline import Framing
from crosslingual.library import Library
from crosslingual.report.bitext import BeadsByPair, bitext_entries
from crosslingual.report.check import describe_measures, results_object
from crosslingual.report.citation_rows import citation_rows, graph_object
from crosslingual.report.framing import framing_object
from crosslingual.report.page import render_page
from crosslingual.report.tables import TableRow, build_tables, csv_bytes, jsonl_bytes
from crosslingual.report.time_sections import TimeSections
from crosslingual.report.to_json import comparison_object
from crosslingual.settings import Settings
from crosslingual.tmx import write_tmx
from crosslingual.types import Comparison

REPORTED_PACKAGES = (
    "argostranslate",
    "babel",
    "ctranslate2",
    "numpy",
    "rjieba",
    "scipy",
    "sentence-transformers",
    "simplemma",
    "tokenizers",
    "torch",
    "transformers",
)
"""Those that a measure or a vector depends on."""
PAGE_NAME = "report.html"


def event_beads(library: Library, space: Space, comparison: Comparison) -> BeadsByPair:
    """The beads of the event's articles that are translations of one another."""
    langs = {article.id: article.lang for article in comparison.articles}
    return {
        (left, right): align_articles(library, space, left, right)
        for left, right in comparison.translation_pairs
        if langs[left] != langs[right]
    }


def report_files(
    comparison: Comparison,
    framing: Framing,
    beads: BeadsByPair,
    metadata: Mapping[str, Any],
    citations: CitationGraph | None = None,
) -> dict[str, bytes]:
    """The content of each file by its path; the same for the same arguments, byte for byte.

    ``beads`` are those of the event's articles that are translations of one another, ``citations`` who cites whom in
    them; without it nothing is said of that.
    """
    times = TimeSections(comparison)
    memory = io.BytesIO()
    write_tmx(bitext_entries(comparison, beads), memory)
    files = {
        PAGE_NAME: render_page(comparison, framing, metadata, times, citations).encode(errors="replace"),
        "comparison.json": _json_bytes(comparison_object(comparison)),
        "framing.json": _json_bytes(framing_object(framing, comparison.event.id)),
        "bitext.tmx": memory.getvalue(),
    }
    tables = build_tables(comparison, framing) | times.build_tables()
    if citations:
        files["citations.json"] = _json_bytes(graph_object(citations))
        tables["citations"] = list(citation_rows(citations))
    if coded := metadata.get("codes"):
        tables |= {"codes": coded["shares"], "code-tests": coded["tests"]}
    return files | table_files(tables)


def table_files(tables: Mapping[str, list[TableRow]]) -> dict[str, bytes]:
    """Each table as CSV and as JSON Lines, by their paths."""
    files = {f"tables/{name}.csv": csv_bytes(rows) for name, rows in tables.items()}
    return files | {f"tables/{name}.jsonl": jsonl_bytes(rows) for name, rows in tables.items()}


def report_metadata(
    comparison: Comparison,
    settings: Settings,
    checked: CheckResults | None = None,
    coded: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What was compared and with what, how it was ``checked`` and ``coded``: no paths of this machine."""
    check = {"description": describe_measures(checked), **results_object(checked)} if checked else None
    return (
        ({"check": check} if check else {})
        | ({"codes": dict(coded)} if coded else {})
        | {
            "event": comparison.event.id,
            "title": comparison.event.title,
            "crosslingual": __version__,
            "encoder": comparison.encoder,
            "settings": {
                "threshold": comparison.threshold,
                "target_lang": settings.target_lang,
                "translators": ", ".join(Path(name).name for name in settings.engine_names),
            },
            "packages": {"python": platform.python_version()}
            | {name: _package_version(name) for name in REPORTED_PACKAGES},
            "articles": [
                {
                    "id": article.id,
                    "source": article.source,
                    "url": article.url,
                    "sha256": hashlib.sha256(article.text.encode(errors="replace")).hexdigest(),
                }
                for article in comparison.articles
            ],
        }
    )


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _json_bytes(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode(errors="replace")
