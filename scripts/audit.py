"""Ask whether a pinned package has a known vulnerability: pip-audit over all requirements files.

Example: python scripts/audit.py

Ends with 0 if every pin was looked up and none has one, 1 if one has, and 2 if the service could not be
reached or does not know a pin: what was not looked up has not passed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
AUDITOR = "pip-audit==2.10.1"
REQUIREMENTS = (
    ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-cluster.txt"),
    ("requirements-torch.txt",),  # without digests, so by itself
)


def run_auditor(pip_audit: Path, names: Iterable[str]) -> dict[str, Any] | None:
    """What pip-audit finds in these files; None where it came to no answer. Nothing is installed."""
    command = [str(pip_audit), "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json"]
    command += [part for name in names for part in ("--requirement", str(ROOT / name))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        print(done.stderr.strip().splitlines()[-1:])
        return None
    return answer


def judge_answers(answers: Iterable[dict[str, Any] | None]) -> tuple[list[str], int]:
    """What is to be told of pip-audit's answers, and the exit code; pip-audit itself passes what it skipped."""
    lines, n_audited, n_skipped, n_silent, n_vulnerable = [], 0, 0, 0, 0
    for answer in answers:
        n_silent += answer is None
        for package in answer["dependencies"] if answer else ():
            if "vulns" not in package:
                n_skipped += 1
                continue
            n_audited += 1
            n_vulnerable += bool(package["vulns"])
            for found in package["vulns"]:
                mended = ", ".join(found["fix_versions"]) or "no version yet"
                lines.append(f"{package['name']} {package['version']}: {found['id']}; mended in {mended}")
    lines.append(f"{n_audited} pins looked up, {n_vulnerable} with a known vulnerability")
    if n_skipped or n_silent or not n_audited:
        what = "some files" if n_silent else f"{n_skipped} pins"
        lines.append(f"not looked up: {what}; the service cannot be reached or lacks them. This is no pass.")
    return lines, 1 if n_vulnerable else 2 if n_skipped or n_silent or not n_audited else 0


def main() -> int:
    """Audit in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        programmes = Path(folder) / "bin"
        subprocess.run([programmes / "pip", "install", "--quiet", AUDITOR], check=True)
        lines, code = judge_answers([run_auditor(programmes / "pip-audit", names) for names in REQUIREMENTS])
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
