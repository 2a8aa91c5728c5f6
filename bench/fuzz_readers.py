"""Damaged files of each format, read as the product reads them; what crashed, hung or went in broken is kept.

    python bench/fuzz_readers.py OUT [--minutes N] [--formats .pdf .html]

Small valid files, which the tests make, are damaged at random, inside their packing too, and read for N minutes of a
processor's work a format, in workers with the product's limits. Kept in OUT is one input for each kind of finding:
``crashed`` (the worker died), ``hung`` (it was stopped), ``fault`` (an exception that is a mistake in a program, not a
word about a damaged file) and ``silent`` (nothing was said, its language is plain, and much of the text is in a script
that the file never had, or is markup). ``OUT/state.json`` holds how far it came: the same call goes on.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import re
import resource
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crosslingual.language.detect import detect_language
from crosslingual.readers import File, Problem, Record
from crosslingual.readers.formats import IN_PROCESS_READERS, SANDBOXED_READERS, read_items
from crosslingual.readers.pool import parse_files

sys.path.append(str(Path(__file__).parents[1]))
from tests.test_readers_fuzz import damaged, seeds

_ROUND = 100  # inputs between two checkpoints
_CRASHES = {"it broke the reader": "crashed", "nothing came of it": "hung", "damaged, or not what": "fault"}
_OTHER_NAMES = {".htm", ".xhtml", ".mhtml", ".ndjson", ".markdown", ".atom", ".xml"}  # of formats above
_MISTAKES = re.compile(
    r"(?:Attribute|Type|Key|Index|Assertion|Recursion|Name|Unicode\w*|ZeroDivision|Overflow|NotImplemented|Runtime)Error\b"
)
_MARKUP = re.compile(r"</[a-z]{1,10}>|<[a-z]{1,10} [a-z]{1,10}=")
_MAX_NEW_LETTERS = 0.2  # of a text, in scripts that its file did not have


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument(
        "--formats", nargs="*", default=sorted({*IN_PROCESS_READERS, *SANDBOXED_READERS} - _OTHER_NAMES)
    )
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    state = read_state(asked.out)
    while left := [one for one in asked.formats if state.get(one, {}).get("seconds", 0) < 60 * asked.minutes]:
        for suffix in left:  # in turns, so that each has had its share whenever it is stopped
            run_round(
                suffix, state.setdefault(suffix, {"seconds": 0.0, "inputs": 0, "findings": 0}), asked.out
            )
            (asked.out / "state.json").write_text(json.dumps(state, indent=1), encoding="utf-8")
    for suffix, done in sorted(state.items()):
        print(
            f"{suffix}: {done['seconds'] / 60:.1f} minutes, {done['inputs']} inputs, {done['findings']} findings"
        )


def count_seconds() -> float:
    """Seconds that processors have worked for this process and the workers that it has stopped."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def read_state(out: Path) -> dict[str, dict[str, float]]:
    path = out / "state.json"
    found: dict[str, dict[str, float]] = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    )
    return found


def run_round(suffix: str, state: dict[str, float], out: Path) -> None:
    """Read the next inputs of a format."""
    begun = count_seconds()
    first = int(state["inputs"])
    files = (
        (number, File(Path(f"{number}{suffix}"), make_input(suffix, number)))
        for number in range(first, first + _ROUND)
    )
    items: list[object] = []
    for _, file, item in parse_files(files, lambda: False):
        if item is not None or file is None:
            items.append(item)
            continue
        for kind, about in find_faults(suffix, items):
            name = re.sub(r"\W+", "-", f"{kind} {about}")[:80].strip("-")
            kept = out / f"{name}{suffix}"
            if not kept.exists():
                kept.write_bytes(file.content or b"")
                state["findings"] += 1
                print(f"{suffix}: {kind}: {about}", flush=True)
        items = []
    state["inputs"] = first + _ROUND
    state["seconds"] += count_seconds() - begun


def make_input(suffix: str, number: int) -> bytes:
    """The damaged file of that number; the same number gives the same file."""
    chance = random.Random(f"{suffix} {number}")  # noqa: S311
    content = chance.choice(seeds()[suffix])
    if content.startswith(b"PK") and number % 2:
        return damage_member(content, chance)
    if content.startswith(b"\x1f\x8b") and number % 2:
        return gzip.compress(damaged(gzip.decompress(content), chance), 1)
    if content.startswith(b"%PDF") and number % 2:
        return re.sub(
            rb"stream\r?\n(.*?)\r?\nendstream",
            lambda match: damage_stream(match, chance),
            content,
            flags=re.DOTALL,
        )
    return damaged(content, chance)


def damage_member(content: bytes, chance: random.Random) -> bytes:
    """A ZIP file that is whole, one of whose members is not."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = source.namelist()
        chosen = chance.choice(names)
        for name in names:
            member = source.read(name)
            target.writestr(name, damaged(member, chance) if name == chosen else member)
    return out.getvalue()


def damage_stream(match: re.Match[bytes], chance: random.Random) -> bytes:
    try:
        inside = zlib.decompress(match[1])
    except zlib.error:
        return b"stream\n" + damaged(match[1], chance) + b"\nendstream"
    return b"stream\n" + zlib.compress(damaged(inside, chance)) + b"\nendstream"


def find_faults(suffix: str, items: list[object]) -> Iterator[tuple[str, str]]:
    """What is wrong with the items of one file: its kind, and what it is about."""
    problems = [item for item in items if isinstance(item, Problem)]
    for problem in problems:
        for start, kind in _CRASHES.items():
            fault = problem.message.partition("(")[2]
            if problem.message.startswith(start) and (kind != "fault" or _MISTAKES.match(fault)):
                about = re.sub(r"[\d'\"].*", "", fault)
                yield kind, about
    if problems:
        return
    for record in items:
        if not isinstance(record, Record) or not (
            record.lang or detect_language(f"{record.title}\n{record.text}")
        ):  # without a language it is refused when it is added
            continue
        letters = [name for char in record.text if char.isalpha() and (name := script_of(char)) != "?"]
        if len(letters) >= 20 and sum(
            one not in seed_scripts(suffix) for one in letters
        ) > _MAX_NEW_LETTERS * len(letters):
            yield "silent", "another script"
        elif _MARKUP.search(record.text) and suffix not in (".txt", ".md", ".markdown", ".jsonl", ".ndjson"):
            yield "silent", "markup"


@cache
def seed_scripts(suffix: str) -> frozenset[str]:
    """The scripts of the valid files of a format."""
    texts = (
        item.text
        for content in seeds()[suffix]
        for item in read_items(File(Path(f"a{suffix}"), content))
        if isinstance(item, Record)
    )
    return frozenset(script_of(char) for text in texts for char in text if char.isalpha())


@cache
def script_of(char: str) -> str:
    return unicodedata.name(char, "?").partition(" ")[0]


if __name__ == "__main__":
    main()
