"""Kill, and fill the disk, at every call that changes files, of everything that changes files.

    make test-faults
    python scripts/faults.py [NAME …] [--share K/N]

What was tried is noted in .faults/, and not tried again as long as the code is the same. Linux only; the full disk on
x86-64 only.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.fault_scenarios import SCENARIOS, FaultTrial
from tests.helpers.kill_points import CAN_FILL_DISK, IS_POSSIBLE

ROOT = Path(__file__).parents[1]
NOTES = ROOT / ".faults"


def code_digest() -> str:
    """Of all that a result hangs on."""
    digest = hashlib.sha256()
    for folder in ("crosslingual", "tests/helpers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def try_scenario(name: str, notes: Path, part: int, parts: int) -> list[str]:
    """Try every fault of a scenario, or one in ``parts``; what is wrong, in words."""
    tried = set(notes.read_text(encoding="utf-8").split("\n")) if notes.exists() else set()
    problems, began = [], time.monotonic()
    with TemporaryDirectory(prefix="crosslingual-faults-") as folder:
        trial = FaultTrial(SCENARIOS[name], Path(folder))
        count = len(trial.calls)
        faults = [
            ("kill", trial.kill_before),
            *([("full disk", trial.fill_disk_from)] if CAN_FILL_DISK else []),
        ]
        for kind, cause in faults:
            for call in range(1, count + 1):
                fault = f"{kind} {call} of {count}"
                if call % parts != part % parts or fault in tried:
                    continue
                try:
                    cause(call)
                except Exception as error:  # whatever the code under trial does
                    reason = " ".join(f"{type(error).__name__}: {error}".split())[:400]
                    problems.append(
                        f"{name}: {kind} at call {call} of {count} ({trial.calls[call - 1]}): {reason}"
                    )
                    print(problems[-1], flush=True)
                else:
                    with notes.open("a", encoding="utf-8") as out:
                        out.write(f"{fault}\n")
    done = len(set(notes.read_text(encoding="utf-8").split("\n")) - {""}) if notes.exists() else 0
    seconds = time.monotonic() - began
    print(f"{name}: {count} calls; {done} faults whole, {len(problems)} not; {seconds:.0f} s", flush=True)
    return problems


def main() -> None:
    """Try what the command line names; exit code 1 where something was not whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, []], help="scenarios (default: all)")
    parser.add_argument("--share", default="1/1", metavar="K/N", help="only every Nth call, from the Kth on")
    given = parser.parse_args()
    if not IS_POSSIBLE:
        sys.exit("a process is traced so on Linux only, on x86-64 and ARM64")
    part, parts = map(int, given.share.split("/"))
    notes = NOTES / code_digest()
    for former in NOTES.glob("*") if NOTES.exists() else ():
        if former != notes:
            shutil.rmtree(former)
    notes.mkdir(parents=True, exist_ok=True)
    problems = [
        problem
        for name in given.names or SCENARIOS
        for problem in try_scenario(name, notes / f"{name}.txt".replace(" ", "-"), part, parts)
    ]
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
