"""Measure the shipped data and write ``corpora/gold/floors.toml`` anew. Run: make floors.

Floors are raised to what is measured less ``MARGIN``, as processors round differently, and never lowered:
where a figure is below its floor, or data are not those that the floor was set for, nothing is written
and what is wrong is said. Run it on what stays: the figures of a passing trial would stay as floors. A
lower floor or other data need a name and a reason, which the file keeps:

    python scripts/floors.py --lower beijing-summit.jsonl --reason "two links of the gold were wrong"
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crosslingual.align.space import DEMO_FOLDER, load_article_encoder, load_space
from crosslingual.evaluate.floors import digest_files, measure_files, shipped_files
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER, load_encoder
from crosslingual.settings import data_home

CORPORA = DEMO_FOLDER.parent
FLOORS = CORPORA / "gold" / "floors.toml"
MARGIN = 0.02

HEAD = f"""\
# What the shipped data must reach; tests/test_floors.py holds it. Written by scripts/floors.py: make floors
# A floor is set {MARGIN} below what is measured, since processors round differently. It goes up when more is
# measured, and down, or to other data, only with --lower NAME --reason TEXT, which stay beside it.
# What the measures are: docs/evaluation.md, Floors.
"""

Entry = dict[str, Any]
"""``sha256`` of the data, a floor by measure, and ``lowered``: ``{{date, from, to, reason}}`` each time."""


def measured() -> dict[str, Entry]:
    """Digest and figures of all that is shipped, with the default encoder."""
    home = data_home()
    encoder, space = load_encoder(DEFAULT_ENCODER, home), load_space(DEFAULT_ENCODER, home)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        add_files([DEMO_FOLDER], library, lambda: load_article_encoder(DEFAULT_ENCODER, home))
        return {
            name: {"sha256": digest_files(files)} | measure_files(name, files, library, encoder, space)
            for name, files in shipped_files(CORPORA).items()
        }


def renewed(
    floors: Mapping[str, Entry], found: Mapping[str, Entry], lower: Collection[str], reason: str, date: str
) -> tuple[dict[str, Entry], list[str]]:
    """The entries that ``floors`` becomes by what was ``found``, and what speaks against it."""
    entries, problems = {}, []
    for name in dict.fromkeys([*found, *floors]):
        now, old = found.get(name, {}), dict(floors.get(name, {}))
        lowered = old.pop("lowered", [])
        new = {key: value if key == "sha256" else round(value - MARGIN, 3) for key, value in now.items()}
        if name in lower:
            down = [key for key in old if key not in new or (key != "sha256" and new[key] < old[key])]
            if not down and old.get("sha256") == new.get("sha256"):
                problems.append(f"{name}: nothing to lower; call without --lower {name}")
            before = {key: old[key] for key in old if old[key] != new.get(key)}
            after = {key: new[key] for key in before if key in new}
            lowered = [*lowered, {"date": date, "from": before, "to": after, "reason": reason}]
        else:
            problems += [f"{name}: {problem}" for problem in _problems(old, now)]
            new |= {key: max(old[key], new[key]) for key in old if key != "sha256" and key in new}
        entries[name] = new | ({"lowered": lowered} if lowered else {})
    return entries, problems


def _problems(old: Entry, now: Entry) -> list[str]:
    if old and old.get("sha256") != now.get("sha256"):
        return ["its data are not those that its floors were set for"]
    return [
        f"{key} {now[key]:.4f} is below its floor {floor}" if key in now else f"{key} is no longer measured"
        for key, floor in old.items()
        if key != "sha256" and not (key in now and now[key] >= floor)
    ]


def as_toml(entries: Mapping[str, Entry]) -> str:
    """The file's text."""
    lines = [HEAD]
    for name, entry in entries.items():
        lowered = entry.get("lowered", [])
        lines.append(_table(f"[{json.dumps(name)}]", {key: entry[key] for key in entry if key != "lowered"}))
        lines += [_table(f"[[{json.dumps(name)}.lowered]]", one) for one in lowered]
    return "\n".join(lines)


def _table(title: str, values: Entry) -> str:
    return "\n".join([title, *(f"{key} = {_value(value)}" for key, value in values.items()), ""])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)  # as TOML has strings and numbers


@click.command()
@click.option("--lower", multiple=True, metavar="NAME", help="Take what is measured, even if lower.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is kept in the file.")
def main(lower: tuple[str, ...], reason: str) -> None:
    """Measure what is shipped and set its floors; a NAME is one of the file's, and may be given again."""
    floors: dict[str, Entry] = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    if bool(lower) != bool(reason.strip()):
        raise click.UsageError("--lower and --reason go together: say what is lowered and why")
    if unknown := set(lower) - floors.keys():
        raise click.UsageError(f"no floors of {', '.join(sorted(unknown))}; there are {', '.join(floors)}")
    found = measured()
    entries, problems = renewed(floors, found, lower, reason.strip(), datetime.now(UTC).date().isoformat())
    for name, entry in found.items():
        for key, value in entry.items():
            if key != "sha256":
                print(
                    f"{name} {key}: {value:.4f}, floor {floors.get(name, {}).get(key)} → {entries[name][key]}"
                )
    if problems:
        sys.exit("\n".join([*problems, "nothing written; mend it, or see --lower NAME --reason TEXT"]))
    FLOORS.write_text(as_toml(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
