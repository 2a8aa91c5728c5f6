"""What the readers make of public fixtures, given by path: tried, right, wrong, refused, crashed by format.

    python bench/readers.py [--plain] [--every N] [--list] FOLDER...

A folder with ``evaldata.json`` (adbar/trafilatura, ``tests``) is scored by the pieces that a text has to have or to
lack; one with ``meta.info`` (flairNLP/fundus, ``tests/resources/parser/test_data``) by title, day and body. Of any
other folder all files of a known format are read; nothing says what is right of them. ``--plain`` scores trafilatura
alone beside it, ``--every N`` takes every Nth page, ``--list`` names what is wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosslingual.readers import KNOWN_SUFFIXES, File, Problem, Record
from crosslingual.readers.formats import ARCHIVE_SUFFIXES, read_items

_CRASHES = ("damaged, or not what its suffix says", "it broke the reader", "nothing came of it")


@dataclass
class Outcome:
    """What came of the files of one kind, and of trafilatura's ``scores``."""

    counts: Counter[str] = field(default_factory=Counter)
    scores: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    for folder in asked.folders:
        if (folder / "evaldata.json").is_file():
            outcomes = {"pages of trafilatura": score_chunks(folder, asked.every, plain=asked.plain)}
        elif next(folder.rglob("meta.info"), None):
            outcomes = {"pages of fundus": score_articles(folder, asked.every, plain=asked.plain)}
        else:
            outcomes = try_files(folder, asked.every)
        for name, outcome in outcomes.items():
            print_outcome(name, outcome, listed=asked.list)


def print_outcome(name: str, outcome: Outcome, *, listed: bool) -> None:
    counts = " ".join(
        f"{key} {outcome.counts[key]}" for key in ("tried", "right", "read", "wrong", "refused", "crashed")
    )
    print(f"{name}: {counts}, flaws told {outcome.counts['flaws']}")
    for label, scores in (("readers", outcome.scores), ("trafilatura", outcome.plain)):
        if scores:
            print(f"  {label}: {format_scores(scores)}")
    if listed:
        print("\n".join(outcome.wrong))


def format_scores(scores: Counter[str]) -> str:
    hit, false, missed, spared = (scores[key] for key in ("tp", "fp", "fn", "tn"))
    parts = [
        f"precision {hit / max(hit + false, 1):.4f}",
        f"recall {hit / max(hit + missed, 1):.4f}",
        f"F1 {2 * hit / max(2 * hit + false + missed, 1):.4f}",
    ]
    if scores["bodies"]:
        parts += [
            f"{key} {scores[key] / 1e6 / scores['bodies']:.4f}"
            for key in ("pages' precision", "pages' recall")
        ]
    if spared:
        parts.append(f"accuracy {(hit + spared) / sum(scores[key] for key in ('tp', 'fp', 'fn', 'tn')):.4f}")
    for key in ("title", "date"):
        if scores[f"{key} asked"]:
            parts.append(f"{key} {scores[key] / scores[f'{key} asked']:.3f} of {scores[f'{key} asked']}")
    return ", ".join(parts)


def score_chunks(folder: Path, every: int, *, plain: bool) -> Outcome:
    """Pieces that a page's text has, and has not, as trafilatura's own evaluation counts them."""
    pages: dict[str, dict[str, Any]] = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    outcome = Outcome()
    for _, page in sorted(pages.items())[::every]:
        path = next(one for part in ("cache", "eval") if (one := folder / part / page["file"]).is_file())
        record = read_page(path.name, path.read_bytes(), "", outcome)
        texts = {"scores": record.text if record else ""}
        if plain:
            texts["plain"] = extract_plainly(path.read_bytes())[0]
        for name, text in texts.items():
            squeezed = squeeze(text)
            hits = sum(squeeze(piece) in squeezed for piece in page["with"])
            slips = sum(squeeze(piece) in squeezed for piece in page["without"])
            more = {
                "tp": hits,
                "fp": slips,
                "fn": len(page["with"]) - hits,
                "tn": len(page["without"]) - slips,
            }
            getattr(outcome, name).update(more)
            if name == "scores" and record:
                note_result(
                    outcome,
                    page["file"],
                    f"lacks {more['fn']}, has {more['fp']} too many" * bool(more["fn"] or slips),
                )
    return outcome


def score_articles(folder: Path, every: int, *, plain: bool) -> Outcome:
    """Title, day and words of the body against what fundus's own parsers give."""
    outcome = Outcome()
    for path, address, gold in [*list_articles(folder)][::every]:
        content = gzip.decompress(path.read_bytes())
        record = read_page(path.name, content, address, outcome)
        found = {"scores": (record.text, record.title, record.date) if record else ("", "", "")}
        if plain:
            found["plain"] = extract_plainly(content, address)
        for name, (text, title, day) in found.items():
            faults = score_article(getattr(outcome, name), gold, text, title, day)
            if name == "scores" and record:
                note_result(outcome, path.name, "; ".join(faults))
    return outcome


def score_article(scores: Counter[str], gold: dict[str, Any], text: str, title: str, day: str) -> list[str]:
    """Count one page; what is wrong with it, in words."""
    faults = []
    if gold.get("title"):
        same = squeeze(title) == squeeze(gold["title"])
        scores.update({"title asked": 1, "title": same})
        if not same:
            faults.append(f"title {title!r}, not {gold['title']!r}")
    if gold.get("publishing_date"):
        same = day[:10] == gold["publishing_date"][:10]
        scores.update({"date asked": 1, "date": same})
        if not same:
            faults.append(f"date {day[:10]!r}, not {gold['publishing_date'][:10]!r}")
    body = gold.get("body") or {}
    pieces = [*body.get("summary", [])]
    for section in body.get("sections", []):
        pieces += [*section.get("headline", []), *section.get("paragraphs", [])]
    if pieces:
        wanted, given = Counter(split_words("\n".join(pieces))), Counter(split_words(text))
        common = (wanted & given).total()
        scores.update({"tp": common, "fp": given.total() - common, "fn": wanted.total() - common})
        recall, precision = common / max(wanted.total(), 1), common / max(given.total(), 1)
        for key, share in (("pages' precision", precision), ("pages' recall", recall)):
            scores[key] += round(1e6 * share)
        scores["bodies"] += 1
        if min(recall, precision) < 0.8:
            faults.append(f"body: recall {recall:.2f}, precision {precision:.2f}")
    return faults


def list_articles(folder: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    for info in sorted(folder.rglob("meta.info")):
        for name, page in sorted(json.loads(info.read_text(encoding="utf-8")).items()):
            publisher, _, day = name.partition(".")[0].partition("_")
            gold_file = info.with_name(f"{publisher}.json")
            if not gold_file.is_file() or not (info.with_name(name)).is_file():
                continue
            yield info.with_name(name), page["url"], pick_version(info, gold_file, publisher, day)


def pick_version(info: Path, gold_file: Path, publisher: str, day: str) -> dict[str, Any]:
    """The gold of a page: versions of a parser and pages are both in the order of their days."""
    versions: dict[str, dict[str, Any]] = json.loads(gold_file.read_text(encoding="utf-8"))
    days = sorted(
        one.name.partition(".")[0].partition("_")[2] for one in info.parent.glob(f"{publisher}_*.html.gz")
    )
    place = [*versions.values()]
    return place[min(days.index(day), len(place) - 1)]


def try_files(folder: Path, every: int) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[::every]:
        file = File(path)
        if file.suffix not in KNOWN_SUFFIXES or file.suffix in ARCHIVE_SUFFIXES:
            continue
        outcome = outcomes.setdefault(file.suffix, Outcome())
        if count_items(file, outcome):
            outcome.counts["read"] += 1
    return dict(sorted(outcomes.items()))


def read_page(name: str, content: bytes, address: str, outcome: Outcome) -> Record | None:
    found = count_items(File(Path(f"{name.removesuffix('.gz')}.html"), content, url=address), outcome)
    return found[0] if found else None


def count_items(file: File, outcome: Outcome) -> list[Record]:
    """The records of a file; what else came of it is counted."""
    items = list(read_items(file))
    outcome.counts["tried"] += 1
    told = [item for item in items if isinstance(item, Problem)]
    outcome.counts["flaws"] += sum(item.is_warning for item in told)
    found = [item for item in items if isinstance(item, Record)]
    if any(item.message.startswith(_CRASHES) for item in told):
        outcome.counts["crashed"] += 1
        outcome.wrong.append(f"  {file.path}: {told[0].message}")
    elif told and not found:
        outcome.counts["refused"] += 1
        outcome.wrong.append(f"  {file.path}: {told[0].message}")
    return found


def note_result(outcome: Outcome, name: str, fault: str) -> None:
    outcome.counts["wrong" if fault else "right"] += 1
    if fault:
        outcome.wrong.append(f"  {name}: {fault}")


def extract_plainly(content: bytes, address: str = "") -> tuple[str, str, str]:
    from trafilatura import bare_extraction

    found = bare_extraction(content, url=address or None, include_comments=False, with_metadata=True)
    if not found or isinstance(found, dict):
        return "", "", ""
    return found.text or "", found.title or "", found.date or ""


def squeeze(text: str) -> str:
    shown = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    return re.sub(r"\s+", " ", "".join(shown)).strip()


def split_words(text: str) -> list[str]:
    """Words, and signs of the scripts that are written without spaces."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+", composed)


if __name__ == "__main__":
    main()
